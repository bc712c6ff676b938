from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.judgement.cycle import STEP_MONTHS
from ..tools import scoring

#: points of weight added to a line to see what it does to the results
SHIFT = 10


class PropertyServiceAssessmentSimulation(models.TransientModel):
    """A scheme tried on past periods before anybody is judged by it. Nothing of it reaches the employees' files (R90, R91)."""

    _name = 'property.service.assessment.simulation'
    _description = "Trial of an Assessment Scheme"

    scheme_id = fields.Many2one('property.service.assessment.scheme', required=True, readonly=True)
    compare_id = fields.Many2one(
        'property.service.assessment.scheme', string="Compare With", compute='_compute_compare_id', store=True, readonly=False,
        help="The scheme in force: who would get another grade?")
    period_count = fields.Integer(string="Past Periods", default=2, required=True)
    date_to = fields.Date(
        string="To", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(days=1))
    result = fields.Html(compute='_compute_result', sanitize=False)

    @api.depends('scheme_id')
    def _compute_compare_id(self):
        Scheme = self.env['property.service.assessment.scheme']
        for trial in self:
            scheme = trial.scheme_id
            trial.compare_id = Scheme.search(
                [('state', '=', 'active'), ('id', '!=', scheme._origin.id), ('code', '=', scheme.code), ('subject', '=', scheme.subject),
                 ('company_id', '=', scheme.company_id.id)], order='version desc', limit=1)

    @api.constrains('period_count')
    def _check_period_count(self):
        if any(not 1 <= trial.period_count <= 12 for trial in self):
            raise UserError(self.env._("Try between 1 and 12 periods."))

    @api.depends('scheme_id', 'compare_id', 'period_count', 'date_to')
    def _compute_result(self):
        for trial in self:
            ready = trial.scheme_id and trial.date_to and 1 <= trial.period_count <= 12
            trial.result = trial._render(trial._try()) if ready else False

    # ---- BUSINESS METHODS ----

    def _get_periods(self):
        """Return [(first day, last day)] of the periods tried, the oldest first."""
        self.ensure_one()
        months = STEP_MONTHS[self.scheme_id.period]
        last = self.date_to + relativedelta(days=1)
        return [
            (last - relativedelta(months=months * (index + 1)), last - relativedelta(months=months * index) - relativedelta(days=1))
            for index in reversed(range(self.period_count))]

    def _try(self):
        """Judge all periods by the scheme, by the one it is compared with, and with shifted weights.

        :return: dict: ``periods`` [(first, last, Counter of band ids)], ``changes`` [(first, id of the employee, team or estate, other band, band)],
            ``lines`` [(scheme line, people whose grade changes, mean change of the result)], ``people`` number of results
        """
        self.ensure_one()
        scheme, other = self.scheme_id._origin or self.scheme_id, self.compare_id._origin or self.compare_id
        if other and other.subject != scheme.subject:
            raise UserError(self.env._("Compare with a scheme that assesses the same: %(what)s.", what=dict(
                scheme._fields['subject']._description_selection(self.env))[scheme.subject]))
        judge, other_judge = scheme._get_judge(), other and other._get_judge()
        shifted = {line: scheme._get_judge({line.id: line.weight + SHIFT}) for line in scheme.line_ids}
        periods, changes, effects, people = [], [], defaultdict(list), 0
        for start, end in self._get_periods():
            grades = Counter()
            others = {}
            if other_judge:
                others = {(t.employee_id, t.start): other_judge(figures) for t, figures in other._simulate(start, end)}
            for tenure, figures in scheme._simulate(start, end):
                judged = judge(figures)
                grades[judged['band_id']] += 1
                people += 1
                before = others.get((tenure.employee_id, tenure.start))
                if before and self._get_band_name(before['band_id']) != self._get_band_name(judged['band_id']):
                    changes.append((start, tenure.employee_id, before['band_id'], judged['band_id']))
                for line, shifted_judge in shifted.items():
                    again = shifted_judge(figures)
                    if judged['result'] is not None:
                        effects[line].append((again['band_id'] != judged['band_id'], again['result'] - judged['result']))
            periods.append((start, end, grades))
        lines = [
            (line, sum(changed for changed, _shift in effects[line]),
             scoring.rounded(sum(shift for _changed, shift in effects[line]) / len(effects[line])) if effects[line] else 0.0)
            for line in scheme.line_ids]
        return {'periods': periods, 'changes': changes, 'lines': lines, 'people': people}

    def _get_band_name(self, band_id):
        return self.env['property.service.assessment.band'].browse(band_id).name if band_id else False

    # ---- RENDERING ----

    def _render(self, trial):
        bands = (self.scheme_id._origin or self.scheme_id).band_ids
        nothing = self.env._("Not enough data")
        columns = [*((band.id, band.name) for band in bands), (None, nothing)]
        rows = [
            [f"{start:%Y-%m-%d} – {end:%Y-%m-%d}", *(str(grades.get(key, 0)) for key, _name in columns)]
            for start, end, grades in trial['periods']]
        parts = [
            Markup('<h3>%s</h3>') % self.env._("Grades"),
            self._render_table([self.env._("Period"), *(name for _key, name in columns)], rows)]
        if self.compare_id:
            subject = self.scheme_id.subject
            headings = {'employee': self.env._("Employee"), 'team': self.env._("Team"), 'estate': self.env._("Estate")}
            model = 'hr.employee' if subject == 'employee' else f'property.service.{subject}'
            records = self.env[model].browse({change[1] for change in trial['changes']})
            records = records if subject == 'employee' else records.sudo()  # sudo: names; HR need not be on site
            names = {record.id: record.name for record in records}
            parts += [
                Markup('<h3>%s</h3>') % self.env._("Who Would Get Another Grade"),
                self._render_table(
                    [self.env._("Period"), headings[subject], self.env._("By the Scheme in Force"), self.env._("By This Scheme")],
                    [[f"{start:%Y-%m-%d}", names[employee_id], self._get_band_name(before) or nothing, self._get_band_name(now) or nothing]
                     for start, employee_id, before, now in trial['changes']])
                if trial['changes'] else Markup('<p>%s</p>') % self.env._("Nobody.")]
        parts += [
            Markup('<h3>%s</h3><p class="text-muted">%s</p>') % (
                self.env._("Sensitivity"), self.env._(
                    "If a line weighed %(points)s points more: how many of %(people)s results would get another grade, and by how much the"
                    " results would move on average.", points=SHIFT, people=trial['people'])),
            self._render_table(
                [self.env._("Line"), self.env._("Weight"), self.env._("Other Grades"), self.env._("Mean Change")],
                [[line.indicator_id.name, f"{line.weight:g}", str(changed), f"{shift:+.2f}"] for line, changed, shift in trial['lines']]),
            Markup('<p class="text-muted">%s</p>') % self.env._("Marks were not given in the past: their weight is spread over the other lines."),
        ]
        return Markup('').join(parts)

    @staticmethod
    def _render_table(headings, rows):
        head = Markup('').join(Markup('<th>%s</th>') % heading for heading in headings)
        body = Markup('').join(
            Markup('<tr>%s</tr>') % Markup('').join(Markup('<td>%s</td>') % cell for cell in row) for row in rows)
        return Markup('<div class="table-responsive"><table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>') % (
            head, body)
