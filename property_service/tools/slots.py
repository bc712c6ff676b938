"""Free appointment slots of a team: pure, no ORM. All times are naive UTC, the grid follows the working hours."""
from datetime import timedelta

from .intervals import covered_share, overlaps

__all__ = ['free_slots']


def free_slots(hours, length, workers, busy, earliest, *, step=None, limit=None):
    """Return the slots that somebody is free for.

    A slot is ``length`` long and begins at the beginning of a working interval or a multiple of ``step`` after it. A job longer
    than the interval (four hours before lunch, planned for six) gets the whole interval: it begins there.

    :param list hours: working hours of the team as disjoint ``(start, end)`` pairs
    :param timedelta length: planned time of the job
    :param dict workers: {worker id: disjoint pairs of working time}; empty: one place, whoever does it
    :param list busy: ``(start, end, worker id or None)`` of the appointments the team already has
    :param datetime earliest: no slot begins before
    :param timedelta step: distance of two beginnings, by default the length
    :param int limit: at most so many slots
    :return: ``[{'start', 'end', 'free', 'capacity'}, …]`` in order of time
    """
    slots = []
    step = step or length
    for opening, closing in hours:
        start = opening
        while start < closing:
            end = min(start + length, closing)
            whole = end - start >= length or start == opening
            if whole and start >= earliest:
                free, capacity = _count_free(start, end, workers, busy)
                if free > 0:
                    slots.append({'start': start, 'end': end, 'free': free, 'capacity': capacity})
                    if limit and len(slots) >= limit:
                        return slots
            start += max(step, timedelta(minutes=1))
    return slots


def _count_free(start, end, workers, busy):
    """Count who is at work for the whole slot, less the appointments in it.

    An appointment of somebody absent or outside the team takes no place; one that nobody was named for takes one.
    """
    present = {worker for worker, work in workers.items() if covered_share(work, start, end) > 0.999} if workers else {0}
    taken, open_bookings = set(), 0
    for busy_start, busy_end, worker in busy:
        if not overlaps(start, end, busy_start, busy_end):
            continue
        if worker in present:
            taken.add(worker)
        elif worker is None or not workers:
            open_bookings += 1
    return len(present) - len(taken) - open_bookings, len(present)
