from odoo import fields, models

_READERS = 'property_service.group_technician,property_service.group_quality'


class PropertyServiceEstate(models.Model):
    """How much there is to do on the estate."""

    _inherit = 'property.service.estate'

    request_count = fields.Integer(compute='_compute_request_count', groups=_READERS)
    open_request_count = fields.Integer(compute='_compute_open_request_count', groups=_READERS)

    def _compute_request_count(self):
        counts = dict(self.env['property.service.request']._read_group(
            [('estate_id', 'in', self.ids)], ['estate_id'], ['__count']))
        for estate in self:
            estate.request_count = counts.get(estate, 0)

    def _compute_open_request_count(self):
        """Count apart from all requests ever, of which an estate has hundreds of thousands."""
        counts = self.env['property.service.request']._count_by('estate_id', self, open_only=True)
        for estate, (_total, unfinished) in counts.items():
            estate.open_request_count = unfinished

    def action_open_requests(self):
        """Return the act_window of the estate's requests, the open ones first in view."""
        self.ensure_one()
        return self.env['property.service.request']._get_requests_action(
            [('estate_id', '=', self.id)], default_estate_id=self.id, search_default_open=1)
