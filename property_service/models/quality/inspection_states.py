"""The one table of an inspection's life, and the words for how and what is inspected."""

STATES = [
    ('planned', "Planned"),
    ('in_progress', "Under Inspection"),
    ('done', "Completed"),
    ('cancelled', "Cancelled"),
]
#: done -> in_progress: something was entered wrongly; the log keeps why.
TRANSITIONS = {
    'planned': {'in_progress', 'cancelled'},
    'in_progress': {'done', 'cancelled'},
    'done': {'in_progress'},
    'cancelled': set(),
}
CLOSED_STATES = ('done', 'cancelled')
OPEN_STATES = ('planned', 'in_progress')
STATE_ACTIONS = {'in_progress': 'start', 'done': 'finish', 'cancelled': 'cancel'}
LEADERS = 'property_service.group_quality,property_service.group_supervisor'
_EVALUATORS = 'property_service.group_quality,property_service.group_technician'
ACTION_GROUPS = {'start': _EVALUATORS, 'answer': _EVALUATORS, 'finish': _EVALUATORS, 'reopen': LEADERS, 'cancel': LEADERS,
                 'send': LEADERS, 'corrective': LEADERS}
ACTION_FROM = {'start': ('planned',), 'answer': OPEN_STATES, 'finish': OPEN_STATES, 'reopen': ('done',), 'send': OPEN_STATES}

METHODS = [
    ('spot_check', "Spot Check"), ('unannounced', "Unannounced Visit"), ('recording', "Recording"),
    ('mystery_shopper', "Mystery Shopper"), ('third_party', "Third-Party Evaluation"), ('owners', "Owners' Committee"),
]
#: Those inspected do not know of them before they are done.
SECRET_METHODS = ('unannounced', 'recording', 'mystery_shopper')

KINDS = [('yes_no', "Yes or No"), ('scale', "1 to 5"), ('number', "A Number")]
PHOTO_RULES = [('optional', "As You Like"), ('failed', "When Not Fulfilled"), ('always', "Always")]
