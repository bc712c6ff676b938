from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

MODEL = 'property.service.inspection'
#: What a phone may ask for: the public method that does it, and what it is told.
STEPS = {
    'answer': ('action_answer', {'line_id', 'value', 'not_applicable', 'note', 'age'}),
    'add_photo': ('action_add_photo', {'line_id', 'key', 'name', 'data'}),
    'remove_photo': ('action_remove_photo', {'line_id', 'key'}),
    'finish': ('action_finish', {'note'}),
}


class PropertyServiceInspection(http.Controller):
    """The page on which an inspection is carried out: made for phones, the same for employees and for evaluators from outside.

    Employees are let in by their rights, evaluators from outside by the signed token of their link (``models/quality/inspection_link.py``).
    Opening the page changes nothing. Each item is sent for itself; what cannot be sent waits on the phone.
    """

    # ---- SHARED ----

    def _find_own(self, inspection_id):
        """Return the inspection as the employee who is signed in.

        :raises NotFound: it does not exist, or may not be seen: no difference can be told
        """
        inspection = request.env[MODEL].browse(inspection_id).exists()
        if not inspection or not inspection.has_access('read'):
            raise NotFound
        return inspection

    def _find_by_token(self, token):
        """Return the inspection as its evaluator from outside, in his language.

        :raises NotFound: forged, ended and renewed tokens alike
        """
        inspection, partner = request.env[MODEL]._find_by_answer_token(token)
        if not inspection:
            raise NotFound
        return self._translate(inspection, partner.lang)

    def _translate(self, inspection, lang):
        if lang and request.env['res.lang']._get_data(code=lang):
            request.update_context(lang=lang)
            inspection = inspection.with_context(lang=lang)
        return inspection

    def _render(self, inspection, **values):
        response = request.render('property_service.inspection_page', {
            'inspection': inspection, 'yes_label': request.env._("Yes"), 'no_label': request.env._("No"), 'na_label': request.env._("N/A"), **values})
        response.headers['Referrer-Policy'] = 'no-referrer'
        response.headers['X-Robots-Tag'] = 'noindex'
        response.headers['Cache-Control'] = 'private, no-store'
        return response

    def _take(self, inspection, step, params):
        """Do a step and return its receipt, or ``{'refused': why}`` for what will not do however often it is sent."""
        method, names = STEPS.get(step, (None, ()))
        if not method or not isinstance(params, dict) or not params.keys() <= names:
            return {'refused': request.env._("The page is too old: load it again.")}
        finished = step == 'finish' and inspection.state == 'done'  # its receipt got lost
        try:
            with request.env.cr.savepoint():
                answer = True if finished else getattr(inspection, method)(**params)
        except UserError as error:
            return {'refused': str(error)}
        if step == 'finish':
            return {'state': inspection.state, 'score': inspection.score, 'passed': inspection.passed}
        return answer

    # ---- EMPLOYEES ----

    @http.route('/property/inspection/<int:inspection_id>', type='http', auth='user', methods=['GET'], website=True, sitemap=False)
    def inspection_page(self, inspection_id, **_kwargs):
        inspection = self._translate(self._find_own(inspection_id), request.env.user.lang)
        return self._render(
            inspection, save_url=f'/property/inspection/{inspection.id}/save', back_url=f'/odoo/inspections/{inspection.id}',
            may_answer=not inspection.is_closed and inspection.has_access('write'))

    @http.route('/property/inspection/<int:inspection_id>/save', type='jsonrpc', auth='user', methods=['POST'])
    def inspection_save(self, inspection_id, step=None, params=None):
        try:
            inspection = self._find_own(inspection_id)
        except NotFound:
            return {'refused': request.env._("This inspection is not yours any more.")}
        return self._take(inspection, step, params)

    # ---- EVALUATORS FROM OUTSIDE ----

    @http.route('/property/inspection/link/<string:token>', type='http', auth='public', methods=['GET'], website=True, sitemap=False)
    def inspection_link_page(self, token, **_kwargs):
        try:
            inspection = self._find_by_token(token)
        except NotFound:
            response = request.render('property_service.inspection_void', {'no_breadcrumbs': True})
            response.status_code = 404
            return response
        return self._render(
            inspection, save_url=f'/property/inspection/link/{token}/save', back_url=None, may_answer=not inspection.is_closed)

    @http.route('/property/inspection/link/<string:token>/save', type='jsonrpc', auth='public', methods=['POST'])
    def inspection_link_save(self, token, step=None, params=None):
        try:
            inspection = self._find_by_token(token)
        except NotFound:
            return {'refused': request.env._("This link is not valid any more.")}
        return self._take(inspection, step, params)
