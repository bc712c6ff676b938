import base64
import io

from PIL import Image
from reportlab.graphics.barcode import qrencoder

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.property_service.tools.qr_code import qr_png

from .common import PropertyServiceCase, PropertyServiceTransactionCase


@tagged('-at_install', 'post_install')
class TestUnitFile(PropertyServiceTransactionCase):

    def test_qr_url(self):
        url = self.unit._get_qr_url()
        self.assertEqual(url, f"{self.unit.get_base_url()}/my/services/report/{self.unit.qr_token}")
        self.assertNotIn(str(self.unit.id) + '/', url.replace(self.unit.qr_token, ''), "nobody counts from one unit to the next")
        self.assertEqual(len({self.unit.qr_token, self.unit2.qr_token, self.lobby.qr_token}), 3)
        self.assertNotEqual(self.unit.copy({'code': 'COPY'}).qr_token, self.unit.qr_token)

    def test_qr_image_is_the_code_of_the_url(self):
        """Square by square what the encoder says, with its quiet zone: any reader reads it."""
        url = self.unit._get_qr_url()
        image = Image.open(io.BytesIO(base64.b64decode(self.unit.qr_image)))
        code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
        code.addData(url)
        code.version = code.calculate_version()
        code.makeImpl(False, 2)
        size = code.getModuleCount()
        self.assertEqual(image.size, ((size + 8) * 8, (size + 8) * 8))
        for row in range(-4, size + 4):
            for column in range(-4, size + 4):
                dark = 0 <= row < size and 0 <= column < size and code.isDark(row, column)
                self.assertEqual(image.getpixel(((column + 4) * 8 + 3, (row + 4) * 8 + 3)) == 0, dark, (row, column))
        self.assertEqual(qr_png(url), base64.b64decode(self.unit.qr_image))

    def test_renewing_makes_the_old_code_worthless(self):
        token, image = self.unit.qr_token, self.unit.qr_image
        self.as_role('supervisor', self.unit).action_renew_qr()
        self.assertNotEqual(self.unit.qr_token, token)
        self.assertNotEqual(self.unit.qr_image, image)
        with self.assertRaises(AccessError):
            self.as_role('technician', self.unit).action_renew_qr()
        with self.assertRaises(AccessError):
            self.as_role('resident', self.unit).read(['qr_token'])

    def test_pages_of_the_sheet(self):
        units = self.env['property.service.unit'].create(
            [{'code': f'Q{number:02d}', 'building_id': self.building.id} for number in range(14)])
        pages = units._get_qr_pages()
        self.assertEqual([[len(row) for row in page] for page in pages], [[3, 3, 3, 3], [3]])
        self.assertEqual([unit for page in pages for row in page for unit in row if unit], list(units))
        self.assertEqual(self.env['property.service.unit']._get_qr_pages(), [])

    def test_sheets(self):
        for name, record in (('property_service.report_unit_qr', self.unit | self.unit2),
            ('property_service.report_estate_qr', self.estate)):
            html, _type = self.env['ir.actions.report'].with_user(self.users['agent'])._render_qweb_html(name, record.ids)
            html = html.decode()
            for unit in record if record._name.endswith('unit') else record.unit_ids:
                self.assertIn(base64.b64encode(qr_png(unit._get_qr_url())).decode(), html.replace('\n', ''))
                self.assertIn(unit.name, html)
            self.assertNotIn(self.unit.qr_token, html, "the code alone carries it")

    def test_documents(self):
        self.env['ir.attachment'].create({'name': "plan.pdf", 'raw': b'%PDF', 'res_model': self.unit._name,
            'res_id': self.unit.id})
        self.assertEqual((self.unit.document_count, self.unit2.document_count), (1, 0))
        action = self.unit.action_open_documents()
        self.assertEqual(self.env['ir.attachment'].search(action['domain']).name, "plan.pdf")

    def test_search_view_of_units(self):
        """The domains of the search view, as the client sends them."""
        Unit = self.as_role('agent', 'property.service.unit')
        self.assertEqual(
            Unit.search([('residency_ids', 'any', [('is_current', '=', True), ('partner_id', 'ilike', "+86 138-0013-8000")])]),
                self.unit)
        vacant = Unit.search(['!', ('residency_ids', 'any', [('is_current', '=', True)])])
        self.assertIn(self.lobby, vacant)
        self.assertNotIn(self.unit, vacant)
        self.assertEqual(Unit.search([('display_name', 'ilike', "gg-3-1201")]), self.unit)


@tagged('-at_install', 'post_install')
class TestPlaceScreens(PropertyServiceCase, HttpCase):

    def test_qr_sheet_by_its_route(self):
        """The sheet as the client calls it (Odoo makes no PDF in tests): one card for each unit of the estate."""
        self.authenticate('ps_agent', 'ps_agent')
        response = self.url_open(f'/report/html/property_service.report_estate_qr/{self.estate.id}')
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.text.count('data:image/png;base64,'), self.estate.unit_count)

    def test_rejected_file_is_for_managers(self):
        job = self.env['property.service.resident.import'].with_user(self.users['manager']).create({
            'name': 'x.csv', 'file': base64.b64encode(b'estate,unit,name\n')})
        url = f'/web/content/property.service.resident.import/{job.id}/file'
        for role, status in (('manager', 200), ('agent', 404), ('resident', 404)):
            self.authenticate(f'ps_{role}', f'ps_{role}')
            self.assertEqual(self.url_open(url).status_code, status, role)
