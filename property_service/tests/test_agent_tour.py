from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase


@tagged('post_install', '-at_install')
class TestAgentTour(PropertyServiceCase, HttpCase):
    """Agents and supervisors at work in the browser."""

    def test_intake(self):
        self.start_tour('/odoo/service-intake', 'property_service_agent_intake', login='ps_agent')
        leak = self.env['property.service.request'].search([('type_id', '=', self.type_repair.id)])
        self.assertEqual((leak.state, leak.partner_id, leak.unit_id), ('registered', self.resident, self.unit))
        self.assertEqual((leak.channel, leak.registered_by_id), ('phone', self.users['agent']))
        self.assertEqual(leak.attachment_ids.res_id, leak.id)
        answered = self.env['property.service.request'].search([('type_id', '=', self.type_enquiry.id)])
        self.assertEqual((answered.state, answered.partner_id), ('done', self.neighbour))

    def test_join(self):
        master = self.make_request('approved', unit_id=self.lobby.id, title="Lift stuck")
        self.start_tour('/odoo/service-requests', 'property_service_agent_join', login='ps_agent')
        self.assertEqual(master.merged_ids.partner_id, self.neighbour)

    def test_review_and_dispatch(self):
        self.worker.property_team_ids = [(4, self.team.id)]
        request = self.make_request('registered')
        action = self.env.ref('property_service.request_action_review')
        self.start_tour(f'/odoo/action-{action.id}', 'property_service_supervisor_review', login='ps_supervisor')
        self.assertEqual(request.state, 'dispatched')
        self.assertTrue(request.employee_id)

    def test_board(self):
        for state in ('approved', 'in_progress'):
            self.make_request(state, title="Other")
        waiting = self.make_request('in_progress', title="Other")
        waiting.action_wait(reason_id=self.env.ref('property_service.waiting_reason_material').id)
        request = self.make_request('registered')
        with mute_logger('odoo.http'):  # the tour tries a step that is refused
            self.start_tour('/odoo/service-requests?view_type=kanban', 'property_service_supervisor_board', login='ps_supervisor')
        self.assertEqual((request.state, request.waiting_from_state), ('waiting', 'approved'))
