from contextlib import suppress
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from psycopg2.errors import RestrictViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestFrozen(CycleCase):
    """What was published stays, whatever happens to the cycle, the scheme or the people afterwards."""

    def publish_one(self):
        """Publish the worker's assessment alone; the colleague's waits for approval."""
        cycle = self.make_cycle()
        self.take_to_hr(cycle)
        own = self.of(cycle, self.worker, 'hr')
        own.action_approve_hr()
        own.action_publish()
        return cycle, own.sudo()

    def snapshot(self, assessment):
        assessment.invalidate_recordset()
        lines = assessment.line_ids
        return (assessment.score, assessment.band_id, lines.mapped('actual'), lines.mapped('numerator'),
                lines.evidence_ids.mapped(lambda row: (row.id, row.res_id, row.numerator)))

    def test_computing_again_leaves_what_is_published(self):
        cycle, own = self.publish_one()
        line = own.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        before = self.snapshot(own)
        request = self.env['property.service.request'].browse(line.evidence_ids.filtered(lambda row: not row.numerator)[0].res_id)
        self.set_facts(request, rework_count=1)
        other = self.of(cycle, self.colleague)
        cycle.action_compute()
        self.assertEqual(self.snapshot(own), before)
        self.assertTrue(other.line_ids.evidence_ids, "the others are counted again")
        self.assertEqual([name for name, _before, _now in line._get_difference()['changed']], [request.name])

    def test_the_rest_of_the_cycle_is_published_later(self):
        cycle, own = self.publish_one()
        first = own.published_at
        with self.assertRaises(UserError):
            cycle.action_publish()
        self.of(cycle, self.colleague, 'hr').action_approve_hr()
        cycle.action_publish()
        self.assertEqual(set(cycle.assessment_ids.mapped('state')), {'published'})
        self.assertEqual(own.published_at, first)
        self.assertEqual(self.env['property.service.points'].search_count([('assessment_id', '=', own.id)]), 1)

    def test_what_is_published_is_not_cancelled(self):
        cycle, own = self.publish_one()
        with self.assertRaises(UserError):
            cycle.action_cancel()
        self.assertEqual((own.exists(), cycle.state), (own, 'running'))

    def test_results_changed_by_counting_again_are_approved_again(self):
        cycle = self.make_cycle()
        self.take_to_hr(cycle)
        assessments = cycle.assessment_ids
        assessments.action_approve_hr()
        cycle.action_compute()
        self.assertTrue(all(assessments.mapped('approved_by_id')), "the same figures are approved")
        own, other = self.of(cycle, self.worker), self.of(cycle, self.colleague)
        line = own.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        rows = line.evidence_ids.filtered(lambda row: not row.numerator)
        self.set_facts(self.env['property.service.request'].browse(rows.mapped('res_id')), rework_count=1)
        cycle.action_compute()
        self.assertFalse(own.approved_by_id, "approved was another result")
        self.assertTrue(other.approved_by_id)

    def test_deleting_a_user_changes_no_mean(self):
        lines = [Command.create({'indicator_id': self.ref('peer_mark').id, 'weight': 40}),
                 Command.create({'indicator_id': self.ref('rework_rate').id, 'weight': 60, 'floor': 60, 'target': 0})]
        cycle = self.make_cycle(self.env['property.service.assessment.scheme'].create(
            self.get_scheme_vals(code='peers', line_ids=lines, with_self=False)))
        guest = new_test_user(self.env, 'ps_guest', groups='base.group_user')
        head = self.of(cycle, self.worker, 'head')
        head.action_ask_peers(user_ids=[guest.id, self.users['colleague'].id])
        for user, value in ((guest, 20), (self.users['colleague'], 80)):
            self.env['property.service.assessment.peer'].with_user(user).search([]).write({'value': value})
        with self.assertRaises(RestrictViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            guest.unlink()
        self.env.invalidate_all()
        head.sudo()._score()
        self.assertEqual(head.line_ids[0].actual, 50)

    def test_deleting_a_department_is_refused(self):
        cycle = self.make_cycle()
        self.workers.department_id = self.env['hr.department'].create({'name': "Elsewhere"})
        with self.assertRaises(RestrictViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.department.unlink()
        self.assertEqual(self.of(cycle, self.worker).department_id, self.department)

    def test_no_line_moves_into_a_scheme_in_force(self):
        self.scheme.action_activate()
        draft = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
            code='other', line_ids=[Command.create({'indicator_id': self.ref('error_rate').id, 'weight': 60, 'floor': 10, 'target': 0})],
            band_ids=[Command.create({'name': "A+", 'minimum': 95})]))
        for part in (draft.line_ids, draft.band_ids):
            with self.subTest(part=part), self.assertRaises(UserError):
                self.as_role('hr', part).write({'scheme_id': self.scheme.id})


