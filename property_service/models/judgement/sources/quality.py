"""Figures from corrective actions."""
from odoo.tools import SQL

from .base import Source, case_rows, flag, register

CORRECTIVE_ACTION = 'property.service.corrective.action'


@register
class CorrectiveOnTime(Source):
    """Corrective actions that fell due: done in time, and not found ineffective (R61–R63). They count for who is responsible."""

    key = 'corrective_on_time'
    label = "Corrective Actions on Time and Effective"
    models = (CORRECTIVE_ACTION,)
    duty = True

    def rows(self, env, period):
        zone = env['res.company'].browse(period.company_id).resource_calendar_id.tz or 'UTC'
        # The deadline is a day: it ends at the company's midnight.
        due = SQL("((c.deadline + 1)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC' - INTERVAL '1 second')", zone)
        return case_rows(
            'property_service_corrective_action', CORRECTIVE_ACTION, period, due,
            flag(SQL("c.done_at <= %s AND c.state != 'ineffective'", due)), split=False,
            where=SQL("c.state NOT IN ('draft', 'cancelled') AND c.deadline IS NOT NULL"), employee=SQL("c.responsible_id"),
            user=SQL("NULL::int"))
