from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..cases.request_states import FINISHED_STATES
from ..cases.request_technician import TECHNICIAN_WRITABLE


class PropertyServiceRequest(models.Model):
    """Labour and material on a request, what they come to, and the warranty that makes them free."""

    _inherit = 'property.service.request'

    _technician_writable = frozenset(TECHNICIAN_WRITABLE | {'charge_ids'})

    charge_ids = fields.One2many('property.service.charge', 'request_id', string="Labour and Material", copy=False)
    charge_currency_id = fields.Many2one(
        'res.currency', string="Currency", compute='_compute_charge_currency_id', store=True, readonly=False, precompute=True)
    amount_untaxed = fields.Monetary(
        string="Without Taxes", currency_field='charge_currency_id', compute='_compute_charge_amounts', store=True)
    amount_tax = fields.Monetary(
        string="Taxes", currency_field='charge_currency_id', compute='_compute_charge_amounts', store=True)
    amount_total = fields.Monetary(
        string="Price", currency_field='charge_currency_id', compute='_compute_charge_amounts', store=True, tracking=True)

    warranty_request_id = fields.Many2one(
        'property.service.request', string="Warranty Of", copy=False, index='btree_not_null', check_company=True,
        compute='_compute_warranty_request_id', store=True, readonly=False, precompute=True,
        domain="[('unit_id', '=', unit_id), ('warranty_until', '!=', False)]",
        help="The paid work that has to be done again. As long as its warranty holds, this request is free.")
    warranty_until = fields.Date(readonly=True, copy=False, help="Until then the same work on the same unit is free.")
    rework_free = fields.Boolean(readonly=True, copy=False, help="The work was returned within the warranty.")
    is_under_warranty = fields.Boolean(
        string="Under Warranty", compute='_compute_is_under_warranty', compute_sudo=True, help="What is added is not billed.")

    price_list_text = fields.Text(
        string="Price List", compute='_compute_price_list_text', compute_sudo=True, help="What the service costs, to be told on the phone.")

    # Which paid work on this unit still has a warranty: asked for when a request for a service with warranty is made.
    _warranty_index = models.Index('(unit_id, type_id, warranty_until) WHERE warranty_until IS NOT NULL')

    @property
    def _system_fields(self):
        return super()._system_fields | {'warranty_until', 'rework_free'}

    # ---- COMPUTES ----

    @api.depends('type_id')
    def _compute_charge_currency_id(self):
        for request in self:
            prices = request.sudo().type_id.price_ids  # sudo: residents read no price lists, their requests have one
            request.charge_currency_id = prices.currency_id[:1] or request.charge_currency_id or (
                request.company_id or self.env.company).currency_id

    @api.depends('charge_ids.price_total', 'charge_ids.price_subtotal', 'charge_currency_id')
    def _compute_charge_amounts(self):
        AccountTax = self.env['account.tax']
        for request in self:
            if not request.charge_ids:
                request.amount_untaxed = request.amount_tax = request.amount_total = 0.0
                continue
            company = request.company_id or self.env.company
            lines = [charge._get_base_line() for charge in request.charge_ids]
            AccountTax._add_tax_details_in_base_lines(lines, company)
            AccountTax._round_base_lines_tax_details(lines, company)
            totals = AccountTax._get_tax_totals_summary(
                base_lines=lines, currency=request.charge_currency_id or company.currency_id, company=company)
            request.amount_untaxed = totals['base_amount_currency']
            request.amount_tax = totals['tax_amount_currency']
            request.amount_total = totals['total_amount_currency']

    @api.depends('type_id', 'unit_id')
    def _compute_warranty_request_id(self):
        """Find the paid work that is to be done again: the last of this type on this unit, if its warranty holds."""
        guaranteed = self.filtered(lambda request: request.unit_id and request.type_id.warranty_days and request.state in (False, 'new'))
        found = {}
        if guaranteed:
            earlier = self.sudo().search(  # sudo: earlier work by whichever team
                Domain('unit_id', 'in', guaranteed.unit_id.ids) & Domain('type_id', 'in', guaranteed.type_id.ids)
                & Domain('warranty_until', '>=', self.env.company._property_today()), order='id')
            found = {(request.unit_id, request.type_id): request for request in earlier}
        for request in self:
            if request in guaranteed:
                other = found.get((request.unit_id, request.type_id))
                request.warranty_request_id = other if other and other != request._origin else False
            else:
                request.warranty_request_id = request.warranty_request_id

    @api.depends('type_id')
    @api.depends_context('lang')
    def _compute_price_list_text(self):
        for request in self:
            prices = request.type_id._describe_prices(request.company_id or self.env.company) if request.type_id else ()
            request.price_list_text = "\n".join(self._describe_listed_price(price) for price in prices) or request.type_id.price_note

    def _describe_listed_price(self, price):
        text = self.env._("%(name)s: %(price)s", name=price['name'], price=price['price']) if not price['unit'] else self.env._(
            "%(name)s: %(price)s per %(unit)s", name=price['name'], price=price['price'], unit=price['unit'])
        return text if price['included'] else text + " " + self.env._("(if needed)")

    @api.depends('warranty_request_id.warranty_until', 'rework_free', 'create_date')
    def _compute_is_under_warranty(self):
        for request in self:
            request.is_under_warranty = request._is_free_of_charge()

    def _is_free_of_charge(self):
        """Return whether labour and material that is added to the request now is covered by a warranty."""
        self.ensure_one()
        until = self.warranty_request_id.warranty_until
        return self.rework_free or bool(until and until >= self.env.company._property_day(self.create_date or fields.Datetime.now()))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Put on each new request what the price list says is on every request: its price is known from the beginning."""
        requests = super().create(vals_list)
        if self.env.su or self.env.user._is_internal():  # a resident's own creation comes here a second time with su
            requests._add_listed_charges()
        return requests

    def write(self, vals):
        """Another service has another price list; a warranty that is found later makes what is on the request free."""
        changed = self.filtered(lambda request: request.type_id.id != vals['type_id']) if 'type_id' in vals else self.browse()
        result = super().write(vals)
        if changed:
            open_requests = changed.filtered(lambda request: request.state not in FINISHED_STATES and not request.price_accepted_at)
            listed = open_requests.sudo().charge_ids.filtered('from_list')  # sudo: lines of the old price list
            listed.unlink()
            open_requests._add_listed_charges()
        if 'warranty_request_id' in vals:
            for request in self.sudo():  # sudo: whether it is free follows from the warranty
                request.charge_ids.filtered(lambda charge: not charge.invoiced).write({'is_free': request._is_free_of_charge()})
        return result

    def _add_listed_charges(self):
        """Add what is on the price list for every request, and offer the price at once: the list is public."""
        types = self.sudo().type_id  # sudo: residents' requests, too
        by_type = types.price_ids._filter_sold().filtered('included').grouped('type_id')
        alone = types.filtered(lambda service: service._get_single_product())
        if not by_type and not alone:
            return
        charges = self.env['property.service.charge'].sudo().create([{  # sudo: prices of the list, whoever asks
            'request_id': request.id, 'product_id': price.product_id.id, 'name': price.with_context(
                lang=request.sudo().partner_id.lang or self.env.lang).name,  # sudo: reads the language
            'quantity': price.quantity, 'uom_id': price.uom_id.id, 'sequence': price.sequence, 'from_list': True,
        } for request in self for price in by_type.get(request.sudo().type_id, ())  # sudo: as above
            if request.sudo().kind == 'service'] + [{  # sudo: as above
                'request_id': request.id, 'product_id': request.sudo().type_id.product_id.id, 'from_list': True,  # sudo: as above
            } for request in self if request.sudo().type_id in alone and request.sudo().kind == 'service'])  # sudo: as above
        charges.request_id._record_offer()

    # ---- STATE HOOKS ----

    def _after_state_change(self, before):
        """Note until when finished paid work is guaranteed, and whether returned work is free."""
        super()._after_state_change(before)
        today = self.env.company._property_today()
        for request in self.sudo():  # sudo: facts of the warranty, whoever takes the step
            if request.state == 'done' and request.type_id.warranty_days and request.charge_ids and not request.warranty_until:
                until = fields.Date.add(today, days=request.type_id.warranty_days)
                request._as_system().write({'warranty_until': until})
            elif request.state == 'in_progress' and before.get(request.id) in FINISHED_STATES and request.kind == 'service':
                free = before[request.id] != 'closed' or bool(request.warranty_until and request.warranty_until >= today)
                if request.rework_free != free:
                    request._as_system().write({'rework_free': free})

    # ---- ACTIONS ----

    def action_open_warranty(self):
        """Return the act_window of the work that is done again under warranty."""
        self.ensure_one()
        return self._get_record_action(self.warranty_request_id)

    def action_add_prices(self):
        """Add the rest of the service's price list to the request, to be corrected to what is needed."""
        self.ensure_one()
        self.check_access('write')
        known = self.charge_ids.product_id
        missing = self.sudo().type_id.price_ids._filter_sold().filtered(lambda price: price.product_id not in known)  # sudo: prices of the list
        self.write({'charge_ids': [Command.create({
            'product_id': price.product_id.id, 'quantity': price.quantity, 'uom_id': price.uom_id.id, 'sequence': price.sequence,
        }) for price in missing]})
        return True
