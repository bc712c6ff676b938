from odoo import models


class PropertyServiceRequest(models.Model):
    """Ratings 1-5 by portal or mail link, once (R38)."""

    _inherit = 'property.service.request'
