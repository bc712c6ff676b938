"""The one table of a request's life. ``write()``, buttons, portal and API consult it; nothing else decides."""

STATES = [
    ('new', "Submitted"),
    ('registered', "Registered"),
    ('approved', "Approved"),
    ('confirmed', "Appointment Made"),
    ('dispatched', "Dispatched"),
    ('in_progress', "In Progress"),
    ('waiting', "Waiting"),
    ('done', "Done"),
    ('accepted', "Accepted"),
    ('closed', "Closed"),
    ('rejected', "Rejected"),
    ('cancelled', "Cancelled"),
]

#: from -> to. The reasons behind the less obvious steps:
#: registered/approved -> done: an enquiry answered at once needs no worker (R12); `_check_state_requirements` asks for the kind.
#: approved -> dispatched: passes over the appointment where the service type needs none.
#: confirmed -> confirmed, dispatched -> confirmed/dispatched: the appointment is moved, the job is given to somebody else.
#: done/accepted/closed -> in_progress: not fixed, or a dissatisfied callback reopens the case; counts as rework.
TRANSITIONS = {
    'new': {'registered', 'rejected', 'cancelled'},
    'registered': {'approved', 'done', 'waiting', 'rejected', 'cancelled'},
    'approved': {'confirmed', 'dispatched', 'done', 'waiting', 'rejected', 'cancelled'},
    'confirmed': {'confirmed', 'dispatched', 'waiting', 'rejected', 'cancelled'},
    'dispatched': {'confirmed', 'dispatched', 'in_progress', 'waiting', 'cancelled'},
    'in_progress': {'dispatched', 'done', 'waiting', 'cancelled'},
    'waiting': {'registered', 'approved', 'confirmed', 'dispatched', 'in_progress', 'cancelled'},
    'done': {'accepted', 'in_progress'},
    'accepted': {'closed', 'in_progress'},
    'closed': {'in_progress'},
    'rejected': set(),
    'cancelled': set(),
}

#: Nothing more is owed to the resident.
CLOSED_STATES = ('closed', 'rejected', 'cancelled')
#: The work itself is over: the resolution clock has stopped.
FINISHED_STATES = ('done', 'accepted', *CLOSED_STATES)
OPEN_STATES = tuple(state for state, _label in STATES if state not in FINISHED_STATES)
#: The matter was settled, not refused or cancelled: told to the resident, open to be judged and billed.
SOLVED_STATES = ('done', 'accepted', 'closed')
#: Until here residents cancel by themselves; later they ask for it.
RESIDENT_CANCEL_STATES = ('new', 'registered', 'approved', 'confirmed')

#: action -> least group that may take it. Residents may take those of RESIDENT_ACTIONS on their own cases.
ACTION_GROUPS = {
    'register': 'property_service.group_agent',
    'approve': 'property_service.group_supervisor',
    'reject': 'property_service.group_supervisor',
    'confirm': 'property_service.group_agent',
    'dispatch': 'property_service.group_supervisor',
    'start': 'property_service.group_technician',
    'wait': 'property_service.group_technician',
    'resume': 'property_service.group_technician',
    'done': 'property_service.group_technician',
    'accept': 'property_service.group_technician',
    'return': 'property_service.group_technician',
    'close': 'property_service.group_agent',
    'cancel': 'property_service.group_agent',
    'merge': 'property_service.group_agent',
}
RESIDENT_ACTIONS = {'accept', 'return', 'cancel', 'chase', 'rate', 'add_photos', 'message'}
#: Where an action may begin, when that is less than what the table allows: going on after a pause, starting the work and
#: reopening all lead to ``in_progress``, but only reopening takes a reason and counts as rework.
ACTION_FROM = {
    'register': {'new'},
    'approve': {'registered'},
    'start': {'dispatched', 'in_progress'},  # returned work is under way: somebody comes once more
}
STATE_ACTIONS = {
    'registered': 'register', 'approved': 'approve', 'rejected': 'reject', 'confirmed': 'confirm', 'dispatched': 'dispatch',
    'in_progress': 'start', 'waiting': 'wait', 'done': 'done', 'accepted': 'accept', 'closed': 'close', 'cancelled': 'cancel',
}
