from datetime import timedelta
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from ..models.judgement.sources.base import Period
from .portal_common import PropertyServicePortalCase
from .survey_common import PropertyServiceSurveyCase


class SurveyStaffCase(PropertyServiceSurveyCase):
    """Three teams of one estate and two of all: members are asked how satisfied they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.garden = env['property.service.estate'].create({'name': "Rose Court", 'code': 'RC'})
        cls.chief = cls.make_employees(1, "Chief")
        cls.boss = cls.make_employees(1, "Boss", user_id=new_test_user(env, 'ps_boss', groups='base.group_user', name="Boss").id)
        cls.garden.manager_id = cls.chief
        cls.big, cls.small, cls.watch, cls.third, cls.office = (
            cls.make_team(name, size, estates) for name, size, estates in (
                ("Gate", 8, cls.garden), ("Garden", 3, cls.garden), ("Watch", 3, cls.garden), ("Cleaning", 6, env['property.service.estate']),
                ("Office", 3, env['property.service.estate'])))
        cls.teams = cls.big | cls.small | cls.watch | cls.third | cls.office
        cls.big.write({'leader_id': cls.boss.id, 'member_ids': [Command.link(cls.boss.id), Command.link(cls.chief.id)]})
        cls.leaders = cls.boss | cls.chief
        cls.staff = cls.teams.member_ids

    @classmethod
    def make_employees(cls, number, name, **vals):
        return cls.env['hr.employee'].create([
            {'name': f"{name} {n}", 'work_email': f"{name.lower()}{n}@example.com", **vals} for n in range(number)])

    @classmethod
    def make_team(cls, name, size, estates):
        return cls.env['property.service.team'].create({
            'name': name, 'estate_ids': [Command.set(estates.ids)], 'member_ids': [Command.set(cls.make_employees(size, name).ids)]})

    def make_staff_campaign(self, **vals):
        campaign = self.as_role('hr', 'property.service.survey.campaign').create({
            'name': "Employees 2026", 'kind': 'staff', 'by_mail': False, 'date_start': '2020-11-01', 'date_end': '2099-11-30',
            'team_ids': [Command.set(self.teams.ids)], **vals})
        return campaign

    def tick(self, invitation, overall, **scores):
        answer = invitation.sudo()._start_answer('mail')
        answer._mark_in_progress()
        answer._save_lines(self.env.ref('property_service.survey_staff_overall'), str(overall))
        for name, score in scores.items():
            answer._save_lines(self.env.ref(f'property_service.survey_staff_{name}'), str(score))
        answer._mark_done()
        return answer

    def play(self, campaign):
        """Answer for everybody; return {employee: score}."""
        given = {}
        for number, invitation in enumerate(campaign.sudo().invitation_ids.sorted('answer_key')):
            given[invitation.employee_id] = 1 + (number * 7) % 5
            self.tick(invitation, given[invitation.employee_id], leadership_fair=1 + number % 5)
        return given


@tagged('post_install', '-at_install')
class TestSurveyStaff(SurveyStaffCase, TransactionCase):

    def test_who_is_asked(self):
        campaign = self.make_staff_campaign()
        self.assertEqual((campaign.survey_id, campaign.anonymous, campaign.by_poster, campaign.benchmark),
                         (self.env.ref('property_service.survey_staff'), True, False, 0))
        campaign.action_start()
        invitations = campaign.sudo().invitation_ids
        self.assertEqual(invitations.employee_id, self.staff)
        self.assertFalse(invitations.unit_id or invitations.building_id)
        of = {invitation.employee_id: (invitation.team_id, invitation.estate_id) for invitation in invitations}
        nobody = (self.env['property.service.team'], self.env['property.service.estate'])
        self.assertEqual(of[self.boss], nobody, "a leader's answer does not count for the team he leads")
        self.assertEqual(of[self.chief], nobody, "nor a manager's for the estate")
        self.assertEqual(of[self.small.member_ids[0]], (self.small, self.garden))
        self.assertEqual(of[self.third.member_ids[0]], (self.third, nobody[1]), "a team of all estates belongs to none")
        self.assertEqual(
            {stratum.team_id: (stratum.population, stratum.drawn) for stratum in campaign.sudo().stratum_ids},
            {nobody[0]: (2, 2), self.big: (8, 8), self.small: (3, 3), self.watch: (3, 3), self.third: (6, 6), self.office: (3, 3)})
        self.assertEqual(campaign.action_check_draw()['params']['type'], 'success')

    def test_departments_and_samples(self):
        parent = self.env['hr.department'].create({'name': "Operations"})
        child = self.env['hr.department'].create({'name': "Garden", 'parent_id': parent.id})
        self.small.member_ids.department_id = child
        self.big.member_ids.department_id = parent
        campaign = self.make_staff_campaign(team_ids=[], department_ids=[Command.set(parent.ids)])
        campaign.action_draw()
        self.assertEqual(campaign.sudo().invitation_ids.employee_id, self.small.member_ids | self.big.member_ids)
        campaign.write({'sample': 'percent', 'sample_percent': 50})
        campaign.action_draw()
        self.assertEqual({s.team_id.name: s.drawn for s in campaign.sudo().stratum_ids}, {False: 1, "Gate": 4, "Garden": 2})

    def test_it_is_always_anonymous(self):
        for vals in ({'anonymous': False}, {'by_poster': True}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.make_staff_campaign(**vals)
        with Form(self.env['property.service.survey.campaign'].with_context(default_kind='staff')) as form:
            form.name = "Employees"
            self.assertTrue(form.anonymous)
            self.assertEqual(form.survey_id, self.env.ref('property_service.survey_staff'))
            self.assertEqual(form.template_id, self.env.ref('property_service.mail_template_survey_staff_invitation'))

    def test_too_few_are_not_asked(self):
        campaign = self.make_staff_campaign(team_ids=[Command.set(self.small.ids)])
        with self.assertRaises(UserError):
            campaign.action_start()
        self.assertEqual(campaign.state, 'draft')

    def test_no_trace_of_who_said_what(self):
        campaign = self.make_staff_campaign()
        campaign.action_start()
        invitation = campaign.sudo().invitation_ids.filtered(lambda i: i.employee_id == self.small.member_ids[0])
        answer = self.tick(invitation, 2)
        self.assertEqual(invitation.state, 'answered')
        self.assertFalse(answer.partner_id | answer.property_invitation_id.partner_id)
        self.assertFalse(answer.email or answer.message_ids)
        self.assertFalse(invitation.answered_on)
        with self.assertRaises(UserError):
            invitation._start_answer('mail')
        for role in ('hr', 'quality', 'manager'):
            self.assertFalse(self.as_role(role, 'survey.user_input').search([('property_campaign_id', '=', campaign.id)]), role)
        campaign.action_close()
        self.assertTrue(self.as_role('hr', 'survey.user_input').search([('property_campaign_id', '=', campaign.id)]))
        answer.invalidate_recordset()
        self.assertFalse(answer.property_team_id, "three of a team are too few to be told apart")

    def test_results(self):
        campaign = self.make_staff_campaign()
        campaign.action_start()
        given = self.play(campaign)
        self.assertTrue(campaign.get_results()['campaign']['withheld'])
        self.assertFalse(campaign.result_ids)
        campaign.action_close()
        results = campaign.get_results()
        self.assertAlmostEqual(results['overall']['rate'], 100 * sum(score >= 4 for score in given.values()) / len(given))
        self.assertEqual(results['by_role'], [])
        teams = {row['id']: row for row in results['by_building']}
        members = [score for employee, score in given.items() if employee in self.big.member_ids - self.leaders]
        self.assertAlmostEqual(teams[self.big.id]['rate'], 100 * sum(score >= 4 for score in members) / len(members))
        self.assertEqual(teams[self.big.id]['n'], 8)
        self.assertNotIn(self.small.id, teams, "too few")
        self.assertEqual([score['key'] for score in results['scores']], ['overall', 'leadership'])
        self.assertEqual([row['id'] for row in results['heat']['rows'] if row['cells'] and row['cells'][1] is not None and row['id']],
                         [row['id'] for row in results['by_building'] if row['id'] and 'rate' in row])
        self.assertNotIn(self.make_running().id, [other['id'] for other in results['choices']['campaigns']])

    def test_kept_results_are_those_of_the_page(self):
        campaign = self.make_staff_campaign()
        campaign.action_start()
        given = self.play(campaign)
        campaign.action_close()
        kept = campaign.result_ids
        shown = {('team', row['id']): row for row in campaign.get_results()['by_building'] if 'rate' in row and row['id']}
        shown |= {('estate', row['id']): row for row in campaign.get_results()['by_estate'] if 'rate' in row and row['id']}
        shown['company', False] = campaign.get_results()['overall']
        found = {(row.level, row.team_id.id or row.estate_id.id): (row.answers, row.rate, row.mean) for row in kept.sudo()}
        self.assertEqual(set(found), set(shown))
        for key, (answers, rate, mean) in found.items():
            self.assertEqual(answers, shown[key]['n'])
            self.assertAlmostEqual(rate, shown[key]['rate'], 2)
            self.assertAlmostEqual(mean, shown[key]['mean'], 2)
        company = kept.filtered(lambda row: row.level == 'company')
        self.assertEqual((company.answers, company.satisfied), (len(given), sum(score >= 4 for score in given.values())))
        self.assertEqual(kept.sudo().filtered(lambda row: row.team_id == self.big).leader_id, self.boss)
        with self.assertRaises(UserError):
            campaign.action_start()

    def test_indicator(self):
        """The figure of the leader, computed once more from the answers as they were given."""
        campaign = self.make_staff_campaign()
        campaign.action_start()
        given = self.play(campaign)
        campaign.action_close()
        now = self.env.cr.now()
        period = Period(self.company.id, now - timedelta(days=2), now + timedelta(days=2), now + timedelta(days=2))
        figures = self.env.ref('property_service.indicator_staff_satisfaction')._get_company_figures(period)
        members = [score for employee, score in given.items() if employee in self.big.member_ids - self.leaders]
        satisfied = sum(score >= 4 for score in members)
        self.assertEqual([float(value) for value in figures[self.boss.id][:2]], [satisfied, len(members)])
        self.assertAlmostEqual(float(figures[self.boss.id][3]), 100 * satisfied / len(members), 3)
        everybody = self.env.ref('property_service.indicator_staff_satisfaction_company')._get_company_figures(period)
        rate = 100 * sum(score >= 4 for score in given.values()) / len(given)
        self.assertTrue({self.boss.id, self.chief.id, *self.third.member_ids.ids} <= set(everybody))
        self.assertEqual({round(float(figure[3]), 3) for figure in everybody.values()}, {round(rate, 3)})
        before = Period(self.company.id, now - timedelta(days=9), now - timedelta(days=2), now)
        self.assertFalse(self.env.ref('property_service.indicator_staff_satisfaction')._get_company_figures(before))

    def test_the_leader_opens_the_evidence(self):
        campaign = self.make_staff_campaign()
        campaign.action_start()
        self.play(campaign)
        campaign.action_close()
        own = campaign.result_ids.sudo().filtered(lambda row: row.team_id == self.big)
        self.assertEqual(own.with_user(self.boss.user_id).rate, own.rate)
        Result = self.env['property.service.survey.result'].with_user(self.boss.user_id)
        self.assertEqual(set(Result.search([]).mapped('level')), {'company', 'team'})
        other = campaign.result_ids.sudo().filtered(lambda row: row.team_id == self.third)
        with self.assertRaises(AccessError):
            other.with_user(self.boss.user_id).rate  # noqa: B018

    def test_who_may_do_what(self):
        campaign = self.make_staff_campaign()
        self.assertTrue(campaign.may_steer)
        campaign.action_start()
        invitation = campaign.sudo().invitation_ids[0]
        for role in ('agent', 'supervisor', 'technician'):
            if role != 'technician':
                self.assertFalse(self.as_role(role, 'property.service.survey.campaign').search([('kind', '=', 'staff')]))
            with self.assertRaises(AccessError):
                self.as_role(role, campaign).get_results()
            with self.assertRaises(AccessError):
                self.as_role(role, invitation).read(['state'])
            with self.assertRaises(AccessError):
                self.as_role(role, campaign).action_close()
        residents = self.make_running()
        with self.assertRaises(AccessError):
            self.as_role('hr', residents).action_close()
        with self.assertRaises(AccessError):
            self.as_role('hr', residents).write({'name': "Mine"})
        for role, may_begin in (('hr', False), ('quality', True)):
            Campaign = self.as_role(role, 'property.service.survey.campaign')
            for kind in ('list', 'kanban', 'form'):
                arch = Campaign.get_view(view_type=kind)['arch']
                self.assertEqual('create="0"' not in arch, may_begin, (role, kind))
                self.assertNotIn('create="0"', Campaign.with_context(default_kind='staff').get_view(view_type=kind)['arch'])
        self.assertFalse(self.as_role('hr', residents).may_steer)
        with self.assertRaises(UserError):
            self.as_role('manager', invitation).action_interview(channel='phone')
        self.as_role('hr', campaign).action_close()

    def test_the_desk_learns_nothing(self):
        rules = self.env['property.service.survey.rule'].search([])
        self.assertTrue(rules)
        campaign = self.make_staff_campaign()
        campaign.action_start()
        invitation = campaign.sudo().invitation_ids[0]
        answer = invitation._start_answer('mail')
        answer._save_lines(self.env.ref('property_service.survey_staff_overall'), '1')
        answer._save_lines(self.env.ref('property_service.survey_staff_change'), "There is a smell of gas, danger!")
        answer._mark_done()
        campaign.action_close()
        for model in ('property.service.complaint', 'property.service.callback'):
            self.assertFalse(self.env[model].search([('origin_campaign_id', '=', campaign.id)]))

    def test_mails(self):
        campaign = self.make_staff_campaign(by_mail=True)
        campaign.action_start()
        self.env['property.service.survey.invitation'].search([('campaign_id', '=', campaign.id)])._send()
        mails = self.env['mail.mail'].search([
            ('model', '=', 'property.service.survey.invitation'), ('res_id', 'in', campaign.sudo().invitation_ids.ids)])
        self.assertEqual(len(mails), len(self.staff))
        self.assertIn("with your work", mails[0].body_html)

    def test_every_year(self):
        campaign = self.make_staff_campaign(is_yearly=True, date_start='2025-11-01', date_end='2025-11-30')
        with self.env.cr.savepoint(), self.mock_today('2026-10-02'):
            self.env['property.service.survey.campaign']._cron_draft_yearly()
        draft = self.env['property.service.survey.campaign'].search([('previous_id', '=', campaign.id)])
        self.assertEqual((draft.kind, draft.state, draft.team_ids), ('staff', 'draft', self.teams))
        self.assertIn(self.users['hr'], draft.activity_ids.user_id)

    def mock_today(self, day):
        from unittest.mock import patch

        from odoo import fields
        return patch.object(type(self.env.company), '_property_today', lambda _self: fields.Date.to_date(day))


@tagged('post_install', '-at_install')
class TestSurveyStaffPortal(SurveyStaffCase, PropertyServicePortalCase):

    def test_answer_through_the_personal_link(self):
        campaign = self.make_staff_campaign()
        campaign.action_start()
        invitation = campaign.sudo().invitation_ids.filtered(lambda i: i.employee_id == self.boss)
        self.boss.user_id.password = 'ps_boss'
        self.authenticate('ps_boss', 'ps_boss')
        self.assertIn(invitation.access_token, self.get('/my/surveys').text)
        self.login('technician')
        self.assertNotIn(invitation.access_token, self.get('/my/surveys').text)
        self.authenticate(None, None)
        path = urlsplit(invitation._get_url()).path
        page = self.get(path).text
        self.assertIn("fa-user-secret", page)
        self.assertNotIn("your home", page)
        started = self.post(path)
        self.assertEqual(self.get(started.headers['Location']).status_code, 200)
        self.boss.active = False
        self.assertIn("o_property_survey_refused", self.get(path).text)
