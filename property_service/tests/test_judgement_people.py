from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .judgement_common import END, START
from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestLeaders(CycleCase):
    """Results of teams and estates count for whoever leads them."""

    def make_result(self, subject):
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
            code=subject, subject=subject, department_ids=False,
            line_ids=[Command.create({'indicator_id': self.ref('satisfaction').id, 'weight': 100, 'floor': 0, 'target': 100})]))
        cycle = self.make_cycle(scheme)
        cycle.sudo().assessment_ids._as_step().write({'state': 'hr', 'approved_by_id': self.users['hr'].id})
        return cycle

    def test_the_leader_is_assessed_by_the_team_and_the_manager_by_the_estate(self):
        self.estate.manager_id = self.head
        for subject, code, leader in (('team', 'team_result', self.team.leader_id), ('estate', 'estate_result', self.head)):
            cycle = self.make_result(subject)
            indicator = self.ref(code)
            self.assertNotIn(leader.id, indicator._get_company_figures(self.period), "not before it is published")
            cycle.action_publish()
            result = cycle.sudo().assessment_ids.filtered(lambda a, subject=subject: a[f'{subject}_id'] == (
                self.team if subject == 'team' else self.estate))
            self.assertTrue(result.has_score and result.score > 0)
            self.assertEqual(indicator._get_company_figures(self.period)[leader.id][3], result.score)
            leaders = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
                code=f'leaders_{subject}', department_ids=False, line_ids=[Command.create({'indicator_id': indicator.id, 'weight': 100})]))
            own = self.of(self.make_cycle(leaders, is_ad_hoc=True, employee_ids=[Command.set(leader.ids)]), leader)
            self.assertEqual((own.line_ids.actual, own.base_score), (result.score, result.score))
            self.assertEqual((own.line_ids.evidence_ids.res_model, own.line_ids.evidence_ids.res_id), (result._name, result.id))

    def test_a_team_is_not_assessed_by_its_own_result(self):
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
            code='circle', subject='team', department_ids=False,
            line_ids=[Command.create({'indicator_id': self.ref('team_result').id, 'weight': 100})]))
        with self.assertRaises(UserError):
            scheme.action_activate()


@tagged('post_install', '-at_install')
class TestCalibration(CycleCase):

    def test_distribution_by_department(self):
        other = self.env['hr.department'].create({'name': "Cleaning"})
        cleaner = self.env['hr.employee'].create({'name': "Cleaner", 'department_id': other.id})
        self.scheme.department_ids += other
        cycle = self.make_cycle()
        *departments, total = cycle._get_calibration()
        self.assertEqual([(row[0].name, row[1]) for row in departments], [("Cleaning", 1), ("Engineering", 2)])
        results = [self.of(cycle, worker).score for worker in self.workers]
        self.assertEqual((departments[1][2]['low'], departments[1][2]['high']), (min(results), max(results)))
        self.assertEqual(total[1], 3)
        self.assertEqual(sum(total[3].values()), 3)
        self.assertIn("Engineering", cycle.calibration)
        self.assertTrue(self.of(cycle, cleaner))
        with self.assertRaises(AccessError):
            self.as_role('technician', cycle).calibration  # noqa: B018

    def test_only_what_is_over_is_archived(self):
        cycle = self.make_cycle()
        with self.assertRaises(UserError):
            cycle.action_archive()
        cycle.action_cancel()
        cycle.action_archive()
        self.assertFalse(cycle.active)

    def test_analysis_says_what_the_lines_say(self):
        cycle = self.make_cycle()
        self.env.flush_all()
        lines = cycle.sudo().assessment_ids.line_ids.filtered('has_data')
        Report = self.as_role('hr', 'property.service.assessment.report')
        groups = {indicator: (score, count) for indicator, score, count in Report._read_group(
            [('cycle_id', '=', cycle.id), ('has_data', '=', True)], ['indicator_id'], ['score:avg', '__count'])}
        for indicator, found in lines.grouped('indicator_id').items():
            score, count = groups[indicator.with_env(Report.env)]
            self.assertEqual(count, len(found))
            self.assertAlmostEqual(score, sum(found.mapped('score')) / count, 6)
        mine = self.as_role('technician', 'property.service.assessment.report').search([('cycle_id', '=', cycle.id)])
        self.assertEqual(mine.sudo().employee_id, self.worker)


