from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    property_repeat_count = fields.Integer(related='company_id.property_repeat_count', readonly=False)
    property_repeat_days = fields.Integer(related='company_id.property_repeat_days', readonly=False)
