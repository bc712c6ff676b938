from odoo import fields, models

from .open_amount import read_open_amounts

_READERS = 'property_service.group_agent,account.group_account_invoice'


class ResPartner(models.Model):
    """What a resident owes, as numbers: agents have no accounting right."""

    _inherit = 'res.partner'

    property_currency_id = fields.Many2one('res.currency', compute='_compute_property_open_amount', groups=_READERS)
    property_open_invoice_count = fields.Integer(
        string="Open Invoices", compute='_compute_property_open_amount', groups=_READERS)
    property_amount_due = fields.Monetary(
        string="Owes", compute='_compute_property_open_amount', currency_field='property_currency_id', groups=_READERS,
        help="In the currency of the company; credit notes not yet used are taken off.")

    property_receipt_count = fields.Integer(string="Receipt Count", compute='_compute_property_receipt_count', groups=_READERS)

    def _compute_property_receipt_count(self):
        counts = dict(self.env['property.service.receipt']._read_group([('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.property_receipt_count = counts.get(partner, 0)

    def _compute_property_open_amount(self):
        payers = self.commercial_partner_id
        amounts = read_open_amounts(self, 'commercial_partner_id', payers)
        for partner in self:
            partner.property_currency_id = self.env.company.currency_id
            partner.property_open_invoice_count, partner.property_amount_due = amounts.get(partner.commercial_partner_id.id, (0, 0.0))

    # ---- ACTIONS ----

    def action_open_property_receipts(self):
        """Return the act_window of the receipts of the resident."""
        self.ensure_one()
        self.env['property.service.receipt'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.receipt_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }
