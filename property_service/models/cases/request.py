from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import clean_context

from . import request_states

#: What an agent or a resident's app may send at creation and what residents may read: nothing else reaches portal users.
PORTAL_READABLE = {
    'id', 'name', 'title', 'description', 'channel', 'estate_id', 'building_id', 'unit_id', 'partner_id', 'contact_name',
    'contact_phone', 'priority', 'type_id', 'category_id', 'state', 'portal_state', 'appointment_start', 'appointment_end',
    'responded_at', 'done_at', 'closed_at', 'portal_work_summary', 'reject_reason', 'rating_value', 'rating_comment', 'rework_count',
    'display_name', 'create_date', 'write_date', 'access_url', 'is_closed', 'active', 'company_id', 'response_deadline',
    'resolution_deadline', 'portal_worker_name', 'cancel_requested', 'chase_count', 'last_chased_at', 'rating_reason',
}
PORTAL_WRITABLE = {
    'title', 'description', 'estate_id', 'building_id', 'unit_id', 'type_id', 'contact_name', 'contact_phone', 'channel',
}


class PropertyServiceRequest(models.Model):
    """A service request 服务申请, from intake to closing. The workflow stands in ``request_workflow.py``."""

    _name = 'property.service.request'
    _description = "Service Request"
    _inherit = ['property.service.case']
    _order = 'priority desc, id desc'

    _transitions = request_states.TRANSITIONS
    _closed_states = request_states.CLOSED_STATES
    _open_states = request_states.OPEN_STATES
    _portal_readable = frozenset(PORTAL_READABLE)
    _portal_writable = frozenset(PORTAL_WRITABLE)
    _portal_path = '/my/services'
    _finished_states = request_states.FINISHED_STATES
    _report_key_fields = ('unit_id', 'type_id', 'title', 'description')
    _action_groups = request_states.ACTION_GROUPS
    _resident_actions = request_states.RESIDENT_ACTIONS
    _state_actions = request_states.STATE_ACTIONS
    _action_from = request_states.ACTION_FROM
    _sequence_code = 'property.service.request'
    _state_log_field = 'request_id'
    _clock_applies_to = 'request'
    _sla_event_field = 'request_id'
    _clock_stopped_states = request_states.FINISHED_STATES
    #: the reason of a refusal is told to the resident; a worker who begins is there in person
    _clock_answering_states = ('rejected', 'in_progress')
    #: what the agent promised the resident (R12)
    _clock_promises = {'response': 'promised_at'}

    @property
    def _system_fields(self):
        return super()._system_fields | {
            'rework_count', 'waiting_from_state', 'merged_into_id', 'signature', 'signed_by', 'signed_at', 'reject_reason',
            'return_reason', 'rating_comment', 'rating_reason', 'rating_asked_at', 'waiting_reason_id',
            'waiting_note', 'waiting_until', 'cancel_requested', 'portal_work_summary',
        }

    state = fields.Selection(
        request_states.STATES, required=True, default='new', readonly=True, copy=False, index=True, tracking=True,
        group_expand='_group_expand_state')
    type_id = fields.Many2one(
        'property.service.type', string="Service Type", index='btree_not_null', tracking=True, check_company=True,
        ondelete='restrict')
    category_id = fields.Many2one(related='type_id.category_id', store=True, index='btree_not_null', precompute=True)
    kind = fields.Selection(related='type_id.kind', store=True, precompute=True)
    team_id = fields.Many2one(compute='_compute_team_id', store=True, readonly=False, precompute=True)
    priority = fields.Selection(compute='_compute_priority', store=True, readonly=False, precompute=True, default=None)
    user_id = fields.Many2one(
        default=lambda self: self.env.user if self.env.user.has_group('property_service.group_agent') else False)
    promised_at = fields.Datetime(
        string="Reply Promised By", tracking=True, help="When the resident was promised an answer to an enquiry (R12).")

    appointment_start = fields.Datetime(tracking=True, copy=False, index='btree_not_null')
    appointment_end = fields.Datetime(copy=False)

    waiting_reason_id = fields.Many2one('property.service.waiting.reason', readonly=True, copy=False, tracking=True)
    waiting_note = fields.Char(readonly=True, copy=False)
    waiting_until = fields.Date(readonly=True, copy=False)
    waiting_from_state = fields.Selection(request_states.STATES, readonly=True, copy=False)
    reject_reason = fields.Text(readonly=True, copy=False)
    return_reason = fields.Text(string="Last Reason of Return", readonly=True, copy=False)
    rework_count = fields.Integer(
        string="Rework", readonly=True, copy=False, help="How often the work was returned as not fixed.")

    work_summary = fields.Text(string="Work Record", copy=False, help="What was done: 服务记录 (R8).")
    materials_used = fields.Text(copy=False)
    checklist_ids = fields.One2many('property.service.request.checklist', 'request_id', copy=False)
    photo_before_ids = fields.Many2many(
        'ir.attachment', 'property_service_request_photo_before_rel', string="Photos Before", copy=False,
        bypass_search_access=True)
    photo_after_ids = fields.Many2many(
        'ir.attachment', 'property_service_request_photo_after_rel', string="Photos After", copy=False, bypass_search_access=True)
    signature = fields.Image(readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024)
    signed_by = fields.Char(readonly=True, copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)
    resident_absent = fields.Boolean(string="Resident Not at Home", copy=False, help="Nobody could sign at the end of the work.")

    merged_into_id = fields.Many2one(
        'property.service.request', readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    merged_ids = fields.One2many('property.service.request', 'merged_into_id', string="Duplicates")
    cancel_requested = fields.Boolean(readonly=True, copy=False, help="The resident asked to cancel after dispatch.")
    rating_comment = fields.Text(readonly=True, copy=False)
    rating_reason = fields.Selection(
        [('speed', "Speed"), ('quality', "Quality of Work"), ('attitude', "Attitude"), ('communication', "Communication"),
         ('price', "Price"), ('cleanliness', "Cleanliness"), ('other', "Other")],
        readonly=True, copy=False)

    state_log_ids = fields.One2many('property.service.state.log', 'request_id', readonly=True)
    related_ids = fields.Many2many('property.service.request', compute='_compute_related_ids', string="Related Requests")
    portal_state = fields.Selection(request_states.STATES, compute='_compute_portal_state', compute_sudo=True)

    # Lists and kanban columns ask for the newest of a state; crons for what is finished and not yet accepted or closed.
    _order_index = models.Index('(priority DESC, id DESC)')
    _state_order_index = models.Index('(state, priority DESC, id DESC)')
    _partner_index = models.Index('(partner_id, id DESC) WHERE partner_id IS NOT NULL')
    _auto_accept_index = models.Index("(done_at, id) WHERE state IN ('done', 'accepted')")
    _appointment_in_order = models.Constraint(
        'CHECK(appointment_end IS NULL OR appointment_start IS NULL OR appointment_end > appointment_start)',
        "An appointment must end after it starts.")

    # ---- COMPUTES ----

    @api.depends('type_id')
    def _compute_team_id(self):
        self._route(lambda request: request.type_id.team_id + request.type_id.category_id.team_id)

    @api.depends('type_id')
    def _compute_priority(self):
        for request in self:
            request.priority = max(request.type_id.default_priority or '0', request.priority or '0')

    @api.depends('unit_id')
    @api.depends_context('uid')
    def _compute_related_ids(self):
        for request in self:
            request.related_ids = self.search(request._get_related_domain(), limit=20, order='id desc')

    @api.depends('state', 'merged_into_id.state')
    def _compute_portal_state(self):
        for request in self:
            request.portal_state = (request.merged_into_id or request).state

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Create requests. Residents' requests are checked and completed in ``request_portal.py``."""
        if not self.env.su and not self.env.user._is_internal():
            return self.with_context(clean_context(self.env.context))._create_by_resident(vals_list)
        requests = super().create(vals_list)
        if not self._is_system() and requests.employee_id:  # asked afterwards: a default can give the work to somebody, too
            self._authorize('dispatch')
        return requests

    def write(self, vals):
        """Giving the work to somebody else is a dispatch and needs its right."""
        if 'employee_id' in vals and not self._is_system() and any(r.employee_id.id != vals['employee_id'] for r in self):
            self._authorize('dispatch')
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy is a new request: it starts at the beginning."""
        default = {'state': 'new', 'employee_id': False, **(default or {})}
        return super().copy_data(default)

    # ---- REQUIREMENTS ----

    def _check_before_registered(self):
        """R20: what, where and whom to answer must be known before a request leaves intake."""
        for request in self:
            missing = [self._fields[name]._description_string(self.env)
                       for name in ('title', 'type_id', 'estate_id') if not request[name]]
            if not request.partner_id and not (request.contact_name and request.contact_phone):
                missing.append(self.env._("Resident, or contact name and phone"))
            if missing:
                raise UserError(self.env._("%(case)s cannot be registered yet. Missing: %(fields)s.",
                                           case=request.name, fields=", ".join(missing)))

    def _check_before_confirmed(self):
        for request in self:
            if not request.appointment_start or not request.appointment_end:
                raise UserError(self.env._("Enter when the appointment of %(case)s starts and ends.", case=request.name))

    def _check_before_dispatched(self):
        for request in self:
            if not request.employee_id:
                raise UserError(self.env._("Choose who does the work of %(case)s.", case=request.name))
            if request.type_id.requires_appointment and not request.appointment_start:
                raise UserError(self.env._(
                    "%(case)s needs an appointment with the resident before dispatch.", case=request.name))

    def _check_before_done(self):
        """R8: the work record is complete, the checklist done, photos taken where the type asks for them."""
        for request in self:
            if not (request.work_summary or '').strip():
                raise UserError(self.env._("Write down what was done on %(case)s.", case=request.name))
            if request.state != 'in_progress':
                if request.kind not in ('enquiry', 'fee_query'):
                    raise UserError(self.env._("%(case)s must be dispatched and started before it is done.", case=request.name))
                continue
            if not request.work_start or not request.work_end:
                raise UserError(self.env._("Enter when the work on %(case)s started and ended.", case=request.name))
            open_steps = request.checklist_ids.filtered(lambda step: step.required and not step.done)
            if open_steps:
                raise UserError(self.env._("The checklist of %(case)s is not complete: %(steps)s.",
                                           case=request.name, steps=", ".join(open_steps.mapped('name'))))
            if request.type_id.requires_photo and not (request.photo_before_ids and request.photo_after_ids):
                raise UserError(self.env._("%(case)s needs a photo from before and one from after the work.", case=request.name))

    def _check_before_accepted(self):
        for request in self:
            if request.type_id.requires_signature and not request.signature and not request.resident_absent \
                    and not self._is_system():
                raise UserError(self.env._("%(case)s is accepted with the resident's signature.", case=request.name))

    @api.constrains('promised_at')
    def _check_promised_at(self):
        for request in self:
            if request.promised_at and request.create_date and request.promised_at < min(request.create_date, request.sla_start_at):
                raise ValidationError(self.env._("A reply cannot be promised for the past."))

    @api.constrains('merged_into_id')
    def _check_merged_into(self):
        for request in self:
            if request.merged_into_id.merged_into_id or (request.merged_into_id and request.merged_ids):
                raise ValidationError(self.env._("A request that was merged cannot take in others."))

    # ---- DOMAINS ----

    @api.model
    def _get_open_domain(self):
        return Domain('state', 'in', request_states.OPEN_STATES)
