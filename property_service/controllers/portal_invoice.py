from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class PropertyServiceInvoice(PortalAccount):

    @http.route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, **kwargs):
        """Let the payer pay from an address without token, too: core's payment form refuses without one, and bookmarks have none."""
        if not access_token and not request.env.user._is_public():
            try:
                invoice = self._document_check_access('account.move', invoice_id)
            except (AccessError, MissingError):
                invoice = None  # core answers
            if invoice and invoice._is_property_payable():
                access_token = invoice._portal_ensure_token()
        return super().portal_my_invoice_detail(invoice_id, access_token=access_token, **kwargs)
