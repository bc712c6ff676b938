from . import sla_report
from . import survey_report
from . import service_cost_report