@tagged('post_install', '-at_install')
class TestOrderOfEvents(CycleCase):

    def test_marks_of_peers_are_not_read_before_publication(self):
        """Colleagues may be asked at once; while the person assessed writes the own assessment, their mean is not to be seen."""
        lines = [Command.create({'indicator_id': self.ref('peer_mark').id, 'weight': 40}),
                 Command.create({'indicator_id': self.ref('manager_mark').id, 'weight': 60})]
        cycle = self.make_cycle(self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(code='peers', line_ids=lines)))
        own = self.of(cycle, self.worker, 'technician')
        self.of(cycle, self.worker, 'head').action_ask_peers(user_ids=(self.users['agent'] | self.users['colleague']).ids)
        for role in ('agent', 'colleague'):
            self.as_role(role, 'property.service.assessment.peer').search([]).write({'value': 20})
        line = own.line_ids[0]
        self.assertEqual((own.state, line.has_data, line.actual), ('self', False, 0))
        own.action_submit_self()
        head = self.of(cycle, self.worker, 'head')
        self.assertEqual((head.line_ids[0].has_data, head.line_ids[0].actual), (True, 20))
        head.action_return(reason="Say more")
        line.invalidate_recordset()
        self.assertEqual((line.has_data, line.actual), (False, 0))

    def test_a_month_is_assessed_once_by_a_scheme(self):
        self.make_cycle()
        with self.assertRaisesRegex(UserError, "already"):
            self.make_cycle()
        with self.assertRaises(UserError):
            self.make_cycle(date_from=date(2025, 3, 15), date_to=date(2025, 4, 14))
        self.make_cycle(date_from=date(2025, 2, 1))
        self.make_cycle(is_ad_hoc=True, employee_ids=[Command.set(self.worker.ids)])

    def test_after_cancelling_a_month_is_assessed_again(self):
        self.make_cycle().action_cancel()
        self.assertTrue(self.make_cycle().assessment_ids)

    def test_a_new_version_takes_the_place_of_the_scheme(self):
        self.scheme.action_activate()
        following = self.scheme.browse(self.scheme.action_new_version()['res_id'])
        self.assertEqual(self.scheme.state, 'active', "in force until the next one is")
        following.action_activate()
        self.assertEqual((self.scheme.state, following.state), ('retired', 'active'))

    def test_who_never_hands_in_stops_nobody(self):
        """Once the day has passed HR goes on without an own assessment or a manager's marks, and says why."""
        cycle = self.make_cycle()
        self.assertLess(cycle.manager_deadline, fields.Date.context_today(cycle))
        assessment = self.of(cycle, self.worker, 'hr')
        with self.assertRaises(AccessError):
            self.of(cycle, self.worker, 'technician').action_pass_over(reason="I will not")
        self.assertEqual(assessment.action_pass_over()['res_model'], 'property.service.assessment.action')
        assessment.action_pass_over(reason="Does not answer")
        self.assertEqual(assessment.state, 'manager')
        assessment.action_pass_over(reason="The manager is ill")
        self.assertEqual(assessment.state, 'hr')
        self.assertFalse(assessment.manager_submitted_at)
        self.assertIn("Does not answer", " ".join(assessment.message_ids.mapped('body')))
        with self.assertRaises(UserError):
            assessment.action_pass_over(reason="Again")
        cycle.self_deadline = fields.Date.context_today(cycle) + timedelta(days=2)
        with self.assertRaises(UserError):
            self.of(cycle, self.colleague, 'hr').action_pass_over(reason="Too early")

    def test_who_left_is_not_waited_for(self):
        self.users['technician'].active = False
        cycle = self.make_cycle()
        self.assertEqual((self.of(cycle, self.worker).state, self.of(cycle, self.colleague).state), ('manager', 'self'))

    def test_a_grade_for_every_result(self):
        self.scheme.band_ids.filtered(lambda band: not band.minimum).unlink()
        with self.assertRaises(UserError):
            self.scheme.action_activate()

    def test_a_transfer_brings_one_reward(self):
        """Two scorecards of one month share what the grades bring by their days."""
        other = self.env['hr.department'].create({'name': "Cleaning", 'manager_id': self.head.id})
        self.scheme.department_ids += other
        self.scheme.band_ids.write({'points': 31, 'amount': 310, 'needs_plan': False})
        self.worker.version_id.write({'date_version': '2024-01-01'})
        self.worker.create_version({'date_version': date(2025, 3, 11), 'department_id': other.id})
        cycle = self.make_cycle()
        for assessment in cycle.sudo().assessment_ids:
            assessment._set_state('hr')
        cycle.assessment_ids.action_approve_hr()
        cycle.action_publish()
        entries = self.env['property.service.points'].search([('assessment_id.cycle_id', '=', cycle.id)])
        own = entries.filtered(lambda entry: entry.employee_id == self.worker).sorted('points')
        self.assertEqual([(entry.points, entry.amount) for entry in own], [(10, 100), (21, 210)])
        self.assertEqual((entries - own).mapped('points'), [31])

    def test_appeals_end_by_the_day_of_the_company(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        own = self.of(cycle, self.worker, 'technician')
        own._as_step().appeal_deadline = self.env.company._property_today() - timedelta(days=1)
        with self.assertRaises(UserError):
            own.with_context(tz='Pacific/Pago_Pago').action_appeal(reason="Late, but not on the islands")


@tagged('post_install', '-at_install')
class TestAppeals(CycleCase):

    def appeal(self, cycle, code, **decision):
        own = self.of(cycle, self.worker, 'technician')
        line = own.line_ids.filtered(lambda line: line.indicator_id.code == code)
        own.action_appeal(reason="Wrong", line_id=line.id)
        appeal = self.env['property.service.appeal'].search([('line_id', '=', line.id)], order='id desc', limit=1)
        self.as_role('hr', appeal).action_assign(reviewer_id=self.users['reviewer'].id)
        if decision:
            self.as_role('reviewer', appeal).action_decide(accept=True, decision="Right", **decision)
        return line, appeal

    def test_a_corrected_figure_is_explained_as_such(self):
        self.scheme.write({'rule_ids': [Command.create({
            'name': "Returned", 'kind': 'veto', 'indicator_id': self.ref('rework_rate').id, 'threshold': 1, 'measure': 'cases',
            'operator': 'ge'})]})
        cycle = self.make_cycle()
        self.publish(cycle)
        own = self.of(cycle, self.worker)
        self.assertEqual(own.veto, "Returned")
        line, _appeal = self.appeal(cycle, 'rework_rate', actual=0)
        self.assertEqual(own.veto, False, "there was no return: nothing to veto")
        counted = f"{line.numerator:g} ÷ {line.denominator:g} × 100 = {line.first_actual:g}"
        self.assertNotEqual(line.first_actual, 0)
        self.assertTrue(line.formula.startswith("0, "), line.formula)
        self.assertIn(counted, line.formula, "the old one is kept and still adds up")
        self.assertEqual(line.numerator, sum(line.evidence_ids.mapped('numerator')), "what was counted stays")

    def test_marks_stay_between_0_and_100(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        _line, appeal = self.appeal(cycle, 'manager_mark')
        for actual in (101, -1):
            with self.assertRaises(UserError):
                self.as_role('reviewer', appeal).action_decide(accept=True, actual=actual, decision="Right")
        _line, appeal = self.appeal(cycle, 'rework_rate')
        for actual in (101, -1):
            with self.assertRaises(UserError):
                self.as_role('reviewer', appeal).action_decide(accept=True, actual=actual, decision="Right")

    def test_one_mark_of_a_peer_is_no_mean(self):
        lines = [Command.create({'indicator_id': self.ref('peer_mark').id, 'weight': 40}),
                 Command.create({'indicator_id': self.ref('manager_mark').id, 'weight': 60})]
        cycle = self.make_cycle(self.env['property.service.assessment.scheme'].create(
            self.get_scheme_vals(code='peers', line_ids=lines, with_self=False)))
        head = self.of(cycle, self.worker, 'head')
        with self.assertRaisesRegex(UserError, "at least 2"):
            head.action_ask_peers(user_ids=(self.users['agent'] | self.users['technician']).ids)
        head.action_ask_peers(user_ids=(self.users['agent'] | self.users['colleague']).ids)
        self.as_role('agent', 'property.service.assessment.peer').search([]).write({'value': 20})
        self.assertEqual((head.line_ids[0].has_data, head.line_ids[0].actual), (False, 0))
        self.as_role('colleague', 'property.service.assessment.peer').search([]).write({'value': 60})
        self.assertEqual((head.line_ids[0].has_data, head.line_ids[0].actual), (True, 40))

    def test_who_had_a_part_does_not_review(self):
        lines = [Command.create({'indicator_id': self.ref('peer_mark').id, 'weight': 40}),
                 Command.create({'indicator_id': self.ref('manager_mark').id, 'weight': 60})]
        cycle = self.make_cycle(self.env['property.service.assessment.scheme'].create(
            self.get_scheme_vals(code='peers', line_ids=lines, with_self=False)))
        head = self.of(cycle, self.worker, 'head')
        head.action_ask_peers(user_ids=(self.users['agent'] | self.users['colleague']).ids)
        self.env['property.service.assessment.peer'].with_user(self.users['agent']).search([]).write({'value': 20})
        for employee in self.workers:
            self.mark(self.of(cycle, employee, 'head'), 'manager_mark', 20)
            self.of(cycle, employee, 'head').action_submit_manager()
        cycle.assessment_ids.action_approve_hr()
        cycle.action_publish()
        own = self.of(cycle, self.worker, 'technician')
        own.action_appeal(reason="Unfair")
        appeal = self.env['property.service.appeal'].search([('assessment_id', '=', own.id)])
        company = self.env['res.company'].create({'name': "Elsewhere"})
        away = new_test_user(
            self.env, 'ps_away', groups='base.group_user', company_id=company.id, company_ids=[Command.set(company.ids)])
        gone = new_test_user(self.env, 'ps_gone', groups='base.group_user')
        gone.active = False
        for user in (self.users['agent'], away, gone):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.as_role('hr', appeal).action_assign(reviewer_id=user.id)


@tagged('post_install', '-at_install')
class TestFormulas(CycleCase):

    def test_the_formula_has_all_digits(self):
        """Whoever types it into a calculator gets what is shown."""
        cycle = self.make_cycle()
        line = self.of(cycle, self.worker).line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        line._as_step().write({'numerator': 1234.567891, 'denominator': 1001234.5, 'actual': 100.1234})
        self.assertEqual(line.formula, "1234.567891 ÷ 1001234.5 × 100 = 100.1234")
        line._as_step().write({'numerator': 12, 'denominator': 20, 'actual': 60})
        self.assertEqual(line.formula, "12 ÷ 20 × 100 = 60")

    def test_the_result_is_what_the_calculator_says(self):
        self.scheme.write({'rule_ids': [Command.create({
            'name': "Training", 'kind': 'bonus', 'indicator_id': self.ref('training_hours').id, 'threshold': 1, 'points': 3.5})]})
        cycle = self.make_cycle()
        for assessment in cycle.sudo().assessment_ids:
            first, *rest = assessment.result_formula.split('; ')
            terms, divided = first.replace('(', '').split(') ÷ ')
            weight, base = divided.split(' = ')
            products = [Decimal(one) * Decimal(other) for one, other in (term.split(' × ') for term in terms.split(' + '))]
            self.assertEqual(str(assessment.base_score), str(float(base)))
            self.assertEqual(float((sum(products) / Decimal(weight)).quantize(Decimal('0.01'), ROUND_HALF_UP)), assessment.base_score)
            self.assertEqual(len(rest), bool(assessment.bonus))
        own = self.of(cycle, self.worker)
        self.assertEqual(own.bonus, 3.5)
        self.assertTrue(own.result_formula.endswith(f"= {own.score:g}"), own.result_formula)
        own._as_step().write({'base_score': 119, 'bonus': 3.5, 'score': 120})
        self.assertTrue(own.result_formula.endswith("119 + 3.5 − 0 = 122.5, at most 120"), own.result_formula)

    def test_advice_of_step_tables(self):
        self.scheme.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate').write({
            'method': 'steps', 'steps': "0: 100, 10: 80, 90: 60"})
        cycle = self.make_cycle()
        line = self.of(cycle, self.worker).line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        line._as_step().write({'actual': 50, 'score': 60, 'effective_weight': 10})
        self.assertNotIn("full points", line.advice)
        self.assertIn("80", line.advice)
        self.assertIn("2.0", line.advice, "twenty points more, a tenth of which counts")


