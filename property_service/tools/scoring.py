"""From figures to scores, grades and points: pure arithmetic, without a database (R77, R90).

All sums are exact: they are done in decimals, as people do them on paper and with a calculator, so the order of the lines never
matters and an edge that is just reached is reached. Every result is rounded half up at one place: :func:`rounded`.
"""
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HIGHER, LOWER = 'higher', 'lower'
FULL = 100.0
_STEP = re.compile(r'^\s*(-?\d+(?:\.\d+)?)\s*[:=]\s*(\d+(?:\.\d+)?)\s*$')


@dataclass(frozen=True)
class Rule:
    """How the figure of one line becomes a score from 0 to ``cap``.

    ``linear``: 0 at ``floor``, 100 at ``target``, straight in between; with a ``stretch`` figure the score goes on to ``cap`` there.
    ``steps``: the score of the best step that is reached, 0 below all of them.
    """

    direction: str = HIGHER
    method: str = 'linear'
    floor: float = 0.0
    target: float = 100.0
    stretch: float | None = None
    cap: float = FULL
    steps: tuple = ()


@dataclass(frozen=True)
class Part:
    """A line of the total: its weight (percent) and its score, None where there is not enough data."""

    weight: float
    score: float | None


@dataclass(frozen=True)
class Band:
    """A grade: reached from ``minimum`` points on."""

    key: object
    minimum: float


def rounded(value, digits=2):
    """Round half up, as people do on paper: 2.675 becomes 2.68.

    :param float value: None stays None
    """
    if value is None:
        return None
    return float(exact(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def exact(value):
    """Return a number as the decimal that is read off it: 0.1 is a tenth."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def ratio(numerator, denominator, factor=1.0):
    """Return ``numerator / denominator * factor`` rounded to 4 digits, None where there is nothing to divide by."""
    return rounded(exact(numerator) * exact(factor) / exact(denominator), 4) if denominator else None


def faults(rule):
    """Return the codes of what makes a rule meaningless: order, stretch, cap, steps."""
    found = []
    sign = 1 if rule.direction == HIGHER else -1
    if rule.cap < FULL:
        found.append('cap')
    if rule.method == 'steps':
        if not rule.steps:
            found.append('steps')
        else:
            scores = [score for _threshold, score in sorted(rule.steps, key=lambda step: sign * step[0])]
            if scores != sorted(scores) or len({threshold for threshold, _score in rule.steps}) < len(rule.steps) \
                    or max(scores) > rule.cap:
                found.append('steps')
        return found
    if sign * (rule.target - rule.floor) <= 0:
        found.append('order')
    if rule.stretch is not None and sign * (rule.stretch - rule.target) <= 0:
        found.append('stretch')
    return found


def parse_steps(text):
    """Read steps written as ``95: 100, 90: 80, 80: 60``.

    :return: tuple of (figure, score)
    :raises ValueError: with the piece that cannot be read
    """
    steps = []
    for piece in re.split(r'[,;，；\n]', (text or '').replace('：', ':')):
        if not piece.strip():
            continue
        match = _STEP.match(piece)
        if not match:
            raise ValueError(piece.strip())
        steps.append((float(match[1]), float(match[2])))
    return tuple(steps)


def score(actual, rule):
    """Return the score of a figure, from 0 to ``rule.cap``; None where there is no figure."""
    if actual is None:
        return None
    sign = 1 if rule.direction == HIGHER else -1
    value = sign * exact(actual)
    if rule.method == 'steps':
        reached = [points for threshold, points in rule.steps if value >= sign * exact(threshold)]
        return rounded(min(max(reached, default=0.0), rule.cap))
    full, floor, target = exact(FULL), sign * exact(rule.floor), sign * exact(rule.target)
    if value <= floor:
        return 0.0
    if value < target:
        return rounded(full * (value - floor) / (target - floor))
    if rule.stretch is None or rule.cap <= FULL:
        return FULL
    stretch = sign * exact(rule.stretch)
    if value >= stretch:
        return rounded(rule.cap)
    return rounded(full + (exact(rule.cap) - full) * (value - target) / (stretch - target))


def spread(parts):
    """Return the weights in force, in percent: the weight of lines without data is spread over the others in proportion.

    Without any data all are 0.
    """
    known = sum(exact(part.weight) for part in parts if part.score is not None)
    return [float(exact(FULL) * exact(part.weight) / known) if known and part.score is not None else 0.0 for part in parts]


def total(parts):
    """Return the weighted mean of the scores that are known, None without any."""
    known = [part for part in parts if part.score is not None and part.weight > 0]
    weight = sum(exact(part.weight) for part in known)
    if not weight:
        return None
    return rounded(sum(exact(part.weight) * exact(part.score) for part in known) / weight)


def adjust(base, bonus=(), deductions=(), bonus_cap=None, deduction_cap=None, maximum=None):
    """Add bonus points to a total and take deductions off, each up to its cap.

    :param bonus: points, each at least 0; likewise ``deductions``
    :param float maximum: the result is never more, and never less than 0; None: no upper bound
    :return: (result, bonus counted, deduction counted)
    """
    plus, minus = (rounded(sum(map(exact, points), Decimal())) for points in (bonus, deductions))
    plus = plus if bonus_cap is None else min(plus, rounded(bonus_cap))
    minus = minus if deduction_cap is None else min(minus, rounded(deduction_cap))
    if base is None:
        return None, plus, minus
    result = rounded(max(exact(base) + exact(plus) - exact(minus), Decimal()))
    return result if maximum is None else min(result, rounded(maximum)), plus, minus


def grade(value, bands, veto=False):
    """Return the key of the best band that is reached, the lowest one under a veto (一票否决); None without a total or bands."""
    ordered = sorted(bands, key=lambda band: band.minimum)
    if value is None or not ordered:
        return None
    if veto:
        return ordered[0].key
    reached = [band.key for band in ordered if value >= band.minimum]
    return reached[-1] if reached else ordered[0].key


def triggers(actual, operator, threshold):
    """Return whether a figure sets off a rule: ``ge`` from the threshold up, ``le`` down from it. No figure never does."""
    if actual is None:
        return False
    return actual >= threshold if operator == 'ge' else actual <= threshold


def needed(rule, wanted):
    """Return the figure at which a linear rule gives ``wanted`` points, for "what would raise the score".

    :param float wanted: from 0 to 100
    """
    return rounded(rule.floor + (rule.target - rule.floor) * wanted / FULL, 4)


def median(values):
    """Return the middle value, None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return rounded(ordered[middle] if len(ordered) % 2 else (exact(ordered[middle - 1]) + exact(ordered[middle])) / 2)
