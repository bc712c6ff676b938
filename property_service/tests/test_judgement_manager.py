import itertools
from datetime import datetime

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_judgement_cycle import CycleCase


class HistoryCase(CycleCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users['later'] = new_test_user(cls.env, 'ps_later', groups='base.group_user', password='ps_later')
        cls.later = cls.env['hr.employee'].create({'name': "Zhu Later", 'user_id': cls.users['later'].id})
        cls.flush_tracking_of(cls)

    def flush_tracking_of(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def change(self, record, moment, **vals):
        """Write with tracking, as if it had been done at ``moment``."""
        before = self.env['mail.message'].search([('model', '=', record._name), ('res_id', '=', record.id)])
        record.with_context(tracking_disable=False, mail_notrack=False).write(vals)
        self.flush_tracking_of()
        message = self.env['mail.message'].search([('model', '=', record._name), ('res_id', '=', record.id)]) - before
        self.assertTrue(message.tracking_value_ids, "the change is on record")
        message.date = moment


@tagged('post_install', '-at_install')
class TestManagerOfThePeriod(HistoryCase):
    """Who assesses is who was the manager at the end of the period, from the tracked changes of departments and employees (R86)."""

    def managers(self, **vals):
        cycle = self.make_cycle(**vals).sudo()
        return {assessment.employee_id: assessment.manager_id for assessment in cycle.assessment_ids}

    def test_changed_after_the_period(self):
        self.change(self.department, datetime(2025, 4, 9), manager_id=self.later.id)
        self.assertEqual(set(self.managers().values()), {self.head}, "March was his")
        self.assertEqual(set(self.managers(date_from='2025-04-01').values()), {self.later})

    def test_changed_within_the_period(self):
        self.change(self.department, datetime(2025, 3, 12), manager_id=self.later.id)
        self.assertEqual(set(self.managers().values()), {self.later}, "who was it at the end")
        self.assertEqual(set(self.managers(date_from='2025-02-01').values()), {self.head})

    def test_changed_twice(self):
        self.change(self.department, datetime(2025, 4, 2), manager_id=self.leader.id)
        self.change(self.department, datetime(2025, 5, 2), manager_id=self.later.id)
        self.assertEqual(set(self.managers().values()), {self.head})
        self.assertEqual(set(self.managers(date_from='2025-04-01').values()), {self.leader})

    def test_both_may_mark(self):
        """The one of the period is called; the one who leads the department today may stand in. Nobody else."""
        self.change(self.department, datetime(2025, 4, 9), manager_id=self.later.id)
        cycle = self.make_cycle()
        self.assertTrue(self.of(cycle, self.worker, 'head')._may_mark())
        self.assertTrue(self.of(cycle, self.worker, 'later')._may_mark())
        self.assertFalse(self.of(cycle, self.worker, 'colleague')._may_mark())

    def test_who_has_left_is_passed_over(self):
        self.change(self.department, datetime(2025, 4, 9), manager_id=self.later.id)
        self.workers.parent_id = self.leader
        self.head.active = False
        self.assertEqual(set(self.managers().values()), {self.leader}, "the next in line")

    def test_the_own_manager_where_the_department_has_none(self):
        self.department.manager_id = False
        self.workers.parent_id = self.head
        self.flush_tracking_of()
        self.change(self.worker, datetime(2025, 4, 9), parent_id=self.later.id)
        # what happened in the setup has no date of its own
        self.env.cr.execute(
            "UPDATE mail_message SET date = '2025-01-01' WHERE model IN ('hr.department', 'hr.employee') AND date > '2025-05-01'")
        self.assertEqual(self.managers(), {self.worker: self.head, self.colleague: self.head})

    def test_teams(self):
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
            code='teams', subject='team', department_ids=False, line_ids=[(0, 0, {'indicator_id': self.ref('rework_rate').id, 'weight': 100})]))
        self.change(self.team, datetime(2025, 4, 9), leader_id=self.later.id)
        cycle = self.make_cycle(scheme).sudo()
        self.assertEqual(cycle.assessment_ids.filtered(lambda a: a.team_id == self.team).manager_id, self.leader)

    def test_queries_do_not_depend_on_the_number(self):
        Assessment = self.env['property.service.assessment']
        end = datetime(2025, 3, 31, 16)

        def values(employees):
            return [{'employee_id': employee.id, 'department_id': self.department.id, 'end_at': end} for employee in employees]

        more = self.env['hr.employee'].create([{'name': f"More {number}", 'department_id': self.department.id} for number in range(30)])
        self.env.flush_all()
        Assessment._find_managers(values(more))
        counts = []
        for employees in (more[:1], more):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertEqual(len(Assessment._find_managers(values(employees))), len(employees))
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*counts)


