from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    property_target_discovery_hours = fields.Float(related='company_id.property_target_discovery_hours', readonly=False)
    property_target_cycle_hours = fields.Float(related='company_id.property_target_cycle_hours', readonly=False)
