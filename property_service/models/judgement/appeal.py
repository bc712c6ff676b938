from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

OPEN_STATES = ('submitted', 'reviewing')
TRANSITIONS = {
    'submitted': {'reviewing', 'withdrawn'},
    'reviewing': {'reviewing', 'accepted', 'rejected', 'withdrawn'},
    'accepted': set(), 'rejected': set(), 'withdrawn': set(),
}


class PropertyServiceAppeal(models.Model):
    """An appeal 申诉 against a published assessment: looked at by somebody who had no part in it; old figures are kept (R90)."""

    _name = 'property.service.appeal'
    _description = "Appeal"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _rec_name = 'assessment_id'
    _mail_post_access = 'read'

    assessment_id = fields.Many2one('property.service.assessment', required=True, readonly=True, index=True, ondelete='restrict')
    cycle_id = fields.Many2one(related='assessment_id.cycle_id', store=True, index=True, precompute=True, related_sudo=True)
    employee_id = fields.Many2one(related='assessment_id.employee_id', store=True, index=True, precompute=True, related_sudo=True)
    department_id = fields.Many2one(related='assessment_id.department_id', store=True, precompute=True, related_sudo=True)
    company_id = fields.Many2one(related='assessment_id.company_id', store=True, index=True, precompute=True, related_sudo=True)
    line_id = fields.Many2one(
        'property.service.assessment.line', string="About", readonly=True, index='btree_not_null', ondelete='restrict',
        help="Empty: the result as a whole.")
    indicator_id = fields.Many2one(related='line_id.indicator_id', related_sudo=True)
    user_id = fields.Many2one('res.users', string="Appealed By", required=True, readonly=True, index=True)
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [('submitted', "Submitted"), ('reviewing', "Under Review"), ('accepted', "Upheld"), ('rejected', "Dismissed"),
         ('withdrawn', "Withdrawn")], required=True, default='submitted', readonly=True, index=True, tracking=True)
    reviewer_id = fields.Many2one('res.users', readonly=True, index='btree_not_null', tracking=True)
    old_actual = fields.Float(string="Figure Before", readonly=True, digits=(16, 4), aggregator=None)
    old_score = fields.Float(string="Result Before", readonly=True, digits=(6, 2), aggregator=None)
    new_actual = fields.Float(string="Figure After", readonly=True, digits=(16, 4), aggregator=None)
    new_score = fields.Float(string="Result After", readonly=True, digits=(6, 2), aggregator=None)
    decision = fields.Text(readonly=True)
    decided_at = fields.Datetime(readonly=True)
    is_reviewer = fields.Boolean(compute='_compute_is_reviewer')

    @api.depends_context('uid')
    @api.depends('reviewer_id')
    def _compute_is_reviewer(self):
        for appeal in self:
            appeal.is_reviewer = appeal.reviewer_id == self.env.user

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Appeals are made from the assessment."""
        if not self.env['property.service.assessment']._is_step():
            raise UserError(self.env._("Appeals are made from the assessment."))
        return super().create(vals_list)

    def write(self, vals):
        """Everything is set by the steps."""
        own = vals.keys() - {'activity_ids', 'message_follower_ids', 'message_ids', 'message_main_attachment_id'}
        if own & self._fields.keys() and not self.env['property.service.assessment']._is_step():
            raise UserError(self.env._("An appeal is decided by its steps."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An appeal stays on file."))

    @api.model
    def _submit(self, assessment, line, reason):
        """Create an appeal for the person assessed and call HR."""
        step = assessment._as_step()
        appeal = step.env[self._name].with_context(mail_create_nosubscribe=True).create({
            'assessment_id': assessment.id, 'line_id': line.id, 'reason': reason, 'user_id': self.env.uid,
            'old_actual': line.actual, 'old_score': assessment.score})
        appeal.with_env(self.env)._call(appeal.sudo()._get_officer(), _lt("Choose a reviewer"))  # sudo: whom to call
        return self.browse(appeal.id)

    # ---- ACTIONS ----

    def action_assign(self, reviewer_id=None):
        """HR chooses who reviews: somebody who had no part in the assessment.

        :param int reviewer_id: id of res.users; a wizard asks when missing
        """
        self._check_hr()
        if not reviewer_id:
            return self._open_wizard('assign')
        reviewer = self.env['res.users'].browse(reviewer_id).exists()
        for appeal in self:
            if not reviewer.active or not reviewer._is_internal() or appeal.company_id not in reviewer.company_ids \
                    or reviewer in appeal._get_involved():
                raise UserError(self.env._("Choose a reviewer who had no part in this assessment."))
            appeal._set_state('reviewing', reviewer_id=reviewer.id)
            appeal._call(reviewer, _lt("Review the appeal"))
        return True

    def action_decide(self, accept=None, actual=None, decision=None):
        """The reviewer decides; an accepted appeal corrects the figure, and the result follows.

        :param bool accept: whether the employee is right
        :param float actual: the right figure, in the unit of the indicator; needed where the appeal is about a line
        :param str decision: the reasons, told to the employee
        """
        self.ensure_one()
        self.check_access('read')
        if not self.is_reviewer and not self.env.su:
            raise AccessError(self.env._("Only the reviewer decides."))
        if accept is None or not (decision or '').strip():
            return self._open_wizard('decide')
        if accept and self.line_id and actual is None:
            raise UserError(self.env._("Enter the right figure."))
        assessment = self.sudo().assessment_id  # sudo: the reviewer corrects by this step only
        vals = {'decision': decision, 'decided_at': fields.Datetime.now()}
        if accept and self.line_id:
            self.sudo().line_id._correct(actual)  # sudo: as above
            vals['new_actual'] = actual
        self._set_state('accepted' if accept else 'rejected', **vals, new_score=assessment.score)
        if accept:
            assessment._propose_points()
        self._tell_decision()
        return True

    def action_withdraw(self):
        """The employee takes the appeal back."""
        self.check_access('read')
        for appeal in self:
            if appeal.user_id != self.env.user and not self.env.su:
                raise AccessError(self.env._("You cannot do this: it takes another role."))
        self._set_state('withdrawn')
        return True

    # ---- HELPERS ----

    def _check_hr(self):
        self.check_access('read')
        if not self.env.su and (not self.env.user.has_group('hr.group_hr_user') or self.env.user in self.user_id):
            raise AccessError(self.env._("You cannot do this: it takes another role."))

    def _get_officer(self):
        """Return the HR officer who chooses the reviewer: who approved, or runs the cycle; nobody looks after his own appeal."""
        self.ensure_one()
        officers = self.assessment_id.approved_by_id | self.cycle_id.create_uid
        return officers.filtered(lambda user: user.active and user != self.user_id and user._is_internal())[:1]

    def _call(self, user, summary):
        """Give somebody the to-do of this step, in his language; it goes with the step.

        :param LazyGettext summary: what to do
        """
        if user:
            self.sudo().activity_schedule(  # sudo: a to-do for somebody else
                'mail.mail_activity_data_todo', user_id=user.id, summary=summary._translate(user.lang or 'en_US'))

    def _tell_decision(self):
        """Tell the employee and the officer what was decided and why."""
        self.ensure_one()
        appeal = self.sudo()  # sudo: the reviewer need not read whom it concerns
        for user in appeal.user_id | appeal._get_officer():
            here = appeal.with_context(lang=user.lang)
            here.message_notify(
                partner_ids=user.partner_id.ids, subject=here.env._("Appeal decided: %(case)s", case=here.display_name),
                body=here.env._("%(verdict)s. %(reasons)s Result: %(before)s, now %(now)s.",
                                verdict=dict(here._fields['state']._description_selection(here.env))[here.state], reasons=here.decision,
                                before=f"{here.old_score:.2f}", now=f"{here.new_score:.2f}"))

    def _get_involved(self):
        """Return the users who had a part in the assessment."""
        self.ensure_one()
        assessment = self.sudo().assessment_id  # sudo: compare only
        peers = self.env['property.service.assessment.peer'].sudo().search(  # sudo: compare only
            [('line_id', 'in', assessment.line_ids.ids), ('given_at', '!=', False)])
        return (peers.user_id | assessment.user_id | assessment.manager_id.user_id | assessment.manager_submitted_by_id
                | assessment.approved_by_id | assessment.line_ids.marked_by_id | assessment.department_id.manager_id.user_id)

    def _set_state(self, state, **vals):
        self.lock_for_update(allow_referencing=True)
        labels = dict(self._fields['state']._description_selection(self.env))
        for appeal in self:
            if state not in TRANSITIONS[appeal.state]:
                raise UserError(self.env._(
                    "%(case)s is %(from_state)s and cannot become %(to_state)s.", case=appeal.sudo().display_name,  # sudo: name only
                    from_state=labels[appeal.state], to_state=labels[state]))
        context = self.assessment_id._as_step().env.context
        step = self.sudo().with_context(context)  # sudo: the step has checked the right
        step.write({'state': state, **vals})
        step.activity_ids.filtered('automated').unlink()

    def _open_form(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form'}

    def _open_wizard(self, action):
        wizard = 'property.service.assessment.action'
        return {
            'type': 'ir.actions.act_window', 'name': self.env[wizard]._get_title(action), 'res_model': wizard, 'view_mode': 'form',
            'target': 'new', 'context': {
                'default_appeal_ids': [Command.set(self.ids)], 'default_action': action, 'default_actual': self[:1].old_actual},
        }
