import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.mimetypes import guess_mimetype

from .request_states import FINISHED_STATES

#: What somebody who is a technician and nothing more may write: the record of the work. All else is for the steps or the office.
TECHNICIAN_WRITABLE = {
    'work_summary', 'work_start', 'work_end', 'materials_used', 'checklist_ids', 'photo_before_ids', 'photo_after_ids',
    'resident_absent',
}
#: Steps of the one who does the work.
WORK_ACTIONS = {'start', 'wait', 'resume', 'done', 'accept', 'return'}
PHOTO_FIELDS = ('photo_before_ids', 'photo_after_ids')
#: By content, not by name. No SVG: it can carry scripts.
PHOTO_TYPES = {'image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp', 'image/heic', 'image/heif', 'image/avif'}


class PropertyServiceRequest(models.Model):
    """The technician's phone: what may be written from it, photos, the resident's signature (R7–R9)."""

    _inherit = 'property.service.request'

    _technician_writable = frozenset(TECHNICIAN_WRITABLE)

    job_address = fields.Char(
        string="Place", compute='_compute_job_address', help="Estate, building, unit and floor in one line for the worker.")

    # ---- COMPUTES ----

    @api.depends('unit_id.name', 'unit_id.floor', 'building_id.name', 'estate_id.name')
    def _compute_job_address(self):
        for request in self:
            floor = request.unit_id.floor
            request.job_address = " · ".join(filter(None, (
                request.estate_id.name, request.building_id.name, request.unit_id.name,
                self.env._("Floor %(floor)s", floor=floor) if floor else None)))

    # ---- CONSTRAINTS ----

    @api.constrains(*PHOTO_FIELDS)
    def _check_photos(self):
        """Photos are images by their content, and no larger than the company allows."""
        for request in self:
            photos = request.photo_before_ids | request.photo_after_ids
            limit = request.company_id.property_upload_mb
            for photo in photos.sudo():  # sudo: the workers see the photos of the job, whoever took them
                if photo.file_size > limit * 1024 * 1024:
                    raise ValidationError(self.env._(
                        "%(file)s is too large: %(size).1f MB. The largest photo is %(limit)s MB.",
                        file=photo.name, size=photo.file_size / 1024 / 1024, limit=limit))
                if photo.type != 'binary' or guess_mimetype(photo.raw or b'', default='') not in PHOTO_TYPES:
                    raise ValidationError(self.env._("%(file)s is not a photo.", file=photo.name))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        if any(vals.get(name) for vals in vals_list for name in PHOTO_FIELDS):
            requests._claim_photos()
        return requests

    def write(self, vals):
        """A technician writes the record of the own work while it lasts, and nothing else."""
        if self._is_bound_to_own_jobs() and not self._is_system():
            self._check_own_jobs()
            forbidden = vals.keys() - self._technician_writable - {'state'}
            if forbidden:
                raise AccessError(self.env._(
                    "Only the office changes %(fields)s.",
                    fields=", ".join(self._fields[name]._description_string(self.env) if name in self._fields else name
                                     for name in sorted(forbidden))))
            if vals.keys() - {'state'} and any(request.state in FINISHED_STATES for request in self):
                raise UserError(self.env._("The work is finished: its record does not change any more."))
        result = super().write(vals)
        if any(name in vals for name in PHOTO_FIELDS):
            self._claim_photos()
        return result

    def _claim_photos(self):
        """Tie photos uploaded on their own to the request: a loose file can be seen by its author alone."""
        for request in self:
            photos = request.sudo()  # sudo: files of others are looked at, only own loose ones are tied
            loose = (photos.photo_before_ids | photos.photo_after_ids).filtered(
                lambda photo: not photo.res_id and photo.create_uid == self.env.user)
            if loose:
                loose.write({'res_model': self._name, 'res_id': request.id})

    # ---- RIGHTS ----

    @api.model
    def _is_bound_to_own_jobs(self):
        """Return whether the user is a technician and nothing more."""
        return not self.env.su and self.env.user.has_group('property_service.group_technician') \
            and not self.env.user.has_group('property_service.group_agent')

    def _check_own_jobs(self):
        """Raise AccessError when a job is neither the user's own, nor of a team that the user leads, nor a case the user owns."""
        user = self.env.user
        for request in self.sudo():  # sudo: technicians cannot read whose user an employee is
            if user not in (request.employee_id.user_id, request.team_id.leader_id.user_id, request.user_id):
                raise AccessError(self.env._("%(case)s is somebody else's job.", case=request.name))

    def _authorize(self, action):
        if action in WORK_ACTIONS and self._is_bound_to_own_jobs():
            self._check_own_jobs()
        return super()._authorize(action)

    # ---- ACTIONS ----

    def action_accept(self, signature=None, signed_by=None):
        """Accept the work (R9): by the resident in the portal, or signed on the worker's phone.

        Where a signature is needed and none given, the pad opens that asks for it. The worker cannot accept the own work without
        the resident's signature.

        :param str signature: PNG as base64
        :param str signed_by: name under the signature, default: the contact
        :raises UserError: the signature is no image
        """
        if signature:
            self._check_signature(signature)
        elif self.env.user._is_internal() and not self.env.su and any(r._needs_signature() for r in self):
            self._authorize('accept')
            return self._open_sign_wizard()
        return super().action_accept(signature=signature, signed_by=signed_by)

    def _needs_signature(self):
        self.ensure_one()
        return self.state == 'done' and (
            self._is_bound_to_own_jobs() or (self.type_id.requires_signature and not self.resident_absent))

    @api.model
    def _check_signature(self, signature):
        try:
            content = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError, TypeError):
            content = b''
        if guess_mimetype(content, default='') not in ('image/png', 'image/jpeg'):
            raise UserError(self.env._("The signature is not an image."))

    def action_resident_absent(self, summary=None):
        """Finish the work although nobody is at home to sign: it is accepted by itself when the resident does not object.

        :param str summary: what was done; may be left out when it is on the request already
        :raises UserError: nobody wrote down what was done, or the request is neither under way nor just finished
        """
        requests = self._authorize('done')
        if any(request.state not in ('in_progress', 'done') for request in requests):
            raise UserError(self.env._("Start the work first."))
        working = requests.filtered(lambda r: r.state == 'in_progress')
        if not summary and not all((request.work_summary or '').strip() for request in working):
            raise UserError(self.env._("Write down what was done first."))
        requests._as_system().write({'resident_absent': True})
        if working:
            working.action_done(summary=summary)
        return True

    def action_open_technician(self):
        """Open one job in the form made for the phone."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'views': [(self.env.ref('property_service.request_technician_view_form').id, 'form')],
        }

    def _open_sign_wizard(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Signature"),
            'res_model': 'property.service.request.sign',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_request_id': self.id},
        }
