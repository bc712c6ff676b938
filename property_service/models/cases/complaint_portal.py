from odoo import api, models


class PropertyServiceComplaint(models.Model):
    """What residents do: complain, suggest, praise."""

    _inherit = 'property.service.complaint'

    @api.model
    def _create_by_resident(self, vals_list):
        """Create complaints as a resident; one about a request needs a request that the resident can see."""
        prepared = [vals for vals, _unit in self._prepare_by_resident(vals_list)]
        for vals in prepared:
            if vals.get('request_id'):
                self._browse_argument('property.service.request', vals['request_id'])
        complaints = self.sudo().create(prepared)  # sudo: residents have no create right of their own; checked above
        return complaints.sudo(False)
