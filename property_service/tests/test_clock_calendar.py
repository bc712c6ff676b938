import random
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..tools.working_time import week_parity

ZONES = ['Asia/Shanghai', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Brussels', 'Etc/GMT+12', 'Etc/GMT-12']


@tagged('post_install', '-at_install')
class TestClockCalendar(TransactionCase):
    """Deadlines agree with what Odoo counts on the same calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(20260302)
        cls.company = cls.env.company

    def _make_calendar(self, tz, two_weeks=False):
        slots = []
        for week in ('0', '1') if two_weeks else (False,):
            for day in sorted(self.random.sample(range(7), self.random.randint(2, 7))):
                start = self.random.choice([0, 6, 7.5, 8, 9.25])
                noon = start + self.random.choice([3, 4, 4.5])
                pause = self.random.choice([0.5, 1, 1.5])
                end = self.random.choice([noon + pause + 3, 24])
                for period, hour_from, hour_to in (
                    ('morning', start, noon), ('lunch', noon, noon + pause), ('afternoon', noon + pause, end),
                ):
                    slots.append(Command.create({
                        'name': period, 'dayofweek': str(day), 'day_period': period, 'hour_from': hour_from, 'hour_to': hour_to,
                        'week_type': week, 'sequence': 30 if week == '1' else 5}))
        if two_weeks:
            slots += [Command.create({
                'name': "Week", 'dayofweek': '0', 'sequence': sequence, 'hour_from': 0, 'hour_to': 0, 'day_period': 'morning',
                'week_type': week, 'display_type': 'line_section'}) for week, sequence in (('0', 0), ('1', 25))]
        calendar = self.env['resource.calendar'].create({
            'name': f"Random {tz}", 'company_id': False, 'two_weeks_calendar': two_weeks,
            'attendance_ids': [Command.clear(), *slots]})
        calendar.tz = tz
        holidays = []
        for _holiday in range(self.random.randint(1, 5)):
            start = datetime(2026, 1, 1) + timedelta(minutes=self.random.randint(0, 500 * 24 * 60))
            holidays.append({
                'name': "Holiday", 'calendar_id': self.random.choice([calendar.id, False]), 'date_from': start,
                'date_to': start + timedelta(hours=self.random.choice([6, 24, 72]))})
        self.env['resource.calendar.leaves'].create(holidays)
        return calendar

    def test_agrees_with_resource_calendar(self):
        for tz in ZONES:
            for two_weeks in (False, True):
                calendar = self._make_calendar(tz, two_weeks)
                work = calendar._get_working_time(calendar.id, self.company.id, 2026, 2028)
                for _deadline in range(12):
                    start = datetime(2026, 1, 2) + timedelta(minutes=self.random.randint(0, 450 * 24 * 60))
                    # midnights that Odoo ends at 23:59:59.999999 are ours to the second
                    hours = self.random.choice([0.25, 1, 2, 24, 72])
                    deadline = work.add(start, int(hours * 3600))
                    with self.subTest(tz=tz, two_weeks=two_weeks, start=start, hours=hours):
                        self.assertAlmostEqual(
                            calendar.get_work_hours_count(start, deadline, compute_leaves=True), hours, places=5)
                        if 24.0 in calendar.attendance_ids.mapped('hour_to'):
                            continue  # plan_hours loses a microsecond at every midnight and may end a shift later
                        planned = calendar.plan_hours(hours, start, compute_leaves=True)
                        self.assertLess(abs((planned - deadline).total_seconds()), 1)

    def test_parity_of_weeks(self):
        Attendance = self.env['resource.calendar.attendance']
        for days in range(0, 800, 3):
            day = fields.Date.add(fields.Date.to_date('2024-12-25'), days=days)
            self.assertEqual(week_parity(day), Attendance.get_week_type(day))

    def test_holiday_of_another_company_does_not_count(self):
        calendar = self._make_calendar('Asia/Shanghai')
        other = self.env['res.company'].create({'name': "Other"})
        before = calendar._get_working_time(calendar.id, self.company.id, 2026, 2026).intervals()
        self.env['resource.calendar.leaves'].with_company(other).create({
            'name': "Theirs", 'date_from': '2026-05-01', 'date_to': '2026-06-01', 'company_id': other.id})
        self.assertEqual(calendar._get_working_time(calendar.id, self.company.id, 2026, 2026).intervals(), before)
        self.assertNotEqual(calendar._get_working_time(calendar.id, other.id, 2026, 2026).intervals(), before)

    def test_cache_follows_changes(self):
        calendar = self._make_calendar('Asia/Shanghai')

        def known():
            return calendar._get_working_time(calendar.id, self.company.id, 2026, 2026).intervals()

        seen = known()
        mornings = calendar.attendance_ids.filtered(lambda slot: slot.day_period == 'morning')
        afternoons = calendar.attendance_ids.filtered(lambda slot: slot.day_period == 'afternoon')
        changes = [
            ('slot removed', afternoons[0].unlink),
            ('slot moved', lambda: mornings[0].write({'hour_from': 5})),
            ('zone', lambda: calendar.write({'tz': 'Asia/Kolkata'})),
            ('holiday added', lambda: self.env['resource.calendar.leaves'].create({
                'name': "Golden Week", 'calendar_id': calendar.id, 'date_from': '2026-10-01', 'date_to': '2026-10-08'})),
            ('holiday longer', lambda: self.env['resource.calendar.leaves'].search([('name', '=', "Golden Week")]).write({
                'date_to': '2026-10-20'})),
            ('holidays removed', lambda: self.env['resource.calendar.leaves'].search([('name', '=', "Golden Week")]).unlink()),
        ]
        for number, change in changes:
            change()
            self.assertNotEqual(known(), seen, f"change {number} was not seen")
            seen = known()

    def test_calendar_without_hours_is_refused(self):
        empty = self.env['resource.calendar'].create({'name': "Empty", 'attendance_ids': [Command.clear()]})
        lunch = self.env['resource.calendar'].create({'name': "Lunch", 'attendance_ids': [Command.clear(), Command.create({
            'name': "Lunch", 'dayofweek': '0', 'day_period': 'lunch', 'hour_from': 12, 'hour_to': 13})]})
        flexible = self.env['resource.calendar'].create({'name': "Flexible", 'schedule_type': 'flexible'})
        policy = {'name': "P", 'response_hours': 1, 'round_the_clock': False}
        for calendar in (empty, lunch, flexible):
            for model, vals in (
                ('property.service.sla.policy', policy),
                ('property.service.team', {'name': "T"}),
                ('property.service.estate', {'name': "E", 'code': 'E'}),
            ):
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.env[model].create({**vals, 'calendar_id': calendar.id})

    def test_calendar_in_use_keeps_its_hours(self):
        calendar = self.env['resource.calendar'].create({'name': "Used"})
        team = self.env['property.service.team'].create({'name': "T", 'calendar_id': calendar.id})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            calendar.attendance_ids = [Command.clear()]
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            calendar.schedule_type = 'flexible'
        team.calendar_id = False
        calendar.schedule_type = 'flexible'