@tagged('post_install', '-at_install')
class TestTeamOfThePeriod(HistoryCase):
    """Cases of a team count for whoever was in it, or led it, when they count (R86)."""

    numbers = itertools.count()

    def at(self, moment):
        """Let the last change of members have been made at ``moment``."""
        self.env.cr.execute("UPDATE property_service_team_member SET until = %s WHERE until > now() - interval '1 day'", [moment])
        self.env.cr.execute("UPDATE property_service_team_member SET since = %s WHERE since > now() - interval '1 day'", [moment])
        self.env.invalidate_all()

    def figures(self, attribution):
        own = self.ref('rework_rate').copy({'code': f'own_{next(self.numbers)}', 'attribution': attribution})
        return {key: float(figure[1]) for key, figure in own._get_company_figures(self.period).items()}

    def done(self, since=None, until=None):
        return sum(self.period.start <= request.done_at < self.period.end and (not since or request.done_at >= since)
                   and (not until or request.done_at < until) for request in self.work['request'] if request.state == 'closed')

    def test_members(self):
        total, moved = self.done(), datetime(2025, 3, 12, 4)
        self.assertEqual(self.figures('team'), {self.worker.id: total, self.colleague.id: total}, "the first time holds for the days before")
        other = self.env['property.service.team'].create({'name': "Cleaning"})
        self.team.member_ids -= self.worker
        self.worker.property_team_ids += other
        self.team.member_ids += self.outsider
        self.at(moved)
        self.assertEqual(self.figures('team'), {
            self.worker.id: self.done(until=moved), self.colleague.id: total, self.outsider.id: total})
        self.team.member_ids += self.worker
        self.at(datetime(2025, 3, 20))
        self.assertEqual(self.figures('team')[self.worker.id], self.done(until=moved) + self.done(since=datetime(2025, 3, 20)))

    def test_leaders(self):
        total = self.done()
        self.assertEqual(self.figures('leader'), {self.leader.id: total})
        self.change(self.team, datetime(2025, 4, 2), leader_id=self.later.id)
        self.assertEqual(self.figures('leader'), {self.leader.id: total}, "March was his")

    def test_leaders_within_the_period(self):
        changed = datetime(2025, 3, 12, 4)
        self.change(self.team, changed, leader_id=self.later.id)
        self.assertEqual(self.figures('leader'), {self.leader.id: self.done(until=changed), self.later.id: self.done(since=changed)})

    def test_results_of_teams_count_for_the_leader_of_the_period(self):
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(
            code='team', subject='team', department_ids=False,
            line_ids=[Command.create({'indicator_id': self.ref('rework_rate').id, 'weight': 100})]))
        cycle = self.make_cycle(scheme)
        result = cycle.sudo().assessment_ids.filtered(lambda assessment: assessment.team_id == self.team)
        cycle.sudo().assessment_ids.filtered(lambda assessment: assessment.state == 'manager')._set_state('hr')
        cycle.assessment_ids.action_approve_hr()
        cycle.action_publish()
        self.change(self.team, datetime(2025, 4, 2), leader_id=self.later.id)
        figures = self.ref('team_result')._get_company_figures(self.period)
        self.assertEqual({key: figure[3] for key, figure in figures.items()}, {self.leader.id: result.score})
