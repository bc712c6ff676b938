from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_date

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.cases.request_states import FINISHED_STATES, OPEN_STATES

MAX_SEARCH = 100
#: Bootstrap colours: what is done waits for the resident.
STATE_COLORS = {
    'new': 'light', 'done': 'warning', 'accepted': 'success', 'closed': 'success', 'rejected': 'danger',
    **dict.fromkeys(('registered', 'approved', 'confirmed', 'dispatched', 'in_progress'), 'primary'),
}
LIST_FIELDS = ['name', 'title', 'state', 'portal_state', 'unit_id', 'type_id', 'create_date', 'appointment_start', 'rating_value']


class PropertyServicePortal(CustomerPortal):
    """"My services": home, list, and what the other pages share.

    Everything in an address or a form comes from outside: what cannot be understood counts as not given, what is not the
    resident's own counts as absent.
    """

    # ---- SHARED ----

    def _get_model(self):
        return request.env['property.service.request']

    def _clean_text(self, value, limit):
        return str(value or '').replace('\x00', '').strip()[:limit]

    def _get_own(self):
        """Return (model, domain) of the user's own requests: residents search under the record rule, which ends with the
        residency; the wider rules of staff who live here are narrowed to what residents see."""
        if request.env.user._is_internal():
            return self._get_model().sudo(), self._get_model()._get_own_domain()  # sudo: staff without a role; the domain says which
        return self._get_model(), Domain('partner_id', '=', request.env.user.partner_id.id)

    def _get_own_request(self, request_id):
        """Return the user's own request for reading its page, with superuser rights.

        :raises NotFound: it does not exist, or is not the user's own, or may no longer be seen: no difference can be told
        """
        model, own = self._get_own()
        found = model.search(Domain('id', '=', self._get_model()._to_id(request_id)) & own, limit=1)
        if not found:
            raise NotFound
        return found.sudo()  # sudo: the page shows names of type, unit and worker; found among the own ones

    def _search_own(self, domain, **kwargs):
        model, own = self._get_own()
        return model.search_fetch(domain & own, LIST_FIELDS, **kwargs).sudo()  # sudo: to show names of type and unit

    def _count_own(self, domain):
        model, own = self._get_own()
        return model.search_count(domain & own)

    # ---- HOME ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'service_open_count' in counters:
            values['service_open_count'] = self._count_own(Domain('state', 'in', OPEN_STATES))
        if 'service_done_count' in counters:
            values['service_done_count'] = self._count_own(Domain('state', '=', 'done'))
        return values

    # ---- LIST ----

    def _get_service_sortings(self):
        return {
            'new': {'label': request.env._("Newest"), 'order': 'id desc'},
            'old': {'label': request.env._("Oldest"), 'order': 'id'},
            'changed': {'label': request.env._("Last Change"), 'order': 'write_date desc, id desc'},
            'state': {'label': request.env._("State"), 'order': 'state, id desc'},
        }

    def _get_service_filters(self):
        return {
            'all': {'label': request.env._("All"), 'domain': Domain.TRUE},
            'open': {'label': request.env._("Open"), 'domain': Domain('state', 'in', OPEN_STATES)},
            'done': {'label': request.env._("To Accept"), 'domain': Domain('state', '=', 'done')},
            'over': {'label': request.env._("Finished"), 'domain': Domain('state', 'in', FINISHED_STATES)},
        }

    def _get_service_inputs(self):
        return {
            'all': {'input': 'all', 'label': request.env._("Search in All"), 'fields': ('name', 'title', 'description')},
            'name': {'input': 'name', 'label': request.env._("Search in Number"), 'fields': ('name',)},
            'title': {'input': 'title', 'label': request.env._("Search in Title"), 'fields': ('title',)},
        }

    @http.route(
        ['/my/services', '/my/services/page/<string:page>'], type='http', auth='user', methods=['GET'], website=True,
        readonly=True)
    def portal_services(self, page='1', sortby=None, filterby=None, search_in=None, search=None, **_kwargs):
        sortings, filters, inputs = self._get_service_sortings(), self._get_service_filters(), self._get_service_inputs()
        sortby = sortby if sortby in sortings else 'new'
        filterby = filterby if filterby in filters else 'all'
        search_in = search_in if search_in in inputs else 'all'
        search = self._clean_text(search, MAX_SEARCH)
        domain = filters[filterby]['domain']
        if search:
            domain &= Domain.OR(Domain(name, 'ilike', search) for name in inputs[search_in]['fields'])
        pager = portal_pager(
            url='/my/services', total=self._count_own(domain), page=self._to_page(page), step=self._items_per_page,
            url_args={'sortby': sortby, 'filterby': filterby, 'search_in': search_in, 'search': search})
        services = self._search_own(domain, order=sortings[sortby]['order'], limit=self._items_per_page, offset=pager['offset'])
        return request.render('property_service.portal_my_services', {
            **self._prepare_portal_layout_values(),
            'page_name': 'services',
            'rows': self._get_rows(services),
            'pager': pager,
            'default_url': '/my/services',
            'searchbar_sortings': sortings, 'sortby': sortby,
            'searchbar_filters': filters, 'filterby': filterby,
            'searchbar_inputs': inputs, 'search_in': search_in, 'search': search,
        })

    def _get_rows(self, services):
        """Return what the list shows of each request, in a constant number of queries."""
        labels = dict(services._fields['state']._description_selection(request.env))
        return [{
            'url': f'/my/services/{service.id}', 'name': service.name, 'title': service.title,
            'date': format_date(request.env, fields.Datetime.context_timestamp(service, service.create_date)),
            'place': service.unit_id.name, 'state': labels[service.portal_state],
            'color': STATE_COLORS.get(service.portal_state, 'secondary'),
        } for service in services]

    def _to_page(self, page):
        page = str(page)
        return int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1

    # ---- FILES ----

    @http.route(
        '/my/services/<int:request_id>/file/<int:attachment_id>', type='http', auth='user', methods=['GET'], readonly=True)
    def portal_service_file(self, request_id, attachment_id, **_kwargs):
        """Serve a photo of the request or a file of its conversation, as long as the request may be seen."""
        service = self._get_own_request(request_id)
        visible = service.attachment_ids | service.photo_before_ids | service.photo_after_ids \
            | self._get_visible_messages(service).attachment_ids
        attachment = visible.filtered(lambda file: file.id == attachment_id)
        if not attachment:
            raise NotFound
        binary = request.env['ir.binary'].sudo()  # sudo: residents cannot read attachments; this one is among the visible
        stream = binary._get_stream_from(attachment)
        response = stream.get_response(as_attachment=not (attachment.mimetype or '').startswith('image/'))
        response.headers['Cache-Control'] = 'private, no-store'
        return response

    def _get_visible_messages(self, service):
        """Return the conversation: comments by the resident and by staff, newest first; never notes, never other people's."""
        comment_id = request.env['ir.model.data']._xmlid_to_res_id('mail.mt_comment')
        domain = Domain('model', '=', service._name) & Domain('res_id', '=', service.id) & Domain(
            'subtype_id', '=', comment_id) & Domain('message_type', 'in', ('comment', 'email')) & Domain(
            'is_internal', '=', False)
        Message = request.env['mail.message'].sudo()  # sudo: to tell staff from other people
        messages = Message.search(domain, order='id desc', limit=200)
        return messages.filtered(lambda message: message.author_id and (
            message.author_id == service.partner_id or not message.author_id.partner_share))
