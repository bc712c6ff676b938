from odoo import fields, models


class PropertyServiceRequest(models.Model):
    """Inspections of the finished work."""

    _inherit = 'property.service.request'

    inspection_count = fields.Integer(
        compute='_compute_inspection_count', groups='property_service.group_technician,property_service.group_quality')

    def _compute_inspection_count(self):
        counts = dict(self.env['property.service.inspection']._read_group(
            [('request_id', 'in', self.ids)], ['request_id'], ['__count']))
        for request in self:
            request.inspection_count = counts.get(request, 0)

    def action_open_inspections(self):
        """Return the act_window of the inspections of the request."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.inspection_action'),
            'domain': [('request_id', 'in', self.ids)], 'context': {'default_request_id': self.id if len(self) == 1 else False},
        }
