from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestRequestMove(PropertyServiceTransactionCase):
    """Cards drawn on the board, and states written by clients, take the steps of the workflow."""

    def test_move_takes_the_step(self):
        request = self.make_request('registered')
        self.as_role('supervisor', request).action_move('state', 'approved')
        self.assertEqual(request.state, 'approved')
        self.as_role('supervisor', request).action_move('employee_id', self.worker.id)
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))
        self.as_role('technician', request).action_move('state', 'in_progress')
        self.assertEqual(request.state, 'in_progress')
        self.assertTrue(request.work_start)

    def test_move_asks_for_what_is_missing(self):
        request = self.make_request('in_progress').with_user(self.users['supervisor'])
        for state in ('waiting', 'done', 'cancelled'):
            action = request.action_move('state', state)
            self.assertEqual(action['type'], 'ir.actions.act_window')
            self.assertEqual(request.state, 'in_progress')
        done = self.make_request('done').with_user(self.users['supervisor'])
        self.assertEqual(done.action_move('state', 'in_progress')['context']['default_action'], 'return')

    def test_refused_moves(self):
        request = self.make_request().with_user(self.users['supervisor'])
        for state in ('in_progress', 'closed', 'nonsense', '', 7, None):
            with self.assertRaises(UserError):
                request.action_move('state', state)
        with self.assertRaises(UserError):
            request.action_move('team_id', self.team.id)
        with self.assertRaises(UserError):
            request.action_move('employee_id', False)
        registered = self.make_request('registered')
        with self.assertRaises(AccessError):
            self.as_role('agent', registered).action_move('state', 'approved')
        rejected = (request | self.make_request('in_progress').with_user(self.users['supervisor']))
        with self.assertRaises(UserError):
            rejected.action_move('state', 'rejected')

    def test_waiting_goes_back_where_it_came_from(self):
        request = self.make_request('in_progress').with_user(self.users['supervisor'])
        request.action_wait(reason_id=self.env.ref('property_service.waiting_reason_material').id)
        with self.assertRaises(UserError):
            request.action_move('state', 'dispatched')
        request.action_move('state', 'in_progress')
        self.assertEqual(request.state, 'in_progress')
        self.assertFalse(request.waiting_reason_id)

    def test_written_state_is_the_step(self):
        request = self.make_request('approved').with_user(self.users['supervisor'])
        with self.assertRaisesRegex(UserError, "Reject"):
            request.write({'state': 'rejected'})
        with self.assertRaises(UserError):
            request.write({'state': 'waiting'})
        request.write({'employee_id': self.worker.id, 'state': 'dispatched'})
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))
        finished = self.make_request('done').with_user(self.users['supervisor'])
        with self.assertRaises(UserError):
            finished.write({'state': 'in_progress'})
        self.assertEqual(finished.rework_count, 0)
