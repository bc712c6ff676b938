from odoo import api, fields, models

from .request_states import CLOSED_STATES

#: Milestones on the way of a request, as residents see them; the states between count to the one before.
MILESTONES = ('new', 'approved', 'confirmed', 'dispatched', 'in_progress', 'done', 'accepted')


class PropertyServiceRequest(models.Model):
    """A request's history as its resident may read it; see ``case_timeline.py``."""

    _inherit = 'property.service.request'

    def _is_question(self):
        """Return whether the resident waits for an answer, not for somebody to come: enquiries and fee queries."""
        self.ensure_one()
        return self.sudo().kind != 'service'  # sudo: residents read the request, not how its service is kept

    def _get_portal_state_label(self):
        """Return the state in the resident's words."""
        self.ensure_one()
        if self.portal_state in ('done', 'accepted') and self._is_question():
            return self.env._("Answered")
        return dict(self._fields['state']._description_selection(self.env))[self.portal_state]

    # ---- WHAT HAPPENED ----

    def _get_timeline_events(self):
        lines, events = self.state_log_ids, super()._get_timeline_events()
        if self.merged_into_id:
            titles = {
                'done': self.env._("Work is done"), 'rejected': self.env._("Not taken on"), 'cancelled': self.env._("Cancelled")}
            since = max(lines.mapped('at'), default=self.create_date)
            events += [
                {'state': line.to_state, 'at': line.at, 'title': titles[line.to_state], 'text': ''}
                for line in self.merged_into_id.state_log_ids if line.to_state in titles and line.at >= since]
        return events

    def _get_event_title(self, line):
        if line.to_state == 'dispatched' and line.employee_id:
            return self.env._("%(worker)s takes care of it", worker=line.employee_id.name)
        if line.to_state == 'cancelled' and self.merged_into_id:
            return self.env._("Goes on together with an earlier report of the same matter")
        if line.to_state == 'in_progress' and line.from_state == 'waiting':
            return self.env._("Work goes on")
        if line.to_state == 'in_progress' and line.from_state in ('done', 'accepted', *CLOSED_STATES):
            return self.env._("Returned as not answered") if self._is_question() else self.env._("Returned as not fixed")
        if line.to_state == 'waiting' and line.waiting_reason_id:
            return self.env._("Waiting: %(reason)s", reason=line.waiting_reason_id.name)
        return {
            'new': self.env._("Request received"),
            'registered': self.env._("Registered"),
            'approved': self.env._("Checked and approved"),
            'confirmed': self.env._("Appointment made"),
            'dispatched': self.env._("Given to our team"),
            'in_progress': self.env._("Work has started"),
            'waiting': self.env._("Waiting"),
            'done': self.env._("Answered") if self._is_question() else self.env._("Work is done"),
            'accepted': self.env._("Accepted"),
            'closed': self.env._("Closed"),
            'rejected': self.env._("Not taken on"),
            'cancelled': self.env._("Cancelled"),
        }[line.to_state]

    def _get_event_text(self, line, is_last):
        if is_last and line.to_state == 'rejected':
            return self.reject_reason or ''
        if is_last and line.to_state == 'done':
            return self.portal_work_summary or ''
        return super()._get_event_text(line, is_last)

    # ---- WHAT IS NEXT ----

    def _get_next_step(self):
        case = self.merged_into_id or self
        if case.state in CLOSED_STATES or (self.merged_into_id and case.state in ('done', 'accepted')):
            return False
        by, question = False, self._is_question()
        if case.state in ('new', 'registered'):
            title, by = self.env._("We check your request and answer you"), case.response_deadline
        elif question and case.state in ('approved', 'confirmed', 'dispatched', 'in_progress'):
            title = self.env._("We look into it and answer you")
            by = case.resolution_deadline if case.responded_at else case.response_deadline
        elif case.state == 'approved':
            title = self.env._("We agree a time with you") if case.type_id.requires_appointment \
                else self.env._("We choose who does the work")
            by = case.resolution_deadline
        elif case.state in ('confirmed', 'dispatched'):
            worker = case.portal_worker_name if not self.merged_into_id else False
            title = self.env._("%(worker)s comes", worker=worker) if worker else self.env._("Somebody comes")
            by = (case.appointment_start if not self.merged_into_id else False) or case.resolution_deadline
        elif case.state == 'in_progress':
            title, by = self.env._("The work gets done"), case.resolution_deadline
        elif case.state == 'waiting':
            title = self.env._("We go on as soon as we can")
        elif case.state == 'done':
            title = self.env._("Is your question answered? If we hear nothing, it counts as answered") if question \
                else self.env._("Please accept the work or return it; without an answer it counts as accepted")
            by = fields.Datetime.add(case.done_at, days=case.company_id.property_accept_days)
        else:
            title = self.env._("Please tell us how satisfied you are") if self._is_ratable() else False
        return self._prepare_next_step(title, by)

    def _get_milestones(self):
        case = self.merged_into_id or self
        if case.state in ('rejected', 'cancelled'):
            return []
        passed = set(case.state_log_ids.mapped('to_state'))
        position = case.waiting_from_state or 'new' if case.state == 'waiting' else case.state
        position = {'registered': 'new', 'closed': 'accepted'}.get(position, position)
        labels = {
            'new': self.env._("Received"), 'approved': self.env._("Approved"), 'confirmed': self.env._("Appointment"),
            'dispatched': self.env._("Assigned"), 'in_progress': self.env._("In progress"),
            'done': self.env._("Answered") if self._is_question() else self.env._("Done"),
            'accepted': self.env._("Closed") if self._is_question() else self.env._("Accepted"),
        }
        enquiry = case.kind != 'service'
        shown = [
            state for state in MILESTONES
            if state in passed or state == position
            or not (state == 'confirmed' and not case.type_id.requires_appointment)
            and not (enquiry and state in ('approved', 'dispatched', 'in_progress'))]
        return self._prepare_milestones([(state, labels[state]) for state in shown], position)

    # ---- BEFORE REPORTING ----

    @api.model
    def _get_expected_times(self, types, estate=None):
        """Return {service type id: {'response': text, 'resolution': text}} of what the service level promises."""
        Policy = self.env['property.service.sla.policy'].sudo()  # sudo: residents read what a policy promises, not the policy
        times = {}
        for service_type in types:
            rule = Policy._match(
                'request', self.env.company.id, service_type.default_priority, service_type.id, service_type.category_id.id,
                estate.id if estate else False)
            times[service_type.id] = {
                'response': self._format_hours(rule.response_hours) if rule else '',
                'resolution': self._format_hours(rule.resolution_hours) if rule else '',
            }
        return times

    @api.model
    def _format_hours(self, hours):
        if not hours:
            return ''
        if hours < 1:
            return self.env._("%(count)s minutes", count=round(hours * 60))
        if hours <= 48 or hours % 24:
            return self.env._("%(count)s hours", count=f'{hours:g}')
        return self.env._("%(count)s days", count=f'{hours / 24:g}')
