from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceComplaintAction(models.TransientModel):
    """Asks what a step of a complaint needs, then calls the same public method an API client calls."""

    _name = 'property.service.complaint.action'
    _description = "Complaint Step"

    action = fields.Selection(
        [('assign', "Assign"), ('transfer', "Transfer"), ('resolve', "Resolve"), ('answer', "Answer the Resident"),
         ('reopen', "Reopen"), ('withdraw', "Withdraw")],
        required=True, readonly=True)
    complaint_ids = fields.Many2many('property.service.complaint', 'property_service_complaint_action_rel', required=True)
    team_id = fields.Many2one('property.service.team')
    employee_id = fields.Many2one('hr.employee')
    message = fields.Text(
        string="Message to the Resident", compute='_compute_message', store=True, readonly=False,
        help="Empty it to tell the resident nothing.")
    transfer_to = fields.Char(string="Transferred To")
    reason = fields.Text()
    measure = fields.Text()
    cause = fields.Selection(selection=lambda self: self.env['property.service.complaint']._fields['cause'].selection)
    reply = fields.Html(sanitize=True)
    channel = fields.Selection(
        selection=lambda self: self.env['property.service.complaint']._fields['reply_channel'].selection, string="Answered By",
        default='mail')

    @api.depends('team_id', 'employee_id')
    def _compute_message(self):
        for wizard in self:
            employee = wizard.employee_id.sudo()  # sudo: agents read the name alone
            wizard.message = wizard.action == 'assign' and wizard.complaint_ids._get_assign_message(wizard.team_id, employee)

    @api.model
    def _get_title(self, action):
        return dict(self._fields['action']._description_selection(self.env))[action]

    def action_apply(self):
        """Take the step on all complaints.

        :raises UserError: what the step needs is missing
        """
        self.ensure_one()
        arguments = {
            'assign': {'team_id': self.team_id.id, 'employee_id': self.employee_id.id, 'message': self.message or ''},
            'transfer': {'to': self.transfer_to, 'reason': self.reason},
            'resolve': {'measure': self.measure, 'cause': self.cause, 'reply': self.reply},
            'answer': {'channel': self.channel, 'note': self.reason},
            'reopen': {'reason': self.reason},
            'withdraw': {'reason': self.reason},
        }[self.action]
        if not any(value for name, value in arguments.items() if name != 'message'):
            raise UserError(self.env._("Fill in the form first."))
        getattr(self.complaint_ids, f'action_{self.action}')(**arguments)
        return {'type': 'ir.actions.act_window_close'}
