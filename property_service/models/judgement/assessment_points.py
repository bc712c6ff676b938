from odoo import models

from ...tools import scoring


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
        shares = step._get_shares_of_days()
        values = []
        for assessment in step.filtered('employee_id'):
            band, before = assessment.band_id, approved.get(assessment, Points)
            points, amount = (
                scoring.rounded(worth * shares[assessment.id] - sum(before.mapped(name)))
                for name, worth in (('points', band.points), ('amount', band.amount)))
            if points or amount:
                values.append({
                    'employee_id': assessment.employee_id.id, 'company_id': assessment.company_id.id, 'date': assessment.date_to,
                    'kind': 'assessment', 'points': points, 'amount': amount, 'assessment_id': assessment.id,
                    'reason': f"{assessment.cycle_id.name}: {band.name}"})
        Points.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True).create(values)

    def _get_shares_of_days(self):
        """Return {assessment id: its share of the days of the employee in the cycle}: a transfer brings no second reward."""
        days = {}
        for assessment in self.cycle_id.assessment_ids.filtered('employee_id'):
            days.setdefault((assessment.cycle_id, assessment.employee_id), {})[assessment.id] = (
                assessment.date_to - assessment.date_from).days + 1
        return {key: own / sum(spans.values()) for spans in days.values() for key, own in spans.items()}
