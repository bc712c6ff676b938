"""The cases of a period, looked up once for all figures."""
from contextlib import contextmanager
from dataclasses import replace

from odoo.tools import SQL

from .base import COMPLAINT, REQUEST, STOPPED, get_shares

_SHARES, _SUBJECTS = 'property_service_period_share', 'property_service_period_subject'


@contextmanager
def snapshot(indicators, period, subjects):
    """Give (the period with copies of its requests and complaints and of who had them in hands, SQL of the copied subjects).

    Without it each figure searches all cases there ever were and reads the state log again, and the planner knows nothing of
    subjects that were made a moment ago. The copies are temporary tables of the transaction and gone after the block; what changes
    within the block is not counted.

    :param indicators: property.service.indicator: what will be counted
    :param base.Period period: the days
    :param SQL subjects: see :func:`base.counted`
    """
    env = indicators.env
    env.flush_all()
    cr = env.cr
    asked = []
    for indicator in indicators:
        indicator._get_rows(replace(period, asked=asked))
    cr.execute("SELECT set_config('default_statistics_target', '10', TRUE)")  # a sample of 3,000 rows tells the planner enough
    tables, made, bases = {}, [_SUBJECTS], []
    _make(cr, _SUBJECTS, subjects)
    for name in (REQUEST, COMPLAINT):
        table = env[name]._table
        moments = {at for known, at in asked if known == table}
        if not moments:
            continue
        copy = f'{table}_of_period'
        within = SQL(" OR ").join(
            SQL("%(at)s >= %(start)s AND %(at)s < %(end)s", at=at, start=period.start, end=period.end)
            for at in {at.code.replace('"', ''): at for at in moments}.values())
        _make(cr, copy, SQL("SELECT c.* FROM %s c WHERE c.company_id = %s AND (%s)", SQL.identifier(table), period.company_id, within))
        tables[table] = (copy, moments)
        made.append(copy)
        bases.append(SQL(
            "SELECT %s AS res_model, c.id AS res_id, c.employee_id, TRUE AS split, LEAST(%s, %s) AS stop_at FROM %s c",
            name, STOPPED, period.as_of, SQL.identifier(copy)))
    if bases:
        _make(cr, _SHARES, SQL("WITH base AS (%s) %s", SQL(" UNION ALL ").join(bases), get_shares()))
        made.append(_SHARES)
    cr.execute("SELECT set_config('default_statistics_target', reset_val, TRUE) FROM pg_settings WHERE name = 'default_statistics_target'")
    yield replace(period, tables=tables, shares=_SHARES if bases else None), SQL("SELECT * FROM %s", SQL.identifier(_SUBJECTS))
    cr.execute(SQL("DROP TABLE %s", SQL(", ").join(SQL.identifier(name) for name in made)))


def _make(cr, name, query):
    cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", SQL.identifier(name), query))
    cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))
