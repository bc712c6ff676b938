from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class PropertyServiceRequest(models.Model):
    """Receipts of a request."""

    _inherit = 'property.service.request'

    receipt_ids = fields.One2many('property.service.receipt', 'request_id', string="Receipts", groups='base.group_user')
    receipt_count = fields.Integer(compute='_compute_receipt_count', compute_sudo=True)

    @api.depends('receipt_ids')
    def _compute_receipt_count(self):
        for request in self:
            request.receipt_count = len(request.receipt_ids)

    def action_open_receipts(self):
        """Return the act_window of the receipts of the request; a new one proposes what is left to receipt."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.receipt_action'),
            'domain': [('request_id', '=', self.id)],
            'context': {'default_request_id': self.id, 'default_partner_id': self.partner_id.id},
        }

    def action_new_receipt(self):
        """Open the form of a new receipt for the request."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Issue Receipt"), 'res_model': 'property.service.receipt',
            'views': [(False, 'form')], 'target': 'current', 'context': {'default_request_id': self.id, 'default_partner_id': self.partner_id.id},
        }

    def _get_portal_receipts(self):
        """Return the receipts as residents read them, with superuser rights."""
        return self.receipt_ids._describe()


class PropertyServiceReceipt(models.Model):
    """What residents read of receipts."""

    _inherit = 'property.service.receipt'

    def _describe(self):
        """Return [{id, name, date, amount, purpose, void, reason, url}], the newest first."""
        return [{
            'id': receipt.id, 'name': receipt.name, 'date': format_date(self.env, receipt.date),
            'amount': formatLang(self.env, receipt.amount, currency_obj=receipt.currency_id), 'purpose': receipt.purpose,
            'void': receipt.state == 'void', 'reason': receipt.void_reason, 'url': f'/my/receipts/{receipt.id}',
        } for receipt in self.sorted('id', reverse=True)]
