from odoo import models


class PropertyServiceEstate(models.Model):
    """An estate may have a mailbox for complaints and suggestions 服务信箱 (R49): mails to it become complaints of the estate."""

    _name = 'property.service.estate'
    _inherit = ['property.service.estate', 'mail.alias.mixin.optional']

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values['alias_model_id'] = self.env['ir.model']._get_id('property.service.complaint')
        if self.id:
            values['alias_defaults'] = str({'estate_id': self.id, 'company_id': self.company_id.id})
        return values
