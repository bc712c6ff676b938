from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

SLOTS = 16  # free slots offered for an appointment


class PropertyServiceRequestAction(models.TransientModel):
    """The small wizard that asks what a step of a request needs, then calls the same public method an API client calls."""

    _name = 'property.service.request.action'
    _description = "Request Step"

    action = fields.Selection(
        [('reject', "Reject"), ('confirm', "Make Appointment"), ('wait', "Suspend"), ('done', "Finish Work"),
         ('return', "Return as Not Fixed"), ('cancel', "Cancel Request"), ('merge', "Merge Duplicates"),
         ('dispatch', "Dispatch"), ('accept_price', "Price Accepted"), ('refuse_price', "Price Not Accepted")],
        required=True, readonly=True)
    request_ids = fields.Many2many('property.service.request', required=True)
    request_id = fields.Many2one('property.service.request', string="Only Request", compute='_compute_request_count')
    request_count = fields.Integer(compute='_compute_request_count')
    is_enquiry = fields.Boolean(compute='_compute_request_count')
    reason = fields.Text()
    start = fields.Datetime(compute='_compute_period', store=True, readonly=False)
    end = fields.Datetime(compute='_compute_period', store=True, readonly=False)
    waiting_reason_id = fields.Many2one('property.service.waiting.reason')
    waiting_until = fields.Date()
    summary = fields.Text(string="What Was Done", compute='_compute_period', store=True, readonly=False)
    materials = fields.Text(string="Materials Used", compute='_compute_period', store=True, readonly=False)
    employee_id = fields.Many2one('hr.employee')
    master_id = fields.Many2one('property.service.request', string="Goes On As")
    company_id = fields.Many2one('res.company', compute='_compute_request_count')
    open_steps = fields.Text(string="Open Checklist Steps", compute='_compute_open_steps')
    slots = fields.Json(string="Free Slots", compute='_compute_slots', help="When somebody of the team is at work and free.")

    # ---- COMPUTES ----

    @api.depends('request_ids')
    def _compute_request_count(self):
        for wizard in self:
            requests = wizard.request_ids._origin
            wizard.request_count = len(requests)
            wizard.request_id = requests if len(requests) == 1 else False
            wizard.company_id = requests.company_id[:1]
            wizard.is_enquiry = bool(requests) and all(request.kind in ('enquiry', 'fee_query') for request in requests)

    @api.depends('action', 'request_ids')
    def _compute_period(self):
        """Propose what is known already: the appointment or the next full hour, and the work record begun on the phone."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        for wizard in self:
            request = wizard.request_ids._origin[:1]
            if wizard.action == 'confirm':
                free = request._get_free_slots(limit=1) if request and not request.appointment_start else []
                wizard.start = request.appointment_start or (
                    free[0]['start'] if free else now.replace(minute=0) + timedelta(hours=1))
                wizard.end = request.appointment_end or wizard.start + timedelta(hours=request.type_id.planned_hours or 1.0)
            elif wizard.action == 'done':
                wizard.start = request.work_start or now
                wizard.end = max(now, wizard.start)  # work of less than a minute
                if len(wizard.request_ids) == 1:
                    wizard.summary = request.work_summary
                    wizard.materials = request.materials_used

    @api.depends('action', 'request_ids.checklist_ids.done')
    def _compute_open_steps(self):
        for wizard in self:
            steps = wizard.request_ids.checklist_ids.filtered(lambda step: step.required and not step.done)
            asked = wizard.action == 'done' and wizard.request_count == 1
            wizard.open_steps = asked and "\n".join(steps.mapped('name'))

    @api.depends('action', 'request_ids')
    def _compute_slots(self):
        for wizard in self:
            request = wizard.request_ids._origin
            wizard.slots = request.get_appointment_slots(days=7, limit=SLOTS) \
                if wizard.action == 'confirm' and len(request) == 1 else False

    @api.onchange('start')
    def _onchange_start(self):
        """Moving the start of an appointment moves its end."""
        if self.action == 'confirm' and self.start:
            self.end = self.start + timedelta(hours=self.request_ids._origin[:1].type_id.planned_hours or 1.0)

    @api.model
    def _get_title(self, action):
        return dict(self._fields['action']._description_selection(self.env))[action]

    # ---- ACTIONS ----

    def action_apply(self):
        """Take the step on all requests.

        :raises UserError: what the step needs is missing
        """
        self.ensure_one()
        requests = self.request_ids
        if self.action == 'merge' and self.request_count > 1:
            requests -= self.master_id
        arguments = {
            'reject': {'reason': self.reason},
            'confirm': {'start': self.start, 'end': self.end},
            'wait': {'reason_id': self.waiting_reason_id.id, 'note': self.reason, 'until': self.waiting_until},
            'done': {'summary': self.summary, 'materials': self.materials, **(
                {} if self.is_enquiry else {'start': self.start, 'end': self.end})},
            'return': {'reason': self.reason},
            'cancel': {'reason': self.reason},
            'merge': {'master_id': self.master_id.id},
            'dispatch': {'employee_id': self.employee_id.id},
            'accept_price': {'note': self.reason},
            'refuse_price': {'reason': self.reason},
        }[self.action]
        if not next(iter(arguments.values())):
            raise UserError(self.env._("Fill in the form first."))
        getattr(requests, f'action_{self.action}')(**arguments)
        return {'type': 'ir.actions.act_window_close'}