@tagged('post_install', '-at_install')
class TestConditions(CycleCase):
    """What own indicators must not depend on, and what breaks no form."""

    def test_nothing_that_changes_with_who_asks_or_when(self):
        own = self.as_role('hr', 'property.service.indicator').create({
            'name': "Own", 'code': 'own', 'definition': "x", 'own_model': 'property.service.request'})
        for domain in (
            "[('user_id', '=', uid)]", "[('create_date', '>', 'today -7d')]", "[('create_date', '>', 'now')]", "[('done_at', '>=', '-30d')]",
            "[('done_at', '>=', '=monday')]",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError), self.env.cr.savepoint():
                own.own_domain = domain
        own.own_domain = "[('create_date', '>', '2025-03-02 10:00:00')]"
        own.own_domain = "[('appointment_start', '=', False)]"

    def test_no_people_by_name(self):
        own = self.as_role('hr', 'property.service.indicator').create({
            'name': "Own", 'code': 'own', 'definition': "x", 'own_model': 'property.service.complaint'})
        for domain in ("[('partner_id', 'ilike', 'wang')]", "[('partner_id', '=', %s)]" % self.resident.id, "[('contact_phone', '=', '1')]",
                       "[('contact_name', 'ilike', 'a')]", "[('request_id.partner_id', '=', 1)]", "[('request_id.contact_phone', '=', 1)]"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError), self.env.cr.savepoint():
                own.own_domain = domain

    def test_nonsense_is_told_in_words(self):
        Indicator = self.as_role('hr', 'property.service.indicator')
        for number, domain in enumerate((
            "5", "[1]", "[('state','=')]", "{'a': 1}", "[('done_at','>','abc')]", "[('state','in',5)]", "['&']", "[('id','=','abc')]",
            "[('rating_value','>','x')]", "[('done_at','=',5)]", "[('id','=',10**30)]", "[('team_id','child_of','x')]", "[('title','=like',5)]",
            "[('create_date.year_number','=',2026)]", "[('rework_count','ilike',[1])]", "[('state','nonsense','new')]", "1/0", "[('a'",
            "None", "''", "[('team_id.name', '=', 1.5)]", "[('employee_id', 'in', [[1]])]", "[('rating_value', '=', {})]", "x" * 5000,
            "[('rework_count', '>', None)]", "[('state', 'any', [])]", "[(1, '=', 1)]", "[('done_at', '>', '99999-01-01')]",
        )):
            with self.subTest(domain=domain[:60]):
                draft = Indicator.new({'name': "Own", 'code': 'own', 'source': 'own', 'own_model': 'property.service.request',
                                       'own_date': 'done_at', 'own_domain': domain, 'aggregate': 'share'})
                self.assertTrue(draft.preview is not None)
                self.env.cr.execute("SELECT 1")
                with suppress(UserError), self.env.cr.savepoint():
                    own = Indicator.create({'name': "Own", 'code': f'own{number}', 'definition': "x", 'own_domain': domain})
                    own._get_company_figures(self.period)


