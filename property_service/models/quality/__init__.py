from . import corrective_action, corrective_action_workflow, corrective_action_origin, corrective_action_effect, corrective_action_clock
from . import inspection_template, inspection_plan, inspection_sample
from . import inspection, inspection_line, inspection_workflow, inspection_answer, inspection_link, inspection_rotation
from . import corrective_action_inspection
from . import complaint, estate, request, res_company, state_log
from . import kept_files
from . import standard, standard_approval, standard_comment, standard_reading, standard_links
from . import inspection_standard
from . import risk, risk_drill, risk_warning
from . import meeting_figures, process_review, meeting, meeting_agenda, meeting_minutes
