from odoo import models


class PropertyServiceEstate(models.Model):
    _name = 'property.service.estate'
    _inherit = ['property.service.estate', 'property.service.clock.hours']
