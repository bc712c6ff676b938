from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .survey_common import PropertyServiceSurveyCase


@tagged('post_install', '-at_install')
class TestSurveyAnswer(PropertyServiceSurveyCase, TransactionCase):
    """Answers: once each, by whom, what follows from them, and what of an anonymous one is left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey_user = new_test_user(cls.env, 'ps_survey', groups='base.group_user,survey.group_survey_manager')

    def get_invitation(self, campaign, unit=None):
        return campaign.invitation_ids.filtered(lambda i: i.unit_id == (unit or self.unit))

    def test_answer_carries_its_place(self):
        campaign = self.make_running()
        answer = self.answer(self.get_invitation(campaign), 4)
        self.assertEqual((answer.partner_id, answer.property_unit_id, answer.property_building_id, answer.property_role), (
            self.resident, self.unit, self.building, 'owner'))
        self.assertEqual((self.get_invitation(campaign).state, campaign.answered_count), ('answered', 1))
        self.assertEqual(campaign.stratum_ids.response_rate, 50)

    def test_second_answer_of_the_same_unit_is_refused(self):
        campaign = self.make_running()
        invitation = self.get_invitation(campaign)
        first = invitation._start_answer('portal')
        second = invitation._start_answer('portal', partner=self.neighbour)
        self.assertNotEqual(first, second)
        first._mark_done()
        with self.assertRaises(UserError) as refused:
            second._mark_done()
        self.assertIn("Thank you", str(refused.exception))
        with self.assertRaises(UserError):
            invitation._start_answer('portal')
        self.assertEqual(second.state, 'new')

    def test_one_begun_is_gone_on_with(self):
        invitation = self.get_invitation(self.make_running())
        self.assertEqual(invitation._start_answer('portal'), invitation._start_answer('mail'))

    def test_no_answer_to_a_closed_campaign(self):
        campaign = self.make_running()
        begun = self.get_invitation(campaign)._start_answer('portal')
        campaign.action_close()
        with self.assertRaises(UserError):
            begun._mark_done()
        with self.assertRaises(UserError):
            self.get_invitation(campaign, self.unit2)._start_answer('portal')
        campaign.action_start()
        begun._mark_done()
        self.assertEqual(campaign.answered_count, 1, "prolonged")

    # ---- INTERVIEWS ----

    def test_interview_keeps_who_and_when(self):
        campaign = self.make_running()
        invitation = self.as_role('agent', self.get_invitation(campaign))
        self.assertEqual(invitation.action_interview()['res_model'], 'property.service.survey.interview')
        action = invitation.action_interview(channel='visit')
        answer = self.env['survey.user_input'].search([('property_invitation_id', '=', invitation.id)])
        self.assertIn(answer.access_token, action['url'])
        self.assertEqual((answer.property_interviewer_id, answer.property_channel), (self.users['agent'], 'visit'))
        self.assertAlmostEqual(answer.property_interviewed_at, fields.Datetime.now(), delta=timedelta(minutes=1))
        self.assertEqual(answer.partner_id, self.resident)
        with self.assertRaises(UserError):
            invitation.action_interview(channel='mail')
        for role in ('technician', 'hr', 'resident'):
            with self.assertRaises(AccessError):
                self.as_role(role, invitation).action_interview(channel='phone')

    # ---- ANONYMITY ----

    def test_anonymous_answer_has_nobody(self):
        campaign = self.make_running(anonymous=True)
        invitation = self.get_invitation(campaign)
        answer = invitation.with_user(self.users['resident']).sudo()._start_answer('portal')
        self.assertFalse(answer.partner_id or answer.email or answer.nickname, "not even while it is written")
        answer = answer.with_user(self.users['resident']).sudo()
        answer._save_lines(self.overall, '5')
        answer._mark_done()
        self.env.flush_all()
        self.assertFalse(answer.partner_id | self.resident.browse() or answer.property_invitation_id or answer.property_unit_id)
        self.assertEqual((answer.property_building_id, answer.property_role), (self.building, 'owner'))
        [row] = self.env.execute_query_dict(answer._as_query().select('*'))
        self.assertNotIn(self.users['resident'].id, (row['create_uid'], row['write_uid']))
        self.assertNotIn(self.resident.id, (row['partner_id'],))
        self.env.cr.execute("SELECT create_uid, write_uid FROM survey_user_input_line WHERE user_input_id = %s", [answer.id])
        self.assertFalse({self.users['resident'].id}.intersection(*self.env.cr.fetchall()))
        self.assertFalse(answer.message_ids.filtered(lambda m: m.author_id == self.resident))
        self.assertEqual((invitation.state, invitation.answered_on, invitation.channel), ('answered', False, False))
        self.env.cr.execute("SELECT write_date = create_date FROM property_service_survey_invitation WHERE id = %s", [invitation.id])
        self.assertTrue(self.env.cr.fetchone()[0], "the day of answering would join the two again")
        for name in ('end_datetime', 'create_date', 'write_date'):
            self.assertEqual((row[name].day, row[name].hour, row[name].second), (1, 0, 0), name)
        self.assertFalse(answer.message_ids)

    def test_an_anonymous_answer_being_written_is_for_nobody(self):
        begun = self.get_invitation(self.make_running(anonymous=True))._start_answer('portal')
        begun._save_lines(self.overall, '1')
        for role in ('quality', 'hr', 'manager'):
            for records in (begun, begun.user_input_line_ids):
                self.assertFalse(self.as_role(role, records).search([('id', 'in', records.ids)]), role)

    def test_unfinished_anonymous_answers_are_deleted(self):
        campaign = self.make_running(anonymous=True)
        begun = self.get_invitation(campaign)._start_answer('portal')
        campaign.action_close()
        self.assertFalse(begun.exists())

    def test_single_answers_are_for_three_roles(self):
        """Over RPC, by search, by read, by export, by grouping: also for the survey app's own managers."""
        for anonymous in (True, False):
            campaign = self.make_running(anonymous=anonymous)
            answer = self.answer(self.get_invitation(campaign), why="The gate is slow.")
            lines = answer.user_input_line_ids
            if anonymous:
                for role in ('quality', 'hr', 'manager'):
                    self.assertFalse(self.as_role(role, answer).search([('id', '=', answer.id)]), "not before the end")
                campaign.action_close()
            for role, allowed in (('quality', True), ('hr', True), ('manager', True), ('supervisor', False), ('agent', False),
                                  ('technician', False), ('accountant', False), ('resident', False), ('survey', False)):
                user = self.survey_user if role == 'survey' else self.users[role]
                with self.subTest(role=role, anonymous=anonymous):
                    for records in (answer, lines):
                        own = records.with_user(user)
                        if allowed:
                            self.assertEqual(own.search([('id', 'in', records.ids)]), own)
                            own.read(['display_name'])
                            continue
                        with self.assertRaises(AccessError):
                            own.read(['display_name'])
                        with self.assertRaises(UserError):
                            own.export_data(['id'])
                        if role == 'survey':
                            self.assertFalse(own.search([('id', 'in', records.ids)]))
                            self.assertFalse(own._read_group([('id', 'in', records.ids)], [], ['__count'])[0][0])

    def test_other_surveys_stay_closed_to_these_roles(self):
        other = self.env['survey.survey'].create({'title': "Exit interview"})._create_answer(user=self.env.user)
        for role in ('quality', 'hr', 'manager'):
            self.assertFalse(self.as_role(role, 'survey.user_input').search([('id', '=', other.id)]))

    def test_other_company_reads_nothing(self):
        answer = self.answer(self.get_invitation(self.make_running()))
        company = self.env['res.company'].create({'name': "Elsewhere"})
        foreign = new_test_user(self.env, 'ps_elsewhere', groups='property_service.group_quality', company_id=company.id,
                                company_ids=[(6, 0, company.ids)])
        self.assertFalse(answer.with_user(foreign).search([('id', '=', answer.id)]))

    def test_origin_cannot_be_forged(self):
        campaign = self.make_running()
        answers = self.env['survey.user_input'].with_user(self.survey_user)
        with self.assertRaises(UserError):
            answers.create({'survey_id': self.yearly.id, 'state': 'done', 'property_campaign_id': campaign.id})

    # ---- WHAT FOLLOWS ----

    def test_low_score_makes_one_callback(self):
        campaign = self.make_running()
        answer = self.answer(self.get_invitation(campaign), 2, why="Nobody came.")
        callback = self.env['property.service.callback'].search([('survey_answer_id', '=', answer.id)])
        self.assertEqual((callback.partner_id, callback.unit_id, callback.origin, callback.origin_campaign_id), (
            self.resident, self.unit, 'campaign', campaign))
        self.assertIn("Nobody came.", callback.script)
        self.env['property.service.survey.rule']._apply(self.env['survey.user_input'])
        answer._follow_up_answers()
        self.assertEqual(self.env['property.service.callback'].search_count([('survey_answer_id', '=', answer.id)]), 1)

    def test_three_is_not_low(self):
        answer = self.answer(self.get_invitation(self.make_running()), 3)
        self.assertFalse(self.env['property.service.callback'].search([('survey_answer_id', '=', answer.id)]))

    def test_keyword_makes_a_complaint(self):
        answer = self.answer(self.get_invitation(self.make_running()), 5, why="单元门口闻到煤气味")
        complaint = self.env['property.service.complaint'].search([('survey_answer_id', '=', answer.id)])
        self.assertEqual((complaint.partner_id, complaint.channel, complaint.state), (self.resident, 'survey', 'new'))
        self.assertIn("煤气", complaint.description)
        self.assertFalse(self.env['property.service.callback'].search([('survey_answer_id', '=', answer.id)]))

    def test_anonymous_low_score_makes_a_complaint_without_a_name(self):
        """At the end, with what was written and not what was ticked."""
        campaign = self.make_running(anonymous=True)
        answer = self.answer(self.get_invitation(campaign), 1, why="The lift stands still.")
        silent = self.answer(self.get_invitation(campaign, self.unit2), 2)
        Complaint = self.env['property.service.complaint']
        self.assertFalse(Complaint.search([('survey_answer_id', 'in', (answer | silent).ids)]), "its time would tell whose it is")
        campaign.action_close()
        complaint = Complaint.search([('survey_answer_id', 'in', (answer | silent).ids)])
        self.assertEqual(complaint.survey_answer_id, answer, "without a word there is nothing to look into")
        self.assertTrue(complaint.anonymous)
        self.assertFalse(complaint.partner_id or complaint.unit_id or complaint.building_id)
        self.assertEqual((complaint.description, complaint.origin_campaign_id), ("The lift stands still.", campaign))

    def test_danger_in_an_anonymous_answer_does_not_wait(self):
        answer = self.answer(self.get_invitation(self.make_running(anonymous=True)), 1, why="Smell of gas at the door")
        complaint = self.env['property.service.complaint'].search([('survey_answer_id', '=', answer.id)])
        self.assertEqual((complaint.description, complaint.estate_id), ("Smell of gas at the door", self.estate))
        self.assertFalse(complaint.partner_id or complaint.unit_id or complaint.building_id)

    def test_roundabout_ways_to_single_answers(self):
        """By related fields, chatter and mails, as those who must not see them."""
        campaign = self.make_running(anonymous=True, by_mail=True)
        invitation = self.get_invitation(campaign)
        answer = self.answer(invitation, 1, why="Smell of gas at the door")
        self.run_cron('send')
        campaign.action_close()
        complaint = self.env['property.service.complaint'].search([('survey_answer_id', '=', answer.id)])
        for role in ('agent', 'supervisor', 'technician', 'resident', 'accountant'):
            user = self.users[role]
            ways = (
                ('property.service.complaint', [('survey_answer_id.user_input_line_ids.value_scale', '<=', 2)]),
                ('property.service.complaint', [('survey_answer_id.property_building_id', '=', self.building.id)]),
                ('property.service.survey.campaign', [('survey_id.user_input_ids.property_building_id', '=', self.building.id)]),
                ('property.service.survey.invitation', [('campaign_id.survey_id.user_input_ids.user_input_line_ids.value_scale', '=', 1)]),
                ('survey.question', [('user_input_line_ids.value_scale', '=', 1)]),
                ('mail.message', [('model', '=', 'survey.user_input'), ('res_id', '=', answer.id)]),
                ('mail.message', [('model', '=', 'property.service.survey.invitation'), ('res_id', '=', invitation.id)]),
                ('ir.attachment', [('res_model', '=', 'survey.user_input'), ('res_id', '=', answer.id)]),
            )
            for model, domain in ways:
                with self.subTest(role=role, model=model, domain=domain):
                    try:
                        found = self.env[model].with_user(user).search(domain)
                    except (AccessError, UserError):
                        continue
                    self.assertFalse(found)
            for model in ('survey.user_input', 'survey.user_input.line', 'property.service.survey.report'):
                with self.subTest(role=role, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).formatted_read_group([], ['create_date:month'], ['__count'])
        self.assertIn("gas", self.as_role('agent', complaint).description, "what was written, as the rule says")

    def test_single_answers_do_not_tell_the_role(self):
        campaign = self.make_running(anonymous=True)
        answer = self.answer(self.get_invitation(campaign))
        campaign.action_close()
        for name in ('property_role', 'property_unit_use', 'property_stratum_id'):
            with self.assertRaises(AccessError):
                self.as_role('quality', answer).read([name])
            with self.assertRaises(AccessError):
                self.as_role('quality', answer).search([(name, '!=', False)])

    def test_a_failing_rule_does_not_lose_the_answer(self):
        Rule = type(self.env['property.service.survey.rule'])
        with patch.object(Rule, '_open_case', side_effect=ValueError("broken")), \
                mute_logger('odoo.addons.property_service.models.voice.survey_user_input'):
            answer = self.answer(self.get_invitation(self.make_running()), 1)
        self.assertEqual(answer.state, 'done')

    # ---- AFTER A SERVICE ----

    def make_service_campaign(self, **vals):
        campaign = self.Campaign.create({
            'name': "After service", 'kind': 'service', 'survey_id': self.env.ref('property_service.survey_after_service').id,
            'service_delay_hours': 0, 'by_mail': False, **vals})
        campaign.action_start()
        campaign.sudo().write({'processed_until': fields.Datetime.now() - timedelta(days=1)})
        return campaign

    def make_done(self, hours=1, **vals):
        request = self.make_request('done', **vals)
        request._as_system().write({'done_at': fields.Datetime.now() - timedelta(hours=hours)})
        return request

    def test_asked_after_a_service_once_in_so_many_days(self):
        first, second = self.make_done(3), self.make_done(2)
        campaign = self.make_service_campaign(service_quiet_days=30)
        self.run_cron('run')
        self.run_cron('run')
        self.assertEqual(campaign.invitation_ids.request_id, first, "the second within 30 days is left in peace")
        self.make_service_campaign(service_quiet_days=0)
        again = self.make_service_campaign(service_quiet_days=0)
        self.run_cron('run')
        self.assertEqual(again.invitation_ids.request_id, first | second)

    def test_share_and_types(self):
        self.make_done()
        self.make_done(type_id=self.type_simple.id)
        nobody = self.make_service_campaign(service_share=0, service_quiet_days=0)
        leaks = self.make_service_campaign(service_type_ids=[(6, 0, self.type_repair.ids)], service_quiet_days=0)
        self.run_cron('run')
        self.assertFalse(nobody.invitation_ids)
        self.assertEqual(leaks.invitation_ids.request_id.type_id, self.type_repair)

    def test_who_moved_out_is_not_asked(self):
        self.make_done()
        campaign = self.make_service_campaign()
        self.unit.residency_ids.filtered('is_current').action_move_out()
        self.run_cron('run')
        self.assertFalse(campaign.invitation_ids)

    def test_service_answer_knows_its_request(self):
        request = self.make_done()
        campaign = self.make_service_campaign()
        self.run_cron('run')
        answer = campaign.invitation_ids._start_answer('mail')
        answer._save_lines(self.env.ref('property_service.survey_after_service_result'), '1')
        answer._mark_done()
        self.assertEqual(answer.property_request_id, request)
        callback = self.env['property.service.callback'].search([('survey_answer_id', '=', answer.id)])
        self.assertEqual(callback.origin_request_id, request)
        self.assertEqual(callback.worker_id, self.worker)
