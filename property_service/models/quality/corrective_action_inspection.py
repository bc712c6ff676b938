from odoo import api, fields, models

from .corrective_action_measures import Measure

#: Finished inspections by their score; a share of 100 points each, in whole points.
_SOURCE = (
    "SELECT done_at AS at, company_id, category_id, estate_id, building_id, unit_id, team_id, employee_id, round(score)::int AS num,"
    " 100 AS den FROM property_service_inspection WHERE state = 'done' AND done_at IS NOT NULL")


class PropertyServiceCorrectiveAction(models.Model):
    """Corrective actions from the findings of inspections, and the inspection score as the measure of their effect."""

    _inherit = 'property.service.corrective.action'

    origin_inspection_id = fields.Many2one(
        'property.service.inspection', string="From Inspection", index='btree_not_null', check_company=True, ondelete='restrict')
    origin_inspection_line_id = fields.Many2one(
        'property.service.inspection.line', string="From Finding", index='btree_not_null', readonly=True, copy=False, ondelete='restrict')

    @api.model
    def _get_origin_fields(self):
        return {**super()._get_origin_fields(), 'property.service.inspection': ('inspection', 'origin_inspection_id')}

    @api.model
    def _get_measures(self):
        return {
            **super()._get_measures(),
            'inspection': Measure(self.env._("Inspection Score (%)"), True, False, _SOURCE),
        }

    def _get_next_round_values(self):
        return {
            **super()._get_next_round_values(), 'origin_inspection_id': self.origin_inspection_id.id,
            'origin_inspection_line_id': self.origin_inspection_line_id.id}
