from odoo import http
from odoo.http import content_disposition, request
from werkzeug.exceptions import NotFound


class PropertyServiceResidentTemplate(http.Controller):
    """Hands an empty spreadsheet to whoever may import residents."""

    @http.route('/property_service/residents.xlsx', type='http', auth='user', readonly=True)
    def download_template(self):
        """Return the spreadsheet with the headings that the import knows, and examples on a second sheet."""
        Import = request.env['property.service.resident.import']
        if not Import.has_access('create'):
            raise NotFound
        name = request.env._("Units and residents")
        return request.make_response(Import._render_template(), [
            ('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
            ('Content-Disposition', content_disposition(f'{name}.xlsx')), ('Cache-Control', 'no-store')])
