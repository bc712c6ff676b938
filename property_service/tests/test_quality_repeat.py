from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase
from .test_quality_corrective import CorrectiveActionCase


@tagged('post_install', '-at_install')
class TestRepeatRule(CorrectiveActionCase, PropertyServiceTransactionCase):

    def find(self):
        return self.Action.search([('pattern_key', '!=', False), ('company_id', '=', self.company.id)], order='id')

    def test_third_complaint_opens_one(self):
        first, second = self.make_complaint(), self.make_complaint()
        self.assertFalse(self.find())
        third = self.env['property.service.complaint'].with_user(self.users['agent']).create({
            'title': "Tap leaks again", 'description': "The third time.", 'category_id': self.category.id, 'unit_id': self.unit.id,
            'partner_id': self.resident.id})
        third.action_register()
        action = self.find()
        self.assertEqual(len(action), 1, "the flat explains what the building and the team show as well")
        self.assertEqual((action.state, action.origin, action.unit_id, action.category_id), ('draft', 'complaint', self.unit, self.category))
        self.assertEqual(action.complaint_ids, first | second | third.sudo())
        self.assertEqual(action.responsible_id, self.leader)
        self.assertEqual(action.activity_ids.user_id, self.users['supervisor'], "the supervisor is told")
        self.assertTrue(self.as_role('agent', third).corrective_action_count)

    def test_further_complaints_are_linked(self):
        complaints = self.env['property.service.complaint'].union(*(self.make_complaint() for _number in range(6)))
        self.assertEqual(len(self.find()), 1)
        self.assertEqual(self.find().complaint_ids, complaints)
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_detect_repeats').method_direct_trigger()
        self.assertEqual(len(self.find()), 1)
        elsewhere = self.make_complaint(unit_id=self.unit2.id, partner_id=self.neighbour.id)
        self.assertEqual(len(self.find()), 1, "one more in the building is no pattern of its own yet")
        self.assertFalse(elsewhere.corrective_action_ids)

    def test_wider_pattern_of_its_own(self):
        """Three flats with one complaint each: the building's problem."""
        for unit in (self.unit, self.unit2, self.lobby):
            self.make_complaint(unit_id=unit.id)
        action = self.find()
        self.assertEqual((len(action), action.unit_id.id, action.building_id), (1, False, self.building))
        self.assertEqual(len(action.complaint_ids), 3)
        again = self.make_complaint(unit_id=self.unit2.id)
        self.assertEqual(self.find(), action)
        self.assertIn(again, action.complaint_ids)

    def test_employee(self):
        estate = self.env['property.service.estate'].create({'name': "E", 'code': 'E2'})
        buildings = self.env['property.service.building'].create([
            {'name': f"B{number}", 'code': f"B{number}", 'estate_id': estate.id} for number in range(3)])
        for building in buildings:
            self.make_complaint(unit_id=False, building_id=building.id, estate_id=estate.id, about_employee_id=self.worker.id)
        action = self.find()
        self.assertEqual((len(action), action.employee_id, action.building_id.id), (1, self.worker, False))
        self.assertNotIn(action, self.as_role('technician', self.Action).search([]))

    def test_other_categories_and_old_ones_do_not_count(self):
        other = self.env['property.service.category'].create({'name': "Noise", 'code': 'noise'})
        self.make_complaint(age=40)
        self.make_complaint(category_id=other.id)
        self.make_complaint()
        self.make_complaint()
        self.assertFalse(self.find())

    def test_new_pattern_after_verification(self):
        for _number in range(3):
            self.make_complaint()
        action = self.find()
        action.write({'cause': 'material', 'measure': False})
        action.action_plan(plan="P", responsible_id=self.worker.id, deadline=fields.Date.today() + timedelta(days=1))
        action.action_start()
        action.action_done(result="R")
        following = self.Action.browse(action.action_ineffective(reason="No")['res_id'])
        self.assertEqual(following.pattern_key, action.pattern_key)
        complaint = self.make_complaint()
        self.assertIn(complaint, following.complaint_ids, "further complaints go to the open round")
        self.assertNotIn(complaint, action.complaint_ids)
        following.action_cancel(reason="Moved")
        for _number in range(2):
            self.make_complaint()
        self.assertEqual(len(self.find()), 2)
        self.make_complaint()
        self.assertEqual(len(self.find()), 3, "three new ones begin anew")

    def test_rule_switched_off(self):
        self.company.property_repeat_count = 0
        for _number in range(4):
            self.make_complaint()
        self.assertFalse(self.find())

    def test_in_the_company_s_language(self):
        """The nightly job runs in English: its action is for people who read Chinese."""
        self.env['res.lang']._activate_lang('zh_CN')
        self.company.partner_id.lang = self.users['supervisor'].lang = 'zh_CN'
        complaints = self.env['property.service.complaint'].union(*(self.make_complaint() for _number in range(3)))
        self.assertIn("重复", self.find().title)
        self.assertIn("天内", complaints[-1].repeat_note)
        self.assertIn("重复", complaints[-1].activity_ids.mapped('summary')[0])
