"""The figures by which the effect of corrective actions is measured. Each is a query over one kind of case.

A source yields one row per case with these columns: ``at`` (which window it falls into), ``company_id``, ``category_id``,
``estate_id``, ``building_id``, ``unit_id``, ``team_id``, ``employee_id``, and ``num`` and ``den``: a share is the sum of the one by the
sum of the other, a count the sum of ``num``. Its text must keep ``at`` an indexable column.
"""
from typing import NamedTuple


class Measure(NamedTuple):
    label: str
    share: bool
    lower_is_better: bool
    source: str


_REQUEST = ("SELECT {at} AS at, company_id, category_id, estate_id, building_id, unit_id, team_id, employee_id, {num} AS num, {den} AS den"
            " FROM property_service_request WHERE {condition}")
_COMPLAINT = (
    "SELECT create_date AS at, company_id, category_id, estate_id, building_id, unit_id, team_id,"
    " COALESCE(about_employee_id, fault_employee_id) AS employee_id, {num} AS num, {den} AS den"
    " FROM property_service_complaint WHERE kind = 'complaint' AND state NOT IN ('new', 'withdrawn', 'transferred') AND {condition}")

SOURCES = {
    'complaints': _COMPLAINT.format(num='1', den='0', condition='TRUE'),
    'severe': _COMPLAINT.format(num='1', den='0', condition="severity IN ('major', 'critical')"),
    'requests': _REQUEST.format(at='create_date', num='1', den='0', condition="state NOT IN ('rejected', 'cancelled')"),
    'rework': _REQUEST.format(at='done_at', num='(rework_count > 0)::int', den='1', condition='done_at IS NOT NULL'),
    'satisfaction': _REQUEST.format(at='done_at', num='(rating_value >= 4)::int', den='1', condition='rating_value > 0'),
    # Overdue open cases are misses: leaving them out would flatter the figure.
    'on_time': _REQUEST.format(
        at='create_date', num="(sla_result = 'met')::int", den='1',
        condition="(sla_result IS NOT NULL OR sla_next_deadline < now() AT TIME ZONE 'UTC')"),
    'callbacks': (
        "SELECT b.done_at AS at, b.company_id, COALESCE(r.category_id, c.category_id) AS category_id, b.estate_id, b.building_id,"
        " b.unit_id, b.team_id, b.worker_id AS employee_id, (b.result = 'satisfied')::int AS num, 1 AS den"
        " FROM property_service_callback b"
        " LEFT JOIN property_service_request r ON r.id = b.origin_request_id"
        " LEFT JOIN property_service_complaint c ON c.id = b.origin_complaint_id"
        " WHERE b.result IS NOT NULL AND b.done_at IS NOT NULL"),
}
