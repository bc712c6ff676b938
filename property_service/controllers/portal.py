from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_date

from ..models.cases.request_states import FINISHED_STATES, OPEN_STATES
from .case_pages import CasePages

REQUEST = 'property.service.request'
#: Bootstrap colours: what is done waits for the resident.
STATE_COLORS = {
    'new': 'light', 'done': 'warning', 'accepted': 'success', 'closed': 'success', 'rejected': 'danger',
    **dict.fromkeys(('registered', 'approved', 'confirmed', 'dispatched', 'in_progress'), 'primary'),
}
LIST_FIELDS = ['name', 'title', 'state', 'portal_state', 'unit_id', 'type_id', 'create_date', 'appointment_start', 'rating_value']


class PropertyServicePortal(CasePages):
    """"My services": home and list of requests."""

    # ---- SHARED ----

    def _get_model(self):
        return request.env[REQUEST]

    def _get_own(self):
        """Return (model, domain) of the user's own requests; see ``CasePages._get_own_cases``."""
        return self._get_own_cases(REQUEST)

    def _get_own_request(self, request_id):
        """Return the user's own request; see ``CasePages._get_own_case``."""
        return self._get_own_case(REQUEST, request_id)

    # ---- HOME ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'service_open_count' in counters:
            values['service_open_count'] = self._count_own_cases(REQUEST, Domain('state', 'in', OPEN_STATES))
        if 'service_done_count' in counters:
            values['service_done_count'] = self._count_own_cases(REQUEST, Domain('state', '=', 'done'))
        return values

    # ---- LIST ----

    def _get_service_filters(self):
        return {
            'all': {'label': request.env._("All"), 'domain': Domain.TRUE},
            'open': {'label': request.env._("Open"), 'domain': Domain('state', 'in', OPEN_STATES)},
            'done': {'label': request.env._("To Accept"), 'domain': Domain('state', '=', 'done')},
            'over': {'label': request.env._("Finished"), 'domain': Domain('state', 'in', FINISHED_STATES)},
        }

    @http.route(
        ['/my/services', '/my/services/page/<string:page>'], type='http', auth='user', methods=['GET'], website=True,
        readonly=True)
    def portal_services(self, **query):
        services, values = self._get_list_values(
            REQUEST, LIST_FIELDS, self._get_case_sortings(), self._get_service_filters(), self._get_case_inputs(), **query)
        return request.render('property_service.portal_my_services', {
            **values, 'page_name': 'services', 'rows': self._get_rows(services)})

    def _get_rows(self, services):
        """Return what the list shows of each request, in a constant number of queries."""
        return [{
            'url': f'/my/services/{service.id}', 'name': service.name, 'title': service.title,
            'date': format_date(request.env, fields.Datetime.context_timestamp(service, service.create_date)),
            'place': service.unit_id.name, 'state': service._get_portal_state_label(),
            'color': STATE_COLORS.get(service.portal_state, 'secondary'),
        } for service in services]

    # ---- FILES ----

    @http.route(
        '/my/services/<int:request_id>/file/<int:attachment_id>', type='http', auth='user', methods=['GET'], readonly=True)
    def portal_service_file(self, request_id, attachment_id, **_kwargs):
        """Serve a photo of the request or a file of its conversation, as long as the request may be seen."""
        service = self._get_own_request(request_id)
        return self._serve_file(
            service.attachment_ids | service.photo_before_ids | service.photo_after_ids
            | self._get_visible_messages(service).attachment_ids, attachment_id)
