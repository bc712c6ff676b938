from odoo import api, fields, models

from .place_names import name_search_for_accountants


class PropertyServiceEstate(models.Model):
    """What belongs to an estate in accounting."""

    _inherit = 'property.service.estate'

    analytic_account_id = fields.Many2one(
        'account.analytic.account', check_company=True, index='btree_not_null', groups='base.group_user',
        help="Invoice lines of this estate go to this account.")

    @api.model
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        """As core's; accountants get names although they read no estates."""
        return name_search_for_accountants(self, super().name_search, name, domain, operator, limit)
