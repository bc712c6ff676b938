from . import test_request_workflow
