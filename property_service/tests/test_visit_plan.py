from datetime import timedelta

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
        today = self.env['property.service.residency']._get_today()
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
