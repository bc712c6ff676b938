import re

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged

from .portal_common import PropertyServicePortalCase, make_photo


@tagged('post_install', '-at_install')
class TestPortalPages(PropertyServicePortalCase):
    """What residents see, and what they do not."""

    def setUp(self):
        super().setUp()
        self.login('resident')

    def call(self, url, **params):
        return self.url_open(url, json={'params': params}).json()

    # ---- HOME AND LIST ----

    def test_home_counts(self):
        self.make_request()
        self.make_request('in_progress')
        self.make_request('done')
        self.make_request('closed')
        self.make_request(partner_id=self.neighbour.id, unit_id=self.unit2.id)
        counts = self.call('/my/counters', counters=['service_open_count', 'service_done_count'])['result']
        self.assertEqual((counts['service_open_count'], counts['service_done_count']), (2, 1))
        self.assertIn('href="/my/services"', self.get('/my').text)

    def test_list_shows_own_requests_only(self):
        self.make_request(title="Mine to see")
        self.make_request(title="The neighbour's", partner_id=self.neighbour.id, unit_id=self.unit2.id)
        self.make_request(title="Of the same flat", partner_id=self.former.id)
        page = self.get('/my/services').text
        self.assertIn("Mine to see", page)
        self.assertNotIn("neighbour", page)
        self.assertNotIn("Of the same flat", page)

    def test_search_sort_and_filter(self):
        first = self.make_request(title="Alpha lamp")
        second = self.make_request('done', title="Beta tap")
        rows = self.get_rows('/my/services')
        self.assertEqual(rows, [second.id, first.id])
        self.assertEqual(self.get_rows('/my/services?sortby=old'), [first.id, second.id])
        self.assertEqual(self.get_rows('/my/services?filterby=done'), [second.id])
        self.assertEqual(self.get_rows('/my/services?filterby=open'), [first.id])
        self.assertEqual(self.get_rows('/my/services?filterby=over'), [second.id])
        self.assertEqual(self.get_rows('/my/services?search=alpha'), [first.id])
        self.assertEqual(self.get_rows(f'/my/services?search_in=name&search={second.name}'), [second.id])
        self.assertEqual(self.get_rows('/my/services?search_in=name&search=alpha'), [])
        self.assertIn("Nothing found", self.get('/my/services?search=nowhere').text)

    def get_rows(self, path):
        response = self.get(path)
        self.assertEqual(response.status_code, 200, path)
        return [int(number) for number in re.findall(r'href="/my/services/(\d+)"', response.text)]

    def test_bad_query_strings_are_never_an_error(self):
        self.make_request()
        for query in (
            'sortby=zzz', 'filterby=zzz', 'search_in=zzz&search=a', 'page=-1', 'page=abc', 'page=0', 'page=99999999999999999999',
            'page=%C2%B2', 'search=%00', 'search=a%00b', 'search=%25%27%22%5C', 'search=' + 'x' * 5000,
            'date_begin=zzz&date_end=%00',
            'sortby[]=a', 'sortby=__class__', 'unknown=1', 'filterby=%00', 'groupby=x', 'search=%F0%9F%9A%B0', 'search=%ff%fe',
        ):
            with self.subTest(query=query[:40]):
                self.assertEqual(self.get(f'/my/services?{query}').status_code, 200)
        for page in ('0', '-1', 'abc', '99999999999999999999'):
            with self.subTest(page=page):
                self.assertEqual(self.get(f'/my/services/page/{page}').status_code, 200)

    def test_pages_of_eighty(self):
        self.env['property.service.request'].create([{
            'title': f"Lamp {number}", 'type_id': self.type_repair.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id,
        } for number in range(85)])
        self.assertEqual(len(self.get_rows('/my/services')), 80)
        self.assertEqual(len(self.get_rows('/my/services/page/2')), 5)
        self.assertEqual(len(self.get_rows('/my/services?page=2')), 5)
        self.assertEqual(len(self.get_rows('/my/services?page=7')), 5)

    def test_query_count_does_not_grow_with_the_list(self):
        units = self.env['property.service.unit'].create([
            {'name': f"G-{number}", 'code': f"G{number}", 'building_id': self.building.id, 'use': 'common'}
            for number in range(60)])

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.get_rows('/my/services')
            return self.env.cr.sql_log_count - before

        values = {'title': "Lamp", 'type_id': self.type_repair.id, 'partner_id': self.resident.id}
        self.env['property.service.request'].create([{**values, 'unit_id': unit.id} for unit in units[:6]])
        self.env.flush_all()
        count()
        few = count()
        self.env['property.service.request'].create([{**values, 'unit_id': unit.id} for unit in units[6:]])
        self.env.flush_all()
        count()
        self.assertEqual(count(), few)

    # ---- ONE REQUEST ----

    def test_timeline_tells_what_was_and_what_comes(self):
        request = self.make_request('dispatched')
        page = " ".join(self.get(f'/my/services/{request.id}').text.split())
        for text in ("Request received", "Checked and approved", "Wang Worker takes care of it", "Wang Worker comes"):
            self.assertIn(text, page)
        request.action_start()
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Washer replaced.")
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("Washer replaced.", page)
        self.assertIn("Please accept the work or return it", page)

    def test_record_being_written_is_not_read_by_the_resident(self):
        request = self.make_request('in_progress')
        own = self.as_role('resident', request)
        request.work_summary = "He is never at home."
        self.env.flush_all()
        with self.assertRaises(AccessError):
            own.read(['work_summary'])
        self.assertFalse(own.read(['portal_work_summary'])[0]['portal_work_summary'])
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Washer replaced.")
        self.assertEqual(own.read(['portal_work_summary'])[0]['portal_work_summary'], "Washer replaced.")
        own.action_return(reason="It drips again")
        request.work_summary = "He broke it himself."
        self.env.flush_all()
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("Washer replaced.", page, "what was told stays to be read")
        self.assertNotIn("broke it himself", page)
        self.assertEqual(own.read(['portal_work_summary'])[0]['portal_work_summary'], "Washer replaced.")
        request.action_done(summary="Whole tap replaced.")
        self.assertEqual(own.read(['portal_work_summary'])[0]['portal_work_summary'], "Whole tap replaced.")

    def test_next_step_has_a_deadline(self):
        request = self.make_request()
        timeline = self.as_role('resident', request).get_timeline()
        self.assertEqual(timeline['next']['by'], request.response_deadline)
        self.assertTrue(timeline['next']['by'])
        self.assertFalse(timeline['next']['late'])
        request.action_register()
        request.action_approve()
        self.assertEqual(self.as_role('resident', request).get_timeline()['next']['by'], request.resolution_deadline)
        for unseen in (request, self.env['property.service.request'].browse(2 ** 31 - 2)):
            with self.assertRaises(MissingError):
                self.as_role('neighbour', unseen).get_timeline()

    def test_rated_and_closed_is_the_end(self):
        request = self.make_request('closed')
        self.assertFalse(self.as_role('resident', request).get_timeline()['next'])

    def test_late_work_is_admitted(self):
        request = self.make_request()
        request._as_system().write({'response_deadline': fields.Datetime.subtract(fields.Datetime.now(), hours=1)})
        self.env.flush_all()
        self.assertIn("We are late", self.get(f'/my/services/{request.id}').text)

    def test_internal_words_never_reach_the_resident(self):
        request = self.make_request('dispatched')
        request.with_user(self.users['agent']).message_post(body="INTERNAL-NOTE he is difficult", subtype_xmlid='mail.mt_note')
        reason = self.env['property.service.waiting.reason'].create({'name': "Spare parts", 'code': 'test_parts'})
        request.action_wait(reason_id=reason.id, note="SECRET-WAIT cheap supplier")
        request.action_resume()
        request.activity_schedule('mail.mail_activity_data_todo', summary="SECRET-ACTIVITY")
        self.worker.write({'private_email': 'private@example.com', 'mobile_phone': '+86 139 9999 0000'})
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("Waiting: Spare parts", page)
        for secret in ('INTERNAL-NOTE', 'SECRET', 'private@example.com', '9999 0000'):
            self.assertNotIn(secret, page)

    def test_reasons_of_staff_for_cancelling_stay_inside(self):
        request = self.make_request()
        request.with_user(self.users['agent']).action_cancel(reason="SECRET duplicate of a troublemaker")
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("Cancelled", page)
        self.assertNotIn("SECRET", page)
        rejected = self.make_request()
        rejected.action_reject(reason="The lift belongs to the city.")
        self.assertIn("The lift belongs to the city.", self.get(f'/my/services/{rejected.id}').text)

    def test_merged_request_shows_the_masters_progress_and_nothing_more(self):
        master = self.make_request(
            partner_id=self.neighbour.id, unit_id=self.lobby.id, title="SECRET master", description="SECRET")
        mine = self.make_request(unit_id=self.lobby.id, title="Lift stands still")
        mine.action_merge(master_id=master.id)
        self.drive_to_done(master)
        page = self.get(f'/my/services/{mine.id}').text
        self.assertIn("Goes on together with an earlier report", page)
        self.assertIn("Work is done", page)
        for secret in ('SECRET', 'Test Neighbour', "Washer replaced"):
            self.assertNotIn(secret, page)
        self.assertEqual(self.get(f'/my/services/{master.id}').status_code, 404)

    def drive_to_done(self, request):
        request.action_register()
        request.action_approve()
        request.action_dispatch(employee_id=self.worker.id)
        request.action_start()
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Washer replaced.")

    def test_text_of_residents_is_text(self):
        request = self.make_request(title="<script>alert(1)</script>", description="<img src=x onerror=alert(2)>")
        request.with_user(self.users['resident']).sudo().message_post(body="<b onclick=alert(3)>x</b>")
        page = self.get(f'/my/services/{request.id}').text
        for text in ('<script>alert(1)', '<img src=x', '<b onclick'):
            self.assertNotIn(text, page)
        self.assertIn('&lt;b onclick=alert(3)&gt;', page)

    def test_pages_in_chinese_and_english_render(self):
        request = self.make_request('done')
        self.env['res.lang']._activate_lang('zh_CN')
        self.users['resident'].lang = 'zh_CN'
        self.login('resident')
        for path in ('/my', '/my/services', '/my/services/new', f'/my/services/{request.id}'):
            response = self.get(path)
            self.assertEqual(response.status_code, 200)
            self.assertIn('"bundle_params": {"lang": "zh_CN"}', response.text)

    def test_staff_who_live_here_see_their_own_requests(self):
        agent = self.users['agent']
        self.env['property.service.residency'].create({'unit_id': self.unit2.id, 'partner_id': agent.partner_id.id, 'role': 'tenant'})
        mine = self.make_request(partner_id=agent.partner_id.id, unit_id=self.unit2.id, title="The agent's own tap")
        other = self.make_request(title="A resident's tap")
        self.login('agent')
        page = self.get('/my/services').text
        self.assertIn("own tap", page)
        self.assertNotIn("A resident", page)
        page = self.get(f'/my/services/{mine.id}')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn('o_property_message_form', page.text, "staff acts in the office's screens")
        self.assertEqual(self.get(f'/my/services/{other.id}').status_code, 404)

    # ---- FILES ----

    def test_files_are_served_as_long_as_the_request_may_be_seen(self):
        request = self.make_request()
        request._attach_photos([('leak.png', make_photo(), 'image/png')])
        note = self.env['ir.attachment'].create({
            'name': 'internal.png', 'raw': make_photo(), 'res_model': request._name, 'res_id': request.id})
        request.message_post(body="look", attachment_ids=note.ids, subtype_xmlid='mail.mt_note')
        path = f'/my/services/{request.id}/file/{request.attachment_ids.id}'
        response = self.get(path)
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, 'image/png'))
        self.assertEqual(self.get(f'/my/services/{request.id}/file/{note.id}').status_code, 404, "file of an internal note")
        self.assertEqual(self.get(f'/my/services/{request.id}/file/999999999999').status_code, 404)
        self.assertNotEqual(self.get(f'/web/content/{request.attachment_ids.id}').status_code, 200)
        self.login('neighbour')
        self.assertEqual(self.get(path).status_code, 404)
        self.login('resident')
        self.unit.residency_ids.filtered(lambda residency: residency.partner_id == self.resident).action_move_out()
        self.assertEqual(self.get(path).status_code, 404)
