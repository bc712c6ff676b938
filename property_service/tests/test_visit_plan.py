from datetime import date, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestVisitPlan(PropertyServiceTransactionCase):

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f'property_service.{name}').method_direct_trigger()
        self.env.invalidate_all()

    def get_visited(self, plan):
        return self.env['property.service.callback'].search([('visit_plan_id', '=', plan.id)]).partner_id

    def test_calls_who_was_not_heard_for_long(self):
        plan = self.env['property.service.visit.plan'].create({
            'name': "Half a year", 'estate_ids': [(6, 0, self.estate.ids)], 'daily_number': 5, 'script': "How are you?"})
        self.make_request()
        self.run_cron('cron_plan_visits')
        self.assertEqual(self.get_visited(plan), self.neighbour, "The resident has just been heard, the former one has left")
        callback = self.env['property.service.callback'].search([('visit_plan_id', '=', plan.id)])
        self.assertEqual((callback.origin, callback.unit_id, callback.script), ('visit', self.unit2, "How are you?"))
        self.run_cron('cron_plan_visits')
        self.assertEqual(len(self.env['property.service.callback'].search([('visit_plan_id', '=', plan.id)])), 1)

    def test_a_few_each_day(self):
        plan = self.env['property.service.visit.plan'].create({
            'name': "One a day", 'estate_ids': [(6, 0, self.estate.ids)], 'daily_number': 1})
        self.run_cron('cron_plan_visits')
        self.assertEqual(self.get_visited(plan), self.resident, "The primary contact comes first")
        self.run_cron('cron_plan_visits')
        self.assertEqual(self.get_visited(plan), self.resident | self.neighbour)

    def test_greetings_with_consent_once(self):
        today = self.env.company._property_today()
        template = self.env['mail.template'].create({
            'name': "Festival", 'subject': "A happy festival", 'model_id': self.env['ir.model']._get_id('res.partner'),
            'body_html': "<p>All the best</p>", 'partner_to': '{{ object.id }}'})
        self.resident.write({'resident_consent': True, 'resident_birthday': today.strftime('%m-%d')})
        self.former.write({'resident_consent': True, 'resident_birthday': today.strftime('%m-%d')})
        Greeting = self.env['property.service.greeting']
        festival = Greeting.create({'name': "Festival", 'date': today, 'template_id': template.id})
        birthday = Greeting.create({'name': "Birthday", 'kind': 'birthday', 'template_id': template.id})
        Greeting.create({'name': "Not today", 'date': today + timedelta(days=1), 'template_id': template.id})
        self.run_cron('cron_send_greetings')
        self.run_cron('cron_send_greetings')
        mails = self.env['mail.mail'].search([('subject', '=', "A happy festival")])
        self.assertEqual(mails.recipient_ids, self.resident, "The neighbour gave no consent, the former resident has left")
        self.assertEqual(len(mails), 2)
        self.assertEqual((festival.last_count, birthday.last_count, festival.last_sent_on), (1, 1, today))

    def test_birthdays(self):
        self.resident.resident_consent = True
        for wrong in ('13-01', '2-3', '02-30', 'abcde'):
            with self.assertRaises(ValidationError, msg=wrong):
                self.resident.resident_birthday = wrong
        with self.assertRaises(ValidationError):
            self.neighbour.resident_birthday = '08-15'
        self.resident.resident_birthday = '02-29'
        greeting = self.env['property.service.greeting'].create({
            'name': "Birthday", 'kind': 'birthday', 'template_id': self.env.ref('property_service.mail_template_greeting_birthday').id})
        self.assertEqual(greeting.reach_count, 1)
        for day, greeted in ((date(2027, 2, 28), True), (date(2028, 2, 28), False), (date(2028, 2, 29), True)):
            self.assertEqual(bool(greeting._get_partners(day)), greeted, day)
        self.resident.resident_consent = False
        self.assertFalse(self.resident.resident_birthday, "what was kept on the consent goes with it")

    def test_shipped_templates(self):
        """A festival's name stands in its mail, in the resident's language."""
        self.env['res.lang']._activate_lang('zh_CN')
        self.resident.write({'resident_consent': True, 'lang': 'zh_CN'})
        greeting = self.env['property.service.greeting'].create({
            'name': "Spring Festival", 'date': self.env.company._property_today(),
            'template_id': self.env.ref('property_service.mail_template_greeting_festival').id})
        greeting.with_context(lang='zh_CN').name = "春节"
        self.run_cron('cron_send_greetings')
        mail = self.env['mail.mail'].search([('recipient_ids', 'in', self.resident.ids)], order='id desc', limit=1)
        self.assertIn("春节", mail.subject)
        self.assertIn("春节", mail.body_html)
