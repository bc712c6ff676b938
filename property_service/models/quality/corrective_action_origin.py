from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command, Domain
from odoo.tools import mute_logger

from .corrective_action_states import OPEN_STATES

#: What an action takes over from the record it comes from, where that has it.
TAKEN_OVER = ('estate_id', 'building_id', 'unit_id', 'category_id', 'team_id', 'company_id')


class PropertyServiceCorrectiveAction(models.Model):
    """How corrective actions come about: from complaints, requests, callbacks, findings, answers, risks, decisions."""

    _inherit = 'property.service.corrective.action'

    @api.model
    def _get_origin_fields(self):
        """Return {model: (origin, link field)}; areas that open corrective actions add theirs by ``_inherit``."""
        return {
            'property.service.complaint': ('complaint', 'origin_complaint_id'),
            'property.service.request': ('request', 'origin_request_id'),
            'property.service.callback': ('callback', 'origin_callback_id'),
        }

    @api.model
    def _open_from(self, record, pattern_key=None, **vals):
        """Open a corrective action for ``record``: the entry for other areas.

        Place, category, team and company come from the record, ``vals`` go before. With ``pattern_key``, an open action of that
        pattern is returned instead of a second one; of two that open it at the same moment one waits and is retried by the server.

        :param record: one record of a model of :meth:`_get_origin_fields`, or of any other
        :param str pattern_key: what makes two problems the same one, for instance ``building_id:12:5``
        :param vals: values of the corrective action; ``title`` is needed where the record has none
        :return: the corrective action
        :raises ConcurrencyError: somebody else has opened the pattern since this transaction began
        """
        record.ensure_one()
        origin, link = self._get_origin_fields().get(record._name, ('other', None))
        values = {name: record[name].id for name in TAKEN_OVER if name in record._fields and record[name]}
        values['origin'] = origin
        if link:
            values[link] = record.id
        if 'title' in record._fields:
            values['title'] = record.title
        if 'description' in record._fields:
            values['description'] = record.description
        if record._name == 'property.service.complaint':
            values.update(complaint_ids=[Command.link(record.id)], cause=record.cause, cause_text=record.cause_text,
                          employee_id=record.about_employee_id.id)
        values.update(vals)
        if not pattern_key:
            return self.create(values)
        company_id = values.get('company_id') or self.env.company.id
        found = self._find_open_patterns([pattern_key], company_id)
        if found:
            return found
        try:
            with self.env.cr.savepoint(), mute_logger('odoo.sql_db'):
                return self._as_system().create({**values, 'pattern_key': pattern_key}).with_env(self.env)
        except UniqueViolation as error:
            # Whoever was first is not visible to this transaction: it has to begin anew.
            raise ConcurrencyError(pattern_key) from error

    @api.model
    def _find_open_patterns(self, pattern_keys, company_id):
        """Return the open corrective actions of any of the patterns."""
        return self.with_context(active_test=False).search(
            Domain('pattern_key', 'in', list(pattern_keys)) & Domain('company_id', '=', company_id) & Domain('state', 'in', OPEN_STATES))
