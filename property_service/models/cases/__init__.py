from . import case, case_communication, case_protection, case_tracking, request, request_checklist
from . import request_workflow, request_dispatch, request_portal, request_rating
from . import authority, complaint, complaint_links, complaint_portal, complaint_repeat, complaint_workflow
from . import callback, callback_workbench, callback_attempt, callback_draw, callback_rule
from . import greeting, request_callback, visit_plan
from . import request_intake, request_links, request_move
from . import request_indexes, request_intake, request_links, request_move
from . import estate, res_partner, state_log, team, unit
from . import request_appointment, request_technician, hr_employee, hr_employee_public
from . import res_company, res_config_settings
from . import request_photo, request_timeline, request_mail
