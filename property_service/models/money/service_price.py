from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ...tools.plain_number import plain_number
from .open_amount import MAX_AMOUNT


class PropertyServiceTypePrice(models.Model):
    """A line of the price list of a service 价目: labour or material, sold as a product."""

    _name = 'property.service.type.price'
    _description = "Price of a Service"
    _order = 'type_id, sequence, id'
    _check_company_auto = True

    type_id = fields.Many2one('property.service.type', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='type_id.company_id', store=True, index=True, precompute=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        'product.product', required=True, index=True, ondelete='restrict', check_company=True, domain=[('sale_ok', '=', True)])
    name = fields.Char(
        translate=True, compute='_compute_name', store=True, readonly=False, precompute=True, required=True,
        help="What the resident reads.")
    included = fields.Boolean(
        string="On Every Request", help="Put on each new request of this service, such as the fee for coming. "
                                        "The others are chosen when they are needed.")
    quantity = fields.Float(digits='Product Unit', default=1.0, required=True)
    uom_id = fields.Many2one(
        'uom.uom', string="Unit of Measure", compute='_compute_uom_id', store=True, readonly=False, precompute=True, required=True,
        ondelete='restrict')
    currency_id = fields.Many2one('res.currency', required=True, default=lambda self: self.env.company.currency_id)
    price_unit = fields.Float(
        string="Price", digits='Product Price', compute='_compute_price_unit', store=True, readonly=False, precompute=True,
        help="Without the taxes of the product, unless those are included in prices.")

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "A price is for a quantity above zero.")
    _price_not_negative = models.Constraint('CHECK(price_unit >= 0)', "A price cannot be negative.")
    _amount_limit = models.Constraint(f'CHECK(quantity * price_unit < {MAX_AMOUNT})', "An amount this large cannot be right.")
    _product_once = models.UniqueIndex('(type_id, product_id)', "This product is on the price list of the service already.")

    @api.depends('product_id')
    def _compute_name(self):
        for price in self:
            price.name = price.product_id.name or price.name

    @api.depends('product_id')
    def _compute_uom_id(self):
        for price in self:
            price.uom_id = price.product_id.uom_id

    @api.depends('product_id', 'uom_id', 'currency_id')
    def _compute_price_unit(self):
        for price in self:
            product = price.product_id
            if not product or not price.uom_id or not price.currency_id:
                price.price_unit = price.price_unit
                continue
            amount = product.uom_id._compute_price(product.lst_price, price.uom_id)
            price.price_unit = product.currency_id._convert(
                amount, price.currency_id, price.company_id or self.env.company, fields.Date.context_today(price), round=False)

    @api.constrains('uom_id', 'product_id')
    def _check_uom(self):
        for price in self:
            if not price.uom_id._has_common_reference(price.product_id.uom_id):
                raise ValidationError(self.env._(
                    "%(product)s is not measured in %(unit)s.", product=price.product_id.display_name, unit=price.uom_id.name))

    def _describe(self, company):
        """Return what residents read of the prices, taxes included: [{name, price, unit (False for pieces), quantity, included}]."""
        return [{
            **self._describe_price(company, price.product_id, price.price_unit, price.currency_id, price.uom_id),
            'name': price.name,
            'quantity': plain_number(price.quantity) if price.included and price.quantity != 1 else False,
            'included': price.included,
        } for price in self if price.product_id.active]

    def _filter_sold(self):
        """Leave out products that are no longer sold."""
        return self.filtered('product_id.active')

    @api.model
    def _describe_price(self, company, product, amount, currency, uom):
        taxes = product.taxes_id._filter_taxes_by_company(company)
        amount = taxes.compute_all(amount, currency, 1.0, product=product)['total_included'] if taxes else currency.round(amount)
        return {
            'name': product.name, 'price': formatLang(self.env, amount, currency_obj=currency),
            'unit': uom.name if uom.id != self._get_piece_id() else False, 'quantity': False, 'included': True}

    @api.model
    def _get_piece_id(self):
        """Return the id of the unit of measure that is not told: one of something."""
        return self.env['ir.model.data']._xmlid_to_res_id('uom.product_uom_unit', raise_if_not_found=False)
