from odoo import SUPERUSER_ID, api, models
from odoo.tools import html2plaintext

from .case_resident import MAX_TEXT, MAX_TITLE


class PropertyServiceCase(models.AbstractModel):
    """Mails to residents about their cases, and cases that come by mail."""

    _inherit = 'property.service.case'

    # ---- MAILS TO RESIDENTS ----

    def _send_resident_mails(self, template_xmlid):
        """Queue the mail for the residents who have an e-mail address and may still see the case.

        Nothing is rendered or queried for the others: taking in a case must stay cheap.
        """
        context = self.env.context
        if context.get('install_mode') or context.get('import_file') or context.get('property_service_no_mail'):
            return
        cases = self.sudo()  # sudo: mails go out whoever took the step
        addressed = cases.filtered(lambda case: case.partner_id.email_normalized)
        if not addressed:
            return
        told = addressed._get_told_partners()
        template = self.env.ref(template_xmlid).with_user(SUPERUSER_ID)
        for company, cases in addressed.filtered(lambda case: told[case]).grouped('company_id').items():
            template.with_company(company).send_mail_batch(
                cases.ids, email_layout_xmlid='mail.mail_notification_light', email_values=self._get_resident_mail_values(company))
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()  # sudo: send soon, not at the next full hour

    @api.model
    def _get_resident_mail_values(self, company):
        """Return what all mails to residents have in common."""
        return {
            'author_id': company.partner_id.id,
            'email_from': company.email_formatted or self.env.ref('base.user_root').email_formatted,
            # the message stays in the chatter when the sent mail is cleaned up, and replies find their way back to it
            'is_notification': True,
            'auto_delete': True,
        }

    def _get_mail_timezone(self):
        """Return the time zone of the place: residents read times as their clock at home shows them."""
        self.ensure_one()
        return (self.estate_id.calendar_id or self.company_id.resource_calendar_id).tz or 'UTC'

    def _get_resident_url(self):
        """Return the absolute address of the page of the case in the portal."""
        self.ensure_one()
        return f"{self.get_base_url()}{self.access_url}"

    # ---- CASES BY MAIL ----

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a case of an incoming mail. Whatever the mail contains, it must not be lost.

        The sender's only unit is taken over; anything that cannot be found out waits for the agent.
        """
        # NUL is the one character that PostgreSQL refuses
        subject = " ".join((msg_dict.get('subject') or '').replace('\x00', '').split())
        body = html2plaintext(msg_dict.get('body') or '').replace('\x00', '').strip()
        sender = (msg_dict.get('email_from') or '').replace('\x00', '')
        values = {
            'title': (subject or body.split('\n', 1)[0] or self.env._("E-mail from %(sender)s", sender=sender))[:MAX_TITLE],
            'description': body[:MAX_TEXT],
            'channel': 'email',
            'user_id': False,
            **(custom_values or {}),
        }
        values.update(self._get_mail_sender_values(msg_dict, sender, values))
        return self.create(values)

    @api.model
    def _get_mail_sender_values(self, msg_dict, sender, values):
        """Return who sent the mail and where that person lives, within the company and estate of the mailbox."""
        company_id, estate_id = values.get('company_id'), values.get('estate_id')
        Partner = self.env['res.partner'].sudo()  # sudo: the gateway looks up who sent it
        partner = Partner.browse(self._to_id(msg_dict.get('author_id'))).exists()
        if not partner or any(not user.share for user in partner.user_ids):
            return {'contact_name': sender[:MAX_TITLE]}
        units = partner.unit_ids.filtered(
            lambda unit: company_id in (unit.company_id.id, False, None) and estate_id in (unit.estate_id.id, False, None))
        if len(units) == 1:
            return {'partner_id': partner.id, 'unit_id': units.id}
        if len(units.estate_id) == 1:
            return {'partner_id': partner.id, 'estate_id': units.estate_id.id}
        return {'partner_id': partner.id}
