from datetime import date, datetime

import pytz

from odoo.tests import tagged

from .judgement_common import JudgementCase

ZONE = pytz.timezone('Asia/Shanghai')


def at(day, hour, minute=0, month=3):
    """Return a moment of 2025 by the clock of the company, as it is stored."""
    return ZONE.localize(datetime(2025, month, day, hour, minute)).astimezone(pytz.utc).replace(tzinfo=None)


class LeaveCase(JudgementCase):
    """Requests of the worker of which the answer falls due at chosen moments of March 2025. The third was a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env['resource.calendar'].create({
            'name': "Office", 'tz': ZONE.zone, 'company_id': cls.company.id, 'attendance_ids': [(5, 0, 0), *(
                (0, 0, {'name': "Work", 'dayofweek': str(day), 'hour_from': begin, 'hour_to': end, 'day_period': period})
                for day in range(5) for begin, end, period in ((8, 12, 'morning'), (12, 13, 'lunch'), (13, 17, 'afternoon')))]})
        cls.company.resource_calendar_id = cls.calendar
        cls.workers.write({'resource_calendar_id': cls.calendar.id, 'tz': ZONE.zone})
        cls.period = cls.company._get_assessment_period(date(2025, 3, 1), date(2025, 3, 31))

    def make_due(self, *moments, employee=None):
        """Create a request that falls due at each of the moments, and was never answered."""
        requests = self.env['property.service.request'].create([{
            'title': "Due", 'type_id': self.type_repair.id, 'estate_id': self.estate.id, 'contact_name': "A", 'contact_phone': "1",
        } for _moment in moments])
        self.set_facts(requests, state='dispatched', employee_id=(employee or self.worker).id)
        self.env.flush_all()
        for request, moment in zip(requests, moments):
            self.env.cr.execute("UPDATE property_service_request SET response_deadline = %s, response_risk_at = %s WHERE id = %s", (
                moment, moment, request.id))
        self.env.invalidate_all(flush=False)
        return requests

    def get_due(self, employee=None):
        """Return the moments that count for the employee, by the clock of the company: [(day, hour)]."""
        self.env.flush_all()
        found = self.env.execute_query(self.ref('response_on_time')._get_cases(self.period))
        names = [column.name for column in self.env.cr.description]
        rows = [dict(zip(names, row)) for row in found]
        local = [pytz.utc.localize(row['at']).astimezone(ZONE) for row in rows if row['holder_id'] == (employee or self.worker).id]
        return sorted((moment.day, moment.hour) for moment in local)

    def take_off(self, begin, end, **vals):
        """Time off as Odoo's addon for it writes it: from the first to the last working hour."""
        return self.env['resource.calendar.leaves'].create({
            'name': "Off", 'resource_id': self.worker.resource_id.id, 'calendar_id': self.calendar.id, 'date_from': begin, 'date_to': end,
            'time_type': 'leave', **vals})


@tagged('post_install', '-at_install')
class TestLeave(LeaveCase):
    """What falls due while somebody is off does not count against him: time off is written as working hours, duties fall due at any time."""

    def test_whole_days(self):
        self.make_due(*(at(day, hour) for day in (3, 4, 5, 6) for hour in (7, 10, 20)))
        self.take_off(at(4, 8), at(5, 17))
        self.assertEqual(self.get_due(), [(day, hour) for day in (3, 6) for hour in (7, 10, 20)])

    def test_half_days_and_hours(self):
        self.make_due(*(at(3, hour) for hour in (7, 9, 11, 14, 16, 20)))
        morning = self.take_off(at(3, 8), at(3, 12))
        self.assertEqual(self.get_due(), [(3, 14), (3, 16), (3, 20)])
        morning.unlink()
        afternoon = self.take_off(at(3, 13), at(3, 17))
        self.assertEqual(self.get_due(), [(3, 7), (3, 9), (3, 11)])
        afternoon.unlink()
        self.take_off(at(3, 10), at(3, 15))
        self.assertEqual(self.get_due(), [(3, 7), (3, 9), (3, 16), (3, 20)])

    def test_a_day_without_work_and_a_calendar_of_its_own(self):
        self.make_due(at(1, 10), at(2, 10), at(3, 10), at(3, 20))
        self.take_off(at(1, 9), at(1, 12), calendar_id=False)
        self.assertEqual(self.get_due(), [(2, 10), (3, 10), (3, 20)], "nobody works on Saturdays: off is off")
        night = self.calendar.copy({'name': "Night", 'attendance_ids': [(5, 0, 0), (0, 0, {
            'name': "Night", 'dayofweek': '0', 'hour_from': 8, 'hour_to': 23, 'day_period': 'morning'})]})
        self.take_off(at(3, 8), at(3, 17), calendar_id=night.id)
        self.assertEqual(self.get_due(), [(2, 10), (3, 20)], "by these working hours he was back in the evening")

    def test_over_the_border_of_the_month(self):
        self.make_due(at(28, 20, month=2), at(1, 0), at(3, 10), at(31, 23), at(1, 0, month=4))
        self.take_off(at(27, 8, month=2), at(3, 17))
        self.take_off(at(31, 8), at(2, 17, month=4))
        self.assertEqual(self.get_due(), [])
        self.assertEqual(self.env['resource.calendar.leaves'].search_count([('resource_id', '=', self.worker.resource_id.id)]), 2)

    def test_worked_time_and_holidays_excuse_nobody(self):
        """A course or work from home is no time off; on a public holiday duties are of whoever is on duty."""
        self.make_due(at(3, 10), at(4, 10))
        self.take_off(at(3, 8), at(3, 17), time_type='other')
        self.take_off(at(4, 8), at(4, 17), resource_id=False)
        self.assertEqual(self.get_due(), [(3, 10), (4, 10)])

    def test_of_somebody_else(self):
        """Neither a colleague's time off counts, nor that of the same person as an employee of another company."""
        company = self.env['res.company'].create({'name': "Other"})
        twin = self.env['hr.employee'].with_company(company).create({'name': "Twin", 'company_id': company.id})
        self.make_due(at(3, 10))
        self.make_due(at(3, 11), employee=self.colleague)
        self.take_off(at(3, 8), at(3, 17), resource_id=twin.resource_id.id, calendar_id=False)
        self.assertEqual(self.get_due(), [(3, 10)])
        self.take_off(at(3, 8), at(3, 17))
        self.assertEqual((self.get_due(), self.get_due(self.colleague)), ([], [(3, 11)]))

    def test_a_deadline_that_is_a_day(self):
        """A corrective action may be done until midnight: who was off on its last day could not do it."""
        action = self.env['property.service.corrective.action'].create({
            'title': "Leak", 'responsible_id': self.worker.id, 'estate_id': self.estate.id, 'deadline': date(2025, 3, 4)})
        self.env.flush_all()
        self.env.cr.execute("UPDATE property_service_corrective_action SET state = 'in_progress' WHERE id = %s", (action.id,))
        self.env.invalidate_all(flush=False)
        indicator = self.ref('corrective_on_time')
        self.assertIn(self.worker.id, indicator._get_company_figures(self.period))
        self.take_off(at(4, 8), at(4, 17))
        self.assertNotIn(self.worker.id, indicator._get_company_figures(self.period))

    def test_the_scorecard_says_so(self):
        self.assertIn("while the employee was off", self.ref('response_on_time').exclusions)


