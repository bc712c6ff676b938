from . import case, request, request_checklist
from . import request_workflow, request_dispatch, request_portal, request_rating
from . import authority, complaint, complaint_portal, complaint_repeat, complaint_workflow
from . import callback, callback_attempt, callback_draw, callback_rule
from . import greeting, visit_plan
