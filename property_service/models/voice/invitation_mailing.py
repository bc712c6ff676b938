from odoo import fields, models


class PropertyServiceSurveyInvitation(models.Model):
    """What is written to residents."""

    _inherit = 'property.service.survey.invitation'

    def _send(self):
        """Queue the mails of a batch: invitations and reminders, by the template of each campaign."""
        now = fields.Datetime.now()
        for (campaign, kind), invitations in self.grouped(lambda invitation: (invitation.campaign_id, invitation.to_send)).items():
            template = campaign.template_id if kind == 'invitation' else campaign.reminder_template_id
            if template:
                template.send_mail_batch(invitations.ids, force_send=False, email_layout_xmlid='mail.mail_notification_light')
            if kind == 'invitation':
                invitations.write({'to_send': False, 'contacted_at': now, 'sent_at': now, 'send_error': False})
                invitations.filtered(lambda invitation: invitation.state == 'new').write({'state': 'sent'})
            else:
                for count, reminded in invitations.grouped('reminder_count').items():
                    reminded.write({'to_send': False, 'contacted_at': now, 'reminder_count': count + 1, 'send_error': False})

    def _send_each(self):
        """Send one by one; what fails says why and does not starve the rest."""
        for invitation in self:
            try:
                with self.env.cr.savepoint():
                    invitation._send()
            except Exception as error:  # noqa: BLE001, one broken address must not stop the others; what it was is kept
                invitation.write({'to_send': False, 'send_error': str(error)[:200]})
