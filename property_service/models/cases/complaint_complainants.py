from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import is_html_empty

from .complaint_states import COMPLAINANT_ACTIONS


class PropertyServiceComplaint(models.Model):
    """Several residents with one complaint: each follows it and is told, none learns who the others are.

    The first complainant is the case's resident. The record rule opens the case to the first alone, because its fields and its
    conversation say who that is; the others have the portal page, which shows what concerns them all. They are told by mails of
    their own: recipients of one message could be read off it.
    """

    _inherit = 'property.service.complaint'

    _shared_by_residents = True

    # ---- WHOSE CASE ----

    @api.model
    def _get_own_domain(self):
        """Return the Domain of the user's own complaints, also those of others that the user has joined."""
        partner = self.env.user.partner_id
        estates = partner.sudo().unit_ids.estate_id  # sudo: the user's own units
        joined = Domain('complainant_ids', 'in', partner.ids) & (
            Domain('estate_id', '=', False) | Domain('estate_id', 'in', estates.ids))
        return (super()._get_own_domain() | joined) & Domain('anonymous', '=', False)

    def _is_joined(self):
        """Tell whether the user has joined all these complaints of others."""
        partner = self.env.user.partner_id
        ids = {id_ for id_ in self._ids if type(id_) is int and 0 < id_ < 2 ** 31}
        return len(ids) == len(self._ids) > 0 and len(ids) == self.sudo().search_count(  # sudo: the domain holds the right
            self._get_own_domain() & Domain('id', 'in', list(ids)) & Domain('complainant_ids', 'in', partner.ids)
            & Domain('partner_id', '!=', partner.id))

    def _authorize(self, action):
        """Let the other complainants take the few steps that are theirs; see ``property.service.case._authorize``."""
        if self.env.su or self.env.user._is_internal() or action not in COMPLAINANT_ACTIONS or not self._is_joined():
            return super()._authorize(action)
        self.sudo()._check_action_from(action)  # sudo: reads the state
        return self._as_resident_action()

    # ---- WHO IS TOLD ----

    def _get_told_complainants(self):
        """Return {complaint: other complainants who are told}: not those who have moved out of the estate (R105)."""
        told = defaultdict(self.env['res.partner'].browse)
        for complaint in self.sudo():  # sudo: whoever takes the step, they are told
            if not complaint.anonymous:
                told[complaint] = complaint.complainant_ids.filtered(
                    lambda partner, estate=complaint.estate_id: not estate or estate in partner.unit_ids.estate_id
                    or not partner.with_context(active_test=False).residency_ids)
        return told

    def message_post(self, **kwargs):
        """Post a message; what staff writes to the resident goes to the other complainants, too."""
        message = super().message_post(**kwargs)
        if message.message_type == 'comment' and message.subtype_id == self.env.ref('mail.mt_comment') and message._is_of_staff():
            self.sudo()._copy_to_complainants(message)  # sudo: the recipients are staff's and the rules' choice
        return message

    def _copy_to_complainants(self, message):
        for partner in self._get_told_complainants()[self]:
            self.message_notify(
                body=message.body, subject=message.subject or self.display_name, author_id=message.author_id.id,
                partner_ids=partner.ids, subtype_xmlid='mail.mt_comment', attachment_ids=message.attachment_ids.ids)

    def _notify_by_email_get_headers(self, headers=None):
        """Core names the other recipients of a message in a header of the mail."""
        headers = super()._notify_by_email_get_headers(headers=headers)
        headers.pop('X-Msg-To-Add', None)
        return headers

    def _tell_residents(self, message):
        """Post a message to whoever complained; nobody is told of an anonymous complaint."""
        if not message or is_html_empty(message):
            return
        told, others = self._get_told_partners(), self._get_told_complainants()
        for complaint in self.filtered(lambda c: told[c] or others[c]):
            complaint.message_post(body=message, message_type='comment', subtype_xmlid='mail.mt_comment',
                                   partner_ids=told[complaint].ids)
        self._mark_responded()
