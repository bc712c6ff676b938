from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..cases.case_resident import MAX_TEXT
from ..context_defaults import without_defaults

#: the employee's own
_STATEMENT = frozenset({'statement', 'stated_at'})


class PropertyServicePoints(models.Model):
    """Breaches of the rules of conduct, and merits: recorded by supervisors, heard, approved by HR (R99)."""

    _inherit = 'property.service.points'

    conduct_rule_id = fields.Many2one(
        'property.service.conduct.rule', string="Rule of Conduct", index='btree_not_null', ondelete='restrict', check_company=True,
        domain=[('audience', '=', 'staff')])
    severity = fields.Selection(related='conduct_rule_id.severity')
    description = fields.Text(string="What Happened", help="When, where, what was seen, who saw it.")
    statement = fields.Text(string="Employee's Side", readonly=True, copy=False, tracking=True)
    stated_at = fields.Datetime(string="Heard On", readonly=True, copy=False)
    is_own = fields.Boolean(compute='_compute_is_own')

    @api.depends_context('uid')
    @api.depends('user_id')
    def _compute_is_own(self):
        for entry in self:
            entry.is_own = entry.user_id == self.env.user

    @api.depends_context('lang')
    @api.depends('reason', 'conduct_rule_id.code', 'conduct_rule_id.name')
    def _compute_display_name(self):
        """What is recorded by a rule is called by it, in the reader's language; the reason is kept in the company's."""
        for entry in self:
            entry.display_name = entry.conduct_rule_id.sudo().display_name or entry.reason  # sudo: the rule's name alone

    @api.onchange('conduct_rule_id')
    def _onchange_conduct_rule_id(self):
        if self.conduct_rule_id:
            self.update(self._get_conduct_vals(self.conduct_rule_id))

    @api.constrains('description')
    def _check_description(self):
        if any(len(entry.description or '') > MAX_TEXT for entry in self):
            raise ValidationError(self.env._("At most %(limit)s characters.", limit=MAX_TEXT))

    @api.constrains('conduct_rule_id')
    def _check_conduct(self):
        for entry in self.filtered('conduct_rule_id'):
            if entry.conduct_rule_id.audience != 'staff':
                raise ValidationError(self.env._("Choose a rule that is for staff."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Who is not HR records by a rule: points and reward are those of the rule. The employee is told and may give his side."""
        is_hr = self.env.su or self.env.user.has_group('hr.group_hr_user')
        rules = self.env['property.service.conduct.rule'].browse({vals.get('conduct_rule_id') for vals in vals_list} - {None, False})
        for rule in rules.exists():
            if not rule.active and not self.env.su:
                raise UserError(self.env._("%(rule)s is no longer in force.", rule=rule.display_name))
        of_rule = {rule.id: self._get_conduct_vals(rule) for rule in rules}
        prepared = []
        for vals in vals_list:
            by_rule = of_rule.get(vals.get('conduct_rule_id'), {})
            if not is_hr and not by_rule:
                raise UserError(self.env._("Choose the rule of conduct that it is about."))
            prepared.append({**by_rule, **vals} if is_hr else {**vals, **by_rule})
        entries = super(PropertyServicePoints, without_defaults(self, _STATEMENT)).create(
            [{key: value for key, value in vals.items() if key not in _STATEMENT} for vals in prepared])
        for entry in entries.filtered('conduct_rule_id'):
            if not self.env.su and entry.user_id == self.env.user:
                raise UserError(self.env._("Nobody records his own conduct."))
            if not self.env.su and not (entry.description or '').strip():
                raise UserError(self.env._("Say what happened: the employee must know what it is about."))
        for entry in entries.filtered(lambda entry: entry.conduct_rule_id and entry.state == 'proposed'):
            entry._tell_employee()
        return entries

    def write(self, vals):
        """What the employee said is his own; who recorded it corrects words only."""
        if not self.env['property.service.assessment']._is_step():
            if vals.keys() & _STATEMENT:
                raise UserError(self.env._("The employee's side is given by its button."))
            is_hr = self.env.su or self.env.user.has_group('hr.group_hr_user')
            if not is_hr and vals.keys() & self._fields.keys() - {'description', 'message_follower_ids', 'message_ids'}:
                raise AccessError(self.env._("You cannot do this: it takes another role."))
            if 'description' in vals and any(entry.state != 'proposed' for entry in self):
                raise UserError(self.env._("What has been decided is corrected by another entry."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if not self.env['property.service.assessment']._is_step() and any(entry.conduct_rule_id for entry in self):
            raise UserError(self.env._("What an employee has been told stays on file: refuse it instead."))

    @api.model
    def _get_conduct_vals(self, rule):
        return {'points': rule.points, 'amount': rule.amount, 'kind': 'award' if rule.points > 0 else 'discipline',
                'reason': self.env.company._in_language(rule).display_name}

    # ---- ACTIONS ----

    def action_give_statement(self, statement=None):
        """The employee gives his side of what was recorded, before it is decided.

        :param str statement: a wizard asks when missing
        """
        self.check_access('read')
        for entry in self:
            if not entry.is_own or not entry.conduct_rule_id:
                raise AccessError(self.env._("You cannot do this: it takes another role."))
            if entry.state != 'proposed':
                raise UserError(self.env._("%(entry)s has been decided already.", entry=entry.display_name))
        if not (statement or '').strip():
            wizard = 'property.service.assessment.action'
            return {
                'type': 'ir.actions.act_window', 'name': self.env[wizard]._get_title('statement'), 'res_model': wizard, 'view_mode': 'form',
                'target': 'new', 'context': {'default_points_ids': [Command.set(self.ids)], 'default_action': 'statement',
                            'default_reason': self[:1].statement}}
        if len(statement) > MAX_TEXT:
            raise UserError(self.env._("At most %(limit)s characters.", limit=MAX_TEXT))
        step = self.sudo().with_context(self.env['property.service.assessment']._as_step().env.context)  # sudo: his own words only
        step.write({'statement': statement.strip(), 'stated_at': fields.Datetime.now()})
        for entry in step:
            entry._tell(entry.create_uid, lambda here: here.env._("%(employee)s gave his side", employee=here.employee_id.name),
                        lambda here: here.env._("%(rule)s, %(date)s: the employee gave his side. HR decides.", **here._get_words()))
        return True

    def _decide(self, state):
        result = super()._decide(state)
        for entry in self.filtered('conduct_rule_id'):
            entry._tell(entry.sudo().user_id, lambda here: here.env._("Decided: %(rule)s", rule=here.conduct_rule_id.name),  # sudo: whom to tell
                        lambda here: here.env._("%(rule)s, %(date)s: approved, the points count.", **here._get_words()) if state == 'approved'
                        else here.env._("%(rule)s, %(date)s: not approved, nothing counts.", **here._get_words()))
        return result

    # ---- HELPERS ----

    def _get_words(self):
        return {'rule': self.conduct_rule_id.display_name, 'date': fields.Date.to_string(self.date)}

    def _tell_employee(self):
        self._tell(self.sudo().user_id, lambda here: here.env._("Recorded: %(rule)s", rule=here.conduct_rule_id.name),  # sudo: whom to tell
                   lambda here: here.env._("%(rule)s, %(date)s. Read what was recorded under My Points and give your side before it is decided.",
                                           **here._get_words()))

    def _tell(self, user, subject, body):
        """Notify a user in his language; ``subject`` and ``body`` say the words for the entry in it."""
        if not user or user == self.env.user:
            return
        here = self.with_context(lang=user.lang).sudo()  # sudo: who is told need not be readable for who tells
        here.message_notify(partner_ids=user.partner_id.ids, subject=subject(here), body=body(here))
