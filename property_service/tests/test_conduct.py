from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestConduct(CycleCase):
    """Rules of conduct: recorded by supervisors, heard, approved by HR, counted in assessments (R99)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.env.ref('property_service.conduct_s03')
        cls.asleep = cls.env.ref('property_service.conduct_s04')
        cls.merit = cls.env.ref('property_service.conduct_s08')
        cls.quiet = cls.env.ref('property_service.conduct_r01')

    def record(self, rule=None, role='supervisor', employee=None, **vals):
        return self.as_role(role, 'property.service.points').create({
            'employee_id': (employee or self.worker).id, 'conduct_rule_id': (rule or self.late).id, 'date': '2025-03-10',
            'description': "Twenty minutes, nobody at the gate", **vals})

    def test_the_whole_way(self):
        self.assertIn('-2', str(self.as_role('technician', self.late).points), "rules are public")
        entry = self.record()
        self.assertEqual((entry.points, entry.kind, entry.state, entry.reason), (-2, 'discipline', 'proposed', self.late.display_name))
        told = self.env['mail.message'].search([('model', '=', entry._name), ('res_id', '=', entry.id)])
        self.assertIn(self.users['technician'].partner_id, told.partner_ids)
        own = self.as_role('technician', entry)
        self.assertEqual(own.description, entry.description, "who is recorded may read it")
        self.assertEqual(own.action_give_statement()['target'], 'new')
        wizard = self.as_role('technician', 'property.service.assessment.action').with_context(
            default_action='statement', default_points_ids=own.ids).create({'reason': "The bus broke down"})
        wizard.action_apply()
        self.assertEqual((entry.statement, bool(entry.stated_at)), ("The bus broke down", True))
        self.as_role('hr', entry).action_approve()
        self.assertEqual((entry.state, entry.approved_by_id), ('approved', self.users['hr']))
        with self.assertRaises(UserError):
            own.action_give_statement(statement="Once more")
        self.assertEqual(self.worker.property_points_balance, -2 + sum(self.env['property.service.points'].search([
            ('employee_id', '=', self.worker.id), ('state', '=', 'approved'), ('id', '!=', entry.id)]).mapped('points')))

    def test_points_are_those_of_the_rule(self):
        entry = self.record(points=-50, amount=-1000, reason="I say so", kind='praise')
        self.assertEqual((entry.points, entry.amount, entry.kind), (-2, 0, 'discipline'))
        self.assertEqual(self.record(self.merit).kind, 'award')
        by_hr = self.record(role='hr', points=-3)
        self.assertEqual(by_hr.points, -3, "HR may weigh")
        with self.assertRaises(UserError):
            by_hr.action_approve()  # recorded by HR: somebody else decides

    def test_who_may(self):
        entry = self.record()
        for role in ('technician', 'agent', 'accountant'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.record(role=role, employee=self.colleague)
        with self.assertRaises(UserError):
            self.as_role('supervisor', 'property.service.points').create({'employee_id': self.worker.id, 'points': 5, 'reason': "Friend"})
        with self.assertRaises(UserError):
            self.record(employee=self.leader)  # the own conduct
        self.assertEqual(self.record(role='quality').create_uid, self.users['quality'])
        supervisor = self.as_role('supervisor', entry)
        supervisor.description = "Twenty-five minutes"
        for vals in ({'points': -1}, {'employee_id': self.colleague.id}, {'statement': "He agrees"}, {'date': '2025-03-11'}):
            with self.subTest(vals=vals), self.assertRaises(UserError), self.env.cr.savepoint():
                supervisor.write(vals)
        for step in (supervisor.action_approve, supervisor.action_reject, self.as_role('technician', entry).action_approve,
                     lambda: supervisor.action_give_statement(statement="He is sorry")):
            with self.assertRaises(UserError):
                step()
        for role in ('colleague', 'quality', 'agent', 'manager'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, entry).read(['reason'])
        self.assertFalse(self.as_role('colleague', 'property.service.points').search([('id', '=', entry.id)]))
        with self.assertRaises(ValidationError):
            self.record(self.quiet)
        with self.assertRaises(ValidationError):
            self.record(date=fields.Date.today() + timedelta(days=2))

    def test_the_form(self):
        with Form(self.as_role('supervisor', 'property.service.points'), 'property_service.conduct_view_form') as form:
            form.employee_id = self.worker
            form.conduct_rule_id = self.asleep
            self.assertEqual(form.points, -12)
            form.description = "At the gate, 3:10, seen by two"
        self.assertEqual((form.record.points, form.record.severity), (-12, 'grave'))

    def test_origin_cannot_be_forged(self):
        """Whoever says that a rule or a grade made the entry could approve his own entry."""
        rule = self.env['property.service.points.rule'].create({'name': "Five stars", 'event': 'rating', 'points': 2, 'date_from': '2025-01-01'})
        assessment = self.env['property.service.assessment'].search([], limit=1) or self.of(self.make_cycle(), self.worker)
        for vals in ({'rule_id': rule.id}, {'assessment_id': assessment.id}, {'approved_by_id': self.users['supervisor'].id},
                     {'origin_model': 'res.users', 'origin_id': 1}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.as_role('hr', 'property.service.points').create({'employee_id': self.worker.id, 'points': 500, 'reason': "Mine", **vals})
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.record(**vals)

    def test_who_decides_sees_the_button(self):
        entry = self.record()
        self.assertEqual(
            [self.as_role(role, entry).can_decide for role in ('hr', 'supervisor', 'technician')], [True, False, False])
        self.assertFalse(self.record(role='hr').can_decide, "entered by HR: somebody else decides")
        other = new_test_user(self.env, 'ps_hr_other', groups='hr.group_hr_user')
        self.assertTrue(self.record(role='hr').with_user(other).can_decide)
        self.as_role('hr', entry).action_reject()
        self.assertFalse(self.as_role('hr', entry).can_decide)

    def test_bad_input(self):
        Points = self.as_role('hr', 'property.service.points')
        manual = {'employee_id': self.worker.id, 'points': 5, 'reason': "Idea"}
        foreign = self.env['hr.employee'].create({
            'name': "Foreign", 'company_id': self.env['res.company'].create({'name': "Other"}).id})
        for vals in ({'points': 0}, {'points': 1e12}, {'points': -1e12}, {'amount': 1e12}, {'points': float('nan')}, {'points': float('inf')},
                     {'date': fields.Date.today() + timedelta(days=2)}, {'employee_id': foreign.id}, {'employee_id': 999_999_999}):
            with self.subTest(vals=vals), self.assertRaises(UserError), self.env.cr.savepoint():
                Points.create({**manual, **vals})
        for vals in ({'description': " "}, {'description': False}, {'description': "x" * 20000}, {'employee_id': foreign.id},
                     {'employee_id': 999_999_999}, {'conduct_rule_id': 999_999_999}):
            with self.subTest(vals=vals), self.assertRaises(UserError), self.env.cr.savepoint():
                self.record(**vals)
        for model, vals in (('property.service.conduct.rule', {'name': "Own", 'code': 'Y1'}),
                            ('property.service.points.rule', {'name': "Own", 'event': 'rating'})):
            for bad in ({'points': 1e12}, {'points': 1, 'amount': -1e12}, {'points': float('nan')}):
                with self.subTest(model=model, bad=bad), self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.as_role('hr', model).create({**vals, **bad})
        self.late.active = False
        with self.assertRaises(UserError):
            self.record()
        entry = self.record(self.asleep)
        own = self.as_role('technician', entry)
        with self.assertRaises(UserError):
            own.action_give_statement(statement="x" * 20000)
        self.assertEqual(own.action_give_statement(statement=" \n ")['target'], 'new', "an empty one asks")
        self.assertFalse(entry.statement)

    def test_today_as_offered(self):
        """Who works where the new day has begun already may record what happened there."""
        self.company.resource_calendar_id.tz = 'Pacific/Pago_Pago'
        here = self.as_role('supervisor', 'property.service.points').with_context(tz='Pacific/Kiritimati')
        entry = here.create({'employee_id': self.worker.id, 'conduct_rule_id': self.late.id, 'description': "At the gate"})
        self.assertEqual(entry.date, fields.Date.context_today(here))
        note = self.as_role('supervisor', 'property.service.resident.note').with_context(tz='Pacific/Kiritimati').create({
            'partner_id': self.resident.id, 'rule_id': self.quiet.id, 'description': "Drilling"})
        self.assertEqual(note.date, entry.date)
        elsewhere = self.as_role('supervisor', note).with_context(tz='Pacific/Pago_Pago')
        elsewhere.keep_until = note.date + timedelta(days=90)  # where it is still yesterday

    def test_stays_on_file(self):
        """What an employee has been told of is refused, not deleted."""
        entry = self.record()
        with self.assertRaises(UserError):
            self.as_role('hr', entry).unlink()
        manual = self.as_role('hr', 'property.service.points').create({'employee_id': self.worker.id, 'points': 5, 'reason': "Idea"})
        manual.unlink()

    def get_told(self, entry, role):
        return self.env['mail.message'].search([
            ('model', '=', entry._name), ('res_id', '=', entry.id), ('partner_ids', 'in', self.users[role].partner_id.ids)], order='id')

    def test_everybody_is_told_in_his_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.users['technician'].lang = 'zh_CN'
        entry = self.record()
        self.assertEqual(len(self.get_told(entry, 'technician')), 1)
        self.as_role('technician', entry).action_give_statement(statement="The bus broke down")
        heard = self.get_told(entry, 'supervisor')
        self.assertIn(self.worker.name, heard.subject)
        self.assertNotIn("bus", heard.body, "a mail says that there is something to read, not what")
        self.as_role('hr', entry).action_approve()
        decided = self.get_told(entry, 'technician')[1:]
        self.assertRegex(decided.body, '[\u4e00-\u9fff]')
        other = self.record()
        self.as_role('hr', other).action_reject()
        self.assertEqual(len(self.get_told(other, 'technician')), 2)
        self.assertNotEqual(self.get_told(other, 'technician')[1].body, decided.body)

    def test_called_by_the_rule_in_the_reader_s_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.late.with_context(lang='zh_CN').name = "迟到"
        self.company.partner_id.lang = 'zh_CN'
        entry = self.record()
        self.assertEqual(entry.reason, "S03 迟到", "kept in the company's language")
        own = self.as_role('technician', entry)
        self.assertEqual(own.with_context(lang='zh_CN').display_name, "S03 迟到")
        self.assertEqual(own.with_context(lang='en_US').display_name, self.late.with_context(lang='en_US').display_name)
        manual = self.env['property.service.points'].create({'employee_id': self.worker.id, 'points': 5, 'reason': "Idea"})
        self.assertEqual(manual.display_name, "Idea")

    def test_only_approved_points_count(self):
        self.env.cr.execute("DELETE FROM property_service_points")
        self.env.invalidate_all()
        first, second, third = self.record(), self.record(self.merit, date='2025-03-11'), self.record(self.asleep, date='2025-03-12')
        self.as_role('hr', first | second).action_approve()
        self.as_role('hr', third).action_reject()
        waiting = self.record(date='2025-03-13')
        entries = first | second | third | waiting
        self.assertEqual(entries.mapped('counted_points'), [-2, 5, 0, 0])
        self.assertEqual(self.as_role('technician', entries).mapped('balance'), [-2, 3, 0, 0])
        self.assertEqual(self.as_role('supervisor', entries).mapped('balance'), [0, 0, 0, 0], "the account is the employee's")

    def test_counts_in_the_assessment(self):
        """Points off as a figure, a deduction per point, and a veto for what is grave; the evidence is the entries."""
        self.env.cr.execute("DELETE FROM property_service_points")
        self.env.invalidate_all()
        for rule in (self.late, self.late, self.asleep):
            self.as_role('hr', self.record(rule)).action_approve()
        self.as_role('hr', self.record(self.late, employee=self.colleague)).action_approve()
        self.record(self.asleep, employee=self.colleague)  # not decided: does not count
        conduct = self.ref('conduct')
        self.scheme.write({
            'line_ids': [Command.update(self.scheme.line_ids.filtered(lambda line: line.indicator_id == self.ref('satisfaction')).id, {'weight': 10}),
                         Command.create({'indicator_id': conduct.id, 'weight': 10, 'floor': 10, 'target': 0})],
            'rule_ids': [Command.create({'name': "Each point off", 'kind': 'deduction', 'indicator_id': conduct.id, 'measure': 'cases',
                                         'operator': 'ge', 'threshold': 1, 'points': 1, 'per_case': True}),
                         Command.create({'name': "Grave breach", 'kind': 'veto', 'indicator_id': conduct.id, 'operator': 'ge', 'threshold': 12})]})
        cycle = self.make_cycle()
        first, second = self.of(cycle, self.worker), self.of(cycle, self.colleague)
        line = first.line_ids.filtered(lambda line: line.indicator_id == conduct)
        self.assertEqual((line.actual, line.score, line.case_count), (16, 0, 3))
        self.assertEqual((first.deduction, first.veto, first.band_id.name), (16, "Grave breach", "C"))
        self.assertEqual((second.deduction, second.veto), (2, False))
        opened = self.as_role('technician', line.evidence_ids[:1]).action_open_case()
        self.assertEqual((opened['res_model'], opened['res_id']), ('property.service.points', line.evidence_ids[:1].res_id))
        nobody = self.of(self.make_cycle(date_from='2025-04-01'), self.worker).line_ids.filtered(lambda line: line.indicator_id == conduct)
        self.assertEqual((nobody.actual, nobody.score, nobody.has_data), (0, 100, True), "nothing recorded is the best there is")

    def test_rules(self):
        Rule = self.as_role('hr', 'property.service.conduct.rule')
        for vals in ({'audience': 'resident', 'points': -5}, {'audience': 'staff'}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                Rule.create({'name': "Own", 'code': 'Y1', **vals})
        with self.assertRaises(AccessError):
            self.as_role('supervisor', self.late).points = -1

    # ---- RESIDENTS ----

    def note(self, role='supervisor', **vals):
        return self.as_role(role, 'property.service.resident.note').create({
            'partner_id': self.resident.id, 'rule_id': self.quiet.id, 'description': "Drilling at 23:00, heard by the guard", **vals})

    def test_notes_on_residents(self):
        note = self.note()
        self.assertEqual(note.unit_id, self.unit)
        self.assertEqual(self.as_role('supervisor', self.resident).resident_note_count, 1)
        self.assertEqual(self.as_role('supervisor', self.resident).action_open_resident_notes()['domain'], [('partner_id', '=', self.resident.id)])
        for role in ('technician', 'agent', 'quality', 'hr', 'resident', 'neighbour'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, note).read(['description'])
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(role, self.resident).read(['resident_note_count'])
        today = fields.Date.today()
        for vals in ({'rule_id': self.late.id}, {'keep_until': today - timedelta(days=1)}, {'keep_until': today + timedelta(days=2000)},
                     {'date': today + timedelta(days=3)}, {'told_on': today - timedelta(days=3)}, {'told_on': today + timedelta(days=3)},
                     {'description': "x" * 20000}, {'answer': "x" * 20000}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                note.write(vals)

    def test_notes_by_rules_in_force(self):
        self.quiet.active = False
        with self.assertRaises(ValidationError):
            self.note()

    def test_notes_are_not_kept_for_ever(self):
        note = self.note()
        other = self.note(description="Again")
        self.env['property.service.resident.note']._delete_expired()
        self.assertTrue(note.exists())
        self.env.cr.execute("UPDATE property_service_resident_note SET keep_until = CURRENT_DATE - 2 WHERE id = %s", (note.id,))
        self.env.invalidate_all()
        self.env['property.service.resident.note']._delete_expired()
        self.assertFalse(note.exists())
        self.assertTrue(other.exists())
