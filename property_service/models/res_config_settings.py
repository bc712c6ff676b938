from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    property_accept_days = fields.Integer(related='company_id.property_accept_days', readonly=False)
    property_close_days = fields.Integer(related='company_id.property_close_days', readonly=False)
    property_chase_minutes = fields.Integer(related='company_id.property_chase_minutes', readonly=False)
    property_daily_limit = fields.Integer(related='company_id.property_daily_limit', readonly=False)
    property_duplicate_minutes = fields.Integer(related='company_id.property_duplicate_minutes', readonly=False)
    property_promise_hours = fields.Integer(related='company_id.property_promise_hours', readonly=False)
    property_rating_days = fields.Integer(related='company_id.property_rating_days', readonly=False)
    property_upload_mb = fields.Integer(related='company_id.property_upload_mb', readonly=False)
