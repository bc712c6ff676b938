from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

from ...tools.amount_words import chinese_amount
from ..claim import claim
from .open_amount import MAX_AMOUNT
from .request_fee import ACCOUNTANT

#: Characters that fit on the printed receipt.
MAX_PRINTED = 300
CODE = 'property.service.receipt'
#: What is not entered, but written by the steps.
_SYSTEM = frozenset({'name', 'state', 'void_reason', 'voided_at', 'voided_by_id', 'issued_by_id', 'issued_at', 'checked_at', 'checked_by_id'})


class PropertyServiceReceipt(models.Model):
    """A receipt 票据 (R113): a numbered paper that says what was paid. It can be voided, never changed and never deleted."""

    _name = 'property.service.receipt'
    _description = "Receipt"
    _inherit = ['mail.thread']
    _mail_post_access = 'read'
    _order = 'id desc'
    _check_company_auto = True
    _rec_names_search = ['name', 'partner_id']

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one('res.partner', string="Resident", required=True, ondelete='restrict')
    request_id = fields.Many2one('property.service.request', string="Case", index='btree_not_null', ondelete='restrict', check_company=True)
    move_id = fields.Many2one(
        'account.move', string="Invoice", index='btree_not_null', ondelete='restrict', check_company=True, groups=ACCOUNTANT,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')), ('state', '=', 'posted'), ('partner_id', 'child_of', partner_id)]")
    move_name = fields.Char(string="For Invoice", compute='_compute_move_name', compute_sudo=True)
    unit_id = fields.Many2one(
        'property.service.unit', compute='_compute_place', store=True, readonly=False, precompute=True, index='btree_not_null',
        check_company=True, ondelete='restrict')
    estate_id = fields.Many2one(related='unit_id.estate_id', store=True, precompute=True, index='btree_not_null')
    kind = fields.Selection(
        [('fee', "Property Fee"), ('parking', "Parking Fee"), ('service', "Paid Service"), ('deposit', "Deposit"), ('other', "Other")],
        required=True, default='fee', index=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._property_today())
    currency_id = fields.Many2one('res.currency', required=True, default=lambda self: self.env.company.currency_id)
    amount = fields.Monetary(required=True)
    amount_words = fields.Char(compute='_compute_amount_words')
    method = fields.Selection(
        [('cash', "Cash"), ('bank', "Bank Transfer"), ('wechat', "WeChat Pay"), ('alipay', "Alipay"), ('card', "Card"), ('other', "Other")],
        string="Paid By", required=True, default='cash')
    purpose = fields.Char(required=True, help="What was paid for, as it is printed.")
    note = fields.Char()
    state = fields.Selection([('issued', "Issued"), ('void', "Void")], required=True, readonly=True, default='issued', copy=False, index=True)
    issued_at = fields.Datetime(readonly=True, copy=False, default=fields.Datetime.now)
    issued_by_id = fields.Many2one('res.users', readonly=True, copy=False, default=lambda self: self.env.user)
    void_reason = fields.Char(readonly=True, copy=False, tracking=True)
    voided_at = fields.Datetime(readonly=True, copy=False)
    voided_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    checked_at = fields.Datetime(readonly=True, copy=False)
    checked_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    _number_unique = models.UniqueIndex('(company_id, name)', "There is a receipt with this number already.")
    _partner_index = models.Index('(partner_id, id DESC)')
    _amount_positive = models.Constraint('CHECK(amount > 0)', "A receipt is for an amount above zero.")
    _amount_limit = models.Constraint(f'CHECK(amount < {MAX_AMOUNT})', "An amount this large cannot be right.")

    # ---- COMPUTES ----

    @api.depends('move_id')
    def _compute_move_name(self):
        for receipt in self:
            receipt.move_name = receipt.move_id.name

    @api.depends('request_id', 'partner_id')
    def _compute_place(self):
        for receipt in self:
            units = receipt.partner_id.sudo().unit_ids.filtered(  # sudo: accountants print where somebody lives
                lambda unit, company=receipt.company_id: unit.company_id == company)
            receipt.unit_id = receipt.request_id.sudo().unit_id or units[:1]  # sudo: as above

    @api.depends('name')
    def _compute_display_name(self):
        """A receipt that is being entered has no number yet, and the page calls it new."""
        for receipt in self:
            receipt.display_name = receipt.name if receipt.name != '/' else False

    @api.depends('amount', 'currency_id')
    def _compute_amount_words(self):
        for receipt in self:
            lang = receipt.partner_id.lang or self.env.lang or ''
            if lang.startswith('zh'):
                words = chinese_amount(receipt.amount)
                # Without a name, the words mean renminbi.
                receipt.amount_words = words if receipt.currency_id.name == 'CNY' else f'{receipt.currency_id.name or ""} {words}'.strip()
            else:
                receipt.amount_words = receipt.currency_id.amount_to_text(receipt.amount) if receipt.currency_id else ''

    @api.onchange('request_id')
    def _onchange_request_id(self):
        """Propose what the case says: the resident, and what its invoices leave without a receipt."""
        request = self.request_id
        if not request:
            return
        values = self._get_values_of_request(request)
        self.update({name: value for name, value in values.items() if name in self._fields and (name != 'move_id' or value)})

    @api.model
    def _get_values_of_request(self, request):
        case = request.sudo()  # sudo: agents issue receipts for invoices that they cannot read
        move = case.document_ids.filtered(lambda move: move.state == 'posted' and move.move_type == 'out_invoice')[:1]
        values = {'partner_id': case.partner_id.id, 'kind': 'service', 'purpose': (case.title or '')[:200], 'currency_id': case.charge_currency_id.id,
                  'amount': case.amount_total, 'unit_id': case.unit_id.id}
        if move:
            values.update(move_id=move.id, currency_id=move.currency_id.id, amount=move.amount_total - self._get_receipted(move))
        return values

    # ---- CONSTRAINTS ----

    @api.constrains('date')
    def _check_date(self):
        for receipt in self:
            if receipt.date > receipt.company_id._property_latest_day():
                raise ValidationError(self.env._("A receipt says what was paid: its date cannot lie in the future."))

    @api.constrains('purpose', 'note', 'void_reason')
    def _check_texts(self):
        """What is printed says something, and fits on the paper."""
        for receipt in self:
            if not (receipt.purpose or '').strip():
                raise ValidationError(self.env._("Say what was paid for."))
            if any(len(receipt[name] or '') > MAX_PRINTED for name in ('purpose', 'note', 'void_reason')):
                raise ValidationError(self.env._("Texts of a receipt have at most %(count)s characters.", count=MAX_PRINTED))

    @api.constrains('move_id', 'partner_id', 'amount', 'currency_id', 'state', 'request_id')
    def _check_document(self):
        """A receipt is of its own resident, and the receipts of an invoice do not come to more than the invoice."""
        for receipt in self.sudo():  # sudo: the rule holds for whoever issues
            move, payer = receipt.move_id, receipt.partner_id.commercial_partner_id
            if receipt.request_id and receipt.request_id.partner_id.commercial_partner_id != payer:
                raise ValidationError(self.env._("The case belongs to another resident."))
            if not move or receipt.state != 'issued':
                continue
            if move.commercial_partner_id != payer or move.state != 'posted' or move.move_type not in ('out_invoice', 'out_receipt'):
                raise ValidationError(self.env._("Choose a posted invoice of the resident."))
            if receipt.currency_id != move.currency_id:
                raise ValidationError(self.env._("The receipt is in the currency of the invoice."))
            self._check_not_above(move)

    @api.model
    def _get_receipted(self, moves):
        """Return what valid receipts of invoices come to."""
        [(total,)] = self.sudo()._read_group(  # sudo: receipts of whoever issued them
            Domain('move_id', 'in', moves.ids) & Domain('state', '=', 'issued'), [], ['amount:sum'])
        return total or 0.0

    @api.model
    def _check_not_above(self, moves):
        """Raise ValidationError where the valid receipts of an invoice come to more than the invoice."""
        for move, total in self.sudo()._read_group(  # sudo: as above
                Domain('move_id', 'in', moves.ids) & Domain('state', '=', 'issued'), ['move_id'], ['amount:sum']):
            if move.currency_id.compare_amounts(total, move.amount_total) > 0:
                raise ValidationError(self.env._(
                    "%(invoice)s comes to %(amount)s: its receipts cannot come to more.", invoice=move.name,
                    amount=formatLang(self.env, move.amount_total, currency_obj=move.currency_id)))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Issue receipts: numbered in the order of their issue, signed by whoever issues them."""
        prepared, moves = [], []
        facts = {'state': 'issued', 'issued_at': fields.Datetime.now(), 'issued_by_id': self.env.uid}
        for vals in vals_list:
            vals = {name: facts.get(name, False) if name in _SYSTEM else vals[name] for name in {*vals, *_SYSTEM}}
            move = self.env['account.move'].browse(vals.get('move_id') or ())
            if move:
                vals.update(company_id=move.company_id.id, request_id=vals.get('request_id') or move.property_request_id.id)
            linked = move.id
            if vals.get('request_id'):
                request = self._get_request(vals['request_id'], move)
                proposed = self._get_values_of_request(request)
                linked = linked or proposed.get('move_id', False)
                vals = {**{name: value for name, value in proposed.items() if value and name != 'move_id'}, **vals,
                        'company_id': request.company_id.id}
            moves.append(linked)
            prepared.append(vals)
        companies = [vals.get('company_id') or self.env.company.id for vals in prepared]
        numbers = {company_id: iter(self._draw_numbers(company_id, companies.count(company_id))) for company_id in set(companies)}
        receipts = super().create([
            {**vals, 'name': next(numbers[company_id])} for vals, company_id in zip(prepared, companies)])
        for receipt, move_id in zip(receipts, moves):
            if move_id and not receipt.sudo().move_id:  # sudo: agents read no invoices; theirs follows from the case
                receipt._write_fact({'move_id': move_id})
        return receipts

    @api.model
    def _draw_numbers(self, company_id, count):
        """Return the next numbers of a company's own series, without a gap: whoever draws at the same moment waits, then tries again."""
        Sequence = self.env['ir.sequence'].sudo().with_company(company_id)  # sudo: sequences are internal
        found = Sequence.search([('code', '=', CODE), ('company_id', 'in', (company_id, False))])
        own = found.filtered('company_id')[:1]
        if series := own or found[:1]:
            claim(series, wait=True)
        if not own:
            Sequence._begin_series(found[:1], CODE, company_id)
        return Sequence._next_numbers(CODE, count)

    @api.model
    def _get_request(self, request_id, move):
        """Return the case of a receipt with superuser rights.

        :raises UserError: the user sees neither the case nor an invoice of it
        """
        Request = self.env['property.service.request']
        request = Request.browse(request_id)
        if self.env.su or (move and move.property_request_id == request) or (
                Request.has_access('read') and request._filtered_access('read')):
            return request.sudo()  # sudo: agents issue receipts for invoices that they cannot read
        raise UserError(self.env._("This record does not exist."))

    def write(self, vals):
        """Receipts are not changed: whoever holds the paper relies on it."""
        if self.env['property.service.request']._is_system():
            return super().write(vals)
        refused = {name for name in vals if not name.startswith(('message_', 'activity_'))}
        if refused:
            raise UserError(self.env._(
                "A receipt is not changed after it was issued (%(fields)s). Void it and issue another one.",
                fields=", ".join(sorted(self._fields[name]._description_string(self.env) if name in self._fields else name
                                        for name in refused))))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Receipts stay on file: void it with a reason instead."))

    # ---- ACTIONS ----

    def action_void(self, reason=None):
        """Void receipts; they stay on file under their number.

        :param str reason: asked by a wizard when missing
        :raises AccessError: neither accountant nor supervisor
        :raises UserError: it is void already
        """
        self._check_role(ACCOUNTANT + ',property_service.group_supervisor')
        reason = self.env['property.service.request']._clean_text(reason)
        if not reason:
            return {
                'type': 'ir.actions.act_window', 'name': self.env._("Void Receipt"), 'res_model': 'property.service.receipt.void',
                'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new', 'context': {'default_receipt_ids': self.ids},
            }
        self.lock_for_update(allow_referencing=True)
        if any(receipt.state == 'void' for receipt in self):
            raise UserError(self.env._("This receipt is void already."))
        self._write_fact({
            'state': 'void', 'void_reason': reason, 'voided_at': fields.Datetime.now(), 'voided_by_id': self.env.uid})
        return True

    def action_check(self):
        """Note that the receipts were checked against the payments (R113)."""
        self._check_role(ACCOUNTANT)
        self.filtered(lambda receipt: not receipt.checked_at)._write_fact(
            {'checked_at': fields.Datetime.now(), 'checked_by_id': self.env.uid})
        return True

    def action_open_request(self):
        """Return the act_window of the case, for those who may see it."""
        self.ensure_one()
        return self.env['property.service.request']._get_record_action(self.request_id)

    def _check_role(self, groups):
        if not self.env.su and not self.env.user.has_groups(groups):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('read')

    def _write_fact(self, vals):
        context = self.env['property.service.request']._as_system().env.context
        self.sudo().with_context(context).write(vals)  # sudo: nobody writes receipts; the caller has checked the role
