import logging
from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .sla_escalation import MOMENTS, TARGETS

_logger = logging.getLogger(__name__)

#: target -> activity that tells of its deadline; it goes away when the target is reached
ACTIVITY_TYPES = {
    'response': 'property_service.mail_activity_type_escalation_answer',
    'resolution': 'property_service.mail_activity_type_escalation',
}
#: After so many failures an escalation is given up and shown to the manager.
MAX_ATTEMPTS = 5


class PropertyServiceSlaEvent(models.Model):
    """An escalation of one case: due, then done exactly once (R22).

    Rows are inserted by the sweep over the deadlines (``clock_escalation.py``) and worked off here, each in its own
    transaction together with what it causes: a process that dies in between loses nothing and repeats nothing.
    """

    _name = 'property.service.sla.event'
    _description = "Escalation"
    _order = 'id desc'

    # Each model with a clock has its link and its unique index: the database alone can promise "once".
    request_id = fields.Many2one('property.service.request', readonly=True, ondelete='cascade')
    complaint_id = fields.Many2one('property.service.complaint', readonly=True, ondelete='cascade')
    callback_id = fields.Many2one('property.service.callback', readonly=True, ondelete='cascade')
    applies_to = fields.Selection(
        lambda self: self.env['property.service.clock.mixin']._get_clock_kinds(), string="Kind of Case", required=True,
        readonly=True, default='request')
    case_id = fields.Reference(lambda self: self._selection_case_id(), compute='_compute_case_id')
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    escalation_id = fields.Many2one(
        'property.service.sla.escalation', string="Level", readonly=True, ondelete='set null')
    target = fields.Selection(TARGETS, required=True, readonly=True)
    moment = fields.Selection(MOMENTS, required=True, readonly=True)
    minutes = fields.Integer(readonly=True)
    deadline = fields.Datetime(readonly=True, help="The deadline at that time.")
    due_at = fields.Datetime(required=True, readonly=True)
    notify_at = fields.Datetime(
        required=True, readonly=True,
        help="Escalations of cases that are not urgent wait for working hours; failed ones are tried again.")
    state = fields.Selection(
        [('pending', "Pending"), ('done', "Completed"), ('skipped', "No Longer Needed"), ('failed', "Failed")],
        required=True, default='pending', readonly=True)
    done_at = fields.Datetime(string="Completed On", readonly=True)
    attempts = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)

    # Masses of rows are inserted at once: no index that is not needed.
    _once = models.UniqueIndex('(request_id, target, escalation_id)')
    _once_per_complaint = models.UniqueIndex('(complaint_id, target, escalation_id) WHERE complaint_id IS NOT NULL')
    _once_per_callback = models.UniqueIndex('(callback_id, target, escalation_id) WHERE callback_id IS NOT NULL')
    _pending_index = models.Index("(notify_at, id) WHERE state = 'pending'")
    _failed_index = models.Index("(id) WHERE state = 'failed'")

    # ---- THE CASE ----

    @api.model
    def _selection_case_id(self):
        Clock = self.env['property.service.clock.mixin']
        names = Clock._get_clock_models()
        return [(names[kind], label) for kind, label in Clock._get_clock_kinds()]

    @api.model
    def _get_case_fields(self):
        """Return {kind of case: name of the field that points to it}."""
        kinds = self.env['property.service.clock.mixin']._get_clock_models()
        return {kind: self.env[name]._sla_event_field for kind, name in kinds.items()}

    def _get_case(self):
        """Return the case of one escalation."""
        self.ensure_one()
        return self[self._get_case_fields()[self.applies_to]]

    @api.depends('applies_to')
    def _compute_case_id(self):
        for event in self:
            case = event._get_case()
            event.case_id = f"{case._name},{case.id}" if case else False

    @api.depends('applies_to')
    def _compute_display_name(self):
        for event in self:
            event.display_name = event._get_case().display_name

    # ---- WORKING OFF ----

    @api.model
    def _get_pending_domain(self):
        return Domain('state', '=', 'pending') & Domain('notify_at', '<=', fields.Datetime.now())

    @api.model
    def _process_pending(self, batch_size=100):
        """Carry out what is due, one escalation per transaction. Return whether there was time for all of it."""
        domain = self._get_pending_domain()
        commit = self.env['ir.cron']._commit_progress
        last_id = 0
        while todo := self.search(domain & Domain('id', '>', last_id), limit=batch_size, order='id'):
            last_id = todo[-1].id
            for event in todo:
                event._process_one(domain)
                if not commit(1):
                    return False
        return True

    def _process_one(self, domain):
        """Carry out one escalation if it and its case are free and ``domain`` still holds."""
        try:
            event = self.try_lock_for_update()
            event.invalidate_recordset()
            event = event.filtered_domain(domain)
            case = event and event._get_case().try_lock_for_update(allow_referencing=True)
            if case:  # else done by another worker, or the case is being changed: the next run sees to it
                case.invalidate_recordset()
                event._execute()
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
        except Exception as error:  # noqa: BLE001 - one case must not keep the others from being escalated
            self.env.cr.rollback()
            self._postpone(error)

    def _postpone(self, error):
        """Try again later, at growing intervals; give up after :data:`MAX_ATTEMPTS` and leave it to the manager."""
        self.ensure_one()
        _logger.warning("Escalation %s of %s failed: %s", self.id, self._get_case().name, error)
        attempts = self.attempts + 1
        self.write({
            'attempts': attempts,
            'error': str(error),
            'notify_at': fields.Datetime.now() + timedelta(minutes=2 ** attempts),
            'state': 'failed' if attempts >= MAX_ATTEMPTS else 'pending',
        })

    def _execute(self):
        """Carry out one escalation: wait for working hours, see whether it is still needed, act, note it."""
        self.ensure_one()
        case = self._get_case()
        deadline = self._get_due_deadline()
        if not deadline:
            self.write({'state': 'skipped', 'done_at': fields.Datetime.now()})
            return
        wait_until = case._get_notification_time()
        if wait_until > fields.Datetime.now():
            self.notify_at = wait_until
            return
        self.deadline = deadline
        level = self.escalation_id
        if level.raise_priority and 'priority' in case._fields and case.priority < '2':
            case.priority = str(int(case.priority) + 1)
        if level.reassign_leader:
            case._hand_to_leader()
        if level.notify_role:
            self._notify_role(level.notify_role, send_mail=level.send_mail)
        self.write({'state': 'done', 'done_at': fields.Datetime.now()})

    def _get_due_deadline(self):
        """Return the deadline the escalation is about where it is due by what holds now, else None.

        Since the sweep noted it, the case may have been answered or paused, and its deadline moved: nobody is told of
        what is not so. The sweep notes it anew when its time has come.
        """
        self.ensure_one()
        clock = self._get_case()._get_running_clock(self.target)
        if not clock:
            return None
        deadline, risk_at = clock
        now, offset = fields.Datetime.now(), timedelta(minutes=self.minutes)
        is_due = {
            'risk': (risk_at or deadline) <= now, 'before': deadline <= now + offset, 'after': deadline <= now - offset,
        }.get(self.moment, deadline <= now)
        return deadline if is_due else None

    def action_retry(self):
        """Try failed escalations again."""
        if not self.env.su and not self.env.user.has_group('property_service.group_manager'):
            raise AccessError(self.env._("Only managers try failed escalations again."))
        self.check_access('read')
        failed = self.sudo().filtered(lambda event: event.state == 'failed')  # sudo: nobody edits escalations, checked above
        failed.write({'state': 'pending', 'attempts': 0, 'notify_at': fields.Datetime.now()})
        self.env.ref('property_service.cron_sla_escalate').sudo()._trigger()  # sudo: only to wake the cron
        return True

    # ---- TELLING ----

    def _notify_role(self, role, send_mail=False, stand_in=True):
        """Give those in the role an activity on the case, unless they have it already; automation rules call it, too.

        Where nobody is in the role, the next one is told: the worker's team leader, the estate manager, the case owner,
        and if there is nobody at all, the supervisors.

        :param str role: 'worker', 'owner', 'leader' or 'estate_manager'
        :param bool send_mail: also notify by message
        :param bool stand_in: False: tell nobody where nobody is in the role
        """
        for event in self:
            case = event._get_case()
            if not stand_in and not case._get_clock_people()[role]:
                continue
            for user in case._get_escalation_users(role):
                localized = case.with_context(lang=user.lang, tz=user.tz)
                event_localized = event.with_context(lang=user.lang, tz=user.tz)
                summary = event_localized._get_summary()
                if not case.activity_ids.filtered(lambda known, user=user, summary=summary: known.user_id == user and known.summary == summary):
                    localized.activity_schedule(
                        ACTIVITY_TYPES[event.target], user_id=user.id, summary=summary, note=escape(localized.sla_explanation),
                        date_deadline=fields.Datetime.context_timestamp(event_localized, event.deadline).date())
                if send_mail:
                    localized.message_notify(
                        partner_ids=user.partner_id.ids, subject=f"{case.name}: {summary}", body=localized.sla_explanation)

    def _get_summary(self):
        """Return in one line what is due or overdue."""
        self.ensure_one()
        deadline = fields.Datetime.context_timestamp(self, self.deadline).strftime('%Y-%m-%d %H:%M')
        return self._get_case()._get_deadline_text(self.target, self.moment not in ('risk', 'before'), deadline)
