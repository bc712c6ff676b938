"""Days that come again. No database."""
from dateutil.relativedelta import relativedelta

UNITS = ('day', 'week', 'month', 'year')


def following(start, number, unit, after):
    """Return the first day later than ``after`` of those that begin with ``start`` and come every ``number`` units.

    Counted from the start each time: from 31 January on, the last days of shorter months do not shift the ones after them.

    :param date start: the first day
    :param int number: greater than zero
    :param str unit: one of :data:`UNITS`
    """
    if start > after:
        return start
    return _get_day(start, number, unit, _count_turns(start, number, unit, after) + 1)


def latest(start, number, unit, until):
    """Return the last day that is not later than ``until`` of those that begin with ``start``, which is not later either.

    The other parameters are those of :func:`following`.
    """
    return _get_day(start, number, unit, _count_turns(start, number, unit, until))


def _get_day(start, number, unit, turn):
    return start + relativedelta(**{f'{unit}s': turn * number})


def _count_turns(start, number, unit, until):
    """Return how often the day has come again up to ``until``."""
    longest = {'day': 1, 'week': 7, 'month': 31, 'year': 366}[unit] * number
    turn = (until - start).days // longest
    while _get_day(start, number, unit, turn + 1) <= until:
        turn += 1
    return turn
