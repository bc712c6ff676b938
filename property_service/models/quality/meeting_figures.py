"""The figures of a month for the quality meeting, defined as the assessments' shipped indicators are: the same month, the same number.

Each source yields one row per case with its moment ``at``, and ``num`` and ``den``: a share is the sum of the one by the sum of the
other, times 100; a count is the sum of ``num``. ``%(company)s``, ``%(start)s`` and ``%(end)s`` are filled in.
"""
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL


class Figure(NamedTuple):
    label: str
    unit: str
    lower_is_better: bool | None
    source: str


_SOLVED = "merged_into_id IS NULL AND state IN ('done', 'accepted', 'closed')"
_COUNTS = "kind = 'complaint' AND state NOT IN ('transferred', 'withdrawn')"
_REQUEST = (
    "SELECT {at} AS at, {num} AS num, {den} AS den FROM property_service_request"
    " WHERE company_id = %(company)s AND {at} >= %(start)s AND {at} < %(end)s AND {where}")
_COMPLAINT = (
    "SELECT {at} AS at, {num} AS num, {den} AS den FROM property_service_complaint"
    " WHERE company_id = %(company)s AND {at} >= %(start)s AND {at} < %(end)s AND {where}")
_CALLBACK = (
    "SELECT {at} AS at, {num} AS num, {den} AS den FROM property_service_callback"
    " WHERE company_id = %(company)s AND {at} >= %(start)s AND {at} < %(end)s AND {where}")
_ACTION = (
    "SELECT {at} AS at, {num} AS num, {den} AS den FROM property_service_corrective_action"
    " WHERE company_id = %(company)s AND {at} >= %(start)s AND {at} < %(end)s AND {where}")


def _on_time(deadline, stopped):
    decided = f"({stopped} IS NOT NULL OR closed_at IS NULL OR closed_at > {deadline}) AND {deadline} <= now() AT TIME ZONE 'UTC'"
    kept = f"(COALESCE({stopped} <= {deadline}, FALSE))::int"
    return " UNION ALL ".join((
        _REQUEST.format(at=deadline, num=kept, den='1', where=f"{decided} AND merged_into_id IS NULL"),
        _COMPLAINT.format(at=deadline, num=kept, den='1', where=decided)))


SOURCES = {
    'requests': _REQUEST.format(at='create_date', num='1', den='0', where="state NOT IN ('rejected', 'cancelled') AND merged_into_id IS NULL"),
    'complaints': _COMPLAINT.format(at='sla_start_at', num='1', den='0', where=_COUNTS),
    'complaint_rate': " UNION ALL ".join((
        _REQUEST.format(at='done_at', num='0', den='1', where=_SOLVED),
        _COMPLAINT.format(at='sla_start_at', num='1', den='0', where=f"{_COUNTS} AND fault IS DISTINCT FROM 'none'"))),
    'response_on_time': _on_time('response_deadline', 'responded_at'),
    'resolution_on_time': _on_time('resolution_deadline', 'done_at'),
    'satisfaction': " UNION ALL ".join((
        _REQUEST.format(at='done_at', num='(rating_value >= 4)::int', den='1', where=f"rating_value > 0 AND {_SOLVED}"),
        "SELECT b.done_at AS at, (b.result = 'satisfied')::int AS num, 1 AS den FROM property_service_callback b"
        " LEFT JOIN property_service_request r ON r.id = b.origin_request_id"
        " WHERE b.company_id = %(company)s AND b.done_at >= %(start)s AND b.done_at < %(end)s"
        " AND b.result IS NOT NULL AND COALESCE(r.rating_value, 0) = 0")),
    'rework_rate': _REQUEST.format(at='done_at', num='(rework_count > 0)::int', den='1', where=_SOLVED),
    'callbacks': _CALLBACK.format(at='done_at', num='1', den='0', where="state = 'done'"),
    'callback_on_time': _CALLBACK.format(
        at='resolution_deadline', num='(COALESCE(done_at <= resolution_deadline, FALSE))::int', den='1',
        where="state != 'cancelled' AND resolution_deadline <= now() AT TIME ZONE 'UTC'"),
    'corrective_opened': _ACTION.format(at='create_date', num='1', den='0', where="state != 'cancelled'"),
    'corrective_verified': _ACTION.format(at='verified_at', num='1', den='0', where="state = 'verified'"),
    'corrective_ineffective': _ACTION.format(at='verified_at', num='1', den='0', where="state = 'ineffective'"),
}


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _get_month_bounds(self, month):
        """Return the naive UTC moments between which the month of a date lies at the company."""
        self.ensure_one()
        first = fields.Date.to_date(month).replace(day=1)
        return tuple(self._property_day_start(day) for day in (first, first + relativedelta(months=1)))

    def _get_quality_labels(self):
        """Return {key: Figure} in the order in which the agenda shows them. Areas with figures of their own add theirs by ``_inherit``."""
        return {
            'requests': Figure(self.env._("Requests"), 'count', None, SOURCES['requests']),
            'complaints': Figure(self.env._("Complaints"), 'count', True, SOURCES['complaints']),
            'complaint_rate': Figure(self.env._("Complaints per 100 Finished Requests"), 'rate', True, SOURCES['complaint_rate']),
            'response_on_time': Figure(self.env._("Response on Time"), 'share', False, SOURCES['response_on_time']),
            'resolution_on_time': Figure(self.env._("Resolution on Time"), 'share', False, SOURCES['resolution_on_time']),
            'satisfaction': Figure(self.env._("Satisfaction"), 'share', False, SOURCES['satisfaction']),
            'rework_rate': Figure(self.env._("Rework"), 'share', True, SOURCES['rework_rate']),
            'callbacks': Figure(self.env._("Callbacks Made"), 'count', None, SOURCES['callbacks']),
            'callback_on_time': Figure(self.env._("Callbacks on Time"), 'share', False, SOURCES['callback_on_time']),
            'corrective_opened': Figure(self.env._("Corrective Actions Opened"), 'count', None, SOURCES['corrective_opened']),
            'corrective_verified': Figure(self.env._("Corrective Actions Verified"), 'count', None, SOURCES['corrective_verified']),
            'corrective_ineffective': Figure(self.env._("Corrective Actions Found Ineffective"), 'count', True, SOURCES['corrective_ineffective']),
        }

    def _get_quality_figures(self, month):
        """Return {key: (numerator, denominator, value)} of the company's month in one query; the value is None where nothing counts."""
        self.ensure_one()
        self.env.flush_all()
        start, end = self._get_month_bounds(month)
        figures = self._get_quality_labels()
        rows = SQL(" UNION ALL ").join(self._get_figure_rows(key, figure, start, end) for key, figure in figures.items())
        sums = {key: (int(num or 0), int(den or 0)) for key, num, den in self.env.execute_query(
            SQL("SELECT f.key, SUM(f.num), SUM(f.den) FROM (%s) f GROUP BY f.key", rows))}
        result = {}
        for key, figure in figures.items():
            num, den = sums.get(key, (0, 0))
            if figure.unit == 'count':
                result[key] = (num, 0, float(num))
            else:
                result[key] = (num, den, round(100.0 * num / den, 1) if den else None)
        return result

    def _get_figure_rows(self, key, figure, start, end):
        # the sources are constants of this file and of areas that add theirs
        cases = SQL(figure.source, company=self.id, start=start, end=end)
        return SQL("SELECT %s::varchar AS key, rows.num, rows.den FROM (%s) rows", key, cases)
