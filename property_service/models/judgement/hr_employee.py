from odoo import fields, models


class HrEmployee(models.Model):
    """From the employee's file to assessments and points: for HR, and for the employee himself in his own menus."""

    _inherit = 'hr.employee'

    property_assessment_count = fields.Integer(
        string="Assessments", compute='_compute_property_assessments', groups='hr.group_hr_user')
    property_grade = fields.Char(string="Last Grade", compute='_compute_property_assessments', groups='hr.group_hr_user')
    property_stars = fields.Selection(
        [('0', "None"), ('1', "Poor"), ('2', "Fair"), ('3', "Good"), ('4', "Very Good"), ('5', "Excellent")], string="Star Employee",
        compute='_compute_property_assessments', groups='hr.group_hr_user', help="Of the last published assessment (R93).")
    property_points_balance = fields.Float(
        string="Service Points", compute='_compute_property_points_balance', groups='hr.group_hr_user')

    def _compute_property_assessments(self):
        Assessment = self.env['property.service.assessment']
        counts = dict(Assessment._read_group([('employee_id', 'in', self.ids)], ['employee_id'], ['__count']))
        published = Assessment.search(
            [('employee_id', 'in', self.ids), ('state', 'in', ('published', 'closed')), ('has_score', '=', True)], order='date_to, id')
        last = {assessment.employee_id.id: assessment for assessment in published}
        for employee in self:
            assessment = last.get(employee.id, Assessment)
            employee.property_assessment_count = counts.get(employee, 0)
            employee.property_grade = assessment.band_id.name
            employee.property_stars = assessment.stars

    def _compute_property_points_balance(self):
        sums = dict(self.env['property.service.points']._read_group(
            [('employee_id', 'in', self.ids), ('state', '=', 'approved')], ['employee_id'], ['points:sum']))
        for employee in self:
            employee.property_points_balance = sums.get(employee, 0.0)

    def action_open_property_assessments(self):
        """Return the act_window of the employee's assessments."""
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_action')
        return {**action, 'domain': [('employee_id', 'in', self.ids)], 'context': {}}

    def action_check_property_career(self):
        """Return the act_window that holds the employee against the rules of promotion."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.career_check_action')
        return {**action, 'name': self.env._("Career"), 'context': {'default_employee_id': self.id}}

    def action_open_property_points(self):
        """Return the act_window of the employee's points."""
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.points_action')
        return {**action, 'domain': [('employee_id', 'in', self.ids)], 'context': {'search_default_approved': 1}}
