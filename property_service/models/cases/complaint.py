from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import clean_context

from ...tools import severity as severity_rules
from . import complaint_states

PORTAL_READABLE = {
    'id', 'name', 'title', 'description', 'channel', 'estate_id', 'building_id', 'unit_id', 'partner_id', 'contact_name',
    'contact_phone', 'priority', 'kind', 'category_id', 'state',
    'portal_reply', 'answered_at', 'answer_response', 'responded_at', 'done_at', 'closed_at',
    'reopen_count', 'transferred_to', 'display_name', 'create_date', 'write_date', 'access_url', 'is_closed', 'active', 'company_id',
    'response_deadline', 'resolution_deadline', 'chase_count', 'last_chased_at', 'occurred_at', 'demand', 'transfer_reason',
}
PORTAL_WRITABLE = {
    'title', 'description', 'estate_id', 'building_id', 'unit_id', 'kind', 'category_id', 'contact_name', 'contact_phone', 'channel',
    'request_id', 'occurred_at', 'demand',
}


class PropertyServiceComplaint(models.Model):
    """A complaint, suggestion or praise 投诉/建议/表扬. The workflow stands in ``complaint_workflow.py``."""

    _name = 'property.service.complaint'
    _description = "Complaint"
    _inherit = ['property.service.case']
    _order = 'priority desc, id desc'

    _transitions = complaint_states.TRANSITIONS
    _closed_states = complaint_states.CLOSED_STATES
    _open_states = complaint_states.OPEN_STATES
    _portal_readable = frozenset(PORTAL_READABLE)
    _portal_writable = frozenset(PORTAL_WRITABLE)
    _portal_path = '/my/complaints'
    _finished_states = complaint_states.FINISHED_STATES
    _report_key_fields = ('unit_id', 'kind', 'title', 'description')
    _action_groups = complaint_states.ACTION_GROUPS
    _resident_actions = complaint_states.RESIDENT_ACTIONS
    _state_actions = complaint_states.STATE_ACTIONS
    _sequence_code = 'property.service.complaint'
    _state_log_field = 'complaint_id'
    _clock_applies_to = 'complaint'
    _sla_event_field = 'complaint_id'
    _clock_stopped_states = complaint_states.FINISHED_STATES
    #: the resident is told who is in charge instead
    _clock_answering_states = ('transferred',)
    _clock_criteria = ('priority', 'category_id', 'estate_id', 'team_id', 'company_id', 'kind', 'anonymous')

    @property
    def _system_fields(self):
        return super()._system_fields | {
            'answered_at', 'answered_by_id', 'reply_channel', 'answer_response', 'reopen_count', 'reopen_reason', 'is_repeat',
            'repeat_note', 'transferred_to', 'transfer_reason',
        }

    state = fields.Selection(
        complaint_states.STATES, required=True, default='new', readonly=True, copy=False, index=True, tracking=True,
        group_expand='_group_expand_state')
    kind = fields.Selection(
        [('complaint', "Complaint"), ('suggestion', "Suggestion"), ('praise', "Praise")],
        required=True, default='complaint', index=True, tracking=True)
    category_id = fields.Many2one('property.service.category', index='btree_not_null', tracking=True, check_company=True)
    team_id = fields.Many2one(compute='_compute_team_id', store=True, readonly=False, precompute=True)
    user_id = fields.Many2one(default=lambda self: self.env.user if self.env.user.has_group('property_service.group_agent') else False)

    anonymous = fields.Boolean(
        tracking=True, help="The complainant does not want to be known: no portal access; the answer is a notice kept on file.")
    complainant_ids = fields.Many2many(
        'res.partner', 'property_service_complaint_complainant_rel', string="Other Complainants",
        help="Others with the same complaint: told whatever the first one is told.")
    request_id = fields.Many2one(
        'property.service.request', string="About Request", index='btree_not_null', check_company=True,
        help="The service request the complaint is about.")
    about_team_id = fields.Many2one('property.service.team', index='btree_not_null', check_company=True)
    about_employee_id = fields.Many2one(
        'hr.employee', index='btree_not_null', check_company=True, help="Complained about, or praised.")
    disclosed = fields.Boolean(
        string="Open to the Employee", tracking=True,
        help="The employee complained about sees this complaint, and with it who complained, only if the supervisor allows it.")

    impact = fields.Selection(
        [('1', "One household"), ('2', "Several households"), ('3', "A building or more")], required=True, default='1')
    urgency = fields.Selection(
        [('1', "Can wait"), ('2', "Soon"), ('3', "Danger or damage now")], required=True, default='1')
    severity = fields.Selection(
        [('minor', "Minor"), ('major', "Major"), ('critical', "Critical")], required=True, tracking=True,
        compute='_compute_severity', store=True, readonly=False, precompute=True)
    priority = fields.Selection(compute='_compute_priority', store=True, readonly=False, precompute=True, default=None)

    cause = fields.Selection(
        [('people', "People"), ('method', "Method"), ('material', "Material"), ('equipment', "Equipment"),
         ('environment', "Environment")], tracking=True, index='btree_not_null', help="Branch of the fishbone (R28).")
    cause_text = fields.Text(string="Cause in Words")
    findings = fields.Text(help="What the investigation found.")
    measure = fields.Text(help="What was done about it.")
    fault = fields.Selection([('team', "Team"), ('employee', "Employee"), ('none', "Nobody")], tracking=True)
    fault_team_id = fields.Many2one('property.service.team', string="Team at Fault", check_company=True, index='btree_not_null')
    fault_employee_id = fields.Many2one('hr.employee', string="Employee at Fault", check_company=True, index='btree_not_null')
    fault_decided_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    currency_id = fields.Many2one(related='company_id.currency_id')
    compensation = fields.Monetary(tracking=True)
    compensation_granted_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    reply_template_id = fields.Many2one(
        'mail.template', domain="[('model', '=', 'property.service.complaint'), ('property_reply_letter', '=', True)]", copy=False)
    reply = fields.Html(compute='_compute_reply', store=True, readonly=False, copy=False, sanitize=True)
    reply_channel = fields.Selection(
        [('mail', "Mail and Portal"), ('phone', "Phone"), ('visit', "Visit"), ('letter', "Letter"), ('notice', "Notice on File")],
        readonly=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one('res.users', string="Who Answered", readonly=True, copy=False)
    answer_response = fields.Selection(
        [('accepted', "Agrees"), ('not_accepted', "Does Not Agree")], string="Resident's Response", readonly=True, copy=False)
    reopen_count = fields.Integer(string="Reopened", readonly=True, copy=False)
    reopen_reason = fields.Text(readonly=True, copy=False)
    transferred_to = fields.Char(readonly=True, copy=False, help="Who is in charge instead.")
    transfer_reason = fields.Text(readonly=True, copy=False)
    is_repeat = fields.Boolean(string="Repeated", readonly=True, copy=False, index='btree_not_null')
    repeat_note = fields.Char(readonly=True, copy=False)

    state_log_ids = fields.One2many('property.service.state.log', 'complaint_id', readonly=True)
    related_ids = fields.Many2many('property.service.complaint', compute='_compute_related_ids', string="Related Complaints")

    _order_index = models.Index('(priority DESC, id DESC)')
    _state_order_index = models.Index('(state, priority DESC, id DESC)')
    _partner_index = models.Index('(partner_id, id DESC) WHERE partner_id IS NOT NULL')
    _repeat_index = models.Index("(category_id, create_date) WHERE kind = 'complaint'")
    _compensation_not_negative = models.Constraint('CHECK(compensation >= 0)', "A compensation cannot be negative.")

    # ---- COMPUTES ----

    @api.depends('category_id')
    def _compute_team_id(self):
        self._route(lambda complaint: complaint.category_id.team_id)

    @api.depends('impact', 'urgency')
    def _compute_severity(self):
        for complaint in self:
            complaint.severity = severity_rules.severity(complaint.impact or '1', complaint.urgency or '1')

    @api.depends('severity')
    def _compute_priority(self):
        for complaint in self:
            complaint.priority = severity_rules.priority(complaint.severity or 'minor')

    @api.depends('reply_template_id')
    def _compute_reply(self):
        for complaint in self:
            if complaint.reply_template_id and complaint.id:
                template = complaint.reply_template_id.with_context(lang=complaint.partner_id.lang or self.env.lang)
                complaint.reply = template._render_field('body_html', complaint.ids)[complaint.id]
            else:
                complaint.reply = complaint.reply

    @api.depends('unit_id', 'category_id')
    def _compute_related_ids(self):
        for complaint in self:
            complaint.related_ids = self.search(complaint._get_related_domain(), limit=20, order='id desc')

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Create complaints. An anonymous one keeps no resident; residents' own are completed in ``complaint_portal.py``."""
        if not self.env.su and not self.env.user._is_internal():
            return self.with_context(clean_context(self.env.context))._create_by_resident(vals_list)
        vals_list = [self._sign_decisions(vals) for vals in vals_list]
        complaints = super().create(vals_list)
        for vals, complaint in zip(vals_list, complaints):
            complaint._check_authority(vals)
        return complaints

    def write(self, vals):
        """Decisions need the authority for them (R19)."""
        if not self._is_system():
            self._check_authority(vals)
            self._check_severity_kept(vals)
            vals = self._sign_decisions(vals)
        return super().write(vals)

    @api.model
    def _sign_decisions(self, vals):
        """Return the values with who decided, which is recorded and not entered (R104), and without whom an anonymous complaint hides."""
        vals = {name: value for name, value in vals.items() if name not in ('fault_decided_by_id', 'compensation_granted_by_id')}
        if vals.keys() & {'fault', 'fault_team_id', 'fault_employee_id'}:
            vals['fault_decided_by_id'] = self.env.uid
        if 'compensation' in vals:
            vals['compensation_granted_by_id'] = self.env.uid if vals['compensation'] else False
        if vals.get('anonymous'):
            vals.update(partner_id=False, contact_name=False, contact_phone=False)
        return vals

    def copy_data(self, default=None):
        """A copy is a new complaint: it starts at the beginning, undecided."""
        return super().copy_data({'state': 'new', 'fault': False, 'compensation': 0, **(default or {})})

    # ---- AUTHORITY ----

    def _check_authority(self, vals):
        """Refuse severity, fault or compensation that the user's role may not decide.

        :param dict vals: what is about to be written; only decisions in it are checked
        :raises AccessError: with the limit of the role in words
        """
        decisions = vals.keys() & {'severity', 'fault', 'fault_team_id', 'fault_employee_id', 'compensation'}
        if self.env.su or not decisions:
            return
        for company in self.company_id or self.env.company:
            authority = self.env['property.service.authority']._get_for_user(company)
            if vals.get('severity') and not authority._may_set_severity(vals['severity']):
                labels = dict(self._fields['severity']._description_selection(self.env))
                raise AccessError(self.env._(
                    "You may not set the severity %(severity)s: your role's limit is %(limit)s.",
                    severity=labels[vals['severity']], limit=labels.get(authority.max_severity, self.env._("none"))))
            if (vals.get('fault') or vals.get('fault_team_id') or vals.get('fault_employee_id')) and not authority.decides_fault:
                raise AccessError(self.env._("Your role does not decide who is at fault: ask your supervisor."))
            if vals.get('compensation') and not authority._may_grant(vals['compensation']):
                raise AccessError(self.env._(
                    "You may not grant a compensation of %(amount)s: your role's limit is %(limit)s.",
                    amount=company.currency_id.format(vals['compensation']),
                    limit=company.currency_id.format(authority.compensation_limit)))

    def _check_severity_kept(self, vals):
        """Refuse to take away a severity that the user's role may not set: whoever cannot decide it cannot undo it either."""
        if self.env.su or not vals.keys() & {'severity', 'impact', 'urgency'}:
            return
        for complaint in self:
            authority = self.env['property.service.authority']._get_for_user(complaint.company_id)
            if not authority._may_set_severity(complaint.severity):
                labels = dict(self._fields['severity']._description_selection(self.env))
                raise AccessError(self.env._(
                    "%(case)s is %(severity)s: your role may not change that. Ask your supervisor.",
                    case=complaint.name, severity=labels[complaint.severity]))

    # ---- CLOCK ----

    @api.model
    def _adapt_snapshot(self, case, snapshot):
        """There is nothing to solve about praise, and nobody to answer about an anonymous complaint."""
        policy_id, response_hours, resolution_hours, *rest = snapshot
        if case['kind'] == 'praise':
            resolution_hours = 0.0
        if case['anonymous']:
            response_hours = 0.0
        return (policy_id, response_hours, resolution_hours, *rest)

    # ---- REQUIREMENTS ----

    def _check_before_registered(self):
        """R20: what, about what, where, and whom to answer (unless anonymous)."""
        for complaint in self:
            missing = [self._fields[name]._description_string(self.env)
                       for name in ('title', 'description', 'category_id', 'estate_id')
                       if not complaint[name] and not (name == 'estate_id' and complaint.suggested_by_id)]
            if not complaint.anonymous and not complaint.partner_id and not (complaint.contact_name and complaint.contact_phone):
                missing.append(self.env._("Resident, or contact name and phone"))
            if missing:
                raise UserError(self.env._("%(case)s cannot be registered yet. Missing: %(fields)s.",
                                           case=complaint.name, fields=", ".join(missing)))

    def _check_before_assigned(self):
        for complaint in self:
            if not complaint.team_id and not complaint.employee_id:
                raise UserError(self.env._("Choose the team or the employee who handles %(case)s.", case=complaint.name))
            if complaint.employee_id and complaint.employee_id == complaint.about_employee_id and complaint.kind == 'complaint':
                raise UserError(self.env._("%(case)s cannot be handled by the employee it is about.", case=complaint.name))

    def _check_before_resolved(self):
        for complaint in self:
            if complaint.kind == 'complaint' and complaint.state != 'investigating':
                raise UserError(self.env._("%(case)s must be investigated before it is resolved.", case=complaint.name))
            missing = [name for name in ('measure', 'reply') if not complaint[name]]
            if complaint.kind == 'complaint' and not complaint.cause:
                missing.append('cause')
            if missing:
                raise UserError(self.env._(
                    "%(case)s is not resolved yet. Missing: %(fields)s.", case=complaint.name,
                    fields=", ".join(self._fields[name]._description_string(self.env) for name in missing)))

    def _check_before_answered(self):
        for complaint in self:
            if complaint.kind != 'praise' and complaint.state == 'registered':
                raise UserError(self.env._("Only praise is answered without being handled first."))
            if not complaint.reply:
                raise UserError(self.env._("Write the reply to the resident of %(case)s first.", case=complaint.name))

    def _check_before_closed(self):
        """R23: nothing is closed without an answer to the resident."""
        for complaint in self:
            if not complaint.answered_at:
                raise UserError(self.env._("%(case)s cannot be closed: the resident has not been answered.", case=complaint.name))

    # ---- RELATED CASES ----

    def _get_related_domain(self):
        """Complaints of the same unit, and open ones of the same category in the same building."""
        domain = super()._get_related_domain()
        if self.building_id and self.category_id:
            domain |= (
                Domain('building_id', '=', self.building_id.id) & Domain('category_id', '=', self.category_id.id)
                & Domain('state', 'in', complaint_states.OPEN_STATES) & Domain('id', '!=', self._origin.id or 0))
        return domain
