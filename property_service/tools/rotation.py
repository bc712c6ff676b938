"""Turns: who is next, and who has been too often in a row. No database."""


def count_run(previous, candidate):
    """Return how many rounds in a row ``candidate`` will have done with this one.

    :param previous: who did the rounds before, the latest first
    """
    run = 1
    for one in previous:
        if one != candidate:
            break
        run += 1
    return run


def pick_next(candidates, previous, rounds):
    """Return who does the next round: the latest one again until he has done ``rounds`` in a row, then the one after him.

    :param candidates: those who take turns, in their order
    :param previous: who did the rounds before, the latest first
    :param int rounds: how many in a row are all right; not positive: no limit
    :return: one of the candidates, None where there are none; with a single candidate there is no choice
    """
    candidates = list(candidates)
    if not candidates:
        return None
    last = next((one for one in previous if one in candidates), None)
    if last is None:
        return candidates[0]
    if rounds <= 0 or count_run(previous, last) <= rounds:
        return last
    return candidates[(candidates.index(last) + 1) % len(candidates)]


def deal(candidates, number):
    """Return the candidate of turn ``number``, counted from 0; None where there are none."""
    candidates = list(candidates)
    return candidates[number % len(candidates)] if candidates else None
