from datetime import date, datetime, timedelta
from functools import cache

import pytz
from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import sla_clock
from ..tools.sla_clock import PAUSE, RUN, STOP, place_deadline, used_seconds
from ..tools.working_time import ROUND_THE_CLOCK, WeeklySlot, WorkingTime, expand_week, merge, subtract

HOUR = 3600
OFFICE = [WeeklySlot(day, *hours) for day in range(5) for hours in ((8, 12), (13, 17))]
NIGHT = [WeeklySlot(day, *hours) for day in range(7) for hours in ((22, 24), (0, 6))]
ALWAYS = [WeeklySlot(day, 0, 24) for day in range(7)]
FORTNIGHT = [WeeklySlot(day, 9, 17, week=0) for day in range(5)] + [WeeklySlot(5, 9, 13, week=1)]
PATTERNS = {'office': OFFICE, 'night': NIGHT, 'always': ALWAYS, 'fortnight': FORTNIGHT}
#: Lord Howe moves its clock by half an hour; the last two are twelve hours from Greenwich on either side.
ZONES = ['Asia/Shanghai', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Brussels', 'Etc/GMT+12', 'Etc/GMT-12']


def utc(tz, *parts):
    return pytz.timezone(tz).localize(datetime(*parts)).astimezone(pytz.utc).replace(tzinfo=None)


@cache
def pattern_intervals(name, tz):
    return expand_week(PATTERNS[name], tz, date(2023, 12, 1), date(2026, 12, 31))


def working(name, tz, holidays=()):
    return WorkingTime(subtract(pattern_intervals(name, tz), merge(holidays)), datetime(2023, 12, 2), datetime(2026, 12, 30))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2025, 6, 1)).map(lambda at: at.replace(microsecond=0))
calendars = st.builds(
    lambda name, zone, holidays: working(name, zone, holidays=holidays),
    st.sampled_from(sorted(PATTERNS)), st.sampled_from(ZONES),
    st.lists(st.tuples(
        moments, st.integers(1, 10 * 24 * 60),
    ).map(lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1]))), max_size=4),
)
amounts = st.integers(1, 100 * HOUR)


#: The same examples every time: a build that was green stays green.
checked = settings(max_examples=150, deadline=None, database=None, derandomize=True)


@st.composite
def logs(draw):
    """Return (start, events): a start and states entered after it, in order."""
    at = start = draw(moments)
    events = []
    for kind, minutes in draw(st.lists(st.tuples(st.sampled_from([RUN, PAUSE, STOP]), st.integers(0, 5 * 24 * 60)), max_size=6)):
        at += timedelta(minutes=minutes)
        events.append((at, kind))
    return start, events


