from odoo import api, fields, models


class PropertyServiceInspectionStep(models.TransientModel):
    """Asks for the reason of a step of an inspection, then calls the same public method an API client calls."""

    _name = 'property.service.inspection.step'
    _description = "Inspection Step"

    step = fields.Selection([('reopen', "Take Up Again"), ('cancel', "Cancel Inspection")], required=True, readonly=True)
    inspection_ids = fields.Many2many('property.service.inspection', 'property_service_inspection_step_rel', required=True)
    reason = fields.Text()

    @api.model
    def _get_title(self, step):
        return dict(self._fields['step']._description_selection(self.env))[step]

    def action_apply(self):
        """Take the step on all inspections.

        :raises UserError: the reason is missing, or the step is not possible now
        """
        self.ensure_one()
        answer = getattr(self.inspection_ids, f'action_{self.step}')(reason=self.reason)
        return answer if isinstance(answer, dict) else {'type': 'ir.actions.act_window_close'}
