"""How grave a complaint is, from how many people it touches and how soon something must happen (R24)."""

SEVERITIES = ('minor', 'major', 'critical')
#: least product of impact (1-3) and urgency (1-3) for each severity
_THRESHOLDS = ((6, 'critical'), (3, 'major'), (0, 'minor'))
_PRIORITIES = {'minor': '0', 'major': '1', 'critical': '2'}


def severity(impact, urgency):
    """Return the severity that follows from impact and urgency.

    :param str impact: '1' one household, '2' several, '3' a building or more
    :param str urgency: '1' can wait, '2' soon, '3' danger or damage now
    :rtype: str
    """
    score = int(impact) * int(urgency)
    return next(name for least, name in _THRESHOLDS if score >= least)


def priority(severity_name):
    """Return the case priority ('0', '1', '2') of a severity."""
    return _PRIORITIES[severity_name]


def exceeds(severity_name, limit):
    """Tell whether a severity is graver than ``limit``."""
    return SEVERITIES.index(severity_name) > SEVERITIES.index(limit)
