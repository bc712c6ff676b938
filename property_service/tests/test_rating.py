import re

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PropertyServiceTransactionCase
from .portal_common import PropertyServicePortalCase


@tagged('post_install', '-at_install')
class TestRating(PropertyServiceTransactionCase):
    """Ratings 1-5, once, by the resident alone (R38)."""

    def test_resident_rates_once(self):
        request = self.make_request('done')
        self.as_role('resident', request).action_rate(value=4, reason='speed', comment="Quick & clean")
        self.assertEqual((request.rating_value, request.rating_reason, request.rating_comment), (4, 'speed', "Quick & clean"))
        rating = self.env['rating.rating'].search([('res_model', '=', request._name), ('res_id', '=', request.id)])
        self.assertEqual((rating.rating, rating.consumed, rating.partner_id, rating.feedback, rating.rated_partner_id), (
            4, True, self.resident, "Quick & clean", self.users['technician'].partner_id))
        with self.assertRaisesRegex(UserError, "already"):
            self.as_role('resident', request).action_rate(value=1)
        self.assertEqual(request.rating_value, 4)

    def test_states_in_which_work_is_rated(self):
        for state in ('done', 'accepted', 'closed'):
            request = self.make_request(state)
            self.as_role('resident', request).action_rate(value=5)
            self.assertEqual(request.rating_value, 5)
        for state in ('new', 'registered', 'dispatched', 'in_progress'):
            with self.assertRaisesRegex(UserError, "when the work is done"):
                self.as_role('resident', self.make_request(state)).action_rate(value=5)

    def test_values_and_reasons(self):
        request = self.as_role('resident', self.make_request('done'))
        for value in (0, 6, -1, None, False, 'x', '', [], {}, 10 ** 30):
            with self.assertRaisesRegex(UserError, "one to five"):
                request.action_rate(value=value)
        for reason in ('zzz', ['speed'], {'a': 1}, 7):
            with self.assertRaisesRegex(UserError, "reason from the list"):
                request.action_rate(value=3, reason=reason)
        self.assertFalse(request.sudo().rating_value)

    def test_only_the_resident_rates(self):
        request = self.make_request('done')
        for roles, error in (
            (('neighbour', 'former'), MissingError), (('technician', 'agent', 'supervisor', 'manager', 'quality'), AccessError),
        ):
            for role in roles:
                with self.assertRaises(error), self.cr.savepoint():
                    self.as_role(role, request).action_rate(value=5)
        for role in ('agent', 'manager'):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.as_role(role, request).write({'rating_value': 5})
        self.assertFalse(request.rating_value)

    def test_low_rating_goes_to_the_leader(self):
        for value, expected in ((1, 1), (2, 1), (3, 0)):
            request = self.make_request('done', user_id=self.users['agent'].id)
            self.as_role('resident', request).action_rate(value=value, comment="<b>Dirty</b>")
            activities = request.activity_ids.filtered(
                lambda item: item.activity_type_id == self.env.ref('property_service.mail_activity_type_low_rating'))
            self.assertEqual(len(activities), expected)
            if activities:
                self.assertEqual(activities.user_id, self.users['supervisor'])
                self.assertIn("&lt;b&gt;Dirty", activities.note)

    def test_core_rating_cannot_forge_the_copy(self):
        request = self.make_request('done')
        rating = request._get_open_rating()
        request.with_user(self.users['manager']).rating_apply(5, token=rating.access_token)
        self.assertFalse(request.rating_value, "staff cannot answer for the resident")
        request.sudo().rating_apply(3, token=rating.access_token, feedback="By core's page")
        self.assertEqual((request.rating_value, rating.rating), (3, 3))
        request.sudo().rating_apply(5, token=rating.access_token)
        self.assertEqual((request.rating_value, rating.rating), (3, 3), "a second answer changes nothing")

    def test_token_survives_rework(self):
        request = self.make_request('done')
        token = request._get_rating_url().rpartition('/')[2]
        request.action_return(reason="Still drips")
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Pipe replaced.")
        self.assertEqual(request._find_by_answer_token(token), (request, self.resident))

    def test_token_ends_with_the_residency(self):
        request = self.make_request('done')
        token = request._get_rating_url().rpartition('/')[2]
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        self.assertFalse(request._find_by_answer_token(token)[0])


