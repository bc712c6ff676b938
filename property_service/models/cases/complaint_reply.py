from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .case_resident import MAX_TEXT


class PropertyServiceComplaint(models.Model):
    """The reply to those who complained, and their answer to it: in the portal, or by the links of the mail."""

    _name = 'property.service.complaint'
    _inherit = ['property.service.complaint', 'property.service.answer.link']

    _answer_path = '/my/complaints/answer'

    portal_reply = fields.Html(
        string="Our Answer", compute='_compute_portal_reply', compute_sudo=True,
        help="The reply once it has been given: residents do not see it while it is being written.")

    @api.depends('reply', 'state')
    def _compute_portal_reply(self):
        for complaint in self:
            complaint.portal_reply = complaint.reply if complaint.state in ('answered', 'closed') else False

    # ---- MAILS ----

    @api.model_create_multi
    def create(self, vals_list):
        """Confirm the receipt to residents who have an e-mail address."""
        complaints = super().create(vals_list)
        if self.env.su or self.env.user._is_internal():  # a resident's own creation comes here a second time with su
            complaints._send_resident_mails('property_service.mail_template_complaint_receipt')
        return complaints

    def _send_reply(self):
        """Mail the reply to each complainant, with links of the own; who has no address reads it in the portal."""
        template = self.env.ref('property_service.mail_template_complaint_reply').with_user(SUPERUSER_ID)
        told, others = self._get_told_partners(), self._get_told_complainants()
        for complaint in self.sudo():  # sudo: mails go out whoever took the step
            values = self._get_resident_mail_values(complaint.company_id)
            for partner in (told[complaint] | others[complaint]).filtered('email_normalized'):
                template.with_company(complaint.company_id).with_context(property_service_complainant=partner.id).send_mail(
                    complaint.id, email_layout_xmlid='mail.mail_notification_light',
                    email_values={**values, 'recipient_ids': [(6, 0, partner.ids)], 'partner_ids': [(6, 0, partner.ids)]})
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()  # sudo: send soon, not at the next full hour

    def _get_mail_partner(self):
        """Return to whom the mail that is being rendered goes."""
        partner_id = self.env.context.get('property_service_complainant')
        return self.env['res.partner'].browse(partner_id) if partner_id else self.partner_id

    # ---- ANSWER BY LINK ----

    def _get_link_stamp(self):
        """Links ask about one reply: a later reply has links of its own."""
        return self.answered_at.isoformat() if self.answered_at else ''

    def _is_link_open_to(self, partner):
        return bool(self.answered_at and partner in self._get_told_partners()[self] | self._get_told_complainants()[self])

    def _answer_by_link(self, partner, answer, reason=None):
        """Take the answer of the mail's links.

        :param partner: who answers; the token has proved it
        :param str answer: accept or reject
        :param str reason: why the reply is not accepted
        :raises UserError: no such answer, no reason, or the reply has been answered already
        """
        self.ensure_one()
        reason = self._clean_text(reason)
        if answer not in ('accept', 'reject'):
            raise UserError(self.env._("Choose an answer."))
        if answer == 'reject' and not reason:
            raise UserError(self.env._("Please say what is not settled."))
        user = partner.user_ids.filtered('active')[:1] or self.env.ref('base.user_root')
        complaint = self.with_user(user).sudo()  # sudo: the token has proved who answers
        complaint.lock_for_update(allow_referencing=True)
        if complaint.state != 'answered':
            raise UserError(self.env._("%(case)s has been answered already. Thank you!", case=complaint.name))
        complaint._take_response(partner, answer, (reason or '')[:MAX_TEXT], self.env._("By the link in the mail"))
        return True

    def action_accept_answer(self):
        """The resident accepts the answer: the matter is closed. Of others who joined it, it is noted."""
        complaints = self._authorize('accept_answer')
        if complaints.env.user._is_internal():
            return super().action_accept_answer()
        for complaint in complaints:
            if complaint.state != 'answered':
                raise UserError(self.env._("%(case)s is not waiting for your answer.", case=complaint.name))
            complaint._take_response(self.env.user.partner_id, 'accept')
        return True

    def _take_response(self, partner, answer, reason='', source=''):
        """Do what the answer of ``partner`` means: the first complainant's acceptance closes the matter, anybody's refusal reopens it.

        :param str source: how the answer came, for the file
        """
        labels = {'accept': self.env._("I accept the answer."), 'reject': self.env._("I do not accept the answer.")}
        if partner != self.partner_id or source:
            self._message_log(
                body=plaintext2html("\n".join(filter(None, (source, labels[answer], reason)))), author_id=partner.id)
        if answer == 'reject':
            self._reopen(reason, by_resident=True)
        elif partner == self.partner_id:
            self._set_state('closed', answer_response='accepted')
        return True
