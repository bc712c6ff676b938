from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase

MODEL = 'property.service.request'
ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='


@tagged('post_install', '-at_install')
class TestJson2(PropertyServiceCase, HttpCase):
    """The life of a request as an app of one's own would drive it: docs/api.md shows these calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        cls.keys = {
            role: cls.env['res.users.apikeys'].with_user(user).sudo()._generate('rpc', 'app', tomorrow)
            for role, user in cls.users.items() if role in ('resident', 'neighbour', 'agent', 'supervisor', 'technician')
        }

    def _call(self, role, method, model=MODEL, **body):
        """Return (status, answer) of ``POST /json/2/<model>/<method>``."""
        with mute_logger('odoo.http'):
            response = self.url_open(
                f'/json/2/{model}/{method}', json=body, headers={'Authorization': f'Bearer {self.keys[role]}'})
        self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
        return response.status_code, response.json()

    def _ok(self, role, method, **body):
        status, answer = self._call(role, method, **body)
        self.assertEqual(status, 200, answer)
        return answer

    def _refused(self, expected_status, role, method, **body):
        status, answer = self._call(role, method, **body)
        self.assertEqual(status, expected_status, answer)
        self.assertTrue(answer['message'])
        return answer['message']

    def _state(self, request_id):
        return self._ok('resident', 'read', ids=[request_id], fields=['state'])[0]['state']

    def test_whole_story(self):
        units = self._ok('resident', 'search_read', model='property.service.unit', domain=[], fields=['display_name'])
        self.assertEqual([unit['id'] for unit in units], self.unit.ids)
        types = self._ok(
            'resident', 'search_read', model='property.service.type', domain=[['code', '=', 'leak']], fields=['name'])
        [request_id] = self._ok('resident', 'create', vals_list=[{
            'title': "Kitchen tap leaks", 'description': "Since this morning.", 'unit_id': units[0]['id'],
            'type_id': types[0]['id'], 'channel': 'app'}])
        self._ok('resident', 'action_add_photos', ids=[request_id], photos=[{'name': 'leak.png', 'data': ONE_PIXEL}])
        [seen] = self._ok('resident', 'read', ids=[request_id], fields=['name', 'state', 'partner_id', 'channel'])
        self.assertEqual((seen['state'], seen['partner_id'][0], seen['channel']), ('new', self.resident.id, 'app'))

        self._ok('agent', 'action_register', ids=[request_id])
        self._refused(403, 'agent', 'action_approve', ids=[request_id])
        self._ok('supervisor', 'action_approve', ids=[request_id], priority='1')
        start = fields.Datetime.now() + timedelta(days=2)
        self._ok('agent', 'action_confirm', ids=[request_id], start=start.isoformat() + 'Z',
                 end=(start + timedelta(hours=2)).isoformat() + 'Z')
        proposal = self._ok('supervisor', 'get_dispatch_proposal', ids=[request_id])
        self.assertIn(self.worker.id, [line['employee_id'] for line in proposal])
        self._ok('supervisor', 'action_dispatch', ids=[request_id], employee_id=self.worker.id)

        jobs = self._ok('technician', 'search_read', domain=[['state', '=', 'dispatched']], fields=['title', 'unit_id'])
        self.assertEqual([job['id'] for job in jobs], [request_id])
        self._ok('technician', 'action_start', ids=[request_id])
        reason = self.env.ref('property_service.waiting_reason_material')
        self._ok('technician', 'action_wait', ids=[request_id], reason_id=reason.id, note="Washer ordered", until='2030-01-01')
        self._ok('technician', 'action_resume', ids=[request_id])
        self.assertIn("checklist", self._refused(422, 'technician', 'action_done', ids=[request_id], summary="Washer replaced."))
        steps = self._ok(
            'technician', 'search', model='property.service.request.checklist', domain=[['request_id', '=', request_id]])
        self._ok('technician', 'write', model='property.service.request.checklist', ids=steps, vals={'done': True})
        self._ok('technician', 'action_done', ids=[request_id], summary="Washer replaced.", materials="1 washer")

        self._ok('resident', 'action_return', ids=[request_id], reason="Still drips")
        self._ok('resident', 'action_chase', ids=[request_id], message="Please come soon")
        self._ok('technician', 'action_done', ids=[request_id], summary="Tap replaced.")
        self._ok('resident', 'action_accept', ids=[request_id], signature=ONE_PIXEL, signed_by="Zhang San")
        self._ok('resident', 'action_rate', ids=[request_id], value=5, reason='quality', comment="Quick")
        self._ok('agent', 'action_close', ids=[request_id])
        [seen] = self._ok('resident', 'read', ids=[request_id], fields=['state', 'rework_count', 'rating_value', 'portal_work_summary'])
        self.assertEqual((seen['state'], seen['rework_count'], seen['rating_value'], seen['portal_work_summary']),
                         ('closed', 1, 5, "Tap replaced."))
        request = self.env[MODEL].browse(request_id)
        self.assertEqual(request.state_log_ids.mapped('to_state'), [
            'new', 'registered', 'approved', 'confirmed', 'dispatched', 'in_progress', 'waiting', 'in_progress', 'done',
            'in_progress', 'done', 'accepted', 'closed'])
        self.assertEqual(request.state_log_ids[-2].by_id, self.users['resident'])

    def test_messages_both_ways(self):
        request = self.make_request('approved')
        self._ok('resident', 'message_post', ids=request.ids, body="Please ring twice")
        self._ok('agent', 'message_post', ids=request.ids, body="We will", message_type='comment',
                 subtype_xmlid='mail.mt_comment')
        self._ok('agent', 'message_post', ids=request.ids, body="A difficult one", subtype_xmlid='mail.mt_note')
        domain = [['model', '=', MODEL], ['res_id', '=', request.id]]
        bodies = str(self._ok('resident', 'search_read', model='mail.message', domain=domain, fields=['body']))
        self.assertIn("ring twice", bodies)
        self.assertIn("We will", bodies)
        self.assertNotIn("difficult", bodies)
        self.assertEqual(self._ok('neighbour', 'search_read', model='mail.message', domain=domain, fields=['body']), [])

    def test_foreign_is_answered_as_absent(self):
        request = self.make_request('done')
        for method, body in (
            ('read', {'fields': ['title']}), ('action_accept', {}), ('action_cancel', {'reason': "x"}),
            ('action_rate', {'value': 1}),
            ('action_chase', {}), ('message_post', {'body': "x"}), ('action_add_photos', {'photos': []}),
        ):
            answers = set()
            for id_ in (request.id, 99999999):
                answers.add(self._refused(404, 'neighbour', method, ids=[id_], **body).replace(str(id_), '#'))
            self.assertEqual(len(answers), 1, f"{method}: {answers}")
        self.assertEqual(request.state, 'done')
        self.assertEqual(self._ok('neighbour', 'search', domain=[['id', '=', request.id]]), [])

    def test_foreign_is_answered_as_absent_to_staff(self):
        company = self.env['res.company'].create({'name': "Other Property Company"})
        foreign = new_test_user(self.env, 'ps_foreign', groups='property_service.group_manager',
                                company_id=company.id, company_ids=[Command.set(company.ids)])
        self.keys['foreign'] = self.env['res.users.apikeys'].with_user(foreign).sudo()._generate(
            'rpc', 'app', fields.Datetime.now() + timedelta(days=1))
        request = self.make_request('approved')
        answers = {
            self._refused(404, 'foreign', 'action_dispatch', ids=[id_], employee_id=self.worker.id).replace(str(id_), '#')
            for id_ in (request.id, 99999999)}
        self.assertEqual(len(answers), 1, answers)

    def test_wrong_calls_get_a_clear_answer(self):
        request = self.make_request('approved')
        for status, method, body in (
            (422, 'action_dispatch', {'employee_id': 'abc'}), (422, 'action_dispatch', {'employee_id': 99999999}),
            (422, 'action_dispatch', {'employee_id': [1]}), (422, 'action_confirm', {'start': 'soon'}),
            (422, 'action_confirm', {'start': '2020-01-01T10:00:00'}), (422, 'action_reject', {'reason': 5}),
            (422, 'action_wait', {'reason_id': 'x'}), (422, 'action_close', {}), (422, 'action_start', {}),
            (422, 'action_merge', {'master_id': request.id}), (422, 'action_dispatch', {'worker': 5}),
            (422, 'write', {'vals': {'done_at': '2020-01-01 00:00:00'}}), (404, 'action_destroy', {}),
            (403, '_set_state', {'state': 'closed'}),
        ):
            with self.subTest(method=method, body=body):
                self._refused(status, 'supervisor', method, ids=request.ids, **body)
        for ids in (['abc'], [-1], [2**40], [[1]], [0.5], [None]):
            with self.subTest(ids=ids):
                self._refused(404, 'supervisor', 'action_dispatch', ids=ids, employee_id=self.worker.id)
        self.assertEqual(request.state, 'approved')

    def test_without_a_key_nothing_is_said(self):
        request = self.make_request()
        for headers in ({}, {'Authorization': 'Bearer 0123456789'}):
            with mute_logger('odoo.http'):
                response = self.url_open(f'/json/2/{MODEL}/read', json={'ids': request.ids, 'fields': ['title']}, headers=headers)
            self.assertEqual(response.status_code, 401)
            self.assertNotIn("Kitchen", response.text)

    def test_step_without_its_arguments_tells_what_it_asks(self):
        """A button's answer for the web client, an action, tells an app that nothing has happened yet."""
        request = self.make_request('approved')
        answer = self._ok('supervisor', 'action_reject', ids=request.ids)
        self.assertEqual(answer['type'], 'ir.actions.act_window')
        self.assertEqual(request.state, 'approved')
