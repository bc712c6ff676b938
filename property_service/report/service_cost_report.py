from odoo import fields, models
from odoo.tools import SQL


class PropertyServiceCostReport(models.Model):
    """Revenue and costs of finished services by estate, team and type (R115): one row for each request with labour or material.

    Revenue is what posted invoices of the request and credit notes on them come to, without taxes, whoever gave the credit; the cost
    of material was noted when it was put on the request, that of labour is its hours times what an hour of the team costs. All
    amounts are in the currency of the company.
    """

    _name = 'property.service.cost.report'
    _description = "Revenue and Costs of Services"
    _auto = False
    _order = 'done_at desc, id desc'

    request_id = fields.Many2one('property.service.request', string="Case", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    estate_id = fields.Many2one('property.service.estate', readonly=True)
    building_id = fields.Many2one('property.service.building', readonly=True)
    type_id = fields.Many2one('property.service.type', string="Service Type", readonly=True)
    category_id = fields.Many2one('property.service.category', readonly=True)
    team_id = fields.Many2one('property.service.team', readonly=True)
    done_at = fields.Datetime(readonly=True)
    work_hours = fields.Float(string="Hours", readonly=True)
    revenue = fields.Monetary(readonly=True, help="On posted invoices, less credit notes, without taxes.")
    material_cost = fields.Monetary(string="Material", readonly=True)
    labour_cost = fields.Monetary(string="Labour", readonly=True)
    margin = fields.Monetary(readonly=True, help="Revenue less material and labour.")
    free = fields.Boolean(string="Under Warranty", readonly=True)

    _depends = {
        'property.service.request': [
            'company_id', 'estate_id', 'building_id', 'type_id', 'category_id', 'team_id', 'done_at', 'work_hours', 'state'],
        'property.service.charge': ['request_id', 'cost', 'is_free'],
        'property.service.team': ['hourly_cost'],
        'account.move': ['property_request_id', 'state', 'amount_untaxed_signed', 'move_type', 'reversed_entry_id'],
    }

    @property
    def _table_query(self):
        return SQL("""
            SELECT r.id, r.id AS request_id, r.company_id, r.estate_id, r.building_id, r.type_id, r.category_id, r.team_id, r.done_at,
                   r.work_hours, COALESCE(m.revenue, 0) AS revenue, c.material AS material_cost,
                   labour.cost AS labour_cost, COALESCE(m.revenue, 0) - c.material - labour.cost AS margin, c.free
              FROM property_service_request r
              JOIN (SELECT request_id, sum(COALESCE(cost, 0)) AS material, bool_or(is_free) AS free
                      FROM property_service_charge GROUP BY request_id) c ON c.request_id = r.id
              JOIN res_company company ON company.id = r.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN property_service_team t ON t.id = r.team_id
              CROSS JOIN LATERAL (
                   SELECT round(COALESCE(r.work_hours * t.hourly_cost, 0)::numeric / currency.rounding::numeric)
                          * currency.rounding::numeric AS cost) labour
              LEFT JOIN (SELECT COALESCE(bill.property_request_id, move.property_request_id) AS request_id,
                                sum(move.amount_untaxed_signed) AS revenue
                           FROM account_move move LEFT JOIN account_move bill ON bill.id = move.reversed_entry_id
                          WHERE move.state = 'posted' AND move.property_request_id IS NOT NULL
                            AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                          GROUP BY 1) m ON m.request_id = r.id
             WHERE r.state IN ('done', 'accepted', 'closed')
        """)
