"""The one table of a campaign's life."""

STATES = [
    ('draft', "Draft"),
    ('running', "Running"),
    ('closed', "Closed"),
    ('archived', "Archived"),
]
#: closed -> running: prolonged. draft -> archived: not needed.
TRANSITIONS = {
    'draft': {'running', 'archived'},
    'running': {'closed'},
    'closed': {'running', 'archived'},
    'archived': set(),
}
#: whoever may do what: any of the groups
STEERING_GROUPS = ('property_service.group_quality', 'property_service.group_manager')
#: surveys among employees are also steered by HR
STAFF_STEERING_GROUPS = ('hr.group_hr_user', *STEERING_GROUPS)
INTERVIEW_GROUPS = ('property_service.group_agent', *STEERING_GROUPS)
READER_GROUPS = ('property_service.group_supervisor', 'hr.group_hr_user', *STEERING_GROUPS)
#: single answers, never below these
ANSWER_GROUPS = ('hr.group_hr_user', *STEERING_GROUPS)
#: what decides who is asked and how cannot change once people have been asked
FIXED_FIELDS = frozenset({
    'survey_id', 'kind', 'company_id', 'estate_ids', 'building_ids', 'unit_use', 'role', 'months_min', 'months_max', 'one_per', 'sample',
    'sample_percent', 'sample_number', 'stratify_by', 'seed', 'anonymous', 'min_group', 'team_ids', 'department_ids',
})
SYSTEM_FIELDS = frozenset({'state', 'drawn_on', 'started_at', 'closed_at', 'poster_token', 'processed_until', 'drafted_for_year'})

USES = [('any', "All"), ('residential', "Residential"), ('commercial', "Commercial"), ('parking', "Parking")]
ROLES = [('any', "All"), ('owner', "Owners"), ('tenant', "Tenants"), ('family', "Family"), ('occupant', "Occupants")]
CHANNELS = [
    ('mail', "Mail"), ('portal', "Portal"), ('poster', "QR Poster"), ('letter', "Letter"), ('phone', "Phone Interview"),
    ('visit', "Personal Interview"), ('suggestion_box', "Suggestion Box"),
]
#: channels on which an employee fills in for the resident
INTERVIEW_CHANNELS = ('phone', 'visit', 'letter', 'suggestion_box')
