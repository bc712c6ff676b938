from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.cases.case_resident import MAX_TEXT


class PropertyServiceRating(http.Controller):
    """The stars in the mail. No login: the signed token is the key (see ``models/answer_link.py``).

    Programs that check mails open every link in them, so opening one rates nothing: the page has the stars of the link
    filled in, and its one button sends them.
    """

    def _find(self, token):
        service, partner = request.env['property.service.request']._find_by_answer_token(token)
        if not service:
            raise NotFound
        if partner.lang and request.env['res.lang']._get_data(code=partner.lang):
            request.update_context(lang=partner.lang)
            service = service.with_context(lang=partner.lang)
        return service

    def _to_stars(self, value):
        return int(value) if str(value) in ('1', '2', '3', '4', '5') else 0

    def _render(self, service, token, value=0, error=None, thanks=False, post=None, status=200):
        response = request.render('property_service.portal_rating', {
            'service': service, 'token': token, 'value': value, 'error': error, 'thanks': thanks, 'post': post or {},
            'ratable': service._is_ratable(), 'no_breadcrumbs': True,
            'rating_reasons': service._fields['rating_reason']._description_selection(service.env),
        })
        response.status_code = status
        response.headers['Referrer-Policy'] = 'no-referrer'
        response.headers['X-Robots-Tag'] = 'noindex'
        return response

    @http.route(
        ['/my/services/rate/<string:token>', '/my/services/rate/<string:token>/<int:value>'],
        type='http', auth='public', methods=['GET'], website=True, sitemap=False, readonly=True)
    def portal_rating(self, token, value=0, **_kwargs):
        service = self._find(token)
        return self._render(service, token, value=self._to_stars(value))

    @http.route('/my/services/rate/<string:token>', type='http', auth='public', methods=['POST'], website=True, sitemap=False)
    def portal_rating_submit(self, token, **post):
        service = self._find(token)
        try:
            with request.env.cr.savepoint():
                comment = str(post.get('comment') or '')[:MAX_TEXT]
                service._rate(post.get('value'), post.get('reason') or None, comment)
        except UserError as error:
            return self._render(service, token, value=self._to_stars(post.get('value')), error=str(error), post=post, status=422)
        return self._render(service, token, thanks=True)
