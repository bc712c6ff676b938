from . import assessment_report
from . import sla_report
from . import survey_report
