from . import test_request_workflow
from . import test_working_time
