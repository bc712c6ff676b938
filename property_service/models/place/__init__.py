from . import place_mixin
from . import building, estate, residency, resident_import, resident_import_line, unit
