import re

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCase
from .portal_common import PropertyServicePortalCase, make_photo


@tagged('post_install', '-at_install')
class TestPortalComplaint(ComplaintCase, PropertyServicePortalCase):
    """Complaints, suggestions and praise in the portal: pages, steps, and who may see them."""

    def setUp(self):
        super().setUp()
        self.Complaint = self.env['property.service.complaint']
        self.login('resident')

    def complaint_form(self, **changes):
        return {
            'kind': 'complaint', 'unit_id': self.unit.id, 'title': "Noise at night", 'description': "The pump hums.", **changes}

    def send(self, files=None, **changes):
        return self.post('/my/complaints/new', self.complaint_form(**changes), files=files)

    def get_complaint_version(self, complaint):
        return re.search(r'name="version" value="([^"]*)"', self.get(f'/my/complaints/{complaint.id}').text)[1]

    def complaint_step(self, complaint, step, **data):
        return self.post(f'/my/complaints/{complaint.id}/{step}', {'version': self.get_complaint_version(complaint), **data})

    def get_rows(self, path):
        response = self.get(path)
        self.assertEqual(response.status_code, 200, path)
        return [int(number) for number in re.findall(r'href="/my/complaints/(\d+)"', response.text)]

    # ---- HOME AND LIST ----

    def test_home_counts(self):
        for state in ('new', 'investigating', 'answered', 'closed'):
            self.make_complaint(state)
        self.make_complaint(partner_id=self.neighbour.id, unit_id=self.unit2.id)
        counts = self.url_open('/my/counters', json={'params': {
            'counters': ['complaint_open_count', 'complaint_answered_count']}}).json()['result']
        self.assertEqual((counts['complaint_open_count'], counts['complaint_answered_count']), (2, 1))
        self.assertIn('href="/my/complaints"', self.get('/my').text)

    def test_search_sort_and_filter(self):
        first = self.make_complaint(title="Alpha noise")
        second = self.make_complaint('answered', title="Beta dirt")
        third = self.make_complaint(kind='praise', title="Gamma thanks")
        self.make_complaint(title="The neighbour's", partner_id=self.neighbour.id, unit_id=self.unit2.id)
        self.make_complaint(title="Of the same flat", partner_id=self.former.id)
        for query, expected in (
            ('', third | second | first), ('?sortby=old', first | second | third), ('?filterby=answered', second),
            ('?filterby=praise', third), ('?filterby=open', third | first), ('?filterby=over', second), ('?search=alpha', first),
            (f'?search_in=name&search={second.name}', second), ('?search_in=name&search=alpha', self.Complaint),
        ):
            self.assertEqual(self.get_rows(f'/my/complaints{query}'), expected.ids, query)

    def test_odd_parameters(self):
        self.make_complaint()
        for query in (
            '?sortby=zzz', '?filterby=zzz', '?search_in=zzz&search=x', '?search=%25%27%22', '?search=%00', '?search=' + 'x' * 5000,
            '/page/zzz', '/page/-1', '/page/99999999999999999999', '/page/0', '?page=zzz', '?date_begin=zzz&date_end=%00', '?info=zzz',
        ):
            self.assertEqual(self.get(f'/my/complaints{query}').status_code, 200, query)
        for path in ('0', '99999999999', 'zzz', '-1'):
            self.assertEqual(self.get(f'/my/complaints/{path}').status_code, 404, path)

    def test_query_count_does_not_grow_with_the_list(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            self.get('/my/complaints')
            before = self.env.cr.sql_log_count
            self.env.invalidate_all()
            self.get('/my/complaints')
            return self.env.cr.sql_log_count - before

        self.make_complaint()
        self.make_complaint(partner_id=self.neighbour.id, unit_id=self.unit2.id, complainant_ids=[Command.set(self.resident.ids)])
        few = count()
        for number in range(18):
            self.make_complaint(title=f"Matter {number}", kind=('complaint', 'praise', 'suggestion')[number % 3])
        self.assertLessEqual(count(), few)

    # ---- NEW ----

    def test_new_with_photo(self):
        service = self.make_request()
        page = self.get(f'/my/complaints/new?service={service.id}&kind=suggestion').text
        self.assertRegex(page, rf'value="{service.id}"[^>]*selected')
        self.assertRegex(page, r'id="kind_suggestion"[^>]*checked')
        answer = self.send(
            files={'photos': ('a.png', make_photo(), 'image/png')}, request_id=service.id, category_id=self.category.id,
            demand="Insulate the pump.", occurred_at='2026-01-02T03:04')
        self.assertEqual(answer.status_code, 303)
        complaint = self.Complaint.search([('partner_id', '=', self.resident.id)])
        self.assertIn(f'/my/complaints/{complaint.id}?info=created', answer.headers['Location'])
        self.assertEqual(
            (complaint.kind, complaint.channel, complaint.state, complaint.demand, complaint.request_id, complaint.unit_id),
            ('complaint', 'portal', 'new', "Insulate the pump.", service, self.unit))
        self.assertEqual(str(complaint.occurred_at), '2026-01-01 19:04:00', "as the clock in Shanghai showed it")
        self.assertEqual(complaint.attachment_ids.name, 'a.png')
        page = self.get(f'/my/complaints/{complaint.id}')
        self.assertIn("Insulate the pump.", page.text)
        self.assertEqual(self.get(f'/my/complaints/{complaint.id}/file/{complaint.attachment_ids.id}').content, make_photo())

    def test_refused_forms_keep_what_was_written(self):
        foreign = self.make_request(partner_id=self.neighbour.id, unit_id=self.unit2.id)
        for changes in (
            {'unit_id': self.unit2.id}, {'unit_id': 'zzz'}, {'kind': 'zzz'}, {'title': ' '}, {'title': 'x' * 121},
            {'category_id': 999999}, {'request_id': foreign.id}, {'request_id': 10 ** 9}, {'occurred_at': 'zzz'},
            {'occurred_at': '9999-12-31T23:59'}, {'occurred_at': '0001-01-01T00:00'}, {'description': 'y' * 10001},
        ):
            answer = self.send(demand="Keep me", **changes)
            self.assertEqual(answer.status_code, 422, changes)
            self.assertTrue(self.get_error(answer))
            self.assertIn("Keep me", answer.text)
        answer = self.send(files={'photos': ('a.png', b'no picture', 'image/png')})
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.Complaint.search([('partner_id', '=', self.resident.id)]))
        with mute_logger('odoo.http'):
            self.assertEqual(self.post('/my/complaints/new', self.complaint_form(), csrf=False).status_code, 400)

    def test_limits_count_all_cases(self):
        self.company.property_daily_limit = 3
        self.assertEqual(self.post('/my/services/new', self.new_form()).status_code, 303)
        self.assertEqual(self.send().status_code, 303)
        again = self.send()
        self.assertEqual(again.status_code, 422)
        self.assertIn("just sent the same", self.get_error(again))
        self.assertEqual(self.send(kind='suggestion').status_code, 303)
        full = self.send(title="Another matter")
        self.assertIn("within 24 hours", self.get_error(full))
        self.assertIn("within 24 hours", self.get_error(self.post('/my/services/new', self.new_form(title="Another"))))
        with self.assertRaisesRegex(UserError, "within 24 hours"):
            self.as_role('resident', 'property.service.complaint').create({'title': "By RPC", 'unit_id': self.unit.id})

    # ---- WITHOUT A NAME ----

    def test_anonymous_keeps_nothing(self):
        answer = self.send(
            files={'photos': ('a.png', make_photo(), 'image/png')}, anonymous='1', contact_phone="138 0013 8000")
        self.assertIn('/my/complaints?info=anonymous', answer.headers['Location'])
        complaint = self.Complaint.search([('anonymous', '=', True)])
        self.assertFalse(complaint.partner_id or complaint.contact_name or complaint.contact_phone or complaint.unit_id)
        self.assertEqual((complaint.building_id, complaint.estate_id), (self.building, self.estate))
        user = self.users['resident']
        for record in (complaint, complaint.state_log_ids, complaint.attachment_ids, complaint.message_ids):
            for name, field in record._fields.items():
                if field.comodel_name in ('res.users', 'res.partner') and field.store:
                    self.assertFalse(record[name] & (user if field.comodel_name == 'res.users' else self.resident), field)
        self.assertNotIn(self.resident, complaint.message_ids.author_id)
        self.assertEqual(self.get_rows('/my/complaints'), [])
        self.assertEqual(self.get(f'/my/complaints/{complaint.id}').status_code, 404)

    def test_anonymous_flood(self):
        self.company.property_daily_limit = 2
        for number in range(2):
            self.assertEqual(self.send(anonymous='1', title=f"Matter {number}").status_code, 303)
        self.assertEqual(self.send(anonymous='1', title="Third").status_code, 422)
        self.assertEqual(self.send(title="With a name").status_code, 303)

    # ---- PAGE AND STEPS ----

    def test_page_tells_the_way(self):
        complaint = self.make_complaint('resolved')
        page = self.get(f'/my/complaints/{complaint.id}').text
        for text in ("Given to our team", "We look into it", "Noise at night", "Li takes care."):
            self.assertIn(text, page)
        self.assertNotIn("insulated the pump", page, "the answer is still being written")
        with self.assertRaises(AccessError):
            self.as_role('resident', complaint).read(['reply'])
        complaint.action_answer()
        self.env.flush_all()
        self.assertIn("insulated the pump", self.get(f'/my/complaints/{complaint.id}').text)
        self.assertIn("insulated", self.as_role('resident', complaint).read(['portal_reply'])[0]['portal_reply'])

    def test_notes_of_staff_stay_hidden(self):
        complaint = self.make_complaint('investigating', about_employee_id=self.worker.id)
        complaint.message_post(body="Between us", subtype_xmlid='mail.mt_note', message_type='comment')
        page = self.get(f'/my/complaints/{complaint.id}').text
        for secret in ("Between us", "Wang Worker"):
            self.assertNotIn(secret, page)

    def test_accept(self):
        complaint = self.make_complaint('answered')
        self.assertEqual(self.complaint_step(complaint, 'accept').status_code, 303)
        self.assertEqual((complaint.state, complaint.answer_response), ('closed', 'accepted'))

    def test_not_accepted(self):
        complaint = self.make_complaint('answered')
        self.assertEqual(self.complaint_step(complaint, 'reopen', reopen_reason=" ").status_code, 422)
        answer = self.complaint_step(complaint, 'reopen', reopen_reason="It still hums.")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(
            (complaint.state, complaint.answer_response, complaint.reopen_count, complaint.reopen_reason),
            ('investigating', 'not_accepted', 1, "It still hums."))
        self.assertEqual(complaint.activity_ids.user_id, self.users['agent'])
        self.assertIn("It still hums.", self.get(f'/my/complaints/{complaint.id}').text)

    def test_old_picture(self):
        complaint = self.make_complaint('answered')
        version = self.get_complaint_version(complaint)
        complaint.title = "Changed meanwhile"
        complaint.flush_recordset()
        self.env.cr.execute("UPDATE property_service_complaint SET write_date = write_date + interval '1 second' WHERE id = %s", [complaint.id])
        answer = self.post(f'/my/complaints/{complaint.id}/reopen', {'version': version, 'reopen_reason': "Nothing is lost"})
        self.assertEqual(answer.status_code, 409)
        self.assertIn("Nothing is lost", answer.text)
        self.assertEqual(complaint.state, 'answered')

    def test_withdraw(self):
        complaint = self.make_complaint('investigating')
        self.assertEqual(self.complaint_step(complaint, 'withdraw').status_code, 303)
        self.assertEqual(complaint.state, 'withdrawn')
        complaint = self.make_complaint('answered')
        self.assertEqual(self.complaint_step(complaint, 'withdraw').status_code, 422)

    def test_message_chase_and_photos(self):
        complaint = self.make_complaint('assigned')
        self.assertEqual(self.complaint_step(complaint, 'message', message="Also on Sundays.").status_code, 303)
        message = complaint.message_ids[0]
        self.assertEqual((message.author_id, message.notified_partner_ids), (self.resident, self.users['agent'].partner_id))
        self.assertEqual(self.complaint_step(complaint, 'chase', chase_message="Hello?").status_code, 303)
        self.assertEqual(complaint.chase_count, 1)
        self.assertEqual(complaint.activity_ids.user_id, self.users['agent'])
        self.assertEqual(self.complaint_step(complaint, 'chase').status_code, 422)
        answer = self.post(f'/my/complaints/{complaint.id}/photos', {}, files={'photos': ('b.png', make_photo(), 'image/png')})
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(complaint.attachment_ids.name, 'b.png')
        self.assertIn("Also on Sundays.", self.get(f'/my/complaints/{complaint.id}').text)

    def test_steps_are_posts(self):
        complaint = self.make_complaint('answered')
        for step in ('message', 'chase', 'accept', 'reopen', 'withdraw', 'photos'):
            self.assertEqual(self.get(f'/my/complaints/{complaint.id}/{step}').status_code, 405, step)
            with mute_logger('odoo.http'):
                self.assertEqual(self.post(f'/my/complaints/{complaint.id}/{step}', {'message': "x"}, csrf=False).status_code, 400, step)
        self.assertEqual(complaint.state, 'answered')

    # ---- BREAKING IN ----

    def test_strangers(self):
        complaint = self.make_complaint('answered')
        complaint._attach_photos([('a.png', make_photo(), 'image/png')])
        attachment = complaint.attachment_ids
        for role in ('neighbour', 'former', 'technician', 'agent', 'hr'):
            self.login(role)
            self.assertEqual(self.get(f'/my/complaints/{complaint.id}').status_code, 404, role)
            self.assertEqual(self.get(f'/my/complaints/{complaint.id}/file/{attachment.id}').status_code, 404, role)
            for step in ('message', 'chase', 'accept', 'reopen', 'withdraw', 'photos'):
                answer = self.post(f'/my/complaints/{complaint.id}/{step}', {'message': "x", 'reopen_reason': "x"})
                self.assertEqual(answer.status_code, 404, (role, step))
            self.assertEqual(self.get_rows('/my/complaints'), [], role)
        self.authenticate(None, None)
        for path in ('', f'/{complaint.id}', '/new', f'/{complaint.id}/file/{attachment.id}'):
            self.assertIn('/web/login', self.url_open(f'/my/complaints{path}', allow_redirects=False).headers.get('Location', ''), path)
        self.assertEqual((complaint.state, complaint.chase_count), ('answered', 0))

    def test_who_moved_out_sees_nothing(self):
        complaint = self.make_complaint('answered')
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        self.env.flush_all()
        self.assertEqual(self.get(f'/my/complaints/{complaint.id}').status_code, 404)
        self.assertEqual(self.post(f'/my/complaints/{complaint.id}/accept').status_code, 404)
        for call in (
            lambda own: own.read(['title']), lambda own: own.action_accept_answer(), lambda own: own.action_chase(),
            lambda own: own.get_timeline(), lambda own: own.message_post(body="x"),
        ):
            with self.assertRaises(MissingError), self.cr.savepoint():
                call(self.as_role('resident', complaint))

    # ---- SEVERAL COMPLAINANTS ----

    def test_each_sees_the_case_and_none_the_others(self):
        complaint = self.make_shared('answered', description="I, Zhang San, cannot sleep.", demand="Stop it", contact_phone="138 0013 8000")
        complaint._attach_photos([('a.png', make_photo(), 'image/png')])
        self.complaint_step(complaint, 'message', message="Only between us")
        self.login('neighbour')
        self.assertEqual(self.get_rows('/my/complaints'), complaint.ids)
        page = self.get(f'/my/complaints/{complaint.id}').text
        for text in ("Noise at night", "insulated the pump", "Li takes care."):
            self.assertIn(text, page)
        for secret in ("Zhang San", "cannot sleep", "Stop it", "138 0013 8000", "3-2-1201", "Only between us", "a.png"):
            self.assertNotIn(secret, page)
        self.assertEqual(self.get(f'/my/complaints/{complaint.id}/file/{complaint.attachment_ids.id}').status_code, 404)
        self.assertEqual(self.complaint_step(complaint, 'message', message="I hear it, too").status_code, 303)
        self.login('resident')
        page = self.get(f'/my/complaints/{complaint.id}').text
        for secret in ("I hear it, too", "Test Neighbour"):
            self.assertNotIn(secret, page)
        own = self.as_role('resident', complaint)
        with self.assertRaises(AccessError):
            own.read(['complainant_ids'])
        messages = self.env['mail.message'].with_user(self.users['resident']).search([
            ('model', '=', complaint._name), ('res_id', '=', complaint.id)])
        self.assertTrue(messages)
        self.assertNotIn("I hear it, too", " ".join(messages.mapped('body')))
        self.assertNotIn(self.neighbour, messages.sudo().partner_ids | messages.sudo().author_id)

    def test_joined_over_rpc(self):
        complaint = self.make_shared('answered')
        joined = self.as_role('neighbour', complaint)
        for call in (
            lambda: joined.read(['title']), lambda: joined.action_withdraw(), lambda: joined.action_close(),
            lambda: joined.action_add_photos(photos=[]), lambda: joined.get_timeline(), lambda: joined.message_post(body="x"),
        ):
            with self.assertRaises(MissingError), self.cr.savepoint():
                call()
        joined.action_accept_answer()
        self.assertEqual(complaint.state, 'answered', "the first complainant closes")
        joined.action_reopen(reason="Not for me")
        self.assertEqual((complaint.state, complaint.answer_response), ('investigating', 'not_accepted'))

    def test_joined_and_moved_out(self):
        complaint = self.make_shared('answered')
        self.unit2.residency_ids.action_move_out()
        self.env.flush_all()
        self.login('neighbour')
        self.assertEqual(self.get(f'/my/complaints/{complaint.id}').status_code, 404)
        with self.assertRaises(MissingError), self.cr.savepoint():
            self.as_role('neighbour', complaint).action_chase()
        self.assertNotIn(self.neighbour, complaint._get_told_complainants()[complaint])
        with self.assertRaises(MissingError), self.cr.savepoint():
            self.as_role('former', self.make_complaint(complainant_ids=[Command.set(self.former.ids)])).action_chase()

    # ---- STAFF ----

    def test_staff_notes_calls_and_chases(self):
        complaint = self.as_role('agent', self.make_complaint('assigned', unit_id=self.unit.id))
        dialog = complaint.action_log_contact()
        wizard = self.as_role('agent', dialog['res_model']).with_context(dialog['context']).create({
            'reason': "She hears it at ten", 'direction': 'in'})
        wizard.action_apply()
        self.assertIn("She hears it at ten", complaint.message_ids[0].body)
        dialog = complaint.action_chase()
        wizard = self.as_role('agent', dialog['res_model']).with_context(dialog['context']).create({'reason': "Called again"})
        wizard.action_apply()
        self.assertEqual(complaint.chase_count, 1)
        note = complaint.message_ids[0]
        self.assertEqual(note.subtype_id, self.env.ref('mail.mt_note'))
        self.assertNotIn(self.resident, note.notified_partner_ids)
        with self.assertRaises(MissingError), self.cr.savepoint():
            self.as_role('technician', complaint).action_chase(message="x")
