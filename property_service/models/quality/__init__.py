from . import corrective_action, corrective_action_origin, corrective_action_workflow
from . import state_log
