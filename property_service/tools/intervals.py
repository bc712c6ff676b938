"""Arithmetic on working time: sorted, disjoint ``(start, end)`` pairs of naive UTC datetimes. No ORM."""
from bisect import bisect_right

__all__ = ['covered_share', 'is_inside', 'merge', 'overlaps']


def merge(pairs):
    """Return the pairs sorted, with touching and overlapping ones joined and empty ones left out."""
    merged = []
    for start, end in sorted(pairs):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def is_inside(intervals, moment):
    """Return whether ``moment`` lies in one of the intervals; their end is outside."""
    index = bisect_right(intervals, moment, key=lambda pair: pair[0]) - 1
    return index >= 0 and moment < intervals[index][1]


def covered_share(intervals, start, end):
    """Return which share (0.0 to 1.0) of the time from ``start`` to ``end`` the intervals cover."""
    if start >= end:
        return 1.0 if is_inside(intervals, start) else 0.0
    covered = 0.0
    index = max(bisect_right(intervals, start, key=lambda pair: pair[0]) - 1, 0)
    for low, high in intervals[index:]:
        if low >= end:
            break
        covered += max((min(high, end) - max(low, start)).total_seconds(), 0.0)
    return covered / (end - start).total_seconds()


def overlaps(start, end, other_start, other_end):
    """Return whether two periods share time; touching ends do not."""
    return start < other_end and other_start < end
