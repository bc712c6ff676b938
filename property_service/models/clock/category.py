from odoo import api, models


class PropertyServiceCategory(models.Model):
    """A policy for a category holds for those below it: the cached rules follow the tree."""

    _inherit = 'property.service.category'

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        self.env.registry.clear_cache('stable')
        return categories

    def write(self, vals):
        result = super().write(vals)
        if 'parent_id' in vals:
            self.env.registry.clear_cache('stable')
            self.env['property.service.sla.recompute']._schedule()
        return result
