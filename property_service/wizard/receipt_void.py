from odoo import fields, models
from odoo.exceptions import UserError


class PropertyServiceReceiptVoid(models.TransientModel):
    """Asks why receipts are voided, then calls the same method an API client calls."""

    _name = 'property.service.receipt.void'
    _description = "Void Receipt"

    receipt_ids = fields.Many2many('property.service.receipt', required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        """Void the receipts.

        :raises UserError: no reason is given
        """
        self.ensure_one()
        if not (self.reason or '').strip():
            raise UserError(self.env._("Say why."))
        self.receipt_ids.action_void(reason=self.reason)
        return {'type': 'ir.actions.act_window_close'}
