from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, plaintext2html

from ..context_defaults import without_defaults
from .case_resident import MAX_TEXT
from .request_states import FINISHED_STATES, SOLVED_STATES

_lt = LazyTranslate(__name__)


class PropertyServiceRequest(models.Model):
    """What residents do with requests: report, ask for cancellation. The same methods serve the portal and JSON-2."""

    _inherit = 'property.service.request'

    portal_worker_name = fields.Char(
        string="Assigned To", compute='_compute_portal_worker_name', compute_sudo=True,
        help="Name of who does the work: all that residents learn of an employee.")

    portal_work_summary = fields.Text(
        string="What Was Done", compute='_compute_portal_work_summary', store=True, precompute=True, copy=False,
        help="The work record as it was told to the resident: while it is being written, the one told before stays.")

    @api.depends('work_summary', 'state')
    def _compute_portal_work_summary(self):
        for request in self:
            told = request.state in SOLVED_STATES
            request.portal_work_summary = request.work_summary if told else request.portal_work_summary

    @api.depends('employee_id.name')
    def _compute_portal_worker_name(self):
        for request in self:
            request.portal_worker_name = request.employee_id.name

    # ---- REPORTING ----

    @api.model
    def _create_by_resident(self, vals_list):
        """Create requests as a resident: of the own current units or a common area, in the own name.

        :raises AccessError: a field that residents may not set
        :raises UserError: the place or the service is not theirs to choose, something is missing, or a limit is reached
        """
        prepared = []
        for vals, unit in self._prepare_by_resident(vals_list):
            service_type = self.env['property.service.type'].sudo().browse(  # sudo: checked right below
                self._to_id(vals.get('type_id'))).exists()
            if not service_type.portal_visible or not service_type.active \
                    or service_type.company_id and service_type.company_id != unit.company_id:
                raise UserError(self.env._("Choose a service."))
            prepared.append({**vals, 'type_id': service_type.id})
        self._check_flood(prepared)
        requests = without_defaults(self).sudo().create(prepared)  # sudo: residents have no create right of their own; checked above
        return requests.sudo(False)

    @api.model
    def _get_duplicate_error(self):
        return self.env._(
            "You have just sent the same request: see My Services. If it is another matter, say what is different.")

    def _get_worked_case(self):
        return self.merged_into_id or self

    # ---- CANCELLATION ----

    def _request_cancellation(self, reason=None):
        """Note a resident's wish to cancel work already dispatched; the case owner decides.

        :raises UserError: the work is done, or the wish is noted already
        """
        text = str(reason or '').replace('\x00', '').strip()[:MAX_TEXT]
        for request in self:
            if request.state in FINISHED_STATES:
                raise UserError(self.env._("%(case)s is finished and can no longer be cancelled.", case=request.name))
            if request.cancel_requested:
                raise UserError(self.env._("We know that you want to cancel %(case)s and will answer soon.", case=request.name))
        for request in self:
            request._as_system().write({'cancel_requested': True})
            body = Markup('<p>%s</p>') % self.env._("I want to cancel this request.")
            if text:
                body += plaintext2html(text)
            request.message_post(body=body)
        self._schedule_for_responsible(
            'property_service.mail_activity_type_cancellation', _lt("The resident wants to cancel"),
            note=plaintext2html(text) if text else '')
