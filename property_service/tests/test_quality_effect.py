from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..tools import corrective_points, effect
from .common import PropertyServiceTransactionCase
from .test_quality_corrective import CorrectiveActionCase


class TestEffectTools(BaseCase):

    def test_windows(self):
        opened, done, now = datetime(2026, 3, 1), datetime(2026, 3, 20), datetime(2026, 3, 25)
        self.assertEqual(effect.get_windows(opened, done, 10, now),
                         ((datetime(2026, 2, 19), opened), (done, now)), "the days after are not over yet")
        self.assertEqual(effect.get_windows(opened, done, 3, now)[1], (done, datetime(2026, 3, 23)))
        self.assertIsNone(effect.get_windows(opened, None, 3, now)[1])

    def test_judge(self):
        for before, after, lower, expected in (
                (5, 2, True, 'improved'), (2, 5, True, 'worse'), (3, 3, True, 'unchanged'), (50, 80, False, 'improved'),
                (80, 50, False, 'worse'), (None, 50, False, 'no_data'), (50, None, True, 'no_data'), (0, 0, True, 'unchanged')):
            with self.subTest(before=before, after=after):
                self.assertEqual(effect.judge(before, after, lower), expected)

    def test_summarize(self):
        self.assertEqual(effect.summarize([(1, 2), (1, 2), (0, 0)], share=True),
                         {'numerator': 2, 'denominator': 4, 'value': 50.0, 'bars': [50.0, 50.0, None]})
        self.assertEqual(effect.summarize([(3, 0), (1, 0)], share=False)['value'], 4)
        self.assertIsNone(effect.summarize([(0, 0)], share=True)['value'])

    def test_points(self):
        def score(*arguments):
            return sum(points for _key, points in corrective_points.get_card(*arguments))
        self.assertEqual(score(0, 1, True, 'improved', True), 100)
        self.assertEqual(score(3, 1, True, 'improved', True), 94)
        self.assertEqual(score(300, 9, False, 'worse', True), 0, "never below nothing")
        self.assertEqual(score(0, 1, True, 'improved', False), 0)


@tagged('post_install', '-at_install')
class TestEffect(CorrectiveActionCase, PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.property_repeat_count = 0

    def make_measured(self, measure='complaints', opened=60, done=31, days=30, **vals):
        """Return an action taken up ``opened`` days ago and done ``done`` days ago."""
        action = self.make_action('done', measure=measure, measure_days=days, **vals)
        self.set_created(action, opened)
        action._as_system().done_at = fields.Datetime.now() - timedelta(days=done)
        return action

    def test_complaints_before_and_after(self):
        for age in (65, 70, 80, 89):
            self.make_complaint(age=age)
        for age in (95, 45, 20):   # before the window, between, after
            self.make_complaint(age=age)
        other = self.env['property.service.category'].create({'name': "Noise", 'code': 'noise'})
        self.make_complaint(age=70, category_id=other.id)
        self.make_complaint(age=70, unit_id=self.unit2.id)
        action = self.make_measured()
        facts = action.effect
        self.assertEqual((facts['before']['value'], facts['after']['value'], facts['verdict']), (4, 1, 'improved'))
        self.assertEqual((len(facts['before']['bars']), sum(facts['before']['bars'])), (5, 4))
        building = self.make_measured(unit_id=False, building_id=self.building.id, estate_id=self.estate.id)
        self.assertEqual(building.effect['before']['value'], 5, "the whole building")

    def test_subcategories_count(self):
        below = self.env['property.service.category'].create({'name': "Taps", 'code': 'taps', 'parent_id': self.category.id})
        self.make_complaint(age=70, category_id=below.id, team_id=self.team.id)
        self.assertEqual(self.make_measured().effect['before']['value'], 1)

    def test_shares_of_requests(self):
        for age, rework, rating, result in ((70, 1, 2, 'missed'), (75, 0, 4, 'met'), (10, 0, 5, 'met')):
            request = self.make_request('in_progress', team_id=self.team.id)
            self.set_created(request, age)
            request._as_system().write({
                'done_at': fields.Datetime.now() - timedelta(days=age), 'rework_count': rework, 'rating_value': rating})
            request.flush_recordset()
            request._as_system().sla_result = result
        for measure, before, after in (('rework', 50.0, 0.0), ('satisfaction', 50.0, 100.0), ('on_time', 50.0, 100.0),
                                       ('requests', 2, 1), ('callbacks', None, None)):
            with self.subTest(measure):
                facts = self.make_measured(measure).effect
                self.assertEqual((facts['before']['value'], facts['after']['value']), (before, after))
                self.assertEqual(facts['verdict'], 'improved' if before else 'no_data')

    def test_callbacks(self):
        for age, result in ((70, 'dissatisfied'), (71, 'satisfied'), (10, 'satisfied')):
            request = self.make_request('approved')
            callback = self.env['property.service.callback'].create({'origin_request_id': request.id, 'partner_id': self.resident.id})
            callback._as_system().write({'result': result, 'state': 'done', 'done_at': fields.Datetime.now() - timedelta(days=age)})
        facts = self.make_measured('callbacks').effect
        self.assertEqual((facts['before']['numerator'], facts['before']['denominator'], facts['after']['value']), (1, 2, 100.0))

    def test_verified_when_the_days_are_over(self):
        action = self.make_measured(done=10)
        self.assertIsNone(action.effect['verdict'])
        self.assertEqual(action.effect['elapsed'], 10)
        with self.assertRaisesRegex(UserError, "measured until"):
            self.as_role('quality', action).action_verify(note="Fine")
        action._as_system().done_at = fields.Datetime.now() - timedelta(days=31)
        self.as_role('quality', action).action_verify(note="Fine")
        self.assertEqual(action.state, 'verified')

    def test_figures_are_frozen(self):
        self.make_complaint(age=70)
        action = self.make_measured()
        action.photo_after_ids = self.env['ir.attachment'].create({'name': "a.png", 'raw': b'x'})
        action.action_verify(note="Fine")
        self.assertEqual((action.effect_verdict, action.effect_before, action.effect_after), ('improved', 1, 0))
        self.assertEqual(action.points, 100)
        self.assertIn("+100", action.points_card)
        self.make_complaint(age=10)
        action.invalidate_recordset()
        self.assertEqual(action.effect['after']['value'], 0, "what was judged stands")

    def test_ineffective_is_found_early(self):
        self.make_complaint(age=1)
        action = self.make_measured(done=2)
        action.action_ineffective(reason="The next complaint has come")
        self.assertEqual((action.effect_verdict, action.points), ('worse', 0))

    def test_queries_do_not_grow(self):
        def count(number):
            actions = self.Action.union(*(self.make_measured() for _number in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            actions.mapped('effect')
            return self.env.cr.sql_log_count - before
        count(1)
        self.assertEqual(count(2), count(20))
