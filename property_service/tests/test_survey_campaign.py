from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.voice.campaign_states import STATES, TRANSITIONS
from ..tools import sampling
from .survey_common import PropertyServiceSurveyCase


@tagged('post_install', '-at_install')
class TestSurveyCampaign(PropertyServiceSurveyCase, TransactionCase):
    """Audience, sample, states, mails, reminders, the yearly draft."""

    # ---- AUDIENCE AND SAMPLE ----

    def test_one_per_home_is_the_primary_contact(self):
        estate = self.make_estate('AA', homes=5)
        campaign = self.make_running(estate)
        self.assertEqual(campaign.invited_count, 10)
        self.assertEqual(set(campaign.invitation_ids.mapped('role')), {'owner'})

    def test_one_per_resident(self):
        estate = self.make_estate('AB', homes=5)
        self.assertEqual(self.make_running(estate, one_per='resident').invited_count, 20)

    def test_audience_by_role_building_and_time(self):
        estate = self.make_estate('AC', homes=5)
        self.assertEqual(self.make_running(estate, role='family').invited_count, 10)
        self.assertEqual(self.make_running(building_ids=[(6, 0, estate.building_ids[0].ids)], estate_ids=[(5,)]).invited_count, 5)
        with freeze_time('2025-01-01'):
            self.assertEqual(self.make_running(estate, one_per='resident', months_min=24).invited_count, 10, "owners only")
            self.assertEqual(self.make_running(estate, one_per='resident', months_max=24).invited_count, 10, "family only")

    def test_former_residents_and_common_areas_are_not_asked(self):
        campaign = self.make_running(self.estate, one_per='resident')
        self.assertEqual(campaign.invitation_ids.partner_id, self.resident | self.neighbour)
        self.assertNotIn(self.lobby, campaign.invitation_ids.unit_id)

    def test_sample_per_stratum_can_be_repeated(self):
        first, second = self.make_estate('AD', homes=20), self.make_estate('AE', homes=3)
        campaign = self.make_running(first, second, sample='percent', sample_percent=30, seed='abc')
        by_estate = {stratum.estate_id: (stratum.population, stratum.drawn) for stratum in campaign.stratum_ids}
        self.assertEqual(by_estate, {first: (40, 12), second: (6, 2)})
        expected = sampling.draw('abc', first.unit_ids.mapped('full_code'), 12)
        drawn = campaign.invitation_ids.filtered(lambda i: i.estate_id == first)
        self.assertEqual(set(drawn.mapped('answer_key')), set(expected))
        self.assertEqual(campaign.action_check_draw()['params']['type'], 'success')

    def test_sample_of_a_number_by_building(self):
        estate = self.make_estate('AF', homes=8)
        campaign = self.make_running(estate, sample='number', sample_number=3, stratify_by='building')
        self.assertEqual([(s.population, s.drawn) for s in campaign.stratum_ids], [(8, 3), (8, 3)])

    def test_a_forged_sample_is_found(self):
        estate = self.make_estate('AG', homes=20)
        campaign = self.make_running(estate, sample='percent', sample_percent=20)
        other = estate.unit_ids.filtered(lambda u: u.full_code not in campaign.invitation_ids.mapped('answer_key'))[0]
        campaign.invitation_ids[0].write({'unit_id': other.id, 'answer_key': other.full_code})
        self.assertEqual(campaign.action_check_draw()['params']['type'], 'danger')

    def test_draw_of_many_takes_as_many_queries_as_of_few(self):
        def count(homes, code):
            campaign = self.make_campaign(self.make_estate(code, buildings=1, homes=homes))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign.action_draw()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
        self.assertLessEqual(count(100, 'AI'), count(10, 'AH') + 2)

    # ---- STATES ----

    def test_every_transition_of_the_table_and_no_other(self):
        for source, _label in STATES:
            for target, _label in STATES:
                campaign = self.make_campaign()
                campaign.sudo().write({'state': source})
                if target in TRANSITIONS[source]:
                    campaign._set_state(target)
                    self.assertEqual(campaign.state, target)
                else:
                    with self.assertRaises(UserError):
                        campaign._set_state(target)

    def test_rights_of_the_steps(self):
        campaign = self.make_campaign()
        for role in ('agent', 'supervisor', 'hr'):
            with self.assertRaises(AccessError):
                self.as_role(role, campaign).action_start()
        self.as_role('quality', campaign).action_start()
        self.assertEqual(campaign.state, 'running')
        self.as_role('manager', campaign).action_close()
        self.assertEqual(campaign.state, 'closed')

    def test_facts_cannot_be_forged(self):
        campaign = self.as_role('manager', self.make_campaign())
        for vals in ({'state': 'running'}, {'drawn_on': '2020-01-01'}, {'poster_token': 'x'}):
            with self.assertRaises(UserError):
                campaign.write(vals)

    def test_who_is_asked_is_fixed_once_started(self):
        campaign = self.as_role('manager', self.make_running())
        for vals in ({'anonymous': True}, {'seed': 'other'}, {'estate_ids': [(5,)]}):
            with self.assertRaises(UserError):
                campaign.write(vals)
        campaign.write({'target': 85})
        with self.assertRaises(UserError):
            campaign.unlink()

    def test_nobody_to_ask(self):
        with self.assertRaises(UserError):
            self.make_running(self.env['property.service.estate'].create({'name': "Empty", 'code': 'EMPTY'}))

    def test_form(self):
        with Form(self.as_role('quality', 'property.service.survey.campaign')) as form:
            form.name = "Autumn"
        self.assertEqual(form.record.date_start.month, 11)
        self.assertEqual(form.record.date_end.day, 30)
        with self.assertRaises(ValidationError):
            form.record.date_end = False

    # ---- MAILS ----

    def test_invitations_by_mail(self):
        estate = self.make_estate('BA', homes=3)
        silent = estate.unit_ids[0].resident_ids[0]
        silent.email = False
        campaign = self.make_running(estate, by_mail=True)
        self.assertEqual(campaign.invitation_ids.filtered('to_send').partner_id & silent, silent.browse())
        self.run_cron('send')
        mails = self.env['mail.mail'].search([('model', '=', 'property.service.survey.invitation'), ('res_id', 'in', campaign.invitation_ids.ids)])
        self.assertEqual(len(mails), 5)
        for mail in mails:
            invitation = campaign.invitation_ids.browse(mail.res_id)
            self.assertEqual(mail.recipient_ids, invitation.partner_id)
            self.assertIn(f"/my/surveys/i/{invitation.access_token}", mail.body_html)
        self.assertEqual(set(campaign.invitation_ids.mapped('state')), {'sent', 'new'})
        self.run_cron('send')
        self.assertEqual(self.env['mail.mail'].search_count([('res_id', 'in', campaign.invitation_ids.ids), (
            'model', '=', 'property.service.survey.invitation')]), 5, "once each")

    def test_one_who_cannot_be_written_to_does_not_stop_the_others(self):
        campaign = self.make_running(self.make_estate('BB', homes=3), by_mail=True)
        poison = campaign.invitation_ids[1]
        Template = type(campaign.template_id)
        original = Template.send_mail_batch

        def send(template, res_ids, **kwargs):
            if poison.id in res_ids:
                raise ValueError("broken address")
            return original(template, res_ids, **kwargs)

        with patch.object(Template, 'send_mail_batch', send), mute_logger('odoo.addons.property_service.models.voice.campaign_mailing'):
            self.run_cron('send')
        self.assertEqual(poison.send_error, "broken address")
        self.assertEqual(len(campaign.invitation_ids.filtered(lambda i: i.state == 'sent')), 5)
        self.assertFalse(campaign.invitation_ids.filtered('to_send'))

    def test_reminders_only_to_those_who_have_not_answered(self):
        campaign = self.make_running(self.make_estate('BC', homes=2), by_mail=True, reminder_days=7, reminder_max=1)
        self.run_cron('send')
        answered = campaign.invitation_ids[0]
        self.answer(answered)
        campaign._queue_reminders()
        self.assertFalse(campaign.invitation_ids.filtered('to_send'), "too early")
        campaign.invitation_ids.write({'contacted_at': fields.Datetime.now() - timedelta(days=8)})
        campaign._queue_reminders()
        self.assertEqual(campaign.invitation_ids.filtered('to_send'), campaign.invitation_ids - answered)
        self.run_cron('send')
        self.assertEqual(set((campaign.invitation_ids - answered).mapped('reminder_count')), {1})
        campaign.invitation_ids.write({'contacted_at': fields.Datetime.now() - timedelta(days=8)})
        campaign._queue_reminders()
        self.assertFalse(campaign.invitation_ids.filtered('to_send'), "not more often than set")

    def test_closed_on_the_day_after_the_last(self):
        campaign = self.make_running()
        campaign.sudo().write({'date_end': self.env.company._property_today()})
        self.run_cron('run')
        self.assertEqual(campaign.state, 'running')
        campaign.sudo().write({'date_end': self.env.company._property_today() - timedelta(days=1)})
        self.run_cron('run')
        self.assertEqual(campaign.state, 'closed')

    # ---- EVERY YEAR ----

    def test_drafted_on_the_first_of_october(self):
        last = self.make_campaign(is_yearly=True, name="Satisfaction 2026", date_start='2026-11-01', date_end='2026-11-30',
                                  sample='percent', sample_percent=40, anonymous=True)

        def drafts():
            return self.Campaign.search([('previous_id', '=', last.id)])
        with freeze_time('2027-09-30 12:00:00'):
            self.run_cron('yearly')
            self.assertFalse(drafts())
        with freeze_time('2027-09-30 16:30:00'):  # 1 October in Shanghai
            self.run_cron('yearly')
            self.run_cron('yearly')
        draft = drafts()
        self.assertEqual(len(draft), 1)
        self.assertEqual((draft.name, draft.state, draft.date_start, draft.date_end), (
            "Satisfaction 2027", 'draft', date(2027, 11, 1), date(2027, 11, 30)))
        self.assertEqual((draft.sample, draft.sample_percent, draft.anonymous, draft.estate_ids), ('percent', 40, True, last.estate_ids))
        self.assertNotEqual(draft.seed, last.seed)
        self.assertIn(self.users['quality'], draft.activity_ids.user_id)

    def test_shipped(self):
        self.assertTrue(self.env.ref('property_service.survey_campaign_yearly').date_start.month == 11)
        factors = self.yearly.question_ids.mapped('property_factor')
        self.assertEqual({factors.count(factor) for factor in set(factors) - {False}}, {2})
        self.assertEqual(len(set(factors) - {False}), 10)
        self.assertLessEqual({'gate', 'cleaning', 'repair', 'greening', 'fees', 'overall'}, set(self.yearly.question_ids.mapped('property_score')))
        pairs = self.env.ref('property_service.survey_servqual').question_ids
        self.assertEqual(len(pairs.filtered(lambda q: q.property_pair == 'expectation')), 10)
        self.assertEqual(len(pairs.filtered(lambda q: q.property_pair == 'perception')), 10)

    def test_a_factor_needs_its_scale(self):
        with self.assertRaises(ValidationError):
            self.overall.scale_max = 7
        with self.assertRaises(ValidationError):
            self.env['survey.question'].create({
                'title': "Free", 'survey_id': self.yearly.id, 'question_type': 'text_box', 'property_factor': 'access'})
