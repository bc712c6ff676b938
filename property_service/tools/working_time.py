"""Working time as sorted, disjoint intervals: deadlines and consumed time by bisection, without the ORM.

All datetimes are naive UTC with whole seconds, as Odoo stores them. Local time appears only where a weekly pattern is
expanded; there it follows ``resource.calendar``, so that both agree on every deadline.
"""
import math
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

import pytz

_EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)


def to_seconds(at):
    """Return whole seconds since 1970 of a naive UTC datetime."""
    return (at - _EPOCH) // _SECOND


def from_seconds(seconds):
    """Return the naive UTC datetime so many seconds after 1970."""
    return _EPOCH + timedelta(seconds=seconds)


class WeeklySlot(NamedTuple):
    """A stretch of work that recurs every week, or every second one."""

    weekday: int  #: 0 is Monday
    hour_from: float  #: local hour, minutes as fraction
    hour_to: float  #: local hour, up to 24.0 for midnight
    week: int = None  #: parity of the week (:func:`week_parity`); None: every week


def week_parity(day):
    """Return 0 or 1: the week of ``day`` counted from the first of January of year 1, as ``resource.calendar`` does."""
    return (day.toordinal() - 1) // 7 % 2


def merge(intervals):
    """Return sorted, disjoint intervals that cover the same time. Empty and inverted ones are dropped.

    :param intervals: iterable of ``(start, stop)`` of any comparable type
    """
    merged = []
    for start, stop in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if merged and start <= merged[-1][1]:
            if stop > merged[-1][1]:
                merged[-1] = (merged[-1][0], stop)
        else:
            merged.append((start, stop))
    return merged


def subtract(intervals, holes):
    """Return what remains of ``intervals`` outside ``holes``. Both must be sorted and disjoint (:func:`merge`)."""
    result = []
    index = 0
    for start, stop in intervals:
        while index < len(holes) and holes[index][1] <= start:
            index += 1
        position = index
        while position < len(holes) and holes[position][0] < stop:
            hole_start, hole_stop = holes[position]
            if hole_start > start:
                result.append((start, hole_start))
            start = max(start, hole_stop)
            position += 1
        if start < stop:
            result.append((start, stop))
    return result


def expand_week(slots, tz, first_day, last_day):
    """Return the UTC intervals of a weekly pattern on local days ``first_day`` to ``last_day``, both included.

    Where the clock is put back, an ambiguous local time is the later one; where it is put forward, a time that does not
    exist is read as standard time: the choice of ``resource.calendar``.

    :param slots: iterable of :class:`WeeklySlot`
    :param str tz: name of the time zone
    """
    zone = pytz.timezone(tz)
    by_day = [[], [], [], [], [], [], []]
    for slot in slots:
        by_day[slot.weekday].append((_minutes(slot.hour_from), _minutes(slot.hour_to), slot.week))
    intervals = []
    for ordinal in range(first_day.toordinal(), last_day.toordinal() + 1):
        day = date.fromordinal(ordinal)
        midnight = datetime(day.year, day.month, day.day)
        for start, stop, week in by_day[day.weekday()]:
            if week is None or week == week_parity(day):
                intervals.append((_to_utc(zone, midnight, start), _to_utc(zone, midnight, stop)))
    return merge(intervals)


def _minutes(hour):
    fraction, whole = math.modf(hour)
    return int(whole) * 60 + math.floor(fraction * 60 + 0.5)


def _to_utc(zone, midnight, minutes):
    return zone.localize(midnight + timedelta(minutes=minutes)).astimezone(pytz.utc).replace(tzinfo=None)


class WorkingTime:
    """Immutable working intervals of a stretch of time ``[since, until)`` with their running total.

    :param intervals: iterable of ``(start, stop)`` in naive UTC, in any order
    :param datetime since: from when on the intervals are known
    :param datetime until: up to when they are known
    """

    __slots__ = ('_before', '_starts', '_stops', 'since', 'until')

    def __init__(self, intervals, since, until):
        self.since, self.until = since, until
        low, high = to_seconds(since), to_seconds(until)
        clipped = ((max(low, to_seconds(start)), min(high, to_seconds(stop))) for start, stop in intervals)
        known = merge(clipped)
        self._starts = [start for start, _stop in known]
        self._stops = [stop for _start, stop in known]
        #: seconds of work before each interval; the last entry is the total
        self._before = [0, *accumulate(stop - start for start, stop in known)]

    def __bool__(self):
        return bool(self._starts)

    def intervals(self):
        """Return the intervals as list of ``(start, stop)`` datetimes."""
        return [(from_seconds(start), from_seconds(stop)) for start, stop in zip(self._starts, self._stops)]

    def _position(self, at):
        """Return the seconds of work between ``since`` and ``at``."""
        moment = to_seconds(at)
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return 0
        return self._before[index] + min(moment, self._stops[index]) - self._starts[index]

    def seconds_between(self, start, stop):
        """Return the seconds of work from ``start`` to ``stop``; 0 when ``stop`` is not later.

        :raises ValueError: outside what is known
        """
        if stop <= start:
            return 0
        if start < self.since or stop > self.until:
            raise ValueError("The working time is not known there.")
        return self._position(stop) - self._position(start)

    def add(self, start, seconds):
        """Return the earliest moment at which ``seconds`` of work have passed since ``start``.

        ``None`` when they have not passed by the end of what is known.
        """
        if start < self.since:
            raise ValueError("The working time is not known there.")
        if seconds <= 0:
            return start
        target = self._position(start) + seconds
        if target > self._before[-1]:
            return None
        index = bisect_left(self._before, target) - 1
        return from_seconds(self._starts[index] + target - self._before[index])

    def next_moment(self, at):
        """Return ``at`` when it is working time, else the start of the next interval; ``None`` when none is known."""
        moment = to_seconds(at)
        index = bisect_right(self._stops, moment)
        if index == len(self._starts):
            return None
        return at if self._starts[index] <= moment else from_seconds(self._starts[index])


class RoundTheClock:
    """Every second counts: the same interface as :class:`WorkingTime`, without limits."""

    since, until = datetime.min, datetime.max

    def seconds_between(self, start, stop):
        """Return the seconds from ``start`` to ``stop``; 0 when ``stop`` is not later."""
        return max(0, (stop - start) // _SECOND)

    def add(self, start, seconds):
        """Return the moment ``seconds`` after ``start``; ``None`` when that is after the end of the calendar."""
        try:
            return start + timedelta(seconds=max(0, seconds))
        except OverflowError:
            return None

    def next_moment(self, at):
        """Return ``at``: it is always working time."""
        return at


ROUND_THE_CLOCK = RoundTheClock()
