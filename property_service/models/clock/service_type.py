from odoo import models


class PropertyServiceType(models.Model):
    """A policy for a kind of service holds for its types: the cached rules follow."""

    _inherit = 'property.service.type'

    def write(self, vals):
        result = super().write(vals)
        if 'kind' in vals:
            self.env.registry.clear_cache('stable')
            self.env['property.service.sla.recompute']._schedule(applies_to='request')
        return result
