from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase


@tagged('post_install', '-at_install')
class TestTechnicianTour(PropertyServiceCase, HttpCase):
    """A job on a phone: 375 px wide, touched, from the list to the resident's signature."""

    browser_size = '375x667'
    touch_enabled = True

    @mute_logger('odoo.http')  # the tour picks a file that is no photo
    def test_technician_tour(self):
        self.type_repair.write({'requires_photo': True, 'requires_signature': True})
        later = self.make_request('approved', title="Next week")
        later.action_confirm(start=fields.Datetime.now() + timedelta(days=7))
        later.action_dispatch(employee_id=self.worker.id)
        request = self.make_request('dispatched')
        self.start_tour(
            '/odoo/action-property_service.request_technician_action', 'property_service_technician', login='ps_technician')
        self.assertEqual(request.state, 'accepted')
        self.assertEqual((request.work_summary, request.materials_used), ("Washer replaced", "1 washer"))
        self.assertEqual(request.photo_before_ids.name, 'before.png')
        self.assertEqual(request.photo_after_ids.name, 'after.png')
        self.assertEqual(set(request.checklist_ids.mapped('done')), {True})
        self.assertEqual(request.checklist_ids.done_by_id, self.users['technician'])
        self.assertEqual(request.signed_by, "Zhang San")
        self.assertTrue(request.signature)
