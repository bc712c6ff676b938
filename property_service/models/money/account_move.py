from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..cases.request_states import FINISHED_STATES

CUSTOMER_TYPES = ('out_invoice', 'out_refund', 'out_receipt')
#: A bill that is blocked for payment is owed all the same.
OPEN_STATES = ('not_paid', 'partial', 'blocked')


class AccountMove(models.Model):
    """Which estate and unit an invoice is for, which request it comes from, which questions are asked about it."""

    _inherit = 'account.move'

    property_estate_id = fields.Many2one(
        'property.service.estate', string="Estate", compute='_compute_property_estate_id', store=True, readonly=False,
        index='btree_not_null', check_company=True, groups='base.group_user', ondelete='restrict',
        help="Filled from where the customer lives, when that is one estate; costs of an estate are told apart by it.")
    property_unit_id = fields.Many2one(
        'property.service.unit', string="Unit", compute='_compute_property_unit_id', store=True, readonly=False,
        index='btree_not_null', check_company=True, groups='base.group_user', ondelete='restrict',
        help="Filled from where the customer lives, when that is one unit.")
    property_request_id = fields.Many2one(
        'property.service.request', string="Service Request", readonly=True, copy=False, index='btree_not_null', check_company=True,
        groups='base.group_user', ondelete='restrict', help="The request this document was made from.")
    property_complaint_id = fields.Many2one(
        'property.service.complaint', string="Complaint", readonly=True, copy=False, index='btree_not_null', check_company=True,
        groups='base.group_user', ondelete='restrict', help="The complaint this compensation was granted for.")
    property_type_id = fields.Many2one(
        'property.service.type', string="Service Type", compute='_compute_property_service', store=True, index='btree_not_null',
        groups='base.group_user')
    property_team_id = fields.Many2one(
        'property.service.team', string="Service Team", compute='_compute_property_service', store=True, index='btree_not_null',
        groups='base.group_user')
    property_query_ids = fields.Many2many(
        'property.service.request', 'property_service_request_move_rel', 'move_id', 'request_id', string="Fee Queries",
        copy=False, groups='account.group_account_invoice')
    property_query_count = fields.Integer(
        string="Fee Query Count", compute='_compute_property_queries', compute_sudo=True, groups='base.group_user')
    property_open_query = fields.Boolean(
        string="Open Query", compute='_compute_property_queries', search='_search_property_open_query', compute_sudo=True,
        groups='base.group_user', help="The resident asked about this invoice and has no answer yet.")
    property_case_name = fields.Char(
        string="Service Case", compute='_compute_property_case', groups='base.group_user',
        help="Number and title of the request or complaint the document was made from.")
    property_case_readable = fields.Boolean(compute='_compute_property_case', groups='base.group_user')
    property_receipt_ids = fields.One2many(
        'property.service.receipt', 'move_id', string="Receipts", groups='account.group_account_invoice')
    property_receipt_count = fields.Integer(
        string="Receipt Count", compute='_compute_property_receipt_count', groups='account.group_account_invoice')
    property_reminder_hold = fields.Boolean(
        string="Reminders Held", readonly=True, copy=False, groups='base.group_user',
        help="Left out of follow-up and reminders because a fee query on it is open.")

    # What is open of one customer, the earliest due first: asked for with every call that is taken.
    _property_open_index = models.Index(
        "(commercial_partner_id, invoice_date_due) WHERE state = 'posted' AND payment_state IN ('not_paid', 'partial', 'blocked')")

    # ---- COMPUTES ----

    # Two methods, because one that sets both would also overwrite the one that was given.

    @api.depends('partner_id')
    def _compute_property_unit_id(self):
        """Fill in the unit of customer documents where it is unique; what somebody chose stays until the customer changes."""
        homes = self._get_homes()
        for move in self:
            units = homes.get(move)
            if units is None or move.property_unit_id in units:
                move.property_unit_id = move.property_unit_id
            else:
                move.property_unit_id = units if len(units) == 1 else False

    @api.depends('partner_id')
    def _compute_property_estate_id(self):
        """Fill in the estate, as :meth:`_compute_property_unit_id` does the unit."""
        homes = self._get_homes()
        for move in self:
            units = homes.get(move)
            if units is None or move.property_estate_id in units.estate_id:
                move.property_estate_id = move.property_estate_id
            else:
                move.property_estate_id = units.estate_id if len(units.estate_id) == 1 else False

    def _get_homes(self):
        """Return {customer document: units where its customer lives}; an address for invoices lives where its owner lives."""
        customers = self.filtered(lambda move: move.move_type in CUSTOMER_TYPES and move.partner_id)
        Residency, nowhere = self.env['property.service.residency'], self.env['property.service.unit']
        payers = customers.partner_id | customers.partner_id.commercial_partner_id
        units = {partner: found.unit_id for partner, found in Residency.search(
            Residency._get_current_domain() & Domain('partner_id', 'in', payers.ids)).grouped('partner_id').items()} \
            if customers else {}
        homes = {}
        for move in customers:
            company, partner = move.company_id or self.env.company, move.partner_id._origin
            homes[move] = (units.get(partner) or units.get(partner.commercial_partner_id) or nowhere).filtered(
                lambda unit, company=company: unit.company_id == company)
        return homes

    @api.depends('property_request_id.type_id', 'property_request_id.team_id', 'reversed_entry_id.property_request_id.type_id',
                 'reversed_entry_id.property_request_id.team_id')
    def _compute_property_service(self):
        """Say which service it is for; what a fee query credits belongs to the service of the bill, if it was one."""
        for move in self:
            request = move.property_request_id
            if request.kind == 'fee_query':
                request = move.reversed_entry_id.property_request_id
            move.property_type_id, move.property_team_id = request.type_id, request.team_id

    @api.depends('property_request_id', 'property_complaint_id')
    @api.depends_context('uid')
    def _compute_property_case(self):
        """Name the case for whoever reads the invoice; only those who may see the case open it."""
        readable = self.env['property.service.request'].browse()
        if readable.has_access('read'):
            readable = self.sudo().property_request_id.sudo(False)._filtered_access('read')  # sudo: the right is asked next
        for move in self:
            case = move.sudo().property_complaint_id or move.sudo().property_request_id  # sudo: number and title only
            move.property_case_name = case.display_name or False
            move.property_case_readable = move.sudo().property_request_id.id in readable.ids  # sudo: as above

    @api.depends('property_receipt_ids')
    def _compute_property_receipt_count(self):
        counts = dict(self.env['property.service.receipt']._read_group([('move_id', 'in', self.ids)], ['move_id'], ['__count']))
        for move in self:
            move.property_receipt_count = counts.get(move, 0)

    @api.onchange('property_unit_id')
    def _onchange_property_unit_id(self):
        if self.property_unit_id:
            self.property_estate_id = self.property_unit_id.sudo().estate_id  # sudo: accountants read no units

    @api.onchange('property_estate_id')
    def _onchange_property_estate_id(self):
        if self.property_unit_id.sudo().estate_id != self.property_estate_id:  # sudo: as above
            self.property_unit_id = False

    @api.depends('property_query_ids')
    def _compute_property_queries(self):
        for move in self:
            move.property_query_count = len(move.property_query_ids)
            move.property_open_query = any(query.state not in FINISHED_STATES for query in move.property_query_ids)

    def _search_property_open_query(self, operator, value):
        if operator != 'in':
            return NotImplemented
        Request = self.env['property.service.request'].sudo()  # sudo: which invoices are asked about, not by whom
        queries = Request._search(
            Domain('kind', '=', 'fee_query') & Domain('state', 'not in', FINISHED_STATES))
        domain = Domain('property_query_ids', 'in', queries)
        if set(value) == {True}:
            return domain
        return ~domain if set(value) == {False} else Domain.TRUE

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """A unit that is given without its estate brings its estate along."""
        moves = super().create([self._complete_place(vals) for vals in vals_list])
        for move, vals in zip(moves, vals_list, strict=True):
            move._align_place(vals)
        return moves

    def write(self, vals):
        """The place follows the customer, analytic lines follow the estate, also where they are written already."""
        vals = self._complete_place(vals)
        kept = self.filtered(lambda move: move.partner_id.id == vals['partner_id']) if 'partner_id' in vals else self.browse()
        before = [(move, move.property_estate_id) for move in self] if vals.keys() & {'partner_id', 'property_estate_id'} else []
        with self.env.protecting([self._fields['property_unit_id'], self._fields['property_estate_id']], kept):
            result = super().write(vals)
        self._align_place(vals)
        for move, estate in before:
            if move.property_estate_id != estate:
                move._follow_estate(estate)
        return result

    @api.model
    def _complete_place(self, vals):
        """Return the values with the estate of the unit, where only the unit is given."""
        if not vals.get('property_unit_id') or vals.get('property_estate_id'):
            return vals
        unit = self.env['property.service.unit'].sudo().browse(vals['property_unit_id'])  # sudo: accountants read no units
        return {**vals, 'property_estate_id': unit.estate_id.id}

    def _align_place(self, vals):
        """Let go of units elsewhere where only the estate was given."""
        if 'property_estate_id' not in vals or 'property_unit_id' in vals:
            return
        elsewhere = self.filtered(
            lambda move: move.property_unit_id and move.property_unit_id.sudo().estate_id != move.property_estate_id)  # sudo: as above
        if elsewhere:
            elsewhere.property_unit_id = False

    def _follow_estate(self, before):
        """Take the analytic account of the estate ``before`` off the lines, and book anew what is posted."""
        self.ensure_one()
        old, new = before.sudo().analytic_account_id, self.property_estate_id.sudo().analytic_account_id  # sudo: accountants read no estates
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == 'product')
        for line in lines:
            if old != new and str(old.id) in (line.analytic_distribution or {}):
                line.analytic_distribution = {key: share for key, share in line.analytic_distribution.items() if key != str(old.id)}
        if self.state == 'posted':
            lines._inverse_analytic_distribution()

    # ---- PAYMENT ----

    def _compute_display_link_qr_code(self):
        """Print the code that leads to the payment page on invoices of services, where payments online are installed."""
        super()._compute_display_link_qr_code()
        for move in self:
            if move.move_type == 'out_invoice' and move.sudo().property_request_id and move._is_property_payable():  # sudo: whether, not which
                move.display_link_qr_code = True

    def _is_property_payable(self):
        """Return whether the resident can pay online: the module *Payment - Account* is installed and wants a payment."""
        self.ensure_one()
        return hasattr(self, '_has_to_be_paid') and self.state == 'posted' and bool(self._has_to_be_paid())

    # ---- BUSINESS METHODS ----

    @api.model
    def _get_open_domain(self):
        """Return the Domain of customer documents with an amount left to pay or to give back."""
        return Domain('state', '=', 'posted') & Domain('move_type', 'in', CUSTOMER_TYPES) & Domain(
            'payment_state', 'in', OPEN_STATES)

    def _set_reminder_hold(self, held):
        """Leave ``held`` out of follow-ups and let the others of ``self`` in again, if it was a query that kept them out.

        Core's own mark *No Follow-Up* does it, which follow-up reports honour where they are installed.
        """
        held.filtered(lambda move: not move.property_reminder_hold and not move.no_followup).write(
            {'no_followup': True, 'property_reminder_hold': True})
        (self - held).filtered('property_reminder_hold').write({'no_followup': False, 'property_reminder_hold': False})

    def _post(self, soft=True):
        """Check what depends on the amount: receipts and credit notes come to no more than the bill.

        Compensation of a complaint has a limit of its own.
        """
        posted = super()._post(soft)
        # A bill that was corrected has new lines, which know nothing of the hold.
        posted.filtered(lambda move: move.property_reminder_hold and not move.no_followup).no_followup = True
        self.env['property.service.receipt']._check_not_above(posted)
        posted.sudo()._check_billed_once()  # sudo: accountants read no labour and material
        refunds = posted.filtered(lambda move: move.move_type == 'out_refund' and move.reversed_entry_id)
        ours = refunds.filtered(lambda move: move.sudo().property_request_id and not move.sudo().property_complaint_id)  # sudo: whether, not which
        for invoice in ours.reversed_entry_id:
            credits = invoice.reversal_move_ids.filtered(
                lambda move, invoice=invoice: move.state == 'posted' and move.currency_id == invoice.currency_id
                and not move.sudo().property_complaint_id)  # sudo: as above
            if invoice.currency_id.compare_amounts(sum(credits.mapped('amount_total')), invoice.amount_total) > 0:
                raise UserError(self.env._(
                    "%(invoice)s comes to %(amount)s: its credit notes cannot come to more.", invoice=invoice.name,
                    amount=formatLang(self.env, invoice.amount_total, currency_obj=invoice.currency_id)))
        return posted

    def _check_billed_once(self):
        """Raise UserError where labour or material is on another posted invoice that was not taken back: a cancelled one came back."""
        for charge in self.filtered(lambda move: move.move_type == 'out_invoice').invoice_line_ids.property_charge_id:
            bills = charge.invoice_line_ids.move_id.filtered(
                lambda move: move.move_type == 'out_invoice' and move.state == 'posted' and move.payment_state != 'reversed')
            if len(bills) > 1:
                raise UserError(self.env._(
                    "%(work)s is billed already: %(invoices)s.", work=charge.name, invoices=", ".join(bills.mapped('name'))))

    # ---- ACTIONS ----

    def action_open_property_queries(self):
        """Return the act_window of the fee queries about the invoices."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.fee_query_action'),
            'domain': [('fee_move_ids', 'in', self.ids)],
            'context': {},
        }

    def action_open_property_request(self):
        """Return the act_window of the request the document was made from, for those who may see it."""
        self.ensure_one()
        self.property_request_id.check_access('read')
        action = self.env['property.service.request']._get_record_action(self.property_request_id)
        if self.property_request_id.kind == 'fee_query':
            action['views'] = [(self.env.ref('property_service.fee_query_view_form').id, 'form')]
        return action

    def action_open_property_receipts(self):
        """Return the act_window of the receipts of the invoice."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.receipt_action'),
            'domain': [('move_id', '=', self.id)],
            'context': {'default_move_id': self.id, 'default_partner_id': self.partner_id.id},
        }

    def action_new_property_receipt(self):
        """Open the form of a new receipt for the invoice."""
        self.ensure_one()
        self.check_access('read')
        Receipt = self.env['property.service.receipt']
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Issue Receipt"), 'res_model': Receipt._name, 'views': [(False, 'form')],
            'context': {
                'default_move_id': self.id, 'default_partner_id': self.partner_id.id, 'default_currency_id': self.currency_id.id,
                'default_amount': self.currency_id.round(max(0.0, self.amount_total - Receipt._get_receipted(self))),
                'default_unit_id': self.property_unit_id.id, 'default_kind': 'service' if self.property_request_id else 'fee',
                'default_purpose': ", ".join(
                    line.name for line in self.invoice_line_ids if line.display_type == 'product' and line.name)[:200],
            },
        }

    def action_new_fee_query(self):
        """Open a fee query about the invoice, for a resident who asks the accountant directly.

        :return: act_window of the query
        :raises UserError: it is no customer's invoice, or nobody knows which estate answers for it
        """
        self.ensure_one()
        self.check_access('write')
        if self.move_type not in CUSTOMER_TYPES:
            raise UserError(self.env._("Only bills of customers are asked about."))
        lang = self.partner_id.lang or self.env.lang  # the title is read by the resident
        Request = self.env['property.service.request'].sudo().with_context(lang=lang)  # sudo: accountants have no create right on requests
        service_type = Request._get_fee_type(self.company_id)
        estate = self.property_estate_id.sudo() or self.env['property.service.estate'].sudo().search(  # sudo: accountants read no estates
            [('company_id', '=', self.company_id.id)], limit=2)
        if not service_type or len(estate) != 1:
            raise UserError(
                self.env._("Choose the estate of %(invoice)s first: a question belongs to one.", invoice=self.display_name)
                if service_type else self.env._("There is no service type for questions about bills."))
        query = Request.create({
            'title': Request.env._("Question about %(invoice)s", invoice=self.name or Request.env._("a draft invoice")),
            'type_id': service_type.id, 'partner_id': self.partner_id.id, 'channel': 'phone',
            'unit_id': self.property_unit_id.id, 'company_id': self.company_id.id,
            'estate_id': estate.id, 'user_id': False, 'fee_accountant_id': self.env.uid,
            'fee_move_ids': [Command.link(self.id)],
        })
        return {
            'type': 'ir.actions.act_window', 'res_model': query._name, 'res_id': query.id,
            'views': [(self.env.ref('property_service.fee_query_view_form').id, 'form')],
        }
