"""The registry of sources and the SQL that they share.

A source says in SQL which cases count, when, and with which numerator and denominator. Who they count for, for which days and
how they are added up is the same for all: :func:`held` and :func:`add_up`. So the rows that were counted, the evidence, and the
figure are one and the same query (R90).
"""
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime

from odoo.tools import SQL

#: key -> Source
SOURCES = {}

REQUEST = 'property.service.request'
COMPLAINT = 'property.service.complaint'
CALLBACK = 'property.service.callback'

#: when it ends that an employee has a request or complaint in hands
STOPPED = SQL("COALESCE(c.done_at, c.closed_at)")
#: for a team, an estate or a user that a source does not know
NOBODY = SQL("NULL::int")

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
    # Who was in the team, or led it, when the case counts.
    'team': SQL("""JOIN property_service_team_member member ON member.team_id = b.team_id
        AND (member.since IS NULL OR member.since <= b.at) AND (member.until IS NULL OR member.until > b.at)"""),
    'leader': SQL("""
        JOIN (WITH change AS (
                SELECT message.res_id AS team_id, message.date AS at, tracking.id, NULLIF(tracking.old_value_integer, 0) AS leader_id
                  FROM mail_message message
                  JOIN mail_tracking_value tracking ON tracking.mail_message_id = message.id
                  JOIN ir_model_fields field ON field.id = tracking.field_id AND field.name = 'leader_id'
                 WHERE message.model = 'property.service.team')
              SELECT team_id, leader_id, LAG(at) OVER (PARTITION BY team_id ORDER BY at, id) AS since, at AS until FROM change
               UNION ALL
              SELECT team.id, team.leader_id, MAX(change.at), NULL
                FROM property_service_team team LEFT JOIN change ON change.team_id = team.id
               GROUP BY team.id) team
          ON team.team_id = b.team_id AND (team.since IS NULL OR team.since <= b.at) AND (team.until IS NULL OR team.until > b.at)"""),
}


def _works(column, moment, order):
    """Return SQL that is true if the person works, by the calendar, on the day of ``moment``, at some time before or after it."""
    return SQL(
        """
        EXISTS (SELECT 1 FROM resource_calendar_attendance work
                 WHERE work.calendar_id = COALESCE(leave.calendar_id, resource.calendar_id)
                   AND work.display_type IS NULL AND work.day_period != 'lunch'
                   AND work.dayofweek = (EXTRACT(ISODOW FROM %(moment)s) - 1)::int::varchar
                   AND work.%(column)s %(order)s EXTRACT(EPOCH FROM %(moment)s::time) / 3600)
        """, column=SQL.identifier(column), moment=moment, order=order)


