from odoo import api, fields, models

from ...tools import severity as severity_rules

#: From the least to the highest: the first group a user has from the end counts.
ROLES = [('agent', "Agent"), ('supervisor', "Supervisor"), ('manager', "Manager")]


class PropertyServiceAuthority(models.Model):
    """What each role may decide in complaints: 处理权限 (R19)."""

    _name = 'property.service.authority'
    _description = "Decision Authority"
    _order = 'company_id, id'
    _rec_name = 'role'

    role = fields.Selection(ROLES, required=True)
    company_id = fields.Many2one('res.company', index=True, help="Leave empty for all companies without a line of their own.")
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    max_severity = fields.Selection(
        [('minor', "Minor"), ('major', "Major"), ('critical', "Critical")], required=True, default='major',
        help="Gravest severity this role may set by hand.")
    decides_fault = fields.Boolean(help="May decide who is at fault.")
    unlimited_compensation = fields.Boolean()
    compensation_limit = fields.Monetary(help="Highest compensation this role may grant in one complaint.")

    _role_unique = models.UniqueIndex('(COALESCE(company_id, 0), role)', "The role has an authority already.")
    _limit_not_negative = models.Constraint('CHECK(compensation_limit >= 0)', "The limit cannot be negative.")

    @api.depends('company_id')
    def _compute_currency_id(self):
        for authority in self:
            authority.currency_id = (authority.company_id or self.env.company).currency_id

    @api.model
    def _get_for_user(self, company):
        """Return the authority of the current user in ``company``: of the highest role the user has; may be empty."""
        roles = [role for role, _label in ROLES if self.env.user.has_group(f'property_service.group_{role}')]
        if not roles:
            return self.browse()
        return self.sudo().search(  # sudo: whoever decides is bound by the table, whether or not it may be read
            [('role', '=', roles[-1]), ('company_id', 'in', (company.id, False))], order='company_id', limit=1)

    def _may_set_severity(self, severity):
        return bool(self) and not severity_rules.exceeds(severity, self.max_severity)

    def _may_grant(self, amount):
        return bool(self) and (self.unlimited_compensation or amount <= self.compensation_limit)
