import base64
import io
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.property_service.models.place import resident_import
from odoo.addons.property_service.models.place.resident_import_batch import ResidentWriter
from odoo.addons.property_service.tools.flat_file_residents import ResidentFile

from .common import PropertyServiceTransactionCase
from .test_tools_flat_file import GOOD, SAMPLE, make_csv, make_xlsx, residents_file, vary


@tagged('-at_install', 'post_install')
class TestResidentImport(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Job = cls.env['property.service.resident.import'].with_user(cls.users['manager'])
        cls.cron = cls.env.ref('property_service.cron_resident_import')

    def make_job(self, data, name='residents.csv', **vals):
        return self.Job.create({'name': name, 'file': base64.b64encode(data), **vals})

    def run_import(self, data, **vals):
        job = self.make_job(data, **vals)
        job.action_check()
        job.action_import()
        self.assertEqual(job.state, 'done')
        return job

    def figures(self, job):
        return (job.created_units, job.created_persons, job.created_residencies, job.changed_count, job.unchanged_count)

    def find_unit(self, full_code):
        unit = self.env['property.service.unit'].search([('full_code', '=', full_code)])
        self.assertEqual(len(unit), 1, full_code)
        return unit

    # ---- THE WHOLE WAY ----

    def test_real_list_and_again(self):
        """A company's own list: what is right comes in, what is wrong comes back, the second time nothing changes."""
        data, faults = residents_file()
        job = self.make_job(data)
        job.action_check()
        wrong = sum(number for (_column, code), number in faults.items() if code != 'duplicate')
        self.assertEqual(job.error_count, wrong)
        self.assertEqual(job.duplicate_count, faults['', 'duplicate'])
        self.assertEqual(job.good_count, job.row_count - wrong - job.duplicate_count)
        self.assertEqual(len(job.line_ids), sum(faults.values()))
        self.assertTrue(all(line.message and line.row for line in job.line_ids))
        self.assertFalse(self.env['property.service.estate'].search([('name', '=', "青龙园")]), "checking changes nothing")
        job.action_import()
        self.assertEqual(job.state, 'done')
        good = [row for row in ResidentFile(data) if row.is_good]
        self.assertEqual(job.created_residencies, sum(bool(row.name) for row in good))
        self.assertEqual(job.created_units, len({row.unit_key for row in good}))
        rejected = load_workbook(io.BytesIO(base64.b64decode(job.rejected_file))).active
        self.assertEqual(rejected.max_row, 1 + sum(faults.values()))
        again = self.run_import(data)
        self.assertEqual(self.figures(again), (0, 0, 0, 0, job.created_residencies))

    def test_sample_in_detail(self):
        self.run_import(SAMPLE.read_bytes())
        estate = self.env['property.service.estate'].search([('name', '=', "云栖花园")])
        self.assertEqual(estate.building_ids.mapped('code'), ['1', '2'])
        self.assertEqual(self.env['property.service.estate'].search([('name', '=', "云栖天街")]).use, 'commercial')
        unit = self.find_unit("云栖花园-1-201")
        self.assertEqual((unit.name, unit.floor, unit.area, unit.use), ("1-201", 2, 88.5, 'residential'))
        owner, tenant = unit.residency_ids.sorted('id')
        self.assertEqual((owner.partner_id.phone_digits, owner.role, owner.is_primary), ('13910001003', 'owner', True))
        self.assertEqual((str(tenant.date_start), str(tenant.date_end), tenant.is_primary), ('2024-09-01', '2027-08-31', False))
        self.assertEqual(tenant.partner_id.email, "zhao@example.com")
        self.assertEqual(tenant.partner_id.company_id, self.company)
        self.assertFalse(self.find_unit("云栖花园-1-102").residency_ids, "vacant")
        landlady = self.env['res.partner'].search([('phone_digits', '=', '13910001001')])
        self.assertEqual(len(landlady), 1, "one person with two flats")
        self.assertEqual(landlady.unit_ids.mapped('name'), ["1-101", "2-102"])

    def test_xlsx_and_english(self):
        job = self.run_import(make_xlsx(
            ["Residents of Green Garden"], ["Unit No", "Name", "Telephone", "Role", "Move-in date", "Floor area (sqm)",
                "Building"],
            ["1203", "Ms Lovelace", 13900000001, "tenant", "2024-05-01", 75.5, 3]), name="x.xlsx", estate_id=self.estate.id)
        self.assertEqual(self.figures(job), (1, 1, 1, 0, 0))
        residency = self.find_unit("GG-3-1203").residency_ids
        self.assertEqual((residency.partner_id.name, residency.partner_id.phone, residency.role),
            ("Ms Lovelace", "13900000001", 'tenant'))

    def test_known_places_are_found_by_code_or_name(self):
        job = self.run_import(make_csv(
            vary(name="A One", phone="", email="", area="", floor=""),
            vary(estate="green garden", building="3号楼", unit="1202室", name="A Two", phone="", email="", area="", floor=""),
            vary(building="building 3", unit="3-2-1201", name="A Three", phone="", email="", area="", floor="", role="family"),
        ))
        self.assertEqual(self.figures(job), (0, 3, 3, 0, 0))
        self.assertIn("A Three", self.unit.resident_ids.mapped('name'), "by its name, as people say it")

    # ---- RUN AGAIN ----

    def test_only_what_changed_is_changed(self):
        row = vary(unit="1299", name="Ms Chen", phone="139 0000 1111", email="chen@example.com")
        self.run_import(make_csv(row))
        unit = self.find_unit("GG-3-1299")
        person, residency = unit.resident_ids, unit.residency_ids
        for values, figures, check in (
            ({}, (0, 0, 0, 0, 1), lambda: True),
            ({'phone': "+86 139-0000-1111"}, (0, 0, 0, 0, 1), lambda: person.phone == "139 0000 1111"),
            ({'area': "90"}, (0, 0, 0, 1, 1), lambda: unit.area == 90),
            ({'area': ""}, (0, 0, 0, 0, 1), lambda: unit.area == 90),
            ({'area': "90", 'phone': "13900002222"}, (0, 0, 0, 1, 1), lambda: person.phone == "13900002222"),
            ({'area': "90", 'phone': "13900002222", 'email': "new@example.com"}, (0, 0, 0, 1, 1),
                lambda: person.email == "new@example.com"),
            ({'area': "90", 'phone': "13900002222", 'email': "new@example.com", 'name': "Ms Chen-Li"}, (0, 0, 0, 1, 1),
             lambda: person.name == "Ms Chen-Li"),
            ({'area': "90", 'phone': "13900002222", 'email': "new@example.com", 'name': "Ms Chen-Li", 'until': "2030-01-01"},
             (0, 0, 0, 1, 0), lambda: str(residency.date_end) == "2030-01-01"),
            ({'area': "90", 'phone': "13900002222", 'email': "new@example.com", 'name': "Ms Chen-Li", 'since': "2020-02-01"},
             (0, 0, 0, 1, 0), lambda: str(residency.date_start) == "2020-02-01"),
        ):
            with self.subTest(values=values):
                job = self.run_import(make_csv([
                    {**dict(zip("estate,building,unit,floor,area,use,name,phone,email,role,since,until,note".split(','), row)),
                     **values}[column]
                    for column in "estate,building,unit,floor,area,use,name,phone,email,role,since,until,note".split(',')]))
                self.assertEqual(self.figures(job), figures)
                self.assertTrue(check())
        self.assertEqual(unit.residency_ids, residency)

    def test_a_second_person_with_the_same_phone_is_not_a_new_name(self):
        job = self.run_import(make_csv(
            vary(unit="1299", name="Father", email=""), vary(unit="1299", name="Son", email="", role="owner")))
        self.assertEqual(self.figures(job), (1, 2, 2, 0, 0))
        self.assertEqual(self.figures(self.run_import(make_csv(
            vary(unit="1299", name="Father", email=""), vary(unit="1299", name="Son", email="", role="owner")))), (0, 0, 0, 0, 2))

    def test_namesakes_in_other_units_stay_apart(self):
        job = self.run_import(make_csv(
            vary(unit="1298", name="Wang Wei", phone="", email=""), vary(unit="1299", name="Wang Wei", phone="", email="")))
        self.assertEqual(job.created_persons, 2)

    def test_moved_out_stays_moved_out(self):
        """Staff ended the residency; the old list, imported again, does not bring the resident back."""
        data = make_csv(vary(unit="1299"))
        self.run_import(data)
        residency = self.find_unit("GG-3-1299").residency_ids
        residency.action_move_out()
        self.assertEqual(self.figures(self.run_import(data)), (0, 0, 0, 0, 1))
        self.assertFalse(residency.is_current)

    def test_residents_that_the_file_leaves_out_stay(self):
        self.run_import(make_csv(vary(name="", phone="", email="", role="", since="", area="", floor="")))
        self.assertEqual(self.unit.resident_ids, self.resident)

    # ---- WHAT IS REFUSED ----

    def test_rejected_rows_come_back_ready_to_correct(self):
        data = make_csv(vary(name="=HYPERLINK(1)", phone="+86 123", email="", unit="1299"),
            vary(unit="1298", since="2023-02-30"), GOOD, GOOD)
        job = self.run_import(data)
        sheet = load_workbook(io.BytesIO(base64.b64decode(job.rejected_file))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows[0][:3], ['estate', 'building', 'unit'])
        self.assertEqual(rows[1][6:8], ["'=HYPERLINK(1)", "'+86 123"])
        self.assertEqual((rows[1][-2], rows[2][-2], rows[3][-2]), (2, 3, 5))
        self.assertIn("phone", rows[1][-1])
        self.assertIn("2023-02-30", rows[2][-1])
        self.assertFalse(any(cell.data_type == 'f' for row in sheet.iter_rows() for cell in row))
        sheet.cell(row=2, column=8, value="+86 13900009999")
        sheet.cell(row=3, column=11, value="2023-02-28")
        output = io.BytesIO()
        sheet.parent.save(output)
        again = self.run_import(output.getvalue(), name="corrected.xlsx")
        self.assertEqual((again.error_count, again.created_residencies, again.unchanged_count), (0, 2, 1))
        self.assertEqual(self.find_unit("GG-3-1299").resident_ids.name, "=HYPERLINK(1)", "a text as any other")

    @mute_logger('odoo.sql_db')
    def test_a_row_that_the_database_refuses_does_not_hold_up_the_others(self):
        """The overlap of a residency in the database is found only on writing: that row alone comes back."""
        self.env['property.service.residency'].create({
            'unit_id': self.unit.id, 'partner_id': self.resident.id, 'role': 'family', 'date_start': '2020-01-01',
            'date_end': '2021-01-01'})
        rows = [vary(unit=str(number), phone="", email="", name=f"P{number}") for number in range(100, 140)]
        clash = vary(name="Zhang San", phone="138 0013 8000", email="", role="family", since="2020-06-01", until="2020-07-01",
            area="",
                     floor="")
        job = self.run_import(make_csv(*rows[:20], clash, *rows[20:]))
        self.assertEqual((job.created_units, job.created_residencies, job.error_count), (40, 40, 1))
        line = job.line_ids
        self.assertEqual((line.row, line.kind), (22, 'refused'))
        self.assertIn("Zhang San", line.message)
        self.assertEqual(load_workbook(io.BytesIO(base64.b64decode(job.rejected_file))).active.max_row, 2)

    def test_archived_places_come_back(self):
        self.unit2.active = False
        job = self.run_import(make_csv(vary(unit="1202"), vary(unit="1299", phone="", email="", name="Other")))
        self.assertEqual((job.created_units, job.error_count, job.line_ids.kind), (1, 1, 'refused'))
        self.assertFalse(self.unit2.residency_ids.filtered(lambda residency: residency.partner_id.name == "Zhang San"))

    def test_files_that_cannot_be_read_are_told(self):
        for data in (b'', b'\xd0\xcf\x11\xe0 old', b'PK broken', b'%PDF \0', b'\xff\xff\x80\x80,\x81', b'nothing,here\n1,2\n',
                     make_csv(headings="unit,name"), make_csv(headings="estate,unit,name,resident")):
            with self.subTest(data=data[:12]), self.assertRaises(UserError):
                self.make_job(data).action_check()
        job = self.make_job(make_csv(vary(unit="")))
        job.action_check()
        with self.assertRaises(UserError):
            job.action_import()

    def test_text_of_the_file_is_no_markup(self):
        job = self.make_job(make_csv(vary(name="<script>alert(1)</script><img src=x onerror=y>")))
        job.action_check()
        self.assertIn("&lt;script&gt;", job.preview)
        self.assertNotIn("<script", job.preview)
        self.assertNotIn("<img", job.preview)

    # ---- STATES AND RIGHTS ----

    def test_an_import_runs_once(self):
        job = self.run_import(make_csv(vary(unit="1299")))
        for action in (job.action_check, job.action_import):
            with self.assertRaises(UserError):
                action()
        with self.assertRaises(UserError):
            job.write({'file': base64.b64encode(b'x')})

    def test_another_file_must_be_checked_anew(self):
        job = self.make_job(make_csv(vary(unit="1299")))
        job.action_check()
        job.file = base64.b64encode(make_csv(vary(unit="")))
        self.assertEqual(job.state, 'draft')
        with self.assertRaises(UserError):
            job.action_import()

    def test_managers_only(self):
        job = self.make_job(make_csv(GOOD))
        job.action_check()
        for role in ('supervisor', 'agent', 'technician', 'quality', 'hr', 'accountant', 'resident'):
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    self.as_role(role, job).action_import()
                with self.assertRaises(AccessError):
                    self.as_role(role, job).read(['name'])
                with self.assertRaises(AccessError):
                    self.as_role(role, 'property.service.resident.import').create({'name': 'x'})
                with self.assertRaises(AccessError):
                    self.as_role(role, job.line_ids.browse()).check_access('create')

    def test_other_company(self):
        """The same names in another company are other places, and its people stay unknown."""
        other = self.env['res.company'].create({'name': "Other Company"})
        stranger = self.env['res.partner'].create({'name': "Zhang San", 'phone': "13627437326", 'company_id': other.id})
        self.users['manager'].write({'company_ids': [Command.link(other.id)]})
        job = self.run_import(make_csv(vary(unit="1299")))
        self.assertNotEqual(job.env['property.service.unit'].search([('full_code', '=', "GG-3-1299")]).resident_ids, stranger)
        there = self.Job.with_context(allowed_company_ids=other.ids).create({
            'name': 'x.csv', 'file': base64.b64encode(make_csv(vary(unit="1299")))})
        self.assertEqual(there.company_id, other)
        there.action_check()
        there.action_import()
        self.assertEqual(self.figures(there), (1, 0, 1, 1, 0), "the known person gets the e-mail")
        self.assertEqual(stranger.residency_ids.company_id, other)
        with self.assertRaises(AccessError):
            there.with_context(allowed_company_ids=self.company.ids).read(['name'])

    # ---- IN THE BACKGROUND ----

    def test_long_files_go_on_in_the_background(self):
        data = make_csv(*(vary(unit=str(number), name=f"P{number}", phone="", email="") for number in range(1, 26)))
        with patch.object(resident_import, 'INLINE_ROWS', 10), patch.object(resident_import, 'BATCH_ROWS', 10):
            job = self.make_job(data)
            job.action_check()
            job.action_import()
            self.assertEqual((job.state, job.created_units), ('running', 0))
            with self.assertRaises(UserError):
                job.unlink()
            left = iter([100, 0, 100, 100, 100, 100, 100, 100])
            with patch.object(self.registry['ir.cron'], '_commit_progress', lambda *args, **options: next(left)):
                self.env['property.service.resident.import']._cron_run()
                self.assertEqual((job.state, job.processed_count, job.created_units), ('running', 10, 10), "its time was used up")
                self.assertEqual(job.progress, 40)
                self.env['property.service.resident.import']._cron_run()
        self.assertEqual((job.state, job.processed_count, self.figures(job)), ('done', 25, (25, 25, 25, 0, 0)))
        self.assertEqual(job.message_ids[0].author_id, self.users['manager'].partner_id)
        self.assertFalse(job.rejected_file)

    def test_a_broken_import_does_not_hold_up_the_others(self):
        jobs = self.Job
        for _number in range(2):
            job = self.make_job(make_csv(vary(unit=f"13{len(jobs)}")))
            job.action_check()
            job.state = 'running'
            jobs |= job
        write = ResidentWriter.write_rows

        def fail(writer, rows):
            if any(row.unit == "130" for row in rows):
                raise ZeroDivisionError
            return write(writer, rows)

        with patch.object(ResidentWriter, 'write_rows', fail), \
                mute_logger('odoo.addons.property_service.models.place.resident_import'), \
                patch.object(self.registry['ir.cron'], '_commit_progress', lambda *args, **options: 100), \
                patch.object(self.env.cr, 'rollback', self.env.invalidate_all):
            self.env['property.service.resident.import']._cron_run()
        self.assertEqual(jobs.mapped('state'), ['failed', 'done'])

    def test_whoever_lost_the_right_imports_no_more(self):
        job = self.make_job(make_csv(vary(unit="1299")))
        job.action_check()
        job.state = 'running'
        self.users['manager'].group_ids -= self.env.ref('property_service.group_manager')
        with mute_logger('odoo.addons.property_service.models.place.resident_import', 'odoo.addons.base.models.ir_rule'), \
                patch.object(self.registry['ir.cron'], '_commit_progress', lambda *args, **options: 100), \
                patch.object(self.env.cr, 'rollback', self.env.invalidate_all):
            self.env['property.service.resident.import']._cron_run()
        job = job.with_env(self.env)
        self.assertEqual((job.state, job.created_units), ('failed', 0))

    def test_queries_per_batch_do_not_grow_with_it(self):
        def count(number, offset):
            data = make_csv(*(
                vary(unit=f"{offset}{index}", name=f"P{offset}{index}", phone=f"139{offset:03d}{index:05d}",
                    email=f"p{offset}{index}@example.com")
                for index in range(number)))
            rows = list(ResidentFile(data))
            self.assertTrue(all(row.is_good for row in rows))
            counts = []
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                writer = ResidentWriter(self.env, self.company, set())
                before = self.env.cr.sql_log_count
                self.assertFalse(writer.write_rows(rows))
                counts.append(self.env.cr.sql_log_count - before)
            return counts
        count(1, 100)
        self.assertEqual(count(8, 200), count(80, 300), "new rows, and the same rows again")

    def test_files_are_deleted_after_a_month(self):
        job = self.run_import(make_csv(vary(unit="1299"), vary(unit="")))
        self.assertTrue(job.file and job.rejected_file)
        self.env['property.service.resident.import']._gc_files()
        self.assertTrue(job.file)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = create_date - interval '31 days' WHERE res_model = %s AND res_id = %s",
            [job._name, job.id])
        self.env.invalidate_all()
        self.env['property.service.resident.import']._gc_files()
        self.assertFalse(job.file or job.rejected_file or job.line_ids or job.preview)
        self.assertEqual(job.created_units, 1, "who brought in what stays on file")