@tagged('post_install', '-at_install')
class TestImprovement(CycleCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kind = cls.env['hr.skill.type'].create({
            'name': "Trades", 'skill_ids': [Command.create({'name': "Pumps"}), Command.create({'name': "Wiring"})],
            'skill_level_ids': [
                Command.create({'name': "Trained", 'level_progress': 50}), Command.create({'name': "Expert", 'level_progress': 100})]})
        cls.pumps, cls.wiring = kind.skill_ids
        cls.trained, cls.expert = kind.skill_level_ids.sorted('level_progress')
        cls.job = cls.env['hr.job'].create({'name': "Fitter", 'job_skill_ids': [
            Command.create({'skill_type_id': kind.id, 'skill_id': skill.id, 'skill_level_id': level.id})
            for skill, level in ((cls.pumps, cls.expert), (cls.wiring, cls.trained))]})
        cls.worker.job_id = cls.job
        cls.worker.employee_skill_ids = [Command.create({
            'skill_type_id': kind.id, 'skill_id': skill.id, 'skill_level_id': cls.trained.id}) for skill in (cls.pumps, cls.wiring)]

    def test_gap_becomes_training_becomes_skill_and_hours(self):
        cycle = self.make_cycle()
        assessment = self.of(cycle, self.worker, 'hr')
        self.assertEqual(assessment._get_skill_gaps(), [(self.pumps, self.expert, self.trained)])
        self.assertIn("Pumps", assessment.skill_gap)
        with self.assertRaises(AccessError):
            self.of(cycle, self.worker, 'technician').action_plan_training()
        assessment.action_plan_training()
        with self.assertRaises(UserError):
            assessment.action_plan_training()
        measure = assessment.improvement_ids
        self.assertEqual((measure.skill_id, measure.skill_level_id, measure.state), (self.pumps, self.expert, 'open'))
        own = self.as_role('technician', measure)
        self.assertTrue(own.name)
        for attempt in (lambda: own.write({'hours': 100}), own.action_done, own.unlink):
            with self.assertRaises(AccessError):
                attempt()
        head = self.as_role('head', measure)
        head.hours = 6
        head.action_done()
        self.assertEqual((measure.state, measure.resume_line_id.duration), ('done', 6))
        self.assertFalse(self.of(cycle, self.worker)._get_skill_gaps())
        today = fields.Date.context_today(head)
        period = self.company._get_assessment_period(today, today)
        self.assertEqual(self.ref('training_hours')._get_company_figures(period)[self.worker.id][3], 6)
        with self.assertRaises(UserError):
            head.hours = 60
        with self.assertRaises(UserError):
            measure.with_user(self.users['hr']).state = 'open'

    def test_a_plan_lets_the_assessment_close(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        for worker, role in ((self.worker, 'technician'), (self.colleague, 'colleague')):
            self.of(cycle, worker, role).action_acknowledge()
        low = cycle.sudo().assessment_ids.filtered('needs_plan')
        self.assertTrue(low)
        with self.assertRaises(UserError):
            cycle.action_close()
        for assessment in low:
            self.env['property.service.improvement'].create({
                'name': "Pumps", 'employee_id': assessment.employee_id.id, 'deadline': '2025-06-30', 'assessment_id': assessment.id})
        cycle.action_close()
        self.assertEqual(cycle.state, 'closed')

    def test_managers_plan_for_their_own_people_only(self):
        vals = {'name': "x", 'deadline': '2025-06-30'}
        self.as_role('head', 'property.service.improvement').create({**vals, 'employee_id': self.worker.id})
        for role, employee in (('head', self.outsider), ('technician', self.worker), ('colleague', self.worker), ('head', self.head)):
            with self.subTest(role=role), self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_role(role, 'property.service.improvement').create({**vals, 'employee_id': employee.id})


@tagged('post_install', '-at_install')
class TestCareer(CycleCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grade = cls.env['property.service.career.grade'].create({
            'name': "Senior Technician", 'level': 2, 'education': 'bachelor', 'tenure_months': 12, 'result_count': 1, 'result_minimum': 1,
            'without_veto': True, 'training_hours': 4, 'others': "Has trained a colleague"})

    def check(self, role='technician', employee=None):
        return self.as_role(role, 'property.service.career.check').create({
            'employee_id': (employee or self.worker).id, 'grade_id': self.grade.id})

    def met(self):
        return [met for _rule, _wanted, _own, met in self.grade._get_checks(self.worker)]

    def test_check_list(self):
        self.worker.version_id.write({'date_version': fields.Date.today()})
        self.assertEqual(self.met(), [False, False, False, True, False, None])
        self.worker.certificate = 'master'
        self.worker.version_id.write({'date_version': fields.Date.today() - relativedelta(months=13)})
        self.publish(self.make_cycle())
        course = self.env['hr.resume.line.type'].search([('is_course', '=', True)], limit=1)
        self.env['hr.resume.line'].create({
            'employee_id': self.worker.id, 'name': "Course", 'line_type_id': course.id, 'date_start': fields.Date.today(),
            'date_end': fields.Date.today(), 'duration': 4})
        self.assertEqual(self.met(), [True, True, True, True, True, None])
        self.assertTrue(self.check().all_met)
        self.worker.certificate = 'other'
        self.assertFalse(self.check().all_met)

    def test_who_may_look(self):
        self.assertIn("Has trained a colleague", self.check().checks)
        self.assertIn(self.grade.name, self.check('head').checks)
        self.assertTrue(self.as_role('agent', self.grade).tenure_months, "the rules are public")
        for role in ('colleague', 'agent', 'manager'):
            with self.subTest(role=role), self.assertRaises(AccessError), self.env.cr.savepoint():
                self.check(role).checks  # noqa: B018

    def test_promotion(self):
        check = self.check('hr')
        with self.assertRaises(UserError):
            check.action_promote()
        check.reason = "Saved the pump room in the flood."
        check.action_promote()
        self.assertEqual((self.worker.property_career_grade_id, self.worker.property_career_since),
                         (self.grade, fields.Date.context_today(check)))
        with self.assertRaises(AccessError):
            self.check('head').action_promote()
        with self.assertRaises(AccessError):
            self.check('technician').action_promote()


@tagged('post_install', '-at_install')
class TestEmployeeFile(CycleCase):

    def test_who_sees_the_result(self):
        self.publish(self.make_cycle())
        assessment = self.of(self.env['property.service.assessment.cycle'].search([('scheme_id', '=', self.scheme.id)]), self.worker)
        shown = (1, assessment.band_id.name, assessment.stars)
        for role, expected in (('technician', shown), ('head', shown), ('colleague', (0, False, False)), ('manager', (0, False, False))):
            self.env.invalidate_all()
            public = self.as_role(role, 'hr.employee.public').browse(self.worker.id)
            with self.subTest(role=role):
                self.assertEqual((public.property_assessment_count, public.property_grade, public.property_stars), expected)
        file = self.as_role('hr', self.worker)
        self.assertEqual((file.property_assessment_count, file.property_grade, file.property_stars), shown)
        self.assertEqual(file.action_check_property_career()['context']['default_employee_id'], self.worker.id)

    def test_training_mark_is_given_by_hr_and_need_not_be_given(self):
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(code='training', with_self=False, line_ids=[
            Command.create({'indicator_id': self.ref('training_mark').id, 'weight': 40}),
            Command.create({'indicator_id': self.ref('training_hours').id, 'weight': 60, 'floor': 0, 'target': 7})]))
        cycle = self.make_cycle(scheme)
        head = self.of(cycle, self.worker, 'head')
        head.action_submit_manager()
        own = self.of(cycle, self.worker, 'hr')
        self.assertEqual((own.score, own.line_ids[1].effective_weight), (100, 100), "without a test the weight is spread")
        with self.assertRaises(UserError):
            self.mark(head, 'training_mark', 10)
        self.mark(own, 'training_mark', 50)
        self.assertEqual(own.score, 80)

    def test_points_of_findings(self):
        action = self.work['action'][0]
        self.env.cr.execute(
            "UPDATE property_service_corrective_action SET state = 'verified', points = 7, closed_at = %s, responsible_id = %s WHERE id = %s",
            (datetime(2025, 3, 31, 17), self.worker.id, action.id))
        self.env.invalidate_all()
        rule = self.env['property.service.points.rule'].create({
            'name': "Card", 'event': 'finding', 'points': 2, 'date_from': START})
        rule.action_run()
        entry = self.env['property.service.points'].search([('rule_id', '=', rule.id), ('origin_id', '=', action.id)])
        self.assertEqual((entry.employee_id, entry.points, entry.state), (self.worker, 14, 'proposed'))
        self.assertEqual(entry.date, END + timedelta(days=1), "the day at the company, not in UTC")
        self.assertEqual(entry.kind, 'finding')
