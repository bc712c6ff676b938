"""What is open, for many records at once."""
from odoo.fields import Domain

#: Amounts people enter stay below this: more is a slip of the keyboard, and unreadable on paper.
MAX_AMOUNT = 10 ** 12


def read_open_amounts(records, field, keys):
    """Return {key: (number of open invoices, what is owed in the company's currency)} with one query.

    :param records: any recordset, for its environment and company
    :param str field: Many2one of account.move
    :param keys: records of its comodel
    """
    Move = records.env['account.move'].sudo()  # sudo: agents have no accounting right; they get numbers and sums only
    groups = Move._read_group(
        Move._get_open_domain() & Domain(field, 'in', keys.ids) & Domain('company_id', '=', records.env.company.id),
        [field], ['__count', 'amount_residual_signed:sum']) if keys.ids else []
    currency = records.env.company.currency_id
    return {key.id: (count, currency.round(amount)) for key, count, amount in groups}
