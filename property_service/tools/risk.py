"""How great a risk is: likelihood × impact, each from 1 to 5 (R72)."""

#: least score -> level, the greatest first
BANDS = ((15, 'extreme'), (10, 'high'), (5, 'medium'), (1, 'low'))
LEVELS = [('low', "Low"), ('medium', "Medium"), ('high', "High Risk"), ('extreme', "Extreme")]


def get_score(likelihood, impact):
    """Return the score, 0 where one of both is not known.

    :param likelihood: 1 to 5, as a number or its text
    """
    return int(likelihood or 0) * int(impact or 0)


def get_level(score):
    """Return the level of a score, None of 0."""
    return next((level for least, level in BANDS if score >= least), None)
