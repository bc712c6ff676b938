from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..models.cases.case_resident import MAX_TEXT
from ..models.cases.request_states import OPEN_STATES, RESIDENT_CANCEL_STATES
from .portal import STATE_COLORS, PropertyServicePortal

LATE_CANCEL_STATES = set(OPEN_STATES).difference(RESIDENT_CANCEL_STATES)


class PropertyServiceRequestPage(PropertyServicePortal):
    """The page of one request and the resident's steps on it. Each step is a POST and calls what JSON-2 calls."""

    def _get_request_values(self, service, error=None, draft=None, info=None):
        """Return what the page's template needs.

        :param service: the request with superuser rights
        :param str error: why a step was refused
        :param dict draft: what was filled in with it
        :param str info: key of the message that a step has worked
        """
        question = service._is_question()
        infos = {
            'created': request.env._("Thank you. We have received your request."),
            'message': request.env._("Your message has been sent."),
            'chased': request.env._("We have told the person in charge that you are waiting."),
            'cancelled': request.env._("The request is cancelled."),
            'cancel_asked': request.env._(
                "Work is under way already: we have noted that you want to cancel and will answer you."),
            'accepted': request.env._("Thank you for telling us.") if question else request.env._("Thank you for accepting the work."),
            'returned': request.env._("We look at your question again and answer you.") if question
            else request.env._("We have noted that it is not fixed and will come back to it."),
            'rated': request.env._("Thank you for your rating."),
            'photos': request.env._("Your photos have been added."),
            'price_accepted': request.env._("Thank you. You have accepted the price; we can start."),
            'price_refused': request.env._("We have noted that you do not accept the price and will contact you."),
        }
        state = service.state
        values = self._get_case_values(service, error=error, draft=draft)
        may_act = values['may_write']
        return {
            **values,
            'page_name': 'service',
            'service': service,
            'state_label': service._get_portal_state_label(),
            'state_color': STATE_COLORS.get(service.portal_state, 'secondary'),
            'info': infos.get(info),
            'may_cancel': may_act and state in RESIDENT_CANCEL_STATES,
            'may_ask_cancel': may_act and state in LATE_CANCEL_STATES and not service.cancel_requested,
            'may_accept': may_act and state == 'done',
            'may_return': may_act and state in ('done', 'accepted'),
            'may_rate': may_act and service._is_ratable(),
            'rating_reasons': service._fields['rating_reason']._description_selection(request.env),
        }

    def _render_request(self, service, status=200, **kwargs):
        response = request.render('property_service.portal_service', self._get_request_values(service, **kwargs))
        response.status_code = status
        return response

    @http.route('/my/services/<int:request_id>', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_service(self, request_id, info=None, **_kwargs):
        return self._render_request(self._get_own_request(request_id), info=info)

    # ---- STEPS ----

    def _run(self, request_id, info, step, post, check_version=False):
        """Take a step on an own request; see ``CasePages._run_step``."""
        return self._run_step(self._get_own_request(request_id), self._render_request, info, step, post, check_version=check_version)

    @http.route('/my/services/<int:request_id>/message', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_message(self, request_id, **post):
        return self._run(request_id, 'message', self._get_message_step(post), post)

    @http.route('/my/services/<int:request_id>/chase', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_chase(self, request_id, **post):
        return self._run(request_id, 'chased', lambda service: service.action_chase(message=post.get('chase_message')), post)

    @http.route('/my/services/<int:request_id>/cancel', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_cancel(self, request_id, **post):
        reason = self._clean_text(post.get('cancel_reason'), MAX_TEXT)
        return self._run(
            request_id, lambda service: 'cancelled' if service.state == 'cancelled' else 'cancel_asked',
            lambda service: service.action_cancel(reason=reason or None), post, check_version=True)

    @http.route('/my/services/<int:request_id>/accept', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_accept(self, request_id, **post):
        return self._run(request_id, 'accepted', lambda service: service.action_accept(), post, check_version=True)

    @http.route('/my/services/<int:request_id>/sign', type='jsonrpc', auth='user', methods=['POST'], website=True)
    def portal_service_sign(self, request_id, name=None, signature=None, **_kwargs):
        """Accept with a signature; called by core's signature form, which shows an error or reloads the page.

        :returns: ``{'error': text}`` or ``{'force_refresh': True, 'redirect_url': url}``
        """
        service = self._get_own_request(request_id)
        if request.httprequest.args.get('version') != self._get_version(service):
            return {'error': request.env._("The request has changed while you had this page open. Please load the page again.")}
        if not signature:
            return {'error': request.env._("Please sign first.")}
        try:
            with request.env.cr.savepoint():
                service.sudo(False).action_accept(signature=signature, signed_by=self._clean_text(name, 100))
        except (AccessError, MissingError) as error:
            raise NotFound from error
        except UserError as error:
            return {'error': str(error)}
        return {'force_refresh': True, 'redirect_url': f'/my/services/{service.id}?info=accepted'}

    @http.route('/my/services/<int:request_id>/return', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_return(self, request_id, **post):
        def send_back(service):
            reason = self._clean_text(post.get('return_reason'), MAX_TEXT)
            if not reason:
                raise UserError(request.env._("Please say what is still open.") if service.sudo()._is_question()  # sudo: own request
                                else request.env._("Please say what is not fixed."))
            service.action_return(reason=reason)

        return self._run(request_id, 'returned', send_back, post, check_version=True)

    @http.route('/my/services/<int:request_id>/rate', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_rate(self, request_id, **post):
        return self._run(request_id, 'rated', lambda service: service.action_rate(
            value=post.get('value'), reason=post.get('reason') or None, comment=post.get('comment')), post)

    @http.route('/my/services/<int:request_id>/photos', type='http', auth='user', methods=['POST'], website=True)
    def portal_service_photos(self, request_id, **post):
        files = self._get_files('photos')
        return self._run(request_id, 'photos', lambda service: service._add_resident_photos(files), post)
