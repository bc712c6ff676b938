from odoo import models


class AccountMoveReversal(models.TransientModel):
    """Credit notes remember the request they were opened from."""

    _inherit = 'account.move.reversal'

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        request_id = self.env.context.get('property_request_id')
        if request_id:
            Request = self.env['property.service.request']
            values['property_request_id'] = Request._browse_argument(Request._name, request_id).id
        elif move.sudo().property_request_id:  # sudo: accountants read fee queries only; the refund of paid work stays with its case
            values['property_request_id'] = move.sudo().property_request_id.id  # sudo: as above
        values['property_unit_id'] = move.sudo().property_unit_id.id  # sudo: accountants read no units
        values['property_estate_id'] = move.sudo().property_estate_id.id  # sudo: as above
        return values
