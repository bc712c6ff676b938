import base64
import io
from datetime import timedelta

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, tagged

from ..demo.loader import load
from .common import PropertyServiceCase
from .test_judgement_indicator import SHIPPED, Recomputed, exact, to_six


@tagged('post_install', '-at_install')
class TestDemoAssessments(PropertyServiceCase, HttpCase):
    """All figures of the demo's assessments, recomputed without SQL from the cases (R90), and the story from the scheme to payroll."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo_company = cls.env['res.company'].create({'name': "Demo Company"})
        cls.loader = load(cls.env, cls.demo_company, scale=0.5, prefix='j_')
        cls.env.flush_all()
        # what the server does by itself in the minutes after so much was written: without it the planner takes the tables for empty
        cls.env.cr.execute('ANALYZE')
        cls.env.invalidate_all()

    def recompute(self, period):
        def cases(model):
            return self.env[model].with_context(active_test=False).search([('company_id', '=', self.demo_company.id)])
        return Recomputed(self.demo_company, period, *(cases(f'property.service.{kind}') for kind in (
            'request', 'complaint', 'callback', 'corrective.action', 'inspection')))

    def test_all_indicators_for_all_employees(self):
        seen = set()
        periods = [cycle._get_period(cycle.computed_at) for cycle in self.loader.cycles]
        # What is due soon is not yet in a cycle: this month and the next, as they will be counted then.
        month = self.env.company._property_today().replace(day=1)
        end = month + relativedelta(months=2, days=-1)
        periods.append(self.demo_company._get_assessment_period(month, end, self.demo_company._property_day_start(end + timedelta(days=1))))
        for period in periods:
            recomputed = self.recompute(period)
            self.assertGreater(len(recomputed.employees), 10)
            for code in SHIPPED:
                with self.subTest(indicator=code, period=period.start):
                    expected = recomputed.figures(code)
                    found = self.env.ref(f'property_service.indicator_{code}').with_company(self.demo_company)._get_company_figures(period)
                    self.assertEqual(
                        {key: (exact(n), exact(d), count) for key, (n, d, count, _actual) in found.items()},
                        to_six(expected))
                    if expected:
                        seen.add(code)
        # Whether a job with material is finished depends on the size of the demo; drawn cases have some (test_judgement_indicator.py).
        self.assertEqual(seen | {'resource_use'}, set(SHIPPED), "nothing agrees because there is nothing")

    def test_scorecards_hold_these_figures(self):
        for cycle in self.loader.cycles:
            recomputed = self.recompute(cycle._get_period(cycle.computed_at))
            figures = {code: recomputed.figures(code) for code in SHIPPED}
            whole = cycle.assessment_ids.filtered(lambda a, cycle=cycle: (a.date_from, a.date_to) == (cycle.date_from, cycle.date_to))
            self.assertTrue(whole)
            for line in whole.line_ids.filtered(lambda line: line.indicator_id.code in SHIPPED and not line.is_corrected):
                numerator, denominator, count = figures[line.indicator_id.code].get(line.assessment_id.employee_id.id, (0, 0, 0))
                with self.subTest(line=line.display_name, employee=line.assessment_id.display_name):
                    self.assertEqual(line.case_count, count)
                    self.assertAlmostEqual(line.numerator, float(numerator), 6)
                    self.assertAlmostEqual(line.denominator, float(denominator), 6)

    def test_alive(self):
        """Something to look at for everybody: results, an appeal under review, points, plans, careers, a team's result for its leader."""
        assessments = self.env['property.service.assessment'].search([('company_id', '=', self.demo_company.id)])
        self.assertTrue(assessments.filtered(lambda a: a.state == 'published' and a.has_score))
        self.assertTrue(assessments.filtered(lambda a: a.state == 'self'))
        self.assertTrue(assessments.filtered('team_id'))
        self.assertIn('reviewing', assessments.appeal_ids.mapped('state'))
        self.assertTrue(assessments.improvement_ids)
        self.assertTrue(assessments.line_ids.filtered(lambda line: line.source == 'team_result' and line.has_data))
        points = self.env['property.service.points'].search([('company_id', '=', self.demo_company.id)])
        self.assertEqual(set(points.mapped('state')), {'proposed', 'approved'})
        self.assertTrue(self.env['property.service.career.grade'].search([('company_id', '=', self.demo_company.id)]))

    # ---- THE STORY ----

    def on_a_phone(self):
        self.browser_size, self.touch_enabled = '375x667', True

    def at_a_desk(self):
        self.browser_size, self.touch_enabled = '1366x768', False

    def act(self, action, tour, login, record=None):
        """Run a tour on an action, or on one record of it."""
        target = f'{self.env.ref(f"property_service.{action}").id}/{record.id}' if record else f'property_service.{action}'
        self.start_tour(f'/odoo/action-{target}', f'property_service_assessment_{tour}', login=login)

    def hand_in(self, assessments):
        """The others hand in as well, each in his turn."""
        for assessment in assessments.filtered(lambda a: a.state == 'self'):
            own = assessment.with_user(assessment.user_id)
            own.line_ids.filtered(lambda line: line.source == 'manual_self').mark = 80
            own.action_submit_self()
        for assessment in assessments.filtered(lambda a: a.state == 'manager'):
            marked = assessment.with_user(assessment.manager_id.user_id)
            marked.line_ids.filtered(lambda line: line.source == 'manual_manager').mark = 75
            marked.action_submit_manager()

    def test_story(self):
        """HR makes a scheme, tries it on the demo's last two months, starts the cycle; the employee on a phone; the manager; publication;
        appeal; review; closing; the payroll file, opened again."""
        self.act('assessment_scheme_action', 'hr', 'j_hr')
        cycle = self.env['property.service.assessment.cycle'].search([('company_id', '=', self.demo_company.id)], order='id desc', limit=1)
        self.assertEqual((cycle.state, cycle.scheme_id.name, cycle.scheme_id.weight_total), ('running', "Engineers by the Tour", 100))
        self.assertEqual(cycle.date_from, self.loader.cycles[1].date_from, "last month")
        engineers = self.env['hr.employee'].search([('department_id', '=', self.loader.departments['engineering'].id)])
        self.assertEqual(cycle.assessment_ids.employee_id, engineers)
        lines = cycle.assessment_ids.line_ids.filtered(lambda line: line.indicator_id.code == 'response_on_time' and line.has_data)
        line = lines.filtered('assessment_id.manager_id').sorted(lambda line: (line.actual < 100, line.case_count))[-1]
        assessment, user = line.assessment_id, line.assessment_id.user_id
        user.password = user.login
        manager = assessment.manager_id.user_id
        manager.password = manager.login
        self.on_a_phone()
        self.act('assessment_action_my', 'own', user.login)
        self.assertEqual((assessment.state, assessment.line_ids.filtered('is_marked').mark), ('manager', 85))
        self.at_a_desk()
        self.hand_in(cycle.assessment_ids - assessment)
        self.act('assessment_action_to_mark', 'manager', manager.login, assessment)
        self.assertEqual((assessment.state, assessment.manager_submitted_by_id), ('hr', manager))
        self.act('assessment_cycle_action', 'publish', 'j_hr', cycle)
        self.assertEqual((assessment.state, assessment.score > 0), ('published', True))
        before, counted = assessment.score, line.actual
        self.act('assessment_action_my', 'appeal', user.login)
        appeal = assessment.appeal_ids
        self.act('appeal_action', 'assign', 'j_hr')
        self.act('appeal_action', 'review', 'j_quality')
        self.assertEqual((appeal.state, assessment.first_score, line.first_actual, line.actual), ('accepted', before, counted, 100))
        self.assertEqual(assessment.score > before, counted < 100)
        for other in cycle.assessment_ids - assessment:
            other.with_user(other.user_id).action_acknowledge()
        self.act('assessment_cycle_action', 'close', 'j_hr', cycle)
        self.assertEqual((cycle.state, set(cycle.assessment_ids.mapped('state'))), ('closed', {'closed'}))
        self.env['property.service.points'].search([('assessment_id', '=', assessment.id)]).action_approve()
        self.act('payroll_export_action', 'payroll', 'j_hr')
        export = self.env['property.service.payroll.export'].search([], order='id desc', limit=1)
        rows = list(openpyxl.load_workbook(io.BytesIO(base64.b64decode(export.data))).active.iter_rows(values_only=True))
        row = next(row for row in rows if row[1] == assessment.employee_id.name)
        decided = self.env['property.service.points'].search([
            ('employee_id', '=', assessment.employee_id.id), ('state', '=', 'approved'), ('date', '>=', export.date_from),
            ('date', '<=', export.date_to)])
        self.assertEqual((row[4], row[5], row[6]), (assessment.score, assessment.band_id.name, sum(decided.mapped('points'))))
        self.assertIn(assessment, decided.assessment_id)
