"""Figures from what the work used up."""
from odoo.tools import SQL

from .base import REQUEST, Source, case_rows, register

#: what the finished services of a company are looked at for what is usual
_USUAL_MONTHS = 12


@register
class ResourceUse(Source):
    """Material of finished services against what they should need: the figure of their type, else the mean of its last twelve months (R100)."""

    key = 'resource_use'
    label = "Use of Material"
    may_exceed = True
    #: the denominator is money, so the minimum number of cases looks at the cases
    counts_cases = True

    def rows(self, env, period):
        used = SQL(
            """LEFT JOIN LATERAL (SELECT SUM(charge.cost) AS cost FROM property_service_charge charge
                                   WHERE charge.request_id = %s AND charge.kind = 'material') %s ON TRUE""",
            SQL("c.id"), SQL("used"))
        usual = SQL(
            """JOIN (SELECT type.id, COALESCE(NULLIF(type.material_cost, 0), usual.cost) AS cost
                       FROM property_service_type type
                       LEFT JOIN (SELECT r.type_id, AVG(COALESCE(material.cost, 0)) AS cost
                                    FROM property_service_request r
                                    LEFT JOIN LATERAL (SELECT SUM(charge.cost) AS cost FROM property_service_charge charge
                                                        WHERE charge.request_id = r.id AND charge.kind = 'material') material ON TRUE
                                   WHERE r.company_id = %(company)s AND r.kind = 'service' AND r.merged_into_id IS NULL
                                     AND r.state IN ('done', 'accepted', 'closed') AND r.done_at <= %(as_of)s
                                     AND r.done_at >= %(end)s::timestamp - INTERVAL '%(months)s months' AND r.done_at < %(end)s
                                   GROUP BY r.type_id) usual ON usual.type_id = type.id) usual
                     ON usual.id = c.type_id AND ROUND(usual.cost, 4) > 0""",
            company=period.company_id, as_of=period.as_of, end=period.end, months=_USUAL_MONTHS)
        return case_rows(
            'property_service_request', REQUEST, period, SQL("c.done_at"), SQL("COALESCE(used.cost, 0)"), SQL("ROUND(usual.cost, 4)"),
            where=SQL("c.kind = 'service' AND c.merged_into_id IS NULL AND c.state IN ('done', 'accepted', 'closed')"),
            joins=SQL("%s %s", used, usual))
