from odoo import fields, models


class PropertyServiceComplaintAction(models.TransientModel):
    """The step dialog notes calls and visits (R11), and that somebody asks for progress on the phone (R22)."""

    _inherit = 'property.service.complaint.action'

    action = fields.Selection(
        selection_add=[('log_contact', "Note a Call or Visit"), ('chase', "Ask for Progress")],
        ondelete={'log_contact': 'cascade', 'chase': 'cascade'})
    direction = fields.Selection([('in', "Resident called or came"), ('out', "We called or went")], default='in')

    def action_apply(self):
        """See the dialog; neither is a step, the complaint stays where it is."""
        if self.action == 'log_contact' and self.reason:
            self.complaint_ids.action_log_contact(summary=self.reason, direction=self.direction)
        elif self.action == 'chase':
            self.complaint_ids.action_chase(message=self.reason or '')
        else:
            return super().action_apply()
        return {'type': 'ir.actions.act_window_close'}
