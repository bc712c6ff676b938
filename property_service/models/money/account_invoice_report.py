from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    """Revenue and costs by estate, unit, kind of service and team."""

    _inherit = 'account.invoice.report'

    property_estate_id = fields.Many2one('property.service.estate', string="Estate", readonly=True)
    property_unit_id = fields.Many2one('property.service.unit', readonly=True)
    property_type_id = fields.Many2one('property.service.type', string="Service Type", readonly=True)
    property_team_id = fields.Many2one('property.service.team', string="Service Team", readonly=True)

    _depends = {'account.move': ['property_estate_id', 'property_unit_id', 'property_type_id', 'property_team_id']}

    @api.model
    def _select(self) -> SQL:
        return SQL(
            "%s, move.property_estate_id, move.property_unit_id, move.property_type_id, move.property_team_id", super()._select())
