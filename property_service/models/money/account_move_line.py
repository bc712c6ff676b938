from odoo import api, fields, models

from ..cases.request_states import FINISHED_STATES


class AccountMoveLine(models.Model):
    """Lines residents dispute, and the analytic account of the estate."""

    _inherit = 'account.move.line'

    property_query_ids = fields.Many2many(
        'property.service.request', 'property_service_request_move_line_rel', 'line_id', 'request_id', string="Disputed In",
        copy=False, groups='account.group_account_invoice')
    property_disputed = fields.Boolean(
        string="Disputed", compute='_compute_property_disputed', compute_sudo=True, groups='account.group_account_invoice',
        help="An open fee query is about this line.")

    property_charge_id = fields.Many2one(
        'property.service.charge', string="Labour or Material", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        groups='base.group_user', help="What this line bills.")

    @api.depends('property_query_ids')
    def _compute_property_disputed(self):
        for line in self:
            line.property_disputed = any(query.state not in FINISHED_STATES for query in line.property_query_ids)

    @api.depends('move_id.property_estate_id')
    def _compute_analytic_distribution(self):
        super()._compute_analytic_distribution()

    def _related_analytic_distribution(self):
        """Revenue and costs of an estate go to its analytic account, unless something else is said."""
        distribution = super()._related_analytic_distribution()
        account = self.move_id.sudo().property_estate_id.analytic_account_id  # sudo: accountants read no estates
        if not account or self.display_type != 'product':
            return distribution
        said = account.browse({int(number) for key in distribution for number in key.split(',') if number.strip()})
        return distribution if account.root_plan_id in said.exists().root_plan_id else {**distribution, str(account.id): 100}