def _local(moment):
    """Return SQL of a moment by the clock of the person."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(resource.tz, 'UTC'))", moment)


def _same_day(one, other):
    return SQL("%s::date = %s::date", _local(one), _local(other))


_AT, _LEFT, _BACK = SQL("held.at"), SQL("leave.date_from"), SQL("leave.date_to")
_MINUTE = SQL("INTERVAL '1 minute'")
#: SQL of the time off in which the duty ``held`` fell due. Odoo writes a day off as its working hours: who was off from the first of them
#: was off in the early morning, too, and who was off until the last of them in the evening. Worked time (training, work from home) is no
#: time off, nor are public holidays: whoever has a duty on such a day was put on it.
_OFF = SQL(
    """
    SELECT 1 FROM hr_employee person
      JOIN resource_resource resource ON resource.id = person.resource_id
      JOIN resource_calendar_leaves leave ON leave.resource_id = person.resource_id
     WHERE person.id = held.holder_id AND leave.time_type = 'leave'
       AND leave.date_from < held.at + INTERVAL '1 day' AND leave.date_to > held.at - INTERVAL '1 day'
       AND (leave.date_from <= held.at OR %(first_day)s AND NOT %(worked_before)s)
       AND (leave.date_to >= held.at OR %(last_day)s AND NOT %(worked_after)s)
    """,
    first_day=_same_day(_LEFT, _AT), worked_before=_works('hour_from', SQL("(%s - %s)", _local(_LEFT), _MINUTE), SQL("<")),
    last_day=_same_day(_BACK, _AT), worked_after=_works('hour_to', SQL("(%s + %s)", _local(_BACK), _MINUTE), SQL(">")))


@dataclass(frozen=True)
class Period:
    """What a figure is about: cases of a company from ``start`` until before ``end``, as known at ``as_of`` (naive UTC).

    ``tables``: for the tables copied by ``snapshot.py``, the name of the copy and the moments by which it holds the cases of the
    period; ``shares`` names the table of who had them in hands. ``asked`` takes down which moments of which tables are asked for.
    """

    company_id: int
    start: datetime
    end: datetime
    as_of: datetime
    tables: dict = field(default_factory=dict, compare=False)
    shares: str | None = field(default=None, compare=False)
    asked: list = field(default_factory=list, compare=False)

    def get_table(self, table, at):
        """Return the SQL identifier of where to look for the cases of ``table`` of which the moment ``at`` lies in the period."""
        self.asked.append((table, at))
        copy, moments = self.tables.get(table, (table, ()))
        return SQL.identifier(copy if at in moments else table)


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
    #: what stands above the line is no part of what stands below it: a share may exceed 100
    may_exceed = False
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
              employee=None, user=None, team=None, estate=None):
    """Return the SQL of :meth:`Source.rows` for the table of a case, aliased ``c``.

    :param SQL at: moment of ``c`` that decides on the period; it must not be NULL and lie before ``period.as_of``
    :param SQL numerator: number per case, :param SQL denominator: default 1
    :param SQL where: further condition, :param SQL joins: further tables
    :param bool split: whether the case counts for all who had it in hands; only for requests and complaints
    :param SQL employee: who did the work; likewise ``user``, ``team`` and ``estate``; default: the columns of the case
    """
    return SQL(
        """
        SELECT %(model)s::varchar AS res_model, c.id AS res_id, %(name)s AS name, %(at)s AS at, %(company)s::int AS company_id,
               %(employee)s AS employee_id, %(user)s AS user_id, %(team)s AS team_id, %(estate)s AS estate_id,
               %(split)s AS split, %(stop_at)s AS stop_at, (%(numerator)s)::numeric AS numerator, (%(denominator)s)::numeric AS denominator
          FROM %(table)s c %(joins)s
         WHERE c.company_id = %(company)s AND %(at)s >= %(start)s AND %(at)s < %(end)s AND %(at)s <= %(as_of)s
           AND (%(where)s)
        """,
        model=model, table=period.get_table(table, at), joins=joins or SQL(""), name=SQL("c.name"), at=at, company=period.company_id,
        employee=employee or SQL("c.employee_id"), user=user or SQL("c.user_id"), team=team or SQL("c.team_id"),
        estate=estate or SQL("c.estate_id"), split=split,
        stop_at=SQL("LEAST(%s, %s)", STOPPED, period.as_of) if split else SQL("NULL::timestamp"), as_of=period.as_of,
        start=period.start, end=period.end, numerator=numerator, denominator=denominator or SQL("1"), where=where or SQL("TRUE"))


def union(*queries):
    """Return the rows of all queries."""
    return SQL(" UNION ALL ").join(queries)


def flag(condition):
    """Return SQL of 1 where the condition holds, else 0."""
    return SQL("CASE WHEN %s THEN 1 ELSE 0 END", condition)


def _split_by_log(column, model):
    """Return SQL of the time that employees held those cases of ``base`` that somebody else than the last one had in hands, by the log."""
    return SQL(
        """
        SELECT s.res_model, s.res_id, s.employee_id, SUM(s.seconds) AS seconds,
               SUM(SUM(s.seconds)) OVER (PARTITION BY s.res_id) AS total
          FROM (SELECT %(model)s::varchar AS res_model, b.res_id, l.employee_id,
                       GREATEST(0, EXTRACT(EPOCH FROM LEAST(COALESCE(LEAD(l.at) OVER log, b.stop_at), b.stop_at) - l.at)) AS seconds
                  FROM base b
                  JOIN property_service_state_log l ON l.%(column)s = b.res_id
                 WHERE b.split AND b.res_model = %(model)s
                   AND EXISTS (SELECT 1 FROM property_service_state_log other
                                WHERE other.%(column)s = b.res_id AND other.employee_id != COALESCE(b.employee_id, 0))
                WINDOW log AS (PARTITION BY b.res_id ORDER BY l.id)) s
         WHERE s.employee_id IS NOT NULL
         GROUP BY s.res_model, s.res_id, s.employee_id
        """, model=model, column=SQL.identifier(column))


def get_shares():
    """Return SQL of the shares of the cases of ``base`` (res_model, res_id, split, employee_id, stop_at) that changed hands."""
    return SQL(
        "SELECT res_model, res_id, employee_id, ROUND(seconds / total, 6) AS part FROM (%s UNION ALL %s) spans"
        " WHERE total > 0 AND seconds > 0", _split_by_log('request_id', REQUEST), _split_by_log('complaint_id', COMPLAINT))


def held(rows, attribution, subject='employee', duty=False, shares=None):
    """Return SQL with the cases and whom they count for: the columns of ``rows``, and ``holder_id``.

    A case that changed hands counts for each worker by the share of time he held it, to six digits; if nobody held it for any
    time, for the one who has it at the end.

    :param SQL rows: what :meth:`Source.rows` returns
    :param str attribution: worker, owner, team (each member), leader
    :param str subject: employee, or team or estate: their cases count as a whole
    :param bool duty: leave out what fell due while the employee was off
    :param str shares: table that holds what :func:`get_shares` returns for these cases
    """
    columns = SQL("b.res_model, b.res_id, b.name, b.at, b.company_id, b.numerator, b.denominator")
    if subject != 'employee':
        return SQL("WITH base AS (%s) SELECT %s, %s AS holder_id FROM base b", rows, columns,
                   SQL("b.team_id") if subject == 'team' else SQL("b.estate_id"))
    off = SQL("WHERE NOT EXISTS (%s)", _OFF) if duty else SQL("")
    if attribution != 'worker':
        inner = SQL("SELECT %s, %s AS holder_id FROM base b %s", columns, _HOLDERS[attribution], _JOINS[attribution])
        return SQL("WITH base AS (%s), held AS (%s) SELECT held.* FROM held %s", rows, inner, off)
    return SQL(
        """
        WITH base AS (%(rows)s),
        share AS (%(shares)s),
        held AS (
            SELECT b.res_model, b.res_id, b.name, b.at, b.company_id, b.numerator * COALESCE(share.part, 1) AS numerator,
                   b.denominator * COALESCE(share.part, 1) AS denominator, COALESCE(share.employee_id, b.employee_id) AS holder_id
              FROM base b
              LEFT JOIN share ON share.res_model = b.res_model AND share.res_id = b.res_id AND b.split
        )
        SELECT held.* FROM held %(off)s
        """,
        rows=rows, shares=SQL("SELECT * FROM %s", SQL.identifier(shares)) if shares else get_shares(), off=off)


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
