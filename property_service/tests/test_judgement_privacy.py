import base64
import io
import json
from collections import Counter
from datetime import timedelta

import openpyxl

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_judgement_cycle import CycleCase

SECRET = "Slept on duty"


class PrivacyCase(CycleCase):
    """A published assessment of the worker with words, points and an appeal that his colleague wants to read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle = cls.make_cycle()
        cls.publish(cls.cycle)
        cls.assessment = cls.of(cls.cycle, cls.worker)
        cls.assessment._as_step().write({'manager_note': SECRET, 'hr_note': SECRET, 'improvement_plan': SECRET})
        cls.line = cls.assessment.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        cls.line._as_step().write({'self_comment': SECRET})
        own = cls.of(cls.cycle, cls.worker, 'technician')
        own.action_appeal(reason=SECRET, line_id=cls.line.id)
        cls.appeal = cls.env['property.service.appeal'].search([('assessment_id', '=', cls.assessment.id)])
        cls.assessment.message_post(body=SECRET, subtype_xmlid='mail.mt_comment')
        cls.points = cls.env['property.service.points'].create({
            'employee_id': cls.worker.id, 'conduct_rule_id': cls.env.ref('property_service.conduct_s04').id, 'points': -50, 'reason': SECRET,
            'description': SECRET})
        cls.points.with_user(cls.users['technician']).action_give_statement(statement=SECRET)
        cls.points.message_post(body=SECRET, attachments=[('secret.txt', SECRET.encode())])
        cls.points.with_user(cls.users['hr']).action_approve()
        cls.measure = cls.env['property.service.improvement'].create({
            'name': SECRET, 'employee_id': cls.worker.id, 'deadline': '2025-05-01', 'assessment_id': cls.assessment.id})
        cls.turn = cls.assessment.turn_ids.filtered(lambda turn: turn.party == 'self')
        cls.env.flush_all()
        cls.figure = cls.env['property.service.assessment.report'].browse(cls.line.id)
        cls.records = {
            record._name: record for record in
            (cls.assessment, cls.line, cls.line.evidence_ids[0], cls.appeal, cls.points, cls.measure, cls.turn, cls.figure)}
        cls.env.flush_all()


@tagged('post_install', '-at_install')
class TestJudgementPrivacy(PrivacyCase):
    """An employee reads nothing of a colleague's assessment, by no route."""

    STRANGERS = ('colleague', 'agent', 'supervisor', 'manager', 'quality', 'accountant')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in cls.STRANGERS:  # so that it is the record rules that refuse
            cls.users[role].group_ids += cls.env.ref('base.group_allow_export')

    def test_orm(self):
        for role in self.STRANGERS:
            for record in self.records.values():
                own = record.with_user(self.users[role])
                with self.subTest(role=role, model=record._name):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        own.read()
                    with self.assertRaises(AccessError):
                        own.export_data(['id', 'display_name'])
                    self.assertNotIn(record.id, own.search([]).ids)
                    self.assertNotIn(record.id, [key for key, _name in own.name_search("")])

    def test_searching_and_grouping_by_related_fields(self):
        for role in self.STRANGERS:
            user = self.users[role]
            Assessment = self.env['property.service.assessment'].with_user(user)
            for domain in (
                [('employee_id', '=', self.worker.id)], [('line_ids.self_comment', 'ilike', SECRET)], [('manager_note', 'ilike', SECRET)],
                [('appeal_ids.reason', 'ilike', SECRET)], [('message_ids.body', 'ilike', SECRET)], [('score', '>=', 0), ('user_id', '!=', user.id)],
            ):
                with self.subTest(role=role, domain=domain):
                    self.assertFalse(Assessment.search_count(domain))
            for model in self.records:
                found = self.env[model].with_user(user).formatted_read_group([], [], ['__count'])
                self.assertEqual(
                    found[0]['__count'], len(self.env[model].with_user(user).search([])), f"{model} counts only what is read")
            groups = Assessment.formatted_read_group([], ['employee_id'], ['score:avg', '__count'])
            self.assertNotIn(self.worker.id, [group['employee_id'] and group['employee_id'][0] for group in groups])
            Cycle = self.env['property.service.assessment.cycle'].with_user(user)
            self.assertFalse(Cycle.search([('assessment_ids.employee_id', '=', self.worker.id)]))
            self.assertFalse(Cycle.browse(self.cycle.id).assessment_ids.filtered(lambda a: a.employee_id.id == self.worker.id))
            Employee = self.env['hr.employee'].with_user(user)
            for name in ('property_points_balance', 'property_career_grade_id', 'property_improvement_ids'):
                with self.assertRaises(AccessError):
                    Employee.browse(self.worker.id).read([name])
            public = self.env['hr.employee.public'].with_user(user).browse(self.worker.id)
            self.assertEqual((public.property_assessment_count, public.property_grade, public.property_stars), (0, False, False))
            for model, link in (('property.service.sla.event', 'assessment_turn_id'), ('property.service.state.log', 'assessment_turn_id')):
                if self.env[model].with_user(user).has_access('read'):
                    self.assertFalse(self.env[model].with_user(user).search([(link, '!=', False)]))

    def test_chatter(self):
        for role in self.STRANGERS:
            user = self.users[role]
            Message = self.env['mail.message'].with_user(user)
            self.assertFalse(Message.search([('model', '=', 'property.service.assessment'), ('body', 'ilike', SECRET)]))
            for record in (self.assessment, self.appeal):
                with self.assertRaises(AccessError):
                    record.with_user(user).message_post(body="x")

    def test_what_hr_writes_about_cycles_and_schemes(self):
        """Everybody reads that there is a cycle; not what HR says of people in its chatter."""
        for record in (self.cycle, self.scheme):
            message = record.sudo().message_post(body=SECRET)
            self.env.flush_all()
            for role in ('technician', 'colleague', 'manager'):
                Message = self.as_role(role, 'mail.message')
                self.assertFalse(Message.search([('model', '=', record._name), ('res_id', '=', record.id), ('body', 'ilike', SECRET)]))
                with self.assertRaises(AccessError):
                    message.with_user(self.users[role]).read(['body'])
                with self.assertRaises(AccessError):
                    record.with_user(self.users[role]).search([('message_ids.body', 'ilike', SECRET)])
                self.assertTrue(record.with_user(self.users[role]).name)
            self.assertIn(message, self.as_role('hr', 'mail.message').search([('model', '=', record._name), ('res_id', '=', record.id)]).sudo())

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_public_methods(self):
        """Every action, also one added later, refuses a stranger; one that only opens a window shows nothing of the record."""
        called = 0
        for model, record in self.records.items():
            own = record.with_user(self.users['colleague'])
            names = {name for base in type(own).mro() if base.__module__.startswith('odoo.addons.property_service')
                     for name in vars(base) if name.startswith('action_')}
            for name in sorted(names):
                self.env.invalidate_all()
                answer = None
                with self.subTest(model=model, method=name):
                    try:
                        with self.env.cr.savepoint():
                            answer = get_public_method(own, name)(own)
                    except UserError:
                        called += 1
                        continue
                    self.assertEqual(answer.get('type'), 'ir.actions.act_window')
                    self.assertNotIn(SECRET, str(answer))
                    called += 1
        self.assertGreater(called, 15)

    def test_the_manager_reads_the_own_department_only(self):
        other = self.env['hr.department'].create({'name': "Cleaning"})
        self.assertIn(self.assessment, self.as_role('head', 'property.service.assessment').search([]).sudo())
        self.assertTrue(self.as_role('head', self.line).evidence_ids)
        self.assessment._as_step().write({'department_id': other.id, 'manager_id': False})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.as_role('head', 'property.service.assessment').search([('employee_id', '=', self.worker.id)]))
        with self.assertRaises(AccessError):
            self.as_role('head', self.line).read(['score'])

    def test_the_own_is_readable(self):
        for model in ('property.service.assessment', 'property.service.assessment.line', 'property.service.appeal'):
            self.assertIn(self.records[model].id, self.as_role('technician', model).search([]).ids)
        self.assertIn(self.points.id, self.as_role('technician', 'property.service.points').search([]).ids)
        self.assertTrue(self.as_role('technician', self.assessment).radar.startswith('<svg'))
        self.assertIn('<polyline', self.as_role('technician', self.assessment).trend)

    def test_files_of_conduct(self):
        attachment = self.env['ir.attachment'].search([('res_model', '=', 'property.service.points'), ('res_id', '=', self.points.id)])
        self.assertTrue(attachment)
        for role in self.STRANGERS:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, attachment).read(['datas'])
            self.assertFalse(self.as_role(role, 'mail.message').search([('model', '=', self.points._name), ('res_id', '=', self.points.id)]))
            for field in ('statement', 'description', 'conduct_rule_id.code'):
                self.assertFalse(self.as_role(role, 'property.service.points').search([(field, '!=', False), ('id', '=', self.points.id)]))
        self.assertTrue(self.as_role('technician', attachment).datas, "the own file is open")

    def test_payroll_file_is_its_makers(self):
        export = self.env['property.service.payroll.export'].with_user(self.users['hr']).create({
            'date_from': '2025-03-01', 'date_to': '2025-03-31'})
        export.action_write()
        other = new_test_user(self.env, 'ps_hr_second', groups='hr.group_hr_user')
        for user in (*(self.users[role] for role in ('technician', *self.STRANGERS)), other):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                export.with_user(user).read(['data'])


