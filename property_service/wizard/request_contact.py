from odoo import fields, models


class PropertyServiceRequestAction(models.TransientModel):
    """The step dialog notes calls and visits, too (R11)."""

    _inherit = 'property.service.request.action'

    action = fields.Selection(selection_add=[('log_contact', "Note a Call or Visit")], ondelete={'log_contact': 'cascade'})
    direction = fields.Selection([('in', "Resident called or came"), ('out', "We called or went")], default='in')

    def action_apply(self):
        """See the dialog; a contact is no step, the request stays where it is."""
        if self.action != 'log_contact' or not self.reason:
            return super().action_apply()
        self.request_ids.action_log_contact(summary=self.reason, direction=self.direction)
        return {'type': 'ir.actions.act_window_close'}
