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
            came, besides = told._sum_unmatched(partner)
            card['sentences'] += told._get_balance_sentences(partner, moves, besides)
            if came:
                card['sentences'].append(told.env._("Received and not yet set against an invoice: %(amount)s.", amount=told._format_sums(came)))
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

    def _get_balance_sentences(self, partner, moves, besides):
        today = fields.Date.context_today(self)
        bills = moves.filtered(lambda move: move.move_type != 'out_refund')
        # Where credit notes come to more than the bills, the rest is told with them.
        owed = self._format_sums({currency: amount for currency, amount in self._sum_open(moves).items() if amount > 0})
        sentences = [
            self.env._("%(resident)s has no open invoice.", resident=partner.name) if besides else
            self.env._("%(resident)s owes nothing: there is no open invoice.", resident=partner.name)] if not bills else [
            self.env._("%(resident)s has %(count)s open invoices. Still to pay: %(amount)s.",
                       resident=partner.name, count=len(bills), amount=owed or self.env._("nothing")) if len(bills) != 1 else
            self.env._("%(resident)s has one open invoice, %(invoice)s. Still to pay: %(amount)s.",
                       resident=partner.name, invoice=bills.name, amount=owed or self.env._("nothing"))]
        late = bills.filtered(lambda move: move.invoice_date_due and move.invoice_date_due < today)
        if late:
            values = {
                'amount': self._format_sums(self._sum_open(late)), 'count': len(late),
                'date': format_date(self.env, late[0].invoice_date_due), 'days': (today - late[0].invoice_date_due).days}
            sentences.append(
                self.env._("Overdue: %(amount)s on %(count)s invoices, the oldest since %(date)s (%(days)s days).", **values)
                if len(late) > 1 else self.env._("Overdue: %(amount)s since %(date)s (%(days)s days).", **values))
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
        if besides:
            sentences.append(self.env._("Open in the books besides the invoices: %(amount)s.", amount=self._format_sums(besides)))
        return sentences

    def _get_payment_sentences(self, payments):
        if not payments:
            return [self.env._("No payment is on file.")]
        return [self.env._("Last payment: %(amount)s on %(date)s.", amount=payments[0]['amount'], date=payments[0]['date'])]

    def _get_unit_sentences(self, unit, moves, besides):
        if not moves:
            return [] if besides else [self.env._("For the unit %(unit)s no invoice is open.", unit=unit.name)]
        values = {'unit': unit.name, 'count': len(moves), 'amount': self._format_sums(self._sum_open(moves)) or "0"}
        if len(moves) == 1:
            return [self.env._("For the unit %(unit)s somebody else has one open invoice: %(amount)s.", **values) if besides
                    else self.env._("For the unit %(unit)s one invoice is open: %(amount)s.", **values)]
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

    def _sum_unmatched(self, partner):
        """Return ({currency: what came in and is set against no invoice yet}, {currency: what else the books hold open})."""
        came, other = defaultdict(float), defaultdict(float)
        for line in self.env['account.move.line'].sudo().search_fetch(  # sudo: as for the invoices; sums only
                self._get_entry_domain(partner) & Domain('reconciled', '=', False),
                ['currency_id', 'amount_residual_currency']):
            sums = came if line.amount_residual_currency < 0 else other
            sums[line.currency_id] += abs(line.amount_residual_currency)
        return came, other

    def _get_entry_domain(self, partner):
        """Return the Domain of what the books hold on the resident's account besides invoices and credit notes."""
        return Domain('partner_id', 'child_of', partner.commercial_partner_id.id) & Domain('account_type', '=', 'asset_receivable') & Domain(
            'parent_state', '=', 'posted') & Domain('move_id.move_type', '=', 'entry') & Domain('company_id', 'in', self.env.companies.ids)

    def _get_fee_card_payments(self, partner):
        """Return the last payments, the newest first: those in the books, however they came there, and those that are in none yet."""
        booked = self.env['account.move.line'].sudo().search_fetch(  # sudo: as for the invoices
            self._get_entry_domain(partner) & Domain('journal_id.type', 'in', ('bank', 'cash', 'credit')) & Domain('balance', '<', 0),
            ['date', 'amount_currency', 'currency_id', 'move_id'], limit=_PAYMENTS, order='date desc, id desc')
        # Without an entry of its own; where something else has settled the invoice since, that is among the booked ones.
        others = self.env['account.payment'].sudo().search_fetch(  # sudo: as above
            Domain('partner_id', 'child_of', partner.commercial_partner_id.id) & Domain('payment_type', '=', 'inbound')
            & Domain('state', 'in', ('in_process', 'paid')) & Domain('move_id', '=', False)
            & (Domain('invoice_ids', '=', False) | Domain('invoice_ids.amount_residual', '!=', 0))
            & Domain('company_id', 'in', self.env.companies.ids),
            ['date', 'amount', 'currency_id', 'memo'], limit=_PAYMENTS, order='date desc, id desc')
        rows = [(line.date, -line.amount_currency, line.currency_id, line.move_id.ref) for line in booked]
        rows += [(payment.date, payment.amount, payment.currency_id, payment.memo) for payment in others]
        return [{
            'id': number,
            'date': format_date(self.env, date),
            'amount': self._format_money(amount, currency),
            'text': text or '',
        } for number, (date, amount, currency, text) in enumerate(sorted(rows, key=lambda row: row[0], reverse=True)[:_PAYMENTS])]