@tagged('post_install', '-at_install')
class TestJudgementRpc(PrivacyCase, HttpCase):

    @mute_logger('odoo.http')
    def test_json2(self):
        self.users['colleague'].group_ids += self.env.ref('base.group_allow_export')  # so that it is the record rules that refuse
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        key = self.env['res.users.apikeys'].with_user(self.users['colleague']).sudo()._generate('rpc', 'app', tomorrow)
        for model, record in self.records.items():
            for method, body in (
                    ('read', {'ids': record.ids}), ('search_read', {'domain': [['id', '=', record.id]], 'fields': ['display_name']}),
                    ('formatted_read_group', {'domain': [['id', '=', record.id]], 'groupby': [], 'aggregates': ['__count']}),
                    ('export_data', {'ids': record.ids, 'fields_to_export': ['display_name']})):
                answer = self.url_open(
                    f'/json/2/{model}/{method}', json=body, headers={'Authorization': f'Bearer {key}'})
                with self.subTest(model=model, method=method):
                    self.assertNotIn(SECRET, answer.text)
                    if method == 'search_read':
                        self.assertEqual(answer.json(), [])
                    elif method == 'formatted_read_group':
                        self.assertEqual(answer.json()[0]['__count'], 0)
                    else:
                        self.assertEqual(answer.status_code, 403)

    @mute_logger('odoo.http')
    def test_addresses(self):
        """Neither the file of the evidence nor a report nor an attachment is handed to a stranger; the person himself gets the file."""
        attachment = self.env['ir.attachment'].create({
            'name': "words.txt", 'raw': SECRET.encode(), 'res_model': 'property.service.assessment', 'res_id': self.assessment.id})
        address = f'/property_service/assessment/{self.assessment.id}/evidence.xlsx'
        self.authenticate('ps_colleague', 'ps_colleague')
        for url in (
                address, f'/web/content/{attachment.id}', f'/web/content/property.service.assessment/{self.assessment.id}/manager_note',
                '/report/html/property_service.service_report_document/1', '/property_service/assessment/999999999/evidence.xlsx'):
            with self.subTest(url=url):
                answer = self.url_open(url)
                self.assertNotEqual(answer.status_code, 200)
                self.assertNotIn(SECRET, answer.text)
        self.authenticate(None, None)
        self.assertNotIn('spreadsheet', self.url_open(address).headers['Content-Type'])
        self.authenticate('ps_technician', 'ps_technician')
        answer = self.url_open(self.assessment.with_user(self.users['technician']).action_export_evidence()['url'])
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        figures, cases = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        self.assertEqual(len(cases) - 1, len(self.assessment.line_ids.evidence_ids))
        row = next(row for row in figures if row[0] == self.line.indicator_id.name)
        self.assertEqual(row[1:4], (self.line.numerator, self.line.denominator, self.line.actual))
        self.assertAlmostEqual(
            sum(row[4] for row in cases[1:] if row[0] == self.line.indicator_id.name), self.line.numerator, 6, "the cases add up")

    @mute_logger('odoo.http')
    def test_rpc_and_export_file(self):
        self.users['colleague'].group_ids += self.env.ref('base.group_allow_export')
        self.authenticate('ps_colleague', 'ps_colleague')
        for model, record in self.records.items():
            for method, args in (
                    ('read', [record.ids]), ('web_read', [record.ids, {'display_name': {}}]), ('export_data', [record.ids, ['display_name']])):
                answer = self.url_open('/web/dataset/call_kw', data=json.dumps({
                    'jsonrpc': '2.0', 'params': {'model': model, 'method': method, 'args': args, 'kwargs': {}}}),
                    headers={'Content-Type': 'application/json'}).json()
                with self.subTest(model=model, method=method):
                    self.assertIn('error', answer)
                    self.assertNotIn(SECRET, json.dumps(answer))
        data = {'model': 'property.service.assessment', 'fields': [{'name': 'manager_note', 'label': "Words", 'type': 'text'}],
                'ids': self.assessment.ids, 'domain': [], 'groupby': [], 'import_compat': False, 'context': {}}
        with mute_logger('odoo.http', 'odoo.addons.web.controllers.export'):
            answer = self.url_open('/web/export/xlsx', data={'data': json.dumps(data), 'csrf_token': http.Request.csrf_token(self)})
        self.assertNotIn(SECRET, answer.text)


