from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .survey_common import PropertyServiceSurveyCase


class SurveyTours:
    """What residents do with a survey, in the browser."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.make_running(survey_id=cls.env.ref('property_service.survey_after_service').id)
        cls.invitation = cls.campaign.invitation_ids.filtered(lambda i: i.unit_id == cls.unit)

    def get_answer(self):
        answer = self.env['survey.user_input'].search([('property_campaign_id', '=', self.campaign.id), ('state', '=', 'done')])
        [score] = [score for question, score in answer._get_scores() if question.property_score == 'overall']
        return answer, score

    def test_portal(self):
        self.start_tour('/my', 'property_service_survey_portal', login='ps_resident')
        answer, score = self.get_answer()
        self.assertEqual((score, answer.partner_id, answer.property_channel), (4, self.resident, 'portal'))
        self.assertEqual(answer._get_texts()[0][1], "Friendly and quick.")
        self.start_tour(urlsplit(self.invitation._get_url()).path, 'property_service_survey_refused', login='ps_resident')

    def test_poster(self):
        path = urlsplit(self.campaign._get_poster_url(self.estate)).path
        self.start_tour(path, 'property_service_survey_poster')
        answer, score = self.get_answer()
        self.assertEqual((score, answer.property_unit_id, answer.property_channel), (5, self.unit, 'poster'))
        self.assertEqual(self.invitation.state, 'answered')


@tagged('post_install', '-at_install')
class TestSurveyTours(SurveyTours, PropertyServiceSurveyCase, HttpCase):
    """In English, at a desk."""


@tagged('post_install', '-at_install')
class TestSurveyToursPhone(SurveyTours, PropertyServiceSurveyCase, HttpCase):
    """In Chinese, on a phone 375 pixels wide."""

    browser_size = '375x667'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.users['resident'].lang = 'zh_CN'


class SurveyStaffTours:
    """What staff does, in the browser."""

    allow_inherited_tests_method = True

    def test_interview(self):
        campaign = self.make_running(survey_id=self.env.ref('property_service.survey_after_service').id)
        self.start_tour('/odoo/property-survey-interviews', 'property_service_survey_interview', login='ps_agent')
        answer = self.env['survey.user_input'].search([('property_campaign_id', '=', campaign.id), ('state', '=', 'done')])
        self.assertEqual((answer.property_interviewer_id, answer.property_channel, answer.partner_id), (
            self.users['agent'], 'visit', self.resident))

    def test_campaign_from_draft_to_results(self):
        estate = self.make_estate('TT', homes=5)
        before = self.make_running(estate, date_start='2025-11-01')
        for invitation in before.invitation_ids[:6]:
            self.answer(invitation, 5, courtesy_1=5)
        before.action_close()
        campaign = self.make_campaign(estate, previous_id=before.id, date_start='2026-11-01')
        self.start_tour(f'/odoo/property-surveys/{campaign.id}', 'property_service_survey_start', login='ps_quality')
        self.assertEqual((campaign.state, campaign.invited_count), ('running', 10))
        for number, invitation in enumerate(campaign.invitation_ids[:8]):
            self.answer(invitation, 5 if number % 2 else 3, courtesy_1=2, reliability_1=5)
        self.start_tour(f'/odoo/property-surveys/{campaign.id}', 'property_service_survey_results', login='ps_quality')
        action = self.env['property.service.corrective.action'].search([('origin_campaign_id', '=', campaign.id)])
        self.assertEqual((action.survey_measure, action.survey_rate_before), ('courtesy', 0.0))


@tagged('post_install', '-at_install')
class TestSurveyStaffTours(SurveyStaffTours, PropertyServiceSurveyCase, HttpCase):
    """In English."""


@tagged('post_install', '-at_install')
class TestSurveyStaffToursChinese(SurveyStaffTours, PropertyServiceSurveyCase, HttpCase):
    """In Chinese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        (cls.users['agent'] | cls.users['quality']).write({'lang': 'zh_CN'})
