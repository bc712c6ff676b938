from odoo import api, fields, models


class PropertyServiceStateLog(models.Model):
    """The state log of corrective actions and inspections."""

    _inherit = 'property.service.state.log'

    corrective_action_id = fields.Many2one('property.service.corrective.action', index='btree_not_null', ondelete='cascade')
    inspection_id = fields.Many2one('property.service.inspection', index='btree_not_null', ondelete='cascade')

    @api.model
    def _get_case_fields(self):
        return [*super()._get_case_fields(), 'corrective_action_id', 'inspection_id']
