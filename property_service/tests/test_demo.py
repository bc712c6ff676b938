from collections import Counter, defaultdict
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase
from ..demo import photos
from ..demo.generator import generate
from ..demo.loader import load
from ..models.cases import request_states

NOW = datetime(2026, 3, 31, 15, 30)


@tagged('post_install', '-at_install')
class TestDemoGenerator(PropertyServiceTransactionCase):
    """The plain data, without the database."""

    def test_same_seed_same_data(self):
        self.assertEqual(repr(generate(NOW).requests), repr(generate(NOW).requests))
        self.assertEqual(repr(generate(NOW).invoices), repr(generate(NOW).invoices))
        self.assertNotEqual(repr(generate(NOW).requests), repr(generate(NOW, seed=1).requests))

    def test_texts_do_not_depend_on_the_day(self):
        """Only how far things have come depends on the clock."""
        today, later = (
            [(request.title, request.unit.name) for request in generate(now).requests if request.created < -86400 / 60]
            for now in (NOW, NOW + timedelta(days=40)))
        self.assertEqual(today, later)

    def test_size(self):
        data = generate(NOW)
        self.assertEqual(sorted(estate.use for estate in data.estates), ['mixed', 'residential'])
        self.assertEqual(sum(len(estate.buildings) for estate in data.estates), 8)
        self.assertEqual(len(data.units), 240)
        self.assertLessEqual({'residential', 'commercial', 'parking', 'common'}, {unit.use for unit in data.units})
        self.assertAlmostEqual(len(data.people.residents), 300, delta=15)
        self.assertEqual({r.role for r in data.people.residencies}, {'owner', 'tenant', 'family'})
        self.assertGreater(sum(r.end is not None for r in data.people.residencies), 10)
        self.assertEqual(len(data.categories), 8)
        self.assertAlmostEqual(len(data.types), 40, delta=5)
        self.assertTrue(600 <= len(data.requests) <= 900, len(data.requests))
        self.assertEqual(len({resident.phone for resident in data.people.residents}), len(data.people.residents))

    def test_catalogue_speaks_both_languages(self):
        for service_type in generate(NOW, scale=0.1).types.values():
            self.assertEqual(set(service_type.texts), {'zh', 'en'}, service_type.code)
            for english, chinese in (service_type.name, service_type.description, service_type.price,
                                     *(names for _required, names in service_type.checklist)):
                self.assertTrue(english and chinese, service_type.code)
            self.assertTrue(service_type.checklist or service_type.kind != 'service', service_type.code)

    def test_every_hour_of_the_day(self):
        """Whenever it is loaded, nothing lies in the future and the shown cases are there."""
        for hour in range(0, 24, 5):
            now = NOW.replace(hour=hour)
            data = generate(now)
            for request in data.requests:
                times = [request.created, *(step.at for step in request.steps)]
                self.assertEqual(times, sorted(times))
                self.assertLess(data.to_utc(times[-1]), now)
            shown = [request for request in data.requests if request.resident and request.resident.key == 'resident']
            last = Counter(request.steps[-1].action if request.steps else 'new' for request in shown)
            self.assertLessEqual({'new', 'start', 'done', 'close', 'reject', 'cancel', 'dispatch'}, set(last))

    def test_photos(self):
        before, after = photos.draw_photo('repair', 1), photos.draw_photo('repair', 1, after=True)
        self.assertTrue(before.startswith(b'\x89PNG') and before != after)
        self.assertEqual(before, photos.draw_photo('repair', 1))
        self.assertEqual(photos.draw_signature("张伟"), photos.draw_signature("张伟"))
        for category in generate(NOW, scale=0.1).categories:
            self.assertLess(len(photos.draw_photo(category.code, 0)), 10000)


