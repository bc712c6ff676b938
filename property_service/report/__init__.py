from . import assessment_report
from . import sla_report
from . import sla_report_corrective
from . import survey_report
from . import service_cost_report
