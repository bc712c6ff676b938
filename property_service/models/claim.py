"""What is done once, however many people press the button."""
from odoo.tools import SQL


def claim(records, wait=False):
    """Lock the records and touch their rows.

    A lock alone is not enough: who comes a moment later gets it and goes on with what the database looked like before. A row that
    has changed makes the later one start over (``retrying``), with what the first has made in view.

    :param bool wait: stand in the queue, instead of raising when somebody else has locked one of them
    :raises LockError: one of them is locked
    """
    if not records:
        return
    if not wait:
        records.lock_for_update(allow_referencing=True)
    records.flush_recordset()
    records.env.cr.execute(SQL(
        "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)", SQL.identifier(records._table), list(records.ids)))
