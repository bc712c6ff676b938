from . import place_mixin
from . import building, estate, residency, resident_import, resident_import_line, resident_import_template, unit
