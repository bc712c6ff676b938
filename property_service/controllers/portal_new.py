from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..models.cases.case_files import MAX_PHOTOS, PHOTO_TYPES
from ..models.cases.case_resident import MAX_TEXT, MAX_TITLE
from .portal import PropertyServicePortal

MAX_COMMON = 100


class PropertyServiceReport(PropertyServicePortal):
    """Reporting: the form, with or without a QR code. A refused form comes back as it was filled in."""

    # ---- PLACES ----

    def _get_own_units(self):
        partner = request.env.user.partner_id.sudo()  # sudo: the user's own units
        return partner.unit_ids.filtered(lambda unit: unit.active and unit.company_id in request.env.companies)

    def _get_common_units(self, units):
        """Return the common areas of the estates in which the user has units, those of the own buildings first."""
        if not units:
            return units
        found = request.env['property.service.unit'].sudo().search(  # sudo: residents may report faults of common areas
            Domain('use', '=', 'common') & Domain('estate_id', 'in', units.estate_id.ids), limit=MAX_COMMON)
        return found.sorted(lambda unit: unit.building_id not in units.building_id)

    def _get_unit_of_token(self, token):
        """Return the unit behind a QR code.

        :raises NotFound: no such code, or a private unit of somebody else: no difference can be told
        """
        token = self._clean_text(token, 64)
        unit = request.env['property.service.unit'].sudo().search(  # sudo: whoever stands before the code may report
            Domain('qr_token', '=', token) & Domain('company_id', 'in', request.env.companies.ids), limit=1) if token else None
        if not unit or (unit.use != 'common' and unit not in self._get_own_units()):
            raise NotFound
        return unit

    # ---- FORM ----

    def _get_new_values(self, unit=None, form=None, error=None):
        """Return what the form's template needs.

        :param unit: the unit of the QR code, if the form was opened with one
        :param dict form: what was filled in, if the form comes back
        :param str error: why it comes back
        """
        units = self._get_own_units()
        types = request.env['property.service.type'].sudo().search(  # sudo: staff without a role may report, too
            Domain('portal_visible', '=', True) & Domain('company_id', 'in', [False, *request.env.companies.ids]))
        return {
            **self._prepare_portal_layout_values(),
            'page_name': 'service_new',
            'place': unit,
            'units': units,
            'common_units': self._get_common_units(units),
            'types_by_category': types.grouped('category_id'),
            'expected_times': self._get_model()._get_expected_times(types, (unit or units).estate_id[:1]),
            'form': form or {'unit_id': units.id if len(units) == 1 else 0},
            'error': error,
            'max_photos': MAX_PHOTOS, 'max_megabytes': request.env.company.property_upload_mb,
            'photo_types': ','.join(PHOTO_TYPES), 'max_title': MAX_TITLE, 'max_text': MAX_TEXT,
        }

    @http.route('/my/services/new', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_service_new(self, type_id=None, **_kwargs):
        """The form, with a service of the service menu chosen already."""
        values = self._get_new_values()
        values['form'] = {**values['form'], 'type_id': self._get_model()._to_id(type_id)}
        return request.render('property_service.portal_service_new', values)

    @http.route('/my/services/report/<string:token>', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_service_report(self, token, **_kwargs):
        """The address on the QR code of a unit."""
        unit = self._get_unit_of_token(token)
        return request.render('property_service.portal_service_new', self._get_new_values(unit=unit))

    @http.route('/my/services/new', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_create(self, **post):
        """Create the request and its photos, all or nothing."""
        place = self._get_unit_of_token(post['place']) if post.get('place') else None
        form = {
            'unit_id': place.id if place else self._get_model()._to_id(post.get('unit_id')),
            'type_id': self._get_model()._to_id(post.get('type_id')),
            'title': self._clean_text(post.get('title'), MAX_TEXT),
            'description': self._clean_text(post.get('description'), 2 * MAX_TEXT),
            'contact_phone': self._clean_text(post.get('contact_phone'), MAX_TITLE),
        }
        files = self._get_files('photos')
        try:
            with request.env.cr.savepoint():
                service = self._get_model()._create_by_resident([{**form, 'channel': 'portal'}])
                service.sudo()._attach_photos(self._get_model()._check_uploads(files))  # sudo: the resident's own, just created
        except UserError as error:
            values = self._get_new_values(unit=place, form=form, error=str(error))
            values['photos_lost'] = bool(files)
            response = request.render('property_service.portal_service_new', values)
            response.status_code = 422
            return response
        return request.redirect(f'/my/services/{service.id}?info=created', code=303)
