"""The one table of a corrective action's life; see ``cases/request_states.py`` for how such a table is used."""

STATES = [
    ('draft', "Draft"),
    ('planned', "Planned"),
    ('in_progress', "In Progress"),
    ('done', "Completed"),
    ('verified', "Verified"),
    ('ineffective', "Ineffective"),
    ('cancelled', "Cancelled"),
]

#: done -> in_progress: the verifier finds something missing. ineffective: the next round has been opened.
TRANSITIONS = {
    'draft': {'planned', 'cancelled'},
    'planned': {'in_progress', 'cancelled'},
    'in_progress': {'done', 'cancelled'},
    'done': {'in_progress', 'verified', 'ineffective'},
    'verified': set(),
    'ineffective': set(),
    'cancelled': set(),
}

CLOSED_STATES = ('verified', 'ineffective', 'cancelled')
OPEN_STATES = tuple(state for state, _label in STATES if state not in CLOSED_STATES)

STATE_ACTIONS = {
    'planned': 'plan', 'in_progress': 'start', 'done': 'done', 'verified': 'verify', 'ineffective': 'ineffective',
    'cancelled': 'cancel',
}
_LEADERS = 'property_service.group_quality,property_service.group_supervisor'
_WORKERS = 'property_service.group_quality,property_service.group_technician'
ACTION_GROUPS = {
    'plan': _LEADERS, 'start': _WORKERS, 'done': _WORKERS, 'return': _LEADERS, 'verify': _LEADERS, 'ineffective': _LEADERS,
    'cancel': _LEADERS,
}
ACTION_FROM = {'start': ('planned',), 'return': ('done',)}

#: Five branches of the fishbone (R28), the same as of complaints.
CAUSES = [
    ('people', "People"), ('method', "Method"), ('material', "Material"), ('equipment', "Equipment"),
    ('environment', "Environment"),
]
ORIGINS = [
    ('complaint', "Complaint"), ('request', "Request"), ('callback', "Callback"), ('inspection', "Inspection"),
    ('survey', "Survey"), ('risk', "Risk"), ('meeting', "Quality Meeting"), ('other', "Other"),
]
