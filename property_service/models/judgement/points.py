from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..context_defaults import without_defaults

#: what only the steps and the rules write
_FACTS = frozenset({'state', 'approved_by_id', 'rule_id', 'assessment_id', 'origin_model', 'origin_id'})


class PropertyServicePoints(models.Model):
    """The ledger of service points and rewards: 服务积分, 奖惩 (R85, R87). An entry counts once it is approved by somebody else."""

    _name = 'property.service.points'
    _description = "Service Points"
    _inherit = ['mail.thread']
    _order = 'date desc, id desc'
    _rec_name = 'reason'
    _check_company_auto = True

    employee_id = fields.Many2one('hr.employee', required=True, index=True, check_company=True, ondelete='restrict')
    user_id = fields.Many2one(related='employee_id.user_id', store=True, index='btree_not_null', related_sudo=True, string="User")
    department_id = fields.Many2one(
        'hr.department', compute='_compute_department_id', store=True, precompute=True, index='btree_not_null',
        help="Of the employee on that day.")
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    kind = fields.Selection(
        [('assessment', "Assessment"), ('praise', "Praise"), ('rating', "Five Stars"), ('finding', "Points Card of a Corrective Action"),
         ('error', "Error"), ('award', "Award"), ('discipline', "Discipline"), ('manual', "By Hand")], required=True, default='manual', index=True,
        help="Award: innovation, suggestions, skill contests (R101).")
    points = fields.Float(required=True, help="Negative: taken off.")
    amount = fields.Monetary(string="Reward", help="Negative: a penalty.")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [('proposed', "Proposed"), ('approved', "Approved"), ('rejected', "Not Approved")], required=True, default='proposed', readonly=True,
        copy=False, index=True, tracking=True)
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    rule_id = fields.Many2one('property.service.points.rule', readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    assessment_id = fields.Many2one('property.service.assessment', readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    origin_model = fields.Char(readonly=True, copy=False)
    origin_id = fields.Many2oneReference(model_field='origin_model', readonly=True, copy=False)

    _once = models.UniqueIndex(
        '(rule_id, origin_model, origin_id, employee_id) WHERE rule_id IS NOT NULL', "This case has given its points already.")

    @api.depends('employee_id', 'date')
    def _compute_department_id(self):
        for entry in self:
            employee = entry.employee_id.sudo()  # sudo: versions are HR's
            entry.department_id = employee._get_version(entry.date or fields.Date.context_today(entry)).department_id if employee else False

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Entries begin as proposals; what they come of is known by who makes them, not entered."""
        if not self.env.su and any(vals.get('state', 'proposed') != 'proposed' or vals.keys() & _FACTS - {'state'} for vals in vals_list):
            raise UserError(self.env._("Points are approved by their button."))
        return super(PropertyServicePoints, without_defaults(self, _FACTS)).create(vals_list)

    def write(self, vals):
        """An approved entry stays as it is: what it was about is corrected by another entry."""
        if not self.env['property.service.assessment']._is_step():
            if vals.keys() & _FACTS:
                raise UserError(self.env._("Points are approved by their button."))
            if vals.keys() & {'employee_id', 'date', 'points', 'amount', 'reason', 'kind', 'company_id'} and any(
                    entry.state != 'proposed' for entry in self):
                raise UserError(self.env._("What has been decided is corrected by another entry."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        if any(entry.state != 'proposed' for entry in self):
            raise UserError(self.env._("What has been decided stays on file."))

    # ---- ACTIONS ----

    def action_approve(self):
        """Approve proposals; nobody approves his own points, nor those he entered for others by hand."""
        self._decide('approved')
        return True

    def action_reject(self):
        """Reject proposals: they stay on file and count nothing."""
        self._decide('rejected')
        return True

    def action_open_origin(self):
        """Return the act_window of what the points are for.

        :raises UserError: they were entered by hand
        """
        self.ensure_one()
        self.check_access('read')
        model, res_id = (self.origin_model, self.origin_id) if self.origin_model else (self.assessment_id._name, self.assessment_id.id)
        record = self.env[model].browse(res_id).exists()
        if not record:
            raise UserError(self.env._("These points were entered by hand."))
        record.check_access('read')
        return {'type': 'ir.actions.act_window', 'res_model': model, 'res_id': record.id, 'view_mode': 'form'}

    def _decide(self, state):
        self.check_access('write')
        user = self.env.user
        if not self.env.su and not user.has_group('hr.group_hr_user'):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.lock_for_update(allow_referencing=True)
        for entry in self:
            if entry.state != 'proposed':
                raise UserError(self.env._("%(entry)s has been decided already.", entry=entry.display_name))
            if not self.env.su and (entry.user_id == user or entry._is_by_hand() and entry.create_uid == user):
                raise UserError(self.env._("%(entry)s is decided by somebody else.", entry=entry.display_name))
        context = self.env['property.service.assessment']._as_step().env.context
        self.with_context(context).write({'state': state, 'approved_by_id': user.id})
