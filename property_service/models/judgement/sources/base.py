"""The registry of sources and the SQL that they share.

A source says in SQL which cases count, when, and with which numerator and denominator. Who they count for, for which days and
how they are added up is the same for all: :func:`held` and :func:`add_up`. So the rows that were counted, the evidence, and the
figure are one and the same query (R90).
"""
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from odoo.tools import SQL

#: key -> Source
SOURCES = {}

REQUEST = 'property.service.request'
COMPLAINT = 'property.service.complaint'
CALLBACK = 'property.service.callback'

#: how numerators and denominators of the cases become one figure: (key, label, factor)
AGGREGATES = [('share', "Share (%)"), ('mean', "Mean"), ('sum', "Sum")]
FACTORS = {'share': 100.0, 'mean': 1.0, 'sum': 1.0}

#: attribution -> column of the case's row, and SQL that leads from it to the employee
_HOLDERS = {
    'worker': SQL("b.employee_id"),
    'owner': SQL("owner.id"),
    'team': SQL("member.employee_id"),
    'leader': SQL("team.leader_id"),
}
_JOINS = {
    'worker': SQL(""),
    'owner': SQL("JOIN hr_employee owner ON owner.user_id = b.user_id AND owner.company_id = b.company_id"),
    'team': SQL("JOIN property_service_team_employee_rel member ON member.team_id = b.team_id"),
    'leader': SQL("JOIN property_service_team team ON team.id = b.team_id"),
}


@dataclass(frozen=True)
class Period:
    """What a figure is about: cases of a company from ``start`` until before ``end``, as known at ``as_of`` (naive UTC)."""

    company_id: int
    start: datetime
    end: datetime
    as_of: datetime


class Source(ABC):
    """Where a figure comes from. A subclass sets the attributes, implements :meth:`rows` and is registered by :func:`register`."""

    key = None
    label = None
    #: names of the models whose records may be evidence
    models = (REQUEST,)
    aggregate = 'share'
    #: a duty with a deadline does not count for an employee who was off when it was due
    duty = False
    #: nothing at all means 0, not "unknown"
    empty_is_zero = False
    #: the minimum number of cases looks at their number, because the denominator is no number of cases
    counts_cases = False

    @abstractmethod
    def rows(self, env, period):
        """Return SQL with one row per case that counts: res_model, res_id, name, at, company_id, employee_id, user_id, team_id,
        estate_id, split, stop_at, numerator, denominator.

        ``at`` decides which period the case belongs to; ``split``: if several employees had the case in hands, each counts for
        the share of the time he held it, until ``stop_at``.

        :param Period period: the days
        """

    def is_available(self, env):
        """Tell whether the models are there."""
        return all(model in env for model in self.models)


def register(cls):
    """Make a source known under its key."""
    SOURCES[cls.key] = cls()
    return cls


def case_rows(table, model, period, at, numerator, denominator=None, where=None, joins=None, split=True,
              employee=None, user=None, team=None, estate=None, stop_at=None):
    """Return the SQL of :meth:`Source.rows` for the table of a case, aliased ``c``.

    :param SQL at: moment that decides on the period; it must not be NULL and lie before ``period.as_of``
    :param SQL numerator: number per case, :param SQL denominator: default 1
    :param SQL where: further condition, :param SQL joins: further tables
    :param SQL employee: who did the work; likewise ``user``, ``team`` and ``estate``; default: the columns of the case
    """
    return SQL(
        """
        SELECT %(model)s::varchar AS res_model, c.id AS res_id, %(name)s AS name, %(at)s AS at, %(company)s::int AS company_id,
               %(employee)s AS employee_id, %(user)s AS user_id, %(team)s AS team_id, %(estate)s AS estate_id,
               %(split)s AS split, LEAST(%(stop_at)s, %(as_of)s) AS stop_at,
               (%(numerator)s)::numeric AS numerator, (%(denominator)s)::numeric AS denominator
          FROM %(table)s c %(joins)s
         WHERE c.company_id = %(company)s AND %(at)s >= %(start)s AND %(at)s < %(end)s AND %(at)s <= %(as_of)s
           AND (%(where)s)
        """,
        model=model, table=SQL.identifier(table), joins=joins or SQL(""), name=SQL("c.name"), at=at, company=period.company_id,
        employee=employee or SQL("c.employee_id"), user=user or SQL("c.user_id"), team=team or SQL("c.team_id"),
        estate=estate or SQL("c.estate_id"), split=split,
        stop_at=stop_at or SQL("COALESCE(c.done_at, c.closed_at)"), as_of=period.as_of, start=period.start, end=period.end,
        numerator=numerator, denominator=denominator or SQL("1"), where=where or SQL("TRUE"))


