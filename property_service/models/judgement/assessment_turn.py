from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..clock.clock_mixin import CLOCK_SYSTEM_FIELDS

PARTIES = [
    ('self', "Own Assessment"), ('manager', "Manager's Marks"), ('hr', "Approval by HR"), ('published', "To Be Read"),
    ('review', "Review of an Appeal")]


class PropertyServiceAssessmentTurn(models.Model):
    """Whose turn it is on an assessment, and until when: what the service clock reminds of and escalates (R22, R78).

    One row per step, so that each step has its own reminders; it holds nothing of what the assessment says.
    """

    _name = 'property.service.assessment.turn'
    _description = "Turn in an Assessment"
    _inherit = ['property.service.clock.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'deadline, id'

    _transitions = {'open': {'done', 'cancelled'}, 'done': set(), 'cancelled': set()}
    _closed_states = ('done', 'cancelled')
    _open_states = ('open',)
    _initial_state = 'open'
    _system_fields = CLOCK_SYSTEM_FIELDS | {'name', 'assessment_id', 'appeal_id', 'party', 'user_id', 'deadline'}
    _clock_applies_to = 'assessment'
    _sla_event_field = 'assessment_turn_id'
    _state_log_field = 'assessment_turn_id'
    _clock_stopped_states = ('done', 'cancelled')
    _clock_promises = {'resolution': 'deadline'}

    name = fields.Char(required=True, readonly=True)
    assessment_id = fields.Many2one('property.service.assessment', required=True, readonly=True, index=True, ondelete='cascade')
    appeal_id = fields.Many2one('property.service.appeal', readonly=True, index='btree_not_null', ondelete='cascade')
    cycle_id = fields.Many2one(related='assessment_id.cycle_id', store=True, index=True, precompute=True, related_sudo=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    party = fields.Selection(PARTIES, string="Step", required=True, readonly=True)
    user_id = fields.Many2one('res.users', string="Whose Turn", required=True, readonly=True, index=True, ondelete='cascade')
    state = fields.Selection(
        [('open', "Open"), ('done', "Completed"), ('cancelled', "Cancelled")], required=True, default='open', readonly=True, index=True)
    deadline = fields.Date(required=True, readonly=True)

    @api.model
    def _get_clock_report_condition(self):
        """Assessments are nothing that residents wait for: they are not in the report of service levels."""
        return SQL("FALSE")

    # ---- WHO IS TOLD ----

    def _get_clock_people(self):
        """Whose turn it is; above him whoever assesses; above all the officer who runs the cycle."""
        self.ensure_one()
        officer = self.cycle_id.create_uid
        leader = self.assessment_id.manager_id.user_id
        return {
            'worker': self.user_id, 'owner': officer, 'leader': leader if self.party == 'self' else officer, 'estate_manager': officer}

    def _get_escalation_users(self, role):
        """Nobody else is ever told: what is on an assessment is not for supervisors."""
        self.ensure_one()
        people = self._get_clock_people()
        for user in (people[role], people['owner']):
            if user.active and self.with_user(user).has_access('read'):
                return user
        return self.env['res.users']

    def _get_deadline_text(self, target, passed, deadline):
        step = dict(self._fields['party']._description_selection(self.env))[self.party]
        if passed:
            return self.env._("%(step)s was due by %(deadline)s", step=step, deadline=deadline)
        return self.env._("%(step)s is due by %(deadline)s", step=step, deadline=deadline)

    def activity_schedule(self, *args, **kwargs):  # pylint: disable=method-required-super
        """To-dos stand on what has to be opened: the appeal or the assessment."""
        return (self.appeal_id or self.assessment_id).activity_schedule(*args, **kwargs)

    def message_notify(self, **kwargs):
        """Messages, too."""
        return (self.appeal_id or self.assessment_id).message_notify(**kwargs)

    def activity_unlink(self, *args, **kwargs):  # pylint: disable=method-required-super
        """And the reminders of a turn that is over go from there."""
        self.appeal_id.activity_unlink(*args, **kwargs)
        return self.filtered(lambda turn: not turn.appeal_id).assessment_id.activity_unlink(*args, **kwargs)

    # ---- ACTIONS ----

    def action_open(self):
        """Return the act_window of the appeal or the assessment."""
        self.ensure_one()
        self.check_access('read')
        record = self.appeal_id or self.assessment_id
        record.check_access('read')
        return {'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'view_mode': 'form'}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env['property.service.assessment']._is_step():
            raise AccessError(self.env._("A turn goes with its assessment."))

    # ---- STEPS ----

    @api.model
    def _begin(self, turns):
        """Create turns.

        :param list turns: (assessment, party, user, day) or with a fifth item, the appeal
        """
        today = fields.Date.context_today(self)
        Turn = self.sudo().with_context(tracking_disable=True, mail_notify_force_send=False)._as_system()  # sudo: made by the steps alone
        return Turn.create([{
            'name': assessment.name, 'assessment_id': assessment.id, 'party': party, 'user_id': user.id,
            'company_id': assessment.company_id.id, 'deadline': max(day or today, today), 'appeal_id': appeal[0].id if appeal else False,
        } for assessment, party, user, day, *appeal in turns if user])

    def _end(self, state='done'):
        """Stop the clocks of turns that are still open."""
        turns = self.sudo().filtered(lambda turn: turn.state == 'open')  # sudo: made by the steps alone
        now = fields.Datetime.now()
        turns._set_state(state, **({'done_at': now} if state == 'done' else {'closed_at': now}))


class PropertyServiceStateLog(models.Model):
    """Turns have a log like every workflow; nobody reads it but the clock."""

    _inherit = 'property.service.state.log'

    assessment_turn_id = fields.Many2one('property.service.assessment.turn', index='btree_not_null', ondelete='cascade')


class PropertyServiceSlaEvent(models.Model):
    """Reminders of turns, each once."""

    _inherit = 'property.service.sla.event'

    assessment_turn_id = fields.Many2one('property.service.assessment.turn', readonly=True, ondelete='cascade')

    _once_per_turn = models.UniqueIndex('(assessment_turn_id, target, escalation_id) WHERE assessment_turn_id IS NOT NULL')


class PropertyServiceAssessment(models.Model):
    """Every step of an assessment is a turn with a clock."""

    _inherit = 'property.service.assessment'

    turn_ids = fields.One2many('property.service.assessment.turn', 'assessment_id', string="Turns")

    def _set_state(self, state, **vals):
        result = super()._set_state(state, **vals)
        self._next_turns(state)
        return result

    def _next_turns(self, state):
        """End the turns of the step before and begin those of the new one."""
        step = self.sudo()  # sudo: whose turn it is follows from the step, which has been authorised
        step.turn_ids.filtered(lambda turn: not turn.appeal_id)._end()
        days = {'self': 'self_deadline', 'manager': 'manager_deadline', 'hr': 'hr_deadline'}
        turns = []
        for assessment in step:
            cycle = assessment.cycle_id
            user = {
                'self': assessment.user_id, 'manager': assessment.manager_id.user_id, 'hr': cycle.create_uid,
                'published': assessment.user_id}.get(state)
            day = cycle[days[state]] if state in days else assessment.appeal_deadline
            turns.append((assessment, state, user, day))
        self.env['property.service.assessment.turn']._begin([turn for turn in turns if turn[2]])

    def _withdraw_approval(self):
        super()._withdraw_approval()
        self._next_turns('hr')

    def action_approve_hr(self):
        """The officer's turn ends with the approval."""
        result = super().action_approve_hr()
        self.sudo().turn_ids.filtered(lambda turn: turn.party == 'hr')._end()  # sudo: made by the steps alone
        return result

    def action_acknowledge(self):
        """The last turn of the person assessed ends when the result has been read."""
        result = super().action_acknowledge()
        self.sudo().turn_ids.filtered(lambda turn: turn.party == 'published')._end()  # sudo: as above
        return result


class PropertyServiceAppeal(models.Model):
    """Reviewers have a turn, too."""

    _inherit = 'property.service.appeal'

    def _set_state(self, state, **vals):
        super()._set_state(state, **vals)
        Turn = self.env['property.service.assessment.turn']
        Turn.sudo().search([('appeal_id', 'in', self.ids)])._end()  # sudo: made by the steps alone
        if state == 'reviewing':
            day = fields.Date.add(fields.Date.context_today(self), days=7)
            Turn._begin([(appeal.assessment_id, 'review', appeal.reviewer_id, day, appeal) for appeal in self.sudo()])  # sudo: as above


class PropertyServiceAssessmentCycle(models.Model):
    """Deadlines that HR moves hold for the turns that are open."""

    _inherit = 'property.service.assessment.cycle'

    turn_ids = fields.One2many('property.service.assessment.turn', 'cycle_id', string="Turns")
    late_count = fields.Integer(string="Overdue", compute='_compute_late_count')

    def _compute_late_count(self):
        counts = dict(self.env['property.service.assessment.turn']._read_group(
            [('cycle_id', 'in', self.ids), ('state', '=', 'open'), ('sla_status', '=', 'breached')], ['cycle_id'], ['__count']))
        for cycle in self:
            cycle.late_count = counts.get(cycle, 0)

    def write(self, vals):
        result = super().write(vals)
        moved = {party: name for party, name in (('self', 'self_deadline'), ('manager', 'manager_deadline'), ('hr', 'hr_deadline'))
                 if vals.get(name)}
        for party, name in moved.items():
            turns = self.sudo().turn_ids.filtered(  # sudo: HR has moved the deadline of the cycle
                lambda turn, party=party: turn.state == 'open' and turn.party == party)
            turns._as_system().write({'deadline': vals[name]})
        return result

    def action_open_turns(self):
        """Return the act_window of the turns of this cycle: who has not done what yet."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_turn_action')
        return {**action, 'domain': [('cycle_id', '=', self.id)], 'context': {'search_default_open': 1}}
