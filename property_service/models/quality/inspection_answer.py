from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import inspection_score
from ..cases.case_resident import MAX_TEXT

#: Whatever a phone claims: nothing was entered longer ago.
_MAX_AGE = timedelta(days=60)
_MAX_KEY = 64


class PropertyServiceInspection(models.Model):
    """How answers and photos come in, one item at a time, from phones whose connection comes and goes.

    Everything may arrive late, twice and in any order, and is kept once: an answer that is older than the one that is there is taken
    note of and changes nothing, a photo is known by the key the phone has given it. So a phone sends again whatever it has no receipt for.
    """

    _inherit = 'property.service.inspection'

    def action_answer(self, line_id=None, value=None, not_applicable=False, note=None, age=0):
        """Save the answer to one item; the first one begins the inspection.

        :param int line_id: id of the property.service.inspection.line
        :param float value: 1 or 0 for yes and no, 1 to 5, or the number; None takes the answer back
        :param bool not_applicable: it counts neither way
        :param str note: remark on the item
        :param float age: seconds since it was entered, where it could not be sent at once
        :return: the receipt: answer, score and progress, see :meth:`_get_receipt`
        :raises UserError: there is no such answer, or the inspection is closed
        """
        inspection = self._ready_to_answer()
        line = inspection._get_line(line_id)
        entered_at = fields.Datetime.now() - self._to_age(age)
        if not line.entered_at or entered_at >= line.entered_at:
            line.write({
                **self._to_answer(line, value, not_applicable), 'note': self._to_text(note), 'entered_at': entered_at,
                'answered_by_id': self._get_answering_partner().id})
            inspection._begin_by_answer()
        return inspection._get_receipt(line)

    def action_add_photo(self, line_id=None, key=None, name=None, data=None):
        """Add a photo to one item. The same photo sent again is kept once; one that was removed does not come back.

        :param str key: what the phone calls it
        :param str name: file name, :param str data: content in base64
        :return: the receipt
        :raises UserError: it is no photo, too large, or one too many
        """
        inspection = self._ready_to_answer()
        line, key = inspection._get_line(line_id), self._to_key(key)
        keys = dict(line.photo_keys or {})
        if key not in keys:
            Case = self.env['property.service.request']
            files = Case._check_uploads([Case._decode_upload({'name': name, 'data': data})], existing=len(line.photo_ids))
            photo = Case._create_files(files, line._name, line.id)
            keys[key] = photo.id
            line.write({'photo_keys': keys, 'photo_ids': [Command.link(photo.id)]})
            inspection._begin_by_answer()
        return inspection._get_receipt(line)

    def action_remove_photo(self, line_id=None, key=None):
        """Remove a photo from one item.

        :param str key: what the phone calls it
        :return: the receipt
        """
        inspection = self._ready_to_answer()
        line, key = inspection._get_line(line_id), self._to_key(key)
        keys = dict(line.photo_keys or {})
        photo = self.env['ir.attachment'].sudo().browse(keys.get(key) or []).exists()  # sudo: files of the line, which may be written
        line.write({'photo_keys': {**keys, key: None}, 'photo_ids': [Command.unlink(photo.id)] if photo else []})
        photo.unlink()
        return inspection._get_receipt(line)

    # ---- CHECKS ----

    def _ready_to_answer(self):
        """Return the one inspection, ready for an answer; a second one at the same moment waits or is tried again."""
        self.ensure_one()
        inspection = self._authorize('answer')
        inspection._check_open()
        return inspection

    def _get_line(self, line_id):
        """Return the line, locked and ready to be written."""
        try:
            line = self.line_ids.filtered(lambda line: line.id == int(line_id))
        except (TypeError, ValueError):
            line = self.line_ids.browse()
        if not line:
            raise UserError(self.env._("%(inspection)s has no such item.", inspection=self.name))
        line.lock_for_update(allow_referencing=True)
        return line._as_system()

    @api.model
    def _to_answer(self, line, value, not_applicable):
        """Return the values of the answer, checked."""
        if not_applicable:
            return {'is_answered': True, 'not_applicable': True, 'value': 0}
        if value is None or value is False or value == '':
            return {'is_answered': False, 'not_applicable': False, 'value': 0}
        try:
            value = float(value)
        except (TypeError, ValueError):
            value = float('nan')
        if not inspection_score.is_possible(line.kind, value):
            raise UserError(self.env._("This is no answer to “%(item)s”.", item=line.item_id.name))
        return {'is_answered': True, 'not_applicable': False, 'value': value}

    @api.model
    def _to_age(self, age):
        try:
            return min(max(timedelta(seconds=float(age or 0)), timedelta()), _MAX_AGE)
        except (TypeError, ValueError, OverflowError):
            return timedelta()

    @api.model
    def _to_text(self, text):
        return str(text or '').replace('\x00', '').strip()[:MAX_TEXT] or False

    @api.model
    def _to_key(self, key):
        key = str(key or '')
        if not key.isascii() or not key.replace('-', '').isalnum() or len(key) > _MAX_KEY:
            raise UserError(self.env._("A photo is sent with a key of its own."))
        return key

    def _begin_by_answer(self):
        if self.state == 'planned':
            self._begin()

    def _get_answering_partner(self):
        """Return who answers: whoever is signed in, or the outside evaluator whose link it is."""
        by_link = self.env.context.get('property_evaluator_id') if self._is_system() else False
        return self.env['res.partner'].browse(by_link or []) or self.env.user.partner_id

    # ---- WHAT THE PHONE GETS ----

    def _get_receipt(self, line):
        """Return what the page shows after an answer has been saved."""
        self.ensure_one()
        return {
            'line_id': line.id, 'answered': line.is_answered, 'value': line.value, 'not_applicable': line.not_applicable,
            'note': line.note or '', 'finding': line.is_finding, 'needs_photo': line._needs_photo(),
            'photos': [key for key, photo_id in (line.photo_keys or {}).items() if photo_id],
            'answered_count': self.answered_count, 'item_count': self.item_count, 'score': self.score, 'state': self.state,
        }
