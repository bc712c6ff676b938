from datetime import date, datetime, timedelta

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ...tools import sla_clock
from ...tools.working_time import ROUND_THE_CLOCK, WeeklySlot, WorkingTime, expand_week, merge, subtract

#: Years after the last event in which a deadline is looked for, one after the other, before it is given up.
HORIZONS = (1, 3, 10)
#: A calendar is refused, or a case shows it, for one of these.
NO_CALENDAR, NO_HOURS, FLEXIBLE = 'no_calendar', 'no_hours', 'flexible'


class ResourceCalendar(models.Model):
    """Working hours by which deadlines are counted."""

    _inherit = 'resource.calendar'

    @api.constrains('attendance_ids', 'schedule_type', 'two_weeks_calendar')
    def _check_property_service_hours(self):
        """A calendar that deadlines are counted by keeps its hours."""
        faulty = self.filtered(lambda calendar: calendar._get_clock_fault())
        if not faulty:
            return
        for model, name in (
            ('property.service.sla.policy', 'calendar_id'), ('property.service.team', 'calendar_id'),
            ('property.service.estate', 'calendar_id'), ('res.company', 'resource_calendar_id'),
        ):
            owners = self.env[model].sudo()  # sudo: only to refuse, whoever uses the calendar
            owners.search([(name, 'in', faulty.ids)])._check_clock_calendar()

    # ---- WORKING TIME ----

    def _get_clock_fault(self):
        """Return why no deadline can be counted by this calendar, or False. An empty recordset is a fault too."""
        if not self:
            return NO_CALENDAR
        calendar = self.sudo()  # sudo: residents' cases are counted by calendars residents cannot read
        if calendar.schedule_type == 'flexible':
            return FLEXIBLE
        return False if any(slot._is_work_period() and slot.hour_to > slot.hour_from
                            for slot in calendar.attendance_ids) else NO_HOURS

    def _raise_clock_fault(self, owner):
        """Raise a ValidationError that says why ``owner`` cannot use this calendar; return when it can.

        :param str owner: name of what the calendar is set on
        """
        fault = self._get_clock_fault()
        if fault == FLEXIBLE:
            raise ValidationError(self.env._(
                "%(owner)s cannot use the flexible calendar %(calendar)s: deadlines need fixed hours.",
                owner=owner, calendar=self.sudo().name))  # sudo: the name of a calendar just chosen
        if fault == NO_HOURS:
            raise ValidationError(self.env._(
                "%(owner)s cannot use the calendar %(calendar)s: it has no working hours, so no deadline would ever come.",
                owner=owner, calendar=self.sudo().name))  # sudo: the name of a calendar just chosen

    @api.model
    @ormcache('calendar_id', 'company_id', 'first_year', 'last_year', cache='stable')
    def _get_working_time(self, calendar_id, company_id, first_year, last_year):
        """Return the :class:`WorkingTime` of a calendar over whole years (UTC).

        Cached until a calendar or a holiday changes. Holidays are those of the calendar and those of the company that
        are of no calendar, as ``resource.calendar`` counts them for a user of that company.
        """
        calendar = self.sudo().browse(calendar_id)  # sudo: residents' cases are counted by calendars residents cannot read
        slots = [
            WeeklySlot(int(slot.dayofweek), slot.hour_from, slot.hour_to,
                       int(slot.week_type) if calendar.two_weeks_calendar else None)
            for slot in calendar.attendance_ids if slot._is_work_period()
        ]
        since, until = datetime(first_year, 1, 1), datetime(last_year + 1, 1, 1)
        leaves = self.env['resource.calendar.leaves'].sudo().search_fetch(  # sudo: as above
            Domain('resource_id', '=', False) & Domain('time_type', '=', 'leave')
            & Domain('date_from', '<', until) & Domain('date_to', '>', since)
            & (Domain('calendar_id', '=', calendar_id)
               | Domain('calendar_id', '=', False) & Domain('company_id', 'in', (company_id, False))),
            ['date_from', 'date_to'])
        intervals = expand_week(
            slots, calendar.tz or 'UTC', date(first_year, 1, 1) - timedelta(days=1), date(last_year + 1, 1, 1))
        holidays = merge((leave.date_from, leave.date_to) for leave in leaves)
        return WorkingTime(subtract(intervals, holidays), since, until)

    @api.model
    def _measure_clocks(self, calendar_id, company_id, start, response_hours, resolution_hours, risk_percent, events, promised):
        """Return the ``sla_clock.Clocks`` of a case, looking as far ahead as its deadlines need.

        :param int calendar_id: working hours, False for round the clock
        :param events: ``(at, kind)`` from the state log
        :param promised: deadlines of answer and solution that the case itself names, or None
        :raises OutOfRange: the calendar has too few hours for the deadline ever to come
        """
        amounts = round(response_hours * 3600), round(resolution_hours * 3600)
        if not calendar_id:
            return sla_clock.measure(ROUND_THE_CLOCK, start, *amounts, risk_percent, events, promised)
        last_year = max(start, events[-1][0]).year if events else start.year
        for years in HORIZONS:
            work = self._get_working_time(calendar_id, company_id, start.year, last_year + years)
            try:
                return sla_clock.measure(work, start, *amounts, risk_percent, events, promised)
            except sla_clock.OutOfRange:
                continue
        raise sla_clock.OutOfRange

    # ---- CHANGES ----

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({
            'tz', 'schedule_type', 'flexible_hours', 'two_weeks_calendar', 'attendance_ids', 'attendance_ids_1st_week',
            'attendance_ids_2nd_week', 'leave_ids', 'global_leave_ids',
        }):
            self._clock_changed()
        return result

    def _clock_changed(self):
        """Forget what was known of these working hours and have open cases counted again."""
        self.env.registry.clear_cache('stable')
        if self:
            self.env['property.service.sla.recompute']._schedule(calendars=self)
