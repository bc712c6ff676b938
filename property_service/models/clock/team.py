from odoo import models


class PropertyServiceTeam(models.Model):
    _name = 'property.service.team'
    _inherit = ['property.service.team', 'property.service.clock.hours']
