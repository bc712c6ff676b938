from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceTransactionCase

TODAY = date(2026, 3, 10)


@tagged('-at_install', 'post_install')
class TestPlace(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Residency = cls.env['property.service.residency']
        cls.person = cls.env['res.partner'].create({'name': "Li Si"})

    def make(self, start, end=None, **vals):
        return self.Residency.create({
            'unit_id': self.unit.id, 'partner_id': self.person.id, 'role': 'tenant', 'date_start': start, 'date_end': end,
            **vals})

    # ---- CODES ----

    @mute_logger('odoo.sql_db')
    def test_codes_are_unique_where_they_must_be(self):
        other_estate = self.env['property.service.estate'].create({'name': "Other", 'code': 'OT'})
        self.env['property.service.building'].create({'name': "Same code elsewhere", 'code': '3', 'estate_id': other_estate.id})
        other_company = self.env['res.company'].create({'name': "Other Company"})
        self.env['property.service.estate'].create({'name': "Same code elsewhere", 'code': 'GG', 'company_id': other_company.id})
        for model, vals in (
            ('property.service.estate', {'name': "Again", 'code': 'GG'}),
            ('property.service.building', {'name': "Again", 'code': '3', 'estate_id': self.estate.id}),
            ('property.service.unit', {'name': "Again", 'code': '1201', 'building_id': self.building.id}),
        ):
            with self.subTest(model=model), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env[model].create(vals)

    def test_unit_names_and_codes(self):
        unit = self.env['property.service.unit'].create({'code': '2-501', 'building_id': self.building.id})
        self.assertEqual(unit.name, "3-2-501")
        self.assertEqual(unit.full_code, "GG-3-2-501")
        self.estate.code = 'GREEN'
        self.assertEqual(unit.full_code, "GREEN-3-2-501")
        unit.name = "Caretaker's flat"
        self.building.code = '4'
        self.assertEqual((unit.name, unit.full_code), ("Caretaker's flat", "GREEN-4-2-501"))
        with Form(self.env['property.service.unit']) as form:
            form.building_id = self.building
            form.code = '777'
            self.assertEqual(form.name, "4-777")

    @mute_logger('odoo.sql_db')
    def test_area_is_not_negative(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.unit.area = -1
            self.unit.flush_recordset()

    # ---- PERIODS ----

    def test_overlap(self):
        known = self.make('2025-01-01', '2025-06-30')
        for start, end, clash in (
            ('2024-01-01', '2025-01-01', False), ('2024-01-01', '2025-01-02', True), ('2024-01-01', None, True),
            ('2025-06-30', None, False), ('2025-06-29', None, True), ('2025-03-01', '2025-03-02', True),
            ('2025-01-01', '2025-01-01', False), ('2024-12-31', '2025-07-01', True),
        ):
            with self.subTest(start=start, end=end):
                if clash:
                    with self.assertRaises(ValidationError):
                        self.make(start, end)
                else:
                    self.make(start, end).unlink()
        self.make('2025-03-01', None, role='occupant')
        self.make('2025-03-01', None, unit_id=self.unit2.id)
        known.date_end = False
        with self.assertRaises(ValidationError):
            self.make('2030-01-01')

    def test_overlap_inside_one_batch_and_on_write(self):
        with self.assertRaises(ValidationError):
            self.Residency.create([
                {'unit_id': self.unit.id, 'partner_id': self.person.id, 'role': 'tenant', 'date_start': day}
                for day in ('2025-01-01', '2025-02-01')])
        first = self.make('2025-01-01', '2025-02-01')
        self.make('2025-02-01')
        with self.assertRaises(ValidationError):
            first.date_end = '2025-02-02'

    @mute_logger('odoo.sql_db')
    def test_end_before_start(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make('2025-02-01', '2025-01-31')

    @freeze_time('2026-03-10 02:00:00')
    def test_current_and_its_search_agree(self):
        """The day of moving in counts, the day of moving out no longer does."""
        cases = {
            self.make(TODAY, None, role='owner'): True,
            self.make(TODAY - timedelta(1), TODAY, role='tenant'): False,
            self.make(TODAY - timedelta(1), TODAY + timedelta(1), role='family'): True,
            self.make(TODAY + timedelta(1), None, role='occupant'): False,
            self.make(TODAY, TODAY, unit_id=self.unit2.id): False,
        }
        ids = [residency.id for residency in cases]
        for residency, current in cases.items():
            self.assertEqual(residency.is_current, current, (residency.date_start, residency.date_end))
        for value in (True, False):
            found = self.Residency.search([('id', 'in', ids), ('is_current', '=', value)])
            self.assertEqual(set(found), {residency for residency, current in cases.items() if current is value})
        self.assertEqual(self.Residency.search_count([('id', 'in', ids), ('is_current', 'in', [True, False])]), 5)
        self.assertEqual(self.Residency.search_count([('id', 'in', ids), ('is_current', '!=', True)]), 3)

    def test_the_day_changes_where_the_company_is(self):
        """15:59 UTC is the last minute of the day in Shanghai; a reader's own time zone does not prolong access."""
        residency = self.make('2025-01-01', '2026-03-11')
        for moment, current in (('2026-03-10 15:59:59', True), ('2026-03-10 16:00:00', False)):
            with freeze_time(moment):
                for timezone in ('Pacific/Honolulu', 'Asia/Shanghai', 'Pacific/Auckland', False):
                    reader = residency.with_context(tz=timezone)
                    reader.invalidate_recordset(['is_current'])
                    self.assertEqual(reader.is_current, current, (moment, timezone))
                    self.assertEqual(bool(reader.search([('id', '=', residency.id), ('is_current', '=', True)])), current)

    @freeze_time('2026-03-10 02:00:00')
    def test_move_out(self):
        current = self.make('2025-01-01')
        future = self.make('2026-05-01', None, role='occupant')
        past = self.make('2020-01-01', '2021-01-01', role='family')
        lease = self.make('2025-01-01', '2027-01-01', unit_id=self.unit2.id)
        (current | future | past | lease).action_move_out()
        self.assertEqual(current.date_end, TODAY)
        self.assertEqual(lease.date_end, TODAY)
        self.assertEqual(past.date_end, date(2021, 1, 1), "history stays")
        self.assertEqual(future.date_end, date(2026, 5, 1))
        self.assertFalse(any((current | future | past | lease).mapped('is_current')))
        self.assertFalse(self.person.unit_ids)
        self.assertTrue(self.make(TODAY).is_current, "one may come back the same day")

    @freeze_time('2026-03-10 02:00:00')
    def test_access_ends_the_same_day(self):
        """A resident sees the unit until the day of moving out; the next one never sees the residency before."""
        self.assertEqual(self.as_role('resident', 'property.service.unit').search([]), self.unit)
        self.resident.residency_ids.with_user(self.users['agent']).action_move_out()
        self.assertFalse(self.as_role('resident', 'property.service.unit').search([]))
        with self.assertRaises(AccessError):
            self.as_role('resident', self.unit).read(['name'])
        self.make(TODAY, partner_id=self.neighbour.id)
        seen = self.as_role('neighbour', 'property.service.residency').search([])
        self.assertEqual(seen.partner_id, self.neighbour)

    def test_only_agents_move_people_out(self):
        with self.assertRaises(AccessError):
            self.as_role('technician', self.resident.residency_ids).action_move_out()
        with self.assertRaises(AccessError):
            self.as_role('resident', self.resident.residency_ids).action_move_out()

    # ---- COMPANIES ----

    def test_the_other_company_sees_nothing(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        user = self.users['manager']
        user.write({'company_ids': [(4, other.id)]})
        everything = [self.estate, self.building, self.unit, self.unit.residency_ids]
        for records in everything:
            model = records.with_user(user)
            self.assertTrue(model.with_context(allowed_company_ids=self.company.ids).search([('id', 'in', records.ids)]))
            self.assertFalse(model.with_context(allowed_company_ids=other.ids).search([('id', 'in', records.ids)]))
            with self.assertRaises(AccessError):
                records.with_user(user).with_context(allowed_company_ids=other.ids).read(['display_name'])

    # ---- COUNTS AND QUERIES ----

    def test_counts(self):
        self.make('2020-01-01')
        self.estate.invalidate_recordset()
        self.assertEqual((self.estate.building_count, self.estate.unit_count, self.estate.resident_count), (1, 3, 3))
        self.assertEqual(self.building.unit_count, 3)
        self.assertEqual(set(self.unit.resident_ids), {self.resident, self.person})
        self.assertEqual(self.unit.resident_ids[0], self.resident, "the primary contact first")

    def _make_many(self, number):
        units = self.env['property.service.unit'].create(
            [{'code': f'Q{number}-{index}', 'building_id': self.building.id} for index in range(number)])
        partners = self.env['res.partner'].create([{'name': f"P{index}",
            'phone': f"1390000{index:04d}"} for index in range(number)])
        residencies = self.Residency.create([
            {'unit_id': unit.id, 'partner_id': partner.id, 'role': 'owner', 'date_start': '2020-01-01'}
            for unit, partner in zip(units, partners)])
        self.env.flush_all()
        return units, partners, residencies

    def test_lists_need_the_same_queries_for_n_and_10_n(self):
        columns = (
            ['display_name', 'full_code', 'resident_ids', 'use', 'area', 'document_count'],
            ['display_name', 'phone', 'resident_unit_names', 'is_resident', 'unit_ids'],
            ['display_name', 'phone', 'email', 'unit_id', 'is_current', 'role'])
        counts = []
        for number in (1, 5, 50):  # the first fills Odoo's own caches
            counts.append([])
            for records, names in zip(self._make_many(number), columns):
                reader = self.as_role('agent', records).with_context(show_resident=True)
                reader.env.invalidate_all()
                before = self.env.cr.sql_log_count
                values = reader.web_read({name: {'fields': {'display_name': {}}} if name in ('resident_ids', 'unit_id',
                    'unit_ids') else {}
                                          for name in names})
                self.assertEqual(len(values), number)
                counts[-1].append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
