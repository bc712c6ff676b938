from odoo import models


class PropertyServiceCallback(models.Model):
    """Who watches over the time of a callback, and in which words."""

    _inherit = 'property.service.callback'

    def _get_clock_people(self):
        """The caller; above the caller the estate's manager: the team that did the work does not watch over the calls."""
        self.ensure_one()
        return {
            'worker': self.caller_id, 'owner': self.caller_id, 'leader': self.env['res.users'],
            'estate_manager': self.estate_id.manager_id.user_id,
        }

    def _get_deadline_text(self, target, passed, deadline):
        if passed:
            return self.env._("The resident was to be called by %(deadline)s", deadline=deadline)
        return self.env._("Call the resident by %(deadline)s", deadline=deadline)
