from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang

from ..cases.request_states import FINISHED_STATES
from .account_move import CUSTOMER_TYPES
from .fee_answer import OUTCOMES

ACCOUNTANT = 'account.group_account_invoice'
#: Steps accountants take on fee queries, and what they write in them, without any other right of the addon.
ACCOUNTANT_ACTIONS = {'register', 'done', 'return', 'close', 'wait', 'resume'}
ACCOUNTANT_FIELDS = {
    'fee_move_ids', 'fee_line_ids', 'fee_accountant_id', 'fee_outcome', 'fee_answer_id', 'fee_hold', 'instalment_ids',
    'work_summary', 'promised_at',
}


class PropertyServiceRequest(models.Model):
    """A question about a bill 费用咨询 (R111): a request of kind ``fee_query`` that knows the invoices it is about.

    Accountants answer it. All they get of the addon are these requests: :meth:`_authorize` gives them the steps, :meth:`write`
    the fields.
    """

    _inherit = 'property.service.request'

    fee_move_ids = fields.Many2many(
        'account.move', 'property_service_request_move_rel', 'request_id', 'move_id', string="Invoices", copy=False,
        groups=ACCOUNTANT, check_company=True, domain="[('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))]")
    fee_line_ids = fields.Many2many(
        'account.move.line', 'property_service_request_move_line_rel', 'request_id', 'line_id', string="Disputed Lines", copy=False,
        groups=ACCOUNTANT, domain="[('move_id', 'in', fee_move_ids), ('display_type', '=', 'product')]")
    fee_text = fields.Char(
        string="About the Bills", compute='_compute_fee_text', compute_sudo=True, help="Number and amount of the invoices in words.")
    fee_accountant_id = fields.Many2one(
        'res.users', string="Accountant", index='btree_not_null', copy=False, tracking=True,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(ACCOUNTANT).ids)])
    fee_outcome = fields.Selection(OUTCOMES, string="Outcome", copy=False, tracking=True, index='btree_not_null')
    fee_answer_id = fields.Many2one('property.service.fee.answer', string="Answer From", copy=False, index='btree_not_null')
    fee_hold = fields.Boolean(
        string="Hold Reminders", copy=False, tracking=True,
        help="As long as this query is open, its invoices are left out of reminders and follow-up reports.")
    instalment_ids = fields.One2many('property.service.instalment', 'request_id', string="Payment Plan", copy=False)

    # ---- COMPUTES ----

    @api.depends('fee_move_ids')
    @api.depends_context('lang')
    def _compute_fee_text(self):
        for request in self:
            request.fee_text = ", ".join(
                f"{move.name or self.env._('Draft')} ({move.currency_id.format(move.amount_total)})" for move in request.fee_move_ids)

    @api.onchange('fee_answer_id')
    def _onchange_fee_answer_id(self):
        """Propose the text and the outcome of the chosen answer; both are edited before they are sent."""
        if self.fee_answer_id:
            lang = self.sudo().partner_id.lang or self.env.lang  # sudo: reads the language of whoever is answered
            self.work_summary = self.fee_answer_id.with_context(lang=lang)._fill_in(self._get_answer_values())
            self.fee_outcome = self.fee_answer_id.outcome or self.fee_outcome

    def _get_answer_values(self):
        """Return {placeholder: text}, amounts and words as the resident writes them."""
        self.ensure_one()
        request = self.sudo()  # sudo: what the answer says of the bills was chosen by whoever may read them
        request = request.with_context(lang=request.partner_id.lang or self.env.lang)
        return {
            'resident': request.partner_id.name or request.contact_name or '',
            'number': request.name,
            'invoices': request.fee_text or '',
            'balance': ", ".join(formatLang(request.env, amount, currency_obj=currency) for currency, amount in request._get_owed().items()),
        }

    def _get_owed(self):
        """Return {currency: what is owed on the invoices of the query}; credit notes count against it."""
        self.ensure_one()
        return {currency: currency.round(sum(
            -move.amount_residual if move.move_type == 'out_refund' else move.amount_residual for move in moves))
            for currency, moves in self.fee_move_ids.grouped('currency_id').items()}

    # ---- CONSTRAINTS ----

    @api.constrains('fee_accountant_id')
    def _check_fee_accountant(self):
        for request in self.sudo():  # sudo: reads the groups of another user
            if request.fee_accountant_id and not request.fee_accountant_id.has_group(ACCOUNTANT):
                raise UserError(self.env._("%(user)s is no accountant.", user=request.fee_accountant_id.name))

    @api.constrains('fee_move_ids', 'fee_line_ids', 'partner_id')
    def _check_fee_moves(self):
        """A query is about bills of its own resident: its page in the portal shows them."""
        for request in self.sudo():  # sudo: the rule holds whoever writes
            moves = request.fee_move_ids
            payer = request.partner_id.commercial_partner_id
            if any(move.commercial_partner_id != payer or move.move_type not in CUSTOMER_TYPES for move in moves):
                raise UserError(self.env._("%(case)s: choose invoices of the resident.", case=request.name))
            if any(line.move_id not in moves for line in request.fee_line_ids):
                raise UserError(self.env._("%(case)s: choose lines of its invoices.", case=request.name))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        if any(vals.get('fee_hold') for vals in vals_list):
            requests._sync_reminder_hold()
        return requests

    def write(self, vals):
        """Keep accountants to what they write in fee queries; let reminders follow."""
        if not self.env.su and self._is_mere_accountant():
            refused = vals.keys() - ACCOUNTANT_FIELDS
            if refused:
                raise AccessError(self.env._(
                    "Accountants cannot change %(fields)s of a fee query.",
                    fields=", ".join(sorted(self._fields[name]._description_string(self.env) or name for name in refused))))
        touched = vals.keys() & {'fee_hold', 'fee_move_ids', 'partner_id', 'active'}
        moves = self.sudo().fee_move_ids if touched else None  # sudo: invoices that are let go of
        result = super().write(vals)
        if touched:
            self._sync_reminder_hold(moves)
        return result

    def unlink(self):
        """What is deleted holds no reminders back any more."""
        moves = self.sudo().fee_move_ids  # sudo: whoever deletes, accounting follows
        result = super().unlink()
        self.browse()._sync_reminder_hold(moves)
        return result

    # ---- RIGHTS ----

    @api.model
    def _is_mere_accountant(self):
        user = self.env.user
        return user.has_group(ACCOUNTANT) and not user.has_group('property_service.group_technician')

    def _authorize(self, action):
        """Let accountants take the steps of fee queries, on elevated records: they can read nothing else of the addon."""
        user = self.env.user
        if self.env.su or action not in ACCOUNTANT_ACTIONS or not user.has_group(ACCOUNTANT) \
                or user.has_group(self._action_groups[action]):
            return super()._authorize(action)
        self._check_visible()
        if any(request.kind != 'fee_query' for request in self):
            return super()._authorize(action)
        self.check_access('write')
        self._check_action_from(action)
        return self.sudo()  # sudo: checked above; the steps read types, teams and employees

    # ---- REQUIREMENTS ----

    def _check_before_done(self):
        """An outcome says what happened: a credit note was made, a plan has its dates."""
        super()._check_before_done()
        for request in self.sudo():  # sudo: agents answer, too, and cannot read invoices
            if request.fee_outcome == 'plan' and not request.instalment_ids:
                raise UserError(self.env._("Enter the planned payments of %(case)s first.", case=request.name))
            if request.fee_outcome == 'plan':
                request._check_plan()
            if request.fee_outcome == 'credited' and not request.document_ids.filtered(
                    lambda move: move.move_type == 'out_refund' and move.state == 'posted'):
                raise UserError(self.env._("Make and post the credit note of %(case)s first.", case=request.name))

    def _check_plan(self):
        """Raise UserError unless the planned payments come to what is owed, on days to come: the resident relies on them.

        What was paid since is left out, and of a plan that is answered anew, what was paid before.
        """
        today = self.env.company._property_today()
        passed = self.instalment_ids.filtered(lambda part: part.date_planned < today and part.state != 'paid')
        if passed:
            raise UserError(self.env._(
                "The planned payment on %(date)s of %(case)s lies in the past.", case=self.name,
                date=format_date(self.env, passed[0].date_planned)))
        planned, owed_by = self.instalment_ids.grouped('currency_id'), self._get_owed()
        for currency, moves in self.fee_move_ids.grouped('currency_id').items():
            owed = owed_by[currency]
            parts = planned.get(currency, self.instalment_ids.browse()).filtered(lambda part: part.state != 'paid')
            if currency.compare_amounts(sum(parts.mapped('amount')), owed) < 0:
                raise UserError(self.env._(
                    "The planned payments of %(case)s come to less than the %(amount)s that is owed.", case=self.name,
                    amount=formatLang(self.env, owed, currency_obj=currency)))
            billed = sum(moves.mapped(lambda move: -move.amount_total if move.move_type == 'out_refund' else move.amount_total))
            total = sum(planned.get(currency, self.instalment_ids.browse()).mapped('amount'))
            if currency.compare_amounts(total, billed if self.rework_count else owed) > 0:
                raise UserError(self.env._(
                    "The planned payments of %(case)s come to more than the %(amount)s that is owed.", case=self.name,
                    amount=formatLang(self.env, owed, currency_obj=currency)))

    def _after_state_change(self, before):
        """An answer without another outcome explained the bill; settled queries no longer hold reminders back."""
        super()._after_state_change(before)
        queries = self.filtered(lambda request: request.kind == 'fee_query')
        answered = queries.filtered(lambda request: request.state == 'done' and not request.fee_outcome)
        if answered:
            answered._as_system().write({'fee_outcome': 'explained'})
        queries.filtered('fee_hold')._sync_reminder_hold()

    def _create_checklists(self):
        """Questions about bills have no work steps, also when they are answered a second time."""
        super(PropertyServiceRequest, self.filtered(lambda request: request.kind != 'fee_query'))._create_checklists()

    # ---- REMINDERS ----

    @api.model
    def _get_hold_domain(self):
        """Return the Domain of queries that keep reminders back."""
        return Domain('fee_hold', '=', True) & Domain('state', 'not in', FINISHED_STATES)

    def _sync_reminder_hold(self, moves=None):
        """Let the invoices of the queries in or out of reminders; ``moves``: invoices that belonged to them before."""
        moves = self.sudo().fee_move_ids | (moves or self.env['account.move'].sudo())  # sudo: whoever asks, accounting follows
        if not moves:
            return
        queries = self.sudo().search(  # sudo: queries of others on the same invoices
            Domain('fee_move_ids', 'in', moves.ids) & self._get_hold_domain())
        moves._set_reminder_hold(queries.fee_move_ids & moves)

    # ---- ACTIONS ----

    def action_fee_take(self):
        """Take the queries over as accountant, registered at once where they are new."""
        requests = self._authorize('done')
        if not self.env.user.has_group(ACCOUNTANT) or any(request.kind != 'fee_query' for request in requests):
            raise UserError(self.env._("Accountants take over fee queries."))
        requests.filtered(lambda request: request.state == 'new').action_register()
        requests.write({'fee_accountant_id': self.env.uid})
        return True

    def action_fee_answer(self, summary=None, outcome=None):
        """Answer fee queries: the resident is told and may return the answer.

        :param str summary: the answer, default: what stands in the work record
        :param str outcome: 'explained', 'corrected', 'credited', 'plan' or 'rejected'; default: as chosen, else explained
        :raises UserError: there is no answer, or what the outcome says did not happen
        """
        requests = self._authorize('done')
        if any(request.kind != 'fee_query' for request in requests):
            raise UserError(self.env._("Only fee queries are answered like this."))
        if outcome and (not isinstance(outcome, str) or outcome not in dict(OUTCOMES)):
            raise UserError(self.env._("There is no such outcome."))
        summary = self._clean_text(summary)
        if not summary and not all((request.work_summary or '').strip() for request in requests):
            raise UserError(self.env._("Write the answer first."))
        if outcome:
            requests.write({'fee_outcome': outcome})
        new = requests.filtered(lambda request: request.state == 'new')
        if new:
            new.action_register()
        unassigned = requests.filtered(lambda request: not request.fee_accountant_id)
        if unassigned and self.env.user.has_group(ACCOUNTANT):
            unassigned.write({'fee_accountant_id': self.env.uid})
        requests.action_done(summary=summary or None)
        return True

    def action_link_bill(self, move_id=None):
        """Note that the query is about an invoice of the resident, or no longer is: agents choose it by what they are told.

        :param int move_id: id of an open or paid invoice of the resident
        :raises UserError: it is none of the resident's, or the query is closed
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group('property_service.group_agent') and not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        request = self.sudo()  # sudo: agents choose an invoice without any accounting right; checked right below
        move = self.env['account.move'].sudo().browse(self._to_id(move_id)).exists()  # sudo: as above
        if not move or move.move_type not in CUSTOMER_TYPES or move.state != 'posted' \
                or move.commercial_partner_id != request.partner_id.commercial_partner_id or move.company_id != request.company_id:
            raise UserError(self.env._("Choose an invoice of the resident."))
        if request.kind != 'fee_query' or request.is_closed:
            raise UserError(self.env._("Only an open fee query can be about an invoice."))
        linked = move in request.fee_move_ids
        values = {'fee_move_ids': [Command.unlink(move.id) if linked else Command.link(move.id)]}
        if linked:
            values['fee_line_ids'] = [Command.unlink(line.id) for line in request.fee_line_ids & move.line_ids]
        request.write(values)
        return True

    # ---- BY THE RESIDENT ----

    @api.model
    def _get_fee_type(self, company):
        """Return the service type under which questions about bills are kept, the company's own before the shared one."""
        return self.env['property.service.type'].sudo().search(  # sudo: residents and accountants ask
            Domain('kind', '=', 'fee_query') & Domain('company_id', 'in', (company.id, False)),
            order='company_id, sequence, id', limit=1)

    @api.model
    def _ask_about_bill(self, move, text, line_ids=(), disputed=False):
        """Create a fee query as the resident who got the invoice.

        :param move: posted invoice of the resident, with superuser rights
        :param str text: the question
        :param line_ids: ids of the lines it is about; others than the invoice's are left out
        :param bool disputed: the resident does not agree, so that reminders wait for the answer
        :return: the request in the resident's own environment
        :raises UserError: no question, or no unit of the resident to file it under
        """
        text = self._clean_resident_text({'title': move.name, 'description': text}).get('description')
        if not text:
            raise UserError(self.env._("Write your question first."))
        units = self.env.user.partner_id.sudo().unit_ids.filtered(  # sudo: the user's own units
            lambda unit: unit.active and unit.company_id == move.company_id)
        unit = move.property_unit_id if move.property_unit_id in units else units[:1]
        service_type = self._get_fee_type(move.company_id)
        if not unit or not service_type:
            raise UserError(self.env._("No home is linked to your account. Please call us about this bill."))
        request = self._create_by_resident([{
            'title': self.env._("Question about %(invoice)s", invoice=move.name), 'description': text, 'unit_id': unit.id,
            'type_id': service_type.id, 'channel': 'portal'}])
        lines = move.invoice_line_ids.filtered(lambda line: line.id in set(line_ids) and line.display_type == 'product')
        request.sudo().write({  # sudo: residents have no write access; the invoice is their own
            'fee_move_ids': [Command.link(move.id)], 'fee_line_ids': [Command.set(lines.ids)], 'fee_hold': bool(disputed)})
        return request
