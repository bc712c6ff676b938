from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import scoring
from ...tools.plain_number import plain_number
from .assessment import FROZEN_STATES
from .assessment_peer import LEAST_PEERS
from .unfinished import HR_MARKS

#: ``measured``: the numerator that rules look at, ``numerator`` the one that was counted: an appeal corrects the first
Figure = namedtuple('Figure', 'id assessment_id scheme_line_id actual measured numerator denominator case_count')
#: what the line's mark is given by -> state in which it is given
MARK_STATES = {'manual_self': 'self', 'manual_manager': 'manager', 'manual_hr': 'hr', 'manual_training': 'hr'}


def get_unfinished_marks(uid):
    """Return SQL that is true where the user ``uid`` does not read the mark of the indicator ``i`` in the assessment ``a`` yet."""
    return SQL(
        """i.source = 'manual_self' AND a.state IN ('draft', 'self') AND a.user_id IS DISTINCT FROM %(uid)s
         OR i.source = 'manual_manager' AND a.state IN ('draft', 'self', 'manager') AND a.user_id = %(uid)s
         OR i.source IN %(hr)s AND (a.state IN ('draft', 'self', 'manager') OR a.state = 'hr' AND a.approved_by_id IS NULL)""",
        uid=uid, hr=HR_MARKS)


