from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestCallbackRule(PropertyServiceTransactionCase):
    """The rules that are shipped are for every company; a company's own ones take their place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env['property.service.callback.rule']
        cls.general = cls.env.ref('property_service.callback_rule_request')
        cls.rating = cls.env.ref('property_service.callback_rule_rating')
        cls.type_repair.callback_rate = 100
        cls.new_company = cls.env['res.company'].create({'name': "Founded Later"})
        estate = cls.env['property.service.estate'].create({'name': "New Place", 'code': 'NP', 'company_id': cls.new_company.id})
        building = cls.env['property.service.building'].create({'name': "1", 'code': '1', 'estate_id': estate.id})
        category = cls.env['property.service.category'].create({'name': "Repair", 'code': 'new', 'company_id': cls.new_company.id})
        cls.new_type = cls.type_repair.copy({
            'code': 'new', 'category_id': category.id, 'company_id': cls.new_company.id, 'team_id': False, 'callback_rate': 100})
        cls.new_unit = cls.env['property.service.unit'].create({'name': "1-101", 'code': '101', 'building_id': building.id})

    def make_done(self, unit=None, minutes=10):
        """Return a request that was done so many minutes ago, in the company of the unit."""
        unit = unit or self.unit
        request = self.env['property.service.request'].create({
            'title': "Tap", 'type_id': (self.type_repair if unit == self.unit else self.new_type).id, 'unit_id': unit.id,
            'partner_id': self.resident.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_service_request SET state = 'done', done_at = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(minutes=minutes), request.id])
        self.env.invalidate_all()
        return request

    def plan(self, rule):
        rule.processed_until = fields.Datetime.now() - timedelta(hours=1)
        rule._plan_batch(100)

    def get_made(self, request):
        return self.env['property.service.callback'].search([('origin_request_id', '=', request.id)])

    def test_a_company_founded_later_has_rules(self):
        shipped = self.Rule.search([('company_id', '=', False)])
        self.assertEqual(set(shipped.mapped('source')), {'request', 'complaint', 'rating', 'unrated'})
        old, new = self.make_done(), self.make_done(self.new_unit)
        self.plan(self.general)
        self.assertEqual(self.get_made(new).company_id, self.new_company)
        self.assertEqual(self.get_made(old).company_id, self.company)
        draws = {draw.company_id: (draw.population, draw.drawn) for draw in self.general.draw_ids}
        self.assertEqual((draws[self.company], draws[self.new_company]), ((1, 1), (1, 1)), "each company's share can be checked")
        for draw in self.general.draw_ids:
            self.assertEqual(draw.action_check()['params']['type'], 'success')

    def test_an_own_rule_takes_the_place(self):
        self.general.processed_until = fields.Datetime.now() - timedelta(minutes=30)
        own = self.Rule.create({'name': "Ours", 'source': 'request', 'rate': 0, 'company_id': self.new_company.id})
        self.assertEqual(own.processed_until, self.general.processed_until, "no case falls between the two")
        request = self.make_done(self.new_unit)
        self.plan(self.general)
        self.plan(own)
        self.assertFalse(self.get_made(request))
        self.assertEqual((own.draw_ids.population, own.draw_ids.drawn), (1, 0))
        self.assertFalse(self.general._is_for(self.new_company))
        self.assertTrue(self.general._is_for(self.company))
        own.active = False
        self.plan(self.general)
        self.assertTrue(self.get_made(request))

    def test_low_rating_of_another_company(self):
        request = self.make_done(self.new_unit)
        request._as_system().rating_value = 1
        self.Rule._plan_for_ratings(request)
        self.assertEqual(self.get_made(request).rule_id, self.rating)

    def test_rule_for_ratings_knows_its_estates(self):
        self.rating.estate_ids = self.new_unit.estate_id
        request = self.make_done()
        request._as_system().rating_value = 1
        self.Rule._plan_for_ratings(request)
        self.assertFalse(self.get_made(request))

    def test_estates_of_another_company(self):
        with self.assertRaises(ValidationError):
            self.Rule.create({
                'name': "Mixed", 'company_id': self.company.id, 'estate_ids': [Command.set(self.new_unit.estate_id.ids)]})

    def test_switched_on_again(self):
        """What ended while the rule was off is not called back after months."""
        self.general.write({'active': False, 'processed_until': fields.Datetime.now() - timedelta(days=90)})
        request = self.make_done(minutes=60 * 24)
        self.general.active = True
        self.general._plan_batch(100)
        self.assertFalse(self.get_made(request))
        self.assertGreater(self.general.processed_until, fields.Datetime.now() - timedelta(hours=1))

    def test_script_in_the_company_s_language(self):
        """The job runs in English; whoever calls reads the script of the house."""
        self.env['res.lang']._activate_lang('zh_CN')
        self.general.with_context(lang='zh_CN').script = "您好"
        plan = self.env['property.service.visit.plan'].create({'name': "Plan", 'script': "How are you?"})
        plan.with_context(lang='zh_CN').script = "近来可好？"
        self.company.partner_id.lang = 'zh_CN'
        request = self.make_done()
        self.plan(self.general)
        self.assertEqual(self.get_made(request).script, "您好")
        visit = self.env['property.service.callback'].create({'partner_id': self.resident.id, 'visit_plan_id': plan.id, 'origin': 'visit'})
        self.assertEqual(visit.script, "近来可好？")

    def test_what_follows_is_in_the_company_s_language(self):
        """A resident answers in English, staff reads Chinese."""
        self.env['res.lang']._activate_lang('zh_CN')
        self.company.partner_id.lang = self.users['supervisor'].lang = 'zh_CN'
        callback = self.env['property.service.callback'].create({'partner_id': self.resident.id, 'unit_id': self.unit.id, 'team_id': self.team.id})
        callback._answer_by_link('dissatisfied', "Still dripping")
        complaint = callback.follow_up_complaint_id
        self.assertIn("回访", complaint.title)
        self.assertIn("回访", complaint.activity_ids.filtered(
            lambda activity: activity.user_id == self.users['supervisor']).mapped('summary')[0])