@tagged('post_install', '-at_install')
class TestDepartment(CycleCase):

    def test_results_of_the_department(self):
        cycle = self.make_cycle()
        department = self.as_role('hr', self.department)
        self.assertEqual((department.property_assessment_count, department.property_mean_score), (0, 0), "not before they are published")
        self.publish(cycle)
        department.invalidate_recordset()
        scores = cycle.sudo().assessment_ids.mapped('score')
        self.assertEqual(department.property_assessment_count, 2)
        self.assertAlmostEqual(department.property_mean_score, sum(scores) / 2, 1)
        opened = self.as_role('hr', 'property.service.assessment').search(department.action_open_property_assessments()['domain'])
        self.assertEqual(opened, cycle.assessment_ids)
        with self.assertRaises(AccessError):
            self.as_role('colleague', self.department).read(['property_mean_score'])


@tagged('post_install', '-at_install')
class TestChosenEmployees(CycleCase):

    def test_colleagues_do_not_see_who_was_chosen(self):
        cycle = self.make_cycle(is_ad_hoc=True, employee_ids=[Command.set(self.worker.ids)])
        with self.assertRaises(AccessError):
            self.as_role('colleague', cycle).read(['employee_ids'])
        with self.assertRaises(AccessError):
            self.as_role('colleague', 'property.service.assessment.cycle').search([('employee_ids', 'in', self.worker.ids)])
