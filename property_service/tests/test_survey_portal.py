import re
from urllib.parse import urlsplit

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.voice import survey_attempt
from .portal_common import PropertyServicePortalCase
from .survey_common import PropertyServiceSurveyCase


@tagged('post_install', '-at_install')
class TestSurveyPortal(PropertyServiceSurveyCase, PropertyServicePortalCase):
    """The pages of residents: real HTTP."""

    def setUp(self):
        super().setUp()
        self.campaign = self.make_running()
        self.authenticate(None, None)
        self.invitation = self.campaign.invitation_ids.filtered(lambda i: i.unit_id == self.unit)

    def get_path(self, invitation=None):
        return urlsplit((invitation or self.invitation)._get_url()).path

    def test_list_shows_own_surveys_only(self):
        self.login('resident')
        page = self.get('/my/surveys').text
        self.assertIn(self.invitation.access_token, page)
        self.assertNotIn((self.campaign.invitation_ids - self.invitation).access_token, page)
        self.login('former')
        self.assertNotIn(self.invitation.access_token, self.get('/my/surveys').text)

    def test_opening_the_link_starts_nothing(self):
        for _time in range(2):
            self.assertEqual(self.get(self.get_path()).status_code, 200)
        self.assertFalse(self.env['survey.user_input'].search([('property_invitation_id', '=', self.invitation.id)]))
        started = self.post(self.get_path())
        self.assertEqual(started.status_code, 303)
        self.assertIn('/survey/start/', started.headers['Location'])
        self.assertEqual(self.get(started.headers['Location']).status_code, 200)
        answer = self.env['survey.user_input'].search([('property_invitation_id', '=', self.invitation.id)])
        self.assertEqual((answer.partner_id, answer.property_channel, self.invitation.state), (self.resident, 'mail', 'opened'))

    def test_starting_needs_a_post_with_token(self):
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(self.get_path(), {'channel': 'mail'}, csrf=False).status_code, 400)

    def test_second_answer_is_refused_kindly(self):
        begun = self.invitation._start_answer('portal', partner=self.neighbour)
        self.answer(self.invitation, 4)
        page = self.get(self.get_path())
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_property_survey_refused", page.text)
        self.assertIn("your household has answered", page.text)
        self.assertIn("o_property_survey_refused", self.get(begun.get_start_url()).text, "somebody else of the household had begun")
        self.login('resident')
        self.assertNotIn("o_property_survey_open", self.get('/my/surveys').text)

    def test_a_member_of_the_household_answers_for_the_home(self):
        family = self.users['former'].partner_id
        self.env['property.service.residency'].create({
            'unit_id': self.unit.id, 'partner_id': family.id, 'role': 'family', 'date_start': '2021-01-01'})
        self.login('former')
        self.assertIn(self.invitation.access_token, self.get('/my/surveys').text)
        self.post(self.get_path(), {'channel': 'portal'})
        answer = self.env['survey.user_input'].search([('property_invitation_id', '=', self.invitation.id)])
        self.assertEqual((answer.partner_id, answer.property_channel), (family, 'portal'))

    def test_staff_may_fill_in_the_survey_they_opened(self):
        action = self.as_role('agent', self.invitation).action_interview(channel='phone')
        self.login('agent')
        page = self.get(action['url'])
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_survey_start", page.text)

    def test_poster(self):
        path = urlsplit(self.campaign._get_poster_url(self.estate)).path
        self.assertIn('name="phone"', self.get(path).text)
        for unit, phone in (("3-2-1201", "139 9999 9999"), ("3-2-1202", "138 0013 8000"), ("%", "138 0013 8000"), ("3-2-1201", "1"),
                            ("\x00", "\x00"), ("", "")):
            response = self.post(path, {'unit': unit, 'phone': phone})
            self.assertEqual(response.status_code, 422, (unit, phone))
            self.assertNotIn(self.invitation.access_token, response.text)
        found = self.post(path, {'unit': "3-2-1201", 'phone': "+86 138-0013-8000"})
        self.assertEqual(found.status_code, 303)
        self.assertIn(self.invitation.access_token, found.headers['Location'])
        self.assertIn('value="poster"', self.get(found.headers['Location']).text)

    def test_poster_cannot_be_guessed(self):
        path = urlsplit(self.campaign._get_poster_url(self.estate)).path
        right = {'unit': "3-2-1201", 'phone': "13800138000"}
        for number in range(survey_attempt.PER_IP):
            self.assertEqual(self.post(path, {'unit': "3-2-1202", 'phone': f"1390000{number:04}"}).status_code, 422, number)
        response = self.post(path, right)
        self.assertEqual(response.status_code, 429, "also what is right: else the limit would tell what is")
        self.assertIn("a quarter of an hour", response.text)
        self.assertNotIn(self.invitation.access_token, response.text)
        other = self.make_running()
        self.assertEqual(self.post(urlsplit(other._get_poster_url(self.estate)).path, right).status_code, 303, "another survey")
        self.login('resident')
        self.assertIn("o_property_survey_own", self.get(path).text, "whoever is logged in need not wait")
        self.authenticate(None, None)
        self.env['property.service.survey.attempt'].search([]).write({'ip': '192.0.2.7'})
        self.assertEqual(self.post(path, right).status_code, 303, "another connection")
        self.assertEqual(self.post(path, {'unit': "3-2-1202", 'phone': "13900000011"}).status_code, 429, "one home, from many connections")
        self.env['property.service.survey.attempt'].search([]).unlink()
        self.assertEqual(self.post(path, right).status_code, 303)
        self.assertFalse(self.env['property.service.survey.attempt'].search([]), "what fits leaves no trace")

    def test_the_limit_passes(self):
        Attempt = self.env['property.service.survey.attempt']
        for _number in range(survey_attempt.PER_IP):
            Attempt._record(self.campaign, '192.0.2.1', '1')
        self.assertTrue(Attempt._is_blocked(self.campaign, '192.0.2.1', '2'))
        self.assertTrue(Attempt._is_blocked(self.campaign, '192.0.2.2', '1'))
        self.assertFalse(Attempt._is_blocked(self.campaign, '192.0.2.2', '2'))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_service_survey_attempt SET create_date = create_date - make_interval(mins => %s)", [survey_attempt.MINUTES + 1])
        Attempt.invalidate_model()
        self.assertFalse(Attempt._is_blocked(self.campaign, '192.0.2.1', '1'))

    def test_poster_for_whoever_is_logged_in(self):
        self.login('resident')
        page = self.get(urlsplit(self.campaign._get_poster_url(self.estate)).path).text
        self.assertIn("o_property_survey_own", page)
        self.assertIn(self.invitation.access_token, page)

    def test_odd_addresses(self):
        for path in ('/my/surveys/i/nonsense', '/my/surveys/q/nonsense', '/my/surveys/q/nonsense/7'):
            self.assertEqual(self.get(path).status_code, 404, path)
        self.assertEqual(self.get(f'/my/surveys/q/{self.campaign.poster_token}/999999').status_code, 200)
        self.campaign.by_poster = False
        self.assertEqual(self.get(f'/my/surveys/q/{self.campaign.poster_token}').status_code, 404)

    def test_over_is_said(self):
        self.campaign.action_close()
        self.assertIn("o_property_survey_refused", self.get(self.get_path()).text)

    def test_anonymous_is_promised_on_the_page(self):
        campaign = self.make_running(anonymous=True)
        path = self.get_path(campaign.invitation_ids.filtered(lambda i: i.unit_id == self.unit))
        self.assertIn("fa-user-secret", self.get(path).text)
        self.assertNotIn("fa-user-secret", self.get(self.get_path()).text)

    def test_posters_and_letters_as_html(self):
        Report = self.env['ir.actions.report']
        html = Report._render_qweb_html('property_service.report_survey_poster', self.campaign.ids)[0].decode()
        self.assertEqual(len(re.findall('data:image/png', html)), 1)
        self.assertIn(self.campaign._get_poster_url(self.estate), html)
        (self.resident | self.neighbour).email = False
        action = self.as_role('agent', self.campaign).action_print_letters()
        self.assertEqual(action['report_name'], 'property_service.report_survey_letter')
        html = Report._render_qweb_html('property_service.report_survey_letter', self.campaign.invitation_ids.ids)[0].decode()
        self.assertIn("Zhang San", html)
        self.assertEqual(len(re.findall('data:image/png', html)), 2)
