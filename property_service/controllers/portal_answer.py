from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import LockError, UserError
from odoo.http import request

from ..models.cases.case_resident import MAX_TEXT

COMPLAINT = 'property.service.complaint'
CALLBACK = 'property.service.callback'


class PropertyServiceAnswer(http.Controller):
    """Answers by the links of mails. No login: the signed token is the key (see ``models/answer_link.py``).

    Programs that check mails open every link in them, so opening one answers nothing: the page shows what was chosen, and its
    one button sends it.
    """

    # ---- SHARED ----

    def _find(self, model, token):
        """Return (record, partner) in the language of the resident.

        :raises NotFound: forged, expired and outlived tokens alike
        """
        record, partner = request.env[model]._find_by_answer_token(token)
        if not record:
            raise NotFound
        lang = partner.lang
        if lang and request.env['res.lang']._get_data(code=lang):
            request.update_context(lang=lang)
            record, partner = record.with_context(lang=lang), partner.with_context(lang=lang)
        return record, partner

    def _render(self, template, values, status=200):
        response = request.render(f'property_service.{template}', {
            'error': None, 'thanks': False, 'post': {}, 'no_breadcrumbs': True, **values})
        response.status_code = status
        response.headers['Referrer-Policy'] = 'no-referrer'
        response.headers['X-Robots-Tag'] = 'noindex'
        response.headers['Cache-Control'] = 'private, no-store'
        return response

    def _get_page(self, model, template, token, **values):
        try:
            record, partner = self._find(model, token)
        except NotFound:
            return self._render('portal_answer_void', {}, status=404)
        return self._render(template, {'record': record, 'partner': partner, 'token': token, **values})

    def _take(self, model, template, token, post, take):
        """Take an answer: ``take`` is a function of (record, partner)."""
        try:
            record, partner = self._find(model, token)
        except NotFound:
            return self._render('portal_answer_void', {}, status=404)
        values = {'record': record, 'partner': partner, 'token': token, 'post': post, 'answer': post.get('answer')}
        try:
            with request.env.cr.savepoint():
                take(record, partner)
        except LockError:
            return self._render(template, {**values, 'error': request.env._(
                "Somebody is changing the request at this moment. Please try again.")}, status=409)
        except UserError as error:
            return self._render(template, {**values, 'error': str(error)}, status=422)
        return self._render(template, {**values, 'thanks': True})

    def _clean(self, value):
        return str(value or '').replace('\x00', '').strip()[:MAX_TEXT]

    # ---- COMPLAINTS ----

    @http.route(
        ['/my/complaints/answer/<string:token>', '/my/complaints/answer/<string:token>/<string:answer>'],
        type='http', auth='public', methods=['GET'], website=True, sitemap=False, readonly=True)
    def portal_complaint_answer(self, token, answer=None, **_kwargs):
        return self._get_page(COMPLAINT, 'portal_complaint_answer', token, answer=answer)

    @http.route('/my/complaints/answer/<string:token>', type='http', auth='public', methods=['POST'], website=True, sitemap=False)
    def portal_complaint_answer_submit(self, token, **post):
        return self._take(
            COMPLAINT, 'portal_complaint_answer', token, post, lambda complaint, partner: complaint._answer_by_link(
                partner, post.get('answer'), self._clean(post.get('reason'))))

    # ---- CALLBACKS ----

    @http.route(
        ['/my/callbacks/answer/<string:token>', '/my/callbacks/answer/<string:token>/<string:answer>'],
        type='http', auth='public', methods=['GET'], website=True, sitemap=False, readonly=True)
    def portal_callback_answer(self, token, answer=None, **_kwargs):
        return self._get_page(CALLBACK, 'portal_callback_answer', token, answer=answer)

    @http.route('/my/callbacks/answer/<string:token>', type='http', auth='public', methods=['POST'], website=True, sitemap=False)
    def portal_callback_answer_submit(self, token, **post):
        return self._take(
            CALLBACK, 'portal_callback_answer', token, post,
            lambda callback, _partner: callback._answer_by_link(post.get('answer'), self._clean(post.get('comment'))))
