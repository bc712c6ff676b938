from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceRequestAction(models.TransientModel):
    """The small wizard that asks what a step of a request needs, then calls the same public method an API client calls."""

    _name = 'property.service.request.action'
    _description = "Request Step"

    action = fields.Selection(
        [('reject', "Reject"), ('confirm', "Make Appointment"), ('wait', "Suspend"), ('done', "Finish Work"),
         ('return', "Return as Not Fixed"), ('cancel', "Cancel Request"), ('merge', "Merge Duplicates"),
         ('dispatch', "Dispatch")],
        required=True, readonly=True)
    request_ids = fields.Many2many('property.service.request', required=True)
    request_count = fields.Integer(compute='_compute_request_count')
    reason = fields.Text()
    start = fields.Datetime()
    end = fields.Datetime()
    waiting_reason_id = fields.Many2one('property.service.waiting.reason')
    waiting_until = fields.Date()
    summary = fields.Text(string="What Was Done")
    materials = fields.Text(string="Materials Used")
    employee_id = fields.Many2one('hr.employee')
    master_id = fields.Many2one(
        'property.service.request', string="Goes On As", domain="[('is_closed', '=', False), ('id', 'not in', request_ids)]")

    @api.depends('request_ids')
    def _compute_request_count(self):
        for wizard in self:
            wizard.request_count = len(wizard.request_ids)

    @api.model
    def _get_title(self, action):
        return dict(self._fields['action']._description_selection(self.env))[action]

    def action_apply(self):
        """Take the step on all requests.

        :raises UserError: what the step needs is missing
        """
        self.ensure_one()
        requests = self.request_ids
        arguments = {
            'reject': {'reason': self.reason},
            'confirm': {'start': self.start, 'end': self.end},
            'wait': {'reason_id': self.waiting_reason_id.id, 'note': self.reason, 'until': self.waiting_until},
            'done': {'summary': self.summary, 'materials': self.materials},
            'return': {'reason': self.reason},
            'cancel': {'reason': self.reason},
            'merge': {'master_id': self.master_id.id},
            'dispatch': {'employee_id': self.employee_id.id},
        }[self.action]
        if not next(iter(arguments.values())):
            raise UserError(self.env._("Fill in the form first."))
        getattr(requests, f'action_{self.action}')(**arguments)
        return {'type': 'ir.actions.act_window_close'}
