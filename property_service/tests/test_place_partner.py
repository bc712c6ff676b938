from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase


@tagged('-at_install', 'post_install')
class TestResident(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env['res.partner']
        cls.resident.phone = "136 2743 7326"
        cls.office = cls.Partner.create({'name': "Garden Office 7326", 'phone': "(0755) 8666 1234", 'ref': "C-136274"})

    def find(self, text, role='agent', **context):
        return self.Partner.browse(
            found[0] for found in self.as_role(role, 'res.partner').with_context(**context).name_search(text))

    # ---- SEARCH ----

    def test_by_phone_in_any_notation(self):
        for text in ("13627437326", "136 2743 7326", "+86 136-2743-7326", "0086 13627437326", "１３６２７４３７３２６",
            "(+86)136.2743.7326",
                     "136-2743-7326 转 8"):
            with self.subTest(text=text):
                self.assertEqual(self.find(text), self.resident)
        for text in ("0755-86661234", "+86 755 86661234", "0755 8666 1234-801"):
            with self.subTest(text=text):
                self.assertEqual(self.find(text), self.office)

    def test_by_part_of_the_phone(self):
        self.assertIn(self.resident, self.find("136-2743"))
        self.assertIn(self.resident, self.find("27437326"))
        self.assertEqual(self.find("86661234"), self.office, "the area code is left out")
        self.assertEqual(self.find("7326"), self.resident | self.office, "the end of a number, or part of a name")
        self.assertNotIn(self.resident, self.find("7327"))
        self.assertIn(self.Partner.create({'name': "Supplier", 'ref': "1362743-B"}), self.find("1362743"),
            "a reference that begins so")

    def test_by_reference_and_name_as_ever(self):
        self.assertEqual(self.find("C-136274"), self.office)
        self.assertEqual(self.find("Garden Off"), self.office)
        self.assertEqual(self.find("zhang san"), self.resident)
        self.assertFalse(self.find("nobody of this name"))
        chinese = self.Partner.create([{'name': "欧阳娜娜"}, {'name': "Company", 'ref': "业主欧阳"}, {'name': "欧 阳"}])
        self.assertEqual(self.find("欧阳"), chinese[0] | chinese[1])
        self.assertEqual(self.find("阳娜"), chinese[0])
        self.assertFalse(self.find("欧阳锋"))
        self.assertTrue(self.find(""))

    def test_by_unit(self):
        self.assertEqual(self.find("3-2-1201"), self.resident, "only those who live there today")
        self.assertEqual(self.find("GG-3-1201"), self.resident)
        self.assertEqual(self.find("GG-3-120"), self.resident | self.neighbour)
        self.assertEqual(self.find("3-2-120"), self.resident | self.neighbour)
        self.assertFalse(self.find("3-2-1299"))

    def test_vacant_unit_finds_nobody(self):
        self.resident.residency_ids.action_move_out()
        self.assertFalse(self.find("GG-3-1201"))

    def test_search_by_relation_and_by_list(self):
        Residency = self.as_role('agent', 'property.service.residency')
        self.assertEqual(Residency.search([('partner_id', 'ilike', "+86 136 2743 7326")]).partner_id, self.resident)
        self.assertEqual(self.Partner.search([('display_name', 'ilike', "13627437326")]), self.resident)
        everybody = self.Partner.search_count([])
        self.assertEqual(self.Partner.search_count([('display_name', 'not ilike', "zhang san")]), everybody - 1)

    def test_without_a_role_units_stay_closed(self):
        """Accountants may search people by phone, but not find out who lives where."""
        self.assertEqual(self.find("13627437326", role='accountant'), self.resident)
        self.assertFalse(self.find("3-2-1201", role='accountant'))
        names = self.as_role('accountant', self.resident).with_context(show_resident=True).display_name
        self.assertNotIn("1201", names)
        with self.assertRaises(AccessError):
            self.as_role('accountant', self.resident).read(['residency_ids'])

    def test_other_company_is_not_found(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        estate = self.env['property.service.estate'].create({'name': "Far", 'code': 'FAR', 'company_id': other.id})
        building = self.env['property.service.building'].create({'name': "9", 'code': '9', 'estate_id': estate.id})
        unit = self.env['property.service.unit'].create({'code': '901', 'building_id': building.id})
        stranger = self.Partner.create({'name': "Stranger", 'phone': "13699990000", 'company_id': other.id})
        self.env['property.service.residency'].create({'unit_id': unit.id, 'partner_id': stranger.id, 'date_start': '2020-01-01'})
        self.assertFalse(self.find("FAR-9-901"))
        self.assertFalse(self.find("13699990000"))

    def test_drop_down_tells_namesakes_apart(self):
        name = self.as_role('agent', self.resident).with_context(show_resident=True).display_name
        self.assertEqual(name, "Zhang San · 3-2-1201 · 136 2743 7326")
        name = self.as_role('agent', self.resident).with_context(formatted_display_name=True).display_name
        self.assertEqual(name, "Zhang San \t --3-2-1201 · 136 2743 7326--", "second line of the client's drop-down list")
        self.assertEqual(self.as_role('agent', self.office).with_context(formatted_display_name=True).display_name,
            self.office.name)
        self.assertEqual(self.as_role('agent', self.resident).display_name, "Zhang San")

    def test_current_residents(self):
        residents = self.as_role('agent', 'res.partner').search([('is_resident', '=', True)])
        self.assertEqual(residents, self.resident | self.neighbour)
        self.assertNotIn(self.resident, self.Partner.search([('is_resident', '=', False)]))
        self.assertIn(self.former, self.Partner.search([('is_resident', '=', False), ('residency_ids', '!=', False)]))
        self.assertEqual(self.Partner.search([('unit_ids', 'in', self.unit.ids)]), self.resident)
        self.assertIn(self.former, self.Partner.search([('unit_ids', '=', False)]))
        self.assertNotIn(self.resident, self.Partner.search([('unit_ids', '=', False)]))
        self.assertEqual(self.resident.unit_ids, self.unit)
        self.assertFalse(self.former.unit_ids)

    def test_phone_digits_follow_the_phone(self):
        self.resident.phone = "+86 755 8666 4321"
        self.assertEqual(self.resident.phone_digits, '075586664321')
        self.resident.phone = False
        self.assertFalse(self.resident.phone_digits)

    # ---- PROFILE ----

    def test_no_profile_without_consent(self):
        resident = self.as_role('supervisor', self.resident)
        for vals in ({'resident_preferences': "Call in the evening"}, {'resident_care_notes': "Wheelchair"}):
            with self.assertRaises(ValidationError):
                resident.write(vals)
        with self.assertRaises(ValidationError):
            self.Partner.create({'name': "New", 'resident_preferences': "Tea"})

    def test_consent_is_dated_once_and_withdrawing_it_deletes(self):
        resident = self.as_role('supervisor', self.resident)
        with freeze_time('2026-03-10 03:00:00'):
            resident.write({'resident_consent': True, 'resident_preferences': "Call in the evening",
                'resident_care_notes': "Wheelchair"})
        self.assertEqual(resident.resident_consent_date, date(2026, 3, 10))
        with freeze_time('2026-04-01 03:00:00'):
            resident.write({'resident_consent': True, 'name': "Zhang San"})
        self.assertEqual(resident.resident_consent_date, date(2026, 3, 10))
        resident.resident_consent = False
        self.assertFalse(resident.resident_preferences or resident.resident_care_notes or resident.resident_consent_date)
        with freeze_time('2026-03-10 17:00:00'):
            created = self.Partner.with_context(tz='Asia/Shanghai').create({'name': "New", 'resident_consent': True})
        self.assertEqual(created.resident_consent_date, date(2026, 3, 11), "the user's day")

    def test_who_sees_the_profile(self):
        self.resident.write({'resident_consent': True, 'resident_preferences': "Tea", 'resident_care_notes': "Wheelchair"})
        self.assertEqual(self.as_role('agent', self.resident).resident_preferences, "Tea")
        for role, field in (('agent', 'resident_care_notes'), ('technician', 'resident_preferences'),
                            ('accountant', 'resident_preferences'), ('hr', 'resident_consent')):
            with self.subTest(role=role, field=field), self.assertRaises(AccessError):
                self.as_role(role, self.resident).read([field])

    def test_form(self):
        with Form(self.as_role('supervisor', self.resident)) as form:
            form.resident_consent = True
            form.resident_preferences = "Tea"
            with form.residency_ids.new() as residency:
                residency.unit_id = self.unit2
                residency.role = 'family'
        self.assertEqual(self.resident.unit_ids, self.unit | self.unit2)
        self.assertEqual(self.resident.resident_preferences, "Tea")
