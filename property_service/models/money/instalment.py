from odoo import api, fields, models
from odoo.exceptions import UserError

from ..cases.request_states import SOLVED_STATES
from .open_amount import MAX_AMOUNT


class PropertyServiceInstalment(models.Model):
    """One planned payment of a payment plan agreed in a fee query: 分期付款计划."""

    _name = 'property.service.instalment'
    _description = "Planned Payment"
    _order = 'request_id, date_planned, id'
    _check_company_auto = True

    request_id = fields.Many2one('property.service.request', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id', store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related='request_id.partner_id', string="Resident")
    currency_id = fields.Many2one(
        'res.currency', required=True, compute='_compute_currency_id', store=True, readonly=False, precompute=True)
    date_planned = fields.Date(string="Due On", required=True)
    amount = fields.Monetary(required=True)
    note = fields.Char()
    state = fields.Selection(
        [('planned', "Planned"), ('paid', "Paid"), ('late', "Late")], compute='_compute_state', compute_sudo=True,
        help="Payments on the invoices of the query cover the planned ones in the order of their dates.")

    _amount_positive = models.Constraint('CHECK(amount > 0)', "A planned payment has an amount above zero.")
    _amount_limit = models.Constraint(f'CHECK(amount < {MAX_AMOUNT})', "An amount this large cannot be right.")

    @api.depends('request_id')
    def _compute_currency_id(self):
        for instalment in self:
            moves = instalment.request_id.sudo().fee_move_ids  # sudo: the currency of the bills, whoever plans
            instalment.currency_id = moves.currency_id[:1] or instalment.request_id.company_id.currency_id \
                or self.env.company.currency_id

    @api.depends('amount', 'date_planned', 'request_id.instalment_ids.amount')
    def _compute_state(self):
        """Whatever is no longer owed of the planned total was paid; it covers the earliest dates first."""
        today = self.env.company._property_today()
        covered = {}
        for request in self.request_id:
            planned = request.instalment_ids.sorted(lambda line: (line.date_planned or today, line._origin.id or 0))
            owed = request._get_owed()
            for currency, lines in planned.grouped('currency_id').items():
                paid = sum(lines.mapped('amount')) - owed.get(currency, 0.0)
                for line in lines:
                    paid -= line.amount
                    covered[line] = currency.compare_amounts(paid, 0.0) >= 0
        for instalment in self:
            if covered.get(instalment):
                instalment.state = 'paid'
            else:
                instalment.state = 'late' if instalment.date_planned and instalment.date_planned < today else 'planned'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        """Without any payment an agreed plan would hold reminders back for ever."""
        for request in self.sudo().request_id:  # sudo: the rule holds for whoever plans
            if request.fee_outcome == 'plan' and request.state in SOLVED_STATES and not request.instalment_ids - self.sudo():  # sudo: as above
                raise UserError(self.env._("The plan of %(case)s is agreed: a payment has to remain.", case=request.name))

    @api.constrains('request_id')
    def _check_request_kind(self):
        if any(instalment.request_id.kind != 'fee_query' for instalment in self.sudo()):  # sudo: the rule holds for whoever plans
            raise UserError(self.env._("A payment plan belongs to a fee query."))

    @api.constrains('currency_id', 'request_id')
    def _check_currency(self):
        """A bill is paid in its own currency: planned payments in another one would never cover it."""
        for instalment in self.sudo():  # sudo: the rule holds for whoever plans
            currencies = instalment.request_id.fee_move_ids.currency_id
            if currencies and instalment.currency_id not in currencies:
                raise UserError(self.env._(
                    "Planned payments of %(case)s are in %(currencies)s, as its invoices are.", case=instalment.request_id.name,
                    currencies=", ".join(currencies.mapped('name'))))
