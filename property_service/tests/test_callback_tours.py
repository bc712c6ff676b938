from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase

QUEUE = '/odoo/callbacks'
JOBS = '/odoo/action-property_service.request_technician_action'


class CallbackTours:
    """A closed repair is drawn by the rule; dissatisfied, it reopens; solved, the resident is asked again and satisfied."""

    allow_inherited_tests_method = True
    device = 'desk'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['property.service.callback'].search([('state', '=', 'planned')]).action_cancel()
        cls.rule = cls.env.ref('property_service.callback_rule_request')
        cls.rule.company_id = cls.company
        cls.type_repair.callback_rate = 100
        # the second call of the queue: later due
        cls.env['property.service.callback'].create({
            'partner_id': cls.neighbour.id, 'unit_id': cls.unit2.id, 'planned_at': fields.Datetime.now() - timedelta(minutes=1),
            'deadline': fields.Datetime.now() + timedelta(days=5)})

    def play(self, who, path, tour):
        phone = self.device == 'phone' or who == 'technician'
        self.browser_size, self.touch_enabled = ('375x667', True) if phone else ('1366x768', False)
        self.start_tour(path, f'property_service_callback_{tour}', login=f'ps_{who}')

    def draw(self, request, minutes):
        """Let the nightly run consider the request, which ended so many minutes ago; return the callback it made."""
        request._as_system().write({'done_at': fields.Datetime.now() - timedelta(minutes=minutes)})
        self.rule.processed_until = fields.Datetime.now() - timedelta(minutes=minutes + 5)
        before = request.callback_ids
        while self.rule._plan_batch(1000):
            self.assertTrue(self.rule.draw_ids)
        self.env.invalidate_all()
        callback = request.callback_ids - before
        self.assertEqual((callback.rule_id, callback.state), (self.rule, 'planned'))
        return callback

    def test_dissatisfied_then_satisfied(self):
        request = self.make_request('closed')
        callback = self.draw(request, 30)
        self.play('agent', QUEUE, f'dissatisfied_{self.device}')
        self.assertEqual((callback.result, callback.comment, callback.caller_id), ('dissatisfied', "It still drips.", self.users['agent']))
        self.assertEqual((request.state, request.rework_count), ('in_progress', 1))
        self.assertIn(self.users['supervisor'], request.activity_ids.user_id, "the supervisor is told")
        self.play('technician', JOBS, 'rework')
        self.assertEqual((request.state, request.work_summary), ('done', "Whole tap replaced."))
        self.type_repair.callback_rate = 0  # it is asked again because the resident was dissatisfied, not by lot
        again = self.draw(request, 10)
        self.play('agent', QUEUE, f'satisfied_{self.device}')
        self.assertEqual((again.result, again.comment), ('satisfied', "All is well now."))
        self.assertEqual(request.state, 'done')


@tagged('post_install', '-at_install')
class TestCallbackTours(CallbackTours, PropertyServiceCase, HttpCase):
    """In English, the caller at a desk with a keyboard."""


@tagged('post_install', '-at_install')
class TestCallbackToursPhone(CallbackTours, PropertyServiceCase, HttpCase):
    """In Chinese, everybody on a phone 375 pixels wide."""

    device = 'phone'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        for role in ('agent', 'technician'):
            cls.users[role].lang = 'zh_CN'
