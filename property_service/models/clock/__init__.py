from . import state_log, waiting_reason
