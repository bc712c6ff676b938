from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Residents' pages load the translations of this module's scripts, too."""
        return [*super()._get_translation_frontend_modules_name(), 'property_service']