def union(*queries):
    """Return the rows of all queries."""
    return SQL(" UNION ALL ").join(queries)


def flag(condition):
    """Return SQL of 1 where the condition holds, else 0."""
    return SQL("CASE WHEN %s THEN 1 ELSE 0 END", condition)


def _split_by_log(column, model):
    """Return SQL of the shares of time that employees held those cases of ``base`` that several had in hands, by the state log."""
    return SQL(
        """
        SELECT s.res_model, s.res_id, s.employee_id, SUM(s.seconds) AS seconds,
               SUM(SUM(s.seconds)) OVER (PARTITION BY s.res_id) AS total
          FROM (SELECT %(model)s::varchar AS res_model, b.res_id, l.employee_id,
                       GREATEST(0, EXTRACT(EPOCH FROM LEAST(COALESCE(LEAD(l.at) OVER log, b.stop_at), b.stop_at) - l.at)) AS seconds
                  FROM base b
                  JOIN property_service_state_log l ON l.%(column)s = b.res_id
                 WHERE b.split AND b.res_model = %(model)s
                WINDOW log AS (PARTITION BY b.res_id ORDER BY l.id)) s
         WHERE s.employee_id IS NOT NULL
         GROUP BY s.res_model, s.res_id, s.employee_id
        """, model=model, column=SQL.identifier(column))


def held(rows, attribution, subject='employee', duty=False):
    """Return SQL with the cases and whom they count for: the columns of ``rows``, and ``holder_id``.

    A case that changed hands counts for each worker by the share of time he held it, to six digits; if nobody held it for any
    time, for the one who has it at the end.

    :param SQL rows: what :meth:`Source.rows` returns
    :param str attribution: worker, owner, team (each member), leader
    :param str subject: employee, or team or estate: their cases count as a whole
    :param bool duty: leave out what fell due while the employee was off
    """
    columns = SQL("b.res_model, b.res_id, b.name, b.at, b.company_id, b.numerator, b.denominator")
    if subject != 'employee':
        return SQL("WITH base AS (%s) SELECT %s, %s AS holder_id FROM base b", rows, columns,
                   SQL("b.team_id") if subject == 'team' else SQL("b.estate_id"))
    off = SQL(
        """WHERE NOT EXISTS (
            SELECT 1 FROM hr_employee person JOIN resource_calendar_leaves leave ON leave.resource_id = person.resource_id
             WHERE person.id = held.holder_id AND leave.date_from <= held.at AND leave.date_to >= held.at)""") if duty else SQL("")
    if attribution != 'worker':
        inner = SQL("SELECT %s, %s AS holder_id FROM base b %s", columns, _HOLDERS[attribution], _JOINS[attribution])
        return SQL("WITH base AS (%s), held AS (%s) SELECT held.* FROM held %s", rows, inner, off)
    return SQL(
        """
        WITH base AS (%(rows)s),
        share AS (
            SELECT res_model, res_id, employee_id, ROUND(seconds / total, 6) AS part
              FROM (%(requests)s UNION ALL %(complaints)s) spans
             WHERE total > 0 AND seconds > 0
        ),
        held AS (
            SELECT b.res_model, b.res_id, b.name, b.at, b.company_id, b.numerator * COALESCE(share.part, 1) AS numerator,
                   b.denominator * COALESCE(share.part, 1) AS denominator, COALESCE(share.employee_id, b.employee_id) AS holder_id
              FROM base b
              LEFT JOIN share ON share.res_model = b.res_model AND share.res_id = b.res_id AND b.split
        )
        SELECT held.* FROM held %(off)s
        """,
        rows=rows, requests=_split_by_log('request_id', REQUEST), complaints=_split_by_log('complaint_id', COMPLAINT), off=off)


def counted(cases, subjects):
    """Return SQL of the cases that count for subjects: the columns of :func:`held` and ``subject_id``.

    :param SQL cases: what :func:`held` returns
    :param SQL subjects: rows (subject_id, holder_id, start_at, end_at): somebody transferred within the period is several
        subjects with days of their own
    """
    return SQL(
        """
        SELECT h.*, subject.subject_id
          FROM (%s) h
          JOIN (%s) subject ON subject.holder_id = h.holder_id AND h.at >= subject.start_at AND h.at < subject.end_at
        """, cases, subjects)


def add_up(cases):
    """Return SQL of the sums per subject: (subject_id, numerator, denominator, number of cases)."""
    return SQL(
        "SELECT f.subject_id, SUM(f.numerator), SUM(f.denominator), COUNT(*) FROM (%s) f GROUP BY f.subject_id", cases)
