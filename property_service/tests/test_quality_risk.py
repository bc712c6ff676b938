from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common import PropertyServiceTransactionCase
from ..tools import risk as scale

RISK = 'property.service.risk'
DRILL = 'property.service.risk.drill'


class RiskCase(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.company._property_today()

    def make_risk(self, **vals):
        return self.env[RISK].create({
            'name': "Caught in a lift", 'kind': 'equipment', 'owner_id': self.leader.id, 'estate_id': self.estate.id,
            'likelihood': '4', 'impact': '4', **vals})

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_risks').method_direct_trigger()
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestRisk(RiskCase):
    """How great risks are, and the matrix."""

    def test_scale(self):
        levels = [[scale.get_level(likelihood * impact) for impact in range(1, 6)] for likelihood in range(1, 6)]
        self.assertEqual(levels, [
            ['low', 'low', 'low', 'low', 'medium'],
            ['low', 'low', 'medium', 'medium', 'high'],
            ['low', 'medium', 'medium', 'high', 'extreme'],
            ['low', 'medium', 'high', 'extreme', 'extreme'],
            ['medium', 'high', 'extreme', 'extreme', 'extreme']])
        self.assertIsNone(scale.get_level(scale.get_score('3', False)))

    def test_scores(self):
        risk = self.make_risk()
        self.assertEqual((risk.score, risk.level, risk.residual_score, risk.current_level), (16, 'extreme', 0, 'extreme'))
        risk.write({'residual_likelihood': '2', 'residual_impact': '4'})
        self.assertEqual((risk.residual_score, risk.residual_level, risk.current_score), (8, 'medium', 8))
        with self.assertRaisesRegex(ValidationError, "Say both"):
            risk.residual_impact = False
        with self.assertRaisesRegex(ValidationError, "greater"):
            risk.write({'residual_likelihood': '5', 'residual_impact': '5'})

    def test_form_and_place(self):
        with Form(self.as_role('supervisor', RISK)) as form:
            form.name = "Ice on the stairs"
            form.kind = 'environment'
            form.estate_id = self.estate
        self.assertEqual(form.record.company_id, self.company)

    def test_matrix(self):
        self.env[RISK].search([]).action_archive()
        self.make_risk(residual_likelihood='2', residual_impact='4')
        self.make_risk(name="Ice", kind='environment', estate_id=False, likelihood='1', impact='2')
        data = self.as_role('technician', RISK).get_matrix()
        found = {risk['name']: risk for risk in data['risks']}
        self.assertEqual(
            (found["Caught in a lift"]['before'], found["Caught in a lift"]['after']),
            ({'likelihood': 4, 'impact': 4, 'score': 16, 'level': 'extreme'}, {'likelihood': 2, 'impact': 4, 'score': 8, 'level': 'medium'}))
        self.assertEqual(found["Ice"]['before'], found["Ice"]['after'])
        self.assertFalse(found["Ice"]['estate'])
        self.assertEqual(len(data['likelihoods']), 5)
        for role in ('hr', 'resident'):
            with self.assertRaises(AccessError):
                self.as_role(role, RISK).get_matrix()

    def test_corrective_action(self):
        risk = self.make_risk()
        action = self.env['property.service.corrective.action'].browse(self.as_role('quality', risk).action_new_corrective()['res_id'])
        self.assertEqual(
            (action.origin, action.origin_risk_id, action.responsible_id, action.estate_id, action.priority),
            ('risk', risk, self.leader, self.estate, '1'))
        self.assertEqual(risk.corrective_count, 1)
        self.assertEqual(self.env[action._name].search(risk.action_open_correctives()['domain']), action)
        with self.assertRaises(AccessError):
            self.as_role('technician', risk).action_new_corrective()

    def test_review(self):
        risk = self.make_risk(review_date=self.today + timedelta(days=5))
        self.run_cron()
        self.run_cron()
        self.assertEqual(risk.activity_ids.user_id, self.users['supervisor'])
        self.assertEqual(len(risk.activity_ids), 1)
        risk.action_review()
        self.assertFalse(risk.activity_ids)
        self.assertEqual(risk.review_date, fields.Date.add(self.today, months=6))
        with freeze_time(risk.review_date + timedelta(days=1)):
            self.env.invalidate_all()
            self.assertIn(risk, risk.search([('is_review_due', '=', True)]))


@tagged('post_install', '-at_install')
class TestRiskDrills(RiskCase):
    """Drills: planned ahead, held, kept."""

    def test_states(self):
        risk = self.make_risk()
        drills = self.env[DRILL].create([
            {'risk_id': risk.id, 'date': self.today + timedelta(days=days)} for days in (-3, 3)])
        self.assertEqual(drills.mapped('state'), ['late', 'planned'])
        for drill in drills:
            self.assertEqual(self.env[DRILL].search([('risk_id', '=', risk.id), ('state', '=', drill.state)]), drill)
        self.assertEqual(risk.next_drill_date, self.today - timedelta(days=3))
        drills[0].write({'date_done': self.today, 'outcome': 'weak', 'result': "The alarm was not heard."})
        self.assertEqual((drills[0].state, risk.last_drill_date), ('done', self.today))

    def test_nobody_has_held_a_drill_of_tomorrow(self):
        with self.assertRaisesRegex(ValidationError, "cannot have been held yet"):
            self.env[DRILL].create({
                'risk_id': self.make_risk().id, 'date': self.today, 'date_done': self.today + timedelta(days=1), 'outcome': 'passed'})

    def test_held_stands_and_the_next_is_planned(self):
        risk = self.make_risk(drill_months=6)
        drill = self.env[DRILL].create({'risk_id': risk.id, 'date': self.today, 'leader_id': self.leader.id, 'scenario': "Night"})
        drill.write({'date_done': self.today, 'outcome': 'passed'})
        following = risk.drill_ids - drill
        self.assertEqual(
            (following.date, following.leader_id, following.scenario, following.state),
            (fields.Date.add(self.today, months=6), self.leader, "Night", 'planned'))
        for vals in ({'outcome': 'failed'}, {'date_done': False, 'outcome': False}, {'date': self.today}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.as_role('quality', drill).write(vals)
        drill.result = "Twelve minutes."
        with self.assertRaises(UserError):
            drill.unlink()
        with mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation):
            following.date_done = self.today
            self.env.flush_all()

    def test_corrective_action(self):
        drill = self.env[DRILL].create({
            'risk_id': self.make_risk().id, 'date': self.today, 'date_done': self.today, 'outcome': 'failed', 'result': "No key."})
        action = self.env['property.service.corrective.action'].browse(drill.action_new_corrective()['res_id'])
        self.assertEqual((action.origin_risk_id, action.description, action.responsible_id), (drill.risk_id, "No key.", self.leader))

    def test_photos_of_a_new_form_are_readable(self):
        photo = self.env['ir.attachment'].with_user(self.users['quality']).create({
            'name': "drill.jpg", 'raw': b'JPEG', 'res_model': DRILL, 'res_id': 0})
        drill = self.as_role('quality', DRILL).create({
            'risk_id': self.make_risk().id, 'date': self.today, 'attachment_ids': [Command.link(photo.id)]})
        self.env.invalidate_all()
        self.assertEqual((photo.res_id, self.as_role('technician', photo).raw), (drill.id, b'JPEG'))

    def test_reminded_once(self):
        risk = self.make_risk(review_date=False)
        self.env[DRILL].create({'risk_id': risk.id, 'date': self.today + timedelta(days=10), 'leader_id': self.worker.id})
        self.env[DRILL].create({'risk_id': risk.id, 'date': self.today + timedelta(days=100)})
        self.run_cron()
        self.run_cron()
        self.assertEqual(risk.activity_ids.user_id, self.users['technician'])
        self.assertEqual(len(risk.activity_ids), 1)

    def test_a_drill_moved_or_held_is_not_reminded_of_any_more(self):
        risk = self.make_risk(review_date=False)
        drill = self.env[DRILL].create({'risk_id': risk.id, 'date': self.today + timedelta(days=10), 'leader_id': self.worker.id})
        self.run_cron()
        drill.date = self.today + timedelta(days=12)
        self.assertFalse(risk.activity_ids)
        self.run_cron()
        self.assertEqual(risk.activity_ids.date_deadline, drill.date)
        drill.leader_id = self.leader
        self.run_cron()
        self.assertEqual(risk.activity_ids.user_id, self.users['supervisor'])
        self.as_role('quality', drill).write({'date_done': self.today, 'outcome': 'passed'})
        self.assertFalse(risk.activity_ids)
        self.run_cron()
        self.assertFalse(risk.activity_ids, "it was held")


@tagged('post_install', '-at_install')
class TestRiskWarning(RiskCase):
    """Early warning: what happens more often than it should."""

    def make_watched(self, **vals):
        return self.make_risk(category_id=self.category.id, warning_count=3, warning_days=30, review_date=False, **vals)

    def make_complaint(self):
        return self.env['property.service.complaint'].create({
            'title': "Stuck", 'description': "Again", 'category_id': self.category.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})

    def test_counts_cases_of_the_place(self):
        risk, elsewhere = self.make_watched(), self.make_watched(
            estate_id=self.env['property.service.estate'].create({'name': "Other", 'code': 'OT'}).id)
        self.make_request()
        self.make_request('approved').action_cancel(reason="Mistake")
        self.make_complaint()
        self.env.invalidate_all()
        self.assertEqual((risk.recent_count, risk.is_warning, elsewhere.recent_count), (2, False, 0))
        self.make_complaint()
        self.env.invalidate_all()
        self.assertEqual((risk.recent_count, risk.is_warning), (3, True))
        self.assertEqual(self.env[RISK].search([('is_warning', '=', True), ('id', 'in', (risk | elsewhere).ids)]), risk)
        found = self.env['property.service.complaint'].search(risk.action_open_recent()['domain'])
        self.assertEqual(len(found), 2)

    def test_owner_is_warned_once(self):
        risk = self.make_watched()
        self.run_cron()
        self.assertFalse(risk.activity_ids)
        for _index in range(3):
            self.make_complaint()
        self.run_cron()
        self.run_cron()
        self.assertEqual(risk.activity_ids.user_id, self.users['supervisor'])
        self.assertEqual(len(risk.activity_ids), 1)
        self.assertIn("3", risk.activity_ids.summary)

    def test_one_query_for_any_number(self):
        risks = self.env[RISK].create([{
            'name': f"R{index}", 'category_id': self.category.id, 'warning_count': 1, 'estate_id': self.estate.id} for index in range(10)])
        self.env.flush_all()
        risks.mapped('warning_count')
        risks.invalidate_recordset(['recent_count', 'is_warning'])
        with self.assertQueryCount(1):
            risks.mapped('recent_count')
