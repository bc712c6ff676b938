from collections import defaultdict
from datetime import date, datetime, time, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.judgement.sources.own import OWN_MODELS
from ..tools import scoring
from .judgement_common import END, START, JudgementCase


@tagged('post_install', '-at_install')
class TestOwnIndicator(JudgementCase):
    """Indicators without code, over all kinds of cases, each recomputed in plain Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_work()

    def define(self, model, **vals):
        return self.as_role('hr', 'property.service.indicator').create({
            'name': "Own", 'code': f'own_{model}', 'definition': "Own", 'own_model': model, **vals})

    def figures(self, indicator):
        return {key: (float(n), float(d)) for key, (n, d, _count, _actual) in indicator._get_company_figures(self.period).items()}

    def add_up(self, rows):
        """Return {employee id: (numerator, denominator)} of (employee, numerator)."""
        sums = defaultdict(lambda: [0.0, 0.0])
        for employee, numerator in rows:
            if employee:
                sums[employee.id][0] += numerator
                sums[employee.id][1] += 1
        return {key: tuple(values) for key, values in sums.items()}

    def inside(self, at):
        return bool(at) and self.period.start <= at < self.period.end

    def test_inspections(self):
        own = self.define('property.service.inspection', own_numerator="[('score', '>=', 60)]")
        done = [one for one in self.work['inspection'] if one.state == 'done' and self.inside(one.done_at)]
        self.assertTrue(any(one.employee_id for one in done))
        self.assertEqual(self.figures(own), self.add_up((one.employee_id, int(one.score >= 60)) for one in done))
        own.write({'own_numerator': False, 'aggregate': 'mean', 'own_value_field': 'score', 'attribution': 'team'})
        of_team = [one for one in done if one.team_id]
        expected = (sum(round(one.score, 1) for one in of_team), len(of_team))
        for member in self.workers:
            numerator, denominator = self.figures(own)[member.id]
            self.assertAlmostEqual(numerator, expected[0], 6)
            self.assertEqual(denominator, expected[1])

    def test_items_of_inspections(self):
        """Conduct as inspections see it (R98): how friendly people were."""
        friendly = self.work['inspection'].line_ids.item_id.filtered(lambda item: item.name == "Friendly")
        own = self.define(
            'property.service.inspection.line', own_domain="[('item_id', 'in', %s)]" % friendly.ids, own_numerator="[('score', '>=', 50)]")
        lines = [line for one in self.work['inspection'] for line in one.line_ids
                 if one.state == 'done' and self.inside(one.done_at) and line.item_id in friendly]
        self.assertTrue(lines)
        self.assertEqual(self.figures(own), self.add_up((line.inspection_id.employee_id, int(line.score >= 50)) for line in lines))

    def test_corrective_actions(self):
        own = self.define('property.service.corrective.action', own_numerator="[('done_at', '!=', False)]")
        self.assertEqual(own.own_date, 'deadline', "a moment that these cases have is proposed")
        due = [action for action in self.work['action'] if START <= action.deadline <= END]
        self.assertTrue(any(action.done_at for action in due))
        self.assertEqual(self.figures(own), self.add_up((action.responsible_id, int(bool(action.done_at))) for action in due))

    def test_deadlines_are_days_of_the_company(self):
        """The first and the last day of the month count, east and west of Greenwich."""
        actions = self.env['property.service.corrective.action'].create([
            {'title': "Edge", 'responsible_id': self.outsider.id, 'deadline': day} for day in (
                date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 31), date(2025, 4, 1))])
        own = self.define('property.service.corrective.action', own_domain="[('title', '=', 'Edge')]")
        for zone in ('Pacific/Kiritimati', 'Asia/Shanghai', 'UTC', 'Pacific/Honolulu'):
            self.company.resource_calendar_id.tz = zone
            period = self.company._get_assessment_period(START, END)
            numerator, denominator, _count, _actual = own._get_company_figures(period)[self.outsider.id]
            self.assertEqual((numerator, denominator), (2, 2), zone)
        self.assertEqual(len(actions), 4)

    def make_answers(self):
        """Answers after a service: two questions each, one of courtesy; one answer is anonymous, one is a test, one is not finished."""
        survey = self.env['survey.survey'].create({'title': "After the Work", 'question_and_page_ids': [
            Command.create({'title': "Friendly?", 'question_type': 'scale', 'property_factor': 'courtesy', 'scale_min': 1, 'scale_max': 5}),
            Command.create({'title': "On time?", 'question_type': 'scale', 'property_factor': 'reliability', 'scale_min': 1, 'scale_max': 5}),
            Command.create({'title': "Words", 'question_type': 'text_box'})]})
        campaign = self.env['property.service.survey.campaign'].create({
            'name': "After the Work", 'survey_id': survey.id, 'date_start': '2025-01-01', 'date_end': '2025-12-31'})
        rows = []
        requests = self.work['request'].filtered('done_at')[:8]
        odd = {5: {'property_anonymous': True}, 6: {'test_entry': True}, 7: {'state': 'in_progress'}}
        for index, request in enumerate(requests):
            scores = (index % 5 + 1, 5 - index % 3)
            self.env['survey.user_input'].create({
                'survey_id': survey.id, 'property_campaign_id': campaign.id, 'property_request_id': request.id, 'state': 'done',
                'end_datetime': datetime(2025, 3, 3 + index, 4), **odd.get(index, {}),
                'user_input_line_ids': [Command.create({
                    'question_id': question.id, 'answer_type': 'scale', 'value_scale': score,
                }) for question, score in zip(survey.question_ids, scores)] + [Command.create({
                    'question_id': survey.question_ids[2].id, 'answer_type': 'text_box', 'value_text_box': "Secret"})]})
            if index not in odd:
                rows.append((request.employee_id, scores))
        return rows

    def test_answers_to_surveys(self):
        rows = self.make_answers()
        own = self.define(
            'survey.user_input.line', own_domain="[('question_id.property_factor', '=', 'courtesy')]", own_numerator="[('value_scale', '>=', 4)]")
        self.assertEqual(self.figures(own), self.add_up((employee, int(scores[0] >= 4)) for employee, scores in rows))
        own.write({'own_domain': '[]', 'own_numerator': False, 'aggregate': 'mean', 'own_value_field': 'value_scale'})
        self.assertEqual(self.figures(own), self.add_up((employee, score) for employee, scores in rows for score in scores))
        for domain in ("[('value_text_box', 'ilike', 'secret')]", "[('user_input_id.partner_id', '=', 1)]", "[('user_input_id.email', '!=', False)]",
                       "[('create_uid', '=', 1)]", "[('user_input_id.property_unit_id', '=', 1)]", "[('user_input_id.access_token', '!=', False)]"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError), self.env.cr.savepoint():
                own.own_domain = domain

    def test_points_and_improvement(self):
        own = self.define('property.service.points', own_domain="[('points', '>', 0)]", aggregate='sum', own_value_field='points')
        entries = self.env['property.service.points'].search([('employee_id', 'in', self.workers.ids), ('state', '=', 'approved')])
        merits = [entry for entry in entries if entry.points > 0 and START <= entry.date <= END]
        self.assertTrue(merits)
        self.assertEqual(self.figures(own), self.add_up((entry.employee_id, entry.points) for entry in merits))
        self.env['property.service.improvement'].create([
            {'employee_id': self.worker.id, 'name': "Pumps", 'deadline': day, 'test_mark': mark} for day, mark in (
                ('2025-03-10', 70), ('2025-03-20', 90), ('2025-04-01', 10))])
        tests = self.define(
            'property.service.improvement', aggregate='mean', own_value_field='test_mark', own_domain="[('test_mark', '>', 0)]")
        self.assertEqual(tests._get_company_figures(self.period)[self.worker.id][3], scoring.rounded(80, 4))

    def test_what_cannot_be(self):
        with self.assertRaises(ValidationError):
            self.define('property.service.points', attribution='team')
        with self.assertRaises(ValidationError):
            self.define('property.service.inspection', own_value_field='rating_value')
        with self.assertRaises(ValidationError):
            self.define('property.service.inspection', own_date='planned_at')
        scheme = self.env['property.service.assessment.scheme'].create({
            'name': "Teams", 'code': 'own_teams', 'subject': 'team', 'band_ids': [Command.create({'name': "A", 'minimum': 0})]})
        own = self.define('property.service.points')
        own.action_activate()
        scheme.line_ids = [Command.create({'indicator_id': own.id, 'weight': 100})]
        with self.assertRaisesRegex(Exception, "only a person can have"):
            scheme.action_activate()

    def test_the_form(self):
        """The other cases bring their own moment, and the preview follows while HR is still typing."""
        inspection = self.work['inspection'].filtered(lambda one: one.state == 'done' and one.employee_id)[:1]
        last_month = fields.Date.context_today(inspection).replace(day=1) - timedelta(days=10)
        self.set_facts(inspection, done_at=datetime.combine(last_month, time(4)))
        self.env.cr.execute("UPDATE property_service_inspection SET team_id = %s WHERE id = %s", (self.team.id, inspection.id))
        self.env.invalidate_all()
        with Form(self.as_role('hr', 'property.service.indicator')) as form:
            form.name, form.code, form.definition = "Clean", 'clean', "As inspected"
            self.assertEqual(form.own_date, 'done_at')
            form.own_model = 'property.service.points'
            self.assertEqual(form.own_date, 'date')
            form.own_model = 'property.service.inspection'
            self.assertEqual(form.own_date, 'done_at')
            self.assertIn(inspection.employee_id.name, form.preview)
            self.assertIn(self.team.name, form.preview, "by team as well")
            form.own_domain = "[('no_such_field', '=', 1)]"
            self.assertIn('alert', form.preview)
            form.own_domain = "[('score', '>', 1000)]"
            self.assertIn("No case of last month", form.preview)

    def test_evidence_opens_the_case(self):
        """The answer of a resident is not shown: the request it is about opens, for whoever may read that."""
        self.make_answers()
        own = self.define('survey.user_input.line', aggregate='mean', own_value_field='value_scale')
        own.action_activate()
        scheme = self.env['property.service.assessment.scheme'].create({
            'name': "Friendly", 'code': 'friendly', 'line_ids': [Command.create({'indicator_id': own.id, 'weight': 100})],
            'band_ids': [Command.create({'name': "A", 'minimum': 0})]})
        scheme.action_activate()
        cycle = self.env['property.service.assessment.cycle'].create({
            'scheme_id': scheme.id, 'date_from': START, 'is_ad_hoc': True, 'employee_ids': [Command.set(self.workers.ids)]})
        cycle.action_generate()
        evidence = cycle.assessment_ids.line_ids.evidence_ids
        self.assertEqual(set(evidence.mapped('res_model')), {'survey.user_input.line'})
        mine = evidence.filtered(lambda row: row.line_id.assessment_id.employee_id == self.worker)[:1]
        opened = self.as_role('technician', mine).action_open_case()
        self.assertEqual(opened['res_model'], 'property.service.request')
        self.assertEqual(self.env['property.service.request'].browse(opened['res_id']).name, mine.name)
        self.assertFalse(mine.line_id._get_difference()['changed'])

    def test_every_kind_can_be_counted(self):
        """Each kind of case with each of its moments and numbers gives SQL that runs."""
        for index, (model, own) in enumerate(OWN_MODELS.items()):
            for moment in own.dates:
                indicator = self.define(model, code=f'every_{index}_{moment}', own_date=moment)
                indicator._get_company_figures(self.period)
                if own.team is not None:
                    indicator._get_team_figures(self.period)
            for value in own.values:
                self.define(model, code=f'every_{index}_{value}', own_value_field=value, aggregate='sum')._get_company_figures(self.period)
