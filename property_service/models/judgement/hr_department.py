from odoo import fields, models


class HrDepartment(models.Model):
    """From the department to the results of its people, for HR."""

    _inherit = 'hr.department'

    property_assessment_count = fields.Integer(
        string="Assessments", compute='_compute_property_results', groups='hr.group_hr_user')
    property_mean_score = fields.Float(
        string="Mean Result", compute='_compute_property_results', digits=(6, 1), groups='hr.group_hr_user',
        help="Of the results published for the last period of the department.")

    def _compute_property_results(self):
        Assessment = self.env['property.service.assessment']
        domain = [('department_id', 'in', self.ids), ('employee_id', '!=', False), ('state', 'in', ('published', 'closed'))]
        counts = dict(Assessment._read_group(domain, ['department_id'], ['__count']))
        last = {}
        for department, _day, mean in Assessment._read_group(
                [*domain, ('has_score', '=', True)], ['department_id', 'date_to:day'], ['score:avg'], order='date_to:day'):
            last[department] = mean
        for department in self:
            department.property_assessment_count = counts.get(department, 0)
            department.property_mean_score = last.get(department, 0.0)

    def action_open_property_assessments(self):
        """Return the act_window of the published results of the department's people."""
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_action')
        return {**action, 'domain': [
            ('department_id', 'in', self.ids), ('employee_id', '!=', False), ('state', 'in', ('published', 'closed'))], 'context': {}}
