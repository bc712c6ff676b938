from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_dispatch import DispatchCase


@tagged('post_install', '-at_install')
class TestAppointment(DispatchCase):
    """Slots in the working hours of the team: 8-12 and 13-17 in Shanghai, that is 0-4 and 5-9 UTC."""

    def slots(self, request, role='agent', **arguments):
        return [
            (slot['start'], slot['free'], slot['capacity'])
            for slot in self.as_role(role, request).get_appointment_slots(**{'days': 1, **arguments})]

    def test_free_slots(self):
        request = self.make_request('approved')
        slots = self.as_role('agent', request).get_appointment_slots(days=1)
        self.assertEqual(slots[0], {'start': '2026-11-23 02:00:00', 'end': '2026-11-23 04:00:00', 'free': 2, 'capacity': 2})
        self.assertEqual(
            self.slots(request), [('2026-11-23 02:00:00', 2, 2), ('2026-11-23 05:00:00', 2, 2), ('2026-11-23 07:00:00', 2, 2)])
        self.assertEqual(self.slots(request, date_from='2026-11-28', days=2), [], "the weekend")
        self.assertEqual(self.slots(request, date_from='2026-11-24')[0][0], '2026-11-24 00:00:00')
        self.assertEqual(len(self.slots(request, days=5, limit=4)), 4)
        self.assertEqual(self.slots(request, hours=4), [('2026-11-23 05:00:00', 2, 2)])

    def test_a_slot_can_be_taken_as_it_is(self):
        request = self.make_request('approved')
        slot = self.as_role('agent', request).get_appointment_slots(days=1)[0]
        self.as_role('agent', request).action_confirm(start=slot['start'], end=slot['end'])
        self.assertEqual((request.state, request.appointment_end), ('confirmed', datetime(2026, 11, 23, 4, 0)))

    def test_appointments_and_time_off_take_places(self):
        request = self.make_request('approved')
        self.make_request('approved').action_confirm(start='2026-11-23 05:00:00', end='2026-11-23 07:00:00')
        self.assertEqual(self.slots(request)[1:], [('2026-11-23 05:00:00', 1, 2), ('2026-11-23 07:00:00', 2, 2)])
        busy = self.make_request('approved')
        busy.action_confirm(start='2026-11-23 06:00:00', end='2026-11-23 08:00:00')
        busy.action_dispatch(employee_id=self.worker.id)
        self.assertEqual(self.slots(request)[1:], [('2026-11-23 07:00:00', 1, 2)])
        self.take_time_off(self.colleague, '2026-11-23 00:00:00', '2026-11-23 09:00:00')
        self.assertEqual(self.slots(request), [('2026-11-23 02:00:00', 1, 1)])

    def test_own_appointment_is_no_obstacle(self):
        request = self.make_request('approved')
        request.action_confirm(start='2026-11-23 05:00:00', end='2026-11-23 07:00:00')
        self.assertIn(('2026-11-23 05:00:00', 2, 2), self.slots(request))
        request.action_cancel(reason="Not needed")
        self.assertEqual(self.slots(self.make_request('approved'))[1], ('2026-11-23 05:00:00', 2, 2))

    def test_member_in_another_zone_and_team_calendar(self):
        """The team opens by its own calendar; a member counts only in the own hours."""
        brussels = self.env['resource.calendar'].create({
            'name': "Brussels", 'tz': 'Europe/Brussels', 'company_id': self.company.id,
            'attendance_ids': [Command.create({'name': "Day", 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 12,
                                               'day_period': 'morning'}) for day in range(5)]})
        self.colleague.write({'resource_calendar_id': brussels.id, 'tz': 'Europe/Brussels'})
        request = self.make_request('approved')
        # 8:00 in Brussels is 7:00 UTC: the colleague is there for the last slot alone
        self.assertEqual([slot[1] for slot in self.slots(request)], [1, 1, 2])
        self.team.calendar_id = brussels
        self.assertEqual(self.slots(request), [('2026-11-23 07:00:00', 2, 2), ('2026-11-23 09:00:00', 1, 1)])

    def test_clock_change(self):
        """In Brussels the working day begins at 6 UTC before and at 7 UTC after the last Sunday of October."""
        self.now = datetime(2026, 10, 22, 0, 0)
        brussels = self.env['resource.calendar'].create({
            'name': "Brussels", 'tz': 'Europe/Brussels', 'company_id': self.company.id,
            'attendance_ids': [Command.create({'name': "Day", 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 10,
                                               'day_period': 'morning'}) for day in range(5)]})
        self.team.calendar_id = brussels
        self.team.member_ids = False
        starts = [slot[0] for slot in self.slots(self.make_request('approved'), date_from='2026-10-23', days=4)]
        self.assertEqual(starts, ['2026-10-23 06:00:00', '2026-10-26 07:00:00'])

    def test_public_holiday(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'calendar_id': self.team.calendar_id.id, 'company_id': self.company.id,
            'date_from': '2026-11-22 16:00:00', 'date_to': '2026-11-23 15:59:59'})
        self.assertEqual(self.slots(self.make_request('approved')), [])

    def test_without_team(self):
        request = self.make_request('registered', type_id=self.type_simple.id)
        request.team_id = False
        self.assertEqual(self.slots(request)[0], ('2026-11-23 02:00:00', 1, 1), "planned hour by hour, one at a time")
        other = self.make_request('approved', type_id=self.type_simple.id)
        other.team_id = False
        other.action_confirm(start='2026-11-23 02:00:00')
        self.assertEqual(self.slots(request)[0], ('2026-11-23 03:00:00', 1, 1))

    def test_roles_and_bad_arguments(self):
        request = self.make_request('approved')
        for role in ('technician', 'resident', 'quality', 'hr'):
            with self.assertRaises(AccessError):
                self.slots(request, role=role)
        for arguments in (
                {'date_from': 'tomorrow'}, {'date_from': 5}, {'date_from': '9999-12-31'}, {'days': 'x'}, {'days': 'nan'},
                {'hours': {'x': 1}}, {'limit': 'all'}):
            with self.assertRaises(UserError):
                self.slots(request, **arguments)
        self.assertEqual(len(self.slots(request, days=-5, date_from='2026-11-24')), 4, "at least a day")
        self.assertTrue(self.slots(request, days=10 ** 9))

    def test_wizard_offers_slots(self):
        request = self.make_request('approved')
        action = self.as_role('agent', request).action_confirm()
        Wizard = self.as_role('agent', action['res_model']).with_context(action['context'])
        with Form(Wizard) as form:
            self.assertEqual(form.slots[0]['start'], '2026-11-23 02:00:00')
            self.assertEqual(form.start, datetime(2026, 11, 23, 2, 0), "the first free slot is proposed")
            self.assertEqual(form.end, datetime(2026, 11, 23, 4, 0))
        form.record.action_apply()
        self.assertEqual(request.appointment_start, datetime(2026, 11, 23, 2, 0))
