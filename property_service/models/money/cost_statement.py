from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang

from ..context_defaults import without_defaults
from .open_amount import MAX_AMOUNT
from .request_fee import ACCOUNTANT

#: Beginning of ``account_type`` of the accounts whose lines are costs, and of those whose lines are income.
_COSTS, _INCOME = 'expense', 'income'
_FACTS = frozenset({'state', 'published_at', 'published_by_id'})


class PropertyServiceCostStatement(models.Model):
    """What was spent on an estate, and what was taken in, published to its residents 公开成本构成 (R114)."""

    _name = 'property.service.cost.statement'
    _description = "Make-up of Cost"
    _inherit = ['mail.thread']
    _order = 'date_to desc, estate_id, id desc'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    estate_id = fields.Many2one('property.service.estate', required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(related='estate_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(
        'res.currency', compute='_compute_currency_id', store=True, readonly=False, precompute=True, required=True,
        help="What residents pay in. Figures from the books are converted at the rate of the last day.")
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", required=True)
    introduction = fields.Text(string="Note to Residents", translate=True, help="What residents read before the figures.")
    line_ids = fields.One2many('property.service.cost.statement.line', 'statement_id', string="Statement Lines", copy=True)
    cost_total = fields.Monetary(string="Costs", compute='_compute_totals', store=True)
    income_total = fields.Monetary(string="Income", compute='_compute_totals', store=True)
    area = fields.Float(string="Area (m²)", compute='_compute_area', store=True, readonly=False, help="For the costs per square metre.")
    state = fields.Selection(
        [('draft', "Draft"), ('published', "Published"), ('withdrawn', "Withdrawn")], required=True, default='draft', readonly=True,
        copy=False, index=True, tracking=True)
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    _dates_in_order = models.Constraint('CHECK(date_to >= date_from)', "The period ends after it starts.")
    _area_not_negative = models.Constraint('CHECK(area >= 0)', "An area cannot be negative.")
    _published_index = models.Index("(estate_id, date_to DESC) WHERE state = 'published'")

    @api.depends('company_id')
    def _compute_currency_id(self):
        for statement in self:
            statement.currency_id = statement.currency_id or statement.company_id.currency_id or self.env.company.currency_id

    @api.depends('line_ids.amount', 'line_ids.kind')
    def _compute_totals(self):
        for statement in self:
            for kind, name in (('cost', 'cost_total'), ('income', 'income_total')):
                amount = sum(statement.line_ids.filtered(lambda line, kind=kind: line.kind == kind).mapped('amount'))
                statement[name] = (statement.currency_id or self.env.company.currency_id).round(amount)

    @api.depends('estate_id')
    def _compute_area(self):
        areas = dict(self.env['property.service.unit'].sudo()._read_group(  # sudo: accountants prepare it and read no units
            Domain('estate_id', 'in', self.estate_id.ids) & Domain('use', '!=', 'common'), ['estate_id'], ['area:sum']))
        for statement in self:
            statement.area = areas.get(statement.estate_id._origin, 0.0)

    # ---- CRUD ----

    def write(self, vals):
        """What residents read does not change under them: it is withdrawn, corrected and published again."""
        if not self.env.su and not vals.keys() <= {'message_follower_ids', 'message_ids'}:
            if _FACTS & vals.keys():
                raise UserError(self.env._("The state changes by the buttons."))
            if any(statement.state == 'published' for statement in self):
                raise UserError(self.env._("This is published. Withdraw it first."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        return super(PropertyServiceCostStatement, without_defaults(self, _FACTS)).create(
            [{name: value for name, value in vals.items() if name not in _FACTS} for vals in vals_list])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(statement.state != 'draft' for statement in self):
            raise UserError(self.env._("What was published stays on file."))

    # ---- ACTIONS ----

    def action_fill(self):
        """Take the figures from the analytic account of the estate: one line for each account of the books.

        Names and notes that somebody wrote for an account stay.

        :raises AccessError: neither accountant nor manager
        :raises UserError: the estate has no analytic account, or nothing was booked on it
        """
        self._check_role(f'{ACCOUNTANT},property_service.group_manager')
        self.check_access('write')
        for statement in self:
            if statement.state == 'published':
                raise UserError(self.env._("This is published. Withdraw it first."))
            account = statement.sudo().estate_id.analytic_account_id  # sudo: accountants read no estates
            if not account:
                raise UserError(self.env._("%(estate)s has no analytic account yet.", estate=statement.sudo().estate_id.name))  # sudo: its name
            sums = statement._read_sums(account)
            if not sums:
                raise UserError(self.env._("Nothing was booked on %(account)s in this period.", account=account.display_name))
            known = {line.account_id: line for line in statement.line_ids if line.account_id}
            commands = []
            for sequence, (general, kind, amount) in enumerate(sums, 1):
                line = known.pop(general, None)
                values = {'amount': amount, 'kind': kind, 'sequence': sequence}
                commands.append(Command.update(line.id, values) if line else Command.create(
                    {**values, 'name': general.name, 'account_id': general.id}))
            commands += [Command.delete(line.id) for line in known.values()]
            earlier = statement.line_ids
            statement.write({'line_ids': commands})
            (statement.line_ids - earlier)._translate_names()
        return True

    def _read_sums(self, account):
        """Return [(account of the books, kind, amount)], the largest first, from what was booked on an analytic account."""
        AnalyticLine = self.env['account.analytic.line'].sudo()  # sudo: sums by account, for whoever may prepare the statement
        column = account.plan_id._column_name()
        groups = AnalyticLine._read_group(
            Domain(column, '=', account.id) & Domain('date', '>=', self.date_from) & Domain('date', '<=', self.date_to)
            & Domain('company_id', '=', self.company_id.id) & Domain('general_account_id', '!=', False),
            ['general_account_id'], ['amount:sum'])
        sums = []
        for general, amount in groups:
            kind = general.account_type or ''
            amount = self.company_id.currency_id._convert(amount, self.currency_id, self.company_id, self.date_to)
            if kind.startswith(_COSTS) and amount:
                sums.append((general, 'cost', -amount))
            elif kind.startswith(_INCOME) and amount:
                sums.append((general, 'income', amount))
        return sorted(sums, key=lambda row: (row[1], -row[2]))

    def action_publish(self):
        """Release the statement: from now on residents of the estate read it in the portal.

        :raises AccessError: not a manager
        :raises UserError: it has no figures
        """
        self._check_role('property_service.group_manager')
        self.check_access('write')
        for statement in self:
            if statement.state == 'published':
                raise UserError(self.env._("%(statement)s is published already.", statement=statement.name))
            if not statement.line_ids.filtered(lambda line: line.kind == 'cost'):
                raise UserError(self.env._("%(statement)s has no costs to publish yet.", statement=statement.name))
        self.sudo().write({  # sudo: the state changes by the buttons alone; the role is checked above
            'state': 'published', 'published_at': fields.Datetime.now(), 'published_by_id': self.env.uid})
        return True

    def action_withdraw(self):
        """Take the statement back from the portal, to correct it.

        :raises AccessError: not a manager
        """
        self._check_role('property_service.group_manager')
        self.check_access('write')
        self.filtered(lambda statement: statement.state == 'published').sudo().write({'state': 'withdrawn'})  # sudo: as above
        return True

    def _check_role(self, groups):
        if not self.env.su and not self.env.user.has_groups(groups):
            raise AccessError(self.env._("You cannot do this: it takes another role."))

    # ---- PORTAL ----

    @api.model
    def _get_published_domain(self, units):
        """Return the Domain of what the residents of ``units`` may read."""
        return Domain('state', '=', 'published') & Domain('estate_id', 'in', units.estate_id.ids)

    def _describe(self):
        """Return what the portal page shows, with superuser rights."""
        self.ensure_one()
        currency = self.currency_id

        def rows(kind, total):
            return [{
                'name': line.name, 'note': line.note, 'amount': formatLang(self.env, line.amount, currency_obj=currency),
                'share': round(100 * line.amount / total, 1) if total and line.amount > 0 else 0.0,
                'per_area': formatLang(self.env, line.amount / self.area, currency_obj=currency) if self.area else False,
            } for line in self.line_ids.filtered(lambda line: line.kind == kind)]

        return {
            'name': self.name, 'estate': self.estate_id.name, 'introduction': self.introduction,
            'period': f'{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}',
            'published': format_date(self.env, fields.Datetime.context_timestamp(self, self.published_at)) if self.published_at else '',
            'costs': rows('cost', self.cost_total), 'income': rows('income', self.income_total),
            'cost_total': formatLang(self.env, self.cost_total, currency_obj=currency),
            'income_total': formatLang(self.env, self.income_total, currency_obj=currency),
            'balance': formatLang(self.env, self.income_total - self.cost_total, currency_obj=currency),
            'per_area': formatLang(self.env, self.cost_total / self.area, currency_obj=currency) if self.area else False,
        }


class PropertyServiceCostStatementLine(models.Model):
    """One kind of cost or income."""

    _name = 'property.service.cost.statement.line'
    _description = "Line of the Make-up of Cost"
    _order = 'statement_id, kind, sequence, id'

    statement_id = fields.Many2one('property.service.cost.statement', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='statement_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related='statement_id.currency_id')
    sequence = fields.Integer(default=10)
    kind = fields.Selection([('cost', "Cost"), ('income', "Income")], required=True, default='cost')
    account_id = fields.Many2one('account.account', index='btree_not_null', ondelete='restrict', help="Account of the books the amount comes from.")
    name = fields.Char(required=True, translate=True, help="As residents read it.")
    amount = fields.Monetary(required=True)
    share = fields.Float(string="Share (%)", compute='_compute_share', digits=(16, 1))
    note = fields.Char(translate=True)

    _amount_limit = models.Constraint(f'CHECK(abs(amount) < {MAX_AMOUNT})', "An amount this large cannot be right.")

    @api.depends('amount', 'statement_id.cost_total', 'statement_id.income_total')
    def _compute_share(self):
        for line in self:
            total = line.statement_id.cost_total if line.kind == 'cost' else line.statement_id.income_total
            line.share = 100 * line.amount / total if total else 0.0

    def _translate_names(self):
        """Name the accounts to each reader in the own language, as far as the books do."""
        for lang, _name in self.env['res.lang'].get_installed():
            for line in self:
                name = line.sudo().account_id.with_context(lang=lang).name  # sudo: managers read no accounts
                if name != line.with_context(lang=lang).name:
                    line.with_context(lang=lang).name = name

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su and any(line.statement_id.state == 'published' for line in self):
            raise UserError(self.env._("This is published. Withdraw it first."))
