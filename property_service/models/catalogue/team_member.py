from odoo import api, fields, models
from odoo.tools import SQL, sql


class PropertyServiceTeamMember(models.Model):
    """Who was in a team from when to when, because a list of members only knows today. Written by changes of that list alone.

    The first time of an employee also holds for the days before it, as the first version of an employee's file does.
    """

    _name = 'property.service.team.member'
    _description = "Time in a Team"
    _order = 'team_id, employee_id, id'
    _rec_name = 'employee_id'
    _log_access = False

    team_id = fields.Many2one('property.service.team', required=True, readonly=True, index=True, ondelete='cascade')
    employee_id = fields.Many2one('hr.employee', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='team_id.company_id')
    since = fields.Datetime(readonly=True, help="Empty: from the beginning.")
    until = fields.Datetime(readonly=True, help="Empty: until today.")

    _once = models.UniqueIndex('(team_id, employee_id) WHERE until IS NULL')

    @api.model
    def _follow(self):
        """Bring the times up to the lists of members: end those of whoever is out, begin those of whoever is new."""
        self.env['property.service.team'].flush_model(['member_ids'])
        self.env['hr.employee'].flush_model(['property_team_ids'])
        now = fields.Datetime.now()
        self.env.cr.execute(SQL(
            """
            UPDATE property_service_team_member m SET until = %(now)s
             WHERE m.until IS NULL AND NOT EXISTS (
                   SELECT 1 FROM property_service_team_employee_rel r WHERE r.team_id = m.team_id AND r.employee_id = m.employee_id)
            """, now=now))
        self.env.cr.execute(SQL(
            """
            INSERT INTO property_service_team_member (team_id, employee_id, since)
            SELECT r.team_id, r.employee_id, CASE WHEN EXISTS (
                   SELECT 1 FROM property_service_team_member m WHERE m.employee_id = r.employee_id) THEN %(now)s END
              FROM property_service_team_employee_rel r
                ON CONFLICT DO NOTHING
            """, now=now))
        self.invalidate_model(flush=False)

    def init(self):
        """Begin with the lists as they are."""
        super().init()
        if sql.table_exists(self.env.cr, 'property_service_team_employee_rel'):
            self._follow()


class PropertyServiceTeam(models.Model):
    _inherit = 'property.service.team'

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        if any('member_ids' in vals for vals in vals_list):
            self.env['property.service.team.member']._follow()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if 'member_ids' in vals:
            self.env['property.service.team.member']._follow()
        return result


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        if any('property_team_ids' in vals for vals in vals_list):
            self.env['property.service.team.member']._follow()
        return employees

    def write(self, vals):
        result = super().write(vals)
        if 'property_team_ids' in vals:
            self.env['property.service.team.member']._follow()
        return result
