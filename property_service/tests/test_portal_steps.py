import base64
import re
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import SIGNATURE, PropertyServicePortalCase, make_photo

STEPS = ('message', 'chase', 'cancel', 'accept', 'return', 'rate', 'photos')


@tagged('post_install', '-at_install')
class TestPortalSteps(PropertyServicePortalCase):
    """What residents do to a request, and what they cannot do."""

    def setUp(self):
        super().setUp()
        self.login('resident')

    def sign(self, request, signature=SIGNATURE, name="Zhang San", version=None):
        version = self.get_version(request) if version is None else version
        return self.url_open(
            f'/my/services/{request.id}/sign?version={version}', json={'params': {'name': name, 'signature': signature}}).json()

    def get_activities(self, request, kind):
        return request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(f'property_service.mail_activity_type_{kind}'))

    # ---- MESSAGES ----

    def test_message_with_files(self):
        request = self.make_request('dispatched')
        response = self.post(f'/my/services/{request.id}/message', {'message': "At <b>home</b> after six"}, [
            ('files', ('plan.pdf', b'%PDF-1.4\n%test', 'application/pdf')), ('files', ('a.png', make_photo(), 'image/png'))])
        self.assertEqual(response.status_code, 303)
        message = request.message_ids[0]
        self.assertEqual((message.author_id, message.subtype_id, message.message_type), (
            self.resident, self.env.ref('mail.mt_comment'), 'comment'))
        self.assertIn("&lt;b&gt;home", message.body)
        self.assertEqual(len(message.attachment_ids), 2)
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("after six", page)
        file = message.attachment_ids.filtered(lambda attachment: attachment.name == 'plan.pdf')
        served = self.get(f'/my/services/{request.id}/file/{file.id}')
        self.assertEqual(served.status_code, 200)
        self.assertIn('attachment', served.headers['Content-Disposition'])

    def test_empty_long_and_harmful_messages(self):
        request = self.make_request()
        self.assertEqual(self.post(f'/my/services/{request.id}/message', {'message': '  '}).status_code, 422)
        refused = self.post(f'/my/services/{request.id}/message', {'message': 'x' * 10001})
        self.assertEqual(refused.status_code, 422)
        self.assertIn('x' * 10001, refused.text)
        refused = self.post(
            f'/my/services/{request.id}/message', {'message': "Keep this"}, [('files', ('a.png', b'<html/>', 'image/png'))])
        self.assertEqual(refused.status_code, 422)
        self.assertIn("Keep this", refused.text)
        self.assertFalse(request.message_ids.filtered(lambda message: message.message_type == 'comment'))

    def test_comment_of_staff_is_shown_and_note_is_not(self):
        request = self.make_request()
        request.with_user(self.users['agent']).message_post(
            body="We come at nine.", message_type='comment', subtype_xmlid='mail.mt_comment')
        request.with_user(self.users['agent']).message_post(
            body="HIDDEN note", message_type='comment', subtype_xmlid='mail.mt_note')
        request.message_post(
            body="HIDDEN stranger", message_type='email', subtype_xmlid='mail.mt_comment', author_id=self.neighbour.id)
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("We come at nine.", page)
        self.assertNotIn("HIDDEN", page)

    # ---- CHASE ----

    def test_chase_tells_the_owner_and_is_limited(self):
        request = self.make_request('dispatched', user_id=self.users['agent'].id)
        self.assertEqual(self.step(request, 'chase', chase_message="Water is rising").status_code, 303)
        self.assertEqual(request.chase_count, 1)
        activity = self.get_activities(request, 'chase')
        self.assertEqual(activity.user_id, self.users['agent'])
        self.assertIn("Water is rising", activity.note)
        message = request.message_ids.filtered(lambda item: item.author_id == self.resident)
        self.assertIn("Water is rising", message.body)
        self.assertIn(self.users['agent'].partner_id, message.notified_partner_ids)
        refused = self.step(request, 'chase')
        self.assertEqual(refused.status_code, 422)
        self.assertIn("you can ask again in 120 minutes", self.get_error(refused))
        self.assertEqual(request.chase_count, 1)
        later = fields.Datetime.add(fields.Datetime.now(), minutes=121)
        with patch.object(fields.Datetime, 'now', lambda: later):
            self.assertEqual(self.step(request, 'chase').status_code, 303)
        self.assertEqual(request.chase_count, 2)
        self.assertEqual(self.get_activities(request, 'chase'), activity, "one to-do is enough")

    def test_chase_without_owner_reaches_the_leader(self):
        request = self.make_request('dispatched', user_id=False)
        self.step(request, 'chase')
        self.assertEqual(self.get_activities(request, 'chase').user_id, self.users['supervisor'])

    def test_finished_work_is_not_chased(self):
        for state in ('done', 'closed'):
            self.assertEqual(self.step(self.make_request(state), 'chase').status_code, 422)

    # ---- CANCEL ----

    def test_cancel_before_dispatch(self):
        request = self.make_request('approved')
        response = self.step(request, 'cancel', cancel_reason="Fixed it myself")
        self.assertURLEqual(response.headers['Location'], f'/my/services/{request.id}?info=cancelled')
        self.assertEqual(request.state, 'cancelled')
        self.assertIn("Fixed it myself", self.get(f'/my/services/{request.id}').text)

    def test_cancel_after_dispatch_is_a_wish(self):
        request = self.make_request('dispatched', user_id=self.users['agent'].id)
        response = self.step(request, 'cancel', cancel_reason="Not needed")
        self.assertURLEqual(response.headers['Location'], f'/my/services/{request.id}?info=cancel_asked')
        self.assertEqual((request.state, request.cancel_requested), ('dispatched', True))
        self.assertEqual(self.get_activities(request, 'cancellation').user_id, self.users['agent'])
        self.assertEqual(self.step(request, 'cancel').status_code, 422)
        self.assertEqual(self.step(self.make_request('done'), 'cancel').status_code, 422)

    # ---- ACCEPT AND RETURN ----

    def test_accept_with_signature(self):
        self.type_repair.requires_signature = True
        request = self.make_request('done')
        self.assertNotIn('o_property_accept_plain', self.get(f'/my/services/{request.id}').text)
        self.assertEqual(self.step(request, 'accept').status_code, 422, "this service is accepted with a signature only")
        result = self.sign(request)['result']
        self.assertEqual(result['redirect_url'], f'/my/services/{request.id}?info=accepted')
        self.assertEqual((request.state, request.signed_by), ('accepted', "Zhang San"))
        self.assertTrue(request.signature and request.signed_at)

    def test_signatures_that_are_none(self):
        request = self.make_request('done')
        for signature in ('', None, 'zzz', '****', base64.b64encode(b'<svg onload="alert(1)"/>').decode(), ['x'], {'a': 1}, 7):
            with self.subTest(signature=signature):
                self.assertTrue(self.sign(request, signature)['result']['error'])
        self.assertEqual(request.state, 'done')

    def test_accept_without_signature(self):
        request = self.make_request('done')
        self.assertEqual(self.step(request, 'accept').status_code, 303)
        self.assertEqual(request.state, 'accepted')

    def test_return_counts_as_rework(self):
        request = self.make_request('done')
        self.assertEqual(self.step(request, 'return', return_reason=" ").status_code, 422)
        self.assertEqual(self.step(request, 'return', return_reason="Still dripping").status_code, 303)
        self.assertEqual((request.state, request.rework_count, request.return_reason), ('in_progress', 1, "Still dripping"))
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("Returned as not fixed", page)
        self.assertIn("Still dripping", page)
        self.assertEqual(self.step(self.make_request('closed'), 'return', return_reason="Late").status_code, 422)

    def test_stale_page_is_a_conflict(self):
        request = self.make_request('done')
        version = self.get_version(request)
        self.env.flush_all()
        with patch.object(self.env.cr, '_now', fields.Datetime.add(self.env.cr.now(), seconds=1)):
            request.action_return(reason="By phone")
            self.env.flush_all()
        for step in ('accept', 'return', 'cancel'):
            response = self.post(f'/my/services/{request.id}/{step}', {'version': version, f'{step}_reason': "Keep this"})
            self.assertEqual(response.status_code, 409)
            self.assertIn("has changed while you had this page open", self.get_error(response))
        self.assertIn("Keep this", response.text)
        self.assertIn("changed", self.sign(request, version=version)['result']['error'])
        self.assertEqual(request.rework_count, 1)
        self.assertEqual(self.post(f'/my/services/{request.id}/accept').status_code, 409, "no version is no current one")

    # ---- PHOTOS ----

    def test_photos_afterwards(self):
        request = self.make_request()
        photo = ('photos', ('a.png', make_photo(), 'image/png'))
        self.assertEqual(self.post(f'/my/services/{request.id}/photos', files=[photo] * 4).status_code, 303)
        self.assertEqual(len(request.attachment_ids), 4)
        self.assertEqual(self.post(f'/my/services/{request.id}/photos', files=[photo] * 7).status_code, 422)
        self.assertEqual(self.post(f'/my/services/{request.id}/photos').status_code, 422)
        self.assertEqual(len(request.attachment_ids), 4)
        self.assertEqual(self.post(f'/my/services/{self.make_request("done").id}/photos', files=[photo]).status_code, 422)

    # ---- ATTACKS ----

    def test_foreign_requests_are_absent(self):
        request = self.make_request('done', title="SECRET title")
        version = self.get_version(request)
        data = {'version': version, 'message': "x", 'return_reason': "x", 'value': '1', 'cancel_reason': "x"}
        for role in ('neighbour', 'former'):
            self.login(role)
            absent = self.get('/my/services/2147483000')
            foreign = self.get(f'/my/services/{request.id}')
            self.assertEqual((absent.status_code, foreign.status_code), (404, 404))
            self.assertEqual(self.strip(absent.text), self.strip(foreign.text), "nothing tells them apart")
            for step in STEPS:
                with self.subTest(role=role, step=step):
                    self.assertEqual(self.post(f'/my/services/{request.id}/{step}', data).status_code, 404)
                    self.assertEqual(self.post(f'/my/services/2147483000/{step}', data).status_code, 404)
            with mute_logger('odoo.http'):
                self.assertIn('error', self.sign(request, version=version))
        self.assertEqual((request.state, request.rating_value, request.chase_count), ('done', 0, 0))
        self.assertFalse(request.message_ids.filtered(lambda message: message.message_type == 'comment'))

    def strip(self, page):
        """Drop what differs from page to page anyway: the path and the form token."""
        return re.sub(r'\d{4,}|csrf_token: "[^"]*"|/my/services/[^"&]*', '', page)

    def test_ids_out_of_range(self):
        for number in ('0', '99999999999999999999', '2147483648'):
            self.assertEqual(self.get(f'/my/services/{number}').status_code, 404)
            self.assertEqual(self.post(f'/my/services/{number}/chase').status_code, 404)

    def test_get_changes_nothing(self):
        request = self.make_request('done')
        self.get(f'/my/services/{request.id}')
        version = self.get_version(request)
        for step in (*STEPS, 'sign'):
            response = self.get(f'/my/services/{request.id}/{step}?version={version}&value=1&message=x&return_reason=x')
            self.assertIn(response.status_code, (404, 405), step)
        self.assertEqual((request.state, request.rating_value), ('done', 0))
        count = self.env['property.service.request'].search_count([])
        self.get(f'/my/services/new?unit_id={self.unit.id}&type_id={self.type_repair.id}&title=x')
        self.assertEqual(self.env['property.service.request'].search_count([]), count)

    @mute_logger('odoo.http')
    def test_post_without_token_changes_nothing(self):
        request = self.make_request('done')
        version = self.get_version(request)
        for step in STEPS:
            response = self.post(f'/my/services/{request.id}/{step}', {
                'version': version, 'value': '1', 'message': "x", 'return_reason': "x"}, csrf=False)
            self.assertEqual(response.status_code, 400, step)
        self.assertEqual(self.post('/my/services/new', self.new_form(), csrf=False).status_code, 400)
        self.assertEqual((request.state, request.rating_value), ('done', 0))

    def test_without_login_everything_leads_to_the_login(self):
        request = self.make_request('done')
        self.authenticate(None, None)
        for path in (
            '/my/services', '/my/services/new', f'/my/services/{request.id}', f'/my/services/report/{self.lobby.qr_token}',
            f'/my/services/{request.id}/file/1',
        ):
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual(response.status_code, 303, path)
            self.assertIn('/web/login', response.headers['Location'])
        for step in STEPS:
            response = self.post(f'/my/services/{request.id}/{step}', {'value': '1'})
            self.assertIn('/web/login', response.headers['Location'])
        self.assertEqual((request.state, request.rating_value), ('done', 0))

    def test_moving_out_ends_access_the_same_day(self):
        request = self.make_request('done')
        version = self.get_version(request)
        public = self.make_request(unit_id=self.lobby.id, title="Lobby lamp")
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        self.assertEqual(self.get(f'/my/services/{request.id}').status_code, 404)
        page = self.get('/my/services').text
        self.assertNotIn("Kitchen tap leaks", page)
        self.assertIn("Lobby lamp", page)
        for step in STEPS:
            self.assertEqual(self.post(f'/my/services/{request.id}/{step}', {'version': version, 'value': '5'}).status_code, 404)
        self.assertEqual(self.post('/my/services/new', self.new_form()).status_code, 422)
        self.assertEqual(self.get(f'/my/services/{public.id}').status_code, 200)

    def test_new_resident_does_not_see_the_old_ones_requests(self):
        request = self.make_request()
        self.env['property.service.residency'].create({'unit_id': self.unit.id, 'partner_id': self.former.id, 'role': 'owner'})
        self.login('former')
        self.assertEqual(self.get(f'/my/services/{request.id}').status_code, 404)
        self.assertNotIn("Kitchen tap leaks", self.get('/my/services').text)

    def test_links_with_tokens_open_nothing(self):
        request = self.make_request()
        request.access_token = 'known-token'
        self.env.flush_all()
        self.login('neighbour')
        self.assertEqual(self.get(f'/my/services/{request.id}?access_token=known-token').status_code, 404)
        sign = request._sign_token(self.resident.id)
        for params in ({'token': 'known-token'}, {'hash': sign, 'pid': self.resident.id}):
            with mute_logger('odoo.http'):
                result = self.url_open('/mail/chatter_fetch', json={'params': {
                    'thread_model': request._name, 'thread_id': request.id, **params}}).json()
            self.assertFalse(result.get('result', {}).get('messages'))
            with mute_logger('odoo.http'):
                posted = self.url_open('/mail/message/post', json={'params': {
                    'thread_model': request._name, 'thread_id': request.id, **params,
                    'post_data': {'body': "x", 'message_type': 'comment'}}})
            self.assertIn('error', posted.json())

    # ---- WAYS AROUND THE PAGES ----

    def test_messages_by_rpc_cannot_be_forged(self):
        request = self.as_role('resident', self.make_request(user_id=self.users['agent'].id))
        message = request.sudo().message_post(
            body="Hello", author_id=self.users['agent'].partner_id.id, email_from='boss@example.com', rating_value=5,
            subtype_xmlid='mail.mt_note', partner_ids=self.neighbour.ids, message_type='notification', is_internal=True)
        self.assertEqual((message.author_id, message.subtype_id, message.message_type, message.is_internal), (
            self.resident, self.env.ref('mail.mt_comment'), 'comment', False))
        self.assertEqual(message.partner_ids, self.users['agent'].partner_id)
        self.assertFalse(self.env['rating.rating'].search([('res_model', '=', request._name), ('res_id', '=', request.id)]))

    def test_residents_never_follow(self):
        request = self.make_request()
        request.message_subscribe(partner_ids=(self.resident | self.neighbour | self.users['agent'].partner_id).ids)
        self.assertEqual(request.message_partner_ids & (self.resident | self.neighbour), self.env['res.partner'])
        self.assertIn(self.users['agent'].partner_id, request.message_partner_ids)
