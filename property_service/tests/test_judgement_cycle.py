from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..tools import scoring
from ..tools.plain_number import plain_number
from ..tools.tenures import Tenure, Version, tenures
from .judgement_common import END, START, JudgementCase


class CycleCase(JudgementCase):
    """A department with a manager who is no officer of anything, two workers, and a scheme of figures and marks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.users['head'] = new_test_user(env, 'ps_head', groups='base.group_user', password='ps_head')
        cls.users['colleague'] = new_test_user(env, 'ps_colleague', groups='property_service.group_technician', password='ps_colleague')
        cls.users['reviewer'] = new_test_user(env, 'ps_reviewer', groups='base.group_user', password='ps_reviewer')
        cls.head = env['hr.employee'].create({'name': "Sun Head", 'user_id': cls.users['head'].id})
        cls.colleague.user_id = cls.users['colleague']
        cls.department = env['hr.department'].create({'name': "Engineering", 'manager_id': cls.head.id})
        cls.workers.department_id = cls.department
        cls.scheme = env['property.service.assessment.scheme'].create(cls.get_scheme_vals())
        cls.make_work()

    @classmethod
    def get_scheme_vals(cls, **vals):
        def line(code, weight, floor, target, **more):
            return Command.create({
                'indicator_id': cls.ref(code).id, 'weight': weight, 'floor': floor, 'target': target, **more})
        return {
            'name': "Engineers", 'code': 'engineers', 'department_ids': [Command.set(cls.department.ids)],
            'line_ids': [
                line('response_on_time', 20, 50, 100), line('resolution_on_time', 20, 50, 100), line('satisfaction', 20, 20, 90),
                line('rework_rate', 10, 60, 0), line('training_hours', 10, 0, 10, with_stretch=True, stretch=20, cap=120),
                line('manager_mark', 10, 0, 100), line('self_mark', 10, 0, 100)],
            'band_ids': [
                Command.create({'name': "A", 'minimum': 80, 'points': 10, 'amount': 100, 'stars': '5'}),
                Command.create({'name': "B", 'minimum': 50, 'points': 2}),
                Command.create({'name': "C", 'minimum': 0, 'points': -5, 'needs_plan': True})],
            **vals}

    @classmethod
    def make_cycle(cls, scheme=None, **vals):
        scheme = scheme or cls.scheme
        if scheme.state == 'draft':
            scheme.action_activate()
        cycle = cls.env['property.service.assessment.cycle'].with_user(cls.users['hr']).create({
            'scheme_id': scheme.id, 'date_from': START, **vals})
        cycle.action_generate()
        return cycle

    @classmethod
    def of(cls, cycle, employee, user=None):
        assessment = cycle.sudo().assessment_ids.filtered(lambda a: a.employee_id.id == employee.id)
        return assessment.with_user(cls.users[user]) if user else assessment

    @classmethod
    def mark(cls, assessment, code, value, reason=False):
        line = assessment.line_ids.filtered(lambda line: line.indicator_id.code == code)
        line.write({'mark': value, 'mark_reason': reason})

    @classmethod
    def take_to_hr(cls, cycle):
        for employee, role in ((cls.worker, 'technician'), (cls.colleague, 'colleague')):
            own = cls.of(cycle, employee, role)
            cls.mark(own, 'self_mark', 80)
            own.action_submit_self()
            marked = cls.of(cycle, employee, 'head')
            cls.mark(marked, 'manager_mark', 70)
            marked.action_submit_manager()

    @classmethod
    def publish(cls, cycle):
        cls.take_to_hr(cycle)
        cycle.assessment_ids.action_approve_hr()
        cycle.action_publish()


@tagged('post_install', '-at_install')
class TestCycle(CycleCase):

    def test_figures_are_those_of_the_indicators(self):
        cycle = self.make_cycle()
        self.assertEqual(cycle.date_to, END)
        self.assertEqual(cycle.sudo().assessment_ids.employee_id, self.workers)
        for code in ('response_on_time', 'satisfaction', 'rework_rate', 'training_hours'):
            figures = self.ref(code)._get_company_figures(self.period)
            for employee in self.workers:
                line = self.of(cycle, employee).line_ids.filtered(lambda line, code=code: line.indicator_id.code == code)
                numerator, denominator, count, actual = figures.get(employee.id, (0, 0, 0, 0.0))
                self.assertEqual(
                    (line.numerator, line.denominator, line.case_count, line.actual), (numerator, denominator, count, actual), code)
                rule = line.scheme_line_id._get_rule()
                self.assertEqual(line.score, scoring.score(actual, rule))
                self.assertEqual(
                    (sum(line.evidence_ids.mapped('numerator')), len(line.evidence_ids)), (numerator, count), "evidence adds up")

    def test_result_is_the_weighted_mean(self):
        cycle = self.make_cycle()
        assessment = self.of(cycle, self.worker)
        known = [line for line in assessment.line_ids if line.has_data]
        self.assertEqual(len(known), 5, "marks are not given yet")
        self.assertAlmostEqual(sum(known_line.effective_weight for known_line in known), 100, 1)
        expected = sum(line.score * line.weight for line in known) / sum(line.weight for line in known)
        self.assertAlmostEqual(assessment.base_score, expected, 2)
        self.assertEqual(assessment.band_id.name, "A" if assessment.score >= 80 else "B" if assessment.score >= 50 else "C")
        self.mark(self.of(cycle, self.worker, 'technician'), 'self_mark', 100)
        self.assertEqual(len([line for line in assessment.line_ids if line.has_data]), 6)

    def test_rules(self):
        code = self.ref('rework_rate')
        self.scheme.write({'rule_ids': [
            Command.create({'name': "No returns at all", 'kind': 'bonus', 'indicator_id': self.ref('training_hours').id, 'threshold': 1,
                            'measure': 'actual', 'operator': 'ge', 'points': 3}),
            Command.create({'name': "Each return", 'kind': 'deduction', 'indicator_id': code.id, 'threshold': 1, 'measure': 'cases',
                            'operator': 'ge', 'points': 1.5, 'per_case': True}),
            Command.create({'name': "Nearly all returned", 'kind': 'veto', 'indicator_id': code.id, 'threshold': 1, 'operator': 'ge'})]})
        cycle = self.make_cycle()
        assessment = self.of(cycle, self.worker)
        line = assessment.line_ids.filtered(lambda line: line.indicator_id == code)
        self.assertEqual((assessment.bonus, assessment.deduction), (3, min(1.5 * line.numerator, 20)))
        self.assertEqual(assessment.score, scoring.rounded(max(assessment.base_score + 3 - assessment.deduction, 0)))
        self.assertEqual((assessment.veto, assessment.band_id.name), ("Nearly all returned", "C"))

    def test_scheme_must_be_whole(self):
        draft = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(code='half', line_ids=[
            Command.create({'indicator_id': self.ref('rework_rate').id, 'weight': 60})]))
        with self.assertRaises(UserError):
            draft.action_activate()
        draft.line_ids.weight = 100
        draft.action_activate()
        for change in ({'line_ids': [Command.clear()]}, {'appeal_days': 1}, {'state': 'draft'}):
            with self.assertRaises(UserError):
                draft.write(change)
        with self.assertRaises(UserError):
            draft.line_ids.weight = 90
        following = draft.browse(draft.action_new_version()['res_id'])
        self.assertEqual((following.version, following.state, following.line_ids.weight, len(following.band_ids)), (2, 'draft', 100, 3))
        with self.assertRaises(ValidationError):
            following.line_ids.write({'floor': 0, 'target': 50})

    def test_transfer_within_the_period(self):
        """Who changes department has a scorecard for each time, with the cases of those days."""
        other = self.env['hr.department'].create({'name': "Cleaning"})
        self.scheme.department_ids += other
        self.worker.version_id.write({'date_version': '2024-01-01'})
        self.worker.create_version({'date_version': date(2025, 3, 16), 'department_id': other.id})
        cycle = self.make_cycle()
        first, second = self.of(cycle, self.worker).sorted('date_from')
        self.assertEqual((first.date_from, first.date_to, first.department_id), (START, date(2025, 3, 15), self.department))
        self.assertEqual((second.date_from, second.date_to, second.department_id), (date(2025, 3, 16), END, other))
        figures = self.ref('rework_rate')._get_company_figures(self.period)[self.worker.id]
        lines = (first | second).line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        self.assertEqual(sum(lines.mapped('denominator')), figures[1])
        self.assertTrue(all(lines.mapped('denominator')))
        border = datetime(2025, 3, 15, 16)  # midnight in Shanghai
        self.assertTrue(all(row.at < border for row in lines[0].evidence_ids))
        self.assertTrue(all(row.at >= border for row in lines[1].evidence_ids))

    def test_frozen_at_publication(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        assessment = self.of(cycle, self.worker)
        line = assessment.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        before = (line.actual, line.numerator, line.evidence_ids.mapped('res_id'), assessment.score)
        self.assertEqual(line._get_difference()['changed'], [])
        self.assertEqual(line._get_difference()['actual'], line.actual, "counted again to the last digit")
        self.assertEqual(line.action_compare()['params']['type'], 'success')
        request = self.env['property.service.request'].browse(line.evidence_ids.filtered(lambda row: not row.numerator)[0].res_id)
        self.set_facts(request, rework_count=1)
        self.env.flush_all()
        self.assertEqual((line.actual, line.numerator, line.evidence_ids.mapped('res_id'), assessment.score), before)
        difference = line._get_difference()
        self.assertEqual([name for name, _before, _now in difference['changed']], [request.name])
        self.assertEqual(difference['numerator'], line.numerator + 1)
        self.assertIn(request.name, line.action_compare()['params']['message'])
        with self.assertRaises(UserError):
            cycle.action_compute()

    def test_computing_again_before_publication(self):
        cycle = self.make_cycle()
        line = self.of(cycle, self.worker).line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        request = self.env['property.service.request'].browse(line.evidence_ids.filtered(lambda row: not row.numerator)[0].res_id)
        before = line.numerator
        self.set_facts(request, rework_count=1)
        cycle.action_compute()
        self.assertEqual(line.numerator, before + 1)
        self.assertEqual(len(line.evidence_ids), line.case_count)

    def test_queries_do_not_depend_on_the_number_of_employees(self):
        cycle = self.make_cycle()
        cycle.action_compute()

        def count(cycle):
            cycle._write_facts({'computed_at': False})  # within one second it would not change, and not be written
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            cycle._compute_figures()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start
        count(cycle)
        few = count(cycle)
        self.env['hr.employee'].create([{'name': f"More {number}", 'department_id': self.department.id} for number in range(30)])
        many = self.make_cycle(date_from=date(2025, 2, 1))
        self.assertEqual(len(many.sudo().assessment_ids), 32)
        count(many)
        self.assertEqual(count(many), few)

    def test_cancelling_leaves_no_evidence(self):
        cycle = self.make_cycle()
        lines = cycle.sudo().assessment_ids.line_ids
        ids = lines.ids

        def count():
            self.env.cr.execute("SELECT count(*) FROM property_service_assessment_evidence WHERE line_id = ANY(%s)", [ids])
            return self.env.cr.fetchone()[0]
        self.assertEqual(count(), sum(lines.mapped('case_count')))
        self.assertTrue(count())
        cycle.action_cancel()
        self.assertEqual(count(), 0)

    def test_ad_hoc(self):
        cycle = self.make_cycle(is_ad_hoc=True, employee_ids=[Command.set(self.outsider.ids)], date_to=date(2025, 3, 10))
        self.assertEqual(cycle.sudo().assessment_ids.employee_id, self.outsider)
        with self.assertRaises(ValidationError):
            self.env['property.service.assessment.cycle'].create({'scheme_id': self.scheme.id, 'is_ad_hoc': True})
        cycle.action_cancel()
        self.assertFalse(cycle.sudo().assessment_ids)

    def test_teams_and_estates(self):
        for subject, record in (('team', self.team), ('estate', self.estate)):
            scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
                code=subject, subject=subject, department_ids=False,
                line_ids=[Command.create({'indicator_id': self.ref('rework_rate').id, 'weight': 100})]))
            cycle = self.make_cycle(scheme)
            assessment = cycle.sudo().assessment_ids.filtered(lambda a, record=record, subject=subject: a[f'{subject}_id'] == record)
            done = [r for r in self.work['request'] if r.state == 'closed' and self.period.start <= r.done_at < self.period.end]
            self.assertEqual(assessment.line_ids.denominator, len(done))
            self.assertEqual(assessment.line_ids.numerator, sum(r.rework_count > 0 for r in done))


@tagged('post_install', '-at_install')
class TestAssessmentSteps(CycleCase):

    def test_the_whole_way(self):
        cycle = self.make_cycle()
        own = self.of(cycle, self.worker, 'technician')
        self.assertEqual((own.state, own.manager_id), ('self', self.head))
        self.assertEqual(own.activity_ids.user_id, self.users['technician'])
        with self.assertRaises(UserError):
            own.action_submit_self()  # the own mark is missing
        self.mark(own, 'self_mark', 90)
        own.line_ids[0].self_comment = "Three of them were closed roads."
        own.self_note = "A good month."
        own.action_submit_self()
        with self.assertRaises(AccessError):
            own.invalidate_recordset() or own.read(['score'])  # while the manager marks, nothing is to be seen
        marked = self.of(cycle, self.worker, 'head')
        self.assertEqual(marked.activity_ids.user_id, self.users['head'])
        self.mark(marked, 'manager_mark', 75)
        marked.action_submit_manager()
        cycle_hr = cycle
        with self.assertRaises(UserError):
            cycle_hr.action_publish()
        other = self.of(cycle, self.colleague, 'colleague')
        self.mark(other, 'self_mark', 50)
        other.action_submit_self()
        theirs = self.of(cycle, self.colleague, 'head')
        self.mark(theirs, 'manager_mark', 20)
        with self.assertRaises(UserError):
            theirs.action_submit_manager()  # departs from the mean of the department without a reason
        self.mark(theirs, 'manager_mark', 20, "Left the site twice without a word.")
        theirs.action_submit_manager()
        self.assertEqual(cycle_hr.to_do_count, 2)
        cycle_hr.assessment_ids.action_approve_hr()
        cycle_hr.action_publish()
        self.assertEqual(own.state, 'published')
        self.assertEqual(own.first_score, own.score)
        with self.assertRaises(UserError):
            cycle_hr.action_close()
        own.action_acknowledge()
        other.action_acknowledge()
        self.of(cycle, self.colleague, 'hr').improvement_plan = "Tell the leader before leaving."
        self.of(cycle, self.worker, 'hr').improvement_plan = "Go on."
        cycle_hr.action_close()
        self.assertEqual((own.state, cycle.state), ('closed', 'closed'))

    def test_turns(self):
        cycle = self.make_cycle()
        own, head, hr = (self.of(cycle, self.worker, role) for role in ('technician', 'head', 'hr'))
        for record, codes in ((own, ['self_mark']), (head, []), (hr, [])):
            self.assertEqual(record.line_ids.filtered('can_mark').mapped('indicator_id.code'), codes)
            self.assertEqual(any(record.line_ids.mapped('can_comment')), bool(codes))
        self.assertEqual(own.line_ids.filtered('can_mark').formula, "Not marked yet")
        for record, code in ((own, 'manager_mark'), (head, 'self_mark'), (hr, 'self_mark'), (head, 'manager_mark'), (own, 'rework_rate')):
            with self.subTest(code=code), self.assertRaises(UserError):
                self.mark(record, code, 100)
        for vals in ({'score': 100}, {'state': 'closed'}, {'band_id': self.scheme.band_ids[0].id}, {'manager_note': "x"},
                     {'line_ids': [Command.update(own.line_ids[0].id, {'score': 100})]}, {'line_ids': [Command.clear()]}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                own.write(vals)
        for step in ('action_submit_manager', 'action_approve_hr', 'action_publish', 'action_close'):
            with self.subTest(step=step), self.assertRaises(UserError):
                getattr(own, step)()
        with self.assertRaises(UserError):
            self.mark(own, 'self_mark', 101)
        with self.assertRaises(AccessError):
            self.as_role('technician', cycle).action_compute()

    def test_sending_back(self):
        cycle = self.make_cycle()
        self.take_to_hr(cycle)
        hr, head = self.of(cycle, self.worker, 'hr'), self.of(cycle, self.worker, 'head')
        self.assertEqual(hr.action_return()['res_model'], 'property.service.assessment.action')
        hr.action_return(reason="Give the reasons, please.")
        self.assertEqual(hr.state, 'manager')
        head.action_return(reason="Tell me about the lift.")
        self.assertEqual(hr.state, 'self')

    def test_peers(self):
        lines = [Command.create({'indicator_id': self.ref('peer_mark').id, 'weight': 40}),
                 Command.create({'indicator_id': self.ref('manager_mark').id, 'weight': 60})]
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
            code='peers', line_ids=lines, with_self=False))
        cycle = self.make_cycle(scheme)
        head = self.of(cycle, self.worker, 'head')
        self.assertEqual(head.state, 'manager')
        head.action_ask_peers(user_ids=(self.users['colleague'] | self.users['agent'] | self.users['technician']).ids)
        Peer = self.env['property.service.assessment.peer']
        self.assertEqual(Peer.search([]).user_id, self.users['colleague'] | self.users['agent'], "nobody is his own peer")
        for role, value in (('colleague', 80), ('agent', 90)):
            own = self.as_role(role, Peer.search([('user_id', '=', self.users[role].id)]))
            own.write({'value': value})
            self.assertEqual(own.employee_name, self.worker.name)
        self.assertEqual(head.line_ids[0].actual, 85)
        self.mark(head, 'manager_mark', 60)
        with self.assertRaises(UserError):
            head.action_submit_manager()
        self.mark(head, 'manager_mark', 60, "Fell asleep on duty.")
        head.action_submit_manager()
        with self.assertRaises(AccessError):
            self.as_role('technician', Peer.search([])[0]).read(['value'])

    def test_appeal(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        own = self.of(cycle, self.worker, 'technician')
        line = own.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        before = own.score, line.actual
        self.assertEqual(own.action_appeal()['res_model'], 'property.service.assessment.action')
        own.action_appeal(reason="One was another's work", line_id=line.id)
        with self.assertRaises(UserError):
            own.action_appeal(reason="Again", line_id=line.id)
        appeal = self.env['property.service.appeal'].search([])
        self.assertEqual(appeal.activity_ids.user_id, self.users['hr'])
        with self.assertRaises(UserError):
            self.of(cycle, self.worker, 'hr').action_close()
        for role in ('head', 'technician', 'hr'):
            with self.assertRaises(UserError):
                self.as_role('hr', appeal).action_assign(reviewer_id=self.users[role].id)
        self.as_role('hr', appeal).action_assign(reviewer_id=self.users['agent'].id)
        self.assertEqual(appeal.activity_ids.user_id, self.users['agent'], "the officer's to-do is done")
        self.as_role('hr', appeal).action_assign(reviewer_id=self.users['reviewer'].id)
        self.assertEqual(appeal.activity_ids.user_id, self.users['reviewer'])
        review = self.as_role('reviewer', appeal)
        self.assertTrue(review.assessment_id.with_user(self.users['reviewer']).line_ids.evidence_ids)
        with self.assertRaises(AccessError):
            self.as_role('hr', appeal).action_decide(accept=True, actual=0, decision="x")
        with self.assertRaises(UserError):
            review.action_decide(accept=True, decision="Right")
        for figure in (-1, 100.5):
            with self.assertRaisesRegex(UserError, "between 0 and 100"):
                review.action_decide(accept=True, actual=figure, decision="Too much")
        review.action_decide(accept=True, actual=0, decision="It was Li's work.")
        self.assertEqual((appeal.old_score, appeal.old_actual, appeal.new_actual), (before[0], before[1], 0))
        self.assertFalse(appeal.activity_ids)
        told = self.env['mail.message'].search([
            ('model', '=', appeal._name), ('res_id', '=', appeal.id), ('message_type', '=', 'user_notification'), ('body', 'ilike', "It was Li")])
        self.assertEqual(told.partner_ids, (self.users['technician'] | self.users['hr']).partner_id, "who appealed and HR are told")
        self.assertEqual((line.actual, line.first_actual, line.is_corrected, line.score), (0, before[1], True, 100))
        counted = f"{plain_number(line.numerator)} ÷ {plain_number(line.denominator)} × 100 = {plain_number(before[1])}"
        self.assertEqual(line.formula, f"0, corrected after an appeal (before: {counted})", "arithmetic never ends in a figure it does not give")
        self.assertEqual((own.first_score, own.score), (before[0], appeal.new_score))
        self.assertGreater(own.score, before[0])
        with self.assertRaises(UserError):
            review.action_decide(accept=False, decision="No")

    def test_points_follow_from_grades(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        entries = self.env['property.service.points'].search([('assessment_id', 'in', cycle.assessment_ids.ids)])
        self.assertEqual(
            {(entry.employee_id, entry.points, entry.amount, entry.state) for entry in entries},
            {(a.employee_id, a.band_id.points, a.band_id.amount, 'proposed') for a in cycle.sudo().assessment_ids})
        with self.assertRaisesRegex(UserError, "as it is"):
            self.as_role('hr', entries[0]).amount = 100
        self.as_role('hr', entries).action_approve()
        with self.assertRaises(UserError):
            self.as_role('hr', entries[0]).points = 100
        assessment = self.of(cycle, self.worker)
        band = assessment.band_id
        assessment._as_step().band_id = self.scheme.band_ids.filtered(lambda other: other != band)[0]
        assessment._propose_points()
        again = self.env['property.service.points'].search([('assessment_id', '=', assessment.id)])
        self.assertEqual(sum(again.mapped('points')), assessment.band_id.points, "the difference is proposed")

    def test_points_rules(self):
        rule = self.env['property.service.points.rule'].create({
            'name': "Five stars", 'event': 'rating', 'points': 2, 'date_from': '2025-01-01'})
        rule.action_run()
        five = [r for r in self.work['request'] if r.rating_value == 5]
        entries = self.env['property.service.points'].search([('rule_id', '=', rule.id)])
        self.assertEqual(sorted(entries.mapped('origin_id')), sorted(r.id for r in five))
        rule.action_run()
        self.assertEqual(self.env['property.service.points'].search_count([('rule_id', '=', rule.id)]), len(five), "once per case")
        own = self.env['property.service.points'].with_user(self.users['hr']).create({
            'employee_id': self.worker.id, 'points': 3, 'reason': "Idea"})
        with self.assertRaises(UserError):
            own.action_approve()  # entered by hand: somebody else decides


@tagged('post_install', '-at_install')
class TestTenures(JudgementCase):

    def test_table(self):
        first, last = date(2025, 3, 1), date(2025, 3, 31)
        for name, versions, expected in (
            ("nothing", [], []),
            ("the first version also holds before it", [Version(1, date(2026, 1, 1), 5, 6)], [Tenure(1, first, last, 5, 6)]),
            ("transfer", [Version(1, date(2020, 1, 1), 5, 6), Version(1, date(2025, 3, 16), 7, 6)],
             [Tenure(1, first, date(2025, 3, 15), 5, 6), Tenure(1, date(2025, 3, 16), last, 7, 6)]),
            ("same place is one", [Version(1, date(2020, 1, 1), 5, 6), Version(1, date(2025, 3, 16), 5, 6)], [Tenure(1, first, last, 5, 6)]),
            ("later transfer", [Version(1, date(2020, 1, 1), 5, 6), Version(1, date(2025, 4, 1), 7, 6)], [Tenure(1, first, last, 5, 6)]),
            ("hired", [Version(1, date(2025, 3, 10), 5, 6, contract_start=date(2025, 3, 10))], [Tenure(1, date(2025, 3, 10), last, 5, 6)]),
            ("left", [Version(1, date(2020, 1, 1), 5, 6, departure=date(2025, 3, 3))], [Tenure(1, first, date(2025, 3, 3), 5, 6)]),
            ("gone", [Version(1, date(2020, 1, 1), 5, 6, contract_end=date(2025, 2, 28))], []),
            ("not yet", [Version(1, date(2025, 4, 2), 5, 6, contract_start=date(2025, 4, 2))], []),
            ("two people", [Version(2, date(2020, 1, 1), 5, 6), Version(1, date(2020, 1, 1), 5, 6)],
             [Tenure(1, first, last, 5, 6), Tenure(2, first, last, 5, 6)]),
        ):
            with self.subTest(name):
                self.assertEqual(tenures(versions, first, last), expected)
