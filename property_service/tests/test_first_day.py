"""What a company meets that installs the addon without demo data."""
import io

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools.safe_eval import safe_eval
from openpyxl import load_workbook

from ..demo.catalogue import read_categories, read_types
from ..demo.generator import generate
from ..demo.loader import DemoLoader
from ..tools.flat_file_residents import COLUMNS, ResidentFile
from .common import PropertyServiceCase, PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestFirstDay(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_shipped_catalogue(True)

    def get_shipped(self, kind, code):
        return self.env.ref(f'property_service.{kind}_{code}').with_context(lang='en_US')

    # ---- THE CATALOGUE ----

    def test_a_catalogue_is_there(self):
        for category in read_categories():
            self.assertEqual(self.get_shipped('category', category.code).name, category.name[0])
        types = read_types()
        self.assertGreater(len(types), 40)
        for code, expected in types.items():
            shipped = self.get_shipped('type', code)
            self.assertEqual(shipped.category_id, self.get_shipped('category', expected.category))
            self.assertEqual(
                (shipped.name, shipped.kind, shipped.description, shipped.default_priority, shipped.planned_hours, shipped.callback_rate),
                (expected.name[0], expected.kind, expected.description[0], expected.priority, expected.planned_hours,
                 expected.callback_rate))
            self.assertEqual(
                {flag for flag in ('review', 'appointment', 'photo', 'signature') if shipped[f'requires_{flag}']}, expected.requires)
            self.assertEqual(
                [(step.required, step.name) for step in shipped.checklist_ids],
                [(required, names[0]) for required, names in expected.checklist])

    def test_the_catalogue_speaks_chinese(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.env['ir.module.module']._load_module_terms(['property_service'], ['zh_CN'])
        for code, expected in read_types().items():
            chinese = self.get_shipped('type', code).with_context(lang='zh_CN')
            self.assertEqual((chinese.name, chinese.description), (expected.name[1], expected.description[1]))
            self.assertEqual([step.name for step in chinese.checklist_ids], [names[1] for _required, names in expected.checklist])
        for category in read_categories():
            self.assertEqual(self.get_shipped('category', category.code).with_context(lang='zh_CN').name, category.name[1])

    def test_the_demo_takes_the_catalogue_over(self):
        """Nothing stands there twice, and another company keeps what is shared."""
        main = self.env.ref('base.main_company')
        other = self.env['res.company'].create({'name': "Demo Company"})
        data = generate(fields.Datetime.now(), 0.05)
        for company, prefix in ((other, 'o_'), (main, '')):
            before = self.env['property.service.type'].search([])
            loader = DemoLoader(self.env, company, data, prefix)
            loader.load_staff()
            loader.load_catalogue()
            made = self.env['property.service.type'].search([]) - before
            self.assertEqual(len(made), len(read_types()) if company == other else 0)
            for code, service_type in loader.types.items():
                self.assertEqual((service_type.company_id, service_type.code), (company, code))
                self.assertEqual(service_type.category_id.company_id, company)
                self.assertTrue(service_type.team_id)
                self.assertEqual(len(service_type.skill_ids), len(data.types[code].skills))
                self.assertEqual(len(service_type.checklist_ids), len(data.types[code].checklist))

    # ---- WHO DOES IT ----

    def test_a_shared_service_takes_a_team(self):
        """Without other companies every service is shared: nobody sees the field that would change it."""
        for record in (self.get_shipped('type', 'leak'), self.get_shipped('category', 'repair')):
            manager = self.as_role('manager', record)
            domain = safe_eval(manager.fields_get(['team_id'], ['domain'])['team_id']['domain'], {'company_id': False})
            self.assertIn(self.team, manager.env['property.service.team'].search(domain))
            with Form(manager) as form:
                form.team_id = self.team
            self.assertEqual(record.team_id, self.team)

    def test_a_team_of_another_company_is_refused(self):
        other = self.env['res.company'].create({'name': "Other Property Company"})
        team = self.env['property.service.team'].create({'name': "Others", 'company_id': other.id, 'calendar_id': False})
        category = self.env['property.service.category'].create({'name': "Own", 'code': 'own', 'company_id': self.company.id})
        own = self.env['property.service.type'].create({
            'name': "Own", 'code': 'own', 'category_id': category.id, 'company_id': self.company.id})
        for record in (category, own):
            with self.assertRaises(ValidationError):
                record.team_id = team
        shared = self.get_shipped('type', 'leak')
        shared.team_id = team
        self.team.category_ids = self.get_shipped('category', 'repair')
        self.assertEqual(self.make_request(type_id=shared.id).team_id, self.team, "a team of another company gets nothing")

    def test_work_goes_to_the_team_that_names_it(self):
        leak, category = self.get_shipped('type', 'leak'), self.get_shipped('category', 'repair')
        Team = self.env['property.service.team']
        self.team.category_ids = category
        cleaning = Team.create({'name': "Cleaning", 'category_ids': [Command.set(self.get_shipped('category', 'cleaning').ids)]})
        self.assertEqual(self.make_request(type_id=leak.id).team_id, self.team)
        self.assertEqual(self.make_request(type_id=self.get_shipped('type', 'garbage').id).team_id, cleaning)
        self.assertFalse(self.make_request(type_id=self.get_shipped('type', 'noise').id).team_id, "nobody names it")
        everything = Team.create({'name': "Odd Jobs"})
        self.assertEqual(self.make_request(type_id=leak.id).team_id, self.team, "who names the work comes before who does everything")
        self.assertEqual(self.make_request(type_id=self.get_shipped('type', 'noise').id).team_id, everything)

        elsewhere = self.env['property.service.estate'].create({'name': "Elsewhere", 'code': 'EW'})
        rival = Team.create({'name': "Rivals", 'category_ids': [Command.set(category.ids)]})
        self.assertFalse(self.make_request(type_id=leak.id).team_id, "two of the same standing: people decide")
        rival.estate_ids = elsewhere
        self.assertEqual(self.make_request(type_id=leak.id).team_id, self.team)
        rival.estate_ids = self.estate
        self.assertEqual(self.make_request(type_id=leak.id).team_id, rival, "who names the estate comes before who serves all")
        child = self.env['property.service.category'].create({'name': "Pipes", 'code': 'pipes', 'parent_id': category.id})
        pipes = self.env['property.service.type'].create({'name': "Pipe", 'code': 'pipe', 'category_id': child.id})
        self.assertEqual(self.make_request(type_id=pipes.id).team_id, rival, "with all subcategories")
        self.team.category_ids = child
        self.assertEqual(self.make_request(type_id=pipes.id).team_id, self.team, "the nearest category")
        self.assertEqual(self.make_request(type_id=pipes.id, team_id=cleaning.id).team_id, cleaning, "who is chosen stays")
        complaint = self.env['property.service.complaint'].create({
            'title': "Again", 'description': "Leaks.", 'category_id': category.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        self.assertEqual(complaint.team_id, rival)

    def test_many_requests_ask_for_teams_once(self):
        self.team.category_ids = self.get_shipped('category', 'repair')
        leak = self.get_shipped('type', 'leak')

        def create(number):
            self.env.invalidate_all()
            self.env['property.service.request'].create([
                {'title': f"Tap {n}", 'type_id': leak.id, 'unit_id': self.unit.id} for n in range(number)])
            self.env.flush_all()
            return self.env.cr.sql_log_count
        create(1)
        counts = []
        for number in (2, 20):
            before = self.env.cr.sql_log_count
            counts.append(create(number) - before)
        self.assertLessEqual(counts[1], counts[0] + 2, "not one query for each")

    # ---- WHAT ELSE IS SHIPPED ----

    def test_shipped_records_belong_to_people(self):
        """What is shipped with somebody responsible names a person, not the system, whom nobody reads."""
        for name, model in self.env.registry.items():
            if model._original_module == 'property_service' and 'user_id' in model._fields and model._fields['user_id'].store:
                shipped = self.env['ir.model.data'].search([('module', '=', 'property_service'), ('model', '=', name)])
                records = self.env[name].browse(shipped.mapped('res_id')).exists()
                self.assertNotIn(self.env.ref('base.user_root'), records.user_id, name)

    def test_names_of_shipped_grades_are_translated(self):
        bands = self.env.ref('property_service.scheme_service').band_ids
        self.assertEqual(len(bands), 4)
        self.assertEqual(len(bands.get_external_id()), 4)
        self.assertTrue(all(bands.get_external_id().values()), "a record without an id has no translation")

    # ---- CHOICES ----

    def test_no_choice_is_limited_by_what_it_decides(self):
        """A record whose company is that of what is chosen has none before: its choice would be limited to what is shared."""
        wrong = []
        for name, model in self.env.registry.items():
            company = model._fields.get('company_id')
            if model._original_module == 'property_service' and company is not None and company.related:
                field = model._fields[company.related.split('.')[0]]
                if field.type == 'many2one' and field.check_company:
                    wrong.append(f"{name}.{field.name}")
        self.assertFalse(wrong)

    def test_a_scheme_in_force_can_be_chosen_for_a_cycle(self):
        scheme = self.env.ref('property_service.scheme_service').copy()
        scheme.action_activate()
        domain = self.as_role('hr', 'property.service.assessment.cycle').fields_get(['scheme_id'], ['domain'])['scheme_id']['domain']
        domain = safe_eval(domain, {'company_id': False}) if isinstance(domain, str) else domain
        self.assertIn(scheme, self.as_role('hr', 'property.service.assessment.scheme').search(domain))

    def test_lists_say_categories_in_the_readers_language(self):
        arch = self.env['property.service.category'].get_view(view_type='list')['arch']
        self.assertIn('name="display_name"', arch)
        self.assertNotIn('name="complete_name"', arch, "it has one language only")

    # ---- THE TEMPLATE OF THE IMPORT ----

    def test_the_template_is_understood_by_the_import(self):
        self.env['res.lang']._activate_lang('zh_CN')
        for lang in ('en_US', 'zh_CN'):
            Import = self.as_role('manager', 'property.service.resident.import').with_context(lang=lang)
            content = Import._render_template()
            file = ResidentFile(content)
            self.assertEqual(tuple(file.columns), COLUMNS, lang)
            self.assertFalse(list(file), "nothing to be deleted before filling it in")
            book = load_workbook(io.BytesIO(content))
            book.remove(book.worksheets[0])
            examples = io.BytesIO()
            book.save(examples)
            rows = list(ResidentFile(examples.getvalue()))
            self.assertEqual(len(rows), 4)
            self.assertFalse([problem for row in rows for problem in row.problems], lang)
            self.assertEqual([row.use for row in rows if row.use], ['residential', 'residential', 'common'])
            self.assertEqual([row.role for row in rows if row.role], ['owner', 'family'])

    # ---- FIRST STEPS ----

    def get_steps(self, role='manager'):
        action = self.as_role(role, 'property.service.first.steps').action_open()
        return self.as_role(role, action['res_model']).browse(action['res_id'])

    def test_steps_count_what_is_there(self):
        steps = self.get_steps()
        self.assertEqual(
            (steps.estate_count, steps.unit_count, steps.resident_count),
            tuple(self.env[model].search_count(domain) for model, domain in (
                ('property.service.estate', [('company_id', '=', self.company.id)]),
                ('property.service.unit', [('company_id', '=', self.company.id)]),
                ('res.partner', [('residency_ids.company_id', '=', self.company.id)]))))
        self.assertGreaterEqual(steps.portal_count, 3)
        self.assertTrue(steps.company_ready, "the working hours are in the manager's time zone")
        self.company.resource_calendar_id.tz = 'Europe/Brussels'
        self.assertFalse(self.get_steps().company_ready)
        before = steps.request_count
        self.make_request()
        self.assertEqual(self.get_steps().request_count, before + 1)

    def test_steps_name_the_work_that_nobody_does(self):
        self.env['property.service.team'].search([]).active = False
        self.team.active = True
        security = self.get_shipped('category', 'security')
        self.team.category_ids = self.env['property.service.category'].search([]) - security
        steps = self.get_steps()
        self.assertEqual((steps.teams_ready, steps.uncovered), (False, security.name))
        self.team.category_ids |= security
        self.assertTrue(self.get_steps().teams_ready)
        self.team.member_ids = False
        self.assertFalse(self.get_steps().teams_ready, "a team without members does nothing")

    def test_fee_queries_need_no_team(self):
        self.env['property.service.team'].search([]).active = False
        self.team.active = True
        self.team.category_ids = self.env['property.service.category'].search([]) - self.env.ref('property_service.category_fee')
        self.assertTrue(self.get_steps().teams_ready, "accounting answers them")

    def test_steps_of_another_company_are_its_own(self):
        other = self.env['res.company'].create({'name': "New Property Company"})
        self.users['manager'].company_ids |= other
        steps = self.get_steps().with_context(allowed_company_ids=other.ids)
        self.assertEqual((steps.company_id, steps.unit_count, steps.team_count), (other, 0, 0))

    def test_steps_leave_the_menu(self):
        menu = self.env.ref('property_service.menu_first_steps')
        again = self.env.ref('property_service.menu_first_steps_configuration')

        def visible(role):
            return set(self.as_role(role, 'ir.ui.menu').load_menus(False))
        self.company.property_steps_hidden = False
        self.env.registry.clear_cache()
        self.assertIn(menu.id, visible('manager'))
        self.assertNotIn(menu.id, visible('supervisor'))
        self.get_steps().action_hide()
        self.assertNotIn(menu.id, visible('manager'))
        self.assertIn(again.id, visible('manager'))
        self.get_steps().action_show()
        self.assertIn(menu.id, visible('manager'))


@tagged('post_install', '-at_install')
class TestFirstDayDownload(PropertyServiceCase, HttpCase):

    def test_who_imports_gets_the_template(self):
        for role, status in (('manager', 200), ('agent', 404), ('resident', 404)):
            self.authenticate(self.users[role].login, self.users[role].login)
            answer = self.url_open('/property_service/residents.xlsx')
            self.assertEqual(answer.status_code, status, role)
            self.assertEqual(answer.content[:2] == b'PK', status == 200)
