from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .request_fee import ACCOUNTANT

_INVOICES = 60  # lines shown: a resident with more is told the sum
_PAYMENTS = 5


class PropertyServiceRequest(models.Model):
    """Bills explained in words (R111): what an agent tells on the phone, without any right in accounting.

    All of it is read with superuser rights in a constant number of queries; agents get numbers, dates and sentences, never a
    record of accounting.
    """

    _inherit = 'property.service.request'

    @api.model
    @api.readonly
    def get_fee_card(self, partner_id=None, unit_id=None, request_id=None):
        """Return the bills of a resident, and of a unit, in words.

        :param int partner_id: id of the resident, when known
        :param int unit_id: id of the unit, when known
        :param int request_id: id of a fee query: its invoices are marked
        :rtype: dict
        :return: ``sentences`` (texts to read out), ``invoices`` [{id, name, date, due, total, owed, late, chosen}] the most urgent
            first, ``more`` (how many are left out), ``payments`` [{date, amount, text}] the newest first
        :raises AccessError: neither agent nor accountant
        :raises UserError: resident, unit or query does not exist or may not be seen
        """
        user = self.env.user
        if not user.has_group('property_service.group_agent') and not user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        query = self._browse_argument(self._name, request_id) if request_id else self.browse()
        if query and user.has_group(ACCOUNTANT):
            partner, unit = query.sudo().partner_id, query.sudo().unit_id  # sudo: accountants read no units
        else:
            partner = self._browse_argument('res.partner', partner_id) if partner_id else self.env['res.partner']
            Unit = self.env['property.service.unit']
            unit = self._browse_argument(Unit._name, unit_id) if unit_id and Unit.has_access('read') else Unit
        partner, unit = partner.sudo(), unit.sudo()  # sudo: both may be seen; below only names are read
        told = self.with_context(property_shared_symbols=self._get_shared_symbols())
        card = {'sentences': [], 'invoices': [], 'payments': [], 'more': 0}
        if partner:
            moves = told._get_open_moves(Domain('commercial_partner_id', '=', partner.commercial_partner_id.id))
            card['sentences'] += told._get_balance_sentences(partner, moves)
            chosen = query.sudo().fee_move_ids  # sudo: which of the resident's invoices the query is about
            shown = (chosen.filtered(lambda move: move.state == 'posted') | moves)[:_INVOICES]
            card['invoices'] = [told._get_fee_card_invoice(move, move in chosen) for move in shown]
            card['more'] = max(0, len(moves | chosen) - len(shown))
            card['payments'] = told._get_fee_card_payments(partner)
            card['sentences'] += told._get_payment_sentences(card['payments'])
        if unit:
            others = Domain('property_unit_id', '=', unit.id)
            if partner:
                others &= Domain('commercial_partner_id', '!=', partner.commercial_partner_id.id)
            card['sentences'] += told._get_unit_sentences(unit, told._get_open_moves(others), bool(partner))
        return card

    def _get_open_moves(self, domain):
        """Return the posted customer documents with an amount left, the earliest due first, with superuser rights."""
        Move = self.env['account.move'].sudo()  # sudo: agents have no accounting right; what is told of them stands below
        return Move.search_fetch(
            domain & Move._get_open_domain() & Domain('company_id', 'in', self.env.companies.ids),
            ['name', 'move_type', 'invoice_date', 'invoice_date_due', 'amount_total', 'amount_residual', 'amount_residual_signed',
             'amount_total_signed', 'currency_id', 'company_id', 'no_followup'],
            order='invoice_date_due, id')

    @api.model
    def _get_shared_symbols(self):
        """Return the symbols that do not say which currency is meant: ¥ is the yuan's and the yen's."""
        symbols = Counter(self.env['res.currency'].search_fetch([], ['symbol']).mapped('symbol'))
        return frozenset(symbol for symbol, count in symbols.items() if count > 1)

    def _format_money(self, amount, currency):
        text = formatLang(self.env, amount, currency_obj=currency)
        return f'{text} {currency.name}' if currency.symbol in self.env.context['property_shared_symbols'] else text

    def _format_sums(self, sums):
        return ", ".join(self._format_money(amount, currency) for currency, amount in sums.items() if amount)

    def _sum_open(self, moves):
        """Return {currency: what is owed}; credit notes count against it."""
        sums = defaultdict(float)
        for move in moves:
            sums[move.currency_id] += move.amount_residual if move.move_type != 'out_refund' else -move.amount_residual
        return {currency: currency.round(amount) for currency, amount in sums.items()}

    def _get_balance_sentences(self, partner, moves):
        today = fields.Date.context_today(self)
        if not moves:
            return [self.env._("%(resident)s owes nothing: there is no open invoice.", resident=partner.name)]
        bills = moves.filtered(lambda move: move.move_type != 'out_refund')
        owed = self._format_sums(self._sum_open(moves))
        sentences = [
            self.env._("%(resident)s has %(count)s open invoices. Still to pay: %(amount)s.",
                       resident=partner.name, count=len(bills), amount=owed or self.env._("nothing")) if len(bills) != 1 else
            self.env._("%(resident)s has one open invoice, %(invoice)s. Still to pay: %(amount)s.",
                       resident=partner.name, invoice=bills.name, amount=owed or self.env._("nothing"))]
        late = bills.filtered(lambda move: move.invoice_date_due and move.invoice_date_due < today)
        if late:
            sentences.append(self.env._(
                "Overdue: %(amount)s on %(count)s invoices, the oldest since %(date)s (%(days)s days).",
                amount=self._format_sums(self._sum_open(late)), count=len(late), date=format_date(self.env, late[0].invoice_date_due),
                days=(today - late[0].invoice_date_due).days))
        coming = (bills - late).filtered('invoice_date_due')[:1]
        if coming:
            sentences.append(self.env._(
                "Next due: %(amount)s on %(date)s (%(invoice)s).",
                amount=self._format_money(coming.amount_residual, coming.currency_id),
                date=format_date(self.env, coming.invoice_date_due), invoice=coming.name))
        credit = moves - bills
        if credit:
            sentences.append(self.env._(
                "Credit notes not yet used: %(amount)s.", amount=self._format_sums(
                    {currency: -amount for currency, amount in self._sum_open(credit).items()})))
        return sentences

    def _get_payment_sentences(self, payments):
        if not payments:
            return [self.env._("No payment is on file.")]
        return [self.env._("Last payment: %(amount)s on %(date)s.", amount=payments[0]['amount'], date=payments[0]['date'])]

    def _get_unit_sentences(self, unit, moves, besides):
        if not moves:
            return [] if besides else [self.env._("For the unit %(unit)s no invoice is open.", unit=unit.name)]
        values = {'unit': unit.name, 'count': len(moves), 'amount': self._format_sums(self._sum_open(moves)) or "0"}
        if besides:
            return [self.env._("For the unit %(unit)s others have %(count)s open invoices: %(amount)s.", **values)]
        return [self.env._("For the unit %(unit)s %(count)s invoices are open: %(amount)s.", **values)]

    def _get_fee_card_invoice(self, move, chosen):
        today = fields.Date.context_today(self)
        return {
            'id': move.id,
            'name': move.name,
            'date': format_date(self.env, move.invoice_date) if move.invoice_date else '',
            'due': format_date(self.env, move.invoice_date_due) if move.invoice_date_due else '',
            'total': self._format_money(move.amount_total, move.currency_id),
            'owed': self._format_money(move.amount_residual, move.currency_id),
            'late': bool(move.amount_residual and move.invoice_date_due and move.invoice_date_due < today),
            'credit': move.move_type == 'out_refund',
            'held': move.no_followup,
            'chosen': chosen,
        }

    def _get_fee_card_payments(self, partner):
        payments = self.env['account.payment'].sudo().search_fetch(  # sudo: as for the invoices
            Domain('partner_id', 'child_of', partner.commercial_partner_id.id) & Domain('payment_type', '=', 'inbound')
            & Domain('state', 'in', ('in_process', 'paid')) & Domain('company_id', 'in', self.env.companies.ids),
            ['date', 'amount', 'currency_id', 'memo'], limit=_PAYMENTS, order='date desc, id desc')
        return [{
            'id': payment.id,
            'date': format_date(self.env, payment.date),
            'amount': self._format_money(payment.amount, payment.currency_id),
            'text': payment.memo or '',
        } for payment in payments]
