from odoo import api, fields, models


class PropertyServiceStateLog(models.Model):
    _inherit = 'property.service.state.log'

    broadcast_id = fields.Many2one('property.service.broadcast', index='btree_not_null', ondelete='cascade')

    @api.model
    def _get_case_fields(self):
        return [*super()._get_case_fields(), 'broadcast_id']
