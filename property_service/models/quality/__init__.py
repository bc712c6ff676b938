from . import corrective_action, corrective_action_workflow, corrective_action_origin, corrective_action_effect
from . import complaint, state_log
from . import employee_lists
from . import standard, standard_approval, standard_comment, standard_reading, standard_links
from . import risk, risk_drill, risk_warning
from . import meeting_figures, process_review, meeting, meeting_agenda, meeting_minutes
