from odoo import fields, models


class HrEmployeePublic(models.Model):
    """Results on the file that everybody sees: for the person and the own managers only, by the rules of the assessments."""

    _inherit = 'hr.employee.public'

    property_assessment_count = fields.Integer(string="Assessments", compute='_compute_property_assessments')
    property_grade = fields.Char(string="Last Grade", compute='_compute_property_assessments')
    property_stars = fields.Selection(
        [('0', "None"), ('1', "Poor"), ('2', "Fair"), ('3', "Good"), ('4', "Very Good"), ('5', "Excellent")], string="Star Employee",
        compute='_compute_property_assessments')

    def _compute_property_assessments(self):
        """Read as the user who asks: the record rules leave nothing for strangers."""
        published = self.env['property.service.assessment'].search(
            [('employee_id', 'in', self.ids), ('state', 'in', ('published', 'closed')), ('has_score', '=', True)], order='date_to, id')
        groups = published.grouped(lambda assessment: assessment.employee_id.id)
        for employee in self:
            found = groups.get(employee.id, published.browse())
            employee.property_assessment_count = len(found)
            employee.property_grade = found[-1:].band_id.name
            employee.property_stars = found[-1:].stars

    def action_open_property_assessments(self):
        """Return the act_window of the results that the user may read."""
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_action')
        return {**action, 'domain': [('employee_id', 'in', self.ids), ('state', 'in', ('published', 'closed'))], 'context': {}}
