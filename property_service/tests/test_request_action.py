from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestRequestAction(PropertyServiceTransactionCase):
    """The small dialog that asks what a step needs."""

    def _open(self, requests, step, role='supervisor'):
        action = getattr(requests.with_user(self.users[role]), f'action_{step}')()
        self.assertEqual(action['res_model'], 'property.service.request.action')
        return Form(self.as_role(role, action['res_model']).with_context(**action['context']))

    def test_reasons_are_kept(self):
        for step, state in (('reject', 'registered'), ('cancel', 'approved'), ('return', 'done')):
            request = self.make_request(state)
            form = self._open(request, step)
            form.reason = "For a good reason"
            form.save().action_apply()
            self.assertEqual(request.state_log_ids[-1].reason, "For a good reason")
        self.assertEqual(request.rework_count, 1)

    def test_reason_is_asked_for(self):
        wizard = self.as_role('supervisor', 'property.service.request.action').create(
            {'action': 'reject', 'request_ids': self.make_request().ids})
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_wait(self):
        request = self.make_request('in_progress')
        form = self._open(request, 'wait', 'technician')
        form.waiting_reason_id = self.env.ref('property_service.waiting_reason_material')
        form.waiting_until = '2027-01-15'
        form.reason = "Cartridge ordered"
        form.save().action_apply()
        self.assertEqual((request.state, request.waiting_note), ('waiting', "Cartridge ordered"))
        self.assertEqual(str(request.waiting_until), '2027-01-15')

    def test_done_proposes_the_times(self):
        request = self.make_request('in_progress')
        began = fields.Datetime.now().replace(microsecond=0) - timedelta(hours=3)
        request.work_start = began
        form = self._open(request, 'done', 'technician')
        self.assertEqual(form.start, began)
        self.assertEqual(form.open_steps, "Close the valve\nTest for leaks")
        request.checklist_ids.write({'done': True})
        form = self._open(request, 'done', 'technician')
        self.assertFalse(form.open_steps)
        form.summary = "Seal replaced"
        form.end = began + timedelta(hours=2)
        form.save().action_apply()
        self.assertEqual((request.state, request.work_hours, request.work_summary), ('done', 2.0, "Seal replaced"))

    def test_appointment_has_an_end(self):
        request = self.make_request('approved')
        form = self._open(request, 'confirm', 'agent')
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        form.start = start
        self.assertEqual(form.end, start + timedelta(hours=2), "the planned hours of the type")
        form.save().action_apply()
        self.assertEqual((request.state, request.appointment_end), ('confirmed', start + timedelta(hours=2)))

    def test_merge_one_and_several(self):
        master, first, second = self.make_request('approved'), self.make_request(), self.make_request()
        form = self._open(first, 'merge', 'agent')
        form.master_id = master
        form.save().action_apply()
        self.assertEqual(first.merged_into_id, master)
        form = self._open(master | second, 'merge', 'agent')
        self.assertEqual(form.request_count, 2)
        form.master_id = master
        form.save().action_apply()
        self.assertEqual((master.state, second.merged_into_id), ('approved', master))

    def test_bulk(self):
        requests = self.make_request('approved') | self.make_request('approved')
        form = self._open(requests, 'cancel', 'agent')
        self.assertEqual(form.request_count, 2)
        form.reason = "Estate sold"
        form.save().action_apply()
        self.assertEqual(set(requests.mapped('state')), {'cancelled'})
