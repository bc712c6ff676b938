from . import sla_report
