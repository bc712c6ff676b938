from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import PropertyServiceTransactionCase
from .complaint_common import ComplaintCase


@tagged('post_install', '-at_install')
class TestCallbackWorkbench(ComplaintCase, PropertyServiceTransactionCase):
    """The caller's queue, and who may make which call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Callback = cls.env['property.service.callback']
        cls.Callback.search([('state', '=', 'planned')]).action_cancel()

    def make_callback(self, **vals):
        return self.Callback.create({
            'partner_id': self.resident.id, 'unit_id': self.unit.id, 'planned_at': fields.Datetime.now() - timedelta(minutes=5),
            'deadline': fields.Datetime.now() + timedelta(hours=60), **vals})

    def get_next(self, role='agent'):
        return self.as_role(role, self.Callback)._get_next()

    def test_queue_by_due_time(self):
        self.make_callback(deadline=fields.Datetime.now() + timedelta(hours=50))
        soon = self.make_callback(deadline=fields.Datetime.now() + timedelta(hours=20))
        self.make_callback(planned_at=fields.Datetime.now() + timedelta(hours=1), deadline=fields.Datetime.now() + timedelta(hours=2))
        self.assertEqual(self.get_next(), soon)
        urgent = self.make_callback(priority='1')
        self.assertEqual(self.get_next(), urgent)
        self.as_role('agent', soon).action_start()
        self.assertEqual(self.get_next(), soon, "what was begun is finished first")
        self.assertEqual(self.get_next('supervisor'), urgent)

    def test_preferred_hours(self):
        """10:00 in Shanghai: whoever likes to be called in the evening comes last, unless it cannot wait."""
        with freeze_time('2026-03-04 02:00:00'):
            self.resident.resident_call_hours = 'evening'
            self.neighbour.resident_call_hours = 'morning'
            evening = self.make_callback(deadline=fields.Datetime.now() + timedelta(hours=20))
            morning = self.make_callback(partner_id=self.neighbour.id, unit_id=self.unit2.id)
            self.assertEqual(self.get_next(), morning)
            self.assertEqual((evening.good_time, morning.good_time), (False, True))
            self.assertEqual(self.Callback.search([('good_time', '=', True), ('state', '=', 'planned')]), morning)
            self.as_role('agent', morning).action_cancel()
            self.assertEqual(self.get_next(), evening, "better at a bad time than never")
            pressing = self.make_callback(deadline=fields.Datetime.now() + timedelta(hours=2))
            self.make_callback(partner_id=self.neighbour.id, unit_id=self.unit2.id)
            self.assertEqual(self.get_next(), pressing)
        with freeze_time('2026-03-04 12:00:00'):
            self.env.invalidate_all()
            self.assertTrue(evening.good_time, "20:00 in Shanghai")

    def test_result_of_somebody_elses_call(self):
        """The one who has the call records what was said; a supervisor may step in; the worker never."""
        request = self.make_request('done')
        callback = self.Callback.create({'origin_request_id': request.id})
        self.as_role('agent', callback).action_start()
        self.users['technician'].group_ids += self.env.ref('property_service.group_agent')
        for step in ('action_log_attempt', 'action_done', 'action_cancel', 'action_no_answer', 'action_result_satisfied'):
            with self.assertRaises(ValidationError):
                getattr(self.as_role('technician', callback), step)()
        other = self.users['quality']
        other.group_ids += self.env.ref('property_service.group_agent')
        with self.assertRaises(UserError):
            callback.with_user(other).action_done(result='satisfied')
        self.as_role('supervisor', callback).action_done(result='satisfied')
        self.assertEqual((callback.state, callback.result), ('done', 'satisfied'))

    def test_worker_cannot_be_forged(self):
        request = self.make_request('done')
        callback = self.Callback.create({'origin_request_id': request.id})
        agent = self.as_role('agent', callback)
        for vals in ({'worker_id': False}, {'worker_id': self.colleague.id}, {'origin_ended_at': fields.Datetime.now()}):
            with self.assertRaises(UserError):
                agent.write(vals)
        with self.assertRaises(UserError):
            self.as_role('agent', self.Callback).create({'origin_request_id': request.id, 'worker_id': self.colleague.id})

    def test_closed_to_the_employee_complained_about(self):
        """The callback of a complaint names the complainant: whom it is about neither sees nor makes it."""
        self.users['technician'].group_ids += self.env.ref('property_service.group_agent')
        complaint = self.make_complaint('answered', about_employee_id=self.worker.id)
        callback = self.Callback.create({'origin_complaint_id': complaint.id, 'planned_at': fields.Datetime.now() - timedelta(hours=1)})
        own = self.as_role('technician', callback)
        with self.assertRaises(AccessError):
            own.read(['partner_id'])
        self.assertNotIn(callback, own.search([]))
        complaint.disclosed = True
        self.assertIn(callback, own.search([]))
        with self.assertRaises(ValidationError):
            own.action_start()
        self.assertNotIn(callback, own.search(own._get_queue_domain()))
        with self.assertRaises(ValidationError):
            callback.caller_id = self.users['technician']

    def test_nobody_is_warned_of_a_complaint_about_himself(self):
        """The leader complained about gets no to-do: it goes to the estate's manager."""
        self.estate.manager_id = self.env['hr.employee'].create({'name': "Estate", 'user_id': self.users['manager'].id})
        self.company.write({'property_repeat_count': 1, 'property_repeat_days': 30})
        complaint = self.make_complaint('registered', about_employee_id=self.leader.id)
        self.assertTrue(complaint.is_repeat)
        self.assertEqual(complaint.activity_ids.user_id, self.users['manager'])
        self.assertNotIn(self.users['supervisor'], complaint._get_responsible_users()[complaint])
        self.assertNotIn(self.users['supervisor'], self.env['res.users'].union(*complaint._get_clock_people().values()))

    def test_dissatisfied_without_a_leader(self):
        request = self.make_request('closed')
        self.team.leader_id = False
        callback = self.Callback.create({'origin_request_id': request.id})
        self.as_role('agent', callback).action_done(result='dissatisfied', comment="Drips")
        activity = request.activity_ids.filtered(
            lambda a: a.activity_type_id == self.env.ref('property_service.mail_activity_type_dissatisfied'))
        self.assertTrue(activity.user_id.has_group('property_service.group_manager'))

    def test_unreachable_without_an_address(self):
        self.resident.email = False
        callback = self.as_role('agent', self.make_callback())
        for _attempt in range(3):
            callback.action_log_attempt(outcome='no_answer')
        self.assertEqual(callback.state, 'unreachable')
        self.assertEqual(callback.activity_ids.user_id, self.users['agent'])

    def test_needs_are_part_of_the_residents_file(self):
        callback = self.as_role('agent', self.make_callback())
        callback.action_done(result='satisfied', needs="A ramp for the pram")
        self.assertEqual(self.as_role('agent', self.resident).property_need_ids.mapped('needs'), ["A ramp for the pram"])

    def test_needs_become_leads(self):
        callback = self.make_callback()
        agent = self.as_role('agent', callback)
        agent.action_start()
        agent.action_done(result='satisfied', needs="A cleaner once a week\nand a parking space")
        self.assertEqual(callback.needs_state, 'open')
        self.assertIn(callback, self.resident.property_need_ids)
        context = agent.action_need_request()['context']
        self.assertEqual((context['default_partner_id'], context['default_title']), (self.resident.id, "A cleaner once a week"))
        agent.action_need_taken_up()
        self.assertEqual(callback.needs_state, 'taken_up')
        agent.action_need_declined()
        self.assertEqual(callback.needs_state, 'declined')
        with self.assertRaises(AccessError):
            self.as_role('technician', callback).action_need_taken_up()
        with self.assertRaises(UserError):
            self.as_role('agent', self.make_callback()).action_need_taken_up()
