"""Figures from requests, complaints and callbacks."""
from odoo.tools import SQL

from .base import CALLBACK, COMPLAINT, REQUEST, Source, case_rows, flag, register, union

_REQUEST_TABLE, _COMPLAINT_TABLE, _CALLBACK_TABLE = (
    'property_service_request', 'property_service_complaint', 'property_service_callback')
_DONE = SQL("c.done_at")
_NOT_MERGED = SQL("c.merged_into_id IS NULL")
_SOLVED = SQL("c.merged_into_id IS NULL AND c.state IN ('done', 'accepted', 'closed')")
_IS_COMPLAINT = SQL("c.kind = 'complaint'")


class _OnTime(Source):
    """Cases whose deadline fell in the period: kept or missed. Overdue open ones are misses; what ended before it was due is neither."""

    models = (REQUEST, COMPLAINT)
    duty = True
    deadline = None
    stopped_at = None

    def rows(self, env, period):
        kept = flag(SQL("%s <= %s", self.stopped_at, self.deadline))
        decided = SQL("%(deadline)s IS NOT NULL AND (%(stopped_at)s IS NOT NULL OR c.closed_at IS NULL OR c.closed_at > %(deadline)s)",
                      deadline=self.deadline, stopped_at=self.stopped_at)
        return union(
            case_rows(_REQUEST_TABLE, REQUEST, period, self.deadline, kept, where=SQL("%s AND %s", decided, _NOT_MERGED)),
            case_rows(_COMPLAINT_TABLE, COMPLAINT, period, self.deadline, kept, where=decided))


@register
class ResponseOnTime(_OnTime):
    key = 'response_on_time'
    label = "Response on Time"
    deadline = SQL("c.response_deadline")
    stopped_at = SQL("c.responded_at")


@register
class ResolutionOnTime(_OnTime):
    key = 'resolution_on_time'
    label = "Resolution on Time"
    deadline = SQL("c.resolution_deadline")
    stopped_at = SQL("c.done_at")


@register
class Satisfaction(Source):
    """Satisfied is a rating of 4 or 5, or "satisfied" in a callback; a case answers once, the rating first (R79)."""

    key = 'satisfaction'
    label = "Satisfaction"
    models = (REQUEST, CALLBACK)

    def rows(self, env, period):
        return union(
            case_rows(_REQUEST_TABLE, REQUEST, period, _DONE, flag(SQL("c.rating_value >= 4")),
                      where=SQL("c.rating_value > 0 AND %s", _SOLVED)),
            case_rows(
                _CALLBACK_TABLE, CALLBACK, period, _DONE, flag(SQL("c.result = 'satisfied'")), split=False,
                where=SQL("c.result IS NOT NULL AND COALESCE(origin.rating_value, 0) = 0"),
                joins=SQL("LEFT JOIN property_service_request origin ON origin.id = c.origin_request_id"),
                employee=SQL("c.worker_id"), user=SQL("origin.user_id")))


@register
class ComplaintRate(Source):
    """Complaints per 100 finished requests; a complaint counts for whom it is about unless somebody else is at fault."""

    key = 'complaint_rate'
    label = "Complaint Rate"
    may_exceed = True  # more complaints than jobs
    models = (REQUEST, COMPLAINT)

    def rows(self, env, period):
        return union(
            case_rows(_REQUEST_TABLE, REQUEST, period, _DONE, SQL("0"), where=_SOLVED),
            case_rows(
                _COMPLAINT_TABLE, COMPLAINT, period, SQL("c.sla_start_at"), SQL("1"), SQL("0"), split=False,
                where=SQL("%s AND c.state NOT IN ('transferred', 'withdrawn') AND c.fault IS DISTINCT FROM 'none'", _IS_COMPLAINT),
                joins=SQL("LEFT JOIN property_service_request origin ON origin.id = c.request_id"),
                employee=SQL("CASE WHEN c.fault = 'team' THEN NULL"
                             " ELSE COALESCE(c.fault_employee_id, c.about_employee_id, origin.employee_id) END"),
                user=SQL("origin.user_id"), team=SQL("COALESCE(c.fault_team_id, c.about_team_id, origin.team_id, c.team_id)")))


@register
class ComplaintEscalation(Source):
    """Of the complaints resolved: those whose answer was not accepted, and those that were a repetition (R83)."""

    key = 'complaint_escalation'
    label = "Complaint Escalation Rate"
    models = (COMPLAINT,)

    def rows(self, env, period):
        return case_rows(
            _COMPLAINT_TABLE, COMPLAINT, period, _DONE, flag(SQL("c.reopen_count > 0 OR c.is_repeat")),
            where=SQL("%s AND c.state IN ('resolved', 'answered', 'closed', 'investigating')", _IS_COMPLAINT))


@register
class ReworkRate(Source):
    key = 'rework_rate'
    label = "Rework Rate"

    def rows(self, env, period):
        return case_rows(_REQUEST_TABLE, REQUEST, period, _DONE, flag(SQL("c.rework_count > 0")), where=_SOLVED)


@register
class CallbackOnTime(Source):
    """Callbacks that fell due: made in time or not; the owner is the caller."""

    key = 'callback_on_time'
    label = "Callback on Time"
    models = (CALLBACK,)
    duty = True

    def rows(self, env, period):
        return case_rows(
            _CALLBACK_TABLE, CALLBACK, period, SQL("c.resolution_deadline"), flag(SQL("c.done_at <= c.resolution_deadline")), split=False,
            where=SQL("c.state != 'cancelled'"), employee=SQL("NULL::int"), user=SQL("c.caller_id"))


@register
class RecordCompleteness(Source):
    """Whether the file of a finished job is whole: place, phone, work record with times, checklist, signature where it is asked for."""

    key = 'record_completeness'
    label = "Record Completeness"

    def rows(self, env, period):
        whole = SQL(
            """c.unit_id IS NOT NULL AND COALESCE(c.contact_phone, '') != '' AND COALESCE(c.work_summary, '') != ''
               AND c.work_start IS NOT NULL AND c.work_end IS NOT NULL
               AND (type.requires_signature IS NOT TRUE OR c.signed_at IS NOT NULL OR c.resident_absent)
               AND NOT EXISTS (SELECT 1 FROM property_service_request_checklist step
                                WHERE step.request_id = c.id AND step.required AND step.done IS NOT TRUE)""")
        return case_rows(
            _REQUEST_TABLE, REQUEST, period, _DONE, flag(whole), where=SQL("%s AND c.kind = 'service'", _SOLVED),
            joins=SQL("LEFT JOIN property_service_type type ON type.id = c.type_id"))


@register
class ErrorRate(Source):
    """Finished requests on which an error was found: a complaint about it was the employee's or team's fault, or it came back twice (R80)."""

    key = 'error_rate'
    label = "Error Rate"

    def rows(self, env, period):
        wrong = SQL(
            """c.rework_count > 1 OR EXISTS (SELECT 1 FROM property_service_complaint wrong
                 WHERE wrong.request_id = c.id AND wrong.fault IN ('employee', 'team')
                   AND wrong.state NOT IN ('transferred', 'withdrawn'))""")
        return case_rows(_REQUEST_TABLE, REQUEST, period, _DONE, flag(wrong), where=_SOLVED)
