import math

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, formatLang, plaintext2html

from ..cases import request_states
from ..cases.request import PORTAL_READABLE
from ..cases.case_resident import MAX_TEXT

_lt = LazyTranslate(__name__)

_FACTS = frozenset({
    'price_offered_at', 'price_offered_amount', 'price_accepted_at', 'price_accepted_amount', 'price_accepted_by', 'price_note',
    'price_refused_at', 'price_refuse_reason',
})


class PropertyServiceRequest(models.Model):
    """The price is offered, and accepted before work starts where the service requires it."""

    _inherit = 'property.service.request'

    _action_groups = {
        **request_states.ACTION_GROUPS,
        'offer_price': 'property_service.group_technician',
        'accept_price': 'property_service.group_agent',
        'refuse_price': 'property_service.group_agent',
        'invoice': 'property_service.group_agent',
    }
    _resident_actions = request_states.RESIDENT_ACTIONS | {'accept_price', 'refuse_price'}
    _portal_readable = frozenset(PORTAL_READABLE | {
        'amount_total', 'charge_currency_id', 'price_state', 'price_offered_at', 'price_accepted_at', 'warranty_until'})

    requires_price_acceptance = fields.Boolean(related='type_id.requires_price_acceptance')
    price_state = fields.Selection(
        [('none', "No Price"), ('draft', "To Be Offered"), ('offered', "Offered"), ('accepted', "Price Is Accepted"),
         ('refused', "Price Is Refused")],
        string="Price Status", compute='_compute_price_state', store=True, index='btree_not_null')
    price_offered_at = fields.Datetime(readonly=True, copy=False)
    price_offered_amount = fields.Monetary(currency_field='charge_currency_id', readonly=True, copy=False)
    price_accepted_at = fields.Datetime(readonly=True, copy=False)
    price_accepted_amount = fields.Monetary(currency_field='charge_currency_id', readonly=True, copy=False, tracking=True)
    price_accepted_by = fields.Char(readonly=True, copy=False)
    price_note = fields.Char(string="How It Was Accepted", readonly=True, copy=False)
    price_refused_at = fields.Datetime(readonly=True, copy=False)
    price_refuse_reason = fields.Text(readonly=True, copy=False)

    @property
    def _system_fields(self):
        return super()._system_fields | _FACTS

    # ---- COMPUTES ----

    @api.depends('amount_total', 'price_offered_amount', 'price_offered_at', 'price_accepted_at', 'price_accepted_amount', 'price_refused_at')
    def _compute_price_state(self):
        """An acceptance holds for what was accepted or less: whatever comes on top is offered anew."""
        for request in self:
            currency, total = request.charge_currency_id or self.env.company.currency_id, request.amount_total
            if currency.is_zero(total):
                request.price_state = 'none'
            elif request.price_accepted_at and currency.compare_amounts(total, request.price_accepted_amount) <= 0:
                request.price_state = 'accepted'
            elif request.price_refused_at:
                request.price_state = 'refused'
            elif request.price_offered_at and currency.compare_amounts(total, request.price_offered_amount) == 0:
                request.price_state = 'offered'
            else:
                request.price_state = 'draft'

    # ---- REQUIREMENTS ----

    def _check_before_in_progress(self):
        """Where the service asks for it, no work starts before its price is accepted; work under warranty has no price.

        Work that is returned was accepted or billed as it was then.
        """
        for request in self.filtered(lambda request: request.state not in request_states.FINISHED_STATES):
            if not request.requires_price_acceptance or request.kind != 'service' or request.price_state == 'accepted':
                continue
            if request.price_state == 'none' and (request.charge_ids or request.is_under_warranty):
                continue
            if request.price_state == 'none':
                raise UserError(self.env._(
                    "%(case)s has no price yet. Enter labour and material and offer the price: work starts when the resident has accepted it.",
                    case=request.name))
            raise UserError(self.env._(
                "The resident has not accepted the price of %(case)s: %(amount)s.", case=request.name, amount=request._format_price()))

    def _check_before_done(self):
        """What comes on top during the work is accepted, too, before it can be billed."""
        super()._check_before_done()
        for request in self:
            if request.requires_price_acceptance and request.kind == 'service' and request.price_state not in ('accepted', 'none') \
                    and request.sudo()._get_billable():  # sudo: whether something is left to bill, for those who read no invoices
                raise UserError(self.env._(
                    "%(case)s costs more than the resident has accepted: %(amount)s. Offer the new price first.",
                    case=request.name, amount=request._format_price()))

    # ---- ACTIONS ----

    def action_offer_price(self):
        """Tell the residents the price; they accept it in the portal.

        :raises UserError: there is no price, or the work is finished
        """
        requests = self._authorize('offer_price')
        if requests._is_bound_to_own_jobs():
            requests._check_own_jobs()
        for request in requests:
            if request.state in request_states.FINISHED_STATES:
                raise UserError(self.env._("The work on %(case)s is finished.", case=request.name))
            if request.price_state == 'none':
                raise UserError(self.env._("%(case)s has no price yet: enter labour and material first.", case=request.name))
        requests._record_offer()
        for request in requests:
            lang = request.sudo().partner_id.lang or self.env.lang  # sudo: reads the language
            told = request.with_context(lang=lang)
            told.message_post(
                body=Markup('<p>%s</p><ul>%s</ul><p>%s</p>') % (
                    told.env._("The price of the work: %(amount)s, taxes included.", amount=told._format_price()),
                    Markup().join(Markup('<li>%s</li>') % told._describe_charge(charge) for charge in request.charge_ids),
                    told.env._("Please accept it on the page of your request, or tell us what you want to change.")),
                message_type='comment', subtype_xmlid='mail.mt_comment')
        return True

    def action_accept_price(self, amount=None, note=None):
        """Accept the price: the resident in the portal, or an agent who was told so.

        :param float amount: the price that was seen; when the request has another one by now, nothing is accepted
        :param str note: how the resident accepted; agents must say it
        :raises UserError: there is no such price to accept
        """
        requests = self._authorize('accept_price')
        resident = not self.env.su and not self.env.user._is_internal()
        note = self._clean_text(note)
        if not resident and not self.env.su and not note:
            return self._open_action_wizard('accept_price')
        requests.lock_for_update(allow_referencing=True)
        for request in requests:
            request._check_price_open(resident)
            if amount is not None and not request._is_price(amount):
                raise UserError(self.env._(
                    "The price of %(case)s has changed: it is %(amount)s now. Please look at it again.",
                    case=request.name, amount=request._format_price()))
        now = fields.Datetime.now()
        for request in requests:
            request._as_system().write({
                'price_accepted_at': now, 'price_accepted_amount': request.amount_total, 'price_note': note,
                'price_accepted_by': (request.partner_id.name or request.contact_name) if not resident else self.env.user.name,
                'price_refused_at': False, 'price_refuse_reason': False})
            text = self.env._("The price is accepted: %(amount)s.", amount=request._format_price())
            request.message_post(body=f"{text} {note}" if note else text, subtype_xmlid='mail.mt_note')
        if resident:
            requests._schedule_for_responsible('property_service.mail_activity_type_price', _lt("The resident accepted the price"))
        return True

    def action_refuse_price(self, reason=None):
        """Do not accept the price: the case owner looks for another way, or the request is cancelled.

        :param str reason: asked by a wizard when staff records it without one
        :raises UserError: there is no price to refuse
        """
        requests = self._authorize('refuse_price')
        resident = not self.env.su and not self.env.user._is_internal()
        reason = self._clean_text(reason)
        if not reason and not resident:
            return self._open_action_wizard('refuse_price')
        reason = (reason or '')[:MAX_TEXT]
        requests.lock_for_update(allow_referencing=True)
        for request in requests:
            request._check_price_open(resident)
            request._as_system().write({
                'price_refused_at': fields.Datetime.now(), 'price_refuse_reason': reason, 'price_accepted_at': False,
                'price_accepted_amount': 0.0, 'price_accepted_by': False, 'price_note': False})
            body = Markup('<p>%s</p>') % self.env._("The price is not accepted: %(amount)s.", amount=request._format_price())
            request.message_post(body=body + (plaintext2html(reason) if reason else ''), subtype_xmlid='mail.mt_note')
        requests._schedule_for_responsible(
            'property_service.mail_activity_type_price', _lt("The resident does not accept the price"),
            note=plaintext2html(reason) if reason else '')
        return True

    # ---- HELPERS ----

    def _check_price_open(self, offered_only):
        """Raise UserError when there is no price that could be accepted or refused now."""
        self.ensure_one()
        if self.state in request_states.FINISHED_STATES:
            raise UserError(self.env._("The work on %(case)s is finished.", case=self.name))
        if self.price_state == 'none' or (offered_only and self.price_state != 'offered'):
            raise UserError(self.env._("%(case)s has no price to accept at the moment.", case=self.name))

    def _is_price(self, amount):
        return type(amount) in (int, float) and math.isfinite(amount) \
            and not self.charge_currency_id.compare_amounts(amount, self.amount_total)

    def _record_offer(self):
        """Note what is offered from now on; an earlier refusal is answered by it."""
        now = fields.Datetime.now()
        for amount, requests in self.grouped('amount_total').items():
            requests.sudo()._as_system().write({  # sudo: the list's price is offered to residents who ask
                'price_offered_at': now, 'price_offered_amount': amount, 'price_refused_at': False, 'price_refuse_reason': False})

    def _format_price(self, amount=None):
        self.ensure_one()
        return formatLang(self.env, self.amount_total if amount is None else amount, currency_obj=self.charge_currency_id)

    def _describe_charge(self, charge):
        return f"{charge.name} {charge._get_quantity_text()}".strip() + f": {self._format_price(charge.price_total)}"
