from datetime import datetime

import pytz

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..models.cases.case_files import MAX_PHOTOS, PHOTO_TYPES
from ..models.cases.case_resident import MAX_TEXT, MAX_TITLE
from .portal_complaint import COMPLAINT, PropertyServiceComplaintPage
from .portal_new import PropertyServiceReport

MAX_REQUESTS = 20


class PropertyServiceComplaintForm(PropertyServiceComplaintPage, PropertyServiceReport):
    """The form of a complaint, suggestion or praise. A refused form comes back as it was filled in."""

    def _get_complaint_form_values(self, form=None, error=None):
        """Return what the form's template needs.

        :param dict form: what was filled in, if the form comes back
        :param str error: why it comes back
        """
        units = self._get_own_units()
        model = request.env[COMPLAINT]
        return {
            **self._prepare_portal_layout_values(),
            'page_name': 'complaint_new',
            'units': units,
            'common_units': self._get_common_units(units),
            'kinds': model._fields['kind']._description_selection(request.env),
            'categories': model._get_open_categories(request.env.company),
            'services': self._search_own_cases(
                'property.service.request', Domain.TRUE, ['name', 'title'], order='id desc', limit=MAX_REQUESTS),
            'form': form or {'unit_id': units.id if len(units) == 1 else 0, 'kind': 'complaint'},
            'error': error,
            'latest': self._get_local_now(units.estate_id[:1]).strftime('%Y-%m-%dT%H:%M'),
            'max_photos': MAX_PHOTOS, 'max_megabytes': request.env.company.property_upload_mb,
            'photo_types': ','.join(PHOTO_TYPES), 'max_title': MAX_TITLE, 'max_text': MAX_TEXT,
        }

    def _get_timezone(self, estate):
        calendar = estate.sudo().calendar_id or request.env.company.sudo().resource_calendar_id  # sudo: residents cannot read calendars
        return pytz.timezone(calendar.tz or 'UTC')

    def _get_local_now(self, estate):
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._get_timezone(estate))

    def _read_local_time(self, value, estate):
        """Return the moment that the clock on the wall of the estate showed, as naive UTC; False when there is none."""
        if not value:
            return False
        try:
            local = datetime.fromisoformat(value).replace(tzinfo=None)
            return self._get_timezone(estate).localize(local).astimezone(pytz.utc).replace(tzinfo=None)
        except (ValueError, OverflowError) as error:
            raise UserError(request.env._("%(value)s is not a date and time.", value=value)) from error

    @http.route('/my/complaints/new', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_complaint_new(self, service=None, kind=None, **_kwargs):
        values = self._get_complaint_form_values()
        request_id = request.env[COMPLAINT]._to_id(service)
        if request_id in values['services'].ids:
            about = values['services'].filtered(lambda item: item.id == request_id)
            values['form'].update(request_id=request_id, unit_id=about.unit_id.id, category_id=about.category_id.id)
        if kind in dict(values['kinds']):
            values['form']['kind'] = kind
        return request.render('property_service.portal_complaint_new', values)

    @http.route('/my/complaints/new', type='http', auth='user', methods=['POST'], website=True)
    def portal_complaint_create(self, **post):
        """Create the complaint and its photos, all or nothing."""
        model = request.env[COMPLAINT]
        form = {
            'kind': self._clean_text(post.get('kind'), 20) or 'complaint',
            'unit_id': model._to_id(post.get('unit_id')),
            'category_id': model._to_id(post.get('category_id')),
            'request_id': model._to_id(post.get('request_id')),
            'title': self._clean_text(post.get('title'), MAX_TEXT),
            'description': self._clean_text(post.get('description'), 2 * MAX_TEXT),
            'demand': self._clean_text(post.get('demand'), MAX_TEXT),
            'occurred_at': self._clean_text(post.get('occurred_at'), 30),
            'contact_phone': self._clean_text(post.get('contact_phone'), MAX_TITLE),
            'anonymous': bool(post.get('anonymous')),
        }
        files = self._get_files('photos')
        try:
            with request.env.cr.savepoint():
                complaint = self._create_complaint(form, files)
        except UserError as error:
            values = self._get_complaint_form_values(form=form, error=str(error))
            values['photos_lost'] = bool(files)
            response = request.render('property_service.portal_complaint_new', values)
            response.status_code = 422
            return response
        if form['anonymous']:
            return request.redirect('/my/complaints?info=anonymous', code=303)
        return request.redirect(f'/my/complaints/{complaint.id}?info=created', code=303)

    def _create_complaint(self, form, files):
        model = request.env[COMPLAINT]
        unit = request.env['property.service.unit'].sudo().browse(form['unit_id']).exists()  # sudo: the clock of its estate
        vals = {key: value for key, value in form.items() if value and key not in ('anonymous', 'occurred_at')}
        vals['occurred_at'] = self._read_local_time(form['occurred_at'], unit.estate_id)
        files = model._check_uploads(files)
        if form['anonymous']:
            return model._create_anonymous({**vals, 'channel': 'portal'}, files)
        complaint = model._create_by_resident([{**vals, 'channel': 'portal'}])
        complaint.sudo()._attach_photos(files)  # sudo: the resident's own, just created
        return complaint
