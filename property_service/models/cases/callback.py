from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate, plaintext2html

from ..clock.clock_mixin import CLOCK_SYSTEM_FIELDS
from . import callback_states
from .case import PRIORITIES
from .request_states import SOLVED_STATES

_lt = LazyTranslate(__name__)

CALLER_GROUP = 'property_service.group_agent'


class PropertyServiceCallback(models.Model):
    """A callback 回访: was the resident satisfied, what else is needed (R37-R40)."""

    _name = 'property.service.callback'
    _description = "Callback"
    _inherit = ['property.service.clock.mixin', 'portal.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'priority desc, planned_at, id'
    _check_company_auto = True
    _mail_post_access = 'read'

    _transitions = callback_states.TRANSITIONS
    _closed_states = ('done', 'cancelled')
    _open_states = callback_states.OPEN_STATES
    _initial_state = 'planned'
    _sequence_code = 'property.service.callback'
    _system_fields = CLOCK_SYSTEM_FIELDS | {
        'name', 'result', 'attempt_count', 'follow_up_complaint_id', 'worker_id', 'origin_ended_at'}
    _clock_applies_to = 'callback'
    _sla_event_field = 'callback_id'
    _state_log_field = 'callback_id'
    _clock_stopped_states = ('done', 'unreachable', 'cancelled')
    #: rules, visit plans and callers may say until when
    _clock_promises = {'resolution': 'deadline'}

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    state = fields.Selection(
        callback_states.STATES, required=True, default='planned', readonly=True, copy=False, index=True, tracking=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    origin = fields.Selection(
        [('request', "Request"), ('complaint', "Complaint"), ('rating', "Low Rating"), ('unrated', "No Rating"),
         ('campaign', "Survey"), ('visit', "Visit Plan"), ('manual', "By Hand")],
        required=True, default='manual', index=True)
    origin_request_id = fields.Many2one(
        'property.service.request', string="Request", index='btree_not_null', check_company=True, ondelete='restrict')
    origin_complaint_id = fields.Many2one(
        'property.service.complaint', string="Complaint", index='btree_not_null', check_company=True, ondelete='restrict')
    origin_ended_at = fields.Datetime(
        string="About the End On", readonly=True, copy=False,
        help="When the case had ended that this callback asks about: a case that ends a second time is another question.")
    rule_id = fields.Many2one('property.service.callback.rule', string="Made by Rule", index='btree_not_null', readonly=True)
    visit_plan_id = fields.Many2one('property.service.visit.plan', index='btree_not_null', readonly=True)
    partner_id = fields.Many2one('res.partner', string="Resident", required=True, index=True, ondelete='restrict')
    phone = fields.Char(compute='_compute_phone', store=True, readonly=False, precompute=True)
    call_hours = fields.Selection(related='partner_id.resident_call_hours')
    unit_id = fields.Many2one('property.service.unit', index='btree_not_null', check_company=True, ondelete='restrict')
    estate_id = fields.Many2one(related='unit_id.estate_id', store=True, index='btree_not_null', precompute=True)
    building_id = fields.Many2one(related='unit_id.building_id', store=True, precompute=True)
    worker_id = fields.Many2one('hr.employee', string="Work Done By", readonly=True, help="May not make this callback.")
    team_id = fields.Many2one('property.service.team', string="Team of the Work", index='btree_not_null')
    priority = fields.Selection(PRIORITIES, required=True, default='0')
    planned_at = fields.Datetime(required=True, default=fields.Datetime.now, index=True, tracking=True)
    deadline = fields.Datetime(
        string="Due By", tracking=True, help="Empty: as the service level says, counted from the first planned time.")
    is_late = fields.Boolean(compute='_compute_is_late', search='_search_is_late')
    caller_id = fields.Many2one('res.users', index='btree_not_null', tracking=True, domain="[('share', '=', False)]")
    script = fields.Text(compute='_compute_script', store=True, readonly=False, precompute=True)
    attempt_ids = fields.One2many('property.service.callback.attempt', 'callback_id', string="Attempts")
    attempt_count = fields.Integer(readonly=True, copy=False)
    result = fields.Selection(callback_states.RESULTS, readonly=True, copy=False, tracking=True, index='btree_not_null')
    comment = fields.Text(copy=False)
    needs = fields.Text(string="Needs Told", copy=False, help="What else the resident would like: a lead for the resident's file.")
    needs_state = fields.Selection(
        [('open', "Open"), ('taken_up', "Taken Up"), ('declined', "Declined")], compute='_compute_needs_state', store=True,
        readonly=False, copy=False)
    done_at = fields.Datetime(string="Ended On")
    state_log_ids = fields.One2many('property.service.state.log', 'callback_id', readonly=True)
    follow_up_complaint_id = fields.Many2one(
        'property.service.complaint', string="Complaint Opened", readonly=True, copy=False, index='btree_not_null')

    _queue_index = models.Index("(planned_at, id) WHERE state = 'planned'")
    # One callback per rule and end of a case: a second run of the rules makes nothing twice.
    _once_per_request = models.UniqueIndex(
        '(rule_id, origin_request_id, origin_ended_at) WHERE rule_id IS NOT NULL AND origin_request_id IS NOT NULL')
    _once_per_complaint = models.UniqueIndex(
        '(rule_id, origin_complaint_id, origin_ended_at) WHERE rule_id IS NOT NULL AND origin_complaint_id IS NOT NULL')

    # ---- COMPUTES ----

    @api.depends('partner_id')
    def _compute_phone(self):
        for callback in self:
            callback.phone = callback.partner_id.phone or callback.phone

    @api.depends('rule_id', 'visit_plan_id')
    def _compute_script(self):
        for callback in self:
            source = callback.company_id._in_language(callback.rule_id or callback.visit_plan_id)
            callback.script = source.script or callback.script

    @api.depends('needs')
    def _compute_needs_state(self):
        for callback in self:
            callback.needs_state = (callback.needs_state or 'open') if callback.needs else False

    @api.depends('sla_status')
    def _compute_is_late(self):
        for callback in self:
            callback.is_late = callback.sla_status in ('breached', 'missed')

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = Domain('sla_status', 'in', ('breached', 'missed'))
        return late if set(value) == {True} else ~late if set(value) == {False} else Domain.TRUE

    # ---- CONSTRAINTS ----

    def _get_barred_employees(self):
        """Return who may not make this call: who did the work, and whom the complaint is about."""
        self.ensure_one()
        callback = self.sudo()  # sudo: agents do not read employees, and those complained about not the complaint
        return callback.worker_id | callback.origin_request_id.employee_id | callback.origin_complaint_id.about_employee_id

    @api.constrains('caller_id', 'worker_id')
    def _check_caller(self):
        for callback in self:
            if callback.caller_id and callback.caller_id in callback._get_barred_employees().user_id:
                raise ValidationError(self.env._(
                    "%(callback)s cannot be made by %(caller)s, who did the work or whom it is about.",
                    callback=callback.name, caller=callback.caller_id.name))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Take over resident, unit and worker from the case, in a constant number of queries."""
        if not self._is_system():
            for vals in vals_list:
                self._check_system_fields(vals.keys() - {'name'} if vals.get('name') == '/' else vals)
                if vals.get('state', self._initial_state) != self._initial_state:
                    self._write_state(vals['state'])
        cases = {
            name: self.env[self._fields[name].comodel_name].browse({vals[name] for vals in vals_list if vals.get(name)})
            for name in ('origin_request_id', 'origin_complaint_id')}
        vals_list = [self._complete_from_origin(vals, cases) for vals in vals_list]
        for vals in vals_list:
            # The clock runs from the first planned time: planning it again gives no new time.
            vals.setdefault('sla_start_at', vals.get('planned_at') or fields.Datetime.now())
        return super(PropertyServiceCallback, self._as_system()).create(vals_list).with_env(self.env)

    @api.model
    def _complete_from_origin(self, vals, cases):
        """Return the values with what the case says; ``cases``: {field: all cases of the batch}, read together."""
        vals = dict(vals)
        for name, batch in cases.items():
            case = batch.browse(vals.get(name)).with_prefetch(batch.ids)
            if not case:
                continue
            ended_at = case.answered_at if case._name == 'property.service.complaint' else case.done_at
            for key, value in (
                ('partner_id', case.partner_id.id), ('unit_id', case.unit_id.id), ('team_id', case.team_id.id),
                ('worker_id', case.employee_id.id), ('company_id', case.company_id.id), ('phone', case.contact_phone),
                ('origin_ended_at', ended_at),
            ):
                vals.setdefault(key, value)
            break
        return vals

    # ---- ACTIONS ----

    def action_start(self):
        """Take the callback: of two agents who press at the same moment one gets it.

        :raises UserError: somebody else has it, or the caller did the work
        """
        self._check_caller_right()
        self._set_state('in_progress', caller_id=self.env.uid)
        return True

    def action_log_attempt(self, outcome=None, channel='phone', note=None):
        """Record an attempt; what follows from it is done at once.

        ``no_answer``: planned again after 4 hours, the third time a message is sent and the callback is unreachable.
        ``wrong_number``: unreachable, with an activity to correct the number. ``refused``: cancelled. ``reached``: go on to the result.

        :param str outcome: reached, no_answer, refused, wrong_number; a wizard asks when missing
        :param str channel: phone, visit, message
        :param str note: free text
        """
        self._check_caller_right()
        if not outcome:
            return self._open_wizard('attempt')
        if outcome not in dict(callback_states.OUTCOMES) or channel not in dict(callback_states.ATTEMPT_CHANNELS):
            raise UserError(self.env._("Choose the outcome of the attempt."))
        self.filtered(lambda c: c.state == 'planned').action_start()
        now = fields.Datetime.now()
        if any(callback.state != 'in_progress' for callback in self):
            raise UserError(self.env._("This callback has ended."))
        self.env['property.service.callback.attempt'].sudo().create([{  # sudo: attempts are made only here and never changed (R104)
            'callback_id': callback.id, 'at': now, 'user_id': self.env.uid, 'channel': channel, 'outcome': outcome, 'note': note or False,
        } for callback in self])
        for callback in self:
            count = callback.attempt_count + 1
            if outcome == 'reached':
                callback._as_system().attempt_count = count
            elif outcome == 'refused':
                callback._set_state('cancelled', attempt_count=count, done_at=now, closed_at=now)
            elif outcome == 'wrong_number':
                callback._set_state('unreachable', attempt_count=count, done_at=now)
                callback._ask_for_number()
            elif count >= callback_states.MAX_ATTEMPTS:
                callback._set_state('unreachable', attempt_count=count, done_at=now)
                callback._send_message()
            else:
                callback._set_state('planned', attempt_count=count, caller_id=False,
                                    planned_at=fields.Datetime.add(now, hours=callback_states.RETRY_HOURS))
        return True

    def action_done(self, result=None, comment=None, needs=None, follow_up=None):
        """Record what the resident said. Dissatisfied: the case reopens, or a complaint opens, and the supervisor is told (R39).

        :param str result: satisfied, neutral, dissatisfied; a wizard asks when missing
        :param str comment: in the resident's words
        :param str needs: what else is needed
        :param str follow_up: reopen or complaint; default: reopen where there is a case to reopen
        :return: action that opens the caller's next callback
        """
        self._check_caller_right()
        if not result:
            return self._open_wizard('done')
        if result not in dict(callback_states.RESULTS):
            raise UserError(self.env._("Choose the result of the callback."))
        self._record_result(result, comment=comment, needs=needs, follow_up=follow_up)
        return self._open_next()

    def action_cancel(self, reason=None):
        """Cancel: the callback is not needed any more."""
        self._check_caller_right()
        self._set_state('cancelled', reason=reason, closed_at=fields.Datetime.now())
        if reason:
            for callback in self:
                callback.message_post(body=reason)
        return True

    def action_plan_again(self):
        """Plan an unreachable callback again, for instance after the number was corrected."""
        self._check_caller_right()
        now = fields.Datetime.now()
        for callback in self:
            # A due time that was named moves by as long as nobody could be reached, as the clock of the service level does.
            idle = now - callback.done_at if callback.done_at else timedelta()
            callback._set_state('planned', planned_at=now, attempt_count=0, caller_id=False, done_at=False,
                                deadline=callback.deadline and callback.deadline + idle)
        return True

    def action_call_next(self):
        """Open the most urgent callback that is due and that the user may make."""
        return self._open_next()

    # ---- STATES ----

    def _check_caller_right(self):
        """Check that the user may make these calls.

        :raises AccessError: not an agent, or no write access
        :raises UserError: somebody else has taken one of them; a supervisor may step in
        :raises ValidationError: the user did the work, or it is about the user
        """
        if self.env.su:
            return
        if not self.env.user.has_group(CALLER_GROUP):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        steps_in = self.env.user.has_group('property_service.group_supervisor')
        for callback in self:
            if self.env.user in callback._get_barred_employees().user_id:
                raise ValidationError(self.env._(
                    "%(callback)s cannot be made by %(caller)s, who did the work or whom it is about.",
                    callback=callback.name, caller=self.env.user.name))
            if callback.state == 'in_progress' and callback.caller_id not in (self.env.user, self.env['res.users']) and not steps_in:
                raise UserError(self.env._(
                    "%(callback)s is in the hands of %(caller)s.", callback=callback.name, caller=callback.caller_id.name))

    def _write_state(self, state):
        """A result, an attempt or a reason belongs to each step: the state alone is not written."""
        raise UserError(self.env._("The state and result of a callback are set by its steps."))

    def _record_result(self, result, comment=None, needs=None, follow_up=None):
        self.filtered(lambda c: c.state == 'planned')._set_state('in_progress', caller_id=self.env.uid)
        vals = {'result': result, 'done_at': fields.Datetime.now()}
        if comment:
            vals['comment'] = comment
        if needs:
            vals['needs'] = needs
        self._set_state('done', **vals)
        if result == 'dissatisfied':
            for callback in self:
                callback._follow_up(follow_up)

    def _follow_up(self, follow_up=None):
        """Reopen the case, or open a complaint, and tell the supervisor."""
        self.ensure_one()
        self = self.company_id._in_language(self)  # noqa: PLW0642 what follows is read by others than who called or clicked the link
        reason = self.comment or self.env._("Dissatisfied in callback %(callback)s.", callback=self.name)
        # What follows from a dissatisfied resident is the rule, not the caller's decision.
        request = self.origin_request_id.sudo()  # sudo: as above
        complaint = self.origin_complaint_id.sudo()  # sudo: as above
        if follow_up != 'complaint' and request and request.state in SOLVED_STATES:
            request.action_return(reason=reason)
            case = request
        elif follow_up != 'complaint' and complaint and complaint.state in ('resolved', 'answered', 'closed'):
            complaint.action_reopen(reason=reason)
            case = complaint
        else:
            case = self.env['property.service.complaint'].sudo().create({  # sudo: as above
                'title': self.env._("Dissatisfied in callback %(callback)s", callback=self.name),
                'description': reason, 'channel': 'phone', 'partner_id': self.partner_id.id, 'unit_id': self.unit_id.id,
                'category_id': (request.category_id or complaint.category_id).id, 'request_id': request.id,
                'team_id': self.team_id.id, 'about_team_id': self.team_id.id, 'impact': '1', 'urgency': '2', 'user_id': self.env.uid,
            })
            self._as_system().follow_up_complaint_id = case
        self.message_post(body=self.env._("Dissatisfied: followed up in %(case)s.", case=case.name))
        case._schedule_for_responsible(
            'property_service.mail_activity_type_dissatisfied', _lt("Dissatisfied in callback"), note=plaintext2html(reason),
            users=case._get_supervisors())

    def _ask_for_number(self):
        self.activity_schedule('mail.mail_activity_data_todo', user_id=self.env.uid,
                               summary=self.env._("Find the right phone number of %(resident)s", resident=self.partner_id.name))

    def _send_message(self):
        """Write to the resident after calling in vain; whoever has no address is left to the caller's letter or visit."""
        template = self.env.ref('property_service.mail_template_callback').sudo()  # sudo: the mail goes out whoever called
        for callback in self.filtered('partner_id.email_normalized'):
            template.send_mail(callback.id, email_layout_xmlid='mail.mail_notification_light')
        for callback in self.filtered(lambda c: not c.partner_id.email_normalized):
            callback.activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.env.uid,
                summary=self.env._("%(resident)s has no e-mail address: leave a letter, or visit", resident=callback.partner_id.name))

    def _open_wizard(self, action):
        return {
            'type': 'ir.actions.act_window', 'name': self.env['property.service.callback.action']._get_title(action),
            'res_model': 'property.service.callback.action', 'view_mode': 'form', 'target': 'new',
            'context': {'default_callback_ids': [Command.set(self.ids)], 'default_action': action},
        }
