import logging
import time

import psycopg2

from odoo import api, models

_logger = logging.getLogger(__name__)

#: What the boards are told, and at most once in so many seconds by each process: boards look again a little later than that.
NOTIFICATION = 'property_service/wallboard'
PAUSE = 2.0
_last_told = {}


class PropertyServiceClockMixin(models.AbstractModel):
    """Tell the wallboards that something has changed: only "look again", never what.

    Nothing of it takes place in the transaction that changed the case: it costs the user no query and cannot fail the step.
    """

    _inherit = 'property.service.clock.mixin'

    @api.model_create_multi
    def create(self, vals_list):
        """Have the wallboards look again."""
        cases = super().create(vals_list)
        self._tell_wallboards()
        return cases

    def write(self, vals):
        """Have the wallboards look again."""
        result = super().write(vals)
        self._tell_wallboards()
        return result

    @api.model
    def _sweep_due(self, batch_size):
        marked = super()._sweep_due(batch_size)
        if marked:
            self._tell_wallboards()
        return marked

    @api.model
    def _tell_wallboards(self):
        """Tell them once this transaction is committed."""
        waiting = self.env.cr.postcommit.data
        if 'property_service.wallboard' not in waiting:
            waiting['property_service.wallboard'] = True
            registry = self.env.registry
            self.env.cr.postcommit.add(lambda: _send(registry))


def _send(registry):
    """Send the notification to the agents' channel, unless this process did so a moment ago."""
    now = time.monotonic()
    if now - _last_told.get(registry.db_name, -PAUSE) < PAUSE:
        return
    _last_told[registry.db_name] = now
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            group = env.ref('property_service.group_agent', raise_if_not_found=False)
            if group:
                group._bus_send(NOTIFICATION, {})
    except psycopg2.Error as error:
        _logger.info("The wallboards were not told of a change: %s", error)
