from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_clock_kinds import KindsCase


@tagged('post_install', '-at_install')
class TestCorrectiveClock(KindsCase):
    """Corrective actions run on the same clock as every other case: planned in time, done by the deadline, told when not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env.ref('property_service.sla_policy_corrective')
        cls.policy.active = True
        cls.team.calendar_id = False
        cls.company.resource_calendar_id = cls.calendar

    def make_action(self, **vals):
        return self.env['property.service.corrective.action'].create({
            'title': "Taps leak again", 'description': "Three complaints", 'unit_id': self.unit.id, 'category_id': self.category.id,
            'team_id': self.team.id, 'cause': 'material', 'measure': False, **vals})

    def plan(self, action, days):
        action.action_plan(plan="Replace", responsible_id=self.worker.id, deadline=(self.moment(days=days)).date())

    def test_planned_in_three_days_done_by_the_deadline(self):
        with self.at():
            action = self.make_action()
        self.assertEqual((action.sla_policy_id, action.response_deadline), (self.policy, self.moment(hours=72)))
        self.assertFalse(action.resolution_deadline)
        with self.at(hours=30):
            self.plan(action, 10)
        self.assertEqual(action.responded_at, self.moment(hours=30))
        deadline = action.resolution_deadline
        self.assertEqual(deadline.date() - self.moment(days=10).date() in (timedelta(), timedelta(days=-1)), True)
        self.assertEqual(action.sla_next_deadline, deadline)
        self.assertIn("as entered", action.sla_explanation)
        self.assertRecomputed(action)
        with self.at(days=5):
            action.action_start()
            action.action_done(result="Replaced")
        self.assertEqual((action.sla_status, action.sla_next_deadline), ('met', False))
        with self.at(days=6):
            action.action_return(reason="One is missing")
            self.assertEqual(action.sla_status, 'on_track')
        self.assertEqual(action.resolution_deadline, deadline, "the deadline of the plan stays")
        with self.at(days=30):
            action.action_done(result="All replaced")
        self.assertEqual(action.sla_result, 'missed')
        self.assertRecomputed(action)

    def test_reminds_the_responsible_then_the_leader_then_the_manager_each_once(self):
        with self.at():
            action = self.make_action()
            self.plan(action, 16)
        nobody, worker = self.env['res.users'], self.users['technician']
        for days, users in (
            (2, nobody), (14.1, worker), (16.2, worker), (17.1, worker | self.users['supervisor']),
            (21.1, worker | self.users['supervisor'] | self.users['manager']),
        ):
            for _again in range(2):
                self.run_cron(days)
                self.assertEqual(self.told(action), users, days)
        self.assertEqual(sorted(self.fired(action)), sorted([
            ('resolution', 'risk'), ('resolution', 'before'), ('resolution', 'deadline'), ('resolution', 'after')]))
        self.assertEqual(action.breached_at, action.resolution_deadline)
        self.assertIn("to be done by", " ".join(action.activity_ids.mapped('summary')))

    def test_an_action_that_nobody_plans_is_told_of(self):
        with self.at():
            action = self.make_action()
        self.run_cron(days=4)
        self.assertEqual(self.told(action), self.users['supervisor'])
        self.assertIn("to be planned by", action.activity_ids.mapped('summary')[-1])
        with self.at(days=4.1):
            action.action_cancel(reason="Twice the same")
        self.run_cron(days=30)
        self.assertEqual(self.fired(action), [('response', 'deadline')])

    def test_done_and_verified_are_left_alone(self):
        with self.at():
            action = self.make_action()
            self.plan(action, 20)
            action.action_start()
            action.action_done(result="Done")
        self.run_cron(days=60)
        self.assertFalse(self.told(action))
        self.assertFalse(self.fired(action))

    def test_in_the_report_of_service_levels(self):
        with self.at():
            action = self.make_action()
            self.plan(action, 5)
        self.env.flush_all()
        with self.at(days=10):
            [row] = self.env['property.service.sla.report'].search([('applies_to', '=', 'corrective'), ('res_id', '=', action.id)])
            self.assertEqual((row.response_result, row.resolution_result, row.team_id), ('met', 'missed', self.team))

    def test_nobody_enters_what_the_clock_says(self):
        action = self.as_role('quality', self.make_action())
        for vals in ({'resolution_deadline': self.moment()}, {'responded_at': self.moment()}, {'done_at': self.moment()}):
            with self.assertRaises(UserError):
                action.write(vals)
