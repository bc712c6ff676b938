from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import sampling
from .common import PropertyServiceTransactionCase
from .inspection_common import InspectionCase


@tagged('post_install', '-at_install')
class TestInspectionPlan(InspectionCase, PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Plan = cls.env['property.service.inspection.plan']
        cls.estate2 = cls.env['property.service.estate'].create({'name': "Blue Lake", 'code': 'BL'})
        cls.company.property_rotation_rounds = 2

    def make_plan(self, **vals):
        return self.Plan.create({
            'name': "Monthly", 'template_id': self.template.id, 'user_id': self.users['quality'].id,
            'estate_ids': (self.estate | self.estate2).ids, 'date_start': '2026-01-31', 'ahead_days': 14, **vals})

    def run_cron(self, day):
        with freeze_time(f'{day} 02:00:00'), self.enter_registry_test_mode():
            self.env.ref('property_service.cron_inspection_plan').method_direct_trigger()
        self.env.invalidate_all()

    def test_planned_ahead_and_nothing_twice(self):
        plan = self.make_plan()
        self.assertEqual(plan.next_date, fields.Date.to_date('2026-01-31'))
        self.run_cron('2026-01-10')
        self.assertFalse(plan.inspection_ids)
        self.run_cron('2026-01-20')
        self.run_cron('2026-01-20')
        self.assertEqual(len(plan.inspection_ids), 2, "one for each estate")
        self.assertEqual(set(plan.inspection_ids.mapped('planned_date')), {fields.Date.to_date('2026-01-31')})
        self.assertEqual(plan.next_date, fields.Date.to_date('2026-02-28'))
        self.run_cron('2026-02-20')
        self.assertEqual(plan.next_date, fields.Date.to_date('2026-03-31'), "the end of February does not shift March")
        self.assertEqual(len(plan.inspection_ids), 4)

    def test_what_was_missed_is_not_made_up_for(self):
        plan = self.make_plan()
        self.run_cron('2026-06-20')
        self.assertEqual(
            set(plan.inspection_ids.filtered(lambda one: one.estate_id == self.estate).mapped('planned_date')),
            {fields.Date.to_date('2026-05-31'), fields.Date.to_date('2026-06-30')}, "only the last round that was missed")

    def test_a_plan_from_long_ago(self):
        plan = self.make_plan(date_start='0001-01-01', interval_unit='day', ahead_days=1)
        self.run_cron('2026-06-20')
        self.assertFalse(plan.error)
        self.assertEqual(
            sorted(set(plan.inspection_ids.mapped('planned_date'))), [fields.Date.to_date('2026-06-20'), fields.Date.to_date('2026-06-21')])

    def test_intervals_have_limits(self):
        for number in (0, -1, 367):
            with self.subTest(number=number), self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                self.make_plan(interval_number=number)

    def test_employees_take_turns(self):
        plan = self.make_plan(evaluator_ids=(self.inspector | self.leader).ids)
        for day in ('2026-01-20', '2026-02-20'):
            self.run_cron(day)
        turns = {(one.planned_date.month, one.estate_id): one.evaluator_id for one in plan.inspection_ids}
        one, other = self.estate2, self.estate  # by name
        self.assertEqual([turns[1, one], turns[1, other], turns[2, one], turns[2, other]],
                         [self.inspector, self.leader, self.leader, self.inspector])

    def test_each_team(self):
        other = self.env['property.service.team'].create({'name': "Cleaning"})
        plan = self.make_plan(per='team', team_ids=(self.team | other).ids, estate_ids=[])
        self.run_cron('2026-01-20')
        self.assertEqual(plan.inspection_ids.team_id, self.team | other)

    def test_firms_rotate_by_themselves(self):
        firm2 = self.env['res.partner'].create({'name': "Other Eyes"})
        plan = self.make_plan(method='third_party', evaluator_partner_ids=(self.firm | firm2).ids, estate_ids=self.estate.ids)
        for day in ('2026-01-20', '2026-02-20', '2026-03-20', '2026-04-20'):
            self.run_cron(day)
        firms = [one.evaluator_partner_id.name for one in plan.inspection_ids.sorted('planned_date')]
        self.assertEqual(firms, ["Fair Eyes Ltd", "Fair Eyes Ltd", "Other Eyes", "Other Eyes"])
        self.assertFalse(any(plan.inspection_ids.mapped('rotation_warning')))

    def test_only_firm_is_warned_of_after_its_rounds(self):
        contact = self.env['res.partner'].create({'name': "Her Contact", 'parent_id': self.firm.id})
        plan = self.make_plan(method='third_party', evaluator_partner_ids=contact.ids, estate_ids=self.estate.ids)
        self.make_inspection(method='third_party', evaluator_partner_id=self.firm.id, planned_date='2026-01-05')
        self.make_inspection(method='third_party', evaluator_partner_id=self.firm.id, planned_date='2026-01-06', estate_id=self.estate2.id)
        for day in ('2026-01-20', '2026-02-20'):
            self.run_cron(day)
        first, second = plan.inspection_ids.sorted('planned_date')
        self.assertEqual([(one.rotation_run, one.rotation_warning) for one in (first, second)], [(2, False), (3, True)])
        self.assertFalse(first.activity_ids)
        self.assertEqual(second.activity_ids.user_id, self.users['quality'])
        self.assertIn("Fair Eyes", second.activity_ids.summary)
        second.evaluator_partner_id = self.env['res.partner'].create({'name': "Fresh Eyes"})
        self.assertFalse(second.rotation_warning)

    def test_a_plan_that_fails_stops_no_other_and_tells_once(self):
        bad, good = self.make_plan(name="Bad"), self.make_plan(name="Good")
        original = type(bad)._get_round_vals

        def fail(plan, *arguments):
            if plan == bad:
                raise ValueError("No such place")
            return original(plan, *arguments)

        with patch.object(type(bad), '_get_round_vals', fail), mute_logger('odoo.addons.property_service.models.quality.inspection_plan'):
            self.run_cron('2026-01-20')
            self.run_cron('2026-01-20')
        self.assertEqual((bad.error, len(bad.inspection_ids), len(good.inspection_ids)), ("No such place", 0, 2))
        self.assertEqual(len(bad.message_ids.filtered(lambda message: "No such place" in message.body)), 1)
        self.run_cron('2026-01-20')
        self.assertEqual((bad.error, len(bad.inspection_ids)), (False, 2))


@tagged('post_install', '-at_install')
class TestInspectionSample(InspectionCase, PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Sample = cls.env['property.service.inspection.sample']
        cls.finished = cls.env['property.service.request']
        for number in range(12):
            request = cls.make_request('done', title=f"Job {number}")
            request._as_system().write({'done_at': datetime(2026, 3, 1 + number, 10)})
            cls.finished |= request

    def make_sample(self, **vals):
        return self.as_role('supervisor', self.Sample).create({
            'template_id': self.template.id, 'date_from': '2026-03-01', 'date_to': '2026-03-31', 'number': 5, 'seed': 'owners-7',
            'evaluator_ids': (self.inspector | self.worker).ids, **vals})

    def test_draw_is_recorded_and_can_be_repeated(self):
        sample = self.make_sample()
        sample.action_draw()
        self.assertEqual((sample.state, sample.population_count, sample.inspection_count), ('drawn', 12, 5))
        self.assertEqual(sample.drawn, sampling.draw('owners-7', self.finished.mapped('name'), 5))
        self.assertEqual(set(sample.inspection_ids.request_id.mapped('name')), set(sample.drawn))
        self.assertEqual(sample.drawn_by_id, self.users['supervisor'])
        self.assertEqual(sample.inspection_ids.evaluator_id, self.inspector, "the worker does not inspect the own work")
        self.assertEqual(sample.inspection_ids.employee_id, self.worker)
        # what happens afterwards changes nothing
        self.finished[0].action_return(reason="Drips again")
        self.assertIn("same 5 of 12", sample.action_verify()['params']['message'])
        for change in (lambda: sample.write({'seed': 'other'}), lambda: sample.write({'drawn': []}), sample.action_draw):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(UserError):
            sample.sudo().unlink()

    def test_tampering_shows(self):
        sample = self.make_sample()
        sample.action_draw()
        other = next(request for request in self.finished if request.name not in sample.drawn)
        self.env.cr.execute("UPDATE property_service_inspection SET request_id = %s WHERE id = %s", (other.id, sample.inspection_ids[0].id))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "does not agree"):
            sample.action_verify()

    def test_days_are_those_of_the_place(self):
        # Shanghai: 31 March ends at 16:00 UTC
        self.finished[0]._as_system().write({'done_at': datetime(2026, 3, 31, 15, 59)})
        self.finished[1]._as_system().write({'done_at': datetime(2026, 3, 31, 16, 0)})
        sample = self.make_sample(number=1000)
        sample.action_draw()
        self.assertIn(self.finished[0].name, sample.drawn)
        self.assertNotIn(self.finished[1].name, sample.drawn)

    def test_scope_and_nothing_to_draw(self):
        with self.assertRaisesRegex(UserError, "No request"):
            self.make_sample(date_from='2025-01-01', date_to='2025-01-02').action_draw()
        with self.assertRaisesRegex(UserError, "No request"):
            self.make_sample(estate_ids=self.env['property.service.estate'].create({'name': "E", 'code': 'E'}).ids).action_draw()
        with self.assertRaises(UserError):
            self.Sample.create({'template_id': self.template.id, 'drawn': ['SR/1'], 'state': 'drawn'})
        with self.assertRaises(UserError):
            self.make_sample().action_verify()
        self.assertTrue(self.Sample.create({'template_id': self.template.id}).seed)
        self.assertNotEqual(self.Sample.create({'template_id': self.template.id}).seed,
                            self.Sample.create({'template_id': self.template.id}).seed)

    def test_mean_of_the_draw(self):
        sample = self.make_sample(number=2)
        sample.action_draw()
        for inspection, good in zip(sample.sudo().inspection_ids, (1, 0)):
            for line, value in zip(inspection.line_ids, (good, 5, 99, 5, 1)):
                inspection.action_answer(line_id=line.id, value=value)
            self.add_photo(inspection, inspection.line_ids[0])
            inspection.action_finish()
        sample.invalidate_recordset()
        self.assertAlmostEqual(sample.average_score, (100 + 66.7) / 2, delta=0.06)
