import math

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from .case_resident import MAX_TEXT
from .request_states import FINISHED_STATES, OPEN_STATES

#: Namespace of the advisory lock that makes one resident's submissions follow each other.
_LOCK_NAMESPACE = 0x50534552


class PropertyServiceRequest(models.Model):
    """What residents do: report, chase, ask for cancellation. The same methods serve the portal and JSON-2."""

    _inherit = 'property.service.request'

    portal_worker_name = fields.Char(
        string="Assigned To", compute='_compute_portal_worker_name', compute_sudo=True,
        help="Name of who does the work: all that residents learn of an employee.")

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
        requests = self.sudo().create(prepared)  # sudo: residents have no create right of their own; checked above
        return requests.sudo(False)

    # ---- LIMITS ----

    @api.model
    def _check_flood(self, vals_list):
        """Hold back floods and double submissions; both limits are settings of the company, 0 switches one off.

        :raises UserError: a limit is reached
        """
        self._hold_resident_lock()
        partner, company = self.env.user.partner_id, self.env.company
        own = Domain('partner_id', '=', partner.id) & Domain('channel', 'in', ('portal', 'app'))
        now = fields.Datetime.now()
        Request = self.sudo().with_context(active_test=False)  # sudo: counts what was withdrawn or archived, too
        limit = company.property_daily_limit
        if limit:
            recent = Request.search_count(own & Domain('create_date', '>', fields.Datetime.subtract(now, days=1)))
            if recent + len(vals_list) > limit:
                raise UserError(self.env._(
                    "You have sent %(count)s requests within 24 hours, the most allowed is %(limit)s. "
                    "Please call us if it is urgent.", count=recent, limit=limit))
        minutes = company.property_duplicate_minutes
        if minutes:
            seen = {
                self._get_report_key(request.unit_id.id, request.type_id.id, request.title, request.description)
                for request in Request.search_fetch(
                    own & Domain('create_date', '>', fields.Datetime.subtract(now, minutes=minutes)),
                    ['unit_id', 'type_id', 'title', 'description'])}
            for vals in vals_list:
                key = self._get_report_key(vals['unit_id'], vals['type_id'], vals['title'], vals.get('description'))
                if key in seen:
                    raise UserError(self.env._(
                        "You have just sent the same request: see My Services. "
                        "If it is another matter, say what is different."))
                seen.add(key)

    @api.model
    def _get_report_key(self, unit_id, type_id, title, description):
        return unit_id, type_id, (title or '').casefold(), (description or '').casefold()

    @api.model
    def _hold_resident_lock(self):
        """Let one submission of a resident be saved at a time: limits that are counted cannot be outrun in parallel.

        :raises UserError: another one is being saved at this moment
        """
        [(held,)] = self.env.execute_query(SQL(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK_NAMESPACE, self.env.user.partner_id.id))
        if not held:
            raise UserError(self.env._("Another request of yours is just being saved. See My Services, then try again."))

    # ---- CHASING ----

    def action_chase(self, message=None):
        """Ask for progress 催单: the case owner gets a to-do and a message.

        :param str message: what the resident adds
        :raises UserError: the work is over, or it was chased a short while ago
        """
        requests = self._authorize('chase')
        requests.lock_for_update(allow_referencing=True)
        now = fields.Datetime.now()
        text = str(message or '').replace('\x00', '').strip()[:MAX_TEXT]
        for request in requests:
            target = request.merged_into_id or request
            if target.state not in OPEN_STATES:
                raise UserError(self.env._("%(case)s is no longer being worked on.", case=request.name))
            minutes = request.company_id.property_chase_minutes
            next_time = request.last_chased_at and fields.Datetime.add(request.last_chased_at, minutes=minutes)
            if next_time and next_time > now:
                raise UserError(self.env._(
                    "You asked about %(case)s a short while ago. We are on it; you can ask again in %(minutes)s minutes.",
                    case=request.name, minutes=math.ceil((next_time - now).total_seconds() / 60)))
        for request in requests:
            request._as_system().write({'chase_count': request.chase_count + 1, 'last_chased_at': now})
            body = Markup('<p>%s</p>') % self.env._("I ask for progress.")
            if text:
                body += plaintext2html(text)
            request.message_post(body=body)
            (request.merged_into_id or request)._schedule_for_responsible(
                'property_service.mail_activity_type_chase',
                self.env._("The resident asks for progress (%(count)s)", count=request.chase_count),
                note=plaintext2html(text) if text else '')
        return True

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
            'property_service.mail_activity_type_cancellation', self.env._("The resident wants to cancel"),
            note=plaintext2html(text) if text else '')
