import base64
import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import answer_link
from .complaint_common import ComplaintCase
from .portal_common import PropertyServicePortalCase


class AnswerCase(ComplaintCase, PropertyServicePortalCase):

    def get_path(self, record, partner):
        self.env.flush_all()
        return re.sub(r'^https?://[^/]+', '', record._get_answer_url(partner))

    def make_old_path(self, record, partner):
        """Return a link whose days are over."""
        with patch.object(answer_link, 'LINK_DAYS', -2):
            return self.get_path(record, partner)

    def check_void(self, path, **data):
        page = self.get(path)
        self.assertEqual(page.status_code, 404, path)
        self.assertIn('o_property_void', page.text)
        self.assertEqual(self.post(path, data).status_code, 404, path)

    def forge(self, path):
        """Yield tokens made of a good one."""
        base, _slash, token = path.rpartition('/')
        raw = base64.urlsafe_b64decode(token + '===')
        for position in (0, 1, 5, 20, 45, len(raw) - 1):
            changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1:]
            yield f"{base}/{base64.urlsafe_b64encode(changed).decode().rstrip('=')}"
        for wrong in (token[:-4], token[:20], 'x', 'AQ', 'False', '%00', "' or 1=1", 'x' * 3000, 'ü'):
            yield f'{base}/{wrong}'


