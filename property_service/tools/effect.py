"""Did it help? Figures of a measure before and after a corrective action (R63)."""
from datetime import timedelta

WEEK = 7


def get_windows(opened_at, done_at, days, now):
    """Return ((start, end), (start, end)) before and after; the second is None until the work is done.

    The days before end when the problem was taken up, the days after begin when the work was done: what happened while it was
    being worked on belongs to neither.
    """
    length = timedelta(days=days)
    return (opened_at - length, opened_at), (done_at, min(done_at + length, max(now, done_at))) if done_at else None


def summarize(buckets, share):
    """Return {'numerator', 'denominator', 'value', 'bars'} of one window.

    :param list buckets: [(numerator, denominator), …] per week
    :param bool share: the value is the percentage of the denominator, None where that is 0; otherwise it is the number
    """
    numerator, denominator = (sum(column) for column in zip(*buckets, strict=True)) if buckets else (0, 0)
    return {
        'numerator': numerator,
        'denominator': denominator,
        'value': _get_value(numerator, denominator, share),
        'bars': [_get_value(*bucket, share) for bucket in buckets],
    }


def _get_value(numerator, denominator, share):
    if not share:
        return numerator
    return round(100 * numerator / denominator, 1) if denominator else None


def judge(before, after, lower_is_better):
    """Return 'improved', 'unchanged', 'worse', or 'no_data' where one of the two values is None."""
    if before is None or after is None:
        return 'no_data'
    if before == after:
        return 'unchanged'
    return 'improved' if (after < before) == lower_is_better else 'worse'


def count_weeks(days):
    """Return how many weeks, the last maybe shorter, make up ``days``."""
    return max(1, -(-days // WEEK))
