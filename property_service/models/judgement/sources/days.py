"""Days among the moments of the cases."""
from odoo.tools import SQL


def local_noon(company, column):
    """Return SQL of noon at the company, naive UTC, of the day in ``column``: a day belongs to the month it belongs to there."""
    return SQL("((%s + TIME '12:00') AT TIME ZONE %s AT TIME ZONE 'UTC')", column, company.resource_calendar_id.tz or 'UTC')
