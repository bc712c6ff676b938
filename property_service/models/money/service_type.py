from odoo import api, fields, models
from odoo.fields import Domain


class PropertyServiceType(models.Model):
    """What a service costs, whether the price is agreed before work starts, how long its work is guaranteed."""

    _inherit = 'property.service.type'

    price_ids = fields.One2many('property.service.type.price', 'type_id', string="Price List", copy=True)
    requires_price_acceptance = fields.Boolean(
        string="Price Accepted First", tracking=True,
        help="Work starts only after the resident has accepted the price: in the portal, or on the phone with a note by an agent.")
    warranty_days = fields.Integer(
        string="Warranty (Days)", tracking=True,
        help="So long after paid work, the same work on the same unit is free when it has to be done again.")
    material_cost = fields.Float(
        string="Expected Material Cost", digits='Product Price', groups='account.group_account_invoice,property_service.group_manager',
        help="What the material of one such service should cost the company, in its currency. Empty: the mean of the last twelve months."
             " The indicator Use of Material compares with it.")
    menu_level = fields.Selection(
        [('basic', "Basic"), ('premium', "Premium")], string="Service Menu", compute='_compute_menu_level', store=True, readonly=False,
        tracking=True, help="Where residents find it on the service menu 服务菜单: basic is covered by the property fee, premium is paid for.")

    _material_not_negative = models.Constraint('CHECK(COALESCE(material_cost, 0) >= 0)', "A cost cannot be negative.")
    _warranty_not_negative = models.Constraint('CHECK(warranty_days >= 0)', "A warranty cannot be negative.")
    _warranty_limit = models.Constraint('CHECK(warranty_days <= 3660)', "A warranty lasts ten years at most.")

    @api.depends('price_ids', 'product_id')
    def _compute_menu_level(self):
        for service_type in self:
            paid = service_type.price_ids or service_type.product_id
            service_type.menu_level = 'premium' if paid else service_type.menu_level or 'basic'

    def _get_single_product(self):
        """Return the product that is the whole price list of the service; may be empty."""
        product = self.product_id
        return product if product.active and not self.price_ids else product.browse()

    def _describe_prices(self, company):
        """Return what residents read of the prices, see :meth:`property.service.type.price._describe`."""
        self.ensure_one()
        product, currency = self._get_single_product(), company.currency_id
        if not product:
            return self.price_ids._describe(company)
        amount = product.currency_id._convert(product.lst_price, currency, company, fields.Date.context_today(self), round=False)
        return [self.price_ids._describe_price(company, product, amount, currency, product.uom_id)]

    @api.model
    def _get_menu(self, company):
        """Return the service menu 服务菜单 (R121) of a company as residents read it.

        :return: [(category, [{id, name, description, note, warranty, prices, level}])], with as many queries for few as for many
        """
        types = self.sudo().search(  # sudo: residents read names, descriptions and prices
            Domain('portal_visible', '=', True) & Domain('kind', '=', 'service') & Domain('company_id', 'in', (company.id, False)))
        return [(category.name, [{
            'id': service.id, 'name': service.name, 'description': service.description, 'note': service.price_note,
            'warranty': service.warranty_days, 'level': service.menu_level, 'accept': service.requires_price_acceptance,
            'prices': service._describe_prices(company),
        } for service in group]) for category, group in types.grouped('category_id').items()]
