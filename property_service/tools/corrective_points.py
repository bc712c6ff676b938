"""The points card of a corrective action (R62): what a round is worth when it has been judged."""

FULL = 100
LATE_PER_DAY, LATE_AT_MOST = 2, 40
PER_EARLIER_ROUND, ROUNDS_AT_MOST = 20, 40
NO_EVIDENCE = 10
NOT_IMPROVED = 20


def get_card(days_late, rounds, has_evidence, verdict, effective):
    """Return the lines of the card: [(key, points), …], whose sum is the score, from 0 to 100.

    :param int days_late: whole days between the deadline and the report that it is done; not positive: in time
    :param int rounds: 1 for the first round
    :param bool has_evidence: photos before or after
    :param str verdict: improved, unchanged, worse or no_data
    :param bool effective: False for a round that was found ineffective: it is worth nothing
    """
    lines = [('full', FULL)]
    if not effective:
        return [*lines, ('ineffective', -FULL)]
    if days_late > 0:
        lines.append(('late', -min(days_late * LATE_PER_DAY, LATE_AT_MOST)))
    if rounds > 1:
        lines.append(('rounds', -min((rounds - 1) * PER_EARLIER_ROUND, ROUNDS_AT_MOST)))
    if not has_evidence:
        lines.append(('no_evidence', -NO_EVIDENCE))
    if verdict in ('unchanged', 'worse'):
        lines.append(('not_improved', -NOT_IMPROVED))
    missing = -sum(points for _key, points in lines)
    return [*lines, ('least', missing)] if missing > 0 else lines