@tagged('post_install', '-at_install')
class TestSimulationAndPayroll(CycleCase):

    def test_simulation_says_what_the_cycle_then_says(self):
        draft = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(code='trial'))
        trial = self.env['property.service.assessment.simulation'].with_user(self.users['hr']).create({
            'scheme_id': draft.id, 'period_count': 1, 'date_to': '2025-03-31'})
        before = self.env['property.service.assessment'].search_count([])
        result = trial._try()
        self.assertEqual(self.env['property.service.assessment'].search_count([]), before, "nothing is stored")
        [(start, end, grades)] = result['periods']
        self.assertEqual((str(start), str(end), result['people']), ('2025-03-01', '2025-03-31', 2))
        cycle = self.make_cycle(draft)
        self.assertEqual(grades, {
            band.id: len(found) for band, found in cycle.sudo().assessment_ids.grouped('band_id').items()})
        self.assertEqual([line for line, _changed, _shift in result['lines']], list(draft.line_ids.with_env(trial.env)))

    def test_simulation_of_teams(self):
        vals = {'subject': 'team', 'department_ids': False,
                'line_ids': [Command.create({'indicator_id': self.ref('rework_rate').id, 'weight': 100, 'floor': 60, 'target': 0})]}
        scheme, strict = self.env['property.service.assessment.scheme'].create([
            self.get_scheme_vals(code='teams', **vals),
            self.get_scheme_vals(code='strict', **{**vals, 'band_ids': [Command.create({'name': "Z", 'minimum': 0})]})])
        trial = self.env['property.service.assessment.simulation'].with_user(self.users['hr']).create({
            'scheme_id': strict.id, 'compare_id': scheme.id, 'period_count': 1, 'date_to': '2025-03-31'})
        result = trial._try()
        self.assertIn(self.team.id, [change[1] for change in result['changes']])
        self.assertIn(self.team.name, trial.result)
        trial = self.env['property.service.assessment.simulation'].with_user(self.users['hr']).create({
            'scheme_id': scheme.id, 'period_count': 1, 'date_to': '2025-03-31'})
        [(_start, _end, grades)] = trial._try()['periods']
        cycle = self.make_cycle(scheme)
        self.assertEqual(grades, {band.id or None: len(found) for band, found in cycle.sudo().assessment_ids.grouped('band_id').items()})
        trial.compare_id = self.scheme
        with self.assertRaises(UserError):
            trial._try()

    def test_simulation_shows_who_changes(self):
        self.scheme.action_activate()
        other = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(code='strict', band_ids=[
            Command.create({'name': "Z", 'minimum': 0})]))
        trial = self.env['property.service.assessment.simulation'].with_user(self.users['hr']).create({
            'scheme_id': other.id, 'compare_id': self.scheme.id, 'period_count': 1, 'date_to': '2025-03-31'})
        changes = trial._try()['changes']
        self.assertEqual({change[1] for change in changes}, set(self.workers.ids))
        self.assertIn(self.worker.name, trial.result)
        self.assertIn("Z", trial.result)

    def test_weight_shifts_move_the_result(self):
        judge = self.scheme._get_judge()
        first = self.scheme.line_ids[0]
        figures = {line.id: (0.0 if line.indicator_id.direction == 'higher' else 100.0, 0) for line in self.scheme.line_ids}
        figures[first.id] = (100.0, 0)
        self.assertLess(judge(figures)['result'], self.scheme._get_judge({first.id: first.weight + 10})(figures)['result'])

    def test_payroll_file(self):
        self.worker.name = "=1+1"
        cycle = self.make_cycle()
        self.publish(cycle)
        points = self.env['property.service.points'].search([('assessment_id', 'in', cycle.assessment_ids.ids)])
        points.with_user(self.users['hr']).action_approve()
        export = self.env['property.service.payroll.export'].with_user(self.users['hr']).create({
            'date_from': '2025-03-01', 'date_to': '2025-03-31'})
        export.action_write()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(export.data))).active
        rows = list(sheet.iter_rows(values_only=True))
        columns = export._get_columns(self.company)
        self.assertEqual(list(rows[0]), columns.mapped('name'))
        table = [dict(zip(columns.mapped('content'), row)) for row in rows[1:]]
        self.assertEqual(len(table), 2)
        for row in table:
            self.assertFalse(str(row['name']).startswith('='), "no formula")
        conduct = Counter()
        for entry in self.env['property.service.points'].search([
                ('conduct_rule_id', '!=', False), ('state', '=', 'approved'), ('date', '>=', '2025-03-01'), ('date', '<=', '2025-03-31')]):
            conduct[entry.employee_id] += entry.points
        expected = {(a.score, a.band_id.name, a.band_id.points + conduct[a.employee_id], a.band_id.amount)
                    for a in cycle.sudo().assessment_ids}
        self.assertEqual({(row['score'], row['grade'], row['points'], row['amount']) for row in table}, expected)
        self.env['property.service.payroll.column'].search([('content', '!=', 'name')]).active = False
        export.action_write()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(export.data))).active
        self.assertEqual(sheet.max_column, 1)
