"""What is open, for many records at once."""
from odoo.fields import Domain

#: Amounts people enter stay below this: more is a slip of the keyboard, and unreadable on paper.
MAX_AMOUNT = 10 ** 12


def read_open_amounts(records, field, keys):
    """Return {key: (number of open invoices, what is owed in the company's currency)} with one query.

    Credit notes that are not used up are taken off, and are no invoices.

    :param records: any recordset, for its environment and company
    :param str field: Many2one of account.move
    :param keys: records of its comodel
    """
    Move = records.env['account.move'].sudo()  # sudo: agents have no accounting right; they get numbers and sums only
    groups = Move._read_group(
        Move._get_open_domain() & Domain(field, 'in', keys.ids) & Domain('company_id', '=', records.env.company.id),
        [field, 'move_type'], ['__count', 'amount_residual_signed:sum']) if keys.ids else []
    currency, sums = records.env.company.currency_id, {}
    for key, move_type, count, amount in groups:
        bills, owed = sums.get(key.id, (0, 0.0))
        sums[key.id] = bills + (count if move_type != 'out_refund' else 0), owed + amount
    return {key: (bills, currency.round(owed)) for key, (bills, owed) in sums.items()}
