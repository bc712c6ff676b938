from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PropertyServiceTransactionCase

MONDAY = datetime(2026, 3, 2, 1, 0)


@tagged('post_install', '-at_install')
class TestRequestHours(PropertyServiceTransactionCase):
    """Hours of work are those of the visits (R8, R115): the days between them cost nothing."""

    def _at(self, days=0, hours=0):
        return freeze_time(MONDAY + timedelta(days=days, hours=hours))

    def _begin(self):
        with self._at():
            request = self.make_request('in_progress')
        request.checklist_ids.write({'done': True})
        return request

    def test_returned_work_adds_its_second_visit(self):
        request = self._begin()
        with self._at(hours=2):
            request.action_done(summary="Washer replaced.")
        self.assertEqual(request.work_hours, 2.0)
        with self._at(days=1):
            self.as_role('resident', request).action_return(reason="It drips again")
        self.assertEqual((request.work_hours, request.work_hours_before, request.work_start, request.work_end), (2.0, 2.0, False, False))
        with self._at(days=2):
            self.as_role('technician', request).action_start()
        with self._at(days=2, hours=1):
            self.as_role('technician', request).action_done(summary="Whole tap replaced.")
        self.assertEqual(request.work_hours, 3.0)
        self.assertEqual(request.work_start, MONDAY + timedelta(days=2), "the record is that of the last visit")
        self.assertEqual(request.state_log_ids.mapped('to_state')[-4:], ['in_progress', 'done', 'in_progress', 'done'])

    def test_returned_work_finished_without_a_start_adds_nothing(self):
        request = self._begin()
        with self._at(hours=2):
            request.action_done(summary="Washer replaced.")
        with self._at(days=3):
            request.action_return(reason="Not clean")
            request.action_done(summary="Cleaned.")
        self.assertEqual(request.work_hours, 2.0)

    def test_work_does_not_start_twice(self):
        with self.assertRaisesRegex(UserError, "cannot become"):
            self._begin().action_start()

    def test_waiting_for_parts_is_no_work(self):
        request = self._begin()
        reason = self.env['property.service.waiting.reason'].search([], limit=1)
        with self._at(hours=1):
            request.action_wait(reason_id=reason.id, note="Cartridge ordered")
        self.assertEqual((request.work_hours, request.work_start), (1.0, False))
        with self._at(days=3):
            request.action_resume()
        with self._at(days=3, hours=1.5):
            request.action_done(summary="Cartridge replaced.")
        self.assertEqual(request.work_hours, 2.5)

    def test_whoever_takes_over_begins_anew(self):
        request, mate = self._begin(), self.env['hr.employee'].create({'name': "Zhao Worker"})
        with self._at(hours=1):
            request.action_dispatch(employee_id=mate.id)
        with self._at(days=1):
            request.action_start()
        with self._at(days=1, hours=1):
            request.action_done(summary="Done.")
        self.assertEqual(request.work_hours, 2.0)

    def test_waiting_of_many_takes_as_many_queries_as_of_few(self):
        reason = self.env['property.service.waiting.reason'].search([], limit=1)

        def count(number):
            requests = self.env['property.service.request'].concat(*(self._begin() for _one in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.action_wait(reason_id=reason.id, note="Water is off")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(20), count(2))

    def test_earlier_hours_are_counted_not_entered(self):
        with self.assertRaises(UserError):
            self.as_role('manager', self._begin()).work_hours_before = 40
