from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import scoring
from ...tools.plain_number import plain_number
from .sources import SOURCES
from .sources.base import AGGREGATES, FACTORS, add_up, counted, held
from .sources.own import DATES, OWN_MODELS, VALUES, check_domain, check_runs, own_rows

MANUAL_SOURCES = [
    ('manual_manager', "Mark by the Manager"), ('manual_peer', "Marks by Peers"), ('manual_self', "Own Mark"),
    ('manual_hr', "Mark by HR"), ('manual_training', "Mark by Training"),
]
#: what only a person can be given, or what is itself the result of a team or an estate
PERSONAL_SOURCES = ('training_hours', 'conduct', 'manual_self', 'manual_peer', 'manual_training', 'team_result', 'estate_result')
#: What the figure depends on: never changed once the version is in use (R91).
DEFINITION_FIELDS = (
    'code', 'version', 'source', 'aggregate', 'unit', 'direction', 'min_cases', 'attribution', 'own_model', 'own_date', 'own_domain',
    'own_numerator', 'own_value_field', 'company_id', 'date_from')


class PropertyServiceIndicator(models.Model):
    """What people are assessed by: a figure anybody can read, check and recompute (R77–R83, R90, R91).

    Each record is one version of an indicator; which one counts for a period is decided by ``date_from``.
    """

    _name = 'property.service.indicator'
    _description = "Assessment Indicator"
    _inherit = ['property.service.versioned']
    _order = 'sequence, code, version desc'
    _rec_names_search = ['name', 'code']
    _definition_fields = DEFINITION_FIELDS

    name = fields.Char(required=True, translate=True)
    date_from = fields.Date(
        string="In Force From", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Periods that end on this day or later are computed by this version.")
    sequence = fields.Integer(default=50)
    company_id = fields.Many2one(help="Empty: for all companies.")
    source = fields.Selection(
        [(key, source.label) for key, source in SOURCES.items()] + [('own', "Own Definition")] + MANUAL_SOURCES, required=True,
        default='own', help="Where the figure comes from: computed from the work, or given as a mark from 0 to 100.")
    is_manual = fields.Boolean(compute='_compute_is_manual')
    aggregate = fields.Selection(
        AGGREGATES, required=True, compute='_compute_aggregate', store=True, readonly=False, precompute=True, string="Figure",
        help="Share: numerator ÷ denominator × 100. Mean: numerator ÷ denominator. Sum: numerator.")
    unit = fields.Selection(
        [('percent', "%"), ('per_hundred', "per 100"), ('hours', "h"), ('points', "points"), ('count', "cases")],
        string="Unit of the Number", required=True, default='percent')
    direction = fields.Selection(
        [('higher', "Higher is better"), ('lower', "Lower is better")], required=True, default='higher')
    attribution = fields.Selection(
        [('worker', "Who did the work"), ('owner', "Who owns the case"), ('team', "Each member of the team"), ('leader', "The team's leader")],
        string="Counts For", required=True, default='worker',
        help="A case that changed hands counts for each worker by the share of time he held it, by the state log.")
    min_cases = fields.Integer(
        string="Minimum Number of Cases", help="Below it there is not enough data: the weight is spread over the other lines.")
    definition = fields.Text(translate=True, help="In words that the people assessed understand.")
    numerator_text = fields.Char(string="Numerator", translate=True)
    denominator_text = fields.Char(string="Denominator", translate=True)
    exclusions = fields.Text(translate=True, help="What does not count, and why.")

    own_model = fields.Selection(
        [(name, own.label) for name, own in OWN_MODELS.items()], string="Cases",
        default='property.service.request', groups='hr.group_hr_user')
    own_date = fields.Selection(
        DATES, string="Belongs to the Period By", compute='_compute_own_parts', store=True, readonly=False, precompute=True,
        groups='hr.group_hr_user')
    own_domain = fields.Char(string="Which Cases Count", default='[]', groups='hr.group_hr_user')
    own_numerator = fields.Char(
        string="Which of Them Are Counted Above", groups='hr.group_hr_user', help="Empty: all of them.")
    own_value_field = fields.Selection(
        VALUES, string="Number to Add Up", compute='_compute_own_parts', store=True, readonly=False, precompute=True,
        groups='hr.group_hr_user',
        help="Empty: cases are counted. With a number, its sum over the cases that match is the numerator.")
    preview = fields.Html(compute='_compute_preview', groups='hr.group_hr_user', sanitize=False)

    _min_cases_positive = models.Constraint('CHECK(min_cases >= 0)', "The minimum number of cases cannot be negative.")

    # ---- COMPUTES ----

    @api.depends('source')
    def _compute_is_manual(self):
        for indicator in self:
            indicator.is_manual = (indicator.source or '').startswith('manual_')

    @api.depends('source')
    def _compute_aggregate(self):
        for indicator in self:
            source = SOURCES.get(indicator.source)
            indicator.aggregate = source.aggregate if source else 'mean' if indicator.is_manual else indicator.aggregate or 'share'

    @api.depends('own_model')
    def _compute_own_parts(self):
        """Propose the first moment of the cases; a moment or number that they do not have is taken out."""
        for indicator in self:
            own = OWN_MODELS.get(indicator.own_model)
            if not own:
                continue
            if indicator.own_date not in own.dates:
                indicator.own_date = own.dates[0]
            if indicator.own_value_field not in own.values:
                indicator.own_value_field = False

    @api.depends('source', 'attribution', 'aggregate', 'own_model', 'own_date', 'own_domain', 'own_numerator', 'own_value_field')
    def _compute_preview(self):
        """Show the figures of last month, so that whoever defines an indicator sees at once what it gives."""
        today = fields.Date.context_today(self)
        start = today.replace(day=1) - relativedelta(months=1)
        company = self.env.company
        for indicator in self:
            if indicator.is_manual or not indicator.source:
                indicator.preview = False
                continue
            try:
                period = company._get_assessment_period(start, today.replace(day=1) - relativedelta(days=1))
                if indicator.source == 'own':
                    check_runs(indicator, period)
                figures = [
                    (self.env._("Employee"), self.env['hr.employee'], indicator._get_company_figures(period)),
                    (self.env._("Team"), self.env['property.service.team'].sudo(),  # sudo: names; HR need not be on site
                     {} if indicator._is_personal() else indicator._get_team_figures(period))]
            except ValidationError as error:
                indicator.preview = Markup('<div class="alert alert-warning">%s</div>') % error.args[0]
                continue
            indicator.preview = indicator._render_preview(figures)

    def _is_personal(self):
        """Tell whether the figure makes sense for single people only, not for teams or estates."""
        self.ensure_one()
        own = self.source == 'own' and OWN_MODELS.get(self.sudo().own_model)  # sudo: an own definition is HR's to read
        return self.source in PERSONAL_SOURCES or bool(own) and own.team is None

    def _render_preview(self, tables):
        """Return the tables of figures: [(heading, empty recordset, {id: (numerator, denominator, cases, figure)})]."""
        if not any(figures for _heading, _records, figures in tables):
            return Markup('<p class="text-muted">%s</p>') % self.env._("No case of last month counts.")
        row = Markup('<tr><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td><td class="text-end">%s</td></tr>')
        table = Markup(
            '<table class="table table-sm"><thead><tr><th>%s</th><th class="text-end">%s</th><th class="text-end">%s</th>'
            '<th class="text-end">%s</th></tr></thead><tbody>%s</tbody></table>')
        return Markup('').join(table % (
            heading, self.env._("Numerator"), self.env._("Denominator"), self.env._("Figure"), Markup('').join(
                row % (record.name, plain_number(numerator, 2), plain_number(denominator, 2),
                       self.env._("not enough data") if actual is None else plain_number(actual))
                for record in records.browse(list(figures)) for numerator, denominator, _count, actual in [figures[record.id]])
        ) for heading, records, figures in tables if figures)

    # ---- CONSTRAINTS ----

    @api.constrains('source', 'own_model', 'own_date', 'own_domain', 'own_numerator', 'own_value_field', 'attribution', 'aggregate')
    def _check_own(self):
        for indicator in self.sudo():  # sudo: the fields of an own definition are HR's, the check is for all
            if indicator.source != 'own':
                continue
            own = OWN_MODELS.get(indicator.own_model)
            labels = dict(indicator._fields['own_date']._description_selection(self.env))
            if not own or indicator.own_date not in own.dates:
                raise ValidationError(self.env._(
                    "Choose a moment that these cases have: %(moments)s.", moments=", ".join(labels[name] for name in own.dates) if own else "–"))
            Model = self.env[indicator.own_model]
            check_domain(Model, indicator.own_domain)
            check_domain(Model, indicator.own_numerator)
            if indicator.own_value_field and indicator.own_value_field not in own.values:
                raise ValidationError(self.env._("These cases do not have such a number."))
            if own.team is None and indicator.attribution in ('team', 'leader'):
                raise ValidationError(self.env._("These cases belong to no team: let them count for who did the work."))
            today = fields.Date.context_today(indicator)
            check_runs(indicator, (indicator.company_id or self.env.company)._get_assessment_period(today, today))

    # ---- VERSIONS ----

    def copy_data(self, default=None):
        """The source is what a copy is about: its default must not replace it."""
        return [{**vals, 'source': indicator.source} for indicator, vals in zip(self, super().copy_data(default))]

    def _check_before_active(self):
        for indicator in self:
            if not indicator.definition:
                raise UserError(self.env._("Say in words what %(indicator)s measures first.", indicator=indicator.display_name))

    def _get_version_defaults(self):
        return {'date_from': self._next_month()}

    # ---- FIGURES ----

    def _in_force(self, date):
        """Return, for each indicator in order, the version of the same code that counts for a period that ends on ``date``."""
        versions = self.with_context(active_test=False).search([
            ('code', 'in', self.mapped('code')), ('state', 'in', ('active', 'retired')), ('date_from', '<=', date),
        ], order='version desc')
        chosen = {}
        for version in versions:
            chosen.setdefault((version.code, version.company_id), version)
        return self.browse([chosen.get((indicator.code, indicator.company_id), indicator).id for indicator in self])

    def _get_cases(self, period, subject='employee'):
        """Return the SQL of the cases that count and of whom they count for, see ``sources/base.py``.

        :param sources.base.Period period: the days
        :param str subject: employee, team or estate
        """
        self.ensure_one()
        source = SOURCES.get(self.source)
        return held(self._get_rows(period), self.attribution, subject, bool(source and source.duty), period.shares)

    def _get_rows(self, period):
        """Return the SQL of the cases that count, see ``sources.base.Source.rows``."""
        source = SOURCES.get(self.source)
        definition = self.sudo()  # sudo: an own definition is HR's to read; its figures are asked for by whoever may see them
        return source.rows(self.env, period) if source else own_rows(definition, period)

    def _get_counted(self, period, subjects, subject='employee'):
        """Return the SQL of the cases that count for subjects, see ``sources.base.counted``."""
        return counted(self._get_cases(period, subject), subjects)

    def _is_computable(self):
        self.ensure_one()
        source = SOURCES.get(self.source)
        return self.source == 'own' or bool(source and source.is_available(self.env))

    def _get_actual(self, numerator, denominator, count):
        """Return the figure, or None when there is not enough data.

        :param numerator: sum over the cases, :param denominator: likewise, :param int count: number of cases
        """
        source = SOURCES.get(self.source)
        if not count and source and source.empty_is_zero:
            return 0.0
        basis = count if source and source.counts_cases else float(denominator or 0)
        if not count or basis < self.min_cases:
            return None
        if self.aggregate == 'sum':
            return scoring.rounded(float(numerator), 4)
        return scoring.ratio(numerator, denominator, FACTORS[self.aggregate])

    def _get_numerator(self, figure, denominator):
        """Return the numerator that gives a figure."""
        self.ensure_one()
        return figure if self.aggregate == 'sum' else scoring.rounded(figure * float(denominator or 0) / FACTORS[self.aggregate], 6)

    def _check_figure(self, figure):
        """Raise UserError for a figure that this indicator cannot have: a share or a mark beyond 0 to 100."""
        self.ensure_one()
        source = SOURCES.get(self.source)
        may_exceed = self.sudo().own_value_field or source and source.may_exceed  # sudo: an own definition is HR's to read
        if self.is_manual or self.aggregate == 'share' and not may_exceed:
            if not 0 <= figure <= 100:
                raise UserError(self.env._(
                    "%(name)s cannot be %(figure)s: it lies between 0 and 100.", name=self.name, figure=plain_number(figure)))
        elif self.aggregate == 'share' and figure < 0:
            raise UserError(self.env._("%(name)s cannot be %(figure)s: it is never negative.", name=self.name, figure=plain_number(figure)))

    def _get_figures(self, period, subjects, subject='employee'):
        """Return {subject id: (numerator, denominator, number of cases, figure or None)} in one query.

        :param SQL subjects: rows (subject_id, holder_id, start_at, end_at)
        """
        self.ensure_one()
        self.env.flush_all()
        query = add_up(self._get_counted(period, subjects, subject))
        return {
            key: (numerator, denominator, count, self._get_actual(numerator, denominator, count))
            for key, numerator, denominator, count in self.env.execute_query(query)}

    def _get_company_figures(self, period):
        """Return the figures of all employees of the period's company: {employee id: (numerator, denominator, cases, figure)}."""
        subjects = SQL(
            "SELECT id AS subject_id, id AS holder_id, %s AS start_at, %s AS end_at FROM hr_employee WHERE company_id = %s",
            period.start, period.end, period.company_id)
        return self._get_figures(period, subjects)

    def _get_team_figures(self, period):
        """Return the figures of all teams of the period's company: {team id: (numerator, denominator, cases, figure)}."""
        subjects = SQL(
            "SELECT id AS subject_id, id AS holder_id, %s AS start_at, %s AS end_at FROM property_service_team WHERE company_id = %s",
            period.start, period.end, period.company_id)
        return self._get_figures(period, subjects, 'team')
