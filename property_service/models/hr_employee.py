from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    property_team_ids = fields.Many2many(
        'property.service.team', 'property_service_team_employee_rel', 'employee_id', 'team_id', string="Service Teams",
        groups='property_service.group_technician,hr.group_hr_user')
