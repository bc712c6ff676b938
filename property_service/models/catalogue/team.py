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

    @api.model
    def _get_router(self, companies):
        """Return ``router(company, category, estate)``: the one team that says it does this work there, or none.

        Of several, the one that names the nearest category and then the estate; where that does not decide, people do.
        """
        teams = self.sudo().search_fetch(  # sudo: residents set it off, too
            [('company_id', 'in', companies.ids)], ['company_id', 'category_ids', 'estate_ids'])

        def router(company, category, estate):
            path = [int(key) for key in (category.sudo().parent_path or '').split('/') if key]  # sudo: as above
            ranks = {}
            for team in teams.filtered(lambda team: team.company_id == company):
                depths = [path.index(key) + 1 for key in team.category_ids.ids if key in path]
                if (team.category_ids and not depths) or (team.estate_ids and estate not in team.estate_ids):
                    continue
                ranks[team] = (max(depths, default=0), bool(team.estate_ids))
            best = [team for team, rank in ranks.items() if rank == max(ranks.values())]
            return best[0].with_env(self.env) if len(best) == 1 else self.browse()

        return router
