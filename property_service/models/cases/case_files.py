import base64
import binascii
import os
import re

from PIL import Image

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html
from odoo.tools.image import ImageProcess
from odoo.tools.mimetypes import guess_mimetype

MAX_PHOTOS = 10
PHOTO_TYPES = {'image/jpeg': '.jpg', 'image/png': '.png', 'image/webp': '.webp', 'image/gif': '.gif'}
#: In messages also a document: a drawing, a receipt.
DOCUMENT_TYPES = {'application/pdf': '.pdf'}


class PropertyServiceCase(models.AbstractModel):
    """Files that come from residents: checked by what they are, not by what they are called."""

    _inherit = 'property.service.case'

    # ---- FILES OF STAFF ----

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        if any(vals.get('attachment_ids') for vals in vals_list):
            cases._claim_attachments()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if 'attachment_ids' in vals:
            self._claim_attachments()
        return result

    def _claim_attachments(self):
        """Tie files uploaded before the case was saved to it: a loose file can be opened by its author alone."""
        for case in self:
            files = case.sudo().attachment_ids.filtered(  # sudo: files of others are looked at, only own loose ones are tied
                lambda file: not file.res_id and file.create_uid == self.env.user)
            if files:
                files.write({'res_model': self._name, 'res_id': case.id})

    # ---- FILES OF RESIDENTS ----

    @api.model
    def _decode_upload(self, upload):
        """Return (name, bytes) of ``{'name': …, 'data': base64}``.

        :raises UserError: it is not of that shape
        """
        try:
            return str(upload['name']), base64.b64decode(upload['data'], validate=True)
        except (TypeError, KeyError, ValueError, binascii.Error) as error:
            raise UserError(self.env._("A photo is sent as its name and its content in base64.")) from error

    @api.model
    def _check_uploads(self, files, existing=0, documents=False):
        """Check uploaded files and return them with names that fit their content.

        :param list files: [(name, bytes), …]
        :param int existing: files that are there already
        :param bool documents: allow PDF besides photos
        :rtype: list[tuple[str, bytes, str]]
        :returns: (name, content, mimetype) of each
        :raises UserError: too many, too large, or of another kind
        """
        if len(files) + existing > MAX_PHOTOS:
            raise UserError(self.env._("At most %(limit)s photos.", limit=MAX_PHOTOS))
        limit = self.env.company.property_upload_mb
        return [self._check_upload(name, content, limit, documents) for name, content in files]

    @api.model
    def _check_upload(self, name, content, limit, documents):
        name = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', '', os.path.basename((name or '').replace('\\', '/'))).strip() or 'photo'
        stem = os.path.splitext(name)[0][:80] or 'photo'
        if len(content) > limit * 1024 * 1024:
            raise UserError(self.env._("%(name)s is larger than %(limit)s MB.", name=name[:80], limit=limit))
        mimetype = guess_mimetype(content)
        if documents and mimetype in DOCUMENT_TYPES:
            return stem + DOCUMENT_TYPES[mimetype], content, mimetype
        if mimetype not in PHOTO_TYPES or not self._is_image(content):
            raise UserError(
                self.env._("%(name)s is neither a photo (JPEG, PNG, WebP, GIF) nor a PDF.", name=name[:80]) if documents
                else self.env._("%(name)s is not a photo (JPEG, PNG, WebP, GIF).", name=name[:80]))
        return stem + PHOTO_TYPES[mimetype], content, mimetype

    @api.model
    def _is_image(self, content):
        """Tell whether the content can be opened as an image of a sane size; the first bytes alone prove nothing."""
        try:
            ImageProcess(content, verify_resolution=True)
        except (UserError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return False
        return True

    def _attach_photos(self, files):
        """Keep checked files (see :meth:`_check_uploads`) as the photos of the case."""
        self.ensure_one()
        if not files:
            return
        attachments = self._create_files(files, self._name, self.id)
        case = self.sudo()  # sudo: residents do not write cases
        case._as_system().write({'attachment_ids': [Command.link(attachment.id) for attachment in attachments]})

    @api.model
    def _create_files(self, files, res_model, res_id):
        return self.env['ir.attachment'].sudo().create([{  # sudo: residents have no right on attachments; files are checked
            'name': name, 'raw': content, 'mimetype': mimetype, 'res_model': res_model, 'res_id': res_id,
        } for name, content, mimetype in files])

    # ---- WHAT RESIDENTS SEND ----

    def action_add_photos(self, photos=None):
        """Add a resident's photos to an own, unfinished case.

        :param list photos: ``[{'name': 'leak.jpg', 'data': '<base64>'}, …]``, at most ten on the case
        :raises UserError: too many, too large, no photo, or the work is over
        """
        self.ensure_one()
        photos = photos if isinstance(photos, (list, tuple)) else []
        self._add_resident_photos([self._decode_upload(photo) for photo in photos])
        return True

    def _add_resident_photos(self, files):
        """Check and keep photos; ``files``: [(name, bytes), …]."""
        case = self._authorize('add_photos')
        if case.state in self._finished_states:
            raise UserError(self.env._("%(case)s is no longer being worked on.", case=case.name))
        if not files:
            raise UserError(self.env._("Choose a photo first."))
        case._attach_photos(self._check_uploads(files, existing=len(case.attachment_ids)))

    def _post_resident_message(self, text, files=()):
        """Post what a resident writes on an own case, with photos or PDF files.

        :param list files: [(name, bytes), …]
        """
        case = self._authorize('message')
        # like the composer's, they wait at nobody's record: a resident's message takes over no other files
        waiting = self._create_files(self._check_uploads(files, documents=True), 'mail.compose.message', 0)
        return case.message_post(body=plaintext2html(text) if text else '', attachment_ids=waiting.ids)
