from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from ..models.quality.standard_comment import MAX_TEXT
from .case_pages import CasePages

STANDARD = 'property.service.standard'


class PropertyServiceStandardPortal(CasePages):
    """Owners' representatives read the drafts they were invited to, and comment on them (R67)."""

    # ---- SHARED ----

    def _search_invited(self, domain=Domain.TRUE):
        """Return the versions that the user was invited to, with superuser rights."""
        Standard = request.env[STANDARD]
        own = Standard._get_representative_domain() & Domain('company_id', 'in', [*request.env.companies.ids, False])
        return Standard.sudo().search(own & domain, order='id desc', limit=100)  # sudo: names of the owner; the domain says which

    def _get_invited_standard(self, standard_id):
        found = self._search_invited(Domain('id', '=', standard_id)) if standard_id < 2 ** 31 else None
        if not found:
            raise NotFound
        return found

    # ---- PAGES ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'standard_comment_count' in counters:
            values['standard_comment_count'] = len(self._search_invited(Domain('is_commentable', '=', True)))
        if 'standard_count' in counters:
            values['standard_count'] = len(self._search_invited())
        return values

    @http.route('/my/standards', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_standards(self, **_kwargs):
        return request.render('property_service.portal_my_standards', {
            **self._prepare_portal_layout_values(), 'page_name': 'standards', 'standards': self._search_invited()})

    @http.route('/my/standards/<int:standard_id>', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_standard(self, standard_id, info=None, **_kwargs):
        return self._render_standard(self._get_invited_standard(standard_id), info=info == 'sent')

    def _render_standard(self, standard, info=False, error=None, draft='', status=200):
        response = request.render('property_service.portal_standard', {
            **self._prepare_portal_layout_values(), 'page_name': 'standards', 'standard': standard, 'info': info, 'error': error,
            'draft': draft, 'max_text': MAX_TEXT,
            'comments': standard.comment_ids.filtered(lambda comment: comment.partner_id == request.env.user.partner_id)})
        response.status_code = status
        return response

    @http.route('/my/standards/<int:standard_id>/comment', type='http', auth='user', methods=['POST'], website=True)
    def portal_standard_comment(self, standard_id, **post):
        standard = self._get_invited_standard(standard_id)
        text = self._clean_text(post.get('comment'), 2 * MAX_TEXT)
        try:
            with request.env.cr.savepoint():
                standard.sudo(False).action_comment(body=text)
        except AccessError as error:
            raise NotFound from error
        except UserError as error:
            return self._render_standard(standard, error=str(error), draft=text, status=422)
        return request.redirect(f'/my/standards/{standard.id}?info=sent', code=303)

    @http.route('/my/standards/<int:standard_id>/file/<int:attachment_id>', type='http', auth='user', methods=['GET'], readonly=True)
    def portal_standard_file(self, standard_id, attachment_id, **_kwargs):
        return self._serve_file(self._get_invited_standard(standard_id).attachment_ids, attachment_id)
