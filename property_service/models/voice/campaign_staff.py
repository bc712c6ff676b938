from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from . import campaign_states

#: what a survey among employees begins with unless something else is said
_DEFAULTS = {
    'survey_id': 'property_service.survey_staff', 'template_id': 'property_service.mail_template_survey_staff_invitation',
    'reminder_template_id': 'property_service.mail_template_survey_staff_reminder',
}
_PLAIN_DEFAULTS = {'anonymous': True, 'by_poster': False, 'target': 80.0, 'benchmark': 0.0, 'corrective_below': 0.0}


class PropertyServiceSurveyCampaign(models.Model):
    """Surveys among employees (R92): the same draw, invitations, anonymity and results, with teams in the place of buildings.

    An employee counts for one team, the first of his. Whoever leads a team or an estate counts for the company only: leaders are
    judged by these figures, and what a leader ticks says nothing about the leader.
    """

    _inherit = 'property.service.survey.campaign'

    team_ids = fields.Many2many(
        'property.service.team', 'property_service_survey_campaign_team_rel', 'campaign_id', 'team_id', string="Teams", check_company=True,
        help="Empty: all employees, those without a team too.")
    department_ids = fields.Many2many(
        'hr.department', 'property_service_survey_campaign_department_rel', 'campaign_id', 'department_id', string="Departments",
        check_company=True, help="With the departments below them. Empty: all.")
    result_ids = fields.One2many('property.service.survey.result', 'campaign_id', string="Results Kept")

    # ---- DEFAULTS AND CONSTRAINTS ----

    @api.model
    def _get_staff_defaults(self):
        """Return the values with which a survey among employees begins."""
        records = {name: self.env.ref(xml_id, raise_if_not_found=False) for name, xml_id in _DEFAULTS.items()}
        return {**{name: record.id for name, record in records.items() if record}, **_PLAIN_DEFAULTS}

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        if defaults.get('kind') == 'staff' or self.env.context.get('default_kind') == 'staff':
            defaults.update({name: value for name, value in self._get_staff_defaults().items()
                             if name in fields and f'default_{name}' not in self.env.context})
        return defaults

    @api.onchange('kind')
    def _onchange_kind(self):
        if self.kind == 'staff':
            self.update(self._get_staff_defaults())

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            {**self._get_staff_defaults(), **vals} if vals.get('kind') == 'staff' else vals for vals in vals_list])

    @api.constrains('kind', 'anonymous', 'by_poster')
    def _check_staff(self):
        for campaign in self:
            if campaign.kind == 'staff' and not campaign.anonymous:
                raise ValidationError(self.env._("Employees are asked anonymously: nobody says openly what he thinks of whom he depends on."))
            if campaign.kind == 'staff' and campaign.by_poster:
                raise ValidationError(self.env._("Posters are for residents: employees get their own link."))

    # ---- VIEWS ----

    @api.model
    def _may_begin(self):
        """Return whether the user may begin a survey of the list that is open: HR begins those among employees."""
        return self.env.context.get('default_kind') == 'staff' or \
            any(self.env.user.has_group(group) for group in campaign_states.STEERING_GROUPS)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type='form', **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._may_begin())

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._may_begin():
            arch.set('create', '0')
        return arch, view

    # ---- WHO IS ASKED ----

    def _get_staff_domain(self):
        """Return the Domain of the employees the campaign is about."""
        self.ensure_one()
        domain = Domain('company_id', '=', self.company_id.id) & Domain('active', '=', True)
        if self.team_ids:
            domain &= Domain('property_team_ids', 'in', self.team_ids.ids)
        if self.department_ids:
            domain &= Domain('department_id', 'child_of', self.department_ids.ids)
        return domain

    def _get_audience(self, day):
        """Return one dict per employee, see ``campaign_audience.py``. The day is today: teams keep no history."""
        if self.kind != 'staff':
            return super()._get_audience(day)
        Employee = self.env['hr.employee'].sudo()  # sudo: the whole audience, whoever draws
        Employee.search(self._get_staff_domain() & Domain('work_contact_id', '=', False))._create_work_contacts()
        self.env['property.service.team'].flush_model()
        self.env['property.service.estate'].flush_model(['manager_id', 'active'])
        rows = self.env.execute_query(SQL("""
            SELECT e.id, e.work_contact_id, own.team_id, place.estate_id
              FROM hr_employee e
              LEFT JOIN LATERAL (
                   SELECT t.id AS team_id
                     FROM property_service_team_employee_rel m
                     JOIN property_service_team t ON t.id = m.team_id AND t.active AND t.company_id = e.company_id
                    WHERE m.employee_id = e.id
                      AND NOT EXISTS (SELECT 1 FROM property_service_team led WHERE led.leader_id = e.id AND led.active)
                      AND NOT EXISTS (SELECT 1 FROM property_service_estate led WHERE led.manager_id = e.id AND led.active)
                    ORDER BY t.sequence, t.id LIMIT 1) own ON TRUE
              LEFT JOIN LATERAL (
                   SELECT MIN(r.estate_id) AS estate_id FROM property_service_team_estate_rel r WHERE r.team_id = own.team_id
                   HAVING COUNT(*) = 1) place ON TRUE
             WHERE e.id IN %s
             ORDER BY e.id
            """, Employee._search(self._get_staff_domain()).subselect()))
        return [{
            'employee_id': employee, 'partner_id': partner, 'team_id': team or False, 'estate_id': estate or False, 'key': f"E{employee}",
        } for employee, partner, team, estate in rows]

    def _get_stratum_key(self, entry):
        if self.kind != 'staff':
            return super()._get_stratum_key(entry)
        return (False, False, False, False, entry['team_id'])

    def action_start(self):
        """Refuse to ask so few that nothing could ever be shown."""
        self._check_group(campaign_states.STEERING_GROUPS)
        for campaign in self.filtered(lambda campaign: campaign.kind == 'staff'):
            if not campaign.drawn_on:
                campaign.action_draw()
            if 0 < campaign.invited_count < campaign.min_group:
                raise UserError(self.env._(
                    "%(number)s are too few: results of %(campaign)s are not shown for fewer than %(minimum)s answers.",
                    number=campaign.invited_count, campaign=campaign.name, minimum=campaign.min_group))
        return super().action_start()

    # ---- RESULTS ----

    def _get_part_field(self):
        return 'property_team_id' if self.kind == 'staff' else super()._get_part_field()

    def _get_part_model(self):
        return 'property.service.team' if self.kind == 'staff' else super()._get_part_model()

    def _get_heat_measures(self):
        return 'scores' if self.kind == 'staff' else super()._get_heat_measures()

    def _compute_results(self, filters, weighted):
        results = super()._compute_results(filters, weighted)
        if self.kind == 'staff':
            results['by_role'] = []
            if len(results['by_estate']) == 1 and not results['by_estate'][0]['id']:
                results['by_estate'] = []
            for row in results['by_estate'] + results['by_building'] + results['heat']['rows']:
                if not row['id']:
                    row['name'] = self.env._("Others, and groups too small to be named")
        return results

    def _get_choices(self):
        choices = super()._get_choices()
        if self.kind != 'staff':
            return choices
        groups = self.env['property.service.survey.invitation']._read_group(
            [('campaign_id', '=', self.id)], ['team_id', 'estate_id'], ['__count'])
        others = self.search([
            ('company_id', '=', self.company_id.id), ('state', '!=', 'draft'), ('id', '!=', self.id), ('kind', '=', 'staff')], limit=50)
        estates = {estate.id: estate.name for _team, estate, _count in groups if estate}
        teams = {team.id: (team.name, estate.id) for team, estate, _count in groups if team}
        return {
            **choices, 'roles': [],
            'campaigns': [{'id': other.id, 'name': other.name, 'anonymous': other.anonymous} for other in others],
            'estates': [{'id': key, 'name': name} for key, name in estates.items()],
            'buildings': [{'id': key, 'name': name, 'estate_id': estate} for key, (name, estate) in teams.items()],
        }

    # ---- THE END ----

    def _close(self):
        super()._close()
        for campaign in self.sudo().filtered(lambda campaign: campaign.kind == 'staff'):  # sudo: facts, whoever closes the campaign
            self.env['property.service.survey.result'].sudo()._keep(campaign)  # sudo: made here only
