from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, consteq, plaintext2html

from ...tools import sampling
from .case_resident import MAX_TEXT
from .request_states import SOLVED_STATES

_lt = LazyTranslate(__name__)

#: Low ratings are looked into: the team's leader gets a to-do.
LOW_RATING = 2
#: Satisfied means 4 or 5 everywhere.
VALUES = range(1, 6)


class PropertyServiceRequest(models.Model):
    """Ratings 1-5 by portal, JSON-2 or mail link, once (R38).

    The mail link carries a signed token (``models/answer_link.py``); core's ``rating.rating`` holds the answer. The request keeps
    a copy, because internal users may write ``rating.rating`` and what people are judged by must come from the resident alone.
    """

    _name = 'property.service.request'
    _inherit = ['property.service.request', 'property.service.answer.link']

    _answer_path = '/my/services/rate'

    rating_asked_at = fields.Datetime(
        string="Asked for Stars", readonly=True, copy=False, help="Kept where a resident is not asked again for some days.")

    # ---- ACTIONS ----

    def action_rate(self, value=None, reason=None, comment=None):
        """Rate finished work, once.

        :param int value: 1 to 5, 5 is best
        :param str reason: what it was about, a key of ``rating_reason``: 'speed', 'quality', 'attitude', 'communication',
            'price', 'cleanliness', 'other'
        :param str comment: free text
        :raises UserError: no such value or reason, the work is not finished, or it was rated before
        """
        requests = self._authorize('rate')
        for request in requests:
            request._rate(value, reason, comment)
        return True

    # ---- BUSINESS METHODS ----

    def _is_ratable(self):
        """Tell whether the resident may rate the work now."""
        self.ensure_one()
        return self.state in SOLVED_STATES and not self.rating_value

    # ---- WHO IS ASKED ----

    def _is_asked_for_rating(self):
        """Tell whether the mail that the work is done asks for stars (R47): a drawn share of each type."""
        self.ensure_one()
        return not self.rating_value and self._is_drawn_for_rating() and bool(
            self.rating_asked_at or not self.company_id.property_rating_days)

    def _is_drawn_for_rating(self):
        return not self.type_id or sampling.is_drawn('rating', self.name, self.type_id.rating_share)

    def _choose_for_rating(self):
        """Mark who is asked where nobody is asked again within so many days; without such a rule nothing needs to be kept."""
        now = fields.Datetime.now()
        for company, requests in self.grouped('company_id').items():
            days = company.property_rating_days
            requests = requests.filtered(lambda request: request.partner_id and not request.rating_asked_at and request._is_drawn_for_rating())
            if not days or not requests:
                continue
            asked = {partner for (partner,) in self.sudo()._read_group([  # sudo: whoever finishes the work, of all the resident's requests
                ('partner_id', 'in', requests.partner_id.ids), ('rating_asked_at', '>', fields.Datetime.subtract(now, days=days)),
            ], ['partner_id'])}
            for partner, own in requests.grouped('partner_id').items():
                if partner not in asked:
                    own[:1]._as_system().write({'rating_asked_at': now})

    @api.model
    def _clean_rating(self, value, reason):
        try:
            value = int(value)
        except (TypeError, ValueError):
            value = 0
        if value not in VALUES:
            raise UserError(self.env._("Choose one to five stars."))
        reasons = dict(self._fields['rating_reason'].selection)
        if reason and (not isinstance(reason, str) or reason not in reasons):
            raise UserError(self.env._("Choose a reason from the list."))
        return value, reason or False

    def _rate(self, value, reason=None, comment=None, rating=None):
        """Keep the resident's answer; callers have checked who asks (own request, or the token of the mail).

        :param rating: the ``rating.rating`` whose token was used, if any
        :raises UserError: see :meth:`action_rate`
        """
        self.ensure_one()
        value, reason = self._clean_rating(value, reason)
        self.lock_for_update(allow_referencing=True)
        if self.rating_value:
            raise UserError(self.env._("You have rated %(case)s already. Thank you!", case=self.name))
        if self.state not in SOLVED_STATES:
            raise UserError(self.env._("%(case)s can be rated when the work is done.", case=self.name))
        comment = str(comment or '').replace('\x00', '').strip()[:MAX_TEXT]
        self._as_system().write({'rating_value': value, 'rating_reason': reason, 'rating_comment': comment or False})
        rating = rating or self._get_open_rating()
        rating.write({'rating': value, 'feedback': comment or False, 'consumed': True})
        self._log_rating(value, reason, comment)
        if value <= LOW_RATING:
            self._schedule_for_responsible(
                'property_service.mail_activity_type_low_rating', _lt("Rated %(value)s of 5", value=value),
                note=plaintext2html(comment) if comment else '', users={self: self._get_rating_supervisor()})

    def _log_rating(self, value, reason, comment):
        reasons = dict(self._fields['rating_reason']._description_selection(self.env))
        parts = ["★" * value + "☆" * (5 - value), reasons.get(reason), comment]
        self._message_log(body=" · ".join(part for part in parts if part), author_id=self.partner_id.id or None)

    def _get_rating_supervisor(self):
        """Return the user who looks into a low rating: the leader of the team, not the agent or worker who is judged."""
        leader = self.team_id.leader_id.user_id or self.estate_id.manager_id.user_id
        if leader.active and leader.has_group('property_service.group_technician'):
            return leader
        return self._get_responsible_users()[self]

    def _get_open_rating(self):
        """Return the request's unanswered ``rating.rating``; there is one per resident, made when it is first needed."""
        Rating = self.env['rating.rating'].sudo()  # sudo: residents have no access to ratings
        rating = Rating.search([
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('partner_id', '=', self.partner_id.id),
            ('consumed', '=', False)], limit=1)
        worker = self.sudo().employee_id  # sudo: residents and some technicians cannot read the employee
        return rating or Rating.create({
            'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': self.id, 'partner_id': self.partner_id.id,
            'rated_partner_id': worker.user_id.partner_id.id, 'is_internal': False,
        })

    def _get_rating_url(self):
        """Return the address of the page that asks for the stars, without its last part, the number of stars."""
        self.ensure_one()
        return self._get_answer_url(self.partner_id)

    def _is_link_open_to(self, partner):
        return partner == self.partner_id and partner in self._get_told_partners()[self] and not self.merged_into_id

    @api.model
    def _find_by_rating_token(self, token):
        """Return (request, rating) of the token of core's own rating page with superuser rights, or empty records."""
        token = str(token or '')
        Rating = self.env['rating.rating'].sudo()  # sudo: the token is the key
        rating = Rating.search([
            ('access_token', '=', token), ('res_model', '=', self._name)], limit=1) if token and '\x00' not in token else Rating
        if not rating or not consteq(rating.access_token, token):
            return self.sudo().browse(), Rating.browse()  # sudo: empty
        return self.sudo().browse(rating.res_id).exists(), rating  # sudo: the token is the key

    # ---- CORE'S WAYS IN ----

    def rating_apply(self, rate, token=None, rating=None, feedback=None, subtype_xmlid=None, notify_delay_send=False):
        """Core's own rating page ends here: the same rules hold, a second answer changes nothing."""
        if not rating and token:
            _request, rating = self._find_by_rating_token(token)
        if self.env.su and rating and not rating.consumed and self._is_ratable() and rate in VALUES:
            self._rate(rate, comment=feedback, rating=rating)
        return rating
