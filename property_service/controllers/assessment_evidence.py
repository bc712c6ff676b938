from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request
from werkzeug.exceptions import NotFound


class PropertyServiceAssessmentEvidence(http.Controller):
    """Hands the evidence of an assessment to those who may read it."""

    @http.route('/property_service/assessment/<int:assessment_id>/evidence.xlsx', type='http', auth='user', readonly=True)
    def download_evidence(self, assessment_id):
        """Return the spreadsheet; a stranger learns nothing, not even that there is such an assessment."""
        assessment = request.env['property.service.assessment'].browse(assessment_id).exists()
        try:
            content = assessment and assessment._render_evidence()
        except AccessError:
            content = None
        if not content:
            raise NotFound
        name = f"{assessment.name.replace('/', '_')}.xlsx"
        return request.make_response(content, [
            ('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
            ('Content-Disposition', content_disposition(name)), ('Cache-Control', 'no-store')])
