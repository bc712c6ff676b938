from . import assessment_evidence, resident_template
from . import case_pages
from . import portal, portal_new, portal_request, portal_rating
from . import survey_campaign
from . import portal_complaint, portal_complaint_new, portal_answer
from . import portal_broadcast
from . import portal_invoice, portal_money
from . import inspection
from . import portal_standard
