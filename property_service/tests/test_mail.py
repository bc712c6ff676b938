from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestResidentMails(PropertyServiceTransactionCase):
    """Mails about the steps: once each, in the resident's language, to nobody who has moved out."""

    def setUp(self):
        super().setUp()
        self.env['mail.mail'].search([]).unlink()

    def take_mails(self, request=None):
        """Return the mails queued since the last call, and forget them."""
        mails = self.env['mail.mail'].search([('model', '=', 'property.service.request')], order='id')
        found = [
            (mail.recipient_ids, mail.subject, mail.body_html) for mail in mails
            if mail.recipient_ids <= self.resident | self.neighbour and (not request or mail.res_id == request.id)]
        mails.unlink()
        return found

    def get_subjects(self):
        return [subject for _to, subject, _body in self.take_mails()]

    def test_who_is_asked_for_stars(self):
        """A share of each type, and the same resident not again within so many days (R47)."""
        def is_asked(**vals):
            request = self.make_request('done', **vals)
            [body] = [body for _to, subject, body in self.take_mails(request) if subject.startswith("Done:")]
            return request._get_rating_url().rpartition('/')[0] in body
        self.assertTrue(is_asked())
        self.assertTrue(is_asked())
        self.env.company.property_rating_days = 30
        self.assertTrue(is_asked())
        self.assertFalse(is_asked())
        self.assertTrue(is_asked(unit_id=self.unit2.id, partner_id=self.neighbour.id), "somebody else")
        long_ago = fields.Datetime.subtract(fields.Datetime.now(), days=31)
        self.env['property.service.request'].search([('rating_asked_at', '!=', False)])._as_system().write({'rating_asked_at': long_ago})
        self.assertTrue(is_asked())
        self.env.company.property_rating_days = 0
        self.type_repair.rating_share = 0
        self.assertFalse(is_asked())

    def test_each_event_once(self):
        request = self.make_request(user_id=self.users['agent'].id)
        [(to, subject, body)] = self.take_mails()
        self.assertEqual((to, subject), (self.resident, f"We have received your request {request.name}: Kitchen tap leaks"))
        self.assertIn(f'/my/services/{request.id}"', body)
        request.action_register()
        request.action_approve()
        self.assertEqual(self.get_subjects(), [])
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        request.action_confirm(start=tomorrow)
        self.assertEqual(self.get_subjects(), [f"Appointment for {request.name}: Kitchen tap leaks"])
        request.action_dispatch(employee_id=self.worker.id)
        [(_to, subject, body)] = self.take_mails()
        self.assertEqual(subject, f"Somebody is coming for {request.name}: Kitchen tap leaks")
        self.assertIn("Wang Worker", body)
        request.action_start()
        reason = self.env['property.service.waiting.reason'].create({'name': "Parts", 'code': 'test_parts'})
        request.action_wait(reason_id=reason.id)
        request.action_resume()
        self.assertEqual(self.get_subjects(), [])
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Washer <replaced>.")
        [(_to, subject, body)] = self.take_mails()
        self.assertEqual(subject, f"Done: {request.name} Kitchen tap leaks")
        self.assertIn("Washer &lt;replaced&gt;.", body)
        for part in (f'/my/services/{request.id}#accept', f'/my/services/{request.id}#return', request._get_rating_url() + '/5'):
            self.assertIn(part, body)
        request.action_accept()
        request.action_close()
        self.assertEqual(self.get_subjects(), [])

    def test_rejection_tells_the_reason_and_cancellation_does_not(self):
        request = self.make_request()
        self.take_mails()
        request.action_reject(reason="The lift belongs to the city.")
        [(_to, subject, body)] = self.take_mails()
        self.assertIn("We cannot take on", subject)
        self.assertIn("The lift belongs to the city.", body)
        request = self.make_request()
        self.take_mails()
        request.action_cancel(reason="SECRET he never pays")
        [(_to, subject, body)] = self.take_mails()
        self.assertIn("Cancelled", subject)
        self.assertNotIn("SECRET", body)
        own = self.make_request()
        self.take_mails()
        self.as_role('resident', own).action_cancel()
        self.assertEqual(self.get_subjects(), [], "residents know what they cancelled themselves")

    def test_new_appointment_after_a_pause_is_told(self):
        request = self.make_request('approved')
        reason = self.env['property.service.waiting.reason'].create({'name': "Parts", 'code': 'test_parts'})
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        request.action_confirm(start=tomorrow)
        request.action_wait(reason_id=reason.id)
        self.take_mails()
        request.action_resume()
        self.assertEqual(self.get_subjects(), [], "the appointment is as it was")
        request.action_wait(reason_id=reason.id)
        request.action_confirm(start=fields.Datetime.add(tomorrow, days=1))
        self.assertEqual(self.get_subjects(), [f"Appointment for {request.name}: Kitchen tap leaks"])

    def test_people_of_duplicates_are_told(self):
        master = self.make_request(unit_id=self.lobby.id, partner_id=self.neighbour.id)
        duplicate = self.make_request(unit_id=self.lobby.id, title="Lift stands still")
        self.take_mails()
        duplicate.action_merge(master_id=master.id)
        [(to, subject, body)] = self.take_mails(duplicate)
        self.assertEqual((to, subject), (self.resident, f"{duplicate.name} goes on as {master.name}: Lift stands still"))
        self.assertNotIn("Test Neighbour", body)
        master.action_register()
        master.action_approve()
        master.action_dispatch(employee_id=self.worker.id)
        master.action_start()
        master.checklist_ids.write({'done': True})
        self.take_mails()
        master.action_done(summary="SECRET of the neighbour")
        mails = self.take_mails()
        self.assertEqual({to: subject for to, subject, _body in mails}, {
            self.neighbour: f"Done: {master.name} Kitchen tap leaks",
            self.resident: f"Finished: {duplicate.name} Lift stands still"})
        self.assertNotIn("SECRET", next(body for to, _subject, body in mails if to == self.resident))

    def test_nobody_is_told_who_has_no_address_or_moved_out(self):
        self.resident.email = False
        request = self.make_request('done')
        self.assertEqual(self.get_subjects(), [])
        self.resident.email = 'resident@example.com'
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        request.action_return(reason="Still drips")
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Pipe replaced.")
        self.assertEqual(self.get_subjects(), [])
        self.make_request(unit_id=self.lobby.id)
        self.assertEqual(len(self.take_mails()), 1, "common areas are no matter of residency")

    def test_no_mail_for_imports(self):
        self.env['property.service.request'].with_context(import_file=True).create({
            'title': "Old case", 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        self.assertEqual(self.get_subjects(), [])

    def test_created_by_the_resident_is_confirmed_once(self):
        self.as_role('resident', 'property.service.request').create({
            'title': "Lamp", 'unit_id': self.unit.id, 'type_id': self.type_repair.id})
        self.assertEqual(len(self.take_mails()), 1)

    def test_no_query_more_for_residents_without_address(self):
        values = {'title': "Lamp", 'unit_id': self.unit.id, 'type_id': self.type_repair.id}
        silent = self.env['res.partner'].create({'name': "Silent"})
        Request = self.env['property.service.request'].with_user(self.users['agent'])

        def count(**more):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            Request.create([{**values, 'partner_id': silent.id} for _number in range(10)]).flush_recordset()
            return self.env.cr.sql_log_count - before

        count()
        with_mails = count()
        Request = Request.with_context(property_service_no_mail=True)
        count()
        self.assertEqual(with_mails, count())

    def test_language_and_time_zone_of_the_resident(self):
        self.env['res.lang']._activate_lang('zh_CN')
        template = self.env.ref('property_service.mail_template_receipt')
        template.with_context(lang='zh_CN').subject = "已收到 {{ object.name }}"
        self.resident.lang = 'zh_CN'
        request = self.make_request()
        self.assertEqual(self.get_subjects(), [f"已收到 {request.name}"])
        request.action_register()
        request.action_approve()
        request.action_confirm(start='2099-06-01 01:00:00', end='2099-06-01 03:00:00')
        [(_to, _subject, body)] = self.take_mails()
        self.assertRegex(body, r'09:00|9:00', "01:00 UTC is nine in Shanghai")

    def test_mails_carry_no_key_to_the_case(self):
        request = self.make_request('done')
        for _to, _subject, body in self.take_mails():
            self.assertNotIn('access_token', body)
        self.assertFalse(request.access_token)

    # ---- CONVERSATION ----

    def post(self, request, role='agent', subtype='mail.mt_comment', **kwargs):
        return request.with_user(self.users[role]).message_post(
            body="Text", message_type='comment', subtype_xmlid=subtype, **kwargs)

    def test_comment_of_staff_reaches_the_resident_and_is_the_first_response(self):
        request = self.make_request()
        self.post(request, subtype='mail.mt_note')
        self.assertFalse(request.responded_at)
        message = self.post(request)
        self.assertIn(self.resident, message.notified_partner_ids)
        self.assertTrue(request.responded_at)
        self.assertNotIn(self.resident, request.message_partner_ids, "told, but no follower")

    def test_note_reaches_nobody_outside(self):
        request = self.make_request()
        self.env['mail.followers'].create({
            'res_model': request._name, 'res_id': request.id, 'partner_id': self.resident.id,
            'subtype_ids': [(4, self.env.ref('mail.mt_comment').id)]})
        self.assertNotIn(self.resident, self.post(request, subtype='mail.mt_note').notified_partner_ids)

    def test_comment_does_not_reach_who_moved_out(self):
        request = self.make_request()
        self.env['mail.followers'].create({
            'res_model': request._name, 'res_id': request.id, 'partner_id': self.resident.id,
            'subtype_ids': [(4, self.env.ref('mail.mt_comment').id)]})
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        message = self.post(request, partner_ids=self.resident.ids)
        self.assertNotIn(self.resident, message.notified_partner_ids, "neither as follower nor by name")
        self.assertFalse(request.responded_at)
        suggested = request.with_user(self.users['agent'])._message_get_suggested_recipients()
        self.assertNotIn(self.resident.id, [recipient.get('partner_id') for recipient in suggested])

    def test_message_of_the_resident_reaches_the_owner(self):
        request = self.make_request(user_id=self.users['agent'].id)
        message = self.as_role('resident', request).sudo().message_post(body="Are you coming?")
        self.assertIn(self.users['agent'].partner_id, message.notified_partner_ids)
        self.assertFalse(request.responded_at)

    def test_mail_of_a_comment_links_to_the_page_without_a_token(self):
        request = self.make_request()
        self.take_mails()
        self.post(request)
        mail = self.env['mail.mail'].search([('recipient_ids', 'in', self.resident.ids)], order='id desc', limit=1)
        self.assertIn(f'/my/services/{request.id}', mail.body_html)
        for part in ('access_token', 'hash=', 'signup'):
            self.assertNotIn(part, mail.body_html)

    def test_logged_contact_is_a_note_and_the_first_response(self):
        request = self.make_request()
        self.as_role('agent', request).action_log_contact(summary="Told him we come at nine", direction='out')
        message = request.message_ids[0]
        self.assertIn("Told him we come at nine", message.body)
        self.assertEqual(message.subtype_id, self.env.ref('mail.mt_note'))
        self.assertTrue(request.responded_at)
        self.assertNotIn(self.resident, message.notified_partner_ids)
        dialog = self.as_role('agent', request).action_log_contact()
        wizard = self.as_role('agent', dialog['res_model']).with_context(dialog['context']).create({
            'reason': "Called again", 'direction': 'in'})
        wizard.action_apply()
        self.assertIn("Called again", request.message_ids[0].body)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.as_role('resident', request).action_log_contact(summary="x")

    def test_team_address_becomes_an_alias(self):
        self.team.alias_name = 'repairs-test'
        created = self.env['property.service.team'].create({'name': "Cleaning", 'alias_name': 'cleaning-test'})
        for team in self.team | created:
            self.assertEqual(team.alias_id.alias_model_id.model, 'property.service.request')
            self.assertIn(f"'team_id': {team.id}", team.alias_defaults)


@tagged('post_install', '-at_install')
class TestRequestsByMail(PropertyServiceTransactionCase, MailCommon):
    """The mail gateway: nothing is lost, replies find their request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.team.alias_name = 'repairs'

    def receive(
        self, body="The lamp in the hall is out.", subject="Lamp", sender='"Zhang San" <resident@example.com>', extra='',
    ):
        before = self.env['property.service.request'].search([], order='id desc', limit=1).id or 0
        with mute_logger('odoo.addons.mail.models.mail_thread'):
            self.format_and_process(
                "MIME-Version: 1.0\nSubject: {subject}\nFrom: {email_from}\nTo: {to}\nDate: Sun, 22 Nov 2026 08:00:00 +0000\n"
                "Message-Id: {msg_id}\n{extra}Content-Type: text/plain; charset=utf-8\n\n" + body,
                sender, f'repairs@{self.alias_domain}', subject=subject, target_model='property.service.request', extra=extra)
        return self.env['property.service.request'].search([('id', '>', before)])

    def test_mail_becomes_a_request(self):
        request = self.receive()
        self.assertEqual(
            (request.title, request.description, request.channel, request.state),
            ("Lamp", "The lamp in the hall is out.", 'email', 'new'))
        self.assertEqual((request.partner_id, request.unit_id, request.team_id), (self.resident, self.unit, self.team))
        self.assertFalse(request.user_id)

    def test_mails_that_are_hard_to_read_are_not_lost(self):
        for subject, body, title in (
            ('', "First line\nSecond", "First line"), ('', '', 'E-mail from'), ('S' * 3000, 'x' * 200000, 'S' * 120),
            ("Tap\n leaks", "b", "Tap leaks"),
        ):
            with self.subTest(subject=subject[:20]):
                request = self.receive(subject=subject, body=body)
                self.assertEqual(len(request), 1)
                self.assertTrue(request.title.startswith(title), request.title)
                self.assertLessEqual(len(request.description or ''), 10000)

    def test_strangers(self):
        request = self.receive(sender='"A Stranger" <stranger@example.org>')
        self.assertFalse(request.partner_id)
        self.assertIn("stranger@example.org", request.contact_name)
        self.assertEqual(request.company_id, self.company)

    def test_reply_lands_in_the_conversation(self):
        request = self.make_request(user_id=self.users['agent'].id)
        message = request.with_user(self.users['agent']).message_post(
            body="When are you at home?", message_type='comment', subtype_xmlid='mail.mt_comment')
        created = self.receive(
            subject="Re: Lamp", body="After six.", extra=f'In-Reply-To: {message.message_id}\nReferences: {message.message_id}\n')
        self.assertFalse(created, "no second request")
        reply = request.message_ids[0]
        self.assertEqual((reply.author_id, reply.message_type, reply.subtype_id), (
            self.resident, 'email', self.env.ref('mail.mt_comment')))
        self.assertIn("After six.", reply.body)
        self.assertIn(self.users['agent'].partner_id, reply.notified_partner_ids)

    def test_reply_to_a_mail_about_a_step_finds_its_request(self):
        request = self.make_request()
        mail = self.env['mail.mail'].search([('model', '=', request._name), ('res_id', '=', request.id)], limit=1)
        message_id = mail.message_id
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mail.send()
        self.assertFalse(mail.exists(), "sent mails are cleaned up")
        created = self.receive(subject="Re", body="Thank you.", extra=f'In-Reply-To: {message_id}\nReferences: {message_id}\n')
        self.assertFalse(created)
        self.assertIn("Thank you.", request.message_ids[0].body)
