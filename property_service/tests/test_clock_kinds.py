from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.clock.sla_event import ACTIVITY_TYPES
from .test_clock import CLOCK_FIELDS, ClockCase


class KindsCase(ClockCase):
    """Complaints: answer within 4, solution within 16 office hours. Callbacks: within 16 office hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        office = {'round_the_clock': False, 'calendar_id': cls.calendar.id}
        cls.complaint_policy = cls.Policy.create({
            'name': "Complaints", 'applies_to': 'complaint', 'response_hours': 4, 'resolution_hours': 16, **office})
        cls.callback_policy = cls.Policy.create({
            'name': "Callbacks", 'applies_to': 'callback', 'resolution_hours': 16, **office})
        cls.env['property.service.sla.recompute'].search([]).unlink()
        cls.env['property.service.sla.event'].search([]).unlink()
        cls.team.calendar_id = cls.calendar
        cls.estate.manager_id = cls.env['hr.employee'].create({'name': "Qian Manager", 'user_id': cls.users['manager'].id})
        cls.Event = cls.env['property.service.sla.event']

    @classmethod
    def make_complaint(cls, state='assigned', **vals):
        complaint = cls.env['property.service.complaint'].create({
            'title': "Noise", 'description': "Every night.", 'category_id': cls.category.id, 'unit_id': cls.unit.id,
            'estate_id': cls.estate.id, 'partner_id': cls.resident.id, 'team_id': cls.team.id, 'channel': 'phone', **vals})
        if state != 'new':
            complaint.action_register()
        if state in ('assigned', 'investigating', 'resolved'):
            complaint.action_assign(employee_id=cls.worker.id)
        if state in ('investigating', 'resolved'):
            complaint.action_investigate()
        if state == 'resolved':
            cls.resolve(complaint)
        return complaint

    @classmethod
    def resolve(cls, complaint):
        complaint.action_resolve(measure="Machine room insulated", cause='equipment', reply="<p>It is quiet now.</p>")

    @classmethod
    def make_callback(cls, **vals):
        return cls.env['property.service.callback'].create({
            'partner_id': cls.resident.id, 'unit_id': cls.unit.id, **vals})

    def run_cron(self, days=0, hours=0, cron='cron_sla_escalate'):
        with self.at(days, hours), self.enter_registry_test_mode():
            self.env.ref(f'property_service.{cron}').method_direct_trigger()
        self.env.invalidate_all()

    def told(self, case):
        kinds = [self.env.ref(name) for name in ACTIVITY_TYPES.values()]
        return case.activity_ids.filtered(lambda activity: activity.activity_type_id in kinds).user_id

    def fired(self, case):
        events = self.Event.search([(case._sla_event_field, '=', case.id), ('state', '=', 'done')], order='id')
        return [(event.target, event.moment) for event in events]

    def assertRecomputed(self, cases):
        """Counting again from the log changes nothing, neither by the ORM nor in bulk."""
        cases.flush_recordset()
        cases.invalidate_recordset()
        before = cases.read(CLOCK_FIELDS)
        self.env.add_to_compute(cases._fields['resolution_deadline'], cases)
        cases.flush_recordset()
        self.assertEqual(cases.read(CLOCK_FIELDS), before)
        self.assertEqual(cases._recompute_clocks(), 0)
        self.assertEqual(cases.read(CLOCK_FIELDS), before)


@tagged('post_install', '-at_install')
class TestComplaintClock(KindsCase):

    def test_two_clocks(self):
        with self.at():
            complaint = self.make_complaint()
        self.assertEqual(complaint.sla_policy_id, self.complaint_policy)
        self.assertEqual(complaint.response_deadline, self.moment(hours=4))
        self.assertEqual(complaint.resolution_deadline, self.moment(days=1, hours=9))
        self.assertIn("Complaints", complaint.sla_explanation)
        self.assertNotIn("pauses", complaint.sla_explanation)
        self.assertRecomputed(complaint)

    def test_resolved_stops_and_reopened_goes_on(self):
        with self.at():
            complaint = self.make_complaint('investigating')
        with self.at(hours=4):
            self.resolve(complaint)
        self.assertEqual(complaint.done_at, self.moment(hours=4))
        with self.at(hours=4.5):
            complaint.action_answer(channel='phone')
        self.assertEqual((complaint.sla_result, complaint.sla_status), ('missed', 'missed'), "answered half an hour too late")
        with self.at(days=2):
            complaint.action_reopen(reason="Still noisy")
        # 4 of 16 hours were used before: 12 are left from Wednesday 08:00, the lunch hour does not count
        self.assertEqual(complaint.resolution_deadline, self.moment(days=3, hours=4))
        self.assertFalse(complaint.done_at)
        self.assertEqual(complaint.sla_next_deadline, complaint.resolution_deadline)
        self.assertRecomputed(complaint)

    def test_any_answer_stops_the_response_clock(self):
        with self.at():
            mailed, transferred, assigned, noted = (self.make_complaint() for _number in range(4))
        with self.at(hours=1):
            mailed.with_user(self.users['agent']).message_post(
                body="We look into it", message_type='comment', subtype_xmlid='mail.mt_comment')
            transferred.action_transfer(to="Water works", reason="Their pipe")
            assigned.action_assign(employee_id=self.colleague.id, message="Mr Li comes tomorrow")
            noted.with_user(self.users['agent']).message_post(body="He calls every day", subtype_xmlid='mail.mt_note')
        self.assertEqual((mailed | transferred | assigned).mapped('responded_at'), [self.moment(hours=1)] * 3)
        self.assertFalse(noted.responded_at, "an internal note is no answer")

    def test_praise_has_no_solution_and_the_anonymous_no_answer(self):
        with self.at():
            praise = self.make_complaint('registered', kind='praise')
            anonymous = self.make_complaint(anonymous=True)
            both = self.make_complaint('registered', kind='praise', anonymous=True)
        self.assertTrue(praise.response_deadline)
        self.assertFalse(praise.resolution_deadline)
        self.assertFalse(anonymous.response_deadline)
        self.assertTrue(anonymous.resolution_deadline)
        self.assertEqual((both.sla_status, both.sla_next_deadline), ('none', False))
        self.assertRecomputed(praise | anonymous | both)
        with self.at(hours=1):
            praise.write({'reply': "<p>Thank you.</p>"})
            praise.action_answer(channel='phone')
            self.assertEqual(praise.sla_status, 'met')
        with self.at(hours=2):
            anonymous.kind = 'praise'
        self.assertFalse(anonymous.resolution_deadline)

    def test_escalates_to_worker_leader_and_manager_each_once(self):
        with self.at():
            complaint = self.make_complaint()
        for days, hours, users in (
            (0, 2.9, self.env['res.users']), (0, 3.1, self.users['technician']),
            (0, 5.1, self.users['technician'] | self.users['supervisor']),
            (1, 5.2, self.users['technician'] | self.users['supervisor'] | self.users['manager']),
        ):
            for _again in range(2):
                self.run_cron(days, hours)
                self.assertEqual(self.told(complaint), users, (days, hours))
        self.assertEqual(self.fired(complaint), [
            ('response', 'risk'), ('response', 'deadline'), ('response', 'after'), ('resolution', 'risk')])
        event = self.Event.search([('complaint_id', '=', complaint.id)], limit=1)
        self.assertEqual((event.applies_to, event.case_id, event.display_name), ('complaint', complaint, complaint.display_name))

    def test_transferred_and_withdrawn_do_not_escalate(self):
        with self.at():
            transferred, withdrawn = self.make_complaint(), self.make_complaint()
        with self.at(hours=1):
            transferred.action_transfer(to="Water works", reason="Their pipe")
            withdrawn.action_withdraw(reason="Mistake")
        self.run_cron(days=21)
        self.assertFalse(self.Event.search([('complaint_id', 'in', (transferred | withdrawn).ids)]))
        self.assertFalse((transferred | withdrawn).filtered('breached_at'))

    def test_policy_calendar_and_severity_changed(self):
        with self.at():
            complaint, closed = self.make_complaint('investigating'), self.make_complaint('resolved')
        closed_deadline = closed.resolution_deadline
        with self.at(hours=1):
            self.complaint_policy.resolution_hours = 8
        self.run_cron(hours=1.1, cron='cron_sla_recompute')
        self.assertEqual(complaint.resolution_deadline, self.moment(hours=9))
        self.assertEqual(closed.resolution_deadline, closed_deadline, "results stay")
        with self.at(hours=2):
            self.env['resource.calendar.leaves'].create({
                'name': "Flood", 'calendar_id': self.calendar.id, 'date_from': self.moment(hours=5), 'date_to': self.moment(hours=9)})
        self.run_cron(hours=2.1, cron='cron_sla_recompute')
        self.assertEqual(complaint.resolution_deadline, self.moment(days=1, hours=4))
        critical = self.Policy.create({
            'name': "Critical", 'applies_to': 'complaint', 'priority': '2', 'response_hours': 1, 'resolution_hours': 2})
        with self.at(hours=3):
            complaint.write({'impact': '3', 'urgency': '3'})
        self.assertEqual((complaint.sla_policy_id, complaint.resolution_deadline), (critical, self.moment(hours=2)))
        critical.active = False
        self.run_cron(hours=3.1, cron='cron_sla_recompute')
        self.assertEqual(complaint.sla_policy_id, self.complaint_policy)
        self.assertRecomputed(complaint)

    def test_a_hundred_cost_as_many_queries_as_ten(self):
        def recompute_queries(number):
            complaints = self.env['property.service.complaint'].union(*(self.make_complaint('new') for _index in range(number)))
            self.complaint_policy.response_hours += 1
            self.env.flush_all()
            complaints._recompute_clocks()  # fills the caches
            self.complaint_policy.response_hours += 1
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(complaints._recompute_clocks(), number)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(recompute_queries(20), recompute_queries(2))


@tagged('post_install', '-at_install')
class TestCallbackClock(KindsCase):

    def test_due_by_the_service_level_from_the_planned_time(self):
        with self.at():
            now, later = self.make_callback(), self.make_callback(planned_at=self.moment(days=1))
        self.assertEqual(now.resolution_deadline, self.moment(days=1, hours=9))
        self.assertEqual(later.resolution_deadline, self.moment(days=2, hours=9))
        self.assertFalse(now.response_deadline)
        with self.at(hours=1):
            now.planned_at = self.moment(days=7)
        self.assertEqual(now.resolution_deadline, self.moment(days=1, hours=9), "planning again gives no new time")
        self.assertRecomputed(now | later)

    def test_due_time_that_was_entered(self):
        with self.at():
            callback = self.make_callback(deadline=self.moment(days=10))
        self.assertEqual(callback.resolution_deadline, self.moment(days=10))
        self.assertEqual(callback.resolution_risk_at, self.moment(days=7.5))
        self.assertIn("as entered", callback.sla_explanation)
        self.assertRecomputed(callback)
        with self.at(hours=1):
            callback.deadline = False
        self.assertEqual(callback.resolution_deadline, self.moment(days=1, hours=9))
        self.assertRecomputed(callback)

    def test_no_service_level_but_a_due_time(self):
        self.callback_policy.active = False
        with self.at():
            callback, timeless = self.make_callback(deadline=self.moment(days=1)), self.make_callback()
        self.assertFalse(callback.sla_policy_id)
        self.run_cron(days=2)
        self.assertEqual(callback.breached_at, self.moment(days=1))
        self.assertFalse(self.fired(callback))
        self.assertEqual((timeless.sla_status, timeless.sla_next_escalation_at), ('none', False))

    def test_stops_when_it_ends(self):
        with self.at():
            done, unreachable, refused, cancelled = (self.make_callback() for _number in range(4))
        with self.at(hours=2):
            done.action_done(result='satisfied')
            unreachable.action_log_attempt(outcome='wrong_number')
            refused.action_log_attempt(outcome='refused')
            cancelled.action_cancel()
        self.assertEqual((done | unreachable | refused).mapped('sla_status'), ['met'] * 3)
        self.assertEqual(cancelled.sla_status, 'none', "cancelled before it was due says nothing")
        self.run_cron(days=21)
        self.assertFalse(self.Event.search([('callback_id', '!=', False)]))

    def test_plan_again_goes_on_with_the_time_used(self):
        with self.at():
            by_level, by_hand = self.make_callback(), self.make_callback(deadline=self.moment(days=3))
        with self.at(hours=4):
            (by_level | by_hand).action_log_attempt(outcome='wrong_number')
        with self.at(days=2):
            (by_level | by_hand).action_plan_again()
        self.assertEqual(by_level.resolution_deadline, self.moment(days=3, hours=4), "12 of 16 hours are left")
        self.assertEqual(by_hand.resolution_deadline, self.moment(days=4, hours=20))
        self.assertEqual(by_level.state_log_ids.mapped('to_state'), ['planned', 'in_progress', 'unreachable', 'planned'])
        self.assertRecomputed(by_level | by_hand)

    def test_cancelled_too_late_counts_as_missed(self):
        with self.at():
            callback = self.make_callback()
        with self.at(days=2):
            callback.action_cancel()
            self.assertTrue(callback.is_late)
        [row] = self.env['property.service.sla.report'].search([('applies_to', '=', 'callback'), ('res_id', '=', callback.id)])
        self.assertEqual((row.resolution_result, row.response_result), ('missed', False))

    def test_escalates_to_the_caller_then_the_manager(self):
        with self.at():
            taken, waiting = self.make_callback(), self.make_callback()
            self.as_role('agent', taken).action_start()
        self.run_cron(days=1, hours=5.5)
        self.assertEqual(self.told(taken), self.users['agent'])
        self.assertFalse(self.told(waiting), "nobody has taken it: nobody is warned")
        self.run_cron(days=2, hours=1)
        self.assertEqual(self.told(taken), self.users['agent'] | self.users['manager'])
        self.assertEqual(self.told(waiting), self.users['manager'])
        activity = waiting.activity_ids
        self.assertIn("was to be called by", activity.summary)
        self.assertEqual(self.fired(waiting), [('resolution', 'risk'), ('resolution', 'deadline')])

    def test_nobody_enters_what_the_clock_says(self):
        callback = self.as_role('agent', self.make_callback())
        for vals in ({'resolution_deadline': self.moment()}, {'sla_start_at': self.moment()}, {'closed_at': self.moment()}):
            with self.assertRaises(UserError):
                callback.write(vals)
        with self.assertRaises(UserError):
            self.as_role('agent', 'property.service.callback').create({
                'partner_id': self.resident.id, 'sla_start_at': self.moment()})


@tagged('post_install', '-at_install')
class TestPromises(KindsCase):

    def test_promise_is_the_deadline_of_the_answer(self):
        with self.at():
            enquiry = self.make_request(type_id=self.type_enquiry.id, promised_at=self.moment(hours=2))
        self.assertEqual(enquiry.response_deadline, self.moment(hours=2))
        self.assertEqual(enquiry.response_risk_at, self.moment(hours=1.5))
        self.assertEqual(enquiry.resolution_deadline, self.moment(days=1, hours=9), "the solution is as the service level says")
        self.assertIn("promised", enquiry.sla_explanation)
        self.assertRecomputed(enquiry)
        with self.at(hours=1):
            enquiry.promised_at = self.moment(hours=6)
        self.assertEqual((enquiry.response_deadline, enquiry.sla_next_deadline), (self.moment(hours=6), self.moment(hours=6)))

    def test_promise_made_at_registration(self):
        self.company.property_promise_hours = 2
        with self.at():
            enquiry = self.make_request('registered', type_id=self.type_enquiry.id)
        self.assertEqual(enquiry.response_deadline, self.moment(hours=2))
        self.run_cron(hours=2.5)
        self.assertEqual(self.fired(enquiry), [('response', 'risk'), ('response', 'deadline')])

    def test_registering_late_wins_no_time(self):
        self.company.property_promise_hours = 24
        with self.at():
            enquiry = self.make_request(type_id=self.type_enquiry.id)
        deadline = enquiry.response_deadline
        self.assertTrue(deadline)
        with self.at(hours=20):
            enquiry.action_register()
        self.assertEqual(enquiry.response_deadline, deadline)

    def test_promise_survives_a_calendar_without_end(self):
        """A resolution that can never come does not take the promised answer away."""
        with self.at():
            enquiry = self.make_request(type_id=self.type_enquiry.id, promised_at=self.moment(hours=2))
            self.general.resolution_hours = 80_000
        enquiry._recompute_clocks()
        self.assertEqual((enquiry.sla_fault, enquiry.response_deadline), ('no_hours', self.moment(hours=2)))
        self.assertFalse(enquiry.resolution_deadline)
        self.assertRecomputed(enquiry)

    def test_hours_may_be_empty_only_where_cases_name_their_deadline(self):
        self.Policy.create({'name': "Levels only", 'applies_to': 'callback'})
        with self.assertRaises(ValidationError):
            self.Policy.create({'name': "Nothing", 'applies_to': 'complaint'})
        with self.assertRaises(ValidationError):
            self.Policy.create({'name': "Nonsense", 'applies_to': 'weather', 'response_hours': 1})

    def test_report_by_kind_is_honest(self):
        with self.at():
            complaint, callback, request = self.make_complaint(), self.make_callback(), self.make_request('approved')
        Report = self.env['property.service.sla.report']
        self.env.flush_all()
        with self.at(days=2, hours=1):
            domain = ['|', '|', '&', ('applies_to', '=', 'complaint'), ('res_id', '=', complaint.id),
                      '&', ('applies_to', '=', 'callback'), ('res_id', '=', callback.id),
                      '&', ('applies_to', '=', 'request'), ('res_id', '=', request.id)]
            rates = {kind: (response, resolution, count) for kind, response, resolution, count in Report._read_group(
                domain, ['applies_to'], ['response_on_time:avg', 'resolution_on_time:avg', '__count'])}
            self.assertEqual(rates, {
                'complaint': (0, 0, 1), 'callback': (False, 0, 1), 'request': (0, 0, 1)}, "open and overdue is missed")
            rows = Report.search(domain)
            self.assertEqual(len(set(rows.ids)), 3)
            for row in rows:
                action = row.action_open_case()
                self.assertEqual(self.env[action['res_model']].browse(action['res_id']).name, row.name)

    def test_waits_for_working_hours_and_wakes_for_every_kind(self):
        cron, Trigger = self.env.ref('property_service.cron_sla_escalate'), self.env['ir.cron.trigger']
        Trigger.search([]).unlink()
        with self.at():
            self.make_callback(deadline=self.moment() + timedelta(minutes=5))
        self.assertTrue(Trigger.search([('cron_id', '=', cron.id)]))
