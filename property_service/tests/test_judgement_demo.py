from odoo.tests import tagged

from ..demo.loader import load
from .common import PropertyServiceTransactionCase
from .test_judgement_indicator import SHIPPED, Recomputed, exact


@tagged('post_install', '-at_install')
class TestDemoAssessments(PropertyServiceTransactionCase):
    """All figures of the demo's assessments, recomputed without SQL from the cases (R90)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo_company = cls.env['res.company'].create({'name': "Demo Company"})
        cls.loader = load(cls.env, cls.demo_company, scale=0.25, prefix='j_')
        cls.env.flush_all()
        cls.env.invalidate_all()

    def recompute(self, period):
        def cases(model):
            return self.env[model].with_context(active_test=False).search([('company_id', '=', self.demo_company.id)])
        return Recomputed(self.demo_company, period, *(cases(f'property.service.{kind}') for kind in (
            'request', 'complaint', 'callback', 'corrective.action', 'inspection')))

    def test_all_indicators_for_all_employees(self):
        seen = set()
        for cycle in self.loader.cycles:
            period = cycle._get_period(cycle.computed_at)
            recomputed = self.recompute(period)
            self.assertGreater(len(recomputed.employees), 10)
            for code in SHIPPED:
                with self.subTest(indicator=code, cycle=cycle.name):
                    expected = recomputed.figures(code)
                    found = self.env.ref(f'property_service.indicator_{code}').with_company(self.demo_company)._get_company_figures(period)
                    self.assertEqual(
                        {key: (exact(n), exact(d), count) for key, (n, d, count, _actual) in found.items()},
                        {key: tuple(values) for key, values in expected.items()})
                    if expected:
                        seen.add(code)
        self.assertLessEqual({'response_on_time', 'resolution_on_time', 'satisfaction', 'rework_rate', 'record_completeness'}, seen)

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