@tagged('post_install', '-at_install')
class TestWorkingTime(BaseCase):

    def test_merge_and_subtract(self):
        self.assertEqual(merge([(5, 6), (1, 3), (2, 4), (4, 5), (9, 9), (8, 7)]), [(1, 6)])
        cases = [
            ([(0, 10)], [(2, 3), (5, 12)], [(0, 2), (3, 5)]),
            ([(0, 10)], [], [(0, 10)]),
            ([(0, 10)], [(0, 10)], []),
            ([(0, 4), (6, 10)], [(3, 7)], [(0, 3), (7, 10)]),
            ([(0, 4), (6, 10)], [(4, 6)], [(0, 4), (6, 10)]),
            ([(0, 2), (3, 5), (6, 8)], [(1, 7)], [(0, 1), (7, 8)]),
        ]
        for intervals, holes, expected in cases:
            self.assertEqual(subtract(intervals, holes), expected, (intervals, holes))

    def test_deadlines(self):
        """(pattern, zone, start in local time, hours, deadline in local time)"""
        cases = [
            # the lunch hour does not count
            ('office', 'Asia/Shanghai', (2026, 3, 2, 11, 30), 1, (2026, 3, 2, 13, 30)),
            # exactly at the end of the day, not the next morning
            ('office', 'Asia/Shanghai', (2026, 3, 2, 9, 0), 7, (2026, 3, 2, 17, 0)),
            # taken on Friday evening: counts from Monday
            ('office', 'Asia/Kolkata', (2026, 3, 6, 18, 0), 4, (2026, 3, 9, 12, 0)),
            # 29 February is a day like any other
            ('office', 'Europe/Brussels', (2024, 2, 28, 16, 0), 2, (2024, 2, 29, 9, 0)),
            # the last day of the month at 23:30 local is another month in UTC
            ('always', 'Asia/Shanghai', (2026, 1, 31, 23, 30), 1, (2026, 2, 1, 0, 30)),
            # night shift across midnight
            ('night', 'Asia/Shanghai', (2026, 3, 2, 23, 0), 6, (2026, 3, 3, 5, 0)),
            ('night', 'Asia/Shanghai', (2026, 3, 3, 5, 0), 3, (2026, 3, 4, 0, 0)),
            # Brussels loses an hour on 29 March 2026 and wins one on 25 October: eight hours of night are 7 and 9
            ('night', 'Europe/Brussels', (2026, 3, 28, 22, 0), 7, (2026, 3, 29, 6, 0)),
            ('night', 'Europe/Brussels', (2026, 10, 24, 22, 0), 9, (2026, 10, 25, 6, 0)),
            # Lord Howe moves by 30 minutes: on 5 April 2026 back, on 4 October forward
            ('night', 'Australia/Lord_Howe', (2026, 4, 4, 22, 0), 8.5, (2026, 4, 5, 6, 0)),
            ('night', 'Australia/Lord_Howe', (2026, 10, 3, 22, 0), 7.5, (2026, 10, 4, 6, 0)),
            ('office', 'Etc/GMT+12', (2026, 12, 31 - 3, 16, 30), 1, (2026, 12, 29, 8, 30)),
            ('office', 'Etc/GMT-12', (2026, 1, 1, 0, 0), 1, (2026, 1, 1, 9, 0)),
        ]
        for pattern, zone, start, hours, expected in cases:
            work = working(pattern, zone)
            self.assertEqual(
                work.add(utc(zone, *start), hours * HOUR), utc(zone, *expected), (pattern, zone, start, hours))

    def test_holiday(self):
        holiday = (utc('Asia/Shanghai', 2026, 3, 3), utc('Asia/Shanghai', 2026, 3, 4))
        work = working('office', 'Asia/Shanghai', holidays=[holiday])
        self.assertEqual(work.add(utc('Asia/Shanghai', 2026, 3, 2, 16), 2 * HOUR), utc('Asia/Shanghai', 2026, 3, 4, 9))

    def test_edges_of_what_is_known(self):
        work = WorkingTime([(datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9))], datetime(2026, 1, 1), datetime(2026, 1, 2))
        self.assertEqual(work.add(datetime(2026, 1, 1), HOUR), datetime(2026, 1, 1, 9))
        self.assertIsNone(work.add(datetime(2026, 1, 1), HOUR + 1))
        self.assertIsNone(work.next_moment(datetime(2026, 1, 1, 9)))
        self.assertEqual(work.next_moment(datetime(2026, 1, 1, 7)), datetime(2026, 1, 1, 8))
        self.assertEqual(work.next_moment(datetime(2026, 1, 1, 8, 30)), datetime(2026, 1, 1, 8, 30))
        self.assertFalse(WorkingTime([], datetime(2026, 1, 1), datetime(2026, 1, 2)))
        with self.assertRaises(ValueError):
            work.add(datetime(2025, 1, 1), 1)
        with self.assertRaises(ValueError):
            work.seconds_between(datetime(2026, 1, 1), datetime(2027, 1, 1))

    @checked
    @given(calendars, moments, amounts)
    def test_adding_and_counting_are_inverse(self, work, start, seconds):
        deadline = work.add(start, seconds)
        self.assertEqual(work.seconds_between(start, deadline), seconds)
        self.assertEqual(work.seconds_between(start, deadline - timedelta(seconds=1)), seconds - 1, "not the earliest moment")

    @checked
    @given(calendars, moments, amounts, amounts)
    def test_monotone_and_additive(self, work, start, seconds, more):
        deadline = work.add(start, seconds)
        self.assertGreater(work.add(start, seconds + more), deadline)
        self.assertEqual(work.add(deadline, more), work.add(start, seconds + more))

    @checked
    @given(moments, amounts)
    def test_round_the_clock_is_a_calendar_without_gaps(self, start, seconds):
        self.assertEqual(working('always', 'Europe/Brussels').add(start, seconds), ROUND_THE_CLOCK.add(start, seconds))


