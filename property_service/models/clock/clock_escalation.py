from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .sla_event import ACTIVITY_TYPES

#: The cron comes by itself in this interval (``data/sla_cron_data.xml``); what is due sooner wakes it.
CRON_INTERVAL = timedelta(minutes=10)
#: Who stands in where nobody has the role.
STAND_INS = {
    'worker': ('worker', 'leader', 'estate_manager', 'owner'),
    'owner': ('owner', 'leader', 'estate_manager'),
    'leader': ('leader', 'estate_manager', 'owner'),
    'estate_manager': ('estate_manager', 'leader', 'owner'),
}


class PropertyServiceClockMixin(models.AbstractModel):
    """Escalation of cases: when something is due next, the sweep that notices it, and who is told."""

    _inherit = 'property.service.clock.mixin'

    #: field of ``property.service.sla.event`` that points to this model
    _sla_event_field = None

    breached_at = fields.Datetime(
        string="Overdue Since", readonly=True, copy=False,
        help="The first deadline that passed. It stays when the deadline moves.")
    sla_next_escalation_at = fields.Datetime(
        string="Next Escalation", compute='_compute_sla_next_escalation_at', store=True, precompute=True, index='btree_not_null',
        help="When the clock looks at this case again.")

    @api.depends('sla_policy_id', 'response_deadline', 'response_risk_at', 'resolution_deadline', 'resolution_risk_at',
                 'responded_at', 'done_at', 'closed_at')
    def _compute_sla_next_escalation_at(self):
        """Past moments count too: the sweep finds them, does what is not done yet, and sets the next one."""
        get_first = self.env['property.service.sla.policy']._get_first_escalation
        self._assign(['sla_next_escalation_at'], [
            (get_first(
                case.sla_policy_id.id,
                response=not (case.responded_at or case.closed_at) and (case.response_deadline, case.response_risk_at),
                resolution=not (case.done_at or case.closed_at) and (case.resolution_deadline, case.resolution_risk_at)),)
            for case in self])
        if all(isinstance(case_id, int) for case_id in self._ids):
            self._wake_escalation()

    def _wake_escalation(self):
        """Wake the cron for what is due before it comes by itself."""
        now = fields.Datetime.now()
        moments = [case.sla_next_escalation_at for case in self if case.sla_next_escalation_at]
        if moments and min(moments) < now + CRON_INTERVAL:
            self._trigger_escalation(max(min(moments), now))

    @api.model
    def _trigger_escalation(self, at):
        cron = self.env.ref('property_service.cron_sla_escalate', raise_if_not_found=False)
        if cron:
            # A deadline has passed when its second is over.
            cron.sudo()._trigger(at=at + timedelta(seconds=1))  # sudo: whoever changes a case wakes the clock

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the clock for what is due soon."""
        cases = super().create(vals_list)
        cases._wake_escalation()
        return cases

    def write(self, vals):
        """What is answered or done needs no reminder any more: nobody's list shows as overdue what is not."""
        ended = bool(vals.get('done_at') or vals.get('closed_at'))
        targets = ('response', 'resolution') if ended else ('response',) if vals.get('responded_at') else ()
        told = self._get_maybe_escalated(targets) if targets else self.browse()
        result = super().write(vals)
        if told:
            told.sudo().activity_unlink([ACTIVITY_TYPES[target] for target in targets])  # sudo: activities of other users
        return result

    def _get_maybe_escalated(self, targets):
        """Return the cases of which somebody may have been told, without a query."""
        now = fields.Datetime.now()
        get_first = self.env['property.service.sla.policy']._get_first_escalation

        def is_told(case):
            if case.breached_at or case.sla_paused:
                return True
            first = get_first(case.sla_policy_id.id, **{
                target: (case[f'{target}_deadline'], case[f'{target}_risk_at']) for target in targets})
            return bool(first and first <= now)

        return self.filtered(is_told)

    # ---- SWEEP ----

    @api.model
    def _get_models_with_clock(self):
        """Return an empty recordset of each model with a clock, archived cases included."""
        return [self.env[model].with_context(active_test=False) for model in self._get_clock_models().values()]

    @api.model
    def _cron_escalate(self, batch_size=1000):
        """Note what has become due, then carry it out; wake up again for the next deadline, to the minute (R22).

        One run for all models with a clock. The sweep costs by what is due: it reads one index a model. Cases locked by
        somebody are left to the next run.
        """
        Event = self.env['property.service.sla.event']
        commit = self.env['ir.cron']._commit_progress
        due = [('sla_next_escalation_at', '<', fields.Datetime.now())]
        kinds = self._get_models_with_clock()
        commit(remaining=sum(Model.search_count(due) for Model in kinds) + Event.search_count(Event._get_pending_domain()))
        for Model in kinds:
            while marked := self._retry_batch(lambda Model=Model: Model._sweep_due(batch_size)):
                if not commit(marked):
                    return
        commit(remaining=Event.search_count(Event._get_pending_domain()))
        if Event._process_pending():
            self._wake_for_next()
            commit(remaining=0)

    @api.model
    def _retry_batch(self, call):
        """Return what ``call`` returns; where somebody else was faster, roll back and call again with what there is then.

        For crons that commit batch by batch: a busy hour must not make them fail, and wait for their next turn.
        """
        for tries_left in range(MAX_TRIES_ON_CONCURRENCY_FAILURE - 1, -1, -1):
            try:
                result = call()
                self.env.flush_all()
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                if not tries_left:
                    raise

    @api.model
    def _wake_for_next(self):
        """Have the cron come for the next deadline or waiting escalation, if that is before it comes by itself."""
        now = fields.Datetime.now()
        Event = self.env['property.service.sla.event']
        cases = [
            Model.search_fetch(
                [('sla_next_escalation_at', '!=', False)], ['sla_next_escalation_at'], order='sla_next_escalation_at', limit=1)
            for Model in self._get_models_with_clock()]
        event = Event.search_fetch([('state', '=', 'pending')], ['notify_at'], order='notify_at, id', limit=1)
        moments = [moment for moment in (*(case.sla_next_escalation_at for case in cases), event.notify_at) if moment]
        if moments and min(moments) < now + CRON_INTERVAL:
            # What is due already was locked or is held by something else: not at once again.
            self._trigger_escalation(max(min(moments), now + timedelta(minutes=1)))

    @api.model
    def _sweep_due(self, batch_size):
        """Mark one batch of due cases and note their escalations, in three statements. Return how many cases it were.

        An escalation that was carried out once is not noted again, whatever has happened to the deadline since. One that
        was not needed when its turn came, because the clock was paused or the deadline had moved, is noted anew.
        """
        self.flush_model()
        now = fields.Datetime.now()
        table = SQL.identifier(self._table)
        ids = [case_id for case_id, in self.env.execute_query(SQL(
            "SELECT id FROM %s WHERE sla_next_escalation_at < %s ORDER BY sla_next_escalation_at LIMIT %s"
            " FOR NO KEY UPDATE SKIP LOCKED",
            table, now, batch_size))]
        if not ids:
            return 0
        moments = SQL("""
            SELECT level.id, level.target, level.moment, level.minutes, clock.deadline,
                   CASE level.moment
                        WHEN 'risk' THEN COALESCE(clock.risk_at, clock.deadline)
                        WHEN 'before' THEN clock.deadline - make_interval(mins => COALESCE(level.minutes, 0))
                        WHEN 'after' THEN clock.deadline + make_interval(mins => COALESCE(level.minutes, 0))
                        ELSE clock.deadline
                   END AS due_at
              FROM (VALUES ('response', c.response_deadline, c.response_risk_at, c.responded_at),
                           ('resolution', c.resolution_deadline, c.resolution_risk_at, c.done_at)
                   ) AS clock (target, deadline, risk_at, stopped_at)
              JOIN (SELECT id, policy_id, target, moment, minutes FROM property_service_sla_escalation
                     UNION ALL
                    SELECT NULL, COALESCE(c.sla_policy_id, 0), target, 'deadline', 0
                      FROM (VALUES ('response'), ('resolution')) AS any_policy (target)
                   ) AS level ON level.target = clock.target AND level.policy_id = COALESCE(c.sla_policy_id, 0)
             WHERE clock.deadline IS NOT NULL AND clock.stopped_at IS NULL AND c.closed_at IS NULL
        """)
        self.env.cr.execute(SQL(
            """
            INSERT INTO property_service_sla_event AS event (
                   %(link)s, applies_to, company_id, escalation_id, target, moment, minutes, deadline, due_at, notify_at, state, attempts,
                   create_uid, create_date, write_uid, write_date)
            SELECT c.id, %(kind)s, c.company_id, due.id, due.target, due.moment, due.minutes, due.deadline, due.due_at, due.due_at,
                   'pending', 0, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM %(table)s AS c CROSS JOIN LATERAL (%(moments)s) AS due
             WHERE c.id = ANY(%(ids)s) AND due.id IS NOT NULL AND due.due_at < %(now)s
             ORDER BY due.due_at, c.id
                ON CONFLICT (%(link)s, target, escalation_id) WHERE %(link)s IS NOT NULL
                DO UPDATE SET state = 'pending', attempts = 0, deadline = EXCLUDED.deadline, due_at = EXCLUDED.due_at,
                       notify_at = EXCLUDED.notify_at, done_at = NULL, write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                WHERE event.state = 'skipped'
            """,
            link=SQL.identifier(self._sla_event_field), kind=self._clock_applies_to, table=table, moments=moments, ids=ids, now=now,
            uid=self.env.uid))
        self.env.cr.execute(SQL(
            """
            UPDATE %(table)s AS c
               SET breached_at = COALESCE(c.breached_at, CASE WHEN c.sla_next_deadline < %(now)s THEN c.sla_next_deadline END),
                   sla_next_escalation_at = (
                       SELECT min(due.due_at) FROM (%(moments)s) AS due WHERE due.due_at >= %(now)s)
             WHERE c.id = ANY(%(ids)s)
            """,
            table=table, moments=moments, ids=ids, now=now))
        self.browse(ids).invalidate_recordset(['breached_at', 'sla_next_escalation_at'])
        self.env['property.service.sla.event'].invalidate_model()
        return len(ids)

    # ---- WHO AND WHEN ----

    def _get_running_clock(self, target):
        """Return ``(deadline, risk_at)`` where the case still owes the ``target`` ('response' or 'resolution'), else None."""
        self.ensure_one()
        stopped_at = self.responded_at if target == 'response' else self.done_at
        deadline = self[f'{target}_deadline']
        return (deadline, self[f'{target}_risk_at']) if deadline and not stopped_at and not self.closed_at else None

    def _get_notification_time(self):
        """Return when people may be told of this case: at once when urgent, else in the team's working hours."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self._get_clock_value('priority') == '2':
            return now
        calendar_id, fault = self.env['property.service.sla.policy']._get_calendar(
            False, self._get_clock_id('team_id'), self._get_clock_id('estate_id'), self.company_id.id)
        if fault:
            return now
        work = self.env['resource.calendar']._get_working_time(calendar_id, self.company_id.id, now.year, now.year + 1)
        return work.next_moment(now) or now

    def _get_clock_people(self):
        """Return {role: user or none} of those who have to do with the case; roles as in :data:`STAND_INS`."""
        self.ensure_one()
        return {
            'worker': self.employee_id.user_id,
            'owner': self.user_id,
            'leader': self.team_id.leader_id.user_id,
            'estate_manager': self.estate_id.manager_id.user_id,
        }

    def _hand_to_leader(self):
        """Make the leader of the team the owner of the case."""
        leader = self._get_clock_people()['leader']
        if leader and 'user_id' in self._fields:
            self.user_id = leader

    def _get_deadline_text(self, target, passed, deadline):
        """Return in one line what is due, or overdue when ``passed``; ``deadline`` is text."""
        if target == 'response':
            if passed:
                return self.env._("No answer to the resident since the deadline at %(deadline)s", deadline=deadline)
            return self.env._("Answer the resident by %(deadline)s", deadline=deadline)
        if passed:
            return self.env._("Not solved since the deadline at %(deadline)s", deadline=deadline)
        return self.env._("Solve by %(deadline)s", deadline=deadline)

    def _get_escalation_users(self, role):
        """Return the users who are told: those in the role, else the first stand-in, else all supervisors.

        Only users who may see the case are told of it.
        """
        self.ensure_one()
        people = self._get_clock_people()
        for stand_in in STAND_INS[role]:
            user = people[stand_in]
            if user.active and self.with_user(user).has_access('read'):
                return user
        supervisors = self.env.ref('property_service.group_supervisor').all_user_ids
        return supervisors.filtered(lambda user: user.active and self.company_id in user.company_ids)
