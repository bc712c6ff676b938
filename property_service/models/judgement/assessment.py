from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import scoring
from ...tools.plain_number import plain_number
from ..context_defaults import without_defaults
from .unfinished import HR_MARKS

STATES = [
    ('draft', "Draft"), ('self', "Own Assessment"), ('manager', "Manager's Marks"), ('hr', "HR"), ('published', "Published"), ('closed', "Closed"),
]
#: states in which the person assessed reads the assessment: while it is his turn, and once it is published
OWN_STATES = ('self', 'published', 'closed')
#: states in which figures and cases stay as they are
FROZEN_STATES = ('published', 'closed')
#: Only code in this process can hold this object: a context sent over RPC cannot forge it.
_STEP = object()


class PropertyServiceAssessment(models.Model):
    """The scorecard of one employee (team, estate) for one period: 考核表. Its steps stand in ``assessment_workflow.py``."""

    _name = 'property.service.assessment'
    _description = "Assessment"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'property.service.unfinished']
    _order = 'date_from desc, id desc'
    _mail_post_access = 'read'
    _unfinished = {
        'self_note': 'self', 'manager_note': 'manager', 'hr_note': 'hr', 'improvement_plan': 'plan', 'base_score': 'result',
        'bonus': 'result', 'deduction': 'result', 'score': 'result', 'has_score': 'result', 'veto': 'result', 'band_id': 'result'}

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    state = fields.Selection(STATES, required=True, default='draft', readonly=True, copy=False, index=True, tracking=True)
    cycle_id = fields.Many2one('property.service.assessment.cycle', required=True, readonly=True, index=True, ondelete='restrict')
    scheme_id = fields.Many2one(related='cycle_id.scheme_id', store=True, index=True, precompute=True)
    company_id = fields.Many2one(related='cycle_id.company_id', store=True, index=True, precompute=True)
    subject = fields.Selection(related='scheme_id.subject')
    employee_id = fields.Many2one('hr.employee', readonly=True, index='btree_not_null', ondelete='restrict')
    user_id = fields.Many2one(related='employee_id.user_id', store=True, index='btree_not_null', related_sudo=True, string="Person Assessed")
    team_id = fields.Many2one('property.service.team', readonly=True, index='btree_not_null', ondelete='restrict')
    estate_id = fields.Many2one('property.service.estate', readonly=True, index='btree_not_null', ondelete='restrict')
    department_id = fields.Many2one('hr.department', readonly=True, index='btree_not_null', ondelete='restrict', help="As of the period.")
    job_id = fields.Many2one('hr.job', string="Job Position", readonly=True, ondelete='restrict', help="As of the period.")
    manager_id = fields.Many2one(
        'hr.employee', string="Assessed By", index='btree_not_null', readonly=True, help="Who marks: the manager as of the period.")
    date_from = fields.Date(string="First Day", required=True, readonly=True)
    date_to = fields.Date(string="Last Day", required=True, readonly=True)
    start_at = fields.Datetime(readonly=True, required=True)
    end_at = fields.Datetime(readonly=True, required=True)
    line_ids = fields.One2many('property.service.assessment.line', 'assessment_id', string="Lines")

    base_score = fields.Float(
        string="Weighted Score", readonly=True, copy=False, digits=(6, 2), aggregator='avg', depends_context=('uid',))
    bonus = fields.Float(readonly=True, copy=False, digits=(6, 2), aggregator='avg', depends_context=('uid',))
    deduction = fields.Float(readonly=True, copy=False, digits=(6, 2), aggregator='avg', depends_context=('uid',))
    score = fields.Float(string="Result", readonly=True, copy=False, digits=(6, 2), aggregator='avg', depends_context=('uid',))
    result_formula = fields.Char(string="How It Came About", compute='_compute_result_formula')
    has_score = fields.Boolean(string="Enough Data", readonly=True, copy=False, depends_context=('uid',))
    veto = fields.Char(readonly=True, copy=False, depends_context=('uid',), help="一票否决: rules that give the lowest grade.")
    band_id = fields.Many2one(
        'property.service.assessment.band', string="Grade", readonly=True, copy=False, index='btree_not_null',
        depends_context=('uid',))
    stars = fields.Selection(related='band_id.stars', related_sudo=False)
    first_score = fields.Float(
        string="Result as First Published", readonly=True, copy=False, digits=(6, 2), aggregator=None,
        help="Kept when an appeal corrects the result.")
    first_band_id = fields.Many2one('property.service.assessment.band', string="Grade as First Published", readonly=True, copy=False)

    self_note = fields.Text(string="Employee's Words", copy=False, depends_context=('uid',))
    manager_note = fields.Text(string="Manager's Words", copy=False, depends_context=('uid',))
    hr_note = fields.Text(string="HR's Words", copy=False, depends_context=('uid',))
    improvement_plan = fields.Text(
        copy=False, depends_context=('uid',), help="What is to become better, by when, with which training (R89).")
    needs_plan = fields.Boolean(related='band_id.needs_plan', related_sudo=False, string="Plan Needed")
    self_submitted_at = fields.Datetime(readonly=True, copy=False)
    manager_submitted_at = fields.Datetime(readonly=True, copy=False)
    manager_submitted_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    published_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    appeal_ids = fields.One2many('property.service.appeal', 'assessment_id', string="Appeals")
    appeal_deadline = fields.Date(readonly=True, copy=False)
    is_own = fields.Boolean(compute='_compute_is_own')
    can_mark = fields.Boolean(compute='_compute_is_own')

    _once = models.UniqueIndex('(cycle_id, employee_id, date_from) WHERE employee_id IS NOT NULL')
    _team_once = models.UniqueIndex('(cycle_id, team_id) WHERE team_id IS NOT NULL')
    _estate_once = models.UniqueIndex('(cycle_id, estate_id) WHERE estate_id IS NOT NULL')

    # ---- COMPUTES ----

    @api.depends('employee_id', 'team_id', 'estate_id', 'name')
    def _compute_display_name(self):
        for assessment in self:
            subject = assessment.employee_id or assessment.team_id or assessment.estate_id
            name = subject.sudo().name  # sudo: who may read the assessment may read whose it is
            assessment.display_name = " ".join(filter(None, (assessment.name, name)))

    @api.depends_context('uid')
    @api.depends('user_id', 'manager_id', 'department_id', 'state')
    def _compute_is_own(self):
        for assessment in self:
            assessment.is_own = assessment.user_id == self.env.user
            assessment.can_mark = assessment._may_mark()

    @api.depends_context('uid')
    @api.depends('line_ids.score', 'line_ids.has_data', 'base_score', 'bonus', 'deduction', 'score', 'has_score')
    def _compute_result_formula(self):
        """Say how the result follows from the lines, so that anybody can check it with a pocket calculator."""
        for assessment in self:
            lines = assessment.line_ids.filtered('has_data')
            if not assessment.has_score or not lines:
                assessment.result_formula = False
                continue
            base, bonus, deduction, score = (assessment[name] for name in ('base_score', 'bonus', 'deduction', 'score'))
            products = " + ".join(f"{plain_number(line.weight, 6)} × {plain_number(line.score)}" for line in lines)
            text = f"({products}) ÷ {plain_number(sum(lines.mapped('weight')), 6)} = {plain_number(base)}"
            if bonus or deduction or base != score:
                reached = scoring.adjust(base, [bonus], [deduction])[0]
                text += f"; {plain_number(base)} + {plain_number(bonus)} − {plain_number(deduction)} = {plain_number(reached)}"
                if reached != score:
                    text += self.env._(", at most %(limit)s", limit=plain_number(score))
            assessment.result_formula = text

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Assessments are made by a cycle."""
        if not self._is_step():
            raise UserError(self.env._("Assessments are made by a cycle."))
        return super().create(vals_list)

    def write(self, vals):
        """Besides the words of each party, everything is set by the steps; each party writes only its own words, in its turn."""
        if not self._is_step():
            words = {'self_note': 'self', 'manager_note': 'manager', 'hr_note': 'hr', 'improvement_plan': None}
            others = vals.keys() - words.keys() - {'line_ids', 'activity_ids', 'message_follower_ids', 'message_ids'}
            if any(name in self._fields and name != 'message_main_attachment_id' for name in others):
                raise UserError(self.env._("Figures, marks and states of an assessment are set by its steps."))
            for name in vals.keys() & words.keys():
                self._check_words(words[name])
        return super().write(vals)

    def _check_words(self, party):
        for assessment in self:
            if party == 'self':
                allowed = assessment.is_own and assessment.state == 'self'
            elif party == 'manager':
                allowed = assessment._may_mark() and assessment.state == 'manager'
            else:
                allowed = (self.env.user.has_group('hr.group_hr_user') or party is None and assessment._may_mark()) \
                    and assessment.state != 'closed' and not assessment.is_own
            if not allowed and not self.env.su:
                raise UserError(self.env._("It is not your turn to write here."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self._is_step():
            raise UserError(self.env._("An assessment stays on file."))

    # ---- STEPS ----

    @api.model
    def _is_step(self):
        return self.env.context.get('property_service_assessment_step') is _STEP

    def _as_step(self):
        """Return the records in an environment that may write what only the steps write."""
        return without_defaults(self).sudo().with_context(  # sudo: the step has checked the right; nobody else may write the facts
            property_service_assessment_step=_STEP)

    # ---- RIGHTS ----

    def _may_mark(self):
        """Tell whether the user is the manager of the person assessed, as of the period; nobody marks himself."""
        self.ensure_one()
        user, assessment = self.env.user, self.sudo()  # sudo: compare only
        if assessment.user_id == user:
            return False
        managers = assessment.manager_id | assessment.department_id.manager_id | assessment.department_id.parent_id.manager_id
        return user in managers.user_id

    def _get_unfinished(self, part, alias, query):
        state, user, approved = (self._field_to_sql(alias, name, query) for name in ('state', 'user_id', 'approved_by_id'))
        own = SQL("%s IS NOT DISTINCT FROM %s", user, self.env.uid)
        with_hr = SQL("(%s = 'hr' AND %s IS NULL)", state, approved)
        return {
            'self': SQL("(%s IN ('draft', 'self') AND NOT %s)", state, own),
            'manager': SQL("(%s IN ('draft', 'self', 'manager') AND %s)", state, own),
            'hr': SQL("(%s IN ('draft', 'self', 'manager') OR %s)", state, with_hr),
            'plan': SQL("(%s NOT IN ('published', 'closed') AND %s)", state, own),
            # In the result of each state are the marks of those whose turn it is, see ``_fetch_figures`` of the line.
            'result': SQL(
                """(%s IN ('draft', 'self') AND NOT %s OR %s AND EXISTS (
                    SELECT 1 FROM property_service_assessment_line l JOIN property_service_indicator i ON i.id = l.indicator_id
                     WHERE l.assessment_id = %s AND l.is_marked AND i.source IN %s))""",
                state, own, with_hr, SQL.identifier(alias, 'id'), HR_MARKS),
        }[part]

    # ---- SCORING ----

    def _score(self, counts=None):
        """Turn the figures of the lines into scores, results and grades, by each scheme's ``_judge``, in two writes for all.

        :param dict counts: {line id: (numerator, denominator, number of cases)} as counted a moment ago, to be stored with the scores
        """
        if not self:
            return
        self.env.flush_all()
        lines_of = self.env['property.service.assessment.line']._fetch_figures(self, counts)
        line_rows, rows = [], []
        for scheme, assessments in self.sudo().grouped('scheme_id').items():  # sudo: scores follow from the figures, whoever enters a mark
            rules = {rule.id: rule.name for rule in scheme.rule_ids}
            judge = scheme._get_judge()
            for assessment_id in assessments._ids:
                lines = lines_of.get(assessment_id, ())
                judged = judge({line.scheme_line_id: (line.actual, line.measured) for line in lines})
                for line in lines:
                    score = judged['scores'][line.scheme_line_id]
                    line_rows.append((line.id, line.actual, score, judged['weights'][line.scheme_line_id], *line[-3:]))
                rows.append((
                    assessment_id, judged['base'], judged['bonus'], judged['deduction'], judged['result'], judged['band_id'],
                    ", ".join(rules[rule] for rule in judged['vetoes']) or None))
        self._store_scores(line_rows, rows)

    def _get_results(self):
        """Return {assessment id: what it says}, to see later whether it says something else."""
        return {assessment_id: rest for assessment_id, *rest in self.env.execute_query(SQL(
            """
            SELECT a.id, a.score, a.has_score, a.band_id, a.veto, ARRAY_AGG((l.actual, l.has_data, l.numerator, l.denominator)::text ORDER BY l.id)
              FROM property_service_assessment a
              JOIN property_service_assessment_line l ON l.assessment_id = a.id
             WHERE a.id = ANY(%s)
             GROUP BY a.id
            """, list(self._ids)))}

    def _store_scores(self, line_rows, rows):
        """Write scores: ``line_rows`` (line id, actual, score, weight and counts), ``rows`` as judged; None is "not enough data"."""
        def columns(table, count):
            return [list(column) for column in zip(*table)] if table else [[] for _index in range(count)]

        self.env.cr.execute(SQL(
            """
            UPDATE property_service_assessment_line l
               SET actual = COALESCE(t.actual, 0), has_data = t.actual IS NOT NULL, score = COALESCE(t.score, 0),
                   effective_weight = ROUND(t.weight, 2), numerator = t.numerator, denominator = t.denominator, case_count = t.count
              FROM UNNEST(%s::int[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::int[])
                   AS t (id, actual, score, weight, numerator, denominator, count)
             WHERE l.id = t.id
            """, *columns(line_rows, 7)))
        ids, bases, bonuses, deductions, results, bands, vetoes = columns(rows, 7)
        self.env.cr.execute(SQL(
            """
            UPDATE property_service_assessment a
               SET base_score = COALESCE(t.base, 0), bonus = t.bonus, deduction = t.deduction, score = COALESCE(t.result, 0),
                   has_score = t.result IS NOT NULL, band_id = t.band, veto = t.veto
              FROM UNNEST(%s::int[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::int[], %s::varchar[])
                   AS t (id, base, bonus, deduction, result, band, veto)
             WHERE a.id = t.id
            """, ids, bases, bonuses, deductions, results, bands, vetoes))
        self.env.invalidate_all(flush=False)
