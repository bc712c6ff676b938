from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    property_payment_guide = fields.Text(
        string="How to Pay", translate=True, help="Stands beside the bills in the portal: accounts, channels, opening hours of the cash desk (R112).")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    property_payment_guide = fields.Text(related='company_id.property_payment_guide', readonly=False)
