from odoo import api, fields, models


class PropertyServiceCorrectiveActionStep(models.TransientModel):
    """Asks what a step of a corrective action needs, then calls the same public method an API client calls."""

    _name = 'property.service.corrective.action.step'
    _description = "Corrective Action Step"

    step = fields.Selection(
        [('plan', "Plan"), ('done', "Report as Done"), ('return', "Return"), ('verify', "Verify"),
         ('ineffective', "Not Effective"), ('cancel', "Cancel Corrective Action")],
        required=True, readonly=True)
    action_ids = fields.Many2many(
        'property.service.corrective.action', 'property_service_corrective_step_rel', string="Corrective Actions", required=True)
    plan = fields.Text(compute='_compute_values', store=True, readonly=False)
    responsible_id = fields.Many2one('hr.employee', compute='_compute_values', store=True, readonly=False)
    deadline = fields.Date(string="Completion Deadline", compute='_compute_values', store=True, readonly=False)
    cause = fields.Selection(
        selection=lambda self: self.env['property.service.corrective.action']._fields['cause'].selection,
        compute='_compute_values', store=True, readonly=False)
    result = fields.Text()
    reason = fields.Text()

    @api.depends('action_ids')
    def _compute_values(self):
        for wizard in self:
            action = wizard.action_ids if len(wizard.action_ids) == 1 else wizard.action_ids.browse()
            wizard.plan, wizard.responsible_id = action.plan, action.responsible_id
            wizard.deadline, wizard.cause = action.deadline, action.cause

    @api.model
    def _get_title(self, step):
        return dict(self._fields['step']._description_selection(self.env))[step]

    def action_apply(self):
        """Take the step on all corrective actions.

        :raises UserError: what the step needs is missing
        """
        self.ensure_one()
        actions = self.action_ids
        if self.step == 'done' and self.cause and len(actions) == 1 and actions.cause != self.cause:
            actions.cause = self.cause
        arguments = {
            'plan': {'plan': self.plan, 'responsible_id': self.responsible_id.id, 'deadline': self.deadline},
            'done': {'result': self.result},
            'return': {'reason': self.reason},
            'verify': {'note': self.reason},
            'ineffective': {'reason': self.reason},
            'cancel': {'reason': self.reason},
        }[self.step]
        answer = getattr(actions, f'action_{self.step}')(**arguments)
        return answer if isinstance(answer, dict) else {'type': 'ir.actions.act_window_close'}