@tagged('post_install', '-at_install')
class TestSlaClock(BaseCase):

    START = datetime(2026, 3, 2, 8)

    def _at(self, hours):
        return self.START + timedelta(hours=hours)

    def test_resolution(self):
        """(events, hours allowed, deadline, hours remaining), all in hours after the start, round the clock"""
        cases = [
            ([], 10, 10, None),
            ([(2, PAUSE)], 10, None, 8),
            ([(2, PAUSE), (50, RUN)], 10, 58, None),
            # paused after the deadline: it stays
            ([(12, PAUSE)], 10, 10, None),
            ([(10, PAUSE)], 10, 10, None),
            # done, returned after a day: the time used before counts
            ([(4, STOP), (28, RUN)], 10, 34, None),
            # done keeps the deadline it was judged by
            ([(4, STOP)], 10, 10, None),
            # accepted and closed after done change nothing
            ([(4, STOP), (5, STOP), (6, STOP)], 10, 10, None),
            # ended while paused
            ([(4, PAUSE), (20, STOP)], 10, 26, None),
            # paused twice, reopened once
            ([(1, PAUSE), (2, RUN), (3, PAUSE), (5, RUN), (6, STOP), (9, RUN)], 10, 16, None),
        ]
        for events, hours, deadline, remaining in cases:
            found = place_deadline(ROUND_THE_CLOCK, self.START, [(self._at(at), kind) for at, kind in events], hours * HOUR)
            expected = (deadline is not None and self._at(deadline) or None, remaining and remaining * HOUR)
            self.assertEqual(found, expected, events)

    def test_pause_over_days_counts_office_hours_only(self):
        work = working('office', 'Asia/Shanghai')
        start = utc('Asia/Shanghai', 2026, 3, 2, 9)
        events = [(utc('Asia/Shanghai', 2026, 3, 2, 11), PAUSE), (utc('Asia/Shanghai', 2026, 3, 5, 20), RUN)]
        deadline, remaining = place_deadline(work, start, events, 8 * HOUR)
        self.assertEqual((deadline, remaining), (utc('Asia/Shanghai', 2026, 3, 6, 15), None))

    def test_not_enough_working_time(self):
        work = WorkingTime([], datetime(2026, 1, 1), datetime(2027, 1, 1))
        with self.assertRaises(sla_clock.OutOfRange):
            place_deadline(work, self.START, [], HOUR)

    def test_summary(self):
        """((response deadline, answered), (resolution deadline, done), closed, paused) -> (next deadline, result)"""
        cases = [
            ((None, None), (None, None), None, False, None, None),
            ((5, None), (9, None), None, False, 5, None),
            ((5, 4), (9, None), None, False, 9, None),
            ((5, 4), (9, 8), None, False, None, 'met'),
            ((5, 6), (9, 8), None, False, None, 'missed'),
            ((5, 6), (9, None), None, False, 9, None),
            ((5, 5), (None, None), None, False, None, 'met'),
            # paused: nothing is due, unless the answer is
            ((5, 4), (None, None), None, True, None, None),
            ((5, None), (None, None), None, True, 5, None),
            # cancelled in time says nothing; cancelled after the deadline is a miss
            ((5, None), (9, None), 3, False, None, None),
            ((5, 2), (9, None), 3, False, None, 'met'),
            ((5, None), (9, None), 6, False, None, 'missed'),
            ((5, 2), (9, None), 10, False, None, 'missed'),
        ]
        for (response, answered), (resolution, done), closed, paused, deadline, result in cases:
            at = lambda hours: None if hours is None else self._at(hours)
            facts = sla_clock.summarize(
                (at(response), at(response)), (at(resolution), at(resolution)), at(answered), at(done), at(closed), paused)
            self.assertEqual((facts.next_deadline, facts.result), (at(deadline), result))

    @checked
    @given(calendars, logs(), amounts, amounts)
    def test_monotone_in_hours(self, work, log, seconds, more):
        start, events = log
        sooner, left = place_deadline(work, start, events, seconds)
        later, left_later = place_deadline(work, start, events, seconds + more)
        if sooner and later:
            self.assertLess(sooner, later)
        elif not sooner:
            self.assertIsNone(later)
            self.assertEqual(left_later, left + more)

    @checked
    @given(calendars, logs(), amounts, st.integers(0, 6))
    def test_an_empty_pause_changes_nothing(self, work, log, seconds, index):
        start, events = log
        before = events[:index]
        at, kind = before[-1] if before else (start, RUN)
        with_pause = [*before, (at, PAUSE), (at, kind), *events[index:]]
        self.assertEqual(place_deadline(work, start, with_pause, seconds), place_deadline(work, start, events, seconds))

    @checked
    @given(calendars, moments, amounts, st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 4000)))
    def test_a_split_pause_equals_the_whole(self, work, start, seconds, minutes):
        first, second, third = (start + timedelta(minutes=sum(minutes[:count])) for count in (1, 2, 3))
        whole = [(first, PAUSE), (third, RUN)]
        split = [(first, PAUSE), (second, RUN), (second, PAUSE), (third, RUN)]
        self.assertEqual(place_deadline(work, start, split, seconds), place_deadline(work, start, whole, seconds))

    @checked
    @given(calendars, logs(), amounts)
    def test_the_time_used_at_the_deadline_is_the_time_allowed(self, work, log, seconds):
        start, events = log
        deadline, remaining = place_deadline(work, start, events, seconds)
        if deadline is None:
            self.assertEqual(used_seconds(work, start, events, events[-1][0]) + remaining, seconds)
            return
        _segments, (kind, since) = sla_clock.running_segments(start, events)
        if kind == RUN or deadline <= since:
            self.assertEqual(used_seconds(work, start, events, deadline), seconds)

    @checked
    @given(calendars, logs(), amounts)
    def test_recomputing_equals_incremental(self, work, log, seconds):
        """Adding up what is left at every change, as a stopwatch would, gives what the whole log gives."""
        start, events = log
        left, since, kind, deadline = seconds, start, RUN, work.add(start, seconds)
        for at, event in events:
            if kind == RUN and event != RUN:
                if deadline <= at:
                    break
                left -= work.seconds_between(since, at)
                deadline = None if event == PAUSE else work.add(at, left)
            elif kind != RUN and event != kind:
                deadline = None if event == PAUSE else work.add(at, left)
            if event != kind:
                kind, since = event, at
        self.assertEqual(place_deadline(work, start, events, seconds)[0], deadline)
