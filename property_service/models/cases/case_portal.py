import math

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate, plaintext2html

from .case_resident import MAX_TEXT

_lt = LazyTranslate(__name__)

#: Namespace of the advisory lock that makes one resident's submissions follow each other.
_LOCK_NAMESPACE = 0x50534552


class PropertyServiceCase(models.AbstractModel):
    """What residents may do with all their cases: follow them on a page, chase, report within limits."""

    _inherit = 'property.service.case'

    #: address of the portal pages of this kind of case
    _portal_path = '/my'
    #: states in which the work itself is over, though the resident may still have to answer
    _finished_states = ()
    #: whether residents other than the case's own follow it on its page, without the record rule
    _shared_by_residents = False
    #: what makes a report the same as the one before
    _report_key_fields = ('unit_id', 'title', 'description')

    chase_count = fields.Integer(
        string="Chased", readonly=True, copy=False, help="How often the resident asked for progress: 催单.")
    last_chased_at = fields.Datetime(readonly=True, copy=False)

    @property
    def _system_fields(self):
        return super()._system_fields | {'chase_count', 'last_chased_at'}

    @api.depends('name')
    def _compute_access_url(self):
        super()._compute_access_url()
        for case in self:
            case.access_url = f'{case._portal_path}/{case.id}'

    def _get_worked_case(self):
        """Return the case on which the work goes on: the case itself, unless it was merged into another one."""
        return self

    # ---- LIMITS ----

    @api.model
    def _get_case_models(self):
        """Return the names of all models of cases."""
        case = self.pool['property.service.case']
        return [name for name, model in self.pool.items() if issubclass(model, case) and not model._abstract]

    @api.model
    def _check_flood(self, vals_list):
        """Hold back floods and double submissions; both limits are settings of the company, 0 switches one off.

        The daily limit counts cases of every kind: who has used it up with requests cannot go on with complaints.

        :raises UserError: a limit is reached
        """
        self._hold_resident_lock()
        company, now = self.env.company, fields.Datetime.now()
        own = Domain('partner_id', '=', self.env.user.partner_id.id) & Domain('channel', 'in', ('portal', 'app'))
        limit = company.property_daily_limit
        if limit:
            since = Domain('create_date', '>', fields.Datetime.subtract(now, days=1))
            recent = sum(
                self.env[model].sudo().with_context(active_test=False).search_count(own & since)  # sudo: counts withdrawn ones, too
                for model in self._get_case_models())
            if recent + len(vals_list) > limit:
                raise UserError(self.env._(
                    "You have sent %(count)s requests within 24 hours, the most allowed is %(limit)s. "
                    "Please call us if it is urgent.", count=recent, limit=limit))
        minutes = company.property_duplicate_minutes
        if minutes:
            since = Domain('create_date', '>', fields.Datetime.subtract(now, minutes=minutes))
            Case = self.sudo().with_context(active_test=False)  # sudo: counts withdrawn ones, too
            seen = {case._get_report_key({name: case[name] for name in self._report_key_fields})
                    for case in Case.search_fetch(own & since, self._report_key_fields)}
            for vals in vals_list:
                key = self._get_report_key(vals)
                if key in seen:
                    raise UserError(self._get_duplicate_error())
                seen.add(key)

    @api.model
    def _get_report_key(self, vals):
        values = (vals.get(name) for name in self._report_key_fields)
        return tuple(
            value.id or '' if isinstance(value, models.BaseModel) else value.casefold() if isinstance(value, str) else value or ''
            for value in values)

    @api.model
    def _get_duplicate_error(self):
        return self.env._("You have just sent the same. If it is another matter, say what is different.")

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
        cases = self._authorize('chase')
        cases.lock_for_update(allow_referencing=True)
        now = fields.Datetime.now()
        text = str(message or '').replace('\x00', '').strip()[:MAX_TEXT]
        for case in cases:
            if case._get_worked_case().state not in self._open_states:
                raise UserError(self.env._("%(case)s is no longer being worked on.", case=case.name))
            minutes = case.company_id.property_chase_minutes
            next_time = case.last_chased_at and fields.Datetime.add(case.last_chased_at, minutes=minutes)
            if next_time and next_time > now:
                raise UserError(self.env._(
                    "You asked about %(case)s a short while ago. We are on it; you can ask again in %(minutes)s minutes.",
                    case=case.name, minutes=math.ceil((next_time - now).total_seconds() / 60)))
        for case in cases:
            case._as_system().write({'chase_count': case.chase_count + 1, 'last_chased_at': now})
            case._post_chase(text)
            case._get_worked_case()._schedule_for_responsible(
                'property_service.mail_activity_type_chase',
                _lt("The resident asks for progress (%(count)s)", count=case.chase_count),
                note=plaintext2html(text) if text else '')
        return True

    def _post_chase(self, text):
        """Keep the question in the conversation; staff who note the call of a resident write it down for staff."""
        extra = plaintext2html(text) if text else Markup()
        if self.env.user._is_internal():
            self.message_post(
                body=Markup('<p>%s</p>') % self.env._("The resident asks for progress.") + extra, subtype_xmlid='mail.mt_note')
        else:
            self.message_post(body=Markup('<p>%s</p>') % self.env._("I ask for progress.") + extra)
