from datetime import datetime, time

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    property_accept_days = fields.Integer(
        string="Accept After (Days)", default=7, help="Finished work is accepted by itself after so many days without an answer.")
    property_close_days = fields.Integer(
        string="Close After (Days)", default=10, help="Accepted requests are closed so many days after the work was done.")
    property_chase_minutes = fields.Integer(
        string="Minutes Between Chases", default=120, help="A resident may chase the same request once in this time.")
    property_daily_limit = fields.Integer(
        string="Requests per Resident and Day", default=20, help="0: no limit.")
    property_duplicate_minutes = fields.Integer(
        string="Refuse Identical Text for (Minutes)", default=10, help="0: identical reports are not refused.")
    property_promise_hours = fields.Integer(
        string="Reply to Enquiries Within (Hours)", default=24,
        help="Promised to the resident when an enquiry is not answered at once; the agent may promise another time.")
    property_rating_days = fields.Integer(
        string="Ask for Stars Again After (Days)", default=0,
        help="The same resident is not asked for stars again within so many days. 0: after every service.")
    property_steps_hidden = fields.Boolean(
        string="First Steps Hidden", help="The page for setting up is no longer at the beginning of the menu.")
    property_upload_mb = fields.Integer(string="Largest Photo (MB)", default=10)

    _property_settings_not_negative = models.Constraint(
        'CHECK(property_accept_days >= 0 AND property_close_days >= 0 AND property_chase_minutes >= 0'
        ' AND property_daily_limit >= 0 AND property_duplicate_minutes >= 0 AND property_upload_mb > 0'
        ' AND property_promise_hours > 0 AND property_rating_days >= 0)',
        "The settings of Property Service cannot be negative.")

    # ---- DAYS ----

    def _property_zone(self):
        """Return the time zone of the company's working hours: there days and months begin, whoever asks and wherever he is."""
        calendar = self.sudo().resource_calendar_id  # sudo: not everybody reads calendars
        return pytz.timezone(calendar.tz or 'UTC')

    def _property_time(self, moment):
        """Return the naive local time of a naive UTC moment."""
        return pytz.utc.localize(moment).astimezone(self._property_zone()).replace(tzinfo=None)

    def _property_day_start(self, day):
        """Return the naive UTC moment at which the date ``day`` begins."""
        return self._property_zone().localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

    def _property_day(self, moment):
        """Return the date on which a naive UTC moment lies."""
        return self._property_time(moment).date()

    def _property_today(self):
        """Return today's date: a client's own time zone prolongs no access and moves no deadline."""
        return self._property_day(fields.Datetime.now())

    def _property_latest_day(self):
        """Return the last date that is not in the future: today, or the user's own day where it has begun already, as forms offer it."""
        return max(self._property_today(), fields.Date.context_today(self))

    # ---- LANGUAGE ----

    def _in_language(self, records):
        """Return ``records`` in the company's language: in it is kept what jobs and rules write, for all the staff to read."""
        return records.with_context(lang=self.sudo().partner_id.lang or self.env.lang)  # sudo: only the language is read
