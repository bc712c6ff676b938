"""The service clock: deadlines as a pure function of start, hours, working time and the log of states.

No ORM. Datetimes are naive UTC. ``work`` is a :class:`.working_time.WorkingTime` or ``ROUND_THE_CLOCK``.
"""
from datetime import datetime
from typing import NamedTuple

#: What a state means for the resolution clock.
RUN, PAUSE, STOP = 'run', 'pause', 'stop'


class OutOfRange(Exception):
    """The working time known is not enough to place the deadline: more of it must be given, or there is none."""


class Resolution(NamedTuple):
    """Where the resolution clock stands."""

    deadline: datetime  #: None while paused
    risk_at: datetime  #: when the share of time that means risk is used up; None while paused before that
    remaining: int  #: seconds of work left when paused, else None


class Facts(NamedTuple):
    """What both clocks come to: enough to tell the status at any moment without further calculation."""

    next_deadline: datetime  #: earliest deadline of a running clock
    risk_at: datetime  #: earliest moment at which a running clock is at risk
    result: str  #: 'met' or 'missed' when no clock runs any more, else None


def running_segments(start, events):
    """Return ``([(start, stop), …], last)``: when the clock ran before its last change, and ``(kind, since)`` of that.

    :param datetime start: when the clock started
    :param events: ``(at, kind)`` in the order of the log; events before ``start`` count from ``start`` on
    """
    segments = []
    kind, since = RUN, start
    # Of several events at one moment only the last one lasts.
    lasting = {max(at, start): event for at, event in events}
    for at, event in lasting.items():
        if event == kind:
            continue
        if kind == RUN and since < at:
            segments.append((since, at))
        kind, since = event, at
    return segments, (kind, since)


def used_seconds(work, start, events, until):
    """Return the seconds of work the clock has used by ``until``."""
    segments, (kind, since) = running_segments(start, [(at, event) for at, event in events if at <= until])
    if kind == RUN:
        segments.append((since, until))
    return sum(work.seconds_between(begin, end) for begin, end in segments)


def place_deadline(work, start, events, seconds):
    """Return ``(deadline, remaining)``: when ``seconds`` of work are used up.

    While the clock is paused before that, the deadline is None and ``remaining`` tells the seconds left. A stopped clock
    keeps the deadline it would have had if it had run on: results are judged by it.

    :raises OutOfRange: not enough working time is known
    """
    segments, (kind, since) = running_segments(start, events)
    remaining = seconds
    for begin, end in segments:
        used = work.seconds_between(begin, end)
        if used >= remaining:
            return work.add(begin, remaining), None
        remaining -= used
    if kind == PAUSE:
        return None, remaining
    deadline = work.add(since, remaining)
    if deadline is None:
        raise OutOfRange
    return deadline, None


def place_resolution(work, start, events, seconds, risk_percent):
    """Return the :class:`Resolution` of a clock that allows ``seconds`` of work."""
    deadline, remaining = place_deadline(work, start, events, seconds)
    risk_at, _remaining = place_deadline(work, start, events, seconds * risk_percent // 100)
    return Resolution(deadline, risk_at, remaining)


def summarize(response, resolution, responded_at, done_at, closed_at, paused):
    """Return the :class:`Facts` of a case.

    A clock is judged when it stops: the response at the first answer, the resolution when the work is done. When a case
    ends otherwise (rejected, cancelled, merged), a deadline that had passed stays missed: ending a case never improves
    the figures. A deadline that had not passed says nothing.

    :param response: ``(deadline, risk_at)``, both None without a response time
    :param resolution: ``(deadline, risk_at)``, both None without a resolution time and, usually, while paused
    :param bool paused: whether the resolution clock is paused
    """
    running, results = [], []
    for (deadline, risk_at), stopped_at in ((response, responded_at), (resolution, done_at)):
        if not deadline:
            continue
        if stopped_at:
            results.append('met' if stopped_at <= deadline else 'missed')
        elif closed_at:
            results.append('missed' if closed_at > deadline else None)
        else:
            running.append((deadline, risk_at or deadline))
    if running:
        return Facts(min(deadline for deadline, _risk_at in running), min(risk_at for _deadline, risk_at in running), None)
    if paused and not closed_at and not done_at:
        return Facts(None, None, None)
    result = 'missed' if 'missed' in results else 'met' if 'met' in results else None
    return Facts(None, None, result)


class Clocks(NamedTuple):
    """Both clocks of a case, as they are stored with it."""

    response_deadline: datetime = None
    response_risk_at: datetime = None
    resolution_deadline: datetime = None
    resolution_risk_at: datetime = None
    remaining: int = 0  #: seconds of work left while paused
    paused: bool = False


def place_promise(start, deadline, risk_percent):
    """Return ``(deadline, risk_at)`` of a deadline that somebody has named: a date is a date, no working hours, no pauses."""
    return deadline, min(deadline, start + (max(deadline, start) - start) * (risk_percent or 100) // 100)


def measure(work, start, response_seconds, resolution_seconds, risk_percent, events, promised=(None, None)):
    """Return the :class:`Clocks` of a case.

    The response clock never pauses: whoever waits for the resident has spoken with the resident.

    :param datetime start: when both clocks started
    :param int response_seconds: seconds of work allowed until the first answer, 0 for no limit
    :param int resolution_seconds: seconds of work allowed until the work is done, 0 for no limit
    :param int risk_percent: share of the time after which the case is at risk
    :param events: ``(at, kind)`` from the state log
    :param promised: deadlines of answer and solution that the case itself names; they come before the allowed seconds
    :raises OutOfRange: not enough working time is known
    """
    promised_response, promised_resolution = promised
    response_deadline = response_risk_at = None
    if promised_response:
        response_deadline, response_risk_at = place_promise(start, promised_response, risk_percent)
    elif response_seconds:
        response_deadline = work.add(start, response_seconds)
        if response_deadline is None:
            raise OutOfRange
        response_risk_at = work.add(start, response_seconds * risk_percent // 100)
    paused = running_segments(start, events)[1][0] == PAUSE
    if promised_resolution:
        return Clocks(response_deadline, response_risk_at, *place_promise(start, promised_resolution, risk_percent), 0, paused)
    if not resolution_seconds:
        return Clocks(response_deadline, response_risk_at, None, None, 0, paused)
    resolution = place_resolution(work, start, events, resolution_seconds, risk_percent)
    return Clocks(
        response_deadline, response_risk_at, resolution.deadline, resolution.risk_at, resolution.remaining or 0, paused)
