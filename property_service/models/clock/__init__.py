from . import state_log, waiting_reason
from . import resource_calendar, resource_calendar_attendance, resource_calendar_leaves
from . import sla_policy, sla_recompute, clock_mixin, clock_recompute
from . import sla_escalation, sla_event, clock_escalation
from . import clock_hours
from . import category, ir_cron, res_company, res_config_settings, service_type
