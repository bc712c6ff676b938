from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ...tools import scoring

PERIODS = [('month', "Month"), ('quarter', "Quarter"), ('year', "Year")]
SUBJECTS = [('employee', "Employees"), ('team', "Teams"), ('estate', "Estates")]


class PropertyServiceAssessmentScheme(models.Model):
    """Who is assessed by what, how figures become points, and what follows from them: 考核方案 (R77–R79)."""

    _name = 'property.service.assessment.scheme'
    _description = "Assessment Scheme"
    _inherit = ['property.service.versioned', 'property.service.hr.conversation']
    _order = 'name, version desc, id'
    _check_company_auto = True
    _definition_fields = (
        'code', 'version', 'period', 'subject', 'job_ids', 'department_ids', 'with_self', 'line_ids', 'band_ids', 'rule_ids', 'max_score',
        'bonus_cap', 'deduction_cap', 'mark_tolerance', 'appeal_days', 'company_id')

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(default='scheme')
    company_id = fields.Many2one(required=True, default=lambda self: self.env.company)
    goal = fields.Text(translate=True, help="What the assessment is to bring about, in words.")
    period = fields.Selection(PERIODS, required=True, default='month')
    subject = fields.Selection(SUBJECTS, string="Assessed Are", required=True, default='employee')
    job_ids = fields.Many2many(
        'hr.job', 'property_service_scheme_job_rel', string="Jobs", check_company=True, help="Empty: all jobs.")
    department_ids = fields.Many2many(
        'hr.department', 'property_service_scheme_department_rel', string="Departments", check_company=True,
        help="With their subdepartments. Empty: all departments.")
    with_self = fields.Boolean(string="Employees Assess Themselves", default=True)
    mark_tolerance = fields.Float(
        string="Marks May Depart By", default=15.0,
        help="A manager's mark that departs from the peers' by more than this needs a reason: from the marks of the employee's peers"
             " where they were asked, else from the mean mark of the department.")
    appeal_days = fields.Integer(string="Days to Appeal", default=7, help="After publication.")
    max_score = fields.Float(string="Highest Result", default=120.0)
    bonus_cap = fields.Float(string="Most Bonus Points", default=20.0)
    deduction_cap = fields.Float(string="Most Points Deducted", default=20.0)
    line_ids = fields.One2many('property.service.assessment.scheme.line', 'scheme_id', string="Lines", copy=True)
    band_ids = fields.One2many('property.service.assessment.band', 'scheme_id', string="Grades", copy=True)
    rule_ids = fields.One2many('property.service.assessment.rule', 'scheme_id', string="Rules", copy=True)
    weight_total = fields.Float(compute='_compute_weight_total', help="Must be 100.")
    cycle_ids = fields.One2many('property.service.assessment.cycle', 'scheme_id', string="Cycles")
    cycle_count = fields.Integer(compute='_compute_cycle_count')

    _days_positive = models.Constraint('CHECK(appeal_days >= 0)', "Days cannot be negative.")
    _caps_positive = models.Constraint(
        'CHECK(max_score >= 100 AND bonus_cap >= 0 AND deduction_cap >= 0 AND mark_tolerance >= 0)',
        "The highest result is at least 100, and limits are not negative.")

    # ---- COMPUTES ----

    @api.depends('line_ids.weight')
    def _compute_weight_total(self):
        for scheme in self:
            scheme.weight_total = scoring.rounded(sum(scheme.line_ids.mapped('weight')))

    @api.depends('cycle_ids')
    def _compute_cycle_count(self):
        counts = dict(self.env['property.service.assessment.cycle']._read_group(
            [('scheme_id', 'in', self.ids)], ['scheme_id'], ['__count']))
        for scheme in self:
            scheme.cycle_count = counts.get(scheme, 0)

    # ---- VERSIONS ----

    def _check_before_active(self):
        for scheme in self:
            if float_compare(scheme.weight_total, 100, 2):
                raise UserError(self.env._(
                    "The weights of %(scheme)s add up to %(total)s: they must be 100.", scheme=scheme.name, total=scheme.weight_total))
            if not scheme.band_ids:
                raise UserError(self.env._("%(scheme)s has no grades yet.", scheme=scheme.name))
            lowest = min(scheme.band_ids.mapped('minimum'))
            if lowest > 0:
                raise UserError(self.env._(
                    "The lowest grade of %(scheme)s begins at %(points)s points: which grade has a result below?",
                    scheme=scheme.name, points=f"{lowest:g}"))
            unusable = scheme.line_ids.indicator_id.filtered(lambda indicator: indicator.state != 'active')
            if unusable:
                raise UserError(self.env._("These indicators are not in force: %(names)s.", names=", ".join(unusable.mapped('name'))))
            if scheme.subject != 'employee' and any(
                    indicator._is_personal() for indicator in scheme.line_ids.indicator_id):
                raise UserError(self.env._("%(scheme)s asks teams or estates for what only a person can have.", scheme=scheme.name))

    def action_activate(self):
        """Put drafts into force, in place of the version before."""
        result = super().action_activate()
        for scheme in self:
            self.search([
                ('id', '!=', scheme.id), ('code', '=', scheme.code), ('company_id', '=', scheme.company_id.id), ('state', '=', 'active'),
            ]).action_retire()
        return result

    # ---- SCORING ----

    def _get_judge(self, weights=None):
        """Return the function that says what figures come to by this scheme; the only place where lines become a result.

        It takes ``{scheme line id: (actual or None, numerator)}`` and returns a dict with ``scores`` {scheme line id: score or None},
        ``weights`` {scheme line id: weight in force}, ``base``, ``bonus``, ``deduction``, ``result``, ``band_id`` and ``vetoes`` (ids
        of the rules). It reads nothing from the database, so that thousands can be judged with it.

        :param dict weights: {scheme line id: other weight}, to see what it would change
        """
        self.ensure_one()
        weights = weights or {}
        lines = [(line.id, line.indicator_id.code, weights.get(line.id, line.weight), line._get_rule()) for line in self.line_ids]
        bands = [scoring.Band(band.id, band.minimum) for band in self.band_ids]
        rules = [(rule.id, rule.kind, rule.indicator_id.code, rule.measure, rule.operator, rule.threshold, rule.points, rule.per_case)
                 for rule in self.rule_ids]
        limits = self.bonus_cap, self.deduction_cap, self.max_score
        nothing = (None, 0)

        def judge(figures):
            scores = {line_id: scoring.score(figures.get(line_id, nothing)[0], rule) for line_id, _code, _weight, rule in lines}
            parts = [scoring.Part(weight, scores[line_id]) for line_id, _code, weight, _rule in lines]
            by_code = {code: figures.get(line_id, nothing) for line_id, code, _weight, _rule in lines}
            points, vetoes = {'bonus': [], 'deduction': []}, []
            for rule_id, kind, code, measure, operator, threshold, worth, per_case in rules:
                actual, numerator = by_code.get(code, nothing)
                measured = float(numerator or 0) if measure == 'cases' and actual is not None else actual
                if not scoring.triggers(measured, operator, threshold):
                    continue
                if kind == 'veto':
                    vetoes.append(rule_id)
                else:
                    points[kind].append(worth * (measured if per_case else 1))
            base = scoring.total(parts)
            result, bonus, deduction = scoring.adjust(base, points['bonus'], points['deduction'], *limits)
            return {
                'scores': scores, 'weights': dict(zip(scores, scoring.spread(parts))), 'base': base, 'bonus': bonus,
                'deduction': deduction, 'result': result, 'band_id': scoring.grade(result, bands, bool(vetoes)), 'vetoes': vetoes,
            }
        return judge

    # ---- ACTIONS ----

    def action_open_cycles(self):
        """Return the act_window of the cycles of this scheme."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Cycles"), 'res_model': 'property.service.assessment.cycle',
            'view_mode': 'list,form', 'domain': [('scheme_id', '=', self.id)], 'context': {'default_scheme_id': self.id}}
