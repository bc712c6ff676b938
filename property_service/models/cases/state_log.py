from odoo import api, fields, models


class PropertyServiceStateLog(models.Model):
    """The state log in the words of the cases it belongs to."""

    _inherit = 'property.service.state.log'

    from_label = fields.Char(string="From", compute='_compute_labels')
    to_label = fields.Char(string="To", compute='_compute_labels')
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

    @api.depends('waiting_reason_id', 'reason')
    def _compute_comment(self):
        for log in self:
            log.comment = ": ".join(filter(None, (log.waiting_reason_id.name, log.reason))) or False
