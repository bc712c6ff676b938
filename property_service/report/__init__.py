from . import sla_report
from . import survey_report
