import json
from datetime import date, datetime, time, timedelta

from odoo import api, models
from odoo.tools import hash_sign, verify_hash_signed

#: A link in a mail answers as long as the question is fresh; later the resident signs in or calls.
LINK_DAYS = 30
_MAX_TOKEN = 500


class PropertyServiceAnswerLink(models.AbstractModel):
    """Links in mails by which a resident answers without signing in.

    The token says who answers what, is signed with the database's secret and expires; nothing of it is stored. It opens one
    question to one person and shows nothing else of the record. A model that inherits says with :meth:`_get_link_stamp` which
    question it is, so that a link of an earlier question cannot answer a later one.
    """

    _name = 'property.service.answer.link'
    _description = "Answer by Link"

    #: address of the page that takes the answer
    _answer_path = None

    def _get_link_stamp(self):
        """Return a text that changes with the question."""
        return ''

    def _is_link_open_to(self, partner):
        """Tell whether ``partner`` may still answer; a link must not outlive the residency (R105)."""
        return bool(partner)

    def _get_answer_token(self, partner):
        """Return the token of the question to ``partner``."""
        self.ensure_one()
        # The end of a day: mails of one day carry the same link.
        end = datetime.combine(date.today() + timedelta(days=LINK_DAYS + 1), time.min)
        return hash_sign(
            self.sudo().env, self._get_link_scope(),  # sudo: the secret of the database signs
            [self.id, partner.id, self._get_link_stamp()], expiration=end)

    def _get_answer_url(self, partner):
        """Return the absolute address for ``partner``; a chosen answer may be appended as its last part."""
        return f"{self.get_base_url()}{self._answer_path}/{self._get_answer_token(partner)}"

    @api.model
    def _get_link_scope(self):
        return f'property_service.answer.{self._name}'

    @api.model
    def _find_by_answer_token(self, token):
        """Return (record, partner) with superuser rights; both empty for forged, expired and outlived tokens alike."""
        nothing = self.sudo().browse(), self.env['res.partner']  # sudo: empty
        token = str(token or '')
        try:
            if not token.isascii() or len(token) > _MAX_TOKEN:
                return nothing
            values = verify_hash_signed(self.sudo().env, self._get_link_scope(), token)  # sudo: the secret of the database
        except (ValueError, json.JSONDecodeError):  # no base64, another version
            return nothing
        if not values:
            return nothing
        record_id, partner_id, stamp = values
        record = self.sudo().browse(record_id).exists()  # sudo: the token is the key
        partner = self.env['res.partner'].sudo().browse(partner_id).exists()  # sudo: as above
        if not record or not partner or stamp != record._get_link_stamp() or not record._is_link_open_to(partner):
            return nothing
        return record, partner
