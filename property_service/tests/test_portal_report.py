import base64
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import MissingError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.cases.case_portal import _LOCK_NAMESPACE
from .portal_common import PropertyServicePortalCase, make_photo


@tagged('post_install', '-at_install')
class TestPortalReport(PropertyServicePortalCase):
    """Reporting in the portal: form, QR code, photos, limits."""

    def setUp(self):
        super().setUp()
        self.login('resident')
        self.Request = self.env['property.service.request']

    def report(self, files=None, **changes):
        return self.post('/my/services/new', self.new_form(**changes), files)

    def get_last(self):
        return self.Request.search([('partner_id', '=', self.resident.id)], order='id desc', limit=1)

    # ---- FORM ----

    def test_form_shows_own_units_services_and_promises(self):
        self.type_repair.write({'price_note': "Free in the first year", 'description': "Taps and pipes."})
        self.type_simple.portal_visible = False
        page = self.get('/my/services/new').text
        self.assertIn("3-2-1201", page)
        self.assertIn("Lobby", page)
        self.assertNotIn("3-2-1202", page)
        self.assertIn("Water Leak", page)
        self.assertNotIn("Parcel", page)
        self.assertIn("Free in the first year", page)
        self.assertIn("Taps and pipes.", page)
        self.assertIn("First answer within 24 hours", " ".join(page.split()).replace("<!-- -->", ""))

    def test_report_creates_request_of_the_resident(self):
        response = self.report(files=[
            ('photos', ('leak.png', make_photo(), 'image/png')), ('photos', ('b.jpg', make_photo('JPEG'), 'image/jpeg'))])
        self.assertEqual(response.status_code, 303)
        request = self.get_last()
        self.assertURLEqual(response.headers['Location'], f'/my/services/{request.id}?info=created')
        self.assertEqual(
            (request.state, request.channel, request.unit_id, request.partner_id, request.type_id),
            ('new', 'portal', self.unit, self.resident, self.type_repair))
        self.assertEqual((request.title, request.description), ("Kitchen tap leaks", "Since this morning."))
        self.assertFalse(request.user_id)
        self.assertEqual(set(request.attachment_ids.mapped('mimetype')), {'image/png', 'image/jpeg'})
        self.assertEqual(set(request.attachment_ids.mapped('res_id')), {request.id})
        page = self.get(response.headers['Location'])
        self.assertIn("We have received your request", page.text)

    def test_common_area(self):
        self.assertEqual(self.report(unit_id=self.lobby.id).status_code, 303)
        self.assertEqual(self.get_last().unit_id, self.lobby)

    def test_refused_form_comes_back_as_filled_in(self):
        response = self.report(
            type_id='', title="Lamp <b>broken</b>", description="Third floor & hall", contact_phone="139 1111 2222")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Choose a service", self.get_error(response))
        for text in ("Lamp &lt;b&gt;broken&lt;/b&gt;", "Third floor &amp; hall", "139 1111 2222"):
            self.assertIn(text, response.text)
        self.assertFalse(self.get_last())

    def test_bad_values_are_refused_with_words(self):
        for changes, text in (
            ({'title': '   '}, "Say in a few words"),
            ({'title': 'x' * 121}, "at most 120 characters"),
            ({'description': 'x' * 10001}, "at most 10000 characters"),
            ({'unit_id': self.unit2.id}, "Choose one of your units"),
            ({'unit_id': '99999999999999999999'}, "Choose one of your units"),
            ({'unit_id': 'abc'}, "Choose one of your units"),
            ({'unit_id': '-1'}, "Choose one of your units"),
            ({'type_id': '2147483648'}, "Choose a service"),
            ({'type_id': "1; drop table"}, "Choose a service"),
        ):
            with self.subTest(changes=str(changes)[:60]):
                response = self.report(**changes)
                self.assertEqual(response.status_code, 422)
                self.assertIn(text, self.get_error(response))
        self.assertFalse(self.get_last())

    def test_fields_that_are_not_asked_are_not_taken(self):
        self.report(state='closed', partner_id=self.neighbour.id, employee_id=self.worker.id, priority='2', channel='phone')
        request = self.get_last()
        self.assertEqual((request.state, request.partner_id), ('new', self.resident))
        self.assertEqual((request.priority, request.channel), ('0', 'portal'))
        self.assertFalse(request.employee_id)

    def test_nul_bytes_are_dropped(self):
        self.assertEqual(self.report(title="Tap\x00 leaks", description="a\x00b").status_code, 303)
        self.assertEqual((self.get_last().title, self.get_last().description), ("Tap leaks", "ab"))

    def test_hidden_and_archived_services_are_refused(self):
        self.type_repair.portal_visible = False
        self.assertEqual(self.report().status_code, 422)
        self.type_repair.write({'portal_visible': True, 'active': False})
        self.assertEqual(self.report().status_code, 422)

    # ---- QR CODE ----

    def test_qr_code_of_common_area_serves_anyone_signed_in(self):
        self.login('former')
        page = self.get(f'/my/services/report/{self.lobby.qr_token}')
        self.assertEqual(page.status_code, 200)
        self.assertIn("Lobby", page.text)
        response = self.post('/my/services/new', {
            'place': self.lobby.qr_token, 'type_id': self.type_repair.id, 'title': "Lamp is out"})
        self.assertEqual(response.status_code, 303)
        request = self.Request.search([('partner_id', '=', self.former.id)])
        self.assertEqual(request.unit_id, self.lobby)
        self.assertEqual(self.get(f'/my/services/{request.id}').status_code, 200)

    def test_qr_code_of_home_serves_its_residents_only(self):
        self.assertIn("3-2-1201", self.get(f'/my/services/report/{self.unit.qr_token}').text)
        for role in ('neighbour', 'former'):
            self.login(role)
            foreign = self.get(f'/my/services/report/{self.unit.qr_token}')
            absent = self.get('/my/services/report/0123456789abcdef')
            self.assertEqual((foreign.status_code, absent.status_code), (404, 404))
            self.assertNotIn("1201", foreign.text)
            response = self.post('/my/services/new', {'place': self.unit.qr_token, 'type_id': self.type_repair.id, 'title': "x"})
            self.assertEqual(response.status_code, 404)

    def test_renewed_qr_code_is_worthless(self):
        token = self.lobby.qr_token
        self.lobby.action_renew_qr()
        self.assertEqual(self.get(f'/my/services/report/{token}').status_code, 404)
        for token in ('%00', 'a' * 5000, "' or 1=1 --"):
            self.assertEqual(self.get(f'/my/services/report/{token}').status_code, 404)

    def test_staff_may_report_a_common_area(self):
        self.login('technician')
        response = self.post('/my/services/new', {
            'place': self.lobby.qr_token, 'type_id': self.type_repair.id, 'title': "Lamp is out"})
        self.assertEqual(response.status_code, 303)
        self.assertIn("Lamp is out", self.get(response.headers['Location']).text)

    # ---- PHOTOS ----

    def test_uploads_are_checked_by_content(self):
        page = b'<html><script>alert(1)</script></html>'
        vector = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
        for name, content, kind in (
            ('photo.png', page, 'image/png'), ('photo.svg', vector, 'image/svg+xml'), ('photo.jpg', vector, 'image/jpeg'),
            ('run.exe', b'MZ\x90\x00' + b'\x00' * 60, 'image/png'), ('cut.png', make_photo()[:20], 'image/png'),
            ('cut.jpg', b'\xff\xd8\xff\xe0' + b'x' * 100, 'image/jpeg'),
            ('bill.pdf', b'%PDF-1.4 x', 'application/pdf'), ('empty.png', b'', 'image/png'),
        ):
            with self.subTest(name=name):
                response = self.report(files=[('photos', (name, content, kind))])
                self.assertEqual(response.status_code, 422)
                self.assertIn("is not a photo", self.get_error(response))
                self.assertIn("Kitchen tap leaks", response.text)
        self.assertFalse(self.get_last())

    def test_eleven_photos_are_too_many(self):
        photos = [('photos', (f'{number}.png', make_photo(), 'image/png')) for number in range(11)]
        response = self.report(files=photos)
        self.assertEqual(response.status_code, 422)
        self.assertIn("At most 10 photos", self.get_error(response))
        self.assertEqual(self.report(files=photos[:10]).status_code, 303)
        self.assertEqual(len(self.get_last().attachment_ids), 10)

    def test_large_photo_is_refused(self):
        self.company.property_upload_mb = 1
        response = self.report(files=[('photos', ('big.png', make_photo() + b'\x00' * 1024 * 1024, 'image/png'))])
        self.assertEqual(response.status_code, 422)
        self.assertIn("larger than 1 MB", self.get_error(response))

    def test_file_names_cannot_harm(self):
        self.report(files=[('photos', ('../../etc/pass<wd>.php', make_photo(), 'image/png'))])
        self.assertEqual(self.get_last().attachment_ids.name, 'passwd.png')

    # ---- LIMITS ----

    def test_identical_text_is_refused_for_some_minutes(self):
        self.assertEqual(self.report().status_code, 303)
        again = self.report(title="KITCHEN tap leaks")
        self.assertEqual(again.status_code, 422)
        self.assertIn("just sent the same request", self.get_error(again))
        self.assertEqual(self.report(description="Another tap").status_code, 303)
        later = fields.Datetime.add(fields.Datetime.now(), minutes=11)
        with patch.object(fields.Datetime, 'now', lambda: later):
            self.assertEqual(self.report().status_code, 303)

    def test_identical_text_may_be_allowed(self):
        self.company.property_duplicate_minutes = 0
        self.assertEqual([self.report().status_code for _attempt in range(2)], [303, 303])

    def test_daily_limit(self):
        self.company.property_daily_limit = 2
        self.assertEqual([self.report(title=f"Report {n}").status_code for n in range(2)], [303, 303])
        refused = self.report(title="Report 3", description="All of it stays")
        self.assertEqual(refused.status_code, 422)
        self.assertIn("the most allowed is 2", self.get_error(refused))
        self.assertIn("All of it stays", refused.text)
        self.login('neighbour')
        self.assertEqual(self.report(unit_id=self.unit2.id).status_code, 303, "the limit is per resident")
        self.company.property_daily_limit = 0
        self.login('resident')
        self.assertEqual(self.report(title="Report 4").status_code, 303)

    def test_requests_taken_in_by_staff_do_not_count(self):
        self.company.property_daily_limit = 1
        self.make_request()
        self.assertEqual(self.report(title="Another").status_code, 303)

    def test_submissions_of_one_resident_follow_each_other(self):
        """Limits are counted: two at the same time would both find room. A second connection holds the resident's place."""
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_NAMESPACE, self.resident.id])
            refused = self.report()
            self.assertEqual(refused.status_code, 422)
            self.assertIn("just being saved", self.get_error(refused))
            self.login('neighbour')
            self.assertEqual(self.report(unit_id=self.unit2.id).status_code, 303, "others do not wait")
        self.login('resident')
        self.assertEqual(self.report().status_code, 303)

    def test_photos_of_api_clients(self):
        request = self.as_role('resident', self.make_request())
        photo = {'name': 'a.png', 'data': base64.b64encode(make_photo()).decode()}
        self.assertTrue(request.action_add_photos(photos=[photo] * 3))
        self.assertEqual(len(request.sudo().attachment_ids), 3)
        for photos in (
            [photo] * 8, [], None, [{'name': 'a.png', 'data': '***'}], [{'name': 'a.png'}], ['x'], [7],
            [{'name': 'a.png', 'data': base64.b64encode(b'<svg/>').decode()}],
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                request.action_add_photos(photos=photos)
        with self.assertRaises(MissingError), self.cr.savepoint():
            self.as_role('neighbour', request).action_add_photos(photos=[photo])
        self.assertEqual(len(request.sudo().attachment_ids), 3)

    def test_limits_hold_for_api_clients(self):
        self.company.property_daily_limit = 1
        self.report()
        values = {'title': "By program", 'unit_id': self.unit.id, 'type_id': self.type_repair.id, 'channel': 'app'}
        with mute_logger('odoo.http'):
            response = self.url_open('/web/dataset/call_kw/property.service.request/create', json={'params': {
                'model': 'property.service.request', 'method': 'create', 'kwargs': {}, 'args': [[values]]}})
        self.assertIn("the most allowed is 1", response.json()['error']['data']['message'])
