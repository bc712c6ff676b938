from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Domain

from ..clock.clock_mixin import CLOCK_SYSTEM_FIELDS

#: Only code in this process can hold this object: a context sent over RPC cannot forge it.
_SYSTEM = object()

CHANNELS = [
    ('portal', "Portal"), ('phone', "Phone"), ('desk', "Front Desk"), ('visit', "Home Visit"), ('email', "E-mail"),
    ('letter', "Letter"), ('suggestion_box', "Suggestion Box"), ('survey', "Survey"), ('inspection', "Inspection"),
    ('app', "App"), ('other', "Other"),
]
PRIORITIES = [('0', "Normal"), ('1', "High"), ('2', "Urgent")]


class PropertyServiceCase(models.AbstractModel):
    """What requests and complaints share: who, where, what, through which channel, in whose hands, in which state.

    A concrete model sets the class attributes below, a ``state`` selection, and one Many2one of
    ``property.service.state.log`` that points back to it.
    """

    _name = 'property.service.case'
    _description = "Service Case"
    _inherit = ['portal.mixin', 'mail.thread', 'mail.activity.mixin', 'property.service.clock.mixin']
    _check_company_auto = True
    _mail_post_access = 'read'
    _rec_names_search = ['name', 'title']

    #: transition table: {state: {state, …}}
    _transitions = {}
    #: states in which nothing more is owed to the resident
    _closed_states = ()
    #: state -> action that leads there: its right is asked when the state is written directly
    _state_actions = {}
    #: action -> xml id of the least group; actions residents may take on their own cases
    _action_groups = {}
    _resident_actions = frozenset()
    #: action -> states it may begin in, where that is less than the table allows
    _action_from = {}
    #: states in which work is owed: their columns are shown even when they are empty
    _open_states = ()
    #: names of the fields that residents may read, and of those they may set at creation
    _portal_readable = frozenset()
    _portal_writable = frozenset()
    #: code of the ir.sequence
    _sequence_code = None
    #: facts that only the workflow writes: neither RPC nor an import can forge them (R104)
    _system_fields = CLOCK_SYSTEM_FIELDS | {
        'name', 'responded_at', 'done_at', 'closed_at', 'registered_by_id', 'rating_value'}

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    title = fields.Char(required=True)
    description = fields.Text(help="What happened, since when, what is wanted.")
    channel = fields.Selection(CHANNELS, required=True, default='phone')
    active = fields.Boolean(default=True, copy=False)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, compute='_compute_company_id', store=True, precompute=True)
    estate_id = fields.Many2one(
        'property.service.estate', index=True, compute='_compute_place', compute_sudo=False, store=True, readonly=False,
        precompute=True, check_company=True, ondelete='restrict')
    building_id = fields.Many2one(
        'property.service.building', index='btree_not_null', compute='_compute_place', compute_sudo=False, store=True,
        readonly=False, precompute=True, domain="[('estate_id', '=?', estate_id)]", ondelete='restrict')
    unit_id = fields.Many2one(
        'property.service.unit', index='btree_not_null', check_company=True, ondelete='restrict',
        domain="[('building_id', '=?', building_id), ('estate_id', '=?', estate_id)]")
    partner_id = fields.Many2one('res.partner', string="Resident", index='btree_not_null', ondelete='restrict')
    contact_name = fields.Char(
        compute='_compute_contact', compute_sudo=False, store=True, readonly=False, precompute=True,
        help="As told for this case.")
    contact_phone = fields.Char(
        compute='_compute_contact', compute_sudo=False, store=True, readonly=False, precompute=True,
        help="As told for this case.")
    priority = fields.Selection(PRIORITIES, required=True, default='0', index=True, tracking=True)
    user_id = fields.Many2one(
        'res.users', string="Case Owner", index='btree_not_null', tracking=True,
        domain="[('share', '=', False)]", help="Follows the case to its end (R10).")
    team_id = fields.Many2one('property.service.team', index='btree_not_null', tracking=True, check_company=True)
    employee_id = fields.Many2one(
        'hr.employee', string="Worker", index='btree_not_null', tracking=True, check_company=True, help="Does the work.")
    registered_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    attachment_ids = fields.Many2many('ir.attachment', string="Attachments", copy=False, bypass_search_access=True)
    rating_value = fields.Integer(string="Rating", readonly=True, copy=False, aggregator='avg', help="1 to 5, 5 is best.")
    is_closed = fields.Boolean(compute='_compute_is_closed', search='_search_is_closed')

    # ---- COMPUTES ----

    @api.depends('estate_id')
    def _compute_company_id(self):
        for case in self:
            case.company_id = case.estate_id.company_id or case.company_id or self.env.company

    @api.depends('unit_id')
    def _compute_place(self):
        for case in self:
            if case.unit_id:
                case.building_id = case.unit_id.building_id
                case.estate_id = case.unit_id.estate_id
            else:
                case.building_id = case.building_id
                case.estate_id = case.estate_id

    @api.depends('partner_id')
    def _compute_contact(self):
        for case in self:
            case.contact_name = case.partner_id.name or case.contact_name
            case.contact_phone = case.partner_id.phone or case.contact_phone

    @api.depends('state')
    def _compute_is_closed(self):
        for case in self:
            case.is_closed = case.state in self._closed_states

    def _search_is_closed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = Domain('state', 'in', self._closed_states)
        if set(value) == {True}:
            return domain
        return ~domain if set(value) == {False} else Domain.TRUE

    @api.depends('name', 'title')
    def _compute_display_name(self):
        for case in self:
            number = case.name if case.name != '/' else False
            case.display_name = " ".join(filter(None, (number, case.title)))

    @api.model
    def _group_expand_state(self, states, domain):
        return [key for key, _label in self._fields['state'].selection if key in self._open_states or key in states]

    # ---- CONSTRAINTS ----

    @api.constrains('estate_id', 'building_id', 'unit_id')
    def _check_place(self):
        for case in self:
            if case.unit_id and case.unit_id.building_id != case.building_id \
                    or case.building_id and case.building_id.estate_id != case.estate_id:
                raise ValidationError(self.env._("Unit, building and estate of %(case)s do not belong together.",
                                                 case=case.display_name))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Number the cases and open their state logs, in a constant number of queries."""
        if not self._is_system():
            for vals in vals_list:
                self._check_system_fields(vals.keys() - {'name'} if vals.get('name') == '/' else vals)
                if vals.get('state', 'new') != 'new':
                    raise UserError(self.env._("A case begins as submitted: its state changes by its steps."))
        unnumbered = [index for index, vals in enumerate(vals_list) if vals.get('name', '/') == '/']
        vals_list = [dict(vals) for vals in vals_list]
        numbers = self.env['ir.sequence'].sudo()._next_numbers(  # sudo: residents create cases, sequences are internal
            self._sequence_code, len(unnumbered))
        for index, number in zip(unnumbered, numbers):
            vals_list[index]['name'] = number
        # The state log says who created the case and when: the "created" note of the chatter would only repeat it.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        cases = super(PropertyServiceCase, quiet).create(vals_list)
        cases = cases.with_env(self.env)
        cases._log_states({}, at=fields.Datetime.now())
        cases._wake_escalation()
        return cases

    def write(self, vals):
        """A state is never just written: it goes through the transition table, whoever asks."""
        if self._is_system():
            return super().write(vals)
        self._check_system_fields(vals)
        if 'state' not in vals:
            return super().write(vals)
        vals = dict(vals)
        state = vals.pop('state')
        result = super().write(vals) if vals else True
        moved = self.filtered(lambda case: case.state != state)
        if moved:
            moved._write_state(state)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if any(case.state != 'new' for case in self):
            raise UserError(self.env._("A registered case stays on file: archive it instead."))

    # ---- PROTECTION ----

    @api.model
    def _is_system(self):
        return self.env.context.get('property_service_system') is _SYSTEM

    def _as_system(self):
        """Return the records in an environment that may write what only the workflow writes. Access rights stay."""
        return self.with_context(property_service_system=_SYSTEM)

    @api.model
    def _check_system_fields(self, names):
        if self.env.context.get('install_mode') and self.env.su:
            return
        forged = self._system_fields.intersection(names)
        if forged:
            raise UserError(self.env._(
                "%(fields)s cannot be entered: the workflow sets it.",
                fields=", ".join(self._fields[name]._description_string(self.env) or name for name in sorted(forged))))

    # ---- RIGHTS ----

    def _authorize(self, action):
        """Check that the user may take ``action`` on the cases and return them ready for it.

        Staff need the group of the action and write access; residents may take the actions of residents on their own
        visible cases, and work on with elevated rights because they have no write access at all.

        :param str action: key of ``_action_groups`` or ``_resident_actions``
        :raises AccessError: when the user may not
        """
        if self.env.su:
            self._check_action_from(action)
            return self
        self._check_visible()
        if not self.env.user._is_internal():
            own = self.sudo().filtered(lambda case: case.partner_id == self.env.user.partner_id)  # sudo: compare only
            if action not in self._resident_actions or own != self:
                raise AccessError(self.env._("You cannot do this."))
            self.sudo()._check_action_from(action)  # sudo: reads the state
            return self._as_resident_action()
        group = self._action_groups.get(action)
        if not group or not self.env.user.has_group(group):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        self._check_action_from(action)
        return self

    def _check_action_from(self, action):
        """Raise UserError for cases in whose state ``action`` makes no sense."""
        states = self._action_from.get(action)
        if not states:
            return
        for case in self:
            if case.state not in states:
                labels = dict(self._fields['state']._description_selection(self.env))
                raise UserError(self.env._(
                    "%(case)s is %(state)s: this step is not possible now.", case=case.name, state=labels[case.state]))

    # ---- STATES ----

    def _write_state(self, state):
        """Take the step to a state that somebody has written: an import, a client of the API."""
        self._authorize(self._state_actions.get(state))._set_state(state)

    def _set_state(self, state, reason=None, waiting_reason=None, **vals):
        """Move the cases to ``state``: lock, check, write, log, and tell whoever hangs on it.

        :param str state: the state to enter
        :param str reason: told by the user, kept in the log
        :param waiting_reason: ``property.service.waiting.reason`` record when work is suspended
        :param vals: field values written with the state
        :raises UserError: the table does not allow it, or what the state requires is missing
        :raises LockError: somebody else is changing one of the cases at this moment
        """
        if not self:
            return
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(self.env._("Somebody else is working on this case right now. Try again in a moment.")) from error
        labels = dict(self._fields['state']._description_selection(self.env))
        for case in self:
            if state not in self._transitions[case.state]:
                raise UserError(self.env._(
                    "%(case)s is %(from_state)s and cannot become %(to_state)s.",
                    case=case.name, from_state=labels[case.state], to_state=labels.get(state, state)))
        if vals:
            self._as_system().write(vals)
        self._check_state_requirements(state)
        before = {case.id: case.state for case in self}
        now = fields.Datetime.now()
        for case_vals, cases in self._group_state_values(state, now):
            cases._as_system().write({'state': state, **case_vals})
        self._log_states(before, at=now, reason=reason, waiting_reason=waiting_reason)
        self._clock_state_changed(before)
        self._after_state_change(before)

    def _group_state_values(self, state, now):
        """Return ``[(vals, cases), …]``: what is written together with the new state."""
        return [({}, self)]

    def _check_state_requirements(self, state):
        """Raise UserError when something that ``state`` requires is missing: ``_check_before_<state>`` says what."""
        check = getattr(self, f'_check_before_{state}', None)
        if check:
            check()

    def _after_state_change(self, before):
        """React to a change of state. ``before``: {case id: previous state}; empty for new cases."""

    def _mark_responded(self, at=None):
        """Record the first real answer to the resident, once (R31)."""
        unanswered = self.filtered(lambda case: not case.responded_at)
        if unanswered:
            unanswered._as_system().write({'responded_at': at or fields.Datetime.now()})

    # ---- RELATED CASES ----

    def _get_related_domain(self):
        """Return the Domain of cases that may be the same matter: same unit, open or of the last 90 days."""
        self.ensure_one()
        if not self.unit_id:
            return Domain.FALSE
        since = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        domain = Domain('unit_id', '=', self.unit_id.id) & (
            ~Domain('state', 'in', self._closed_states) | Domain('create_date', '>=', since))
        return domain & Domain('id', '!=', self._origin.id) if self._origin else domain

    # ---- MAIL ----

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ['partner_id']

    def _get_told_partners(self):
        """Return {case: partners who are told about it}: the resident, as long as the case may be seen."""
        told = defaultdict(self.env['res.partner'].browse)
        for case in self:
            told[case] = case.partner_id
        return told
