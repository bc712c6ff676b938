from . import test_request_workflow
from . import test_working_time
from . import test_callback, test_complaint
from . import test_tools_flat_file, test_tools_phone
from . import test_tools_ranking
from . import test_place_partner, test_place_residency
