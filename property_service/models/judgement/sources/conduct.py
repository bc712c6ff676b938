"""Figures from the rules of conduct."""
from odoo.tools import SQL

from .base import Source, register
from .days import local_noon

POINTS = 'property.service.points'


@register
class Conduct(Source):
    """Points that approved breaches of the rules of conduct took off (R99); none at all is the best there is."""

    key = 'conduct'
    label = "Points Taken Off for Conduct"
    models = (POINTS,)
    aggregate = 'sum'
    empty_is_zero = True

    def rows(self, env, period):
        return SQL(
            """
            SELECT %(model)s::varchar AS res_model, c.id AS res_id, c.reason AS name, %(at)s AS at, %(company)s::int AS company_id,
                   c.employee_id AS employee_id, c.user_id AS user_id, NULL::int AS team_id, NULL::int AS estate_id, FALSE AS split,
                   NULL::timestamp AS stop_at, (-c.points)::numeric AS numerator, 1::numeric AS denominator
              FROM property_service_points c
             WHERE c.company_id = %(company)s AND c.state = 'approved' AND c.conduct_rule_id IS NOT NULL AND c.points < 0
               AND %(at)s >= %(start)s AND %(at)s < %(end)s
            """,
            model=POINTS, at=local_noon(env['res.company'].browse(period.company_id), SQL("c.date")), company=period.company_id,
            start=period.start, end=period.end)
