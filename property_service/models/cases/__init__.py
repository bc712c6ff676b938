from . import case, request, request_checklist
from . import request_workflow, request_dispatch, request_portal, request_rating
