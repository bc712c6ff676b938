from odoo import fields, models


class PropertyServiceEstate(models.Model):
    """How much there is to do on the estate."""

    _inherit = 'property.service.estate'

    request_count = fields.Integer(
        compute='_compute_request_count', groups='property_service.group_technician,property_service.group_quality')
    open_request_count = fields.Integer(
        compute='_compute_request_count', groups='property_service.group_technician,property_service.group_quality')

    def _compute_request_count(self):
        for estate, (total, unfinished) in self.env['property.service.request']._count_by('estate_id', self).items():
            estate.request_count = total
            estate.open_request_count = unfinished

    def action_open_requests(self):
        """Return the act_window of the estate's requests, the open ones first in view."""
        self.ensure_one()
        return self.env['property.service.request']._get_requests_action(
            [('estate_id', '=', self.id)], default_estate_id=self.id, search_default_open=1)
