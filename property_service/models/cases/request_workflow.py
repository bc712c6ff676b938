from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .case import PRIORITIES
from .request_states import FINISHED_STATES, RESIDENT_CANCEL_STATES


class PropertyServiceRequest(models.Model):
    """The steps of a request's life, each callable from a button, the portal and JSON-2."""

    _inherit = 'property.service.request'

    # ---- ACTIONS: INTAKE AND REVIEW ----

    def action_register(self):
        """Take the request into the books (R2). Steps its type does not need are passed over at once.

        :raises UserError: R20's elements are missing
        """
        requests = self._authorize('register')
        requests._set_state('registered')
        requests._pass_over_steps()
        return True

    def action_approve(self, priority=None):
        """Approve after review (R3), optionally with another priority ('0', '1', '2')."""
        requests = self._authorize('approve')
        if priority and (not isinstance(priority, str) or priority not in dict(PRIORITIES)):
            raise UserError(self.env._("The priority is 0, 1 or 2."))
        requests._set_state('approved', **({'priority': priority} if priority else {}))
        requests._auto_dispatch()
        return True

    def action_reject(self, reason=None):
        """Refuse the request; the resident is told the reason.

        :param str reason: asked by a wizard when missing
        """
        requests = self._authorize('reject')
        reason = self._clean_text(reason)
        if not reason:
            return self._open_action_wizard('reject')
        requests._set_state('rejected', reason=reason, reject_reason=reason)
        return True

    def _pass_over_steps(self):
        """Go on over the review where the service type does not require it."""
        self.filtered(lambda r: r.state == 'registered' and not r.type_id.requires_review)._set_state('approved')
        self._auto_dispatch()

    # ---- ACTIONS: APPOINTMENT AND DISPATCH ----

    def action_confirm(self, start=None, end=None):
        """Agree the time with the resident (R4), or move an appointment.

        :param start: start as datetime or string, naive UTC
        :param end: end, same notation; default: start plus the planned hours of the type
        """
        requests = self._authorize('confirm')
        if not start:
            return self._open_action_wizard('confirm')
        start, end = self._to_datetime(start), self._to_datetime(end)
        for hours, group in requests.grouped(lambda r: r.type_id.planned_hours or 1.0).items():
            stop = end or fields.Datetime.add(start, hours=hours)
            if stop <= start:
                raise UserError(self.env._("An appointment must end after it starts."))
            if stop < fields.Datetime.now():
                raise UserError(self.env._("An appointment cannot be made for the past."))
            group._set_state('confirmed', appointment_start=start, appointment_end=stop)
        requests._mark_responded()
        requests._auto_dispatch()
        return True

    def action_dispatch(self, employee_id=None):
        """Give the work to an employee (R5); again: to another one.

        :param int employee_id: id of the hr.employee; a wizard with the ranked proposal asks when missing
        """
        requests = self._authorize('dispatch')
        if not employee_id:
            return self._open_dispatch_wizard()
        requests._dispatch_to(self._browse_argument('hr.employee', employee_id))
        return True

    # ---- ACTIONS: WORK ----

    def action_start(self):
        """Start the work: the worker is on site. Work that was returned is under way already: its next visit begins."""
        requests = self._authorize('start')
        here_again = requests.filtered(lambda r: r.state == 'in_progress' and not r.work_start)
        requests.filtered(lambda r: not r.work_start).write({'work_start': fields.Datetime.now()})
        (requests - here_again)._set_state('in_progress')
        return True

    def action_wait(self, reason_id=None, note=None, until=None):
        """Suspend the work for a reason; whether the clock pauses depends on the reason and the policy.

        :param int reason_id: id of the property.service.waiting.reason
        :param str note: free text
        :param until: date until which to wait
        """
        requests = self._authorize('wait')
        if not reason_id:
            return self._open_action_wizard('wait')
        reason = self._browse_argument('property.service.waiting.reason', reason_id)
        note, until = self._clean_text(note), self._to_datetime(until)
        for state, group in requests.grouped('state').items():
            group._set_state('waiting', reason=note, waiting_reason=reason, waiting_reason_id=reason.id,
                             waiting_note=note, waiting_until=until and until.date(), waiting_from_state=state)
        return True

    def action_resume(self):
        """Go on where the work was suspended."""
        requests = self._authorize('resume')
        if any(request.state != 'waiting' for request in requests):
            raise UserError(self.env._("Only waiting requests can be resumed."))
        for state, group in requests.grouped('waiting_from_state').items():
            group._set_state(state or 'registered')
        return True

    def action_done(self, summary=None, start=None, end=None, materials=None):
        """Finish the work with its record 服务记录 (R8).

        :param str summary: what was done; asked by a wizard when neither given nor on the request
        :param start: start of the work (default: when it was started), :param end: its end (default: now)
        :param str materials: materials used, free text
        """
        requests = self._authorize('done')
        summary, materials, start = self._clean_text(summary), self._clean_text(materials), self._to_datetime(start)
        if not summary and not all(request.work_summary for request in requests):
            return self._open_action_wizard('done')
        vals = {'work_end': self._to_datetime(end) or fields.Datetime.now()}
        if summary:
            vals['work_summary'] = summary
        if materials:
            vals['materials_used'] = materials
        for started, group in requests.grouped(lambda r: bool(r.work_start)).items():
            given = {'work_start': start or vals['work_end']} if start or not started else {}
            group._set_state('done', **vals, **given)
        requests._mark_responded()
        return True

    # ---- ACTIONS: ACCEPTANCE AND END ----

    def action_accept(self, signature=None, signed_by=None):
        """Accept the work (R9): by the resident in the portal, or signed on the worker's phone.

        :param str signature: PNG as base64
        :param str signed_by: name under the signature, default: the contact
        """
        requests = self._authorize('accept')
        if not signature:
            requests._set_state('accepted')
            return True
        signed_by, now = self._clean_text(signed_by), fields.Datetime.now()
        for contact_name, group in requests.grouped('contact_name').items():
            group._set_state(
                'accepted', signature=self._clean_image(signature), signed_by=signed_by or contact_name, signed_at=now)
        return True

    def action_return(self, reason=None):
        """Return the work as not fixed, or reopen a closed request; counts as rework.

        :param str reason: asked by a wizard when missing
        """
        requests = self._authorize('return')
        reason = self._clean_text(reason)
        if not reason:
            return self._open_action_wizard('return')
        if any(request.state not in FINISHED_STATES for request in requests):
            raise UserError(self.env._("Only finished work can be returned."))
        if any(request.state == 'closed' for request in requests) \
                and not self.env.su and not self.env.user.has_group('property_service.group_supervisor'):
            raise UserError(self.env._("This request is closed: report the problem in a new one."))
        for rework_count, group in requests.grouped('rework_count').items():
            group._set_state('in_progress', reason=reason, return_reason=reason, rework_count=rework_count + 1,
                             resident_absent=False)
        return True

    def action_close(self):
        """Close accepted requests for good."""
        self._authorize('close')._set_state('closed')
        return True

    def action_cancel(self, reason=None):
        """Cancel. Residents may until dispatch; later their wish goes to the case owner, who decides.

        :param str reason: asked by a wizard when staff cancels without one
        """
        requests = self._authorize('cancel')
        reason = self._clean_text(reason)
        if not self.env.user._is_internal():
            late = requests.filtered(lambda r: r.state not in RESIDENT_CANCEL_STATES)
            late._request_cancellation(reason)
            (requests - late)._set_state('cancelled', reason=reason or self.env._("Cancelled by the resident."))
            return True
        if not reason:
            return self._open_action_wizard('cancel')
        requests._set_state('cancelled', reason=reason)
        return True

    def action_merge(self, master_id=None):
        """Merge duplicates into a master request: they end, point to it, and their people are told with it.

        :param int master_id: id of the request that goes on
        """
        requests = self._authorize('merge')
        if not master_id:
            return self._open_action_wizard('merge')
        master = self._browse_argument(self._name, master_id)
        if master.is_closed or master.merged_into_id or master.company_id != requests.company_id:
            raise UserError(self.env._("Choose an open request to merge into."))
        master.check_access('write')
        if master in requests:
            raise UserError(self.env._("A request cannot be merged into itself."))
        requests.merged_ids._as_system().write({'merged_into_id': master.id})
        requests._set_state('cancelled', reason=self.env._("Merged into %(master)s.", master=master.name),
                            merged_into_id=master.id)
        for request in requests:
            request.message_post(body=self.env._("Merged into %(master)s.", master=master.name))
        master.message_post(body=self.env._("Took in: %(duplicates)s.", duplicates=", ".join(requests.mapped('name'))))
        return True

    # ---- STATE HOOKS ----

    def _group_state_values(self, state, now):
        if state == 'registered':
            vals = {'registered_by_id': self.env.uid}
        elif state == 'done':
            vals = {'done_at': now}
        elif state in self._closed_states:
            vals = {'closed_at': now}
        elif state == 'in_progress':
            vals = {'done_at': False, 'closed_at': False}
        else:
            vals = {}
        waiting = self.filtered(lambda r: r.state == 'waiting')
        resumed = {'waiting_reason_id': False, 'waiting_note': False, 'waiting_until': False, 'waiting_from_state': False}
        if state == 'registered':  # who registered first answers for it, not who resumes (R104)
            return [(vals, self - waiting), (resumed, waiting)]
        return [(vals, self - waiting), ({**vals, **resumed}, waiting)]

    def _after_state_change(self, before):
        super()._after_state_change(before)
        working = self.filtered(lambda r: r.state in ('dispatched', 'in_progress') and not r.checklist_ids)
        working._create_checklists()

    def _create_checklists(self):
        """Copy the standard procedure of the type: later changes of the type do not touch work under way."""
        self.env['property.service.request.checklist'].sudo().create([{  # sudo: workers tick steps, they do not make them
            'request_id': request.id, 'sequence': step.sequence, 'name': step.name, 'required': step.required,
        } for request in self for step in request.type_id.checklist_ids])

    # ---- CRONS ----

    @api.model
    def _cron_accept_and_close(self, batch_size=200):
        """Accept finished work nobody answered to (7 days by default), then close accepted requests (R9)."""
        now = fields.Datetime.now()
        for company in self.env['res.company'].search([]):  # pylint: disable=no-search-all
            accept_domain = Domain('company_id', '=', company.id) & Domain('state', '=', 'done') & Domain(
                'done_at', '<=', fields.Datetime.subtract(now, days=company.property_accept_days))
            close_domain = Domain('company_id', '=', company.id) & Domain('state', '=', 'accepted') & Domain(
                'done_at', '<=', fields.Datetime.subtract(now, days=company.property_close_days))
            for domain, state, reason in (
                (accept_domain, 'accepted', self.env._("Accepted automatically.")),
                (close_domain, 'closed', self.env._("Closed automatically.")),
            ):
                if not self._process_batches(domain, state, reason, batch_size):
                    return

    def _process_batches(self, domain, state, reason, batch_size):
        """Move what ``domain`` finds to ``state``, batch by batch; return whether there is time left."""
        commit = self.env['ir.cron']._commit_progress
        last_id = 0
        while todo := self.search(domain & Domain('id', '>', last_id), limit=batch_size, order='id'):
            last_id = todo[-1].id
            requests = todo.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
            requests._as_system()._set_state(state, reason=reason)  # nobody signs for work that nobody answered to
            if not commit(len(todo)):
                return False
        return True

    # ---- HELPERS ----

    def _open_action_wizard(self, action):
        """Return the act_window of the small wizard that asks what ``action`` needs."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env['property.service.request.action']._get_title(action),
            'res_model': 'property.service.request.action',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_request_ids': [Command.set(self.ids)], 'default_action': action},
        }
