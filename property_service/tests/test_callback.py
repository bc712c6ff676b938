from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase
from .complaint_common import ComplaintCase
from ..tools import sampling


@tagged('post_install', '-at_install')
class TestCallback(ComplaintCase, PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env.ref('property_service.callback_rule_request')
        cls.rule.company_id = cls.company
        cls.rules = cls.env['property.service.callback.rule'].search([])
        cls.rules.processed_until = fields.Datetime.now() - timedelta(hours=1)

    def make_callback(self, **vals):
        request = self.make_request('closed')
        return self.env['property.service.callback'].create({'origin_request_id': request.id, 'origin': 'request', **vals})

    def plan(self):
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_plan_callbacks').method_direct_trigger()
        self.env.invalidate_all()

    def test_drawn_by_rule_and_checkable(self):
        self.type_repair.callback_rate = 50
        requests = self.env['property.service.request']
        for _index in range(20):
            requests |= self.make_request('done')
        for request in requests:
            request._as_system().write({'done_at': fields.Datetime.now() - timedelta(minutes=5)})
        self.plan()
        expected = requests.filtered(lambda r: sampling.is_drawn(self.rule.seed, r.name, 50))
        callbacks = self.env['property.service.callback'].search([('rule_id', '=', self.rule.id)])
        self.assertEqual(callbacks.origin_request_id, expected)
        self.assertEqual(callbacks.worker_id, self.worker if expected else self.env['hr.employee'])
        draw = self.rule.draw_ids[0]
        self.assertEqual((draw.population, draw.drawn), (20, len(expected)))
        self.assertEqual(draw.action_check()['params']['type'], 'success')
        self.plan()
        self.assertEqual(self.env['property.service.callback'].search_count([('rule_id', '=', self.rule.id)]), len(expected))

    def test_low_rating_is_called_back_at_once(self):
        request = self.make_request('done')
        self.as_role('resident', request).action_rate(value=4)
        other = self.make_request('done')
        self.as_role('resident', other).action_rate(value=2, comment="Late")
        callbacks = self.env['property.service.callback'].search([('origin', '=', 'rating')])
        self.assertEqual(callbacks.origin_request_id, other)
        self.assertEqual(callbacks.priority, '1')

    def test_dissatisfied_reopens_the_request(self):
        callback = self.as_role('agent', self.make_callback())
        callback.action_start()
        callback.action_log_attempt(outcome='reached')
        callback.action_done(result='dissatisfied', comment="Drips again", needs="A new tap")
        request = callback.origin_request_id
        self.assertEqual((request.state, request.rework_count), ('in_progress', 1))
        self.assertIn(self.users['supervisor'], request.activity_ids.user_id)
        self.assertEqual((callback.result, callback.needs_state), ('dissatisfied', 'open'))

    def test_dissatisfied_opens_a_complaint(self):
        callback = self.as_role('agent', self.make_callback())
        callback.action_start()
        callback.action_done(result='dissatisfied', comment="Rude", follow_up='complaint')
        complaint = callback.follow_up_complaint_id
        self.assertEqual(complaint.request_id, callback.origin_request_id)
        self.assertEqual(complaint.partner_id, self.resident)
        self.assertEqual(callback.origin_request_id.state, 'closed')

    def test_no_answer_three_times(self):
        callback = self.as_role('agent', self.make_callback())
        for count in (1, 2):
            callback.action_start()
            callback.action_log_attempt(outcome='no_answer')
            self.assertEqual((callback.state, callback.attempt_count), ('planned', count))
            self.assertGreater(callback.planned_at, fields.Datetime.now() + timedelta(hours=3))
        callback.action_start()
        callback.action_log_attempt(outcome='no_answer')
        self.assertEqual((callback.state, len(callback.attempt_ids)), ('unreachable', 3))
        mail = self.env['mail.mail'].sudo().search([('subject', '=', "We tried to call you")])
        self.assertEqual(mail.recipient_ids, self.resident)

    def test_caller_is_not_the_worker(self):
        self.users['technician'].group_ids += self.env.ref('property_service.group_agent')
        callback = self.make_callback()
        self.assertEqual(callback.worker_id, self.worker)
        with self.assertRaises(ValidationError):
            self.as_role('technician', callback).action_start()
        self.assertNotIn(callback, self.env['property.service.callback'].search(
            self.as_role('technician', 'property.service.callback')._get_queue_domain()))

    def test_one_gets_it(self):
        callback = self.make_callback()
        self.as_role('agent', callback).action_start()
        with self.assertRaises(UserError):
            self.as_role('supervisor', callback).action_start()
        self.assertEqual(callback.caller_id, self.users['agent'])

    def test_facts_are_set_by_steps(self):
        callback = self.as_role('agent', self.make_callback())
        for vals in ({'state': 'done'}, {'result': 'satisfied'}, {'attempt_count': 3}):
            with self.assertRaises(UserError):
                callback.write(vals)
        with self.assertRaises(AccessError):
            self.as_role('technician', callback).action_start()

    def test_late(self):
        callback = self.make_callback(deadline=fields.Datetime.now() - timedelta(minutes=1))
        on_time = self.make_callback()
        Callback = self.env['property.service.callback']
        self.assertTrue(callback.is_late)
        self.assertIn(callback, Callback.search([('is_late', '=', True)]))
        self.assertNotIn(on_time, Callback.search([('is_late', '=', True)]))
        callback.action_start()
        callback.action_done(result='satisfied')
        self.assertIn(callback, Callback.search([('is_late', '=', True)]))

    def test_batch_is_set_based(self):
        self.type_repair.callback_rate = 100

        def plan_queries(number):
            requests = self.env['property.service.request']
            for _index in range(number):
                requests |= self.make_request('done')
            self.rule.processed_until = fields.Datetime.now() - timedelta(seconds=630)
            self.env['property.service.callback'].search([('state', '=', 'planned')])
            requests._as_system().write({'done_at': fields.Datetime.now() - timedelta(seconds=600)})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rule._plan_batch(1000)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plan_queries(1)
        few = plan_queries(2)
        many = plan_queries(20)
        self.assertLessEqual(many, few + 2)
        self.assertGreaterEqual(self.env['property.service.callback'].search_count([('rule_id', '=', self.rule.id)]), 23)

    def finish(self, request, minutes=10):
        """Say that the request was done so many minutes ago."""
        request._as_system().write({'done_at': fields.Datetime.now() - timedelta(minutes=minutes)})

    def get_made(self, request):
        return self.env['property.service.callback'].search([('origin_request_id', '=', request.id)], order='id')

    def test_dissatisfied_is_asked_again(self):
        """Whoever was dissatisfied is called when the reopened case is solved, whatever the rate; then it is enough."""
        self.type_repair.callback_rate = 100
        request = self.make_request('done')
        self.finish(request, 30)
        self.plan()
        callback = self.get_made(request)
        self.assertEqual((callback.rule_id, callback.origin_ended_at), (self.rule, request.done_at))
        callback.action_done(result='dissatisfied', comment="Drips again")
        self.assertEqual(request.state, 'in_progress')
        self.type_repair.callback_rate = 0
        request.action_done(summary="New tap")
        self.finish(request, 10)
        self.rules.processed_until = fields.Datetime.now() - timedelta(minutes=20)
        self.plan()
        again = self.get_made(request) - callback
        self.assertEqual((len(again), again.state, again.origin_ended_at), (1, 'planned', request.done_at))
        draw = self.rule.draw_ids[0]
        self.assertEqual(draw.action_check()['params']['type'], 'success', "the draw is repeated, the seed alone would not draw it")
        again.action_done(result='satisfied')
        self.assertEqual(draw.action_check()['params']['type'], 'success')
        self.rules.processed_until = fields.Datetime.now() - timedelta(minutes=20)
        self.plan()
        self.assertEqual(len(self.get_made(request)), 2)

    def test_low_rating_after_a_call(self):
        """A low rating is always called back, also when the resident was called before; a call still to come is enough."""
        request = self.make_request('done')
        self.finish(request)
        self.env['property.service.callback'].create({'origin_request_id': request.id}).action_done(result='neutral')
        self.as_role('resident', request).action_rate(value=1, comment="Still drips")
        rated = self.get_made(request).filtered(lambda c: c.origin == 'rating')
        self.assertEqual((len(rated), rated.state), (1, 'planned'))
        self.env['property.service.callback.rule']._plan_for_ratings(request)
        self.assertEqual(len(self.get_made(request).filtered(lambda c: c.origin == 'rating')), 1)

    def test_what_has_just_ended_waits_for_the_next_run(self):
        """A case whose transaction is not committed yet must not be passed over by the watermark."""
        self.type_repair.callback_rate = 100
        request = self.make_request('done')
        self.plan()
        self.assertFalse(self.get_made(request))
        self.assertLess(self.rule.processed_until, request.done_at)
        self.finish(request, 3)
        self.rules.processed_until = fields.Datetime.now() - timedelta(minutes=20)
        self.plan()
        self.assertEqual(len(self.get_made(request)), 1)

    def test_complaints_are_all_called_back(self):
        complaint = self.make_complaint('answered')
        praise = self.make_complaint('registered', kind='praise')
        praise.reply = "<p>Thank you</p>"
        praise.action_answer()
        for case in (complaint, praise):
            case._as_system().write({'answered_at': fields.Datetime.now() - timedelta(hours=25)})
        rule = self.env.ref('property_service.callback_rule_complaint')
        rule.write({'company_id': self.company.id, 'processed_until': fields.Datetime.now() - timedelta(hours=30)})
        self.plan()
        made = self.env['property.service.callback'].search([('rule_id', '=', rule.id)])
        self.assertEqual((made.origin_complaint_id, made.priority), (complaint, '1'))
