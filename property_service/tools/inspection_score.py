"""What an inspection is worth: from answers to the score of each section and of the whole. No database.

An item scores from 0 to 100 and counts by its weight. What does not apply, or was not looked at, counts neither way: its weight is left
out, as if the item were not there.
"""
from typing import NamedTuple

YES_NO, SCALE, NUMBER = 'yes_no', 'scale', 'number'
SCALE_FROM, SCALE_TO = 1, 5


class Answer(NamedTuple):
    """One item of an inspection as it was answered.

    ``section`` is any key; ``score`` is None where the item does not apply or has no answer; ``critical``: without full points nothing
    else can save the inspection.
    """

    section: object
    weight: float
    score: float | None
    critical: bool = False


class Result(NamedTuple):
    """``total`` and the values of ``sections`` are None where nothing was answered; ``failed_critical`` counts critical items."""

    total: float | None
    sections: dict
    failed_critical: int

    def passes(self, threshold):
        """Return whether the inspection is passed; None where there is no score."""
        return None if self.total is None else self.total >= threshold and not self.failed_critical


def is_possible(kind, value):
    """Tell whether ``value`` can be an answer of that kind; a number may be any finite number."""
    if kind == YES_NO:
        return value in (0, 1)
    if kind == SCALE:
        return value in range(SCALE_FROM, SCALE_TO + 1)
    return value == value and abs(value) != float('inf')


def score_item(kind, value, lower=None, upper=None):
    """Return the score of one answer, from 0 to 100.

    :param str kind: ``yes_no`` (1 is yes: 100, 0 is no: 0), ``scale`` (1 to 5: 0, 25, 50, 75, 100), ``number`` (within the limits: 100,
        outside: 0)
    :param float value: the answer
    :param float lower: the least number that is right, None: no limit; likewise ``upper``; the limits themselves are right
    """
    if kind == YES_NO:
        return 100.0 if value else 0.0
    if kind == SCALE:
        return 100.0 * (value - SCALE_FROM) / (SCALE_TO - SCALE_FROM)
    return 100.0 if (lower is None or value >= lower) and (upper is None or value <= upper) else 0.0


def mean(pairs):
    """Return the mean of ``[(weight, score), …]`` by weight; None where the weights add up to nothing."""
    weight = sum(weight for weight, _score in pairs)
    return sum(weight * score for weight, score in pairs) / weight if weight else None


def add_up(answers):
    """Return the :class:`Result` of an inspection. The total is the mean of all items by their weights, not of the sections.

    :param answers: iterable of :class:`Answer`
    """
    answers, sections = list(answers), {}
    for answer in answers:
        pairs = sections.setdefault(answer.section, [])
        if answer.score is not None:
            pairs.append((answer.weight, answer.score))
    everything = [pair for pairs in sections.values() for pair in pairs]
    return Result(
        mean(everything), {section: mean(pairs) for section, pairs in sections.items()},
        sum(1 for answer in answers if answer.critical and answer.score is not None and answer.score < 100))
