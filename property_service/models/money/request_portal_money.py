from odoo import models
from odoo.tools import format_date, formatLang

from ..cases.request_states import SOLVED_STATES


class PropertyServiceRequest(models.Model):
    """What the request's page in the portal says of money."""

    _inherit = 'property.service.request'

    def _get_portal_money(self):
        """Return plain values for the page of one request, called with superuser rights on the resident's own request.

        :return: ``outcome`` (text or False), ``bills`` [{name, url, amount, due, credit, draft, paid, lines}],
            ``plan`` [{date, amount, state}], ``receipts``, ``guide`` (how to pay, where something is owed)
        """
        self.ensure_one()
        outcomes = dict(self._fields['fee_outcome']._description_selection(self.env))
        states = dict(self.instalment_ids._fields['state']._description_selection(self.env))
        answered = self.state in SOLVED_STATES
        moves = (self.fee_move_ids | self.document_ids).filtered(lambda move: move.state != 'cancel')
        return {
            'outcome': outcomes.get(self.fee_outcome) if answered and self.kind == 'fee_query' else False,
            'guide': self.company_id.property_payment_guide if any(move.state == 'posted' and move.amount_residual for move in moves) else False,
            'receipts': self._get_portal_receipts(),
            'bills': [self._get_portal_bill(move) for move in moves.sorted('id')],
            'plan': [{
                'date': format_date(self.env, part.date_planned),
                'amount': formatLang(self.env, part.amount, currency_obj=part.currency_id),
                'state': states[part.state],
            } for part in self.instalment_ids.sorted('date_planned') if answered or self.rework_count],
        }

    def _get_portal_bill(self, move):
        posted = move.state == 'posted'
        return {
            'name': move.name if posted else self.env._("Draft"),
            'url': f'/my/invoices/{move.id}' if posted else False,
            'amount': formatLang(self.env, move.amount_total, currency_obj=move.currency_id),
            'due': format_date(self.env, move.invoice_date_due) if move.invoice_date_due else False,
            # What is left of it, where that is not all of it.
            'owed': formatLang(self.env, move.amount_residual, currency_obj=move.currency_id)
            if posted and move.move_type != 'out_refund' and 0 < move.amount_residual < move.amount_total else False,
            'credit': move.move_type == 'out_refund',
            'draft': not posted,
            # On the page of the bill the payer can pay; who asks about a bill need not be the payer.
            'payable': move._is_property_payable() and move.commercial_partner_id == self.env.user.partner_id.commercial_partner_id,
            'paid': move.payment_state in ('paid', 'in_payment', 'reversed'),
            'lines': [line.name or line.product_id.name for line in self.fee_line_ids if line.move_id == move],
        }
