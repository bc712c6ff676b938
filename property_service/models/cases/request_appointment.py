import math
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.intervals import merge
from ...tools.slots import free_slots
from .request_states import OPEN_STATES

MAX_DAYS = 62
SHORTEST = 0.5  # hours


class PropertyServiceRequest(models.Model):
    """When the work can be done: free slots of the team (R4)."""

    _inherit = 'property.service.request'

    def get_appointment_slots(self, date_from=None, days=7, hours=None, limit=60):
        """Return the free slots for an appointment: within the working hours of the team (without one: of the estate), as long as
        somebody of the team is at work and has no other appointment.

        :param date_from: first day, date or ISO string, in the time zone of the working hours; default: today
        :param int days: how many days, 1 to 62
        :param float hours: length in hours; default: the planned hours of the service type
        :param int limit: at most so many slots
        :return: ``[{'start': str, 'end': str, 'free': int, 'capacity': int}, …]``; naive UTC as Odoo writes it, ready for
            :meth:`action_confirm`; ``capacity``: members at work, ``free``: those of them without an appointment
        :raises AccessError: the user is no agent, or cannot see the request
        :raises UserError: an argument is no date or number
        """
        self.ensure_one()
        if not self.env.su:
            if not self.env.user.has_group('property_service.group_agent'):
                raise AccessError(self.env._("You cannot do this: it takes another role."))
            self.check_access('read')
        return [
            {**slot, 'start': fields.Datetime.to_string(slot['start']), 'end': fields.Datetime.to_string(slot['end'])}
            for slot in self._get_free_slots(date_from, days, hours, limit)
        ]

    def _get_free_slots(self, date_from=None, days=7, hours=None, limit=60):
        """Return the slots of :meth:`get_appointment_slots` with datetimes (naive UTC). The caller has checked the rights."""
        request = self.sudo()  # sudo: agents have no rights on shifts and time off
        calendar = request.team_id.calendar_id or request.estate_id.calendar_id or request.company_id.resource_calendar_id
        if not calendar:
            return []
        tz = pytz.timezone(calendar.tz or 'UTC')
        now = fields.Datetime.now()
        day = self._to_slot_day(date_from) or pytz.utc.localize(now).astimezone(tz).date()
        days = int(self._to_slot_number(days, 1, MAX_DAYS))
        hours = self._to_slot_number(hours or request.type_id.planned_hours or 1.0, SHORTEST, 24 * MAX_DAYS)
        limit = int(self._to_slot_number(limit, 1, 1000))
        start = tz.localize(datetime.combine(day, time.min))
        end = tz.localize(datetime.combine(day + timedelta(days=days), time.min))
        members = request.team_id.member_ids
        start_utc, end_utc = self._to_naive_utc(start), self._to_naive_utc(end)
        opening = calendar._work_intervals_batch(start, end)[False]
        return free_slots(
            hours=merge((self._to_naive_utc(low), self._to_naive_utc(high)) for low, high, _attendance in opening),
            length=timedelta(hours=hours),
            workers=members._get_work_periods(start_utc, end_utc),
            busy=request._get_booked_periods(members, start_utc, end_utc),
            earliest=now, limit=limit,
        )

    def _get_booked_periods(self, members, start, end):
        """Return ``[(start, end, employee id or None), …]``: appointments of the team and its members, without this one."""
        self.ensure_one()
        booked = self.search_fetch([
            ('state', 'in', OPEN_STATES), ('id', '!=', self._origin.id), ('company_id', '=', self.company_id.id),
            ('appointment_start', '<', end), ('appointment_end', '>', start),
            '|', ('employee_id', 'in', members.ids),
            *([('team_id', '=', self.team_id.id)] if self.team_id
              else ['&', ('team_id', '=', False), ('estate_id', '=', self.estate_id.id)]),
        ], ['appointment_start', 'appointment_end', 'employee_id'])
        return [(request.appointment_start, request.appointment_end, request.employee_id.id or None) for request in booked]

    @api.model
    def _to_naive_utc(self, moment):
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _to_slot_day(self, value):
        try:
            day = fields.Date.to_date(value)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("%(value)s is not a date.", value=value)) from error
        if day and not 1970 < day.year < 9000:
            raise UserError(self.env._("%(value)s is not a date.", value=value))
        return day

    @api.model
    def _to_slot_number(self, value, low, high):
        try:
            number = float(value)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("%(value)s is not a number.", value=value)) from error
        if math.isnan(number):
            raise UserError(self.env._("%(value)s is not a number.", value=value))
        return min(max(number, low), high)
