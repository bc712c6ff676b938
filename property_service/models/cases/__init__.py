from . import case, case_communication, case_protection, case_resident, case_tracking
from . import case_portal, case_timeline, case_mail, case_files
from . import request, request_checklist, request_workflow, request_dispatch, request_portal, request_rating
from . import request_hours, request_indexes, request_intake, request_links, request_move
from . import request_appointment, request_technician, request_timeline, request_mail
from . import authority, complaint, complaint_links, complaint_portal, complaint_repeat, complaint_workflow
from . import complaint_timeline, complaint_complainants, complaint_reply
from . import complaint_confidential, complaint_entry, complaint_praise, complaint_staff
from . import callback, callback_workbench, callback_attempt, callback_draw, callback_rule
from . import callback_answer, callback_mail
from . import estate_alias
from . import greeting, request_callback, visit_plan
from . import callback_clock, request_clock
from . import broadcast, broadcast_recipient, broadcast_log
from . import procedure, resident_note
from . import wallboard, wallboard_bus, wallboard_notices
from . import estate, hr_employee, hr_employee_public, res_company, res_config_settings, res_partner, state_log, team, unit
