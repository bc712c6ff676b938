from collections import Counter
from datetime import date, datetime

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .race_common import RaceCase

ATTEMPTS = 8
DAY = '2025-03-01'


@tagged('post_install', '-at_install')
class TestJudgementRaces(RaceCase):
    """Officers, employees and jobs at the same moment, each with a connection of his own: nothing is published, rewarded or called for twice.

    What is made here is committed, and removed at the end.
    """

    @classmethod
    def _make_everything(cls, env):
        officers = [new_test_user(env, f'ps_race_hr{number}', groups='base.group_user,hr.group_hr_user') for number in (1, 2)]
        own, reviewer = (new_test_user(env, f'ps_race_{name}', groups='base.group_user') for name in ('own', 'reviewer'))
        cls.hr_ids, cls.own_id, cls.reviewer_id = [user.id for user in officers], own.id, reviewer.id
        cls.partner_ids = (officers[0] | officers[1] | own | reviewer).partner_id.ids
        department = env['hr.department'].create({'name': "Race"})
        employees = env['hr.employee'].create([
            {'name': f"Racer {number}", 'department_id': department.id, 'user_id': own.id if not number else False} for number in range(3)])
        employees.version_id.write({'date_version': '2024-01-01'})
        cls.department_id, cls.employee_ids = department.id, employees.ids
        cls.scheme_ids = [cls._make_scheme(env, f'race{number}', bool(number)).id for number in range(2)]

    @classmethod
    def _make_scheme(cls, env, code, with_self):
        indicator = env.ref('property_service.indicator_training_hours')
        scheme = env['property.service.assessment.scheme'].create({
            'name': code, 'code': code, 'with_self': with_self, 'department_ids': [Command.set([cls.department_id])],
            'line_ids': [Command.create({'indicator_id': indicator.id, 'weight': 100, 'floor': 0, 'target': 10})],
            'band_ids': [Command.create({'name': "A", 'minimum': 50, 'points': 9, 'amount': 90}),
                         Command.create({'name': "C", 'minimum': 0, 'points': -5, 'amount': -50})]})
        scheme.action_activate()
        return scheme

    @classmethod
    def _remove_everything(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cycles = env['property.service.assessment.cycle'].with_context(active_test=False).search([('scheme_id', 'in', cls.scheme_ids)])
            assessments = cycles.assessment_ids
            records = {
                'property.service.points': env['property.service.points'].search([('employee_id', 'in', cls.employee_ids)]).ids,
                'property.service.appeal': assessments.appeal_ids.ids, 'property.service.assessment': assessments.ids,
                'property.service.assessment.turn': assessments.turn_ids.ids, 'property.service.assessment.cycle': cycles.ids,
                'property.service.request': env['property.service.request'].search([('employee_id', 'in', cls.employee_ids)]).ids,
                'property.service.points.rule': env['property.service.points.rule'].search([('name', '=', 'Race')]).ids,
                'property.service.assessment.scheme': cls.scheme_ids}
            cr.execute("DELETE FROM property_service_assessment_evidence WHERE line_id = ANY(%s)", [assessments.line_ids.ids])
            env.flush_all()
            # What was published, approved or logged cannot be removed by any method, and rightly so.
            for model, ids in records.items():
                for table, name in (('mail_message', 'model'), ('mail_followers', 'res_model'), ('mail_activity', 'res_model')):
                    cr.execute(SQL("DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s)", SQL.identifier(table), SQL.identifier(name), model, ids))
                cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(env[model]._table), ids))
            env.invalidate_all(flush=False)
            env['hr.employee'].browse(cls.employee_ids).unlink()
            env['hr.department'].browse(cls.department_id).unlink()
            env['res.users'].browse([*cls.hr_ids, cls.own_id, cls.reviewer_id]).unlink()
            env['res.partner'].browse(cls.partner_ids).unlink()

    # ---- TOOLS ----

    def _prepare(self, state='hr', scheme=0):
        """Commit a cycle of the scheme in which all assessments are ``hr``, ``approved`` or ``published``, ``draft``: not started."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.hr_ids[0], {})
            # Cancelled or archived, the cycle of the test before no longer stands in the way.
            others = env['property.service.assessment.cycle'].sudo().search([('scheme_id', 'in', self.scheme_ids)])
            cr.execute("UPDATE property_service_assessment_cycle SET date_from = date_from - 400, date_to = date_to - 400 WHERE id = ANY(%s)",
                       [others.ids])
            env.invalidate_all(flush=False)
            cycle = env['property.service.assessment.cycle'].create({'scheme_id': self.scheme_ids[scheme], 'date_from': DAY})
            if state != 'draft':
                cycle.action_generate()
            if state in ('approved', 'published'):
                cycle.assessment_ids.action_approve_hr()
            if state == 'published':
                cycle.action_publish()
            return cycle.id

    def _as(self, user_id, model, ids):
        return lambda env: env(user=user_id)[model].browse(ids)

    def _cycle(self, number, cycle_id):
        return self._as(self.hr_ids[number % 2], 'property.service.assessment.cycle', cycle_id)

    def _get_own(self, cycle_id):
        with self.registry.cursor() as cr:
            return api.Environment(cr, SUPERUSER_ID, {})['property.service.assessment'].search(
                [('cycle_id', '=', cycle_id), ('user_id', '=', self.own_id)]).id

    def _read(self, cycle_id):
        """Return what is on file: states, figures, and how often each thing was proposed, called for or told."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cycle = env['property.service.assessment.cycle'].browse(cycle_id)
            assessments = cycle.assessment_ids
            points = env['property.service.points'].search([('assessment_id', 'in', assessments.ids)])
            return {
                'state': cycle.state, 'states': Counter(assessments.mapped('state')), 'people': Counter(assessments.employee_id.ids),
                'points': Counter(entry.employee_id.id for entry in points), 'sums': sorted(points.mapped('points')),
                'to_do': Counter((activity.res_id, activity.user_id.id) for activity in assessments.activity_ids),
                'turns': Counter((turn.assessment_id.id, turn.party) for turn in assessments.turn_ids if turn.state == 'open'),
                'appeals': [(appeal.line_id.id, appeal.state) for appeal in assessments.appeal_ids],
                'lines': Counter(line.assessment_id.id for line in assessments.line_ids)}

    def _get_winners(self, results):
        return [result for result in results if not isinstance(result, UserError)]

    # ---- TESTS ----

    def test_start(self):
        """Two officers start the same cycle: each employee has one scorecard, and the second is told why."""
        cycle_id = self._prepare('draft')
        results = self._race([lambda env, n=n: self._cycle(n, cycle_id)(env).action_generate() for n in range(ATTEMPTS)])
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        found = self._read(cycle_id)
        self.assertEqual((found['state'], found['people']), ('running', Counter(self.employee_ids)))
        self.assertEqual(set(found['lines'].values()), {1})
        self.assertEqual({str(result) for result in results if isinstance(result, UserError)}, {"race0 2025-03 has begun already."})

    def test_start_of_two_cycles_of_the_same_days(self):
        """The same days are assessed by the same scheme once, also when two officers start a cycle of their own."""
        cycle_ids = [self._prepare('draft')]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.hr_ids[1], {})
            cycle_ids.append(env['property.service.assessment.cycle'].create({'scheme_id': self.scheme_ids[0], 'date_from': DAY}).id)
        results = self._race([lambda env, n=n: self._cycle(n, cycle_ids[n % 2])(env).action_generate() for n in range(ATTEMPTS)])
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        self.assertEqual(sorted(self._read(cycle_id)['state'] for cycle_id in cycle_ids), ['draft', 'running'])

    def test_publish(self):
        cycle_id = self._prepare('approved')
        results = self._race([lambda env, n=n: self._cycle(n, cycle_id)(env).action_publish() for n in range(ATTEMPTS)])
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        self._assert_published_once(cycle_id)

    def _assert_published_once(self, cycle_id):
        found = self._read(cycle_id)
        self.assertEqual(found['states'], Counter({'published': 3}))
        self.assertEqual(found['points'], Counter(self.employee_ids), "each grade brings its points once")
        own = self._get_own(cycle_id)
        self.assertEqual(found['to_do'], Counter({(own, self.own_id): 1}))
        self.assertEqual({key: number for key, number in found['turns'].items() if key[0] == own}, {(own, 'published'): 1})

    def test_publish_one_and_all(self):
        """One assessment is published before the others while the cycle is published."""
        cycle_id = self._prepare('approved')
        own = self._get_own(cycle_id)
        one = self._as(self.hr_ids[0], 'property.service.assessment', own)
        self._race([lambda env: one(env).action_publish(), lambda env: self._cycle(1, cycle_id)(env).action_publish()] * (ATTEMPTS // 2))
        self._assert_published_once(cycle_id)

    def test_publish_against_computing(self):
        cycle_id = self._prepare('approved')
        self._race([lambda env: self._cycle(0, cycle_id)(env).action_compute(),
                    lambda env: self._cycle(1, cycle_id)(env).action_publish()] * (ATTEMPTS // 2))
        self._assert_published_once(cycle_id)

    def test_computing(self):
        cycle_id = self._prepare()
        results = self._race([lambda env, n=n: self._cycle(n, cycle_id)(env).action_compute() for n in range(ATTEMPTS)])
        self.assertTrue(all(self._get_winners(results)))
        self.assertEqual(set(self._read(cycle_id)['lines'].values()), {1})

    def test_approval_against_sending_back(self):
        """Officers approve and send on at once: what was sent back is not approved."""
        cycle_id = self._prepare('published')
        own = self._get_own(cycle_id)
        mine = self._as(self.own_id, 'property.service.assessment', own)
        results = self._race([
            lambda env: mine(env).action_acknowledge(),
            lambda env: self._as(self.hr_ids[0], 'property.service.assessment', own)(env).action_return(reason="Again")] * (ATTEMPTS // 2))
        self.assertFalse(self._get_winners(results[1::2]), "what is published is not sent back")
        found = self._read(cycle_id)
        self.assertEqual((found['states'], found['to_do']), (Counter({'published': 3}), Counter()))
        self.assertFalse([key for key in found['turns'] if key[0] == own])

    def test_handing_in_against_going_on_without(self):
        """The employee hands in while HR goes on without him: one step is taken, and one to-do follows."""
        cycle_id = self._prepare(scheme=1)
        own = self._get_own(cycle_id)
        results = self._race([
            lambda env: bool(self._as(self.own_id, 'property.service.assessment', own)(env).action_submit_self()),
            lambda env: self._as(self.hr_ids[0], 'property.service.assessment', own)(env).action_pass_over(reason="Late")] * (ATTEMPTS // 2))
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        found = self._read(cycle_id)
        self.assertEqual(found['states'], Counter({'hr': 3}))
        self.assertEqual({key: number for key, number in found['turns'].items() if key[0] == own}, {(own, 'hr'): 1})

    def test_appeal_is_made_once(self):
        cycle_id = self._prepare('published')
        own = self._get_own(cycle_id)
        mine = self._as(self.own_id, 'property.service.assessment', own)
        results = self._race([lambda env: bool(mine(env).action_appeal(reason="Wrong"))] * ATTEMPTS)
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        self.assertEqual(self._read(cycle_id)['appeals'], [(False, 'submitted')])

    def test_appeal_against_closing(self):
        """What is closed has no open appeal."""
        for _round in range(4):
            cycle_id = self._prepare('published')
            own = self._get_own(cycle_id)
            with self.registry.cursor() as cr:
                self._as(self.own_id, 'property.service.assessment', own)(api.Environment(cr, SUPERUSER_ID, {})).action_acknowledge()
            self._race([
                lambda env, own=own: bool(self._as(self.own_id, 'property.service.assessment', own)(env).action_appeal(reason="Wrong")),
                lambda env, own=own: self._as(self.hr_ids[0], 'property.service.assessment', own)(env).action_close()])
            found = self._read(cycle_id)
            self.assertNotEqual((found['states']['closed'], found['appeals']), (1, [(False, 'submitted')]))
            self.assertTrue(found['states']['closed'] or found['appeals'])

    def test_training_is_planned_once(self):
        """Two officers plan the training that the job asks for: one measure per skill."""
        cycle_id = self._prepare()
        own = self._get_own(cycle_id)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            kind = env['hr.skill.type'].create({
                'name': "Race", 'skill_ids': [Command.create({'name': "Pumps"})],
                'skill_level_ids': [Command.create({'name': "Good", 'level_progress': 80, 'default_level': True})]})
            job = env['hr.job'].create({'name': "Race", 'job_skill_ids': [Command.create({
                'skill_type_id': kind.id, 'skill_id': kind.skill_ids.id, 'skill_level_id': kind.skill_level_ids.id})]})
            cr.execute("UPDATE property_service_assessment SET job_id = %s WHERE id = %s", [job.id, own])
        self.addCleanup(self._remove_job, job.id, kind.id, own)
        results = self._race([
            lambda env, n=n: self._as(self.hr_ids[n % 2], 'property.service.assessment', own)(env).action_plan_training()
            for n in range(ATTEMPTS)])
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertEqual(env['property.service.improvement'].search_count([('employee_id', 'in', self.employee_ids)]), 1)

    def _remove_job(self, job_id, kind_id, own):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env['property.service.improvement'].search([('employee_id', 'in', self.employee_ids)]).unlink()
            cr.execute("UPDATE property_service_assessment SET job_id = NULL WHERE id = %s", [own])
            env.invalidate_all(flush=False)
            env['hr.job'].browse(job_id).unlink()
            env['hr.skill.type'].browse(kind_id).unlink()

    def test_appeal_is_decided_once(self):
        """The reviewer decides twice, and two officers choose reviewers meanwhile: one decision, one correction, one difference in points."""
        cycle_id = self._prepare('published')
        own = self._get_own(cycle_id)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            assessment = env['property.service.assessment'].browse(own)
            line_id = assessment.line_ids.id
            points = env['property.service.points'].search([('assessment_id', '=', own)])
            points.with_user(self.hr_ids[1]).action_approve()
            assessment.with_user(self.own_id).action_appeal(reason="Wrong", line_id=line_id)
            appeal_id = assessment.appeal_ids.id
            assessment.appeal_ids.with_user(self.hr_ids[1]).action_assign(reviewer_id=self.reviewer_id)
        decide = self._as(self.reviewer_id, 'property.service.appeal', appeal_id)
        results = self._race([
            lambda env, n=n: decide(env).action_decide(accept=not n % 2, actual=10, decision="Yes" if not n % 2 else "No")
            for n in range(ATTEMPTS)])
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))
        found = self._read(cycle_id)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            own_points = env['property.service.points'].search([('assessment_id', '=', own)])
            told = env['mail.message'].search_count([
                ('model', '=', 'property.service.appeal'), ('res_id', '=', appeal_id), ('partner_ids', 'in', self.partner_ids),
                ('body', 'ilike', "Result:")])
            accepted = found['appeals'] == [(line_id, 'accepted')]
            self.assertEqual(sorted(own_points.mapped('points')), [-5, 14] if accepted else [-5])
        self.assertEqual(told, 2, "the employee and the officer, once each")

    def test_points_are_approved_once(self):
        cycle_id = self._prepare('published')
        with self.registry.cursor() as cr:
            ids = api.Environment(cr, SUPERUSER_ID, {})['property.service.points'].search([('assessment_id.cycle_id', '=', cycle_id)]).ids
        results = self._race([
            lambda env, n=n: getattr(self._as(self.hr_ids[n % 2], 'property.service.points', ids)(env), ('action_approve', 'action_reject')[n % 2])()
            for n in range(ATTEMPTS)])
        self.assertEqual(len(self._get_winners(results)), 1, Counter(map(str, results)))

    def test_rules_propose_once(self):
        """Officers run a rule while the nightly job does: each case brings its points once, and nobody fails."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            category = env['property.service.category'].search([], limit=1) or env['property.service.category'].create({'name': "R", 'code': 'R'})
            service = env['property.service.type'].create({'name': "Race", 'code': 'racepoints', 'category_id': category.id})
            estate = env['property.service.estate'].create({'name': "Race", 'code': 'RACEJ', 'calendar_id': False})
            requests = env['property.service.request'].create([{
                'title': "Race", 'type_id': service.id, 'contact_name': "A", 'contact_phone': "1",
                'estate_id': estate.id} for _number in range(3)])
            requests._as_system().write({
                'state': 'closed', 'employee_id': self.employee_ids[0], 'rating_value': 5, 'done_at': datetime(2025, 3, 5),
                'closed_at': datetime(2025, 3, 6)})
            rule_id = env['property.service.points.rule'].create({'name': "Race", 'event': 'rating', 'points': 2, 'date_from': date(2025, 3, 1)}).id
        self.addCleanup(self._remove_service, service.id, estate.id, requests.ids)
        officer = [lambda env, n=n: self._as(self.hr_ids[n % 2], 'property.service.points.rule', rule_id)(env).action_run() for n in range(ATTEMPTS)]

        def job(env):
            env(user=SUPERUSER_ID)['property.service.points.rule']._cron_propose()
            return True

        results = self._race([*officer, job, job])
        self.assertFalse([result for result in results if isinstance(result, UserError)], "nobody is told of a failure")
        with self.registry.cursor() as cr:
            entries = api.Environment(cr, SUPERUSER_ID, {})['property.service.points'].search([('rule_id', '=', rule_id)])
            self.assertEqual(Counter(entries.mapped('origin_id')), Counter(requests.ids))

    def _remove_service(self, type_id, estate_id, request_ids):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("DELETE FROM mail_message WHERE model = 'property.service.request' AND res_id = ANY(%s)", [request_ids])
            cr.execute("DELETE FROM property_service_request WHERE id = ANY(%s)", [request_ids])
            env['property.service.type'].browse(type_id).unlink()
            env['property.service.estate'].browse(estate_id).unlink()
