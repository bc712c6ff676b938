from odoo import models
from odoo.tools import html2plaintext, plaintext2html

#: How much of a mail stands in the to-do that points to it.
_NOTE_LENGTH = 500


class PropertyServiceCallback(models.Model):
    """Residents answer the mail that follows calls in vain: the answer wakes whoever has to do with the callback."""

    _inherit = 'property.service.callback'

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Staff follow callbacks; residents do not: a follower is told for ever."""
        return super().message_subscribe(self.env['property.service.case']._without_residents(partner_ids), subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        return super()._message_subscribe(
            self.env['property.service.case']._without_residents(partner_ids), subtype_ids, customer_ids=None)

    def message_post(self, **kwargs):
        """Post a message; what comes by mail from outside goes to the responsible, with a to-do."""
        self.ensure_one()
        author = self.env['res.partner'].sudo().browse(kwargs.get('author_id') or ())  # sudo: reads one flag
        if kwargs.get('message_type') != 'email' or author and not author.partner_share:
            return super().message_post(**kwargs)
        user = self.sudo()._get_responsible_user()  # sudo: a resident's mail makes work for staff
        kwargs['partner_ids'] = list({*(kwargs.get('partner_ids') or []), *user.partner_id.ids})
        message = super().message_post(**kwargs)
        if user and not self.sudo().activity_ids.filtered(lambda activity: activity.user_id == user):  # sudo: as above
            text = html2plaintext(message.body or '').strip()[:_NOTE_LENGTH]
            self.sudo().with_context(lang=user.lang).activity_schedule(  # sudo: as above
                'property_service.mail_activity_type_answer', user_id=user.id, note=plaintext2html(text),
                summary=self.with_context(lang=user.lang).env._("The resident has answered by mail"))
        return message

    def _get_responsible_user(self):
        """Return who hears of an answer: the caller, else the team's leader, else the estate's manager, else a manager."""
        candidates = self.caller_id | self.team_id.leader_id.user_id | self.estate_id.manager_id.user_id
        found = candidates.filtered(lambda user: user.active and user.has_group('property_service.group_agent'))[:1]
        return found or self.env.ref('property_service.group_manager').all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids and user.id > 1)[:1]
