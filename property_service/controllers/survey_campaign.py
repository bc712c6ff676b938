from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_date

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.survey.controllers.main import Survey

from ..tools.phone import phone_digits

_MAX_TEXT = 60
_LIMIT = 50


class PropertyServiceSurveyPortal(CustomerPortal):
    """Residents answer surveys: from the portal, from the link in the mail or letter, from the QR poster in the lobby.

    Opening a page starts nothing: programs that check mails open every link in them. Its one button begins the survey.
    """

    # ---- SHARED ----

    def _get_invitations(self):
        return request.env['property.service.survey.invitation'].sudo()  # sudo: residents read no samples; domain or token says which

    def _search_own(self, domain):
        """Return the invitations of the logged-in resident within ``domain``."""
        own = request.env['property.service.survey.invitation']._get_resident_domain(request.env.user.partner_id)
        return self._get_invitations().search(own & domain, order='id desc', limit=_LIMIT)

    def _get_open_domain(self):
        return Domain('campaign_id.state', '=', 'running') & Domain('state', '!=', 'answered')

    def _get_answering_partner(self, invitation):
        """Return the resident who answers: whoever is logged in and lives there, else the one who was invited."""
        partner = request.env.user.partner_id
        if not request.env.user._is_public() and invitation in self._search_own(Domain('id', '=', invitation.id)):
            return partner
        return invitation.partner_id

    def _find(self, token):
        invitation = self._get_invitations().search([('access_token', '=', str(token))], limit=1)
        if not invitation:
            raise NotFound
        lang = invitation.partner_id.lang
        chosen = request.httprequest.cookies.get('frontend_lang')  # whoever comes from the poster reads on in the language of that page
        if request.env.user._is_public() and not chosen and lang and request.env['res.lang']._get_data(code=lang):
            request.update_context(lang=lang)
            invitation = invitation.with_context(lang=lang)
        return invitation

    def _start(self, invitation, channel):
        try:
            answer = invitation._start_answer(channel, partner=self._get_answering_partner(invitation))
        except UserError as error:
            return self._render_refusal(str(error))
        return request.redirect(answer.get_start_url())

    def _render_refusal(self, reason):
        return request.render('property_service.portal_survey_refused', {'reason': reason, 'page_name': 'surveys', 'no_breadcrumbs': True})

    def _secure(self, response):
        response.headers['Referrer-Policy'] = 'no-referrer'
        response.headers['X-Robots-Tag'] = 'noindex'
        return response

    # ---- PORTAL ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'survey_open_count' in counters:
            values['survey_open_count'] = len(self._search_own(self._get_open_domain() & Domain('campaign_id.by_portal', '=', True)))
        return values

    @http.route('/my/surveys', type='http', auth='user', methods=['GET'], website=True, readonly=True)
    def portal_surveys(self, **_kwargs):
        shown = self._search_own(Domain('campaign_id.by_portal', '=', True) & Domain('campaign_id.state', 'in', ('running', 'closed')))
        return request.render('property_service.portal_my_surveys', {
            **self._prepare_portal_layout_values(),
            'page_name': 'surveys',
            'rows': [{
                'name': invitation.campaign_id.name, 'place': invitation.unit_id.name or "", 'token': invitation.access_token,
                'until': format_date(request.env, invitation.campaign_id.date_end) if invitation.campaign_id.date_end else "",
                'open': not invitation._get_refusal(), 'answered': invitation.state == 'answered',
                'about': invitation.request_id.title or invitation.complaint_id.title or "",
            } for invitation in shown],
        })

    # ---- PERSONAL LINK ----

    @http.route('/my/surveys/i/<string:token>', type='http', auth='public', methods=['GET'], website=True, sitemap=False, readonly=True)
    def portal_survey(self, token, channel=None, **_kwargs):
        invitation = self._find(token)
        refusal = invitation._get_refusal()
        if refusal:
            return self._secure(self._render_refusal(refusal))
        return self._secure(request.render('property_service.portal_survey_invitation', {
            'invitation': invitation, 'campaign': invitation.campaign_id, 'token': token, 'page_name': 'surveys', 'no_breadcrumbs': True,
            'channel': channel if channel in ('portal', 'poster') else 'mail',
        }))

    @http.route('/my/surveys/i/<string:token>', type='http', auth='public', methods=['POST'], website=True, sitemap=False)
    def portal_survey_start(self, token, channel=None, **_post):
        return self._secure(self._start(self._find(token), channel if channel in ('portal', 'poster') else 'mail'))

    # ---- POSTER ----

    def _find_poster(self, token):
        campaign = request.env['property.service.survey.campaign'].sudo().search(  # sudo: the token on the wall is the key
            [('poster_token', '=', str(token)), ('by_poster', '=', True)], limit=1)
        if not campaign:
            raise NotFound
        return campaign

    def _render_poster(self, campaign, estate_id, error=None, post=None, status=200):
        own = self._get_invitations().browse()
        if not request.env.user._is_public():
            own = self._search_own(Domain('campaign_id', '=', campaign.id))
        estate = campaign.stratum_ids.estate_id.filtered(lambda estate: estate.id == estate_id)
        response = request.render('property_service.portal_survey_poster', {
            'campaign': campaign, 'estate': estate, 'own': own, 'error': error, 'post': post or {}, 'page_name': 'surveys',
            'no_breadcrumbs': True, 'public': request.env.user._is_public(),
            'path': f'/my/surveys/q/{campaign.poster_token}' + (f'/{estate.id}' if estate else ''),
        })
        response.status_code = status
        return self._secure(response)

    @http.route(
        ['/my/surveys/q/<string:token>', '/my/surveys/q/<string:token>/<int:estate_id>'],
        type='http', auth='public', methods=['GET'], website=True, sitemap=False, readonly=True)
    def portal_survey_poster(self, token, estate_id=0, **_kwargs):
        campaign = self._find_poster(token)
        if campaign.state != 'running':
            return self._secure(self._render_refusal(request.env._("Thank you for your interest: this survey is over.")))
        return self._render_poster(campaign, estate_id)

    @http.route(
        ['/my/surveys/q/<string:token>', '/my/surveys/q/<string:token>/<int:estate_id>'],
        type='http', auth='public', methods=['POST'], website=True, sitemap=False)
    def portal_survey_poster_find(self, token, estate_id=0, **post):
        """Find the unit by its code and the phone number the resident has on file; which of both is wrong is not told."""
        campaign = self._find_poster(token)
        code = str(post.get('unit') or '').replace('\x00', '').strip()[:_MAX_TEXT]
        digits = phone_digits(str(post.get('phone') or '')[:_MAX_TEXT])
        attempts = request.env['property.service.survey.attempt'].sudo()  # sudo: guards the page, whoever opens it
        guess = (campaign, request.httprequest.remote_addr, code.casefold())
        if attempts._is_blocked(*guess):
            return self._render_poster(campaign, estate_id, error=request.env._(
                "That did not fit several times. Please wait a quarter of an hour and try again, log in, or ask the service centre."),
                post=post, status=429)
        invitation = self._find_by_phone(campaign, estate_id, code, digits) if code and len(digits) >= 7 else None
        if not invitation:
            attempts._record(*guess)
            return self._render_poster(campaign, estate_id, error=request.env._(
                "We did not find a home with this number and phone in this survey. Please check both, or ask the service centre."),
                post=post, status=422)
        return request.redirect(f'/my/surveys/i/{invitation.access_token}?channel=poster')

    def _find_by_phone(self, campaign, estate_id, code, digits):
        """Return the invitation of the unit in which somebody with this phone number lives now."""
        here = Domain('campaign_id', '=', campaign.id) & (
            Domain('unit_id.name', '=ilike', self._escape(code)) | Domain('unit_id.full_code', '=ilike', self._escape(code)))
        if estate_id in campaign.stratum_ids.estate_id.ids:
            here &= Domain('estate_id', '=', estate_id)
        found = self._get_invitations().search(here, limit=_LIMIT)
        residencies = request.env['property.service.residency'].sudo().search([  # sudo: to compare the number
            ('unit_id', 'in', found.unit_id.ids), ('is_current', '=', True)])
        lives = {(residency.unit_id, residency.partner_id) for residency in residencies
                 if residency.partner_id.phone_digits == digits}
        household = campaign.one_per == 'unit' and campaign.role == 'any'
        units = {unit for unit, _partner in lives}
        return found.filtered(lambda i: (i.unit_id in units) if household else ((i.unit_id, i.partner_id) in lives))[:1]

    def _escape(self, text):
        return text.replace('\\', '\\\\').replace('%', '\\%').replace('_', '\\_')


class PropertyServiceSurvey(Survey):
    """Answers of campaigns in Odoo's own survey pages: the token is the key, whoever is logged in."""

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        if not answer_sudo.property_campaign_id:
            return super()._check_validity(survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token, check_partner=check_partner)
        # Staff fill in for residents, families share a phone, and an anonymous answer has no owner.
        code = super()._check_validity(survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token, check_partner=False)
        return 'property_refused' if code is True and answer_sudo._get_property_refusal() else code

    def _redirect_with_error(self, access_data, error_key):
        if error_key == 'property_refused':
            return request.render('property_service.portal_survey_refused', {
                'reason': access_data['answer_sudo']._get_property_refusal(), 'page_name': 'surveys', 'no_breadcrumbs': True})
        return super()._redirect_with_error(access_data, error_key)
