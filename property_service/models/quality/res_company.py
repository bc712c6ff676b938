from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    property_rotation_rounds = fields.Integer(
        string="Third-Party Rounds in a Row", default=3, help="More by the same firm at an estate: a warning. 0: not watched.")

    _property_rotation_not_negative = models.Constraint(
        'CHECK(property_rotation_rounds >= 0)', "The settings of Property Service cannot be negative.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    property_rotation_rounds = fields.Integer(related='company_id.property_rotation_rounds', readonly=False)
