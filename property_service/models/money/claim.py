"""Steps that make a document once, however many people press the button."""
from odoo.tools import SQL


def claim(records):
    """Lock the records and touch their rows.

    A lock alone is not enough: who comes a moment later gets it and goes on with what the database looked like before. A row that
    has changed makes the later one start over, with the document of the first in view.
    """
    if not records:
        return
    records.lock_for_update(allow_referencing=True)
    records.env.cr.execute(SQL(
        "UPDATE %s SET write_date = write_date WHERE id IN %s", SQL.identifier(records._table), tuple(records.ids)))
