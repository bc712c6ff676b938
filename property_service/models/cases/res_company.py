from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    property_repeat_count = fields.Integer(
        string="Complaints of One Pattern", default=3, help="So many make it a repeated problem. 0: not watched.")
    property_repeat_days = fields.Integer(string="Within (Days)", default=30)

    _property_repeat_not_negative = models.Constraint(
        'CHECK(property_repeat_count >= 0 AND property_repeat_days >= 0)',
        "The settings of Property Service cannot be negative.")
