from . import sources
from . import versioned
from . import indicator
from . import res_company
