from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_clock import CLOCK_FIELDS, ClockCase


@tagged('post_install', '-at_install')
class TestClockRecompute(ClockCase):
    """What changes deadlines of open cases, and what that costs."""

    def test_holiday_added_and_removed(self):
        with self.at():
            request, urgent = self.make_request(), self.make_request(priority='2')
        deadline = request.resolution_deadline
        holiday = self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'calendar_id': self.calendar.id, 'date_from': self.moment(days=1, hours=-8),
            'date_to': self.moment(days=2, hours=-8)})
        self._run_cron()
        self.assertEqual(request.resolution_deadline, deadline + timedelta(days=1))
        self.assertEqual(urgent.resolution_deadline, self.moment(hours=2))
        self.assertRecomputed(request | urgent)
        holiday.unlink()
        self._run_cron()
        self.assertEqual(request.resolution_deadline, deadline)

    def test_calendar_edited(self):
        with self.at():
            request = self.make_request()
        self.calendar.attendance_ids.filtered(lambda slot: slot.day_period == 'afternoon').unlink()
        self._run_cron()
        self.assertEqual(request.resolution_deadline, self.moment(days=3, hours=4))
        self.assertFalse(self.env['property.service.sla.recompute'].search([]))

    def test_working_hours_of_the_company_changed(self):
        self.general.calendar_id = False
        self.estate.calendar_id = self.team.calendar_id = False
        with self.at():
            request = self.make_request()
        self.assertEqual(request.sla_calendar_id, self.company.resource_calendar_id)
        self.company.resource_calendar_id = self.calendar
        self._run_cron()
        self.assertEqual((request.sla_calendar_id, request.response_deadline), (self.calendar, self.moment(hours=4)))
        empty = self.env['resource.calendar'].create({'name': "Empty", 'attendance_ids': [Command.clear()]})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.company.resource_calendar_id = empty
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.calendar.attendance_ids = [Command.clear()]
        self.general.round_the_clock = True
        self.company.resource_calendar_id = empty
        self.assertFalse(self.general.hours_warning)
        self.general.round_the_clock = False
        self.assertIn(self.company.name, self.general.hours_warning)
        with self.at():
            self.assertEqual(self.make_request().sla_fault, 'no_hours', "the case is taken, the manager sees why it has no deadline")

    def test_progress_of_counting_again(self):
        with self.at():
            requests = self.env['property.service.request'].union(*(self.make_request() for _number in range(5)))
        self.general.response_hours = 2
        row = self.env['property.service.sla.recompute'].search([])
        seen = []

        def commit(cron, processed=0, *, remaining=None):
            seen.append((processed, remaining, row.done_count, row.total_count) if row.exists() else (processed, remaining))
            return 1

        Row = type(row)
        with patch.object(type(self.env['ir.cron']), '_commit_progress', commit):
            Row._cron_recompute(row, batch_size=2)
        total = len(requests)
        self.assertEqual(seen[0], (0, total, 0, total))
        self.assertEqual(seen[1], (2, total - 2, 2, total))
        self.assertEqual(seen[-1], (0, 0))
        self.assertEqual([processed for processed, *_rest in seen], [0, 2, 2, 1, 0, 0])

    def test_time_off_of_an_employee_changes_nothing(self):
        with self.at():
            self.make_request()
        self.env['resource.calendar.leaves'].create({
            'name': "Own", 'resource_id': self.worker.resource_id.id, 'date_from': self.moment(), 'date_to': self.moment(days=2)})
        self.assertFalse(self.env['property.service.sla.recompute'].search([]))

    def test_interrupted_round_goes_on(self):
        with self.at():
            requests = self.env['property.service.request'].union(*(self.make_request() for _number in range(5)))
        self.general.response_hours = 2
        row = self.env['property.service.sla.recompute'].search([])
        self.assertEqual(len(row), 1)
        self.general.response_hours = 3
        self.assertEqual(self.env['property.service.sla.recompute'].search([]), row, "one round is enough")
        row.last_id = requests[1].id
        self._run_cron()
        hours = [(request.response_deadline - self.moment()).total_seconds() / 3600 for request in requests]
        self.assertEqual(hours, [4, 4, 3, 3, 3])
        self.assertFalse(row.exists())

    def test_bulk_and_orm_agree_on_everything(self):
        requests = self.env['property.service.request']
        for number, state in enumerate(('new', 'registered', 'in_progress', 'done', 'closed')):
            for priority in ('0', '2'):
                with self.at(hours=number):
                    requests |= self.make_request(state, priority=priority)
        running = requests.filtered(lambda request: request.state == 'in_progress')
        with self.at(hours=6):
            running.action_wait(reason_id=self.reason.id)
        with self.at(days=1):
            running[0].action_resume()
        self.assertRecomputed(requests)
        requests.flush_recordset()
        still_open = requests.filtered(lambda request: request.state not in request._clock_stopped_states)
        expected = still_open.read(CLOCK_FIELDS)
        self.env.cr.execute(
            "UPDATE property_service_request SET sla_policy_id = NULL, response_deadline = NULL,"
            " resolution_deadline = '2030-01-01', sla_next_deadline = NULL, sla_paused = NOT sla_paused, sla_response_hours = 0"
            " WHERE id = ANY(%s)", [requests.ids])
        requests.invalidate_recordset()
        self.assertEqual(requests._recompute_clocks(), len(still_open))
        self.assertEqual(still_open.read(CLOCK_FIELDS), expected)

    # ---- COST ----

    def _create(self, count):
        return self.env['property.service.request'].create([{
            'title': "Tap", 'type_id': self.type_repair.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id,
        } for _number in range(count)])

    def test_creating_costs_no_query_for_the_clock(self):
        def count(number):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._create(number)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._create(2)
        with_clock, batch = count(1), count(30)
        self.Policy.search([]).active = False
        self._create(2)
        self.assertEqual(with_clock, count(1))
        self.assertEqual(batch, count(30))

    def test_counting_again_takes_three_queries(self):
        requests = self._create(40)
        self.env.flush_all()
        requests._recompute_clocks()
        self.general.response_hours = 2
        self.env.flush_all()
        self._create(1)
        self.env.flush_all()
        with self.assertQueryCount(4):
            self.assertEqual(requests._recompute_clocks(), 40)
