from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from . import callback_states
from .case_resident import MAX_TEXT


class PropertyServiceCallback(models.Model):
    """A callback that the resident answers without a call, by the link of a mail: what follows is what follows from a call."""

    _name = 'property.service.callback'
    _inherit = ['property.service.callback', 'property.service.answer.link']

    _answer_path = '/my/callbacks/answer'

    def _is_link_open_to(self, partner):
        if partner != self.partner_id or self.state == 'cancelled':
            return False
        if not self.unit_id or self.unit_id.use == 'common':
            return True
        Residency = self.env['property.service.residency']
        return bool(Residency.search_count(
            Residency._get_current_domain() & Domain('partner_id', '=', partner.id)
            & Domain('unit_id', '=', self.unit_id.id), limit=1))

    def _get_resident_answer_url(self):
        """Return the absolute address of the page that asks the resident."""
        self.ensure_one()
        return self._get_answer_url(self.partner_id)

    def _answer_by_link(self, result, comment=None):
        """Take the resident's answer, once; dissatisfied: the same follows as when a caller hears it (R39).

        :param str result: satisfied, neutral, dissatisfied
        :param str comment: free text
        :raises UserError: no such result, or it was answered before
        """
        self.ensure_one()
        if result not in dict(callback_states.RESULTS):
            raise UserError(self.env._("Choose an answer."))
        comment = (str(comment or '').replace('\x00', '').strip())[:MAX_TEXT]
        # The person who opens the link is nobody here: the rules of the house act on the answer.
        callback = self.with_user(SUPERUSER_ID)
        callback.lock_for_update(allow_referencing=True)
        if callback.state in ('done', 'cancelled'):
            raise UserError(self.env._("You have answered already. Thank you!"))
        callback.env['property.service.callback.attempt'].create({
            'callback_id': callback.id, 'at': fields.Datetime.now(), 'user_id': SUPERUSER_ID, 'channel': 'message',
            'outcome': 'reached', 'note': self.env._("Answered by the link in the mail")})
        callback._record_result(result, comment=comment)
        return True
