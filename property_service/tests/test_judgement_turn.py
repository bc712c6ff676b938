from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestTurns(CycleCase):
    """Who owes what until when, and that the service clock reminds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.began = datetime(2025, 4, 1, 2)
        with freeze_time(cls.began):
            cls.cycle = cls.make_cycle()
        cls.own = cls.of(cls.cycle, cls.worker)

    def turn(self, party):
        return self.own.turn_ids.filtered(lambda turn: turn.party == party).sorted('id')[-1:]

    def run_clock(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('property_service.cron_sla_escalate').method_direct_trigger()
        self.env.invalidate_all()

    def reminded(self, record):
        kind = self.env.ref('property_service.mail_activity_type_escalation')
        return record.activity_ids.filtered(lambda activity: activity.activity_type_id == kind).user_id

    def test_each_step_is_a_turn(self):
        turn = self.turn('self')
        self.assertEqual((turn.user_id, turn.deadline, turn.state), (self.users['technician'], date(2025, 4, 7), 'open'))
        self.assertEqual(turn.resolution_deadline, datetime(2025, 4, 7, 15, 59, 59), "the end of that day at the company")
        own = self.of(self.cycle, self.worker, 'technician')
        self.mark(own, 'self_mark', 80)
        own.action_submit_self()
        self.assertEqual((turn.state, bool(turn.done_at), self.turn('manager').user_id), ('done', True, self.users['head']))
        head = self.of(self.cycle, self.worker, 'head')
        head.action_return(reason="Say more.")
        self.assertEqual((self.turn('manager').state, self.turn('self').state), ('done', 'open'))
        self.assertNotEqual(self.turn('self'), turn)

    def test_the_clock_reminds_then_tells_the_manager_then_hr(self):
        self.run_clock(self.began + timedelta(days=1))
        self.assertFalse(self.reminded(self.own))
        self.run_clock(datetime(2025, 4, 7, 6))
        self.assertEqual(self.reminded(self.own), self.users['technician'])
        self.run_clock(datetime(2025, 4, 8, 6))
        self.assertEqual(self.reminded(self.own), self.users['technician'] | self.users['head'])
        with freeze_time(datetime(2025, 4, 8, 6)):
            self.assertEqual(self.turn('self').sla_status, 'breached')
            self.assertEqual(self.cycle.late_count, 2, "both workers are late")
        self.run_clock(datetime(2025, 4, 10, 6))
        self.assertEqual(self.reminded(self.own), self.users['technician'] | self.users['head'] | self.users['hr'])
        count = len(self.own.activity_ids)
        self.run_clock(datetime(2025, 4, 11, 6))
        self.assertEqual(len(self.own.activity_ids), count, "each once")
        own = self.of(self.cycle, self.worker, 'technician')
        self.mark(own, 'self_mark', 80)
        own.action_submit_self()
        self.assertFalse(self.reminded(self.own), "done at last: nobody's list shows it any more")

    def test_who_handed_in_is_not_reminded(self):
        with freeze_time(datetime(2025, 4, 2, 2)):
            own = self.of(self.cycle, self.worker, 'technician')
            self.mark(own, 'self_mark', 80)
            own.action_submit_self()
        self.run_clock(datetime(2025, 4, 8, 6))
        self.assertNotIn(self.users['technician'], self.reminded(self.own))
        self.run_clock(datetime(2025, 4, 15, 6))
        self.assertIn(self.users['head'], self.reminded(self.own), "the manager's turn has reminders of its own")

    def test_hr_moves_the_deadline(self):
        with freeze_time(datetime(2025, 4, 2, 2)):
            self.cycle.self_deadline = date(2025, 4, 20)
        self.assertEqual(self.turn('self').deadline, date(2025, 4, 20))
        self.run_clock(datetime(2025, 4, 8, 6))
        self.assertFalse(self.reminded(self.own))

    def test_reviewers_have_a_turn(self):
        self.publish(self.cycle)
        own = self.of(self.cycle, self.worker, 'technician')
        self.assertEqual(self.turn('published').user_id, self.users['technician'])
        own.action_appeal(reason="One was another's work")
        appeal = self.env['property.service.appeal'].search([('assessment_id', '=', own.id)])
        self.as_role('hr', appeal).action_assign(reviewer_id=self.users['reviewer'].id)
        self.assertEqual((self.turn('review').user_id, self.turn('review').state), (self.users['reviewer'], 'open'))
        self.as_role('reviewer', appeal).action_decide(accept=False, decision="It was his.")
        self.assertEqual(self.turn('review').state, 'done')
        own.action_acknowledge()
        self.assertEqual(self.turn('published').state, 'done')

    def test_nobody_forges_a_turn(self):
        turn = self.turn('self')
        with self.assertRaises(UserError):
            self.as_role('technician', turn).write({'deadline': '2030-01-01'})
        with self.assertRaises(UserError):
            turn.with_user(self.users['hr']).sudo().write({'deadline': '2030-01-01'})
        self.assertFalse(self.as_role('colleague', 'property.service.assessment.turn').search([('assessment_id', '=', self.own.id)]))
        self.assertFalse(self.env['property.service.sla.report'].search([('applies_to', '=', 'assessment')]))
