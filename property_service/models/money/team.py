from odoo import fields, models


class PropertyServiceTeam(models.Model):
    """What an hour of a team costs, for the figures of paid services."""

    _inherit = 'property.service.team'

    currency_id = fields.Many2one(related='company_id.currency_id')
    hourly_cost = fields.Monetary(
        string="Cost of an Hour", groups='account.group_account_invoice,property_service.group_manager',
        help="Wages and overhead of an hour of work: turns the hours on requests into the cost of labour.")

    _hourly_cost_not_negative = models.Constraint('CHECK(hourly_cost >= 0)', "The cost of an hour cannot be negative.")
