from . import request_action
