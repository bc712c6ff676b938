from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Residents' pages load the translations of this module's scripts, too."""
        return [*super()._get_translation_frontend_modules_name(), 'property_service']

    @classmethod
    def _serve_fallback(cls):
        """Answer an address with a NUL byte as not found: core looks it up in the database, which cannot hold one."""
        if '\x00' in request.httprequest.path:
            return None
        return super()._serve_fallback()
