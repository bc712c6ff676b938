from odoo import api, fields, models


class PropertyServiceTeam(models.Model):
    """Engineering, cleaning, security, front desk …: 班组 (R13)."""

    _name = 'property.service.team'
    _description = "Service Team"
    _inherit = ['mail.thread', 'property.service.employee.lists']
    _order = 'sequence, name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    leader_id = fields.Many2one('hr.employee', check_company=True, tracking=True)
    member_ids = fields.Many2many(
        'hr.employee', 'property_service_team_employee_rel', 'team_id', 'employee_id', string="Members", check_company=True)
    department_id = fields.Many2one('hr.department', check_company=True)
    estate_ids = fields.Many2many(
        'property.service.estate', 'property_service_team_estate_rel', 'team_id', 'estate_id',
        string="Estates", check_company=True, help="Estates the team serves. Empty: all.")
    category_ids = fields.Many2many(
        'property.service.category', string="Categories", check_company=True,
        help="Work the team does, with all subcategories. Empty: all.")
    calendar_id = fields.Many2one(
        'resource.calendar', string="Working Hours", check_company=True,
        default=lambda self: self.env.company.resource_calendar_id)
    auto_dispatch = fields.Boolean(
        string="Dispatch Automatically",
        help="Requests that are ready go to the first-ranked employee without a supervisor's click.")
    member_count = fields.Integer(compute='_compute_member_count')

    @api.depends('member_ids')
    def _compute_member_count(self):
        for team in self:
            team.member_count = len(team.member_ids)
