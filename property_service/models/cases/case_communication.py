from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: What a resident's message may carry. Core lets whoever may post choose author, recipients and kind of the message.
_RESIDENT_MESSAGE_KEYS = {'body', 'subject', 'attachment_ids', 'parent_id'}


class PropertyServiceCase(models.AbstractModel):
    """Who hears what about a case.

    Three rules, whatever way a message takes: residents are told what staff writes to them, never internal notes; they
    are told as long as they live there, so they are never followers (a follower is told for ever); and a link in a mail
    opens the case only to who may see it, so no access token is ever given away.
    """

    _inherit = 'property.service.case'

    # ---- WHO IS TOLD ----

    def _get_told_partners(self):
        """Return {case: partner who is told about it}: the resident, as long as the case may be seen (R105)."""
        told = defaultdict(self.env['res.partner'].browse)
        private = self.sudo().filtered(  # sudo: accountants, who answer fee queries, read no units
            lambda case: case.partner_id and case.unit_id and case.unit_id.use != 'common')
        current = set()
        if private:
            Residency = self.env['property.service.residency'].sudo()  # sudo: whoever takes the step, the resident is told
            current = set(Residency._read_group(
                Residency._get_current_domain() & Domain('partner_id', 'in', private.partner_id.ids)
                & Domain('unit_id', 'in', private.unit_id.ids), ['partner_id', 'unit_id']))
        for case in self:
            if case not in private or (case.partner_id, case.unit_id) in current:
                told[case] = case.partner_id
        return told

    def _get_responsible_users(self):
        """Return {case: user who answers for it}: the owner, else the team's leader, else the estate's manager.

        Only staff who can see the case count. Where there is none, the first manager of the company answers.
        """
        responsible = {}
        for case in self.sudo():  # sudo: a resident's step looks for staff
            responsible[case.id] = case.user_id | case.team_id.leader_id.user_id | case.estate_id.manager_id.user_id
        return self._pick_users(responsible, 'property_service.group_technician')

    def _get_supervisors(self):
        """Return {case: user who watches over those who work on it}: the team's leader, else the estate's manager, else a manager."""
        supervisors = {}
        for case in self.sudo():  # sudo: whoever takes the step, the supervisor is told
            supervisors[case.id] = case.team_id.leader_id.user_id | case.estate_id.manager_id.user_id
        return self._pick_users(supervisors, 'property_service.group_technician')

    def _get_barred_users(self):
        """Hook: return the users who must not have to do with the case."""
        return self.env['res.users']

    def _pick_users(self, candidates, group):
        """Return {case: the first of its candidates who can see it, else the first manager of the company}.

        :param dict candidates: {case id: users in the order of preference}, with superuser rights
        """
        picked, managers = {}, None
        for case in self.sudo():  # sudo: compares only
            barred = case._get_barred_users()
            found = (candidates[case.id] - barred).filtered(lambda user: user.active and user.has_group(group))[:1]
            if not found:
                if managers is None:
                    managers = self.env.ref('property_service.group_manager').sudo().all_user_ids  # sudo: residents cannot read groups
                found = (managers - barred).filtered(
                    lambda user, company=case.company_id: user.active and company in user.company_ids and user.id > 1)[:1]
            picked[case.id] = found
        return {case: picked[case.id] for case in self}

    def _schedule_for_responsible(self, activity_type, summary, note='', users=None):
        """Put a to-do on the desk of whoever answers for each case, unless the same one is open there already.

        :param summary: lazy translation, because the to-do is read in another language than that of whoever caused it
        """
        type_id = self.env['ir.model.data']._xmlid_to_res_id(activity_type)
        cases = self.sudo()  # sudo: what residents do makes work for staff
        users = users or cases._get_responsible_users()
        open_ids = set(self.env['mail.activity'].sudo().search([  # sudo: other people's activities
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('activity_type_id', '=', type_id)]).mapped('res_id'))
        for case in cases:
            user = users[case]
            if user and case.id not in open_ids:
                localized = case.with_context(lang=user.lang)
                localized.activity_schedule(activity_type, summary=summary._translate(user.lang), note=note, user_id=user.id)

    # ---- FOLLOWERS ----

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Staff follow cases; residents do not: they are told by the rules above, which end with the residency."""
        return super().message_subscribe(self._without_residents(partner_ids), subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        return super()._message_subscribe(self._without_residents(partner_ids), subtype_ids, customer_ids=None)

    @api.model
    def _without_residents(self, partner_ids):
        partners = self.env['res.partner'].sudo().browse(partner_ids or [])  # sudo: reads one flag
        return partners.filtered(lambda partner: not partner.partner_share).ids

    # ---- MESSAGES ----

    def message_post(self, **kwargs):
        """Post a message. A resident's is always a comment in the own name to whoever answers for the case.

        What staff writes to the resident is the first response (R31); an internal note is not.

        :raises UserError: the resident's message is empty
        """
        self.ensure_one()
        kwargs.pop('rating_value', None)  # core would make a rating of it without asking whether one may be given
        comment_id = self.env['ir.model.data']._xmlid_to_res_id('mail.mt_comment')
        if not self.env.user._is_internal():
            self._check_visible()
            message = super(PropertyServiceCase, self.sudo()).message_post(  # sudo: core reads the owner, residents cannot
                **self._clean_resident_message(kwargs))
            self._wake_owner()
            return message
        is_comment = kwargs.get('subtype_xmlid') == 'mail.mt_comment' or kwargs.get('subtype_id') == comment_id
        if is_comment and kwargs.get('message_type') in ('email', 'comment'):
            kwargs['partner_ids'] = self._add_recipients(kwargs)
        message = super().message_post(**kwargs)
        if is_comment and message.message_type in ('comment', 'email') and message._is_of_staff() \
                and self._get_told_partners()[self] & message.partner_ids - message.author_id:
            self.sudo()._mark_responded()  # sudo: whoever may post may not be able to write
        if is_comment and message.message_type == 'email' and not message._is_of_staff():
            self._wake_owner()
        return message

    def _wake_owner(self):
        """What a resident writes after the end is on nobody's list: put a to-do on the desk of whoever answers for the case."""
        case = self.sudo()  # sudo: what residents write makes work for staff
        if case.state in case._closed_states:
            case._schedule_for_responsible(
                'property_service.mail_activity_type_answer', _lt("The resident has written after the end"))

    def _add_recipients(self, kwargs):
        """Return the ids of who is told: the resident of what staff says, the responsible of what anybody else says."""
        partner_ids = set(kwargs.get('partner_ids') or [])
        author = self.env['res.partner'].sudo().browse(kwargs.get('author_id') or ())  # sudo: reads one flag
        is_of_staff = not author.partner_share if author else kwargs['message_type'] == 'comment'
        if is_of_staff:
            partner_ids |= set(self._get_told_partners()[self].ids)
        elif kwargs['message_type'] == 'email':
            partner_ids |= set(self._get_responsible_users()[self].partner_id.ids)
        return list(partner_ids)

    def _clean_resident_message(self, kwargs):
        cleaned = {key: value for key, value in kwargs.items() if key in _RESIDENT_MESSAGE_KEYS}
        if not str(cleaned.get('body') or '').strip() and not cleaned.get('attachment_ids'):
            raise UserError(self.env._("Write something first."))
        author = self.env.user.partner_id
        return {
            **cleaned,
            'message_type': 'comment',
            'subtype_xmlid': 'mail.mt_comment',
            'author_id': author.id,
            'partner_ids': (self._get_responsible_users()[self].partner_id - author).ids,
        }

    def message_notify(self, **kwargs):
        """Refuse residents: with it, core lets whoever sees a record write to anybody."""
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("You cannot do this."))
        return super().message_notify(**kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Drop a resident who may no longer see the case, however the name came onto the list."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self:
            return recipients
        resident, told = self.sudo().partner_id, self._get_told_partners()[self]  # sudo: compare only
        return [data for data in recipients if data['id'] != resident.id or resident in told]

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Do not propose a resident who has moved out."""
        suggested = super()._message_get_suggested_recipients_batch(*args, **kwargs)
        told = self._get_told_partners()
        for case in self:
            gone = case.partner_id - told[case]
            suggested[case.id] = [recipient for recipient in suggested[case.id] if recipient.get('partner_id') not in gone.ids]
        return suggested

    # ---- LINKS ----

    def _portal_ensure_token(self):
        """No token: a link that somebody keeps or passes on must not outlive the residency."""
        return ''

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        return self.access_url

    def get_portal_url(self, suffix=None, report_type=None, download=None, query_string=None, anchor=None):
        """Return the address of the portal page; who opens it signs in."""
        self.ensure_one()
        return f"{self.access_url}{suffix or ''}{'#' + anchor if anchor else ''}"

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """Signed links do not open the conversation either: only the record rules do."""
        for key in ('hash', 'pid', 'token'):
            kwargs.pop(key, None)
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if not self:
            return groups
        url = f"{self.get_base_url()}{self.access_url}"
        for name, _is_member, data in groups:
            if name in ('portal_customer', 'portal'):
                data['button_access'] = {'url': url}
        return groups

    # ---- ACTIONS ----

    def action_log_contact(self, summary=None, direction='in'):
        """Note a call or visit of a resident, or one to a resident (R11); it is the first response where there was none.

        :param str summary: what was said; asked by a wizard when missing
        :param str direction: 'in' the resident called or came, 'out' staff did
        :raises UserError: the direction is unknown
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("You cannot do this."))
        self.check_access('write')
        summary = self._clean_text(summary)
        if not summary:
            return self._open_action_wizard('log_contact')
        labels = {'in': self.env._("The resident called or came"), 'out': self.env._("The resident was called or visited")}
        if direction not in labels:
            raise UserError(self.env._("A contact is incoming ('in') or outgoing ('out')."))
        body = f"{labels[direction]}: {summary}"
        for case in self:
            case.message_post(body=body, subtype_xmlid='mail.mt_note')
        self._mark_responded(fields.Datetime.now())
        return True
