from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase


@tagged('post_install', '-at_install')
class TestDispatchTour(PropertyServiceCase, HttpCase):
    """A supervisor at the desk: slots, ranked proposal with reasons, bulk dispatch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        trades = cls.env['hr.skill.type'].create({
            'name': "Trades", 'skill_ids': [Command.create({'name': "Plumbing"})],
            'skill_level_ids': [Command.create({'name': "Skilled", 'level_progress': 60, 'default_level': True})]})
        cls.env['hr.employee.skill'].create({
            'employee_id': cls.worker.id, 'skill_id': trades.skill_ids.id, 'skill_level_id': trades.skill_level_ids.id,
            'skill_type_id': trades.id, 'valid_from': '2020-01-01'})
        cls.type_repair.skill_ids = [Command.create({'skill_id': trades.skill_ids.id})]
        # At work whatever the time at which the tests run.
        (cls.worker | cls.colleague).resource_calendar_id = False

    def test_dispatch_tour(self):
        request = self.make_request('approved')
        self.start_tour(f'/odoo/service-requests/{request.id}', 'property_service_dispatch', login='ps_supervisor')
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))
        self.assertTrue(request.appointment_start)
        self.assertIn('confirmed', request.state_log_ids.mapped('to_state'))

    def test_bulk_tour(self):
        requests = self.make_request('approved') | self.make_request('approved')
        self.start_tour('/odoo/service-requests', 'property_service_dispatch_bulk', login='ps_supervisor')
        self.assertEqual(set(requests.mapped('state')), {'dispatched'})
        self.assertEqual(requests.employee_id, self.worker)
