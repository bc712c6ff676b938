from odoo import fields, models

OUTCOMES = [
    ('explained', "Explained"), ('corrected', "Corrected"), ('credited', "Credited"), ('plan', "Payment Plan"),
    ('rejected', "Not Justified"),
]


class PropertyServiceFeeAnswer(models.Model):
    """A text that accountants use again and again: 答复模板 (R111)."""

    _name = 'property.service.fee.answer'
    _description = "Answer to Fee Queries"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Leave empty to share the answer among companies.")
    outcome = fields.Selection(OUTCOMES, help="Proposed as the outcome when the answer is used.")
    body = fields.Text(
        required=True, translate=True,
        help="{resident}, {number}, {invoices} and {balance} stand for the resident, the number of the query, the invoices it is "
             "about and what is still owed on them.")

    def _fill_in(self, values):
        """Return the text with the placeholders replaced.

        :param dict values: placeholder -> text; any other braces stay as they are
        """
        self.ensure_one()
        text = self.body or ''
        for name, value in values.items():
            text = text.replace(f'{{{name}}}', value)
        return text
