from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase
from ..models.cases import request_states


@tagged('post_install', '-at_install')
class TestRequestWorkflow(PropertyServiceTransactionCase):

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_accept_and_close').method_direct_trigger()
        self.env.invalidate_all()

    def test_whole_story(self):
        request = self.make_request('closed')
        self.assertEqual(
            request.state_log_ids.mapped('to_state'),
            ['new', 'registered', 'approved', 'dispatched', 'in_progress', 'done', 'accepted', 'closed'])
        self.assertRegex(request.name, r'^SR/\d{4}/\d{5}$')
        self.assertTrue(request.done_at and request.closed_at and request.responded_at)
        self.assertEqual(request.team_id, self.team)
        self.assertEqual(request.estate_id, self.estate)
        self.assertEqual(request.contact_phone, "138 0013 8000")

    def test_roles_take_their_steps(self):
        request = self.as_role('agent', 'property.service.request').create({
            'title': "Tap", 'type_id': self.type_repair.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        self.assertEqual(request.user_id, self.users['agent'])
        with self.assertRaises(AccessError):
            self.as_role('technician', request).action_register()
        request.action_register()
        with self.assertRaises(AccessError):
            request.action_approve()
        self.as_role('supervisor', request).action_approve(priority='1')
        with self.assertRaises(AccessError):
            request.action_dispatch(employee_id=self.worker.id)
        self.as_role('supervisor', request).action_dispatch(employee_id=self.worker.id)
        job = self.as_role('technician', request)
        job.action_start()
        with self.assertRaises(UserError):
            job.action_done(summary="Done")
        job.checklist_ids.write({'done': True})
        self.assertEqual(job.checklist_ids.done_by_id, self.users['technician'])
        job.action_done(summary="Done", materials="1 washer")
        self.as_role('resident', request).action_return(reason="Still leaks")
        self.assertEqual((request.state, request.rework_count), ('in_progress', 1))
        job.action_done(summary="Done again")
        self.as_role('resident', request).action_accept(signed_by="Zhang San")
        self.assertEqual(request.state, 'accepted')
        self.assertEqual(request.state_log_ids[-1].by_id, self.users['resident'])

    def test_review_is_passed_over(self):
        request = self.make_request(type_id=self.type_simple.id)
        request.action_register()
        self.assertEqual(request.state, 'approved')

    def test_enquiry_is_answered_at_once(self):
        request = self.make_request('registered', type_id=self.type_enquiry.id)
        self.as_role('agent', request).action_done(summary="Parcels until 20:00.")
        self.assertEqual(request.state, 'done')
        service = self.make_request('registered', type_id=self.type_simple.id)
        with self.assertRaises(UserError):
            service.action_done(summary="Nothing was done")

    def test_wait_and_resume(self):
        request = self.make_request('in_progress')
        request.action_wait(reason_id=self.env.ref('property_service.waiting_reason_resident').id, note="Not at home")
        self.assertEqual(request.state, 'waiting')
        self.assertTrue(request.state_log_ids[-1].paused)
        request.action_resume()
        self.assertEqual(request.state, 'in_progress')
        self.assertFalse(request.waiting_reason_id)

    def test_every_transition_of_the_table_and_no_other(self):
        for state, _label in request_states.STATES:
            self.assertIn(state, request_states.TRANSITIONS)
            self.assertLessEqual(request_states.TRANSITIONS[state], set(request_states.TRANSITIONS))
        request = self.make_request()
        with self.assertRaises(UserError):
            request.write({'state': 'closed'})
        self.assertEqual(request.state, 'new')

    def test_facts_cannot_be_forged(self):
        request = self.make_request()
        for vals in ({'name': 'SR/1'}, {'rework_count': 3}, {'done_at': '2020-01-01'}, {'responded_at': '2020-01-01'}):
            with self.assertRaises(UserError):
                self.as_role('manager', request).write(vals)
            with self.assertRaises(UserError):
                self.as_role('manager', 'property.service.request').create({'title': "x", **vals})
        with self.assertRaises(AccessError):
            self.as_role('agent', request).write({'employee_id': self.worker.id})

    def test_log_is_append_only(self):
        log = self.make_request('approved').state_log_ids
        for role in ('manager', 'supervisor'):
            with self.assertRaises(UserError):
                self.as_role(role, log).write({'reason': 'changed'})
            with self.assertRaises(UserError):
                self.as_role(role, log).unlink()
        with self.assertRaises(UserError):
            log.sudo().write({'reason': 'changed'})

    def test_merge(self):
        master, duplicate = self.make_request('approved'), self.make_request()
        duplicate.action_merge(master_id=master.id)
        self.assertEqual((duplicate.state, duplicate.merged_into_id), ('cancelled', master))
        self.assertEqual(duplicate.portal_state, 'approved')
        with self.assertRaises(UserError):
            master.action_merge(master_id=master.id)

    def test_registered_is_not_deleted(self):
        request = self.make_request('registered')
        with self.assertRaises(UserError):
            self.as_role('agent', request).unlink()
        self.make_request().unlink()

    def test_accept_and_close_by_cron(self):
        request = self.make_request('done')
        self._run_cron()
        self.assertEqual(request.state, 'done')
        request._as_system().write({'done_at': fields.Datetime.now() - timedelta(days=8)})
        self._run_cron()
        self.assertEqual(request.state, 'accepted')
        request._as_system().write({'done_at': fields.Datetime.now() - timedelta(days=11)})
        self._run_cron()
        self.assertEqual(request.state, 'closed')

    def test_priority_of_the_type(self):
        self.type_repair.default_priority = '2'
        self.assertEqual(self.make_request().priority, '2')
        self.assertEqual(self.make_request(priority='1').priority, '1')
        self.assertEqual(self.make_request(type_id=self.type_simple.id).priority, '0')
