from odoo import api, fields, models


class PropertyServiceStateLog(models.Model):
    """The state log in the words of the cases it belongs to."""

    _inherit = 'property.service.state.log'

    from_label = fields.Char(string="From", compute='_compute_labels')
    to_label = fields.Char(string="To", compute='_compute_labels')
    stayed_hours = fields.Float(string="Stayed", compute='_compute_stayed_hours', help="Hours the case was in the state that it left here.")
    comment = fields.Text(compute='_compute_comment', help="Why the work stands still, and what was said about the step.")

    @api.model
    def _get_case_fields(self):
        """Return the names of the fields that point to the models with a log."""
        return ['request_id', 'complaint_id', 'callback_id']

    @api.depends(lambda self: ['from_state', 'to_state', *self._get_case_fields()])
    def _compute_labels(self):
        labels = {
            name: dict(self.env[self._fields[name].comodel_name]._fields['state']._description_selection(self.env))
            for name in self._get_case_fields()
        }
        for log in self:
            words = next((labels[name] for name in labels if log[name]), {})
            log.from_label = words.get(log.from_state, log.from_state)
            log.to_label = words.get(log.to_state, log.to_state)

    @api.depends(lambda self: ['at', *self._get_case_fields()])
    def _compute_stayed_hours(self):
        """Say how long each stage took (R18): the lines of a case follow one another."""
        since = {}
        for name in self._get_case_fields():
            lines = self.search([(name, 'in', self[name].ids)], order='id') if self[name] else self.browse()
            for history in lines.grouped(name).values():
                since.update((line.id, before.at) for before, line in zip(history, history[1:]))
        for line in self:
            line.stayed_hours = (line.at - since.get(line.id, line.at)).total_seconds() / 3600

    @api.depends('waiting_reason_id', 'reason')
    def _compute_comment(self):
        for log in self:
            log.comment = ": ".join(filter(None, (log.waiting_reason_id.name, log.reason))) or False
