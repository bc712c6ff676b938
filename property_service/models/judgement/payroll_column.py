from odoo import api, fields, models
from odoo.exceptions import ValidationError

COLUMNS = [
    ('number', "Employee Number"), ('name', "Employee"), ('department', "Department"), ('job', "Job Position"), ('period', "Period"),
    ('score', "Result"), ('grade', "Grade"), ('points', "Points"), ('balance', "Points Balance"), ('amount', "Reward"),
    ('currency', "Currency"), ('empty', "Empty"),
]


class PropertyServicePayrollColumn(models.Model):
    """A column of the file for payroll, in the order that the payroll system wants (R88)."""

    _name = 'property.service.payroll.column'
    _description = "Payroll File Column"
    _order = 'sequence, id'

    sequence = fields.Integer(default=10)
    content = fields.Selection(COLUMNS, required=True)
    name = fields.Char(string="Heading", required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Empty: for all companies.")

    @api.constrains('name')
    def _check_name(self):
        if any(not column.name.strip() for column in self):
            raise ValidationError(self.env._("A column needs a heading."))
