from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_QUALITY = 'property_service.group_quality,property_service.group_manager'
STATES = [('planned', "Planned"), ('done', "Held"), ('cancelled', "Cancelled")]
#: Once held, a meeting says what was said; who reopens it leaves a line in its log.
CONTENT_FIELDS = frozenset({
    'title', 'month', 'date', 'place', 'chair_id', 'minute_taker_id', 'participant_ids', 'absent_ids', 'guest_ids', 'minutes', 'line_ids',
    'decision_ids', 'company_id'})


class PropertyServiceQualityMeeting(models.Model):
    """The quality meeting 质量分析会议 of a month: its agenda comes from the figures, its decisions become corrective actions (R64).

    The agenda is built in ``meeting_agenda.py``, minutes and the next meeting stand in ``meeting_minutes.py``.
    """

    _name = 'property.service.quality.meeting'
    _description = "Quality Meeting"
    _inherit = ['property.service.workflow', 'mail.thread', 'mail.activity.mixin', 'property.service.employee.lists']
    _order = 'month desc, date desc, id desc'
    _check_company_auto = True
    _rec_names_search = ['name', 'title']

    _transitions = {'planned': {'done', 'cancelled'}, 'done': {'planned'}, 'cancelled': set()}
    _closed_states = ('done', 'cancelled')
    _open_states = ('planned',)
    _initial_state = 'planned'
    _state_actions = {'planned': 'reopen', 'done': 'done', 'cancelled': 'cancel'}
    _action_groups = {'done': _QUALITY, 'cancel': _QUALITY, 'reopen': _QUALITY}
    _action_from = {'done': ('planned',), 'reopen': ('done',)}
    _sequence_code = 'property.service.quality.meeting'
    _state_log_field = 'quality_meeting_id'
    _system_fields = frozenset({'name', 'previous_id', 'figures_at', 'sent_at'})

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    title = fields.Char(required=True, compute='_compute_title', store=True, readonly=False, precompute=True)
    state = fields.Selection(STATES, required=True, default='planned', readonly=True, copy=False, index=True, tracking=True)
    active = fields.Boolean(default=True, copy=False)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    month = fields.Date(
        required=True, index=True, tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(months=1), help="Whose figures are looked at.")
    date = fields.Datetime(required=True, tracking=True, default=lambda self: self._get_default_date())
    duration = fields.Float(string="Duration (Hours)", default=1.5)
    date_end = fields.Datetime(compute='_compute_date_end')
    place = fields.Char(string="Venue")
    chair_id = fields.Many2one('hr.employee', check_company=True, index='btree_not_null')
    minute_taker_id = fields.Many2one('hr.employee', string="Minutes By", check_company=True, index='btree_not_null')
    participant_ids = fields.Many2many('hr.employee', 'property_service_meeting_employee_rel', string="Participants", check_company=True)
    absent_ids = fields.Many2many(
        'hr.employee', 'property_service_meeting_absent_rel', copy=False, domain="[('id', 'in', participant_ids)]")
    guest_ids = fields.Many2many(
        'res.partner', 'property_service_meeting_guest_rel', string="Guests", help="Owners' representatives, firms: they get the minutes.")
    line_ids = fields.One2many('property.service.quality.meeting.line', 'meeting_id', string="Agenda", copy=False)
    decision_ids = fields.One2many('property.service.quality.decision', 'meeting_id', string="Decisions", copy=False)
    minutes = fields.Html(string="Meeting Minutes", copy=False, help="What was said beside the agenda.")
    figures_at = fields.Datetime(string="Figures As Of", readonly=True, copy=False)
    sent_at = fields.Datetime(string="Minutes Sent", readonly=True, copy=False)
    is_recurring = fields.Boolean(string="Every Month", default=True, help="The next meeting is planned ahead, with the same people.")
    previous_id = fields.Many2one(
        'property.service.quality.meeting', string="Meeting Before", readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    next_ids = fields.One2many('property.service.quality.meeting', 'previous_id', string="Next Meeting")
    decision_count = fields.Integer(compute='_compute_decision_count')
    corrective_ids = fields.One2many('property.service.corrective.action', 'origin_meeting_id', string="Corrective Actions")
    corrective_count = fields.Integer(compute='_compute_corrective_count')
    state_log_ids = fields.One2many('property.service.state.log', 'quality_meeting_id', readonly=True)

    _one_next = models.UniqueIndex('(previous_id) WHERE previous_id IS NOT NULL', "The next meeting has been planned already.")
    _duration_range = models.Constraint('CHECK(duration > 0 AND duration <= 24)', "A meeting lasts up to 24 hours.")

    # ---- DEFAULTS AND COMPUTES ----

    @api.model
    def _get_default_date(self):
        """Return the fifth of this month, or of the next one when that has passed, at ten."""
        today = fields.Date.context_today(self)
        day = today.replace(day=5)
        if day < today:
            day += relativedelta(months=1)
        return fields.Datetime.to_datetime(day) + relativedelta(hours=2)

    @api.depends('month')
    def _compute_title(self):
        for meeting in self:
            if meeting.month:
                meeting.title = meeting.company_id._in_language(meeting).env._("Quality Meeting %(month)s", month=meeting.month.strftime('%Y-%m'))

    @api.depends('name', 'title')
    def _compute_display_name(self):
        for meeting in self:
            meeting.display_name = meeting.title or meeting.name

    @api.depends('date', 'duration')
    def _compute_date_end(self):
        for meeting in self:
            meeting.date_end = meeting.date and meeting.date + relativedelta(minutes=round(60 * meeting.duration))

    @api.depends('decision_ids')
    def _compute_decision_count(self):
        for meeting in self:
            meeting.decision_count = len(meeting.decision_ids)

    @api.depends('corrective_ids')
    def _compute_corrective_count(self):
        counts = dict(self.env['property.service.corrective.action']._read_group(
            [('origin_meeting_id', 'in', self.ids)], ['origin_meeting_id'], ['__count']))
        for meeting in self:
            meeting.corrective_count = counts.get(meeting, 0)

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """A new meeting has its agenda at once."""
        vals_list = [{**vals, **({'month': fields.Date.to_date(vals['month']).replace(day=1)} if vals.get('month') else {})}
                     for vals in vals_list]
        meetings = super().create(vals_list)
        for meeting in meetings:
            meeting._build_agenda()
        return meetings

    def write(self, vals):
        """What was held stands as it was written down; another month has other figures."""
        if vals.get('month'):
            vals = {**vals, 'month': fields.Date.to_date(vals['month']).replace(day=1)}
        if not self._is_system() and vals.keys() & CONTENT_FIELDS:
            for meeting in self:
                if meeting.state != 'planned':
                    raise UserError(self.env._("%(meeting)s is over: its minutes stand.", meeting=meeting.display_name))
        moved = self.filtered(lambda meeting: vals.get('month') and meeting.month != vals['month'])
        result = super().write(vals)
        for meeting in moved:
            meeting._build_agenda()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(meeting.state == 'done' for meeting in self):
            raise UserError(self.env._("A meeting that was held stays on file."))

    # ---- STEPS ----

    def action_done(self):
        """The meeting was held: its figures and minutes stand from now on, and the next one is planned.

        :raises UserError: there is nobody who chaired it
        """
        meetings = self._authorize('done')
        meetings._set_state('done')
        return True

    def action_cancel(self):
        """The meeting does not take place."""
        self._authorize('cancel')._set_state('cancelled')
        return True

    def action_reopen(self):
        """Correct the minutes of a meeting that was held."""
        self._authorize('reopen')._set_state('planned')
        return True

    def _check_before_done(self):
        for meeting in self:
            missing = meeting._get_missing_labels('chair_id', 'participant_ids')
            if missing:
                raise UserError(self.env._(
                    "%(meeting)s has no minutes yet. Missing: %(fields)s.", meeting=meeting.display_name, fields=missing))

    def _after_state_change(self, before):
        super()._after_state_change(before)
        self.filtered(lambda meeting: meeting.state == 'done' and meeting.is_recurring)._plan_next()

    # ---- SMART BUTTONS ----

    def action_open_correctives(self):
        """Return the act_window of the corrective actions that the meeting decided on."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('origin_meeting_id', '=', self.id)], 'context': {},
        }

    # ---- RECIPIENTS ----

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []


class PropertyServiceStateLog(models.Model):
    """The state logs of quality meetings and of process reviews."""

    _inherit = 'property.service.state.log'

    quality_meeting_id = fields.Many2one('property.service.quality.meeting', index='btree_not_null', ondelete='cascade')
    process_review_id = fields.Many2one('property.service.process.review', index='btree_not_null', ondelete='cascade')

    @api.model
    def _get_case_fields(self):
        return [*super()._get_case_fields(), 'quality_meeting_id', 'process_review_id']


class PropertyServiceCorrectiveAction(models.Model):
    """Corrective actions that a meeting decided on."""

    _inherit = 'property.service.corrective.action'

    origin_meeting_id = fields.Many2one(
        'property.service.quality.meeting', string="From Meeting", index='btree_not_null', check_company=True, ondelete='restrict')

    @api.model
    def _get_origin_fields(self):
        return {**super()._get_origin_fields(), 'property.service.quality.meeting': ('meeting', 'origin_meeting_id')}

    def _get_next_round_values(self):
        return {**super()._get_next_round_values(), 'origin_meeting_id': self.origin_meeting_id.id}
