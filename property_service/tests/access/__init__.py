"""Who may do what with which model, one file per area. Each file has two names:

``MATRIX``: {model: row}, a cell per role of ``ROLES`` in test_access_matrix.py. c create, r read, w write, d delete, - nothing.
``get_examples(case, wizards)``: {model: (record, field to write, values to create another one)}; ``case`` is the test class and
``wizards`` its environment as supervisor.

The records belong to the resident's flat and to the technician's team; wizards belong to the supervisor. "foreign" is the manager of
another company and tries to create in this one.
"""
from . import broadcasts
from . import callbacks
from . import catalogue
from . import clock
from . import complaints
from . import money
from . import judgement
from . import place
from . import requests
from . import quality
from . import standards
from . import voice

AREAS = (
    broadcasts,
    callbacks,
    catalogue,
    clock,
    complaints,
    money,
    judgement,
    place,
    requests,
    quality,
    standards,
    voice,
)