@tagged('post_install', '-at_install')
class TestDemoLoader(PropertyServiceTransactionCase):
    """A small demo, loaded into a company of its own by the real workflow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.second_company = cls.env['res.company'].create({'name': "Demo Company"})
        cls.mails = cls.env['mail.mail'].search_count([])
        cls.began = fields.Datetime.now()
        queries = cls.env.cr.sql_log_count
        cls.loader = load(cls.env, cls.second_company, scale=0.25, prefix='t_')
        cls.queries = cls.env.cr.sql_log_count - queries
        cls.requests = cls.env['property.service.request'].browse([r.id for r in cls.loader.requests.values()])

    def test_logs_are_paths(self):
        for request in self.requests:
            log = request.state_log_ids
            self.assertEqual((log[0].from_state, log[0].to_state, log[0].at), (False, 'new', request.create_date))
            for before, line in zip(log, log[1:]):
                self.assertEqual(line.from_state, before.to_state)
                self.assertIn(line.to_state, request_states.TRANSITIONS[before.to_state])
                self.assertLessEqual(before.at, line.at)
            self.assertEqual(log[-1].to_state, request.state)
            self.assertLess(log[-1].at, self.began)

    def test_log_says_who(self):
        users = self.env['res.users'].browse([user.id for user in (*self.loader.users.values(), *self.loader.portal_users.values())])
        for line in self.requests.state_log_ids:
            if line.by_id not in users:
                self.assertEqual(line.by_id, self.env.ref('base.user_root'))
                self.assertIn(line.to_state, ('accepted', 'closed'))

    def test_states_and_times_agree(self):
        for request in self.requests:
            log = defaultdict(list)
            for line in request.state_log_ids:
                log[line.to_state].append(line.at)
            if request.state in ('done', 'accepted', 'closed'):
                self.assertEqual(request.done_at, log['done'][-1], request.name)
                self.assertTrue(request.work_summary and request.work_start and request.work_end, request.name)
                self.assertLessEqual(request.work_start, request.work_end)
                self.assertLess(request.work_hours, 24, request.name)
                self.assertTrue(all(step.done and step.done_by_id and step.done_at <= request.done_at
                                    for step in request.checklist_ids if step.required))
                if request.type_id.requires_photo and request.kind == 'service':
                    self.assertTrue(request.photo_before_ids and request.photo_after_ids)
            else:
                self.assertFalse(request.rating_value)
            if request.is_closed:
                self.assertEqual(request.closed_at, log[request.state][-1], request.name)
            else:
                self.assertFalse(request.closed_at)
            if request.responded_at:
                self.assertTrue(request.create_date <= request.responded_at < self.began, request.name)
            self.assertEqual(request.rework_count, len(log['done']) - (request.done_at and 1 or 0), request.name)
            self.assertEqual(request.state == 'waiting', bool(request.waiting_reason_id))

    def test_deadlines(self):
        for request in self.requests:
            if not request.sla_policy_id:
                continue
            self.assertEqual(request.sla_start_at, request.create_date)
            if request.sla_response_hours:
                self.assertTrue(request.response_deadline and request.response_deadline > request.create_date, request.name)
            if request.done_at and request.is_closed:
                self.assertIn(request.sla_result, ('met', 'missed'), request.name)
        late = self.requests.filtered(lambda r: r.responded_at and r.response_deadline and r.responded_at > r.response_deadline)
        self.assertTrue(all(request.sla_result != 'met' for request in late))
        missed = self.requests.filtered(lambda request: request.sla_result == 'missed')
        self.assertTrue(missed and all(missed.mapped('breached_at')))
        # counting again changes nothing
        self.assertEqual(self.requests._recompute_clocks(), 0)

    def test_nothing_in_the_future(self):
        allowed = {'appointment_start', 'appointment_end', 'promised_at', 'response_deadline', 'resolution_deadline',
                   'response_risk_at', 'resolution_risk_at', 'sla_next_deadline', 'sla_risk_at', 'sla_next_escalation_at'}
        stored = [name for name, field in self.requests._fields.items() if field.type == 'datetime' and field.store]
        for request in self.requests:
            for name in set(stored) - allowed:
                self.assertFalse(request[name] and request[name] > self.began, (request.name, name, request[name]))
        messages = self.env['mail.message'].search([('model', '=', self.requests._name), ('res_id', 'in', self.requests.ids)])
        self.assertTrue(messages)
        self.assertLess(max(messages.mapped('date')), self.began)

    def test_numbers_follow_the_time(self):
        requests = self.requests.sorted(lambda request: (request.create_date, request.id))
        self.assertEqual(requests.mapped('name'), sorted(requests.mapped('name')))

    def test_no_mail(self):
        self.assertEqual(self.env['mail.mail'].search_count([]), self.mails)

    def test_alive(self):
        states = set(self.requests.mapped('state'))
        self.assertLessEqual({'new', 'confirmed', 'dispatched', 'in_progress', 'done', 'closed', 'rejected', 'cancelled'}, states)
        self.assertTrue(self.requests.filtered('merged_into_id'))
        self.assertTrue(self.requests.filtered('rework_count'))
        self.assertTrue(self.requests.filtered('rating_comment'))
        self.assertTrue(self.requests.filtered('attachment_ids'))
        self.assertTrue(self.requests.state_log_ids.filtered('waiting_reason_id'))

    def test_demo_users(self):
        for login in ('agent', 'technician', 'supervisor', 'manager', 'quality', 'hr', 'accountant', 'resident'):
            user = self.env['res.users'].search([('login', '=', f't_{login}')])
            self.assertEqual((user.tz, user.lang), ('Asia/Shanghai', 'zh_CN'))
            self.assertEqual(user.share, login == 'resident')
            self.assertTrue(user.with_user(user)._check_credentials(
                {'type': 'password', 'login': user.login, 'password': user.login}, {'interactive': True}))
        resident = self.env['res.users'].search([('login', '=', 't_resident')])
        own = self.env['property.service.request'].with_user(resident).search([])
        self.assertLessEqual({'new', 'in_progress', 'done', 'dispatched', 'closed', 'rejected', 'cancelled'}, set(own.mapped('state')))
        technician = self.env['res.users'].search([('login', '=', 't_technician')])
        jobs = self.requests.filtered(
            lambda request: request.employee_id.user_id == technician and request.state in ('dispatched', 'in_progress'))
        self.assertGreaterEqual(len(jobs), 3)
        self.assertEqual(jobs.with_user(technician)._filtered_access('write').ids, jobs.ids)

    def test_chinese(self):
        service_type = self.loader.types['leak']
        self.assertEqual(service_type.with_context(lang='en_US').name, "Water Leak")
        self.assertEqual(service_type.with_context(lang='zh_CN').name, "水管漏水")
        self.assertTrue(all(step.with_context(lang='zh_CN').name != step.with_context(lang='en_US').name
                            for step in service_type.checklist_ids))

    def test_loading_again_creates_no_second_staff(self):
        employees = self.env['hr.employee'].search_count([('company_id', '=', self.second_company.id)])
        self.loader.load_staff()
        self.assertEqual(set(self.env['res.users'].browse([u.id for u in self.loader.users.values()]).mapped('notification_type')), {'inbox'})
        self.assertEqual(self.env['hr.employee'].search_count([('company_id', '=', self.second_company.id)]), employees)

    def test_queries(self):
        """The history is played in batches: far fewer queries than one by one would take (about 400 per case)."""
        cases = sum(self.env[model].search_count([('company_id', '=', self.second_company.id)]) for model in (
            'property.service.request', 'property.service.complaint', 'property.service.callback', 'property.service.inspection'))
        self.assertLess(self.queries / cases, 60)


@tagged('post_install', '-at_install')
class TestDemoWithoutChinese(PropertyServiceTransactionCase):

    def test_english_only(self):
        chinese = self.env['res.lang'].with_context(active_test=False).search([('code', '=', 'zh_CN')])
        if chinese.active:
            self.env['res.users'].with_context(active_test=False).search([('lang', '=', 'zh_CN')]).lang = 'en_US'
            self.env['res.partner'].with_context(active_test=False).search([('lang', '=', 'zh_CN')]).lang = 'en_US'
            chinese.active = False
        loader = load(self.env, self.env['res.company'].create({'name': "Demo Company"}), scale=0.05, prefix='e_')
        self.assertEqual(loader.users['agent'].lang, 'en_US')
        self.assertEqual(loader.types['leak'].name, "Water Leak")
        self.assertTrue(loader.requests)
