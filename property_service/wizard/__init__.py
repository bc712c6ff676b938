from . import request_action
from . import callback_action, complaint_action
