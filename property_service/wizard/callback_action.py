from odoo import api, fields, models

from ..models.cases import callback_states


class PropertyServiceCallbackAction(models.TransientModel):
    """Asks for the outcome of an attempt, or for the result of a callback."""

    _name = 'property.service.callback.action'
    _description = "Callback Step"

    action = fields.Selection([('attempt', "Log Attempt"), ('done', "Result of the Callback")], required=True, readonly=True)
    callback_ids = fields.Many2many('property.service.callback', 'property_service_callback_action_rel', required=True)
    outcome = fields.Selection(callback_states.OUTCOMES)
    channel = fields.Selection(callback_states.ATTEMPT_CHANNELS, default='phone')
    note = fields.Char()
    result = fields.Selection(callback_states.RESULTS)
    comment = fields.Text()
    needs = fields.Text(string="Needs Told")
    follow_up = fields.Selection([('reopen', "Reopen the case"), ('complaint', "Open a complaint")], default='reopen')

    @api.model
    def _get_title(self, action):
        return dict(self._fields['action']._description_selection(self.env))[action]

    def action_apply(self):
        """Take the step and go on to the next callback."""
        self.ensure_one()
        if self.action == 'attempt':
            self.callback_ids.action_log_attempt(outcome=self.outcome, channel=self.channel, note=self.note)
            return {'type': 'ir.actions.act_window_close'}
        return self.callback_ids.action_done(
            result=self.result, comment=self.comment, needs=self.needs, follow_up=self.follow_up)
