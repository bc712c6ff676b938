"""Figures of satisfaction surveys. Pure functions; rates are shares from 0 to 1.

Satisfied means 4 or 5 of 5. A rate never stands alone: the number of answers and the interval of Wilson (1927) belong to it,
because 9 of 10 satisfied may be luck and 900 of 1,000 is not.
"""
from collections import namedtuple
from math import sqrt

#: 97.5 % quantile of the normal distribution: two-sided interval of 95 %
Z_95 = 1.959963984540054
SATISFIED_FROM = 4
PROMOTER_FROM = 9
DETRACTOR_TO = 6

#: one stratum of a sample: how many there are, how many answers, how many of them satisfied, the sum of the scores
Stratum = namedtuple('Stratum', 'population answers satisfied total')


def wilson(rate, number, z=Z_95):
    """Return (low, high) of Wilson's score interval.

    E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA 22 (1927).

    :param float rate: share of successes
    :param float number: answers; a weighted sample has an effective number that is no integer
    :return: None without answers
    """
    if number <= 0:
        return None
    square = z * z
    centre = rate + square / (2 * number)
    spread = z * sqrt(rate * (1 - rate) / number + square / (4 * number * number))
    scale = 1 + square / number
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def satisfaction_rate(scores):
    """Return the share of scores of 4 and 5, None without scores."""
    scores = list(scores)
    return sum(score >= SATISFIED_FROM for score in scores) / len(scores) if scores else None


def net_promoter_score(promoters, detractors, number):
    """Return the share of 9-10 less the share of 0-6, from -100 to 100; None without answers."""
    return 100 * (promoters - detractors) / number if number else None


def gap(perception, expectation):
    """Return the SERVQUAL gap P - E: negative where the service falls behind what is expected. None when one is missing."""
    return None if perception is None or expectation is None else perception - expectation


def weighted(strata):
    """Weigh each stratum by its part of the population, so that no estate counts more because it answered more.

    Strata without an answer are left out: nothing is known about them, and what is left is weighed anew.

    :param strata: iterable of :class:`Stratum`
    :return: (rate, mean, effective number of answers after Kish); (None, None, 0.0) without answers
    """
    known = [stratum for stratum in strata if stratum.answers and stratum.population]
    population = sum(stratum.population for stratum in known)
    if not population:
        return None, None, 0.0
    rate = sum(s.population * s.satisfied / s.answers for s in known) / population
    mean = sum(s.population * s.total / s.answers for s in known) / population
    # Kish (1965): (sum of the weights)² / sum of their squares, each answer of a stratum weighing population / answers
    effective = population ** 2 / sum(s.population ** 2 / s.answers for s in known)
    return rate, mean, effective


def plain(strata):
    """Return (rate, mean, number of answers) of all answers alike."""
    answers = sum(stratum.answers for stratum in strata)
    if not answers:
        return None, None, 0
    return sum(s.satisfied for s in strata) / answers, sum(s.total for s in strata) / answers, answers


def masked(counts, minimum):
    """Return the keys of groups that must not be shown.

    Groups with fewer answers than ``minimum`` are hidden. When what is hidden is so little that it could be found by taking
    the shown groups from the total, the smallest of the shown ones is hidden, too.

    :param dict counts: {group: answers}
    :param int minimum: 0 or 1: nothing is hidden
    :rtype: set
    """
    hidden = {key for key, count in counts.items() if 0 < count < minimum}
    rest = sorted((count, str(key), key) for key, count in counts.items() if count >= minimum)
    while hidden and rest and (len(hidden) < 2 or sum(counts[key] for key in hidden) < minimum):
        hidden.add(rest.pop(0)[2])
    return hidden


def difference(rate, number, other_rate, other_number):
    """Return (low, high) of the interval of ``rate - other_rate``; when 0 lies outside, the change is more than chance.

    R. G. Newcombe: Interval estimation for the difference between independent proportions. Statist. Med. 17 (1998), method 10.

    :return: None when one side has no answers
    """
    first, second = wilson(rate or 0.0, number), wilson(other_rate or 0.0, other_number)
    if not first or not second:
        return None
    change = rate - other_rate
    return (change - sqrt((rate - first[0]) ** 2 + (second[1] - other_rate) ** 2),
            change + sqrt((first[1] - rate) ** 2 + (other_rate - second[0]) ** 2))
