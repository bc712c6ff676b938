from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import corrective_points, effect
from .corrective_action_measures import SOURCES, Measure

DAY = 86400
VERDICTS = [('improved', "Improved"), ('unchanged', "Unchanged"), ('worse', "Worse"), ('no_data', "No Data")]


class PropertyServiceCorrectiveAction(models.Model):
    """Whether it has helped: the chosen figure N days before the problem was taken up and N days after the work was done (R63)."""

    _inherit = 'property.service.corrective.action'

    @property
    def _system_fields(self):
        return super()._system_fields | {'effect_facts', 'effect_before', 'effect_after', 'effect_verdict', 'points'}

    measure = fields.Selection(
        string="Measured By", selection='_selection_measure', default='complaints', tracking=True,
        help="The figure by which the effect is measured. Empty: verified on the spot, without a figure.")
    measure_days = fields.Integer(string="Days Before and After", default=30, help="How many days are compared.")
    measured_until = fields.Datetime(compute='_compute_measured_until', help="From then on the effect can be verified.")
    effect = fields.Json(string="Figures Before and After", compute='_compute_effect', export_string_translation=False)
    effect_facts = fields.Json(readonly=True, copy=False, help="The figures as they were when the action was verified.")
    effect_before = fields.Float(string="Before", readonly=True, copy=False, aggregator=None)
    effect_after = fields.Float(string="After", readonly=True, copy=False, aggregator=None)
    effect_verdict = fields.Selection(
        VERDICTS, string="Effect", readonly=True, copy=False, index='btree_not_null')
    points = fields.Integer(
        readonly=True, copy=False, aggregator='avg', help="Points card (R62): 100 less what was late, repeated, unproven or without effect.")
    points_card = fields.Text(compute='_compute_points_card')

    _measure_days_range = models.Constraint(
        'CHECK(measure_days BETWEEN 1 AND 365)', "The effect is measured over 1 to 365 days.")

    # ---- SELECTIONS ----

    @api.model
    def _get_measures(self):
        """Return {key: Measure}. Areas with figures of their own add theirs by ``_inherit``; see ``corrective_action_measures.py``."""
        return {
            'complaints': Measure(self.env._("Complaints"), False, True, SOURCES['complaints']),
            'severe': Measure(self.env._("Major and Critical Complaints"), False, True, SOURCES['severe']),
            'requests': Measure(self.env._("Requests"), False, True, SOURCES['requests']),
            'rework': Measure(self.env._("Rework (%)"), True, True, SOURCES['rework']),
            'satisfaction': Measure(self.env._("Satisfied Ratings (%)"), True, False, SOURCES['satisfaction']),
            'on_time': Measure(self.env._("On Time (%)"), True, False, SOURCES['on_time']),
            'callbacks': Measure(self.env._("Satisfied in Callbacks (%)"), True, False, SOURCES['callbacks']),
        }

    @api.model
    def _selection_measure(self):
        return [(key, measure.label) for key, measure in self._get_measures().items()]

    # ---- COMPUTES ----

    @api.depends('done_at', 'measure', 'measure_days')
    def _compute_measured_until(self):
        for action in self:
            action.measured_until = action.done_at + timedelta(days=action.measure_days) if action.done_at and action.measure else False

    @api.depends('measure', 'measure_days', 'done_at', 'state', 'effect_facts', 'category_id', 'estate_id', 'building_id', 'unit_id',
                 'team_id', 'employee_id')
    def _compute_effect(self):
        """Show the frozen figures of judged actions, and those of this moment of the others."""
        closed = self.filtered('effect_facts')
        for action in closed:
            action.effect = action.effect_facts
        running = self - closed
        facts = running._measure_effect()
        for action in running:
            action.effect = facts.get(action._origin.id or action.id, False)

    @api.depends('points', 'state', 'deadline', 'done_at', 'round', 'photo_before_ids', 'photo_after_ids', 'effect_verdict')
    def _compute_points_card(self):
        for action in self:
            action.points_card = "\n".join(
                f"{points:+d}  {text}" for text, points in action._get_points_card()) if action.closed_at else False

    # ---- MEASURING ----

    def _measure_effect(self):
        """Return {action id: facts}: one query per measure in use, whatever the number of actions.

        ``facts``: measure, label, share, lower_is_better, days, elapsed (days of the time after that have passed), before and after
        (numerator, denominator, value, bars per week; after is None until the work is done), verdict (None until all days passed).
        """
        measures, facts = self._get_measures(), {}
        now = fields.Datetime.now()
        trees = self._get_category_trees()
        for key, actions in self.filtered(lambda a: a._origin and a.measure).grouped('measure').items():
            measure, rows = measures[key], []
            for action in actions:
                windows = effect.get_windows(action.create_date, action.done_at, action.measure_days, now)
                for phase, window in zip(('before', 'after'), windows, strict=True):
                    if window and window[0] < window[1]:
                        rows.append((action, phase, *window))
            buckets = self._read_buckets(measure, rows, trees)
            for action in actions:
                facts[action._origin.id] = action._get_facts(key, measure, buckets, now)
        return facts

    def _get_category_trees(self):
        """Return {category id: ids of it and all below}, in one query."""
        trees = defaultdict(list)
        wanted = self.category_id
        if wanted:
            Category = self.env['property.service.category'].sudo().with_context(active_test=False)  # sudo: ids only
            for category in Category.search_fetch([('id', 'child_of', wanted.ids)], ['parent_path']):
                for ancestor in category.parent_path.split('/')[:-1]:
                    trees[int(ancestor)].append(category.id)
        return trees

    def _read_buckets(self, measure, rows, trees):
        """Return {(action id, phase): {week: (numerator, denominator)}} of what the places and teams of the actions show."""
        if not rows:
            return {}
        self.env.flush_all()
        scopes = SQL(", ").join(
            SQL("(%s, %s, %s::int, %s::int[], %s::int, %s::int, %s::int, %s::int, %s::int, %s::timestamp, %s::timestamp)",
                action._origin.id, phase, action.company_id.id, trees.get(action.category_id.id) or None, action.estate_id.id or None,
                action.building_id.id or None, action.unit_id.id or None, action.team_id.id or None, action.employee_id.id or None,
                start, end)
            for action, phase, start, end in rows)
        result = defaultdict(dict)
        # The figures count all cases of the place, those too that the reader may not open: only numbers leave this method.
        for action_id, phase, week, numerator, denominator in self.env.execute_query(SQL(
            """
            SELECT s.id, s.phase, floor(extract(epoch FROM r.at - s.start_at) / %(week)s)::int AS week, sum(r.num)::int, sum(r.den)::int
              FROM (VALUES %(scopes)s) AS s (
                   id, phase, company_id, category_ids, estate_id, building_id, unit_id, team_id, employee_id, start_at, end_at)
              JOIN (%(source)s) AS r
                ON r.company_id = s.company_id AND r.at >= s.start_at AND r.at < s.end_at
               AND (s.category_ids IS NULL OR r.category_id = ANY(s.category_ids))
               AND (s.estate_id IS NULL OR r.estate_id = s.estate_id)
               AND (s.building_id IS NULL OR r.building_id = s.building_id)
               AND (s.unit_id IS NULL OR r.unit_id = s.unit_id)
               AND (s.team_id IS NULL OR r.team_id = s.team_id)
               AND (s.employee_id IS NULL OR r.employee_id = s.employee_id)
             GROUP BY 1, 2, 3
            """,
            week=effect.WEEK * DAY, scopes=scopes, source=SQL(measure.source),
        )):
            result[action_id, phase][week] = (numerator, denominator)
        return result

    def _get_facts(self, key, measure, buckets, now):
        self.ensure_one()
        weeks = effect.count_weeks(self.measure_days)
        elapsed = min((now - self.done_at).days, self.measure_days) if self.done_at else 0
        figures = {}
        for phase, count in (('before', weeks), ('after', min(weeks, elapsed // effect.WEEK + 1) if self.done_at else 0)):
            found = buckets.get((self._origin.id, phase), {})
            figures[phase] = effect.summarize([found.get(week, (0, 0)) for week in range(count)], measure.share) if count else None
        complete = self.done_at and elapsed >= self.measure_days
        return {
            'measure': key, 'share': measure.share, 'lower_is_better': measure.lower_is_better, 'days': self.measure_days,
            'elapsed': elapsed, **figures,
            'verdict': effect.judge(
                figures['before']['value'], figures['after']['value'], measure.lower_is_better) if complete else None,
        }

    # ---- VERIFICATION ----

    def _check_before_verified(self):
        """The effect is judged when it is there to be seen, not before."""
        super()._check_before_verified()
        now = fields.Datetime.now()
        for action in self:
            if action.measured_until and action.measured_until > now:
                until = fields.Datetime.context_timestamp(action, action.measured_until)
                raise UserError(self.env._(
                    "The effect of %(action)s is measured until %(date)s: verify it then.",
                    action=action.name, date=until.strftime('%Y-%m-%d %H:%M')))

    def _after_state_change(self, before):
        super()._after_state_change(before)
        judged = self.filtered(lambda action: action.state in ('verified', 'ineffective'))
        facts = judged._measure_effect()
        for action in judged:
            figures = facts.get(action.id)
            if figures:
                # Ineffective may be found early: then the figures so far are what there is.
                verdict = figures['verdict'] or effect.judge(
                    figures['before']['value'], figures['after']['value'], figures['lower_is_better'])
                action._as_system().write({
                    'effect_facts': {**figures, 'verdict': verdict}, 'effect_verdict': verdict,
                    'effect_before': figures['before']['value'], 'effect_after': figures['after']['value']})
            action._as_system().points = sum(points for _text, points in action._get_points_card())

    def _get_next_round_values(self):
        return {**super()._get_next_round_values(), 'measure': self.measure, 'measure_days': self.measure_days}

    # ---- POINTS CARD ----

    def _get_points_card(self):
        """Return the lines of the points card: [(text, points), …] (R62)."""
        self.ensure_one()
        days_late = 0
        if self.deadline and self.done_at:
            days_late = (fields.Datetime.context_timestamp(self, self.done_at).date() - self.deadline).days
        texts = {
            'full': self.env._("Full points"),
            'ineffective': self.env._("Found ineffective"),
            'late': self.env._("%(days)s days after the deadline", days=days_late),
            'rounds': self.env._("Round %(round)s", round=self.round),
            'no_evidence': self.env._("No photo before or after"),
            'not_improved': self.env._("The figure has not improved"),
            'least': self.env._("No card goes below nothing"),
        }
        return [(texts[key], points) for key, points in corrective_points.get_card(
            days_late, self.round, bool(self.photo_before_ids or self.photo_after_ids), self.effect_verdict or 'no_data',
            self.state != 'ineffective')]
