"""The one table of a complaint's life; see ``request_states.py`` for how such a table is used."""

STATES = [
    ('new', "Submitted"),
    ('registered', "Registered"),
    ('assigned', "Assigned"),
    ('investigating', "Under Investigation"),
    ('resolved', "Resolved"),
    ('answered', "Answered"),
    ('closed', "Closed"),
    ('transferred', "Transferred"),
    ('withdrawn', "Withdrawn"),
]

#: registered -> answered: praise is answered with thanks at once.
#: assigned -> resolved: a suggestion needs no investigation; _check_before_resolved asks for the kind.
#: resolved/answered/closed/transferred -> investigating: not accepted, or reopened; counted.
TRANSITIONS = {
    'new': {'registered', 'withdrawn'},
    'registered': {'assigned', 'answered', 'transferred', 'withdrawn'},
    'assigned': {'assigned', 'investigating', 'resolved', 'transferred', 'withdrawn'},
    'investigating': {'assigned', 'resolved', 'transferred', 'withdrawn'},
    'resolved': {'answered', 'investigating', 'withdrawn'},
    'answered': {'closed', 'investigating'},
    'closed': {'investigating'},
    'transferred': {'investigating'},
    'withdrawn': set(),
}

CLOSED_STATES = ('closed', 'transferred', 'withdrawn')
#: The resolution clock has stopped.
FINISHED_STATES = ('resolved', 'answered', *CLOSED_STATES)
OPEN_STATES = tuple(state for state, _label in STATES if state not in FINISHED_STATES)

STATE_ACTIONS = {
    'registered': 'register', 'assigned': 'assign', 'investigating': 'investigate', 'resolved': 'resolve',
    'answered': 'answer', 'closed': 'close', 'transferred': 'transfer', 'withdrawn': 'withdraw',
}
ACTION_GROUPS = {
    'register': 'property_service.group_agent',
    'assign': 'property_service.group_supervisor',
    'transfer': 'property_service.group_supervisor',
    'investigate': 'property_service.group_technician',
    'resolve': 'property_service.group_technician',
    'answer': 'property_service.group_agent',
    'close': 'property_service.group_agent',
    'reopen': 'property_service.group_supervisor',
    'withdraw': 'property_service.group_agent',
    'chase': 'property_service.group_agent',
    'accept_answer': 'property_service.group_agent',
}
RESIDENT_ACTIONS = {'reopen', 'withdraw', 'chase', 'accept_answer', 'message', 'add_photos'}
#: What others who complained of the same may do: the case itself is in the hands of the first.
COMPLAINANT_ACTIONS = {'reopen', 'chase', 'accept_answer', 'message'}
