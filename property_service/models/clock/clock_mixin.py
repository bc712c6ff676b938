from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import reduce

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, format_duration, format_list

from ...tools import sla_clock
from ...tools.sla_clock import PAUSE, RUN, STOP
from ...tools.working_time import ROUND_THE_CLOCK

STATUSES = [
    ('on_track', "On Track"), ('at_risk', "At Risk"), ('breached', "Overdue"), ('met', "Met"), ('missed', "Missed"),
    ('paused', "Paused"), ('none', "No Deadline"),
]
#: What the policy decides and what follows from it and the log; kept as it is once the clock has stopped.
SNAPSHOT_FIELDS = (
    'sla_policy_id', 'sla_response_hours', 'sla_resolution_hours', 'sla_risk_percent', 'sla_calendar_id', 'sla_fault')
CLOCK_FIELDS = (
    'response_deadline', 'response_risk_at', 'resolution_deadline', 'resolution_risk_at', 'resolution_remaining', 'sla_paused')
FACT_FIELDS = ('sla_next_deadline', 'sla_risk_at', 'sla_result')
#: Nobody enters these.
CLOCK_SYSTEM_FIELDS = frozenset({
    'responded_at', 'done_at', 'closed_at', 'sla_start_at', 'breached_at', 'sla_next_escalation_at', *SNAPSHOT_FIELDS, *CLOCK_FIELDS, *FACT_FIELDS})


