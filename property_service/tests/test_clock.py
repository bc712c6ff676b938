from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase

#: Monday; 08:00 in Shanghai is 00:00 UTC, so office hours there are 00:00-04:00 and 05:00-09:00 UTC
MONDAY = datetime(2026, 3, 2)
CLOCK_FIELDS = [
    'sla_policy_id', 'sla_response_hours', 'sla_resolution_hours', 'sla_calendar_id', 'sla_fault', 'response_deadline',
    'response_risk_at', 'resolution_deadline', 'resolution_risk_at', 'resolution_remaining', 'sla_paused', 'sla_next_deadline',
    'sla_risk_at', 'sla_result',
]


class ClockCase(PropertyServiceTransactionCase):
    """The company with one service level: answer in 4, solution in 16 office hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env['property.service.sla.policy']
        cls.Policy.search([]).active = False
        cls.calendar = cls.env['resource.calendar'].create({'name': "Office"})
        cls.calendar.write({'tz': 'Asia/Shanghai', 'attendance_ids': [Command.clear(), *(
            Command.create({'name': "Work", 'dayofweek': str(day), 'day_period': period, 'hour_from': start, 'hour_to': end})
            for day in range(5) for period, start, end in (('morning', 8, 12), ('lunch', 12, 13), ('afternoon', 13, 17)))]})
        cls.general = cls.Policy.create({
            'name': "General", 'response_hours': 4, 'resolution_hours': 16, 'round_the_clock': False,
            'calendar_id': cls.calendar.id, 'sequence': 20})
        cls.urgent = cls.Policy.create({
            'name': "Urgent", 'priority': '2', 'response_hours': 1, 'resolution_hours': 2, 'round_the_clock': True})
        cls.reason = cls.env.ref('property_service.waiting_reason_resident')
        cls.no_pause = cls.env.ref('property_service.waiting_reason_material')
        cls.env['property.service.sla.recompute'].search([]).unlink()

    def at(self, days=0, hours=0):
        """Return a context in which it is so long after Monday 08:00 in Shanghai."""
        return freeze_time(MONDAY + timedelta(days=days, hours=hours))

    def started(self, days=0, hours=0, **vals):
        """Return a request taken and started then, answered at once."""
        with self.at(days, hours):
            request = self.make_request('in_progress', **vals)
            request._mark_responded()
            return request

    def moment(self, days=0, hours=0):
        return MONDAY + timedelta(days=days, hours=hours)

    def _run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_sla_recompute').method_direct_trigger()
        self.env.invalidate_all()

    def assertRecomputed(self, requests):
        """Counting again from the log changes nothing, neither by the ORM nor in bulk."""
        requests.flush_recordset()
        requests.invalidate_recordset()
        before = requests.read(CLOCK_FIELDS)
        self.env.add_to_compute(requests._fields['resolution_deadline'], requests)
        requests.modified(['response_deadline', 'resolution_deadline', 'sla_paused'])
        requests.flush_recordset()
        requests.invalidate_recordset()
        self.assertEqual(requests.read(CLOCK_FIELDS), before)
        self.assertEqual(requests._recompute_clocks(), 0)
        requests.invalidate_recordset()
        self.assertEqual(requests.read(CLOCK_FIELDS), before)


@tagged('post_install', '-at_install')
class TestClock(ClockCase):

    def test_deadlines_at_intake(self):
        with self.at(hours=3):
            request = self.make_request()
        self.assertEqual(request.sla_start_at, self.moment(hours=3))
        self.assertEqual(request.response_deadline, self.moment(hours=8))
        self.assertEqual(request.resolution_deadline, self.moment(days=2, hours=3))
        with self.at(days=5):
            weekend = self.make_request()
        self.assertEqual(weekend.response_deadline, self.moment(days=7, hours=4))
        self.assertRecomputed(request | weekend)

    def test_status_follows_the_time(self):
        with self.at():
            request = self.make_request()
        Request = self.env['property.service.request']
        for hours, status in ((0, 'on_track'), (2.9, 'on_track'), (3, 'at_risk'), (4, 'at_risk'), (4.1, 'breached')):
            with self.at(hours=hours):
                request.invalidate_recordset(['sla_status'])
                self.assertEqual(request.sla_status, status)
                self.assertIn(request, Request.search([('sla_status', '=', status)]))
                self.assertNotIn(request, Request.search([('sla_status', '!=', status)]))
        with self.at(hours=4):
            request._mark_responded()
            self.assertEqual(request.sla_status, 'on_track')
            self.assertEqual(request.sla_next_deadline, self.moment(days=1, hours=9))

    def test_work_begun_is_an_answer(self):
        with self.at():
            request = self.make_request('dispatched')
        self.assertFalse(request.responded_at)
        with self.at(hours=1):
            request.action_start()
        self.assertEqual(request.responded_at, self.moment(hours=1))

    def test_search_agrees_with_the_status_for_all(self):
        with self.at():
            requests = self.make_request() | self.make_request(priority='2')
            requests |= self.make_request('in_progress') | self.make_request('done') | self.make_request('closed')
            paused = self.started()
            paused.action_wait(reason_id=self.reason.id)
            cancelled = self.make_request('registered')
            cancelled.action_cancel(reason="Mistake")
            requests |= paused | cancelled
        with self.at(hours=1.2):
            late = self.make_request('in_progress', priority='2')
        with self.at(hours=9):
            late.checklist_ids.write({'done': True})
            late.action_done(summary="Late")
            requests |= late
            self.Policy.search([]).active = False
            requests |= self.make_request()
        self.assertEqual(set(requests.mapped('sla_status')) | {'at_risk', 'on_track'}, {
            'on_track', 'at_risk', 'breached', 'met', 'missed', 'paused', 'none'})
        for hours in (0, 1, 3.5, 20, 100):
            with self.at(hours=hours):
                requests.invalidate_recordset(['sla_status'])
                by_status = requests.grouped('sla_status')
                for status, _label in requests._fields['sla_status']._description_selection(self.env):
                    found = requests.search([('id', 'in', requests.ids), ('sla_status', '=', status)])
                    self.assertEqual(found, by_status.get(status, requests.browse()).sorted(), (hours, status))
                    others = requests.search([('id', 'in', requests.ids), ('sla_status', 'not in', [status])])
                    self.assertEqual(others, (requests - found).sorted())

    def test_paused_for_days(self):
        request = self.started()
        with self.at(hours=2):
            request.action_wait(reason_id=self.reason.id)
            self.assertEqual((request.sla_status, request.resolution_deadline), ('paused', False))
            self.assertEqual(request.resolution_remaining, 14 * 3600)
        self.assertRecomputed(request)
        with self.at(days=3, hours=3):
            self.assertEqual(request.sla_status, 'paused')
            request.action_resume()
        self.assertEqual(request.resolution_deadline, self.moment(days=7, hours=1))
        self.assertRecomputed(request)

    def test_reason_that_does_not_pause(self):
        request = self.started()
        deadline = request.resolution_deadline
        with self.at(hours=2):
            request.action_wait(reason_id=self.no_pause.id)
            self.assertEqual(request.resolution_deadline, deadline)
        self.assertRecomputed(request)

    def test_policy_decides_which_reasons_pause(self):
        self.general.write({'pause_mode': 'chosen', 'pausing_reason_ids': [Command.set(self.no_pause.ids)]})
        first, second = self.started(), self.started()
        with self.at(hours=1):
            first.action_wait(reason_id=self.reason.id)
            second.action_wait(reason_id=self.no_pause.id)
        self.assertTrue(first.resolution_deadline)
        self.assertFalse(second.resolution_deadline)
        self.general.pause_mode = 'never'
        third = self.started()
        with self.at(hours=1):
            third.action_wait(reason_id=self.no_pause.id)
        self.assertTrue(third.resolution_deadline)

    def test_pausing_after_the_deadline_hides_nothing(self):
        request = self.started()
        with self.at(days=4):
            request.action_wait(reason_id=self.reason.id)
            self.assertEqual(request.sla_status, 'breached')
            self.assertEqual(request.resolution_deadline, self.moment(days=1, hours=9))
        self.assertRecomputed(request)

    def test_priority_changed_while_paused(self):
        request = self.started()
        with self.at(hours=1):
            request.action_wait(reason_id=self.reason.id)
        with self.at(days=2):
            request.priority = '2'
            self.assertEqual((request.sla_policy_id, request.sla_status), (self.urgent, 'paused'))
            self.assertEqual(request.resolution_remaining, 3600, "the pause is not lost")
            self.assertRecomputed(request)
        with self.at(days=3):
            request.action_resume()
        self.assertEqual(request.resolution_deadline, self.moment(days=3, hours=1))
        self.assertRecomputed(request)

    def test_policy_changed_and_archived_while_paused(self):
        request = self.started()
        with self.at(hours=2):
            request.action_wait(reason_id=self.reason.id)
        self.general.resolution_hours = 6
        self._run_cron()
        self.assertEqual((request.sla_status, request.resolution_remaining), ('paused', 4 * 3600))
        self.general.active = False
        self._run_cron()
        self.assertFalse(request.sla_policy_id)
        self.general.active = True
        self._run_cron()
        self.assertEqual(request.resolution_remaining, 4 * 3600)
        with self.at(days=1):
            request.action_resume()
        self.assertEqual(request.resolution_deadline, self.moment(days=1, hours=4))

    def test_any_answer_stops_the_response_clock_once(self):
        with self.at():
            request = self.make_request('approved')
        with self.at(hours=1):
            request.action_confirm(start=self.moment(days=1), end=self.moment(days=1, hours=1))
            self.assertEqual(request.responded_at, self.moment(hours=1))
        with self.at(hours=8):
            request._mark_responded()
            self.assertEqual(request.responded_at, self.moment(hours=1))
            self.assertEqual(request.sla_next_deadline, request.resolution_deadline)

    def test_reply_on_any_channel_stops_the_response_clock(self):
        def comment(request):
            self.as_role('agent', request).message_post(body="We come", message_type='comment', subtype_xmlid='mail.mt_comment')

        def mail(request):
            request.message_post(
                body="We come", message_type='email', subtype_xmlid='mail.mt_comment', author_id=self.users['agent'].partner_id.id,
                email_from='agent@example.com')

        def appointment(request):
            request.action_approve()
            request.action_confirm(start=self.moment(days=1), end=self.moment(days=1, hours=1))

        answers = {
            'comment': comment, 'mail': mail, 'appointment': appointment,
            'call': lambda request: self.as_role('agent', request).action_log_contact(summary="Called him", direction='out'),
            'visit': lambda request: self.as_role('agent', request).action_log_contact(summary="He came", direction='in'),
            'refusal': lambda request: request.action_reject(reason="Not ours"),
        }
        no_answers = {
            'note': lambda request: self.as_role('agent', request).message_post(body="Drunk", subtype_xmlid='mail.mt_note'),
            'resident': lambda request: self.as_role('resident', request).message_post(body="When?"),
            'resident by mail': lambda request: request.message_post(
                body="When?", message_type='email', subtype_xmlid='mail.mt_comment', author_id=self.resident.id),
            'approval': lambda request: request.action_approve(),
            'priority': lambda request: request.write({'priority': '1'}),
        }
        for channel, say in {**answers, **no_answers}.items():
            with self.subTest(channel=channel), self.at():
                request = self.make_request('registered')
                with self.at(hours=1):
                    say(request)
                self.assertEqual(request.responded_at, self.moment(hours=1) if channel in answers else False)

    def test_an_internal_note_is_no_answer(self):
        with self.at():
            request = self.make_request('registered')
            self.as_role('agent', request).message_post(body="Internal", subtype_xmlid='mail.mt_note')
            self.assertFalse(request.responded_at)

    def test_refusal_is_an_answer(self):
        with self.at():
            request = self.make_request('registered')
        with self.at(hours=2):
            request.action_reject(reason="Not ours")
        self.assertEqual((request.responded_at, request.sla_result), (self.moment(hours=2), 'met'))

    def test_done_in_time_and_too_late(self):
        request, late = self.started(), self.started()
        for job, days in ((request, 1), (late, 3)):
            with self.at(days=days):
                job.checklist_ids.write({'done': True})
                job.action_done(summary="Done")
        self.assertEqual((request.sla_status, late.sla_status), ('met', 'missed'))
        self.assertFalse(request.sla_next_deadline or late.sla_next_deadline)

    def test_returned_work_goes_on_with_the_time_used(self):
        request = self.started()
        with self.at(hours=4):
            request.checklist_ids.write({'done': True})
            request.action_done(summary="Done")
        with self.at(days=1):
            request.action_return(reason="Leaks")
            self.assertEqual(request.sla_status, 'on_track')
            self.assertEqual(request.resolution_deadline, self.moment(days=2, hours=4))
        self.assertRecomputed(request)
        with self.at(days=2, hours=3):
            request.action_done(summary="Again")
        self.assertEqual(request.sla_result, 'met')

    def test_closed_is_reopened_by_the_supervisor(self):
        with self.at():
            request = self.make_request('closed')
        self.assertEqual(request.sla_result, 'met')
        with self.at(days=1):
            request.with_user(self.users['supervisor']).action_return(reason="Leaks")
            self.assertEqual((request.sla_status, request.sla_result), ('on_track', False))
            self.assertEqual(request.resolution_deadline, self.moment(days=2, hours=9))

    def test_closed_directly_from_waiting(self):
        request, late = self.started(), self.started()
        with self.at(hours=2):
            request.action_wait(reason_id=self.reason.id)
        with self.at(days=30):
            request.action_cancel(reason="Moved out")
            late.action_cancel(reason="To look better")
            self.assertEqual(request.sla_status, 'met', "answered in time; the solution was not owed while paused")
            self.assertEqual(late.sla_status, 'missed', "cancelling does not undo a miss")
        self.assertFalse(request.sla_paused)

    def test_merged_ends(self):
        with self.at():
            master, duplicate = self.make_request('approved'), self.make_request('approved')
        with self.at(hours=1):
            duplicate.action_merge(master_id=master.id)
        with self.at(days=3):
            self.assertEqual((duplicate.sla_status, duplicate.sla_next_deadline), ('none', False))
            self.assertEqual(master.sla_status, 'breached')

    def test_results_never_change(self):
        with self.at():
            closed, done = self.make_request('closed'), self.make_request('done')
        before = (closed | done).read(CLOCK_FIELDS)
        self.general.write({'resolution_hours': 1, 'response_hours': 1, 'round_the_clock': True})
        self._run_cron()
        (closed | done).priority = '2'
        (closed | done)._recompute_clocks()
        self.general.active = False
        self._run_cron()
        self.assertEqual((closed | done).read(CLOCK_FIELDS), before)

    def test_log_says_how_long_each_stage_took(self):
        request = self.started(hours=1)
        with self.at(hours=3):
            request.action_wait(reason_id=self.reason.id)
        with self.at(hours=7.5):
            request.action_resume()
        lines = self.as_role('technician', request).state_log_ids
        self.assertEqual(lines[-2:].mapped('stayed_hours'), [2, 4.5])
        self.assertFalse(any(lines[:-2].mapped('stayed_hours')))
        self.assertEqual(lines[-1].stayed_hours, 4.5)

    def test_facts_cannot_be_forged(self):
        request = self.make_request()
        for vals in (
            {'response_deadline': '2030-01-01'}, {'sla_result': 'met'}, {'sla_start_at': '2030-01-01'}, {'sla_policy_id': False},
        ):
            with self.assertRaises(UserError):
                self.as_role('manager', request).write(vals)
            with self.assertRaises(UserError):
                self.as_role('manager', 'property.service.request').create({'title': "x", **vals})

    def test_a_case_is_taken_whatever_the_configuration(self):
        with self.at():
            self.env.cr.execute("DELETE FROM resource_calendar_attendance WHERE calendar_id = %s", [self.calendar.id])
            self.env.invalidate_all()
            self.env.registry.clear_all_caches()
            request = self.make_request()
            self.assertEqual((request.sla_fault, request.response_deadline, request.sla_status), ('no_hours', False, 'none'))
            self.assertIn("no working hours", request.sla_explanation)
            self.calendar.write({'attendance_ids': [Command.create({
                'name': "Rare", 'dayofweek': '0', 'day_period': 'morning', 'hour_from': 8, 'hour_to': 8.05})]})
            self.general.resolution_hours = 5000
            rare = self.make_request()
            self.assertEqual((rare.sla_fault, rare.resolution_deadline), ('no_hours', False))
            self.calendar.schedule_type = 'fully_fixed'
            self.assertEqual(self.make_request(priority='2').resolution_deadline, self.moment(hours=2))

    def test_residents_see_their_deadlines(self):
        with self.at():
            request = self.as_role('resident', 'property.service.request').create({
                'title': "Tap", 'type_id': self.type_repair.id, 'unit_id': self.unit.id})
        self.assertEqual(request.response_deadline, self.moment(hours=4))
        self.assertEqual(request.resolution_deadline, self.moment(days=1, hours=9))

    def test_the_end_of_time_is_no_obstacle(self):
        with self.at():
            request = self.make_request(type_id=self.type_enquiry.id, promised_at='9999-12-31 23:59:59')
        self.assertEqual(request.response_deadline, datetime(9999, 12, 31, 23, 59, 59))
        self.assertRecomputed(request)
