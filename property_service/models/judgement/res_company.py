from datetime import timedelta

from odoo import fields, models

from .sources.base import Period


class ResCompany(models.Model):
    """Months and days of assessments are those of the company."""

    _inherit = 'res.company'

    def _get_assessment_period(self, date_from, date_to, as_of=None):
        """Return the Period from the first moment of a day to the last of another.

        :param date date_from: first day, :param date date_to: last day
        :param datetime as_of: naive UTC; default: now
        """
        self.ensure_one()
        return Period(
            self.id, self._property_day_start(date_from), self._property_day_start(date_to + timedelta(days=1)),
            as_of or fields.Datetime.now())
