from odoo import fields, models

from . import callback_states


class PropertyServiceCallbackAttempt(models.Model):
    """One attempt to reach a resident: made by ``action_log_attempt`` only, never changed."""

    _name = 'property.service.callback.attempt'
    _description = "Callback Attempt"
    _order = 'at desc, id desc'
    _rec_name = 'outcome'

    callback_id = fields.Many2one('property.service.callback', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='callback_id.company_id', store=True, index=True)
    at = fields.Datetime(required=True)
    user_id = fields.Many2one('res.users', string="Caller", required=True, ondelete='restrict')
    channel = fields.Selection(callback_states.ATTEMPT_CHANNELS, required=True, default='phone')
    outcome = fields.Selection(callback_states.OUTCOMES, required=True)
    note = fields.Char()
