from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from .sources.base import Period


class ResCompany(models.Model):
    """Months and days of assessments are those of the company's working hours."""

    _inherit = 'res.company'

    def _to_assessment_moment(self, date):
        """Return the naive UTC moment at which ``date`` begins at the company."""
        zone = pytz.timezone(self.resource_calendar_id.tz or 'UTC')
        return zone.localize(datetime.combine(date, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

    def _to_assessment_date(self, moment):
        """Return the day at the company of a naive UTC moment."""
        zone = pytz.timezone(self.resource_calendar_id.tz or 'UTC')
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _get_assessment_period(self, date_from, date_to, as_of=None):
        """Return the Period from the first moment of a day to the last of another.

        :param date date_from: first day, :param date date_to: last day
        :param datetime as_of: naive UTC; default: now
        """
        self.ensure_one()
        return Period(
            self.id, self._to_assessment_moment(date_from), self._to_assessment_moment(date_to + timedelta(days=1)),
            as_of or fields.Datetime.now())
