from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.plain_number import plain_number
from ..cases.request_states import FINISHED_STATES
from .open_amount import MAX_AMOUNT

#: What only the office decides: who is a technician and nothing more takes prices from the list.
PRICE_FIELDS = {'price_unit', 'discount', 'tax_ids'}
SYSTEM_FIELDS = {'is_free', 'cost', 'from_list'}


class PropertyServiceCharge(models.Model):
    """Labour or material on a request: what the resident pays for."""

    _name = 'property.service.charge'
    _description = "Labour or Material"
    _order = 'request_id, sequence, id'
    _check_company_auto = True

    request_id = fields.Many2one('property.service.request', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related='request_id.charge_currency_id', store=True, precompute=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        'product.product', required=True, index=True, ondelete='restrict', check_company=True, domain=[('sale_ok', '=', True)])
    name = fields.Char(compute='_compute_name', store=True, readonly=False, precompute=True, required=True)
    kind = fields.Selection(
        [('labour', "Labour"), ('material', "Material")], compute='_compute_kind', store=True, readonly=False, precompute=True, required=True)
    quantity = fields.Float(digits='Product Unit', default=1.0, required=True)
    uom_id = fields.Many2one(
        'uom.uom', string="Unit of Measure", compute='_compute_uom_id', store=True, readonly=False, precompute=True, required=True,
        ondelete='restrict')
    price_unit = fields.Float(
        string="Price", digits='Product Price', compute='_compute_price_unit', store=True, readonly=False, precompute=True)
    discount = fields.Float(string="Discount (%)", digits='Discount')
    tax_ids = fields.Many2many(
        'account.tax', string="Taxes", compute='_compute_tax_ids', store=True, readonly=False, precompute=True, check_company=True,
        domain=[('type_tax_use', '=', 'sale')], context={'active_test': False})
    from_list = fields.Boolean(readonly=True, copy=False, export_string_translation=False)
    is_free = fields.Boolean(string="Warranty", readonly=True, copy=False, help="Done again within the warranty: not billed.")
    price_subtotal = fields.Monetary(string="Without Taxes", compute='_compute_amounts', store=True, precompute=True)
    price_total = fields.Monetary(string="Total", compute='_compute_amounts', store=True, precompute=True)
    company_currency_id = fields.Many2one(related='company_id.currency_id', string="Company Currency")
    cost = fields.Monetary(
        string="Material Cost", currency_field='company_currency_id', readonly=True, copy=False, compute='_compute_cost', store=True,
        groups='account.group_account_invoice,property_service.group_manager',
        help="Cost of the material when it was put on the request.")
    invoice_line_ids = fields.One2many(
        'account.move.line', 'property_charge_id', string="Invoice Lines", groups='account.group_account_invoice')
    invoiced = fields.Boolean(compute='_compute_invoiced', compute_sudo=True, help="On an invoice that was not cancelled.")

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "Labour and material have a quantity above zero.")
    _price_not_negative = models.Constraint('CHECK(price_unit >= 0)', "A price cannot be negative.")
    _amount_limit = models.Constraint(f'CHECK(quantity * price_unit < {MAX_AMOUNT})', "An amount this large cannot be right.")
    _discount_percentage = models.Constraint('CHECK(discount BETWEEN 0 AND 100)', "A discount is a percentage from 0 to 100.")

    # ---- COMPUTES ----

    @api.depends('product_id')
    def _compute_name(self):
        for charge in self:
            lang = charge.request_id.partner_id.lang or self.env.lang
            price = charge._get_price()
            charge.name = (price or charge.product_id).with_context(lang=lang).name or charge.name

    @api.depends('product_id')
    def _compute_kind(self):
        for charge in self:
            charge.kind = 'labour' if charge.product_id.type == 'service' else 'material'

    @api.depends('product_id')
    def _compute_uom_id(self):
        for charge in self:
            charge.uom_id = charge._get_price().uom_id or charge.product_id.uom_id

    @api.depends('product_id', 'uom_id', 'currency_id')
    def _compute_price_unit(self):
        for charge in self:
            product, currency = charge.product_id, charge.currency_id
            if not product or not charge.uom_id or not currency:
                charge.price_unit = charge.price_unit
                continue
            price = charge._get_price()
            amount, unit, of = (price.price_unit, price.uom_id, price.currency_id) if price else (
                product.lst_price, product.uom_id, product.currency_id)
            charge.price_unit = of._convert(
                unit._compute_price(amount, charge.uom_id), currency, charge.company_id or self.env.company,
                fields.Date.context_today(charge), round=False)

    @api.depends('product_id', 'request_id.partner_id')
    def _compute_tax_ids(self):
        for company, charges in self.grouped('company_id').items():
            Position = self.env['account.fiscal.position'].with_company(company)
            for partner, group in charges.grouped(lambda charge: charge.request_id.partner_id).items():
                position = Position._get_fiscal_position(partner) if partner else Position
                for charge in group:
                    taxes = charge.product_id.taxes_id._filter_taxes_by_company(company or self.env.company)
                    charge.tax_ids = position.map_tax(taxes) if position else taxes

    @api.depends('quantity', 'price_unit', 'discount', 'tax_ids', 'is_free', 'currency_id')
    def _compute_amounts(self):
        AccountTax = self.env['account.tax']
        for charge in self:
            base_line, company = charge._get_base_line(), charge.company_id or self.env.company
            AccountTax._add_tax_details_in_base_line(base_line, company)
            AccountTax._round_base_lines_tax_details([base_line], company)
            charge.price_subtotal = base_line['tax_details']['total_excluded_currency']
            charge.price_total = base_line['tax_details']['total_included_currency']

    @api.depends('product_id', 'quantity', 'uom_id')
    def _compute_cost(self):
        for charge in self:
            company = charge.company_id or self.env.company
            product = charge.product_id.with_company(company)
            charge.cost = company.currency_id.round(
                product.standard_price * (charge.uom_id or product.uom_id)._compute_quantity(charge.quantity, product.uom_id, round=False)
            ) if product and charge.kind == 'material' else 0.0

    @api.depends('invoice_line_ids.parent_state')
    def _compute_invoiced(self):
        for charge in self:
            charge.invoiced = any(line.parent_state != 'cancel' for line in charge.invoice_line_ids)

    def _get_price(self):
        """Return the line of the service's price list for the product; may be empty."""
        return self.request_id.sudo().type_id.price_ids.filtered(  # sudo: whoever works takes prices from the list
            lambda price: price.product_id == self.product_id)[:1]

    def _get_base_line(self):
        """Return the line as core's tax computation wants it; work under warranty costs nothing."""
        self.ensure_one()
        return self.env['account.tax']._prepare_base_line_for_taxes_computation(
            self, price_unit=0.0 if self.is_free else self.price_unit, product_uom_id=self.uom_id, rate=1.0,
            partner_id=self.request_id.partner_id, currency_id=self.currency_id or self.env.company.currency_id)

    def _get_quantity_text(self):
        """Return the quantity as residents read it: nothing for one piece, no unit of measure for pieces."""
        self.ensure_one()
        if self.uom_id.id == self.env['property.service.type.price']._get_piece_id():
            return f'× {plain_number(self.quantity)}' if self.quantity != 1 else ''
        return f'{plain_number(self.quantity)} {self.uom_id.name}'

    # ---- CONSTRAINTS ----

    @api.constrains('uom_id', 'product_id')
    def _check_uom(self):
        for charge in self:
            if not charge.uom_id._has_common_reference(charge.product_id.uom_id):
                raise ValidationError(self.env._(
                    "%(product)s is not measured in %(unit)s.", product=charge.product_id.display_name, unit=charge.uom_id.name))

    @api.constrains('request_id')
    def _check_kind_of_request(self):
        if any(charge.request_id.kind != 'service' for charge in self.sudo()):  # sudo: the rule holds for whoever writes
            raise ValidationError(self.env._("Only a service is paid for: enquiries and fee queries are free."))

    # ---- CRUD ----

    @api.model
    def default_get(self, fields):
        """What may not be entered does not come in by a default of the client or of the user either."""
        values = super().default_get(fields)
        refused = set() if self._is_free_to_write() else SYSTEM_FIELDS | (
            PRICE_FIELDS if self.env['property.service.request']._is_bound_to_own_jobs() else set())
        return {name: value for name, value in values.items() if name not in refused}

    @api.model_create_multi
    def create(self, vals_list):
        """Put labour and material on requests that are still being worked on; what is done again under warranty is free."""
        for vals in vals_list:
            self._check_fields(vals)
        Request = self.env['property.service.request']
        requests = Request.browse({vals.get('request_id') for vals in vals_list if vals.get('request_id')})
        self._check_requests(requests)
        free = {request.id: request._is_free_of_charge() for request in requests.sudo()}  # sudo: the warranty, whoever works
        charges = super().create([{**vals, 'is_free': free.get(vals.get('request_id'), False)} for vals in vals_list])
        return charges

    def write(self, vals):
        if not vals.keys() - {'sequence'}:
            return super().write(vals)
        self._check_fields(vals, change=True)
        self._check_changeable()
        result = super().write(vals)
        if 'request_id' in vals:
            self._check_requests(self.request_id)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced(self):
        self._check_changeable()

    def _check_changeable(self):
        self._check_requests(self.request_id)
        if not self._is_free_to_write() and any(charge.invoiced for charge in self):
            raise UserError(self.env._("This is on an invoice already. Ask the accountant for a credit note."))

    def _is_free_to_write(self):
        return self.env.su or self.env['property.service.request']._is_system()

    @api.model
    def _check_fields(self, vals, change=False):
        """Refuse what is not entered, and prices by technicians; new lines come from the form with these fields empty."""
        if self._is_free_to_write():
            return
        forged = SYSTEM_FIELDS & {name for name, value in vals.items() if value or change}
        refused = PRICE_FIELDS & vals.keys() if self.env['property.service.request']._is_bound_to_own_jobs() else ()
        if forged or refused:
            names = ", ".join(self._fields[name]._description_string(self.env) for name in sorted({*forged, *refused}))
            raise AccessError(self.env._("Only the office changes %(fields)s.", fields=names))

    @api.model
    def _check_requests(self, requests):
        """Raise when labour and material of a request can no longer be changed, or not by this user."""
        if self._is_free_to_write():
            return
        requests.check_access('write')
        if requests._is_bound_to_own_jobs():
            requests._check_own_jobs()
        for request in requests:
            if request.state in FINISHED_STATES:
                raise UserError(self.env._("The work is finished: its record does not change any more."))
