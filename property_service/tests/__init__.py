from . import test_request_workflow
from . import test_working_time
from . import test_callback, test_complaint