class PropertyServiceClockMixin(models.AbstractModel):
    """The service clock of a case: which policy applies, when an answer and the solution are due, how it stands (R31–R35).

    Stored are facts: the policy's figures as applied, deadlines, results. The status depends on the time of day and is
    computed. Deadlines are a pure function of start, hours, working time and the state log (``tools/sla_clock.py``), so
    calculating them again gives the same. A model that inherits sets the class attributes.
    """

    _name = 'property.service.clock.mixin'
    _description = "Service Clock"
    _inherit = ['property.service.workflow']

    #: what policies call such a case
    _clock_applies_to = None
    #: states in which the work is over: results stand
    _clock_stopped_states = ()
    #: states that are themselves an answer to the resident
    _clock_answering_states = ()
    #: values of the case that decide on the policy and the calendar
    _clock_criteria = ('priority', 'type_id', 'category_id', 'estate_id', 'team_id', 'company_id')
    #: target -> field with a deadline that somebody has named: it comes before the hours of the policy
    _clock_promises = {}

    responded_at = fields.Datetime(
        string="First Response", readonly=True, copy=False, help="First real answer to the resident, on any channel.")
    done_at = fields.Datetime(string="Solved On", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    sla_start_at = fields.Datetime(
        string="Clock Started", required=True, readonly=True, copy=False, default=lambda self: fields.Datetime.now())
    sla_policy_id = fields.Many2one(
        'property.service.sla.policy', string="Service Level", compute='_compute_sla_policy_id', store=True, precompute=True,
        ondelete='set null')
    sla_response_hours = fields.Float(
        string="Response Time (Hours)", compute='_compute_sla_policy_id', store=True, precompute=True, aggregator=None)
    sla_resolution_hours = fields.Float(
        string="Resolution Time (Hours)", compute='_compute_sla_policy_id', store=True, precompute=True, aggregator=None)
    sla_risk_percent = fields.Integer(
        string="At Risk From (%)", compute='_compute_sla_policy_id', store=True, precompute=True, aggregator=None)
    sla_calendar_id = fields.Many2one(
        'resource.calendar', string="Deadlines Counted By", compute='_compute_sla_policy_id', store=True, precompute=True,
        ondelete='set null', help="Working hours by which the deadlines are counted. Empty: round the clock.")
    sla_fault = fields.Selection(
        [('no_calendar', "No working hours are set"), ('no_hours', "The calendar has no working hours"),
         ('flexible', "The calendar is flexible")],
        string="Deadline Problem", compute='_compute_sla_policy_id', store=True, precompute=True, index='btree_not_null',
        help="Why no deadline could be counted. The case was taken nevertheless.")
    response_deadline = fields.Datetime(
        string="Answer Due", compute='_compute_sla_policy_id', store=True, precompute=True)
    response_risk_at = fields.Datetime(
        string="Answer at Risk From", compute='_compute_sla_policy_id', store=True, precompute=True)
    resolution_deadline = fields.Datetime(
        string="Solution Due", compute='_compute_sla_policy_id', store=True, precompute=True,
        help="Empty while the clock is paused: it is set anew when work goes on.")
    resolution_risk_at = fields.Datetime(
        string="Solution at Risk From", compute='_compute_sla_policy_id', store=True, precompute=True)
    resolution_remaining = fields.Integer(
        string="Time Left When Paused (Seconds)", compute='_compute_sla_policy_id', store=True, precompute=True, aggregator=None)
    sla_paused = fields.Boolean(
        string="Clock Paused", compute='_compute_sla_policy_id', store=True, precompute=True)
    sla_next_deadline = fields.Datetime(
        string="Next Deadline", compute='_compute_sla_result', store=True, precompute=True, index='btree_not_null',
        help="The earliest of the deadlines that are still running.")
    sla_risk_at = fields.Datetime(
        string="At Risk At", compute='_compute_sla_result', store=True, precompute=True, index='btree_not_null')
    sla_result = fields.Selection(
        [('met', "Met"), ('missed', "Missed")], string="Service Level Result", compute='_compute_sla_result', store=True,
        precompute=True, help="Set when no clock runs any more.")
    sla_status = fields.Selection(STATUSES, string="Clock", compute='_compute_sla_status', search='_search_sla_status')
    sla_explanation = fields.Text(string="Why These Deadlines", compute='_compute_sla_explanation')

    # ---- POLICY AND DEADLINES ----

    @api.depends(lambda self: self._get_clock_inputs())
    def _compute_sla_policy_id(self):
        """Match the policy, take over its figures and place the deadlines; what has stopped keeps its own (R31–R35)."""
        stopped = self.filtered(lambda case: case._origin and case.state in self._clock_stopped_states)
        running = self - stopped
        get_snapshot = self.env['property.service.sla.policy']._get_snapshot
        running._assign(SNAPSHOT_FIELDS, [
            self._adapt_snapshot(case, get_snapshot(
                self._clock_applies_to, case.company_id.id, case._get_clock_value('priority'), case._get_clock_id('type_id'),
                case._get_clock_id('category_id'), case._get_clock_id('estate_id'), case._get_clock_id('team_id')))
            for case in running])
        # A case that ended while paused gets the deadline it would have had if it had gone on that moment.
        (running | stopped.filtered('sla_paused'))._place_deadlines()

    def _assign(self, names, values):
        """Give each case its tuple of values: cases with the same ones, as in a batch they are, at once."""
        groups = defaultdict(list)
        for case_id, case_values in zip(self._ids, values):
            groups[case_values].append(case_id)
        for case_values, case_ids in groups.items():
            cases = self.browse(case_ids)
            for name, value in zip(names, case_values):
                cases[name] = value

    def _get_clock_id(self, name):
        """Return the id of a Many2one that not every model with a clock has, or False."""
        return self[name].id if name in self._fields else False

    def _get_clock_value(self, name):
        """Return the value of a field that not every model with a clock has, or False."""
        return self[name] if name in self._fields else False

    @api.model
    def _get_clock_inputs(self):
        """Return the names of the fields of this model that decide on policy and deadlines."""
        return [*(name for name in self._clock_criteria if name in self._fields), *self._clock_promises.values()]

    @api.model
    def _adapt_snapshot(self, case, snapshot):
        """Return the snapshot of the policy as it holds for the case.

        :param case: the record, or a dict of the columns of :meth:`_get_clock_inputs`
        :param snapshot: what ``_get_snapshot`` returns
        """
        return snapshot

    @api.model
    def _get_promised(self, case):
        """Return the deadlines ``(answer, solution)`` that the case itself names, or None; ``case`` as above.

        A date without time lasts until its end at the company's place.
        """
        promised = []
        for target in ('response', 'resolution'):
            value = case[self._clock_promises[target]] if target in self._clock_promises else None
            if isinstance(value, date) and not isinstance(value, datetime):
                company = self.env['res.company'].browse(case['company_id'] if isinstance(case, dict) else case.company_id.id)
                value = company._property_day_start(value + timedelta(days=1)) - timedelta(seconds=1)
            promised.append(value or None)
        return tuple(promised)

    @api.model
    def _measure(self, *arguments):
        """Return ``(clocks, endless)``; ``endless`` when the calendar has too few hours for the deadline ever to come.

        :param arguments: as for ``resource.calendar._measure_clocks``
        """
        try:
            return self.env['resource.calendar']._measure_clocks(*arguments), False
        except sla_clock.OutOfRange:
            _calendar_id, _company_id, start, _response, _resolution, risk_percent, events, promised = arguments
            return sla_clock.measure(ROUND_THE_CLOCK, start, 0, 0, risk_percent, events, promised), True

    def _place_deadlines(self):
        """Set :data:`CLOCK_FIELDS` from the snapshot of the policy and the state log."""
        events = self._get_clock_events()
        now, known, values, endless = fields.Datetime.now(), {}, [], []
        for case in self:
            arguments = (
                case.sla_calendar_id.id, case.company_id.id, case.sla_start_at or now,
                0 if case.sla_fault else case.sla_response_hours, 0 if case.sla_fault else case.sla_resolution_hours,
                case.sla_risk_percent, tuple(events.get(case._origin.id, ())) if events else (), self._get_promised(case))
            if arguments not in known:
                known[arguments] = self._measure(*arguments)
            clocks, without_end = known[arguments]
            if without_end:
                endless.append(case._ids[0])
            values.append(clocks)
        self.browse(endless).sla_fault = 'no_hours'
        self._assign(CLOCK_FIELDS, values)

    def _get_clock_events(self):
        """Return {case id: [(at, kind), …]} from the state log; new cases have none."""
        ids = self._origin.ids
        if not ids:
            return {}
        Log = self.env['property.service.state.log']
        Log.flush_model()
        return self._read_clock_events(ids)

    def _read_clock_events(self, ids):
        """Return {case id: [(at, kind), …]} of what is in the database."""
        Log = self.env['property.service.state.log']
        link = SQL.identifier(self._state_log_field)
        events = {}
        for case_id, at, state, paused in self.env.execute_query(SQL(
            "SELECT %s, at, to_state, paused FROM %s WHERE %s = ANY(%s) ORDER BY %s, id",
            link, SQL.identifier(Log._table), link, list(ids), link,
        )):
            kind = STOP if state in self._clock_stopped_states else PAUSE if paused else RUN
            events.setdefault(case_id, []).append((at, kind))
        return events

    def _pauses_clock(self, waiting_reason):
        """Return whether the resolution clock stands still while waiting for ``waiting_reason`` (may be empty)."""
        self.ensure_one()
        if not waiting_reason:
            return True
        policy = self.sudo().sla_policy_id  # sudo: the worker's step is judged by a policy of any company it may belong to
        return policy._pauses_for(waiting_reason) if policy else waiting_reason.pauses_clock

    def _is_paused_in(self, state):
        return state == 'waiting'

    def _get_log_values(self, waiting_reason):
        return {
            **super()._get_log_values(waiting_reason),
            'employee_id': self._get_clock_id('employee_id'),
            'paused': self._is_paused_in(self.state) and self._pauses_clock(waiting_reason),
            'waiting_reason_id': waiting_reason.id if waiting_reason else False,
        }

    def _state_changed(self, before):
        self._clock_state_changed(before)
        super()._state_changed(before)

    def _clock_state_changed(self, before):
        """Have deadlines placed anew where the clock was paused, resumed or taken up again by a change of state.

        :param dict before: {case id: previous state}
        """
        stopped = self._clock_stopped_states
        moved = self.filtered(
            lambda case: case.sla_paused or self._is_paused_in(case.state)
            or (before.get(case.id) in stopped) and case.state not in stopped)
        self.env.add_to_compute(self._fields['resolution_deadline'], moved)
        moved.modified(CLOCK_FIELDS)
        # Now: another change of state in the same transaction must find the pause.
        moved._recompute_recordset(['resolution_deadline'])
        answering = self.filtered(lambda case: case.state in self._clock_answering_states)
        if answering:
            answering._mark_responded()

    # ---- RESULTS AND STATUS ----

    @api.depends('response_deadline', 'response_risk_at', 'resolution_deadline', 'resolution_risk_at', 'sla_paused',
                 'responded_at', 'done_at', 'closed_at')
    def _compute_sla_result(self):
        self._assign(FACT_FIELDS, [
            sla_clock.summarize(
                (case.response_deadline, case.response_risk_at), (case.resolution_deadline, case.resolution_risk_at),
                case.responded_at, case.done_at, case.closed_at, case.sla_paused and bool(case.sla_resolution_hours))
            for case in self])

    @api.depends('sla_next_deadline', 'sla_risk_at', 'sla_result', 'sla_paused', 'sla_resolution_hours')
    def _compute_sla_status(self):
        now = fields.Datetime.now()
        for case in self:
            if case.sla_next_deadline:
                overdue, at_risk = case.sla_next_deadline < now, case.sla_risk_at <= now
                case.sla_status = 'breached' if overdue else 'at_risk' if at_risk else 'on_track'
            elif case.sla_result:
                case.sla_status = case.sla_result
            else:
                case.sla_status = 'paused' if case.resolution_remaining else 'none'

    def _search_sla_status(self, operator, value):
        if operator != 'in':
            return NotImplemented
        now = fields.Datetime.now()
        idle = Domain('sla_next_deadline', '=', False) & Domain('sla_result', '=', False)
        domains = {
            'on_track': Domain('sla_risk_at', '>', now),
            'at_risk': Domain('sla_risk_at', '<=', now) & Domain('sla_next_deadline', '>=', now),
            'breached': Domain('sla_next_deadline', '<', now),
            'met': Domain('sla_result', '=', 'met'),
            'missed': Domain('sla_result', '=', 'missed'),
            'paused': idle & Domain('resolution_remaining', '>', 0),
            'none': idle & Domain('resolution_remaining', '=', 0),
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.depends(lambda self: [
        'sla_policy_id', 'sla_response_hours', 'sla_resolution_hours', 'sla_calendar_id', 'sla_fault', *self._clock_promises.values()])
    @api.depends_context('lang', 'tz')
    def _compute_sla_explanation(self):
        for case in self:
            case.sla_explanation = case.sudo()._explain_deadlines()  # sudo: names of the policy and its calendar

    def _explain_deadlines(self):
        """Return one sentence: the times, the policy and why it applies, whose hours count, what pauses them."""
        self.ensure_one()
        policy, hours, parts, tz = self.sla_policy_id, [], [], self.env.context.get('tz') or False
        answer_by, solve_by = self._get_promised(self)
        if answer_by:
            parts.append(self.env._("answer promised by %(deadline)s", deadline=format_datetime(self.env, answer_by, tz=tz, dt_format='short')))
        elif self.sla_response_hours:
            hours.append(self.env._("response within %(hours)s h", hours=format_duration(self.sla_response_hours)))
        if solve_by:
            parts.append(self.env._("due on %(deadline)s, as entered", deadline=format_datetime(self.env, solve_by, tz=tz, dt_format='short')))
        elif self.sla_resolution_hours:
            hours.append(self.env._("solution within %(hours)s h", hours=format_duration(self.sla_resolution_hours)))
        if not policy:
            return self._join_sentence([*parts, self.env._("no service level applies to this case")])
        if self.sla_calendar_id:
            counted = self.env._("counted in the hours of %(calendar)s", calendar=self.sla_calendar_id.name)
        else:
            counted = self.env._("counted round the clock")
        if hours:
            parts.insert(0, format_list(self.env, hours))
        parts.append(self.env._("service level %(policy)s, because: %(reasons)s", policy=policy.name, reasons=policy.criteria))
        if hours:
            parts.append(counted)
        if self.sla_resolution_hours and not solve_by and 'waiting' in self._transitions:
            reasons = policy._get_pausing_reasons()
            parts.append(self.env._("pauses for: %(reasons)s", reasons=format_list(self.env, reasons.mapped('name')))
                         if reasons else self.env._("never pauses"))
        if self.sla_fault:
            fault = dict(self._fields['sla_fault']._description_selection(self.env))[self.sla_fault]
            parts.append(self.env._("no deadline: %(fault)s", fault=fault))
        return self._join_sentence(parts)

    def _join_sentence(self, parts):
        """Return the parts as one sentence with the stops of the reader's language."""
        joined = reduce(lambda before, part: self.env._("%(before)s; %(part)s", before=before, part=part), parts)
        return self.env._("%(sentence)s.", sentence=joined)

    # ---- MODELS ----

    @api.model
    def _get_clock_models(self):
        """Return {what policies call such a case: name of the model} of all models with a clock."""
        registry = self.env.registry
        return {
            registry[name]._clock_applies_to: name
            for name in registry.descendants(['property.service.clock.mixin'], '_inherit')
            if registry[name]._clock_applies_to and not registry[name]._abstract
        }

    @api.model
    def _get_clock_report_condition(self):
        """Return the SQL condition on ``r``, a row of this model, for what counts in the report of service levels."""
        return SQL("TRUE")

    @api.model
    def _get_clock_kinds(self):
        """Return the selection of what policies can be for: a model that gets a clock is in it by itself."""
        return [(kind, self.env['ir.model']._get(name).name) for kind, name in self._get_clock_models().items()]

    # ---- DOMAINS ----

    @api.model
    def _get_clock_open_domain(self):
        """Return the Domain of the cases whose clock may still run."""
        return Domain('state', 'not in', self._clock_stopped_states)
