from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request


class PropertyServiceBroadcastPortal(CustomerPortal):
    """Emergency notices on the portal's home."""

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        if request.httprequest.path in ('/my', '/my/home'):
            values['property_notices'] = request.env['property.service.broadcast']._get_portal_notices()
        return values