class PropertyServiceAssessmentLine(models.Model):
    """One figure of a scorecard, with the cases behind it (R90)."""

    _name = 'property.service.assessment.line'
    _description = "Assessment Line"
    _order = 'assessment_id, sequence, id'
    _inherit = ['property.service.unfinished']
    _rec_name = 'indicator_id'
    _unfinished = {
        'mark': 'mark', 'mark_reason': 'mark', 'is_marked': 'mark', 'marked_by_id': 'mark', 'actual': 'mark', 'score': 'mark',
        'has_data': 'mark', 'self_comment': 'comment'}

    assessment_id = fields.Many2one('property.service.assessment', required=True, index=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    scheme_line_id = fields.Many2one(
        'property.service.assessment.scheme.line', required=True, readonly=True, index=True, ondelete='restrict')
    indicator_id = fields.Many2one('property.service.indicator', required=True, readonly=True, index=True, ondelete='restrict')
    sequence = fields.Integer(readonly=True)
    state = fields.Selection(related='assessment_id.state')
    source = fields.Selection(related='indicator_id.source')
    is_manual = fields.Boolean(related='indicator_id.is_manual')
    unit = fields.Selection(related='indicator_id.unit')
    weight = fields.Float(readonly=True, aggregator=None)
    effective_weight = fields.Float(
        string="Weight in Force", readonly=True, aggregator=None, digits=(6, 2),
        help="With the weights of lines without enough data spread over the others.")
    target = fields.Float(readonly=True, aggregator=None)
    numerator = fields.Float(readonly=True, digits=(16, 6))
    denominator = fields.Float(readonly=True, digits=(16, 6))
    case_count = fields.Integer(string="Cases", readonly=True)
    actual = fields.Float(readonly=True, digits=(16, 4), aggregator='avg', depends_context=('uid',))
    score = fields.Float(readonly=True, digits=(6, 2), aggregator='avg', depends_context=('uid',))
    has_data = fields.Boolean(string="Enough Data", readonly=True, depends_context=('uid',))
    mark = fields.Float(digits=(5, 1), aggregator='avg', copy=False, depends_context=('uid',), help="From 0 to 100.")
    is_marked = fields.Boolean(readonly=True, copy=False, depends_context=('uid',))
    mark_reason = fields.Text(copy=False, depends_context=('uid',))
    marked_by_id = fields.Many2one('res.users', readonly=True, copy=False, depends_context=('uid',))
    self_comment = fields.Text(string="Employee's Comment", copy=False, depends_context=('uid',))
    median = fields.Float(
        string="Department's Median", readonly=True, digits=(16, 4), aggregator=None,
        help="Of all colleagues in the same department with enough data, at publication; shown from three people on.")
    has_median = fields.Boolean(readonly=True)
    first_actual = fields.Float(string="Figure as First Published", readonly=True, digits=(16, 4), aggregator=None)
    is_corrected = fields.Boolean(readonly=True, help="After an appeal.")
    evidence_ids = fields.One2many('property.service.assessment.evidence', 'line_id')
    formula = fields.Text(compute='_compute_formula')
    advice = fields.Text(string="What Would Raise the Score", compute='_compute_advice')
    can_mark = fields.Boolean(compute='_compute_turn')
    can_comment = fields.Boolean(compute='_compute_turn')

    # ---- COMPUTES ----

    @api.depends('numerator', 'denominator', 'actual', 'first_actual', 'has_data', 'is_corrected', 'is_marked', 'mark', 'state')
    @api.depends_context('uid')
    def _compute_formula(self):
        """Say how the figure came about, so that anybody can check it with a pocket calculator."""
        for line in self:
            if line.is_corrected:
                line.formula = self.env._(
                    "%(figure)s, corrected after an appeal (before: %(counted)s)",
                    figure=plain_number(line.actual), counted=line._get_formula(line.first_actual))
            elif line.has_data:
                line.formula = line._get_formula(line.actual)
            elif line.source in MARK_STATES and line.is_marked:
                line.formula = self.env._("Mark %(mark)s of 100: it counts once it is handed in", mark=plain_number(line.mark))
            elif line.source in MARK_STATES:
                is_open = line.can_mark or line.state in FROZEN_STATES or line._reads_unfinished()
                line.formula = self.env._("Not marked yet") if is_open else self.env._("Not handed in yet")
            else:
                line.formula = self.env._("Not enough data: the weight is spread over the other lines.")

    def _get_formula(self, figure):
        """Return the arithmetic that leads to the figure, for one line."""
        if self.is_manual:
            return self.env._("Mark %(mark)s of 100", mark=plain_number(figure))
        return {
            'share': "{numerator} ÷ {denominator} × 100 = {figure}", 'mean': "{numerator} ÷ {denominator} = {figure}", 'sum': "Σ = {figure}",
        }[self.indicator_id.aggregate].format(
            numerator=plain_number(self.numerator, 6), denominator=plain_number(self.denominator, 6), figure=plain_number(figure))

    @api.depends('source', 'state', 'assessment_id.approved_by_id')
    @api.depends_context('uid')
    def _compute_turn(self):
        """Marks are given in their turn by those whose mark it is (domain.md, Judgement); comments by the employee."""
        hr_user = self.env.user.has_group('hr.group_hr_user')
        for line in self:
            assessment = line.assessment_id
            by_hr = hr_user and not assessment.is_own and not assessment.approved_by_id
            may = {'manual_self': assessment.is_own, 'manual_manager': assessment._may_mark(),
                   'manual_hr': by_hr, 'manual_training': by_hr}.get(line.source, False)
            line.can_mark = may and line.state == MARK_STATES[line.source]
            line.can_comment = assessment.is_own and line.state == 'self'

    @api.depends('score', 'effective_weight', 'has_data', 'scheme_line_id')
    @api.depends_context('uid')
    def _compute_advice(self):
        for line in self:
            rule = line.scheme_line_id._get_rule()
            if rule.method == 'linear':
                figure, points = rule.target, scoring.FULL
            else:
                better = [step for step in rule.steps if step[1] > line.score]
                figure, points = min(better, key=lambda step: step[1], default=(None, line.score))
            gain = (points - line.score) * line.effective_weight / 100
            if not line.has_data or gain <= 0:
                line.advice = False
            elif points == scoring.FULL:
                line.advice = self.env._(
                    "At %(figure)s this line gives full points: the result rises by up to %(gain)s.",
                    figure=plain_number(figure), gain=f"{gain:.1f}")
            else:
                line.advice = self.env._(
                    "At %(figure)s this line gives %(points)s points: the result rises by up to %(gain)s.",
                    figure=plain_number(figure), points=plain_number(points), gain=f"{gain:.1f}")

    # ---- CRUD ----

    def write(self, vals):
        """Marks and comments in their turn; everything else is set by the steps."""
        Assessment = self.env['property.service.assessment']
        if not Assessment._is_step():
            if vals.keys() - {'mark', 'mark_reason', 'self_comment'}:
                raise UserError(self.env._("Figures, marks and states of an assessment are set by its steps."))
            for line in self:
                line._check_turn(vals)
            result = super(PropertyServiceAssessmentLine, self._as_step()).write(
                {**vals, **({'marked_by_id': self.env.uid, 'is_marked': True} if 'mark' in vals else {})})
            if 'mark' in vals:
                self.assessment_id._score()
            return result
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env['property.service.assessment']._is_step():
            raise UserError(self.env._("Assessments are made by a cycle."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env['property.service.assessment']._is_step():
            raise UserError(self.env._("An assessment stays on file."))

    def _as_step(self):
        context = self.assessment_id._as_step().env.context
        return self.sudo().with_context(context)  # sudo: whose turn it is has been checked

    def _check_turn(self, vals):
        """Raise AccessError unless it is the user's turn to write these values."""
        self.check_access('read')
        allowed = (self.can_comment or 'self_comment' not in vals) and (self.can_mark or not vals.keys() & {'mark', 'mark_reason'})
        if not allowed and not self.env.su:
            raise AccessError(self.env._("It is not your turn to give this mark."))
        if 'mark' in vals and not 0 <= (vals['mark'] or 0) <= 100:
            raise UserError(self.env._("A mark is a number from 0 to 100."))

    def _get_unfinished(self, part, alias, query):
        assessment, indicator = (self._field_to_sql(alias, name, query) for name in ('assessment_id', 'indicator_id'))
        fields_of = self.env['property.service.assessment']._fields
        if part == 'comment':
            hidden = SQL("a.state IN ('draft', 'self') AND a.user_id IS DISTINCT FROM %s", self.env.uid)
        else:
            hidden = get_unfinished_marks(self.env.uid)
        return SQL(
            "EXISTS (SELECT 1 FROM property_service_assessment a JOIN property_service_indicator i ON i.id = %s WHERE a.id = %s AND (%s))",
            indicator, assessment, hidden, to_flush=[fields_of[name] for name in ('state', 'user_id', 'approved_by_id')])

    # ---- FIGURES ----

    @api.model
    def _fetch_figures(self, assessments, counts=None):
        """Return {assessment id: [Figure]} in one query: the figure as counted, marked or corrected, None without enough data.
        The marks of those whose turn has not come yet, and those of peers while the person assessed reads it, are not in it; nor is a
        single mark of a peer.

        :param dict counts: {line id: (numerator, denominator, number of cases)}, instead of what is stored
        """
        indicators, found = {}, {}
        rows = self.env.execute_query(SQL(
            """
            SELECT l.id, l.assessment_id, l.scheme_line_id, l.indicator_id, l.numerator, l.denominator, l.case_count, l.mark,
                   l.is_marked AND NOT (a.state = 'self' AND i.source = 'manual_manager' OR a.state IN ('self', 'manager') AND i.source IN %s),
                   l.is_corrected, l.actual, CASE WHEN a.state != 'self' THEN peer.mark END
              FROM property_service_assessment_line l
              JOIN property_service_assessment a ON a.id = l.assessment_id
              JOIN property_service_indicator i ON i.id = l.indicator_id
              LEFT JOIN (SELECT line_id, AVG(value) AS mark FROM property_service_assessment_peer WHERE given_at IS NOT NULL
                          GROUP BY line_id HAVING COUNT(*) >= %s) peer ON peer.line_id = l.id
             WHERE l.assessment_id = ANY(%s)
             ORDER BY l.assessment_id, l.sequence, l.id
            """, HR_MARKS, LEAST_PEERS, list(assessments._ids)))
        for line_id, assessment_id, part, indicator_id, numerator, denominator, count, mark, marked, corrected, actual, peers in rows:
            if indicator_id not in indicators:
                indicators[indicator_id] = self.env['property.service.indicator'].sudo().browse(indicator_id)  # sudo: reads definitions
            indicator = indicators[indicator_id]
            if counts and line_id in counts:
                numerator, denominator, count = counts[line_id]
            if corrected:
                figure = float(actual)
            elif indicator.source == 'manual_peer':
                figure = None if peers is None else scoring.rounded(float(peers), 4)
            elif indicator.is_manual:
                figure = float(mark or 0) if marked else None
            else:
                figure = indicator._get_actual(numerator, denominator, count or 0)
            measured = indicator._get_numerator(figure, denominator) if corrected else numerator
            found.setdefault(assessment_id, []).append(Figure(line_id, assessment_id, part, figure, measured, numerator, denominator, count))
        return found

    def _get_difference(self):
        """Return how the figure would be if it were counted today: {'numerator', 'denominator', 'actual', 'changed'}.

        :return: ``changed`` is a list of (name of the case, what was counted, what would be counted), None where it was or is not counted
        """
        self.ensure_one()
        indicator, assessment = self.indicator_id, self.assessment_id.sudo()  # sudo: the caller may read the line
        cycle = assessment.cycle_id
        self.env.flush_all()
        query = indicator._get_counted(cycle._get_period(), cycle._get_subjects(assessment), cycle.subject)
        today = {
            (model, res_id): (name, numerator, denominator) for model, res_id, name, numerator, denominator in self.env.execute_query(SQL(
                "SELECT res_model, res_id, name, numerator, denominator FROM (%s) c", query))}
        stored = {
            (row.res_model, row.res_id): (row.name, row.numerator, row.denominator)
            for row in self.sudo().evidence_ids}  # sudo: as above
        changed = []
        for key in sorted(today.keys() | stored.keys()):
            before, now = stored.get(key), today.get(key)
            if before is None or now is None or any(abs(float(a) - float(b)) > 1e-9 for a, b in zip(before[1:], now[1:])):
                changed.append(((before or now)[0], before and before[1:], now and now[1:]))
        numerator = sum((row[1] for row in today.values()), 0)
        denominator = sum((row[2] for row in today.values()), 0)
        return {
            'numerator': float(numerator), 'denominator': float(denominator), 'changed': changed,
            'actual': indicator._get_actual(numerator, denominator, len(today))}

    # ---- ACTIONS ----

    def action_open_evidence(self):
        """Return the act_window of exactly the cases that were counted, those above the line marked."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_evidence_action')
        return {**action, 'name': self.name, 'domain': [('line_id', '=', self.id)], 'context': {}}

    def action_compare(self):
        """Tell whether counting again today gives the same, and which cases changed since."""
        self.ensure_one()
        self.check_access('read')
        if self.is_manual:
            raise UserError(self.env._("A mark is not counted from cases."))
        difference = self._get_difference()
        if not difference['changed']:
            kind, message = 'success', self.env._("Counted again just now: the same cases and the same figure.")
        else:
            kind = 'warning'
            message = self.env._(
                "Today it would be %(figure)s instead of %(stored)s. Changed since: %(cases)s.",
                figure="–" if difference['actual'] is None else plain_number(difference['actual']),
                stored=plain_number(self.actual) if self.has_data else "–",
                cases=", ".join(sorted({name or "?" for name, _before, _now in difference['changed']})[:20]))
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': kind, 'title': self.name, 'message': message, 'sticky': bool(difference['changed'])}}

    def _correct(self, actual):
        """Replace a published figure by the one an appeal found right; the first one is kept in ``first_actual``."""
        self.ensure_one()
        if self.state != 'published':
            raise UserError(self.env._("Only published figures are corrected."))
        self.indicator_id.with_env(self.env)._check_figure(actual)
        self._as_step().write({'actual': actual, 'is_corrected': True})
        self.assessment_id._score()