@tagged('post_install', '-at_install', '-standard', 'hr_holidays')
class TestLeaveRequests(LeaveCase):
    """The same with real requests of Odoo's addon for time off; the addon does not depend on it, so `./dev lifecycle` installs it."""

    def request_leave(self, unit, begin, end, kind='leave', **vals):
        leave_type = self.env['hr.leave.type'].create({
            'name': f"Off by {unit}", 'request_unit': unit, 'requires_allocation': False, 'leave_validation_type': 'no_validation',
            'time_type': kind, 'company_id': self.company.id})
        leave = self.env['hr.leave'].with_context(mail_create_nosubscribe=True).create({
            'employee_id': self.worker.id, 'holiday_status_id': leave_type.id, 'request_date_from': begin, 'request_date_to': end, **vals})
        if leave.state != 'validate':
            leave.action_approve()
        self.assertEqual(leave.state, 'validate')
        return leave

    def test_requests(self):
        self.make_due(*(at(day, hour) for day in (3, 4, 5, 6, 7) for hour in (7, 10, 14, 20)))
        everything = self.get_due()
        for vals, excused in (
            (('day', date(2025, 3, 4), date(2025, 3, 5)), {(day, hour) for day in (4, 5) for hour in (7, 10, 14, 20)}),
            (('day', date(2025, 2, 26), date(2025, 3, 3)), {(3, hour) for hour in (7, 10, 14, 20)}),
        ):
            leave = self.request_leave(*vals)
            self.assertEqual(set(everything) - set(self.get_due()), excused, vals)
            leave.action_refuse()
            self.assertEqual(self.get_due(), everything, "refused: it counts again")
        leave = self.request_leave(
            'half_day', date(2025, 3, 4), date(2025, 3, 4), request_date_from_period='am', request_date_to_period='am')
        self.assertEqual(set(everything) - set(self.get_due()), {(4, 7), (4, 10)})
        leave._force_cancel("Came after all")
        self.assertEqual(self.get_due(), everything)
        self.request_leave('hour', date(2025, 3, 5), date(2025, 3, 5), request_hour_from=9, request_hour_to=11)
        self.assertEqual(set(everything) - set(self.get_due()), {(5, 10)})
        self.request_leave('day', date(2025, 3, 6), date(2025, 3, 6), kind='other')
        self.assertEqual(set(everything) - set(self.get_due()), {(5, 10)}, "worked time")
        waiting = self.env['hr.leave.type'].create({
            'name': "Asked", 'request_unit': 'day', 'requires_allocation': False, 'leave_validation_type': 'hr', 'company_id': self.company.id})
        asked = self.env['hr.leave'].create({
            'employee_id': self.worker.id, 'holiday_status_id': waiting.id, 'request_date_from': date(2025, 3, 7),
            'request_date_to': date(2025, 3, 7)})
        self.assertNotEqual(asked.state, 'validate')
        self.assertEqual(set(everything) - set(self.get_due()), {(5, 10)}, "asked for only")

    def test_other_working_hours_in_the_middle_of_the_month(self):
        """From the seventeenth on he works until 21 o'clock: each day off is by the hours of its time."""
        late = self.calendar.copy({'name': "Late", 'attendance_ids': [(5, 0, 0), *(
            (0, 0, {'name': "Late", 'dayofweek': str(day), 'hour_from': 12, 'hour_to': 21, 'day_period': 'afternoon'}) for day in range(5))]})
        self.worker.version_id.write({'date_version': '2024-01-01'})
        self.worker.create_version({'date_version': date(2025, 3, 17), 'resource_calendar_id': late.id})
        self.make_due(*(at(day, hour) for day in (10, 11, 18, 19) for hour in (9, 20, 23)))
        everything = self.get_due()
        self.request_leave('day', date(2025, 3, 10), date(2025, 3, 10))
        self.request_leave('day', date(2025, 3, 18), date(2025, 3, 18))
        self.assertEqual(set(everything) - set(self.get_due()), {(day, hour) for day in (10, 18) for hour in (9, 20, 23)})
