from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..cases.case import PRIORITIES
from ..clock.clock_mixin import CLOCK_SYSTEM_FIELDS
from . import corrective_action_states as states

#: The matter, the plan and the evidence: they stand as they were judged.
CONTENT_FIELDS = frozenset({
    'title', 'description', 'origin', 'origin_complaint_id', 'origin_request_id', 'origin_callback_id', 'cause', 'cause_text', 'plan',
    'responsible_id', 'deadline', 'estate_id', 'building_id', 'unit_id', 'category_id', 'team_id', 'employee_id', 'photo_before_ids',
    'photo_after_ids', 'measure', 'measure_days', 'result',
})


class PropertyServiceCorrectiveAction(models.Model):
    """A corrective action 整改: what went wrong, why, who puts it right by when, and whether it helped (R61-R63).

    The steps stand in ``corrective_action_workflow.py``, its clock in ``corrective_action_clock.py``, the figures before and after in
    ``corrective_action_effect.py``, how other areas open one in ``corrective_action_origin.py``.
    """

    _name = 'property.service.corrective.action'
    _description = "Corrective Action"
    _inherit = ['property.service.clock.mixin', 'mail.thread', 'mail.activity.mixin', 'property.service.place.mixin']
    _order = 'priority desc, deadline, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _rec_names_search = ['name', 'title']

    _transitions = states.TRANSITIONS
    _closed_states = states.CLOSED_STATES
    _open_states = states.OPEN_STATES
    _initial_state = 'draft'
    _state_actions = states.STATE_ACTIONS
    _action_groups = states.ACTION_GROUPS
    _action_from = states.ACTION_FROM
    _step_wizard = ('property.service.corrective.action.step', 'action_ids')
    _sequence_code = 'property.service.corrective.action'
    _state_log_field = 'corrective_action_id'
    _system_fields = CLOCK_SYSTEM_FIELDS | frozenset({
        'name', 'round', 'previous_id', 'pattern_key', 'done_at', 'done_by_id', 'verified_by_id', 'verified_at', 'verify_note', 'closed_at'})

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    title = fields.Char(required=True, tracking=True)
    state = fields.Selection(
        states.STATES, required=True, default='draft', readonly=True, copy=False, index=True, tracking=True,
        group_expand='_group_expand_state')
    active = fields.Boolean(default=True, copy=False)
    priority = fields.Selection(PRIORITIES, required=True, default='0', tracking=True)

    origin = fields.Selection(states.ORIGINS, required=True, default='other', index=True)
    origin_complaint_id = fields.Many2one(
        'property.service.complaint', string="From Complaint", index='btree_not_null', check_company=True, ondelete='restrict')
    origin_request_id = fields.Many2one(
        'property.service.request', string="From Request", index='btree_not_null', check_company=True, ondelete='restrict')
    origin_callback_id = fields.Many2one(
        'property.service.callback', string="From Callback", index='btree_not_null', check_company=True, ondelete='restrict')
    complaint_ids = fields.Many2many(
        'property.service.complaint', 'property_service_corrective_complaint_rel', 'action_id', 'complaint_id', string="Complaints",
        copy=False, check_company=True, help="Complaints of the same problem.")
    complaint_count = fields.Integer(compute='_compute_complaint_count')

    category_id = fields.Many2one('property.service.category', index='btree_not_null', check_company=True, tracking=True)
    team_id = fields.Many2one(
        'property.service.team', index='btree_not_null', check_company=True, tracking=True, help="The team whose work it is about.")
    employee_id = fields.Many2one(
        'hr.employee', string="About Employee", index='btree_not_null', check_company=True,
        help="The employee whose work it is about, if it is one employee's.")

    description = fields.Text(string="Problem", help="What goes wrong, where, since when, how often.")
    cause = fields.Selection(states.CAUSES, index='btree_not_null', tracking=True, help="Branch of the fishbone (R28).")
    cause_text = fields.Text(string="Cause in Words")
    plan = fields.Text(help="What is done so that it does not happen again (R61).")
    responsible_id = fields.Many2one(
        'hr.employee', index='btree_not_null', check_company=True, tracking=True, help="Carries the plan out, and does not verify it.")
    deadline = fields.Date(string="Completion Deadline", index=True, tracking=True)
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')
    photo_before_ids = fields.Many2many(
        'ir.attachment', 'property_service_corrective_before_rel', string="Evidence Before", copy=False, bypass_search_access=True)
    photo_after_ids = fields.Many2many(
        'ir.attachment', 'property_service_corrective_after_rel', string="Evidence After", copy=False, bypass_search_access=True)

    result = fields.Text(copy=False, help="What was done.")
    done_at = fields.Datetime(string="Completed On", readonly=True, copy=False)
    done_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    verified_by_id = fields.Many2one('res.users', readonly=True, copy=False, help="Somebody else than who is responsible.")
    verified_at = fields.Datetime(readonly=True, copy=False)
    verify_note = fields.Text(string="Finding of the Verification", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)

    round = fields.Integer(default=1, readonly=True, copy=False, aggregator='max', help="1, or one more than the ineffective round before.")
    previous_id = fields.Many2one(
        'property.service.corrective.action', string="Round Before", readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    next_ids = fields.One2many('property.service.corrective.action', 'previous_id', string="Next Round")
    pattern_key = fields.Char(
        readonly=True, copy=False, help="The repeated problem that opened it: only one open action for each.")

    state_log_ids = fields.One2many('property.service.state.log', 'corrective_action_id', readonly=True)

    _order_index = models.Index('(priority DESC, deadline, id DESC)')
    # The repeat rule opens one action per pattern, whoever runs it at the same moment.
    _one_open_per_pattern = models.UniqueIndex(
        "(company_id, pattern_key) WHERE pattern_key IS NOT NULL AND state IN ('draft', 'planned', 'in_progress', 'done')",
        "There is an open corrective action for this problem already.")
    _one_next_round = models.UniqueIndex('(previous_id) WHERE previous_id IS NOT NULL', "The next round has been opened already.")

    # ---- COMPUTES ----

    @api.depends('name', 'title')
    def _compute_display_name(self):
        for action in self:
            number = action.name if action.name != '/' else False
            action.display_name = " ".join(filter(None, (number, action.title)))

    @api.depends('complaint_ids')
    def _compute_complaint_count(self):
        for action in self:
            action.complaint_count = len(action.complaint_ids)

    @api.depends('deadline', 'done_at', 'state')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            ended = fields.Datetime.context_timestamp(action, action.done_at).date() if action.done_at else today
            action.is_late = bool(action.deadline and action.state != 'cancelled' and ended > action.deadline)

    def _search_is_late(self, operator, value):
        """Find open actions whose deadline has passed: of finished ones the list shows by how much they were."""
        if operator != 'in':
            return NotImplemented
        late = Domain('state', 'in', ('draft', 'planned', 'in_progress')) \
            & Domain('deadline', '<', fields.Date.context_today(self))
        return late if set(value) == {True} else ~late if set(value) == {False} else Domain.TRUE

    # ---- CRUD ----

    def write(self, vals):
        """What was judged stands as it was judged: the content of a closed action is not changed any more (R104)."""
        if not self._is_system() and vals.keys() & CONTENT_FIELDS:
            for action in self:
                if action.state in states.CLOSED_STATES:
                    raise UserError(self.env._("%(action)s is closed: what it says stands.", action=action.name))
                if action.state == 'done' and vals.keys() - {'photo_after_ids', 'measure', 'measure_days', 'origin', 'category_id'} \
                        & CONTENT_FIELDS:
                    raise UserError(self.env._(
                        "%(action)s waits for its verification: return it before you change it.", action=action.name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(action.state != 'draft' for action in self):
            raise UserError(self.env._("A corrective action that was planned stays on file: cancel or archive it instead."))

    # ---- RECIPIENTS ----

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []

    def _get_log_values(self, waiting_reason):
        return {**super()._get_log_values(waiting_reason), 'employee_id': self.responsible_id.id}

    # ---- SMART BUTTONS ----

    def action_open_complaints(self):
        """Return the act_window of the complaints of the same problem."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.complaint_action'),
            'domain': [('id', 'in', self.complaint_ids.ids)], 'context': {},
        }

    def action_open_rounds(self):
        """Return the act_window of all rounds of this action."""
        self.ensure_one()
        first = self
        while first.previous_id:
            first = first.previous_id
        rounds = last = first
        while last.next_ids:
            last = last.next_ids
            rounds |= last
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('id', 'in', rounds.ids)], 'context': {'active_test': False},
        }
