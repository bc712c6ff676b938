from odoo import models


class MailMessage(models.Model):
    _inherit = 'mail.message'

    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        query = super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access or self.env.user._is_internal():
            return query
        messages = self.browse(query)
        hidden = messages._get_hidden_from_residents()
        return (messages - hidden)._as_query(ordered=bool(order)) if hidden else query

    def _get_forbidden_access(self, operation):
        """A resident reads the messages of a case as long as the case may be seen (R105), and never those of staff.

        Core goes on showing messages to their authors and recipients, whatever has become of the document, and keeps internal
        messages from being found, but only some of them from being read by their id.
        """
        forbidden = super()._get_forbidden_access(operation)
        if self.env.su or self.env.user._is_internal():
            return forbidden
        return forbidden | (self - forbidden)._get_hidden_from_residents()

    def _get_hidden_from_residents(self):
        """Return the messages of cases that the user may not see, and of all cases the internal ones and those of others.

        Several people may stand behind one case; what each of them writes is between that person and staff.
        """
        hidden = self.browse()
        for model, messages in self.sudo().grouped('model').items():  # sudo: reads model and id only
            if not model or not isinstance(self.env.get(model), self.pool['property.service.case']):
                continue
            cases = self.env[model].browse({message.res_id for message in messages}).exists()
            visible = set(cases._filtered_access('read').ids)
            hidden += messages.filtered(
                lambda message, visible=visible: message.res_id not in visible or message.is_internal
                or not message.subtype_id or message.subtype_id.internal or message.message_type == 'user_notification'
                or message.author_id != self.env.user.partner_id and not message._is_of_staff())
        return hidden.sudo(self.env.su)

    def _is_of_staff(self):
        return bool(self.author_id) and not self.author_id.partner_share
