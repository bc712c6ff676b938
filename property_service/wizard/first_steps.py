from odoo import api, fields, models


class PropertyServiceFirstSteps(models.TransientModel):
    """What a company sets up before its first request, and how far it has come. Everything is counted, nothing is ticked by hand."""

    _name = 'property.service.first.steps'
    _description = "First Steps"

    company_id = fields.Many2one('res.company', compute='_compute_company_id', help="Always the current one: nobody counts another company's.")
    company_summary = fields.Char(compute='_compute_company', help="Country, currency and the time zone of the working hours.")
    company_ready = fields.Boolean(compute='_compute_company')
    staff_count = fields.Integer(compute='_compute_people', help="Employees with a user who has a role in Property Service.")
    estate_count = fields.Integer(compute='_compute_places')
    unit_count = fields.Integer(compute='_compute_places')
    resident_count = fields.Integer(compute='_compute_places')
    portal_count = fields.Integer(compute='_compute_places', help="Residents who can log in.")
    team_count = fields.Integer(compute='_compute_teams', help="Teams with members.")
    type_count = fields.Integer(compute='_compute_teams')
    uncovered = fields.Char(compute='_compute_teams', help="Categories that no team, or more than one, gets by itself.")
    teams_ready = fields.Boolean(compute='_compute_teams')
    mail_ready = fields.Boolean(compute='_compute_mail')
    policy_count = fields.Integer(compute='_compute_cases')
    request_count = fields.Integer(compute='_compute_cases')
    scheme_count = fields.Integer(compute='_compute_cases', help="Assessment schemes in force.")
    hidden = fields.Boolean(related='company_id.property_steps_hidden')

    # ---- COMPUTES: sudo throughout, because only numbers and names of the company's own set-up are shown to its manager ----

    @api.depends_context('company')
    def _compute_company_id(self):
        self.company_id = self.env.company

    @api.depends_context('lang')
    def _compute_display_name(self):
        self.display_name = self.env._("First Steps")

    @api.depends('company_id')
    @api.depends_context('uid')
    def _compute_company(self):
        for steps in self:
            calendar = steps.company_id.sudo().resource_calendar_id  # sudo: see above
            steps.company_summary = " · ".join(filter(None, (
                steps.company_id.country_id.name, steps.company_id.currency_id.name, calendar.tz)))
            expected = self.env.user.tz or steps.company_id.partner_id.tz or calendar.tz
            steps.company_ready = bool(steps.company_id.country_id and calendar.tz == expected)

    @api.depends('company_id')
    def _compute_people(self):
        group = self.env.ref('property_service.group_technician')
        for steps in self:
            steps.staff_count = self.env['hr.employee'].sudo().search_count([  # sudo: see above
                ('company_id', '=', steps.company_id.id), ('user_id.all_group_ids', 'in', group.ids)])

    @api.depends('company_id')
    def _compute_places(self):
        for steps in self:
            own = [('company_id', '=', steps.company_id.id)]
            steps.estate_count = self.env['property.service.estate'].sudo().search_count(own)  # sudo: see above
            steps.unit_count = self.env['property.service.unit'].sudo().search_count(own)  # sudo: see above
            Partner = self.env['res.partner'].sudo()  # sudo: see above
            residents = [('residency_ids.company_id', '=', steps.company_id.id)]
            steps.resident_count = Partner.search_count(residents)
            steps.portal_count = Partner.search_count([*residents, ('user_ids', '!=', False)])

    @api.depends('company_id')
    def _compute_teams(self):
        for steps in self:
            company = steps.company_id
            own = [('company_id', '=', company.id)]
            steps.team_count = self.env['property.service.team'].sudo().search_count(  # sudo: see above
                [*own, ('member_ids', '!=', False)])
            types = self.env['property.service.type'].sudo().search([('company_id', 'in', (company.id, False))])  # sudo: see above
            steps.type_count = len(types)
            route = self.env['property.service.team']._get_router(company)
            unnamed = types.filtered(  # fee queries are answered by accounting
                lambda one: one.kind != 'fee_query' and not (one.team_id or one.category_id.team_id)).category_id
            loose = unnamed.filtered(
                lambda category, route=route, company=company: not route(company, category, self.env['property.service.estate']))
            steps.uncovered = ", ".join(loose.mapped('display_name'))
            steps.teams_ready = bool(steps.team_count and not loose)

    @api.depends('company_id')
    def _compute_mail(self):
        ready = bool(self.env['ir.mail_server'].sudo().search_count([], limit=1))  # sudo: see above
        for steps in self:
            steps.mail_ready = ready and bool(steps.company_id.email)

    @api.depends('company_id')
    def _compute_cases(self):
        for steps in self:
            own = [('company_id', '=', steps.company_id.id)]
            steps.policy_count = self.env['property.service.sla.policy'].sudo().search_count(  # sudo: see above
                [('company_id', 'in', (steps.company_id.id, False))])
            steps.request_count = self.env['property.service.request'].sudo().search_count(own)  # sudo: see above
            steps.scheme_count = self.env['property.service.assessment.scheme'].sudo().search_count(  # sudo: see above
                [*own, ('state', '=', 'active')])

    # ---- ACTIONS ----

    @api.model
    def action_open(self):
        """Open the page with today's figures."""
        steps = self.create({})
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("First Steps"), 'res_model': self._name, 'res_id': steps.id,
            'view_mode': 'form', 'views': [(False, 'form')],
        }

    def action_hide(self):
        """Take the page out of the daily menu; it stays under Configuration."""
        return self._set_hidden(True)

    def action_show(self):
        """Put the page back to the beginning of the menu."""
        return self._set_hidden(False)

    def _set_hidden(self, hidden):
        self.check_access('write')
        company = self.company_id & self.env.companies
        company.sudo().property_steps_hidden = hidden  # sudo: managers of the addon set up their own company
        self.env.registry.clear_cache()  # menus are cached
        return {'type': 'ir.actions.client', 'tag': 'reload'}
