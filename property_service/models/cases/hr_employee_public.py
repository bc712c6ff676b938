from odoo import fields, models


class HrEmployeePublic(models.Model):
    """The load of an employee for supervisors who are no HR officers."""

    _inherit = 'hr.employee.public'

    property_job_count = fields.Integer(
        string="Open Jobs", compute='_compute_property_job_count', groups='property_service.group_supervisor,hr.group_hr_user')

    def _compute_property_job_count(self):
        self._compute_from_employee('property_job_count')

    def action_open_property_jobs(self):
        """Return the act_window of the employee's open service requests."""
        return self.env['property.service.request']._get_employee_jobs_action(self.ids)
