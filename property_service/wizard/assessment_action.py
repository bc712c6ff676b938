from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceAssessmentAction(models.TransientModel):
    """Asks what a step of an assessment or an appeal needs, then calls the same public method an API client calls."""

    _name = 'property.service.assessment.action'
    _description = "Assessment Step"

    action = fields.Selection(
        [('return', "Send Back"), ('pass_over', "Go On Without"), ('appeal', "Appeal"), ('ask_peers', "Ask Colleagues"),
         ('assign', "Choose the Reviewer"), ('decide', "Decide on the Appeal"), ('statement', "Give Your Side")], required=True, readonly=True)
    assessment_ids = fields.Many2many('property.service.assessment', 'property_service_assessment_action_rel')
    appeal_ids = fields.Many2many('property.service.appeal', 'property_service_appeal_action_rel')
    points_ids = fields.Many2many('property.service.points', 'property_service_points_action_rel')
    reason = fields.Text()
    line_id = fields.Many2one(
        'property.service.assessment.line', string="About", domain="[('assessment_id', 'in', assessment_ids)]")
    user_ids = fields.Many2many(
        'res.users', 'property_service_assessment_action_user_rel', string="Colleagues", domain="[('share', '=', False)]")
    reviewer_id = fields.Many2one('res.users', domain="[('share', '=', False)]")
    verdict = fields.Selection([('accept', "Uphold"), ('reject', "Dismiss")])
    has_line = fields.Boolean(compute='_compute_has_line')
    formula = fields.Text(compute='_compute_has_line')
    actual = fields.Float(string="Right Figure", digits=(16, 4))

    @api.depends('appeal_ids')
    def _compute_has_line(self):
        for wizard in self:
            line = wizard.appeal_ids.line_id[:1]
            wizard.has_line, wizard.formula = bool(line), line.formula

    @api.model
    def _get_title(self, action):
        return dict(self._fields['action']._description_selection(self.env))[action]

    def action_apply(self):
        """Take the step.

        :raises UserError: what the step needs is missing
        """
        self.ensure_one()
        needed = {
            'return': self.reason, 'pass_over': self.reason, 'appeal': self.reason, 'ask_peers': self.user_ids, 'assign': self.reviewer_id,
            'decide': self.verdict and self.reason, 'statement': self.reason,
        }[self.action]
        if not needed:
            raise UserError(self.env._("Fill in the form first."))
        if self.action == 'return':
            self.assessment_ids.action_return(reason=self.reason)
        elif self.action == 'pass_over':
            self.assessment_ids.action_pass_over(reason=self.reason)
        elif self.action == 'appeal':
            return self.assessment_ids.action_appeal(reason=self.reason, line_id=self.line_id.id)
        elif self.action == 'statement':
            self.points_ids.action_give_statement(statement=self.reason)
        elif self.action == 'ask_peers':
            self.assessment_ids.action_ask_peers(user_ids=self.user_ids.ids)
        elif self.action == 'assign':
            self.appeal_ids.action_assign(reviewer_id=self.reviewer_id.id)
        else:
            self.appeal_ids.action_decide(accept=self.verdict == 'accept', actual=self.actual, decision=self.reason)
        return {'type': 'ir.actions.act_window_close'}
