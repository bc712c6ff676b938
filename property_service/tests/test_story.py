from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase

JOBS = '/odoo/action-property_service.request_technician_action'


@tagged('post_install', '-at_install')
class TestStory(PropertyServiceCase, HttpCase):
    """The whole life of a request, each person in the own browser: resident, agent, supervisor, technician on a phone."""

    def play(self, who, path, tour, phone=False):
        self.browser_size, self.touch_enabled = ('375x667', True) if phone else ('1366x768', False)
        self.start_tour(path, f'property_service_story_{tour}', login=f'ps_{who}')

    def test_story(self):
        self.type_repair.requires_signature = True
        self.play('resident', '/my', 'report', phone=True)
        request = self.env['property.service.request'].search([('partner_id', '=', self.resident.id)])
        self.assertEqual((request.state, request.channel, request.unit_id), ('new', 'portal', self.unit))
        self.assertEqual(request.attachment_ids.name, 'a.png')

        self.play('agent', '/odoo/service-new', 'register')
        self.assertEqual((request.state, request.registered_by_id), ('registered', self.users['agent']))

        self.play('supervisor', f'/odoo/action-{self.env.ref("property_service.request_action_review").id}', 'dispatch')
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))

        self.play('technician', JOBS, 'work', phone=True)
        self.assertEqual((request.state, request.work_summary), ('done', "Washer replaced."))

        self.play('resident', f'/my/services/{request.id}', 'return', phone=True)
        self.assertEqual((request.state, request.rework_count), ('in_progress', 1))

        self.play('technician', JOBS, 'rework', phone=True)
        self.assertEqual((request.state, request.work_summary), ('done', "Whole tap replaced."))

        self.play('resident', f'/my/services/{request.id}', 'accept', phone=True)
        self.assertEqual((request.state, request.signed_by, request.rating_value), ('accepted', "Zhang San", 4))
        self.assertTrue(request.signature)
        self.assertEqual(
            [(line.from_state, line.to_state, line.by_id) for line in request.state_log_ids],
            [(before, after, self.users[who]) for before, after, who in (
                (False, 'new', 'resident'), ('new', 'registered', 'agent'), ('registered', 'approved', 'supervisor'),
                ('approved', 'dispatched', 'supervisor'), ('dispatched', 'in_progress', 'technician'),
                ('in_progress', 'done', 'technician'), ('done', 'in_progress', 'resident'),
                ('in_progress', 'done', 'technician'), ('done', 'accepted', 'resident'))])