@tagged('post_install', '-at_install')
class TestComplaintAnswer(AnswerCase):
    """"I accept", "I do not accept": links of the reply's mail, without a login."""

    def setUp(self):
        super().setUp()
        self.complaint = self.make_complaint('answered')
        self.path = self.get_path(self.complaint, self.resident)
        self.authenticate(None, None)

    def test_reply_carries_the_links(self):
        complaint = self.make_shared('answered')
        mails = self.env['mail.mail'].search([('res_id', '=', complaint.id), ('model', '=', complaint._name)]).filtered(
            lambda mail: '/my/complaints/answer/' in (mail.body_html or ''))
        self.assertEqual(mails.recipient_ids, self.resident | self.neighbour)
        self.assertEqual(len(mails), 2, "nobody learns from it who else complained")
        for mail in mails:
            self.assertIn("insulated the pump", mail.body_html)
            tokens = set(re.findall(r'/my/complaints/answer/([\w-]+)/(?:accept|reject)', mail.body_html))
            self.assertEqual(len(tokens), 1)
            self.assertEqual(complaint._find_by_answer_token(tokens.pop()), (complaint, mail.recipient_ids))

    def test_link_checkers_answer_nothing(self):
        for answer in ('', '/accept', '/reject', '/zzz', '?answer=accept'):
            self.assertEqual(self.get(self.path + answer).status_code, 200)
        self.assertEqual(self.url_open(self.path, method='HEAD').status_code, 200)
        self.assertEqual(self.complaint.state, 'answered')

    def test_accept_once(self):
        page = self.post(self.path, {'answer': 'accept'})
        self.assertEqual(page.status_code, 200)
        self.assertIn('o_property_thanks', page.text)
        self.assertEqual((self.complaint.state, self.complaint.answer_response), ('closed', 'accepted'))
        self.assertEqual(self.complaint.state_log_ids[-1].by_id, self.users['resident'])
        self.assertEqual(self.post(self.path, {'answer': 'reject', 'reason': "x"}).status_code, 422)
        self.assertIn("answered already", self.get(self.path).text)
        self.assertEqual(self.complaint.state, 'closed')

    def test_not_accepted(self):
        for data in ({}, {'answer': 'zzz'}, {'answer': 'reject'}, {'answer': 'reject', 'reason': ' \x00 '}):
            self.assertEqual(self.post(self.path, data).status_code, 422, data)
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(self.path, {'answer': 'accept'}, csrf=False).status_code, 400)
        self.assertEqual(self.post(self.path, {'answer': 'reject', 'reason': "Still hums"}).status_code, 200)
        self.assertEqual(
            (self.complaint.state, self.complaint.answer_response, self.complaint.reopen_reason),
            ('investigating', 'not_accepted', "Still hums"))
        self.assertEqual(self.complaint.activity_ids.user_id, self.users['agent'])
        self.check_void_after_new_reply()

    def check_void_after_new_reply(self):
        self.complaint.action_resolve(measure="Moved.")
        self.complaint.action_answer()
        self.complaint._as_system().write({'answered_at': '2026-01-01 00:00:00'})
        self.env.flush_all()
        self.check_void(self.path, answer='accept')

    def test_without_an_account(self):
        stranger = self.env['res.partner'].create({'name': "Caller", 'email': "caller@example.com"})
        complaint = self.make_complaint('answered', unit_id=False, estate_id=self.estate.id, partner_id=stranger.id)
        self.assertEqual(self.post(self.get_path(complaint, stranger), {'answer': 'reject', 'reason': "No"}).status_code, 200)
        self.assertEqual(complaint.answer_response, 'not_accepted')

    def test_joined_complainants(self):
        complaint = self.make_shared('answered')
        path = self.get_path(complaint, self.neighbour)
        self.assertEqual(self.post(path, {'answer': 'accept'}).status_code, 200)
        self.assertEqual(complaint.state, 'answered', "the first complainant closes")
        self.assertEqual(self.post(path, {'answer': 'reject', 'reason': "After all"}).status_code, 200)
        self.assertEqual(complaint.state, 'investigating')

    def test_forged_and_foreign_tokens(self):
        for path in self.forge(self.path):
            self.check_void(path, answer='accept')
        callback = self.env['property.service.callback'].create({'partner_id': self.resident.id})
        self.env.flush_all()
        token = self.get_path(callback, self.resident).rpartition('/')[2]
        self.check_void(f'/my/complaints/answer/{token}', answer='accept')
        other = self.make_complaint('answered', unit_id=self.unit2.id, partner_id=self.neighbour.id)
        self.check_void(self.get_path(other, self.resident), answer='accept')
        self.assertEqual((self.complaint.state, other.state), ('answered', 'answered'))

    def test_expired(self):
        self.check_void(self.make_old_path(self.complaint, self.resident), answer='accept')
        self.assertEqual(self.complaint.state, 'answered')

    def test_who_moved_out(self):
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        self.env.flush_all()
        self.check_void(self.path, answer='accept')

    def test_page_shows_nothing_but_the_title(self):
        page = self.get(f'{self.path}/accept').text
        self.assertIn("Noise at night", page)
        for secret in ("Zhang San", "The pump hums", "Li Colleague", "3-2-1201"):
            self.assertNotIn(secret, page)

    def test_language_of_the_resident(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.env.ref('property_service.portal_complaint_answer').update_field_translations(
            'arch_db', {'zh_CN': {"Is the matter settled for you?": "事情解决了吗"}})
        self.resident.lang = 'zh_CN'
        self.env.flush_all()
        self.assertIn("事情解决了吗", self.get(self.path).text)


@tagged('post_install', '-at_install')
class TestCallbackAnswer(AnswerCase):
    """A callback answered by the link of the mail that follows calls in vain."""

    def setUp(self):
        super().setUp()
        self.request_done = self.make_request('done')
        self.callback = self.env['property.service.callback'].create({
            'origin': 'request', 'origin_request_id': self.request_done.id})
        for _attempt in range(3):
            self.callback.with_user(self.users['agent']).action_log_attempt(outcome='no_answer')
        self.path = self.get_path(self.callback, self.resident)
        self.authenticate(None, None)

    def test_mail_carries_the_links(self):
        self.assertEqual(self.callback.state, 'unreachable')
        mail = self.env['mail.mail'].search([('res_id', '=', self.callback.id), ('model', '=', self.callback._name)])
        [token] = set(re.findall(r'/my/callbacks/answer/([\w-]+)/', mail.body_html))
        self.assertEqual(self.callback._find_by_answer_token(token), (self.callback, self.resident))

    def test_link_checkers_answer_nothing(self):
        for answer in ('', '/satisfied', '/neutral', '/dissatisfied', '/zzz'):
            self.assertEqual(self.get(self.path + answer).status_code, 200)
        self.assertRegex(self.get(f'{self.path}/neutral').text, r'id="answer_neutral"[^>]*checked')
        self.assertEqual((self.callback.state, self.callback.result), ('unreachable', False))

    def test_satisfied_once(self):
        page = self.post(self.path, {'answer': 'satisfied', 'comment': "All well"})
        self.assertEqual(page.status_code, 200)
        self.assertEqual((self.callback.state, self.callback.result, self.callback.comment), ('done', 'satisfied', "All well"))
        self.assertEqual(self.callback.attempt_ids[0].channel, 'message')
        self.assertEqual(self.post(self.path, {'answer': 'dissatisfied'}).status_code, 422)
        self.assertIn("answered already", self.get(self.path).text)
        self.assertEqual((self.callback.result, self.request_done.state), ('satisfied', 'done'))

    def test_dissatisfied_leads_where_a_call_leads(self):
        self.assertEqual(self.post(self.path, {'answer': 'dissatisfied', 'comment': "It drips"}).status_code, 200)
        self.assertEqual((self.request_done.state, self.request_done.return_reason), ('in_progress', "It drips"))
        self.assertIn(self.users['supervisor'], self.request_done.activity_ids.user_id)

    def test_before_anybody_called(self):
        callback = self.env['property.service.callback'].create({'partner_id': self.resident.id, 'unit_id': self.unit.id})
        self.assertEqual(self.post(self.get_path(callback, self.resident), {'answer': 'dissatisfied', 'comment': "Dirt"}).status_code, 200)
        self.assertEqual((callback.state, callback.follow_up_complaint_id.description), ('done', "Dirt"))

    def test_bad_answers_and_tokens(self):
        for data in ({}, {'answer': 'zzz'}, {'answer': '\x00'}):
            self.assertEqual(self.post(self.path, data).status_code, 422)
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(self.path, {'answer': 'satisfied'}, csrf=False).status_code, 400)
        for path in self.forge(self.path):
            self.check_void(path, answer='satisfied')
        self.check_void(self.get_path(self.callback, self.neighbour), answer='satisfied')
        self.check_void(self.make_old_path(self.callback, self.resident), answer='satisfied')
        self.assertEqual(self.callback.state, 'unreachable')
        with self.assertRaises(UserError):
            self.callback._answer_by_link('zzz')

    def test_who_moved_out_and_cancelled(self):
        self.callback.action_plan_again()
        self.callback.action_cancel()
        self.env.flush_all()
        self.check_void(self.path, answer='satisfied')
        callback = self.env['property.service.callback'].create({'partner_id': self.resident.id, 'unit_id': self.unit.id})
        path = self.get_path(callback, self.resident)
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        self.env.flush_all()
        self.check_void(path, answer='satisfied')
