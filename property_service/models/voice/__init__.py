from . import survey_question, survey_survey
from . import campaign, campaign_workflow, campaign_audience, campaign_mailing, campaign_service, campaign_results
from . import campaign_anonymity, campaign_yearly
from . import stratum, invitation, invitation_mailing, follow_rule
from . import survey_user_input, survey_user_input_line
from . import callback, campaign_corrective, complaint, corrective_action
from . import campaign_staff, survey_result, survey_attempt
