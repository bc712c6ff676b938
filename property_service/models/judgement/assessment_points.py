from odoo import models


class PropertyServiceAssessment(models.Model):
    """Rewards that follow from grades (R80, R87)."""

    _inherit = 'property.service.assessment'

    def _publish(self):
        result = super()._publish()
        self._propose_points()
        return result

    def _propose_points(self):
        """Propose what the grades bring. After an appeal only the difference to what was approved is proposed."""
        step = self._as_step()
        Points = step.env['property.service.points']
        known = Points.search([('assessment_id', 'in', self.ids)])
        known.filtered(lambda entry: entry.state == 'proposed').unlink()
        approved = known.exists().filtered(lambda entry: entry.state == 'approved').grouped('assessment_id')
        values = []
        for assessment in step.filtered('employee_id'):
            band, before = assessment.band_id, approved.get(assessment, Points)
            points = band.points - sum(before.mapped('points'))
            amount = band.amount - sum(before.mapped('amount'))
            if points or amount:
                values.append({
                    'employee_id': assessment.employee_id.id, 'company_id': assessment.company_id.id, 'date': assessment.date_to,
                    'kind': 'assessment', 'points': points, 'amount': amount, 'assessment_id': assessment.id,
                    'reason': f"{assessment.cycle_id.name}: {band.name}"})
        Points.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True).create(values)
