from . import building, estate, residency, unit
