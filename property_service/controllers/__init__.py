from . import portal, portal_new, portal_request, portal_rating
from . import survey_campaign
