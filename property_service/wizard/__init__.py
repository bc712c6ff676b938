from . import request_action
from . import request_dispatch, request_dispatch_line, request_sign
from . import callback_action, complaint_action
from . import request_contact
from . import survey_interview
from . import complaint_contact
from . import corrective_action_step
from . import complaint_report, staff_suggestion
from . import inspection_step
from . import standard_promote
from . import assessment_action
from . import assessment_simulation, payroll_export, career_check
from . import service_report
from . import receipt_void
from . import service_report_render
from . import first_steps
