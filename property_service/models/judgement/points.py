from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..catalogue.conduct_rule import MOST_AMOUNT, MOST_POINTS
from ..context_defaults import without_defaults

#: where an entry comes from and who decided it: set by rules, grades and steps
_ORIGIN = frozenset({'approved_by_id', 'rule_id', 'assessment_id', 'origin_model', 'origin_id'})


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
        [('assessment', "Grade of an Assessment"), ('praise', "Praise"), ('rating', "Five Stars"), ('finding', "Points Card of a Corrective Action"),
         ('error', "Error"), ('award', "Award"), ('discipline', "Discipline"), ('manual', "By Hand")], required=True, default='manual', index=True,
        help="Award: innovation, suggestions, skill contests (R101).")
    points = fields.Float(required=True, tracking=True, aggregator=None, help="Negative: taken off.")
    amount = fields.Monetary(string="Reward", tracking=True, aggregator=None, help="Negative: a penalty.")
    counted_points = fields.Float(
        string="Points That Count", compute='_compute_counted', store=True, help="The points, once they are approved.")
    counted_amount = fields.Monetary(
        string="Reward That Counts", compute='_compute_counted', store=True, help="The reward, once it is approved.")
    balance = fields.Float(string="Points Balance", compute='_compute_balance', help="Of the own approved points, up to this entry.")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [('proposed', "Proposed"), ('approved', "Approved by HR"), ('rejected', "Not Approved")], required=True, default='proposed', readonly=True,
        copy=False, index=True, tracking=True)
    approved_by_id = fields.Many2one('res.users', string="Decided by HR", readonly=True, copy=False)
    rule_id = fields.Many2one('property.service.points.rule', readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    is_by_hand = fields.Boolean(compute='_compute_is_by_hand')
    can_decide = fields.Boolean(compute='_compute_can_decide')
    assessment_id = fields.Many2one('property.service.assessment', readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    origin_model = fields.Char(readonly=True, copy=False)
    origin_id = fields.Many2oneReference(model_field='origin_model', readonly=True, copy=False)

    _once = models.UniqueIndex(
        '(rule_id, origin_model, origin_id, employee_id) WHERE rule_id IS NOT NULL', "This case has given its points already.")

    @api.depends('rule_id', 'assessment_id')
    def _compute_is_by_hand(self):
        """Tell whether somebody entered it, so that somebody else decides."""
        for entry in self:
            entry.is_by_hand = not entry.rule_id and not entry.assessment_id

    @api.depends('employee_id', 'date')
    def _compute_department_id(self):
        for entry in self:
            employee = entry.employee_id.sudo()  # sudo: versions are HR's
            # Reading the name tells of ids that do not exist; a version of nobody fails without words.
            entry.department_id = employee.name and employee._get_version(entry.date or fields.Date.context_today(entry)).department_id

    @api.depends('state', 'points', 'amount')
    def _compute_counted(self):
        for entry in self:
            is_counted = entry.state == 'approved'
            entry.counted_points = entry.points if is_counted else 0.0
            entry.counted_amount = entry.amount if is_counted else 0.0

    @api.depends_context('uid')
    @api.depends('user_id', 'state', 'points')
    def _compute_balance(self):
        own = self.filtered('is_own')
        balances, total = {}, 0.0
        if own:
            for entry in self.search([('user_id', '=', self.env.uid), ('state', '=', 'approved')], order='date, id'):
                total += entry.points
                balances[entry.id] = total
        for entry in self:
            entry.balance = balances.get(entry._origin.id, 0.0)

    @api.depends_context('uid')
    @api.depends('state', 'user_id', 'create_uid', 'rule_id', 'assessment_id')
    def _compute_can_decide(self):
        is_hr = self.env.user.has_group('hr.group_hr_user')
        for entry in self:
            entry.can_decide = is_hr and bool(entry.id) and entry.state == 'proposed' and entry._may_be_decided_by(self.env.user)

    @api.constrains('points', 'amount')
    def _check_points(self):
        for entry in self:
            if not entry.points and not entry.amount:
                raise ValidationError(self.env._("%(entry)s brings nothing: enter points or a reward.", entry=entry.reason))
            if not (abs(entry.points) <= MOST_POINTS and abs(entry.amount) <= MOST_AMOUNT):  # so that "not a number" fails, too
                raise ValidationError(self.env._(
                    "At most %(points)s points and a reward of %(amount)s at once.", points=MOST_POINTS, amount=MOST_AMOUNT))

    @api.constrains('date', 'assessment_id')
    def _check_date(self):
        for company, entries in self.grouped('company_id').items():
            today = company._property_latest_day()
            if any(entry.date > today and not entry.assessment_id for entry in entries):
                raise ValidationError(self.env._("What is noted has happened: the date cannot be in the future."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Entries begin as proposals; where they come from is said by rules and grades alone."""
        if not self.env.su and any(
                vals.get('state', 'proposed') != 'proposed' or any(vals.get(name) for name in _ORIGIN) for vals in vals_list):
            raise UserError(self.env._("Points are approved by their button."))
        return super(PropertyServicePoints, without_defaults(self, _ORIGIN | {'state'})).create(vals_list)

    def write(self, vals):
        """An approved entry stays as it is: what it was about is corrected by another entry. So does what a rule or a grade proposes:
        whoever approves it alone must not have changed it.
        """
        if not self.env['property.service.assessment']._is_step():
            if vals.keys() & (_ORIGIN | {'state'}):
                raise UserError(self.env._("Points are approved by their button."))
            if vals.keys() & {'employee_id', 'date', 'points', 'amount', 'reason', 'kind', 'company_id'}:
                if any(entry.state != 'proposed' for entry in self):
                    raise UserError(self.env._("What has been decided is corrected by another entry."))
                if not self.env.su and not all(self.mapped('is_by_hand')):
                    raise UserError(self.env._("What a rule or a grade proposes is approved or rejected as it is."))
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
            if not self.env.su and not entry._may_be_decided_by(user):
                raise UserError(self.env._("%(entry)s is decided by somebody else.", entry=entry.display_name))
        context = self.env['property.service.assessment']._as_step().env.context
        self.with_context(context).write({'state': state, 'approved_by_id': user.id})

    # ---- HELPERS ----

    def _may_be_decided_by(self, user):
        return self.user_id != user and not (self.is_by_hand and self.create_uid == user)
