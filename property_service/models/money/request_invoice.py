import logging

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate, formatLang, format_date

from ..cases.request_states import FINISHED_STATES, SOLVED_STATES
from ..claim import claim

_lt = LazyTranslate(__name__)

_logger = logging.getLogger(__name__)


class PropertyServiceRequest(models.Model):
    """Paid work becomes a draft customer invoice when it is done; both know each other."""

    _inherit = 'property.service.request'

    to_invoice = fields.Boolean(
        string="To Be Billed", compute='_compute_to_invoice', search='_search_to_invoice', compute_sudo=True,
        help="Finished work with labour or material that is on no invoice.")
    document_text = fields.Char(
        string="Bills", compute='_compute_document_text', compute_sudo=True, help="Invoices and credit notes of this request in words.")

    # ---- COMPUTES ----

    @api.depends('state', 'charge_ids.invoiced', 'charge_ids.is_free')
    def _compute_to_invoice(self):
        for request in self:
            request.to_invoice = request.state in SOLVED_STATES and bool(request._get_billable())

    def _search_to_invoice(self, operator, value):
        if operator != 'in':
            return NotImplemented
        Charge = self.env['property.service.charge'].sudo()  # sudo: whether it is on an invoice, for those who read no invoices
        billed = Domain('invoice_line_ids', 'any', [('parent_state', '!=', 'cancel')])
        open_charges = Charge._search(Domain('is_free', '=', False) & ~billed)
        domain = Domain('state', 'in', SOLVED_STATES) & Domain('charge_ids', 'any', Domain('id', 'in', open_charges))
        if set(value) == {True}:
            return domain
        return ~domain if set(value) == {False} else Domain.TRUE

    @api.depends('document_ids.state', 'document_ids.payment_state', 'document_ids.amount_total', 'document_ids.name')
    @api.depends_context('lang')
    def _compute_document_text(self):
        states = dict(self.env['account.move']._fields['payment_state']._description_selection(self.env))
        for request in self:
            request.document_text = ", ".join(self.env._(
                "%(document)s %(amount)s (%(state)s)",
                document=move.name if move.state == 'posted' else self.env._("Draft"),
                amount=('-' if move.move_type == 'out_refund' else '') + formatLang(
                    self.env, move.amount_total, currency_obj=move.currency_id),
                state=states.get(move.payment_state) if move.state == 'posted' else self.env._("not sent yet"),
            ) for move in request.document_ids if move.state != 'cancel')

    def _get_billable(self):
        """Return labour and material that is on no invoice and not free."""
        return self.charge_ids.filtered(lambda charge: not charge.is_free and not charge.invoiced)

    # ---- STATE HOOKS ----

    def _after_state_change(self, before):
        """Bill finished work; a draft invoice of a request that was cancelled after all is cancelled with it."""
        super()._after_state_change(before)
        done = self.filtered(lambda request: request.state == 'done' and request.kind == 'service')
        if done:
            done._make_invoices()
        cancelled = self.filtered(lambda request: request.state == 'cancelled')
        if cancelled:
            drafts = cancelled.sudo().document_ids.filtered(lambda move: move.state == 'draft')  # sudo: made by the workflow
            drafts.button_cancel()

    # ---- ACTIONS ----

    def action_invoice(self):
        """Make the draft invoice of finished work that has none yet.

        :raises UserError: there is nothing to bill, or accounting is not set up
        """
        requests = self._authorize('invoice')
        claim(requests)
        for request in requests:
            if request.state not in FINISHED_STATES or not request.sudo()._get_billable():  # sudo: agents read no invoices
                raise UserError(self.env._("There is nothing to bill on %(case)s.", case=request.name))
        requests._make_invoices(quiet=False)
        return True

    def _make_invoices(self, quiet=True):
        """Create or complete the draft invoices of what can be billed.

        :param bool quiet: note on the request why no invoice was made, instead of raising: work gets done although the books
            are not set up
        """
        for request in self.sudo():  # sudo: technicians finish the work, they have no right in accounting
            charges = request._get_billable()
            if not charges:
                continue
            self.env.flush_all()  # what is wrong with the step itself is not taken for a fault of the books
            try:
                with self.env.cr.savepoint():
                    request._make_invoice(charges)
            except (UserError, IntegrityError) as error:  # IntegrityError: no account to book on
                if not quiet:
                    raise UserError(str(error)) from error
                _logger.info("No invoice for %s: %s", request.name, error)
                request.message_post(body=self.env._("No invoice could be made: %(reason)s", reason=error), subtype_xmlid='mail.mt_note')
                request._schedule_for_responsible(
                    'property_service.mail_activity_type_price', _lt("The work is not billed yet"))

    def _make_invoice(self, charges):
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the resident who gets the invoice of %(case)s.", case=self.name))
        company = self.company_id
        Move = self.env['account.move'].with_company(company)
        if not self.env['account.journal'].search(
                Domain('type', '=', 'sale') & Domain(self.env['account.journal']._check_company_domain(company)), limit=1):
            raise UserError(self.env._("%(company)s has no sales journal.", company=company.name))
        lines = [Command.create({
            'product_id': charge.product_id.id, 'name': charge.name, 'quantity': charge.quantity, 'product_uom_id': charge.uom_id.id,
            'price_unit': charge.price_unit, 'discount': charge.discount, 'tax_ids': [Command.set(charge.tax_ids.ids)],
            'property_charge_id': charge.id,
        }) for charge in charges]
        draft = self.document_ids.filtered(
            lambda move: move.state == 'draft' and move.move_type == 'out_invoice' and move.currency_id == self.charge_currency_id)[:1]
        if draft:
            draft.write({'invoice_line_ids': lines})
            return draft
        move = Move.create({
            'move_type': 'out_invoice', 'company_id': company.id, 'partner_id': self.partner_id.id,
            'currency_id': self.charge_currency_id.id, 'property_request_id': self.id, 'property_unit_id': self.unit_id.id,
            'property_estate_id': self.estate_id.id, 'invoice_origin': self.name, 'invoice_line_ids': lines,
        })
        self.message_post(subtype_xmlid='mail.mt_note', body=self.env._(
            "A draft invoice of %(amount)s was made.", amount=formatLang(self.env, move.amount_total, currency_obj=move.currency_id)))
        return move

    # ---- PORTAL ----

    def _get_portal_price(self):
        """Return the price on the page of the request, with superuser rights; False where nothing is paid.

        :return: ``lines`` [{name, quantity, amount, free}], ``untaxed``, ``tax``, ``total``, ``amount``, ``state``, ``required``,
            ``open`` (may be answered now), ``accepted`` (date), ``warranty`` (date until which it is free), ``under_warranty``
        """
        self.ensure_one()
        if not self.charge_ids and not (self.warranty_until or self.is_under_warranty):
            return False
        return {
            'lines': [{
                'name': charge.name, 'quantity': charge._get_quantity_text(), 'free': charge.is_free,
                'amount': self._format_price(charge.price_subtotal),
            } for charge in self.charge_ids],
            'untaxed': self._format_price(self.amount_untaxed) if self.amount_tax else False,
            'tax': self._format_price(self.amount_tax),
            'total': self._format_price(),
            'amount': repr(self.amount_total),
            'state': 'final' if self.state in FINISHED_STATES and self.price_state in ('draft', 'offered') else self.price_state,
            'required': self.requires_price_acceptance,
            'open': self.price_state == 'offered' and self.state not in FINISHED_STATES,
            'accepted': format_date(self.env, fields.Datetime.context_timestamp(self, self.price_accepted_at))
            if self.price_accepted_at else False,
            'warranty': format_date(self.env, self.warranty_until) if self.warranty_until else False,
            'under_warranty': self.is_under_warranty,
        }
