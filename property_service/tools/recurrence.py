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
    def day(turn):
        return start + relativedelta(**{f'{unit}s': turn * number})

    if start > after:
        return start
    longest = {'day': 1, 'week': 7, 'month': 31, 'year': 366}[unit] * number
    turn = (after - start).days // longest
    while day(turn) <= after:
        turn += 1
    return day(turn)
