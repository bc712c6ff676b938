from odoo import fields, models


class PropertyServiceRequest(models.Model):
    """Callbacks and complaints about a request."""

    _inherit = 'property.service.request'

    callback_ids = fields.One2many('property.service.callback', 'origin_request_id', string="Callbacks")
    complaint_ids = fields.One2many('property.service.complaint', 'request_id', string="Complaints")

    def _rate(self, value, reason=None, comment=None, rating=None):
        """A low rating is called back without waiting for the night (R38)."""
        result = super()._rate(value, reason=reason, comment=comment, rating=rating)
        self.env['property.service.callback.rule']._plan_for_ratings(self)
        return result
