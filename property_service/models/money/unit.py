from odoo import api, fields, models

from .open_amount import read_open_amounts
from .place_names import name_search_for_accountants


class PropertyServiceUnit(models.Model):
    """The unit on invoices, and what is owed for it."""

    _inherit = 'property.service.unit'

    currency_id = fields.Many2one('res.currency', compute='_compute_open_amount', groups='property_service.group_agent')
    open_invoice_count = fields.Integer(
        string="Open Invoices", compute='_compute_open_amount', groups='property_service.group_agent')
    amount_due = fields.Monetary(string="Owed", compute='_compute_open_amount', groups='property_service.group_agent')

    def _compute_open_amount(self):
        for company, units in self.grouped('company_id').items():
            amounts = read_open_amounts(units.with_company(company), 'property_unit_id', units)
            for unit in units:
                unit.currency_id = (company or self.env.company).currency_id
                unit.open_invoice_count, unit.amount_due = amounts.get(unit.id, (0, 0.0))

    @api.model
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        """As core's; accountants get names although they read no units."""
        return name_search_for_accountants(self, super().name_search, name, domain, operator, limit)