@tagged('post_install', '-at_install')
class TestRatingLink(PropertyServicePortalCase):
    """The stars in the mail: no login, one answer, and opening the link is none."""

    def setUp(self):
        super().setUp()
        self.request_done = self.make_request('done')
        self.path = re.sub(r'^https?://[^/]+', '', self.request_done._get_rating_url())
        self.env.flush_all()
        self.authenticate(None, None)

    def test_link_checkers_rate_nothing(self):
        for value in (1, 2, 3, 4, 5):
            page = self.get(f'{self.path}/{value}')
            self.assertEqual(page.status_code, 200)
            self.assertRegex(page.text, rf'id="star_{value}"[^>]*checked')
        self.assertFalse(self.request_done.rating_value)
        self.assertEqual(self.get(f'{self.path}?value=5').status_code, 200)
        self.assertFalse(self.request_done.rating_value)

    def test_one_button_rates_once(self):
        thanks = self.post(self.path, {'value': '5', 'reason': 'quality', 'comment': "Very good"})
        self.assertEqual(thanks.status_code, 200)
        self.assertIn("Thank you for your rating", thanks.text)
        self.assertEqual((self.request_done.rating_value, self.request_done.rating_comment), (5, "Very good"))
        again = self.post(self.path, {'value': '1'})
        self.assertEqual(again.status_code, 422)
        self.assertIn("rated", self.get_error(again))
        self.assertIn("already", self.get(f'{self.path}/1').text)
        self.assertEqual(self.request_done.rating_value, 5)

    def test_bad_answers(self):
        for data in ({}, {'value': '0'}, {'value': '6'}, {'value': 'x'}, {'value': '5', 'reason': 'zzz'}, {'value': '\x00'}):
            self.assertEqual(self.post(self.path, data).status_code, 422)
        self.assertFalse(self.request_done.rating_value)
        self.assertEqual(self.get(f'{self.path}/99999999999').status_code, 200)
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(self.path, {'value': '5'}, csrf=False).status_code, 400)

    def test_unknown_tokens(self):
        for token in ('0' * 32, '%00', "' or 1=1", 'x' * 3000, 'False'):
            self.assertEqual(self.get(f'/my/services/rate/{token}/5').status_code, 404)
            self.assertEqual(self.post(f'/my/services/rate/{token}', {'value': '5'}).status_code, 404)

    def test_tokens_of_other_models_do_not_count(self):
        other = self.env['property.service.callback'].create({'partner_id': self.resident.id})
        rating = self.request_done._get_open_rating()
        self.env.flush_all()
        for token in (other._get_answer_token(self.resident), rating.access_token, self.request_done._get_answer_token(self.neighbour)):
            self.assertEqual(self.get(f'/my/services/rate/{token}/5').status_code, 404)

    def test_returned_work_is_not_rated(self):
        self.request_done.action_return(reason="Still drips")
        self.env.flush_all()
        self.assertIn("The work goes on", self.get(f'{self.path}/5').text)
        self.assertEqual(self.post(self.path, {'value': '5'}).status_code, 422)

    def test_page_shows_nothing_but_the_title(self):
        page = self.get(f'{self.path}/5').text
        self.assertIn("Kitchen tap leaks", page)
        for secret in ("Zhang San", "138 0013 8000", "Since this morning", "Wang Worker", "3-2-1201"):
            self.assertNotIn(secret, page)

    def test_language_of_the_resident(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.env.ref('property_service.portal_rating').update_field_translations(
            'arch_db', {'zh_CN': {"How satisfied are you?": "您满意吗"}})
        self.resident.lang = 'zh_CN'
        self.env.flush_all()
        self.assertIn("您满意吗", self.get(f'{self.path}/5').text)
