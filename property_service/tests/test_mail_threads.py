from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import PropertyServiceTransactionCase
from .complaint_common import ComplaintCase


@tagged('post_install', '-at_install')
class TestMailThreads(ComplaintCase, PropertyServiceTransactionCase, MailCommon):
    """Mails about complaints and callbacks: replies find their case and wake who answers for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.estate.alias_name = 'voice'
        cls.comment = cls.env.ref('mail.mt_comment')

    def receive(
        self, body="It still hums.", subject="Re: your answer", sender='"Zhang San" <resident@example.com>', to=None, reply_to=None,
        headers='',
    ):
        """Process a mail; return the complaints it made."""
        before = self.env['property.service.complaint'].search([], order='id desc', limit=1).id or 0
        to = to or (self.alias_catchall if reply_to else 'voice')
        extra = headers + (f'In-Reply-To: {reply_to}\nReferences: {reply_to}\n' if reply_to else '')
        with mute_logger('odoo.addons.mail.models.mail_thread'):
            self.format_and_process(
                "MIME-Version: 1.0\nSubject: {subject}\nFrom: {email_from}\nTo: {to}\nDate: Sun, 22 Nov 2026 08:00:00 +0000\n"
                "Message-Id: {msg_id}\n{extra}Content-Type: text/plain; charset=utf-8\n\n" + body,
                sender, f'{to}@{self.alias_domain}', subject=subject, target_model='property.service.complaint', extra=extra)
        return self.env['property.service.complaint'].search([('id', '>', before)])

    def get_mail(self, record, text):
        """Return the Message-Id of the mail about ``record`` that contains ``text``."""
        mails = self.env['mail.mail'].search([('model', '=', record._name), ('res_id', '=', record.id)])
        return mails.filtered(lambda mail: text in (mail.body_html or ''))[:1].message_id

    # ---- COMPLAINTS ----

    def test_mail_to_the_estate_becomes_a_complaint(self):
        complaint = self.receive(subject="Noise", body="The pump hums.")
        self.assertEqual(
            (complaint.title, complaint.description, complaint.channel, complaint.state, complaint.kind),
            ("Noise", "The pump hums.", 'email', 'new', 'complaint'))
        self.assertEqual((complaint.partner_id, complaint.unit_id, complaint.estate_id), (self.resident, self.unit, self.estate))
        self.assertFalse(complaint.user_id)

    def test_mail_from_a_home_in_another_estate(self):
        other = self.env['property.service.estate'].create({'name': "Blue Lake", 'code': 'BL', 'alias_name': 'voice-bl'})
        complaint = self.receive(subject="Noise", to='voice-bl')
        self.assertEqual((complaint.partner_id, complaint.unit_id, complaint.estate_id), (self.resident, self.env['property.service.unit'], other))

    def test_mails_that_are_hard_to_read_are_not_lost(self):
        for subject, body in (('', ''), ('S' * 3000, 'x' * 200000), ("Tap\n leaks", "b")):
            with self.subTest(subject=subject[:20]):
                self.assertEqual(len(self.receive(subject=subject, body=body)), 1)
        stranger = self.receive(sender='"A Stranger" <stranger@example.org>')
        self.assertFalse(stranger.partner_id)
        self.assertIn("stranger@example.org", stranger.contact_name)

    def test_answer_to_the_reply(self):
        complaint = self.make_complaint('answered')
        message_id = self.get_mail(complaint, "insulated the pump")
        self.assertTrue(message_id)
        self.assertFalse(self.receive(reply_to=message_id), "no second complaint")
        message = complaint.message_ids[0]
        self.assertEqual((message.author_id, message.message_type, message.subtype_id), (self.resident, 'email', self.comment))
        self.assertIn("It still hums.", message.body)
        self.assertIn(self.users['agent'].partner_id, message.notified_partner_ids)
        self.assertEqual(complaint.state, 'answered', "words are no step: the owner decides")

    def test_answer_to_a_comment_and_to_a_receipt(self):
        complaint = self.make_complaint('registered')
        comment = complaint.with_user(self.users['agent']).message_post(
            body="Since when?", message_type='comment', subtype_xmlid='mail.mt_comment')
        for message_id in (comment.message_id, self.get_mail(complaint, complaint.name)):
            self.assertTrue(message_id)
            self.assertFalse(self.receive(body="Since May", reply_to=message_id))
            self.assertIn("Since May", complaint.message_ids[0].body)

    def test_answer_of_staff_by_mail_reaches_the_resident(self):
        """Whoever answers the notification from the own mailbox has answered the resident."""
        complaint = self.make_complaint('registered')
        complaint.user_id = self.users['agent']
        question = self.as_role('resident', complaint).message_post(body="Are you coming?")
        self.assertFalse(complaint.responded_at)
        self.assertFalse(self.receive(body="At nine", sender='"A" <agent@example.com>', reply_to=question.sudo().message_id))
        message = complaint.message_ids[0]
        self.assertEqual((message.author_id, message.message_type), (self.users['agent'].partner_id, 'email'))
        self.assertIn(self.resident, message.notified_partner_ids)
        self.assertTrue(complaint.responded_at)

    def test_answer_of_a_joined_complainant(self):
        complaint = self.make_shared('assigned')
        copy = self.env['mail.message'].search([
            ('model', '=', complaint._name), ('res_id', '=', complaint.id), ('partner_ids', 'in', self.neighbour.ids)], limit=1)
        self.assertFalse(self.receive(
            body="I hear it, too", sender='"N" <neighbour@example.com>', reply_to=copy.message_id))
        message = complaint.message_ids[0]
        self.assertEqual((message.author_id, message.subtype_id), (self.neighbour, self.comment))
        self.assertIn(self.users['agent'].partner_id, message.notified_partner_ids)
        self.assertNotIn(self.resident, message.notified_partner_ids)

    def test_answer_after_the_end_wakes_the_owner(self):
        for case in (self.make_complaint('closed'), self.make_request('closed', user_id=self.users['agent'].id)):
            message = case.with_user(self.users['agent']).message_post(
                body="Goodbye", message_type='comment', subtype_xmlid='mail.mt_comment')
            state = case.state
            self.assertFalse(self.receive(reply_to=message.message_id))
            self.assertIn(self.users['agent'].partner_id, case.message_ids[0].notified_partner_ids)
            answer = case.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref('property_service.mail_activity_type_answer'))
            self.assertEqual(answer.user_id, self.users['agent'])
            self.assertEqual(case.state, state)
            self.receive(body="And once more", reply_to=message.message_id)
            self.assertEqual(len(case.activity_ids & answer), 1, "one to-do is enough")

    def test_answering_machines_are_not_heard(self):
        complaint, request = self.make_complaint('closed'), self.make_request('closed')
        callback = self.env['property.service.callback'].create({'partner_id': self.resident.id})
        callback.action_start()
        for _attempt in range(3):
            callback.action_log_attempt(outcome='no_answer')
        mails = [self.get_mail(complaint, "insulated"), self.get_mail(request, request.name), self.get_mail(callback, "could not reach")]
        self.assertTrue(all(mails))
        self.env.flush_all()
        for header in ("Auto-Submitted: auto-replied\n", "X-Autoreply: yes\n", "Precedence: auto_reply\n"):
            for record, message_id in zip((complaint, request, callback), mails):
                before = len(record.message_ids)
                self.assertFalse(self.receive(body="I am on holiday", reply_to=message_id, headers=header))
                self.env.invalidate_all()
                self.assertEqual(len(record.message_ids), before)
                self.assertFalse(record.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(
                    'property_service.mail_activity_type_answer')))
        self.assertFalse(self.receive(subject="Out of office", headers="Auto-Submitted: auto-replied\n"))
        self.assertTrue(self.receive(subject="Form of the website", headers="Auto-Submitted: auto-generated\n"))

    def test_mails_name_no_other_complainant(self):
        complaint = self.make_shared('registered')
        with self.mock_mail_gateway():
            complaint.with_user(self.users['agent']).message_post(
                body="To all of you", message_type='comment', subtype_xmlid='mail.mt_comment')
            self.env['mail.mail'].search([('state', '=', 'outgoing'), ('res_id', '=', complaint.id)]).send()
        sent = [mail for mail in self._mails if "To all of you" in mail['body']]
        recipients = {address for mail in sent for address in mail['email_to']}
        self.assertEqual(len(recipients), 2, recipients)
        for mail in sent:
            self.assertEqual(len(mail['email_to']), 1)
            self.assertFalse((mail.get('headers') or {}).get('X-Msg-To-Add'))

    def test_estate_address_is_an_alias(self):
        self.assertEqual(self.estate.alias_id.alias_model_id.model, 'property.service.complaint')
        self.assertIn(f"'estate_id': {self.estate.id}", self.estate.alias_defaults)

    # ---- CALLBACKS ----

    def test_answer_to_a_callback(self):
        callback = self.env['property.service.callback'].create({
            'partner_id': self.resident.id, 'unit_id': self.unit.id, 'team_id': self.team.id})
        for _attempt in range(3):
            callback.with_user(self.users['agent']).action_log_attempt(outcome='no_answer')
        self.assertFalse(self.receive(body="All well, thank you", reply_to=self.get_mail(callback, "could not reach")))
        message = callback.message_ids[0]
        self.assertIn("All well", message.body)
        self.assertEqual(message.author_id, self.resident)
        [activity] = callback.activity_ids.filtered(
            lambda item: item.activity_type_id == self.env.ref('property_service.mail_activity_type_answer'))
        self.assertIn(activity.user_id.partner_id, message.notified_partner_ids)
        self.assertIn("All well", activity.note)
        self.assertNotIn(self.resident, callback.message_partner_ids)
        self.assertEqual(callback.state, 'unreachable', "words are no result: the caller decides")
