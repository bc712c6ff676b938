"""The one table of a callback's life."""

STATES = [
    ('planned', "Planned"),
    ('in_progress', "In Progress"),
    ('done', "Completed"),
    ('unreachable', "Unreachable"),
    ('cancelled', "Cancelled"),
]
#: in_progress -> planned: nobody answered, it is planned again. unreachable -> planned: a new number is known.
#: unreachable -> done: the resident answers by the link of the mail.
TRANSITIONS = {
    'planned': {'in_progress', 'cancelled'},
    'in_progress': {'planned', 'done', 'unreachable', 'cancelled'},
    'done': set(),
    'unreachable': {'planned', 'done'},
    'cancelled': set(),
}
OPEN_STATES = ('planned', 'in_progress')

RESULTS = [('satisfied', "Satisfied"), ('neutral', "Neutral"), ('dissatisfied', "Dissatisfied")]
OUTCOMES = [('reached', "Reached"), ('no_answer', "No Answer"), ('refused', "Refused"), ('wrong_number', "Wrong Number")]
ATTEMPT_CHANNELS = [('phone', "Phone"), ('visit', "Home Visit"), ('message', "Message")]

#: No answer: again after so many hours, so many times, then by message.
RETRY_HOURS = 4
MAX_ATTEMPTS = 3
