import json
from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import PropertyServiceTransactionCase

#: Monday 10:00 in Shanghai: within the company's working hours (8-12, 13-17), with lunch and the evening to come.
MONDAY = datetime(2026, 11, 23, 2, 0)


class DispatchCase(PropertyServiceTransactionCase):
    """The team of the common set-up with skills, at a fixed moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skill_type = cls.env['hr.skill.type'].create({
            'name': "Trades",
            'skill_ids': [Command.create({'name': "Plumbing"}), Command.create({'name': "Electrics"})],
            'skill_level_ids': [Command.create({'name': "Beginner", 'level_progress': 20, 'default_level': True}),
                                Command.create({'name': "Skilled", 'level_progress': 60}),
                                Command.create({'name': "Master", 'level_progress': 100})],
        })
        cls.plumbing, cls.electrics = cls.skill_type.skill_ids.sorted('name', reverse=True)
        cls.beginner, cls.skilled, cls.master = cls.skill_type.skill_level_ids.sorted('level_progress')
        cls.type_repair.skill_ids = [Command.create({'skill_id': cls.plumbing.id, 'skill_level_id': cls.skilled.id})]
        cls.type_repair.requires_review = False
        cls.team.auto_dispatch = False
        cls.employees = cls.worker | cls.colleague | cls.leader | cls.outsider
        cls.employees.tz = 'Asia/Shanghai'

    def setUp(self):
        super().setUp()
        clock = patch.object(fields.Datetime, 'now', side_effect=lambda *args: self.now)
        self.now = MONDAY
        clock.start()
        self.addCleanup(clock.stop)

    @classmethod
    def give_skill(cls, employee, level, skill=None, **vals):
        return cls.env['hr.employee.skill'].create({
            'employee_id': employee.id, 'skill_id': (skill or cls.plumbing).id, 'skill_level_id': level.id,
            'skill_type_id': cls.skill_type.id, 'valid_from': '2020-01-01', **vals})

    @classmethod
    def take_time_off(cls, employee, start, end):
        return cls.env['resource.calendar.leaves'].create({
            'name': "Time off", 'resource_id': employee.resource_id.id, 'calendar_id': employee.resource_calendar_id.id,
            'company_id': employee.company_id.id, 'date_from': start, 'date_to': end, 'time_type': 'leave'})

    def propose(self, request, role='supervisor'):
        return {line['employee_id']: line for line in self.as_role(role, request).get_dispatch_proposal()}


@tagged('post_install', '-at_install')
class TestDispatchProposal(DispatchCase):

    def test_skill_and_reasons(self):
        self.give_skill(self.worker, self.skilled)
        self.give_skill(self.colleague, self.beginner)
        request = self.make_request('approved')
        proposal = self.as_role('supervisor', request).get_dispatch_proposal()
        self.assertEqual([line['employee_id'] for line in proposal], [self.worker.id, self.colleague.id])
        self.assertEqual(json.loads(json.dumps(proposal)), proposal, "an API client gets it as it is")
        best, second = proposal
        self.assertEqual(best['name'], "Wang Worker")
        self.assertEqual(best['reasons'], ["Plumbing: Skilled", "In the team", "At work now", "No open jobs"])
        self.assertEqual((best['warnings'], best['suitable']), ([], True))
        self.assertEqual(second['warnings'], ["Plumbing only Beginner, needs Skilled"])
        self.assertFalse(second['suitable'])
        self.assertGreater(best['score'], second['score'])

    def test_expired_and_missing_skill(self):
        self.give_skill(self.worker, self.master, valid_to='2026-11-22')
        proposal = self.propose(self.make_request('approved'))
        self.assertEqual(proposal[self.worker.id]['warnings'], ["Plumbing not valid on that day"])
        self.assertEqual(proposal[self.colleague.id]['warnings'], ["No skill Plumbing"])

    def test_roles(self):
        """Agents and supervisors read the proposal without any HR right; technicians and residents do not."""
        request = self.make_request('approved')
        for role in ('agent', 'supervisor', 'manager'):
            self.assertFalse(self.users[role].has_group('hr.group_hr_user'))
            self.env.invalidate_all()
            self.assertEqual(len(self.propose(request, role)), 2)
        for role in ('technician', 'quality', 'resident', 'hr', 'accountant'):
            with self.assertRaises(AccessError):
                self.as_role(role, request).get_dispatch_proposal()

    def test_other_company_is_out(self):
        company = self.env['res.company'].create({'name': "Other"})
        request = self.make_request('approved')
        foreigner = new_test_user(self.env, 'ps_foreign', groups='property_service.group_supervisor',
                                  company_id=company.id, company_ids=[Command.set(company.ids)])
        with self.assertRaises(AccessError):
            request.with_user(foreigner).get_dispatch_proposal()
        stranger = self.env['hr.employee'].create({'name': "Stranger", 'company_id': company.id})
        self.env['property.service.team'].with_company(company).create({
            'name': "Other team", 'company_id': company.id, 'member_ids': [Command.set(stranger.ids)]})
        self.assertNotIn(stranger.id, self.propose(request))
        with self.assertRaises(UserError):
            self.as_role('supervisor', request).action_dispatch(employee_id=stranger.id)

    def test_time_off_and_shift(self):
        request = self.make_request('approved', type_id=self.type_simple.id)
        self.take_time_off(self.worker, '2026-11-23 00:00:00', '2026-11-23 09:00:00')
        proposal = self.propose(request)
        self.assertEqual(proposal[self.worker.id]['warnings'], ["Not at work now"])
        self.assertIn("At work now", proposal[self.colleague.id]['reasons'])
        self.now = datetime(2026, 11, 23, 12, 0)  # 20:00 in Shanghai
        self.assertEqual(self.propose(request)[self.colleague.id]['warnings'], ["Not at work now"])

    def test_employee_in_another_zone(self):
        """At 10:00 in Shanghai somebody whose hours are counted in Kolkata has not begun: 07:30."""
        far = self.env['resource.calendar'].create({
            'name': "Kolkata", 'tz': 'Asia/Kolkata', 'company_id': self.company.id,
            'attendance_ids': [Command.create({'name': "Day", 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 17,
                                               'day_period': 'morning'}) for day in range(5)]})
        self.worker.write({'resource_calendar_id': far.id, 'tz': 'Asia/Kolkata'})
        request = self.make_request('approved', type_id=self.type_simple.id)
        self.assertEqual(self.propose(request)[self.worker.id]['warnings'], ["Not at work now"])
        self.now = datetime(2026, 11, 23, 10, 0)  # 18:00 in Shanghai, 15:30 in Kolkata
        proposal = self.propose(request)
        self.assertTrue(proposal[self.worker.id]['suitable'])
        self.assertFalse(proposal[self.colleague.id]['suitable'])

    def test_flexible_hours(self):
        self.worker.resource_calendar_id = False
        self.now = datetime(2026, 11, 23, 16, 0)  # midnight
        request = self.make_request('approved', type_id=self.type_simple.id)
        self.assertTrue(self.propose(request)[self.worker.id]['suitable'])
        self.take_time_off(self.worker, '2026-11-23 15:00:00', '2026-11-24 09:00:00')
        self.assertFalse(self.propose(request)[self.worker.id]['suitable'])

    def test_appointment(self):
        request = self.make_request('approved', type_id=self.type_simple.id)
        request.action_confirm(start='2026-11-24 02:00:00', end='2026-11-24 04:00:00')
        self.take_time_off(self.worker, '2026-11-24 00:00:00', '2026-11-24 09:00:00')
        other = self.make_request('approved', type_id=self.type_simple.id)
        other.action_confirm(start='2026-11-24 03:00:00', end='2026-11-24 05:00:00')
        other.action_dispatch(employee_id=self.colleague.id)
        proposal = self.propose(request)
        self.assertEqual(proposal[self.worker.id]['warnings'], ["Not at work at the appointment"])
        self.assertEqual(proposal[self.colleague.id]['warnings'], [f"Booked at that time: {other.name}"])

    def test_load_and_distance(self):
        elsewhere = self.env['property.service.building'].create({'name': "Building 9", 'code': '9', 'estate_id': self.estate.id})
        flat = self.env['property.service.unit'].create({'name': "9-1", 'code': '1', 'building_id': elsewhere.id})
        self.make_request('approved', type_id=self.type_simple.id).action_dispatch(employee_id=self.worker.id)
        request = self.make_request('approved', type_id=self.type_simple.id)
        line = self.propose(request)[self.worker.id]
        self.assertIn("Has a job in this building", line['reasons'])
        self.assertIn("Open jobs: 1", line['reasons'])
        self.assertEqual(line['open_jobs'], 1)
        far = self.make_request('approved', type_id=self.type_simple.id, unit_id=flat.id)
        self.assertIn("Has a job in this estate", self.propose(far)[self.worker.id]['reasons'])

    def test_queries_do_not_grow(self):
        """As many queries for ten times the requests and employees."""
        Employee = self.env['hr.employee']

        def count(requests):
            self.env.invalidate_all()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            requests._rank_employees()
            return self.env.cr.sql_log_count - start

        few = self.env['property.service.request'].union(*(self.make_request('approved') for _ in range(2)))
        few[0].action_confirm(start='2026-11-24 02:00:00')
        count(few)  # what is cached for good
        small = count(few)
        people = Employee.create([{'name': f"Helper {index}", 'tz': 'Asia/Shanghai'} for index in range(30)])
        self.team.member_ids |= people
        for person in people:
            self.give_skill(person, self.skilled)
        many = few.union(*(self.make_request('approved') for _ in range(20)))
        for index, request in enumerate(many[3:]):
            request.action_dispatch(employee_id=people[index].id)
        large = count(many)
        self.assertLessEqual(large, small)
        self.assertLess(large, 40)


@tagged('post_install', '-at_install')
class TestDispatchAssignment(DispatchCase):

    def test_worker_is_told_and_the_earlier_one_too(self):
        login = new_test_user(self.env, 'ps_li', groups='property_service.group_technician', email='li@example.com')
        self.colleague.user_id = login
        request = self.make_request('approved')
        job = self.as_role('supervisor', request)
        job.action_dispatch(employee_id=self.worker.id)
        activity = request.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (self.users['technician'], "New job"))
        job.action_dispatch(employee_id=self.colleague.id)
        self.assertEqual(request.activity_ids.user_id, login)
        told = self.env['mail.message'].search([
            ('model', '=', request._name), ('res_id', '=', request.id), ('message_type', '=', 'user_notification'),
            ('partner_ids', 'in', self.users['technician'].partner_id.ids), ('subject', 'ilike', "Not your job")])
        self.assertEqual(len(told), 1)
        self.assertIn("Li Colleague", told.body)
        self.assertNotIn(self.users['technician'].partner_id, request.message_partner_ids)
        request.with_user(login).action_start()
        self.assertFalse(request.activity_ids, "the reminder ends when the work begins")

    def test_writing_the_worker_tells_too(self):
        request = self.make_request('dispatched')
        self.as_role('supervisor', request).write({'employee_id': self.colleague.id})
        self.assertFalse(request.activity_ids, "the colleague has no login, and the job is not the worker's any more")
        self.as_role('supervisor', request).write({'employee_id': self.worker.id})
        self.assertEqual(request.activity_ids.user_id, self.users['technician'])

    def test_dispatched_work_keeps_a_worker(self):
        request = self.make_request('dispatched')
        with self.assertRaises(UserError):
            self.as_role('supervisor', request).write({'employee_id': False})
        self.assertEqual(request.employee_id, self.worker)

    def test_bad_employee(self):
        request = self.as_role('supervisor', self.make_request('approved'))
        gone = self.env['hr.employee'].create({'name': "Gone", 'active': False})
        for employee_id in (gone.id, 2 ** 40, -1, "Wang", [self.worker.id], {'id': 1}, 999999999):
            with self.assertRaises(UserError):
                request.action_dispatch(employee_id=employee_id)
        self.assertEqual(request.state, 'approved')

    def test_auto_dispatch(self):
        self.team.auto_dispatch = True
        self.give_skill(self.worker, self.skilled)
        request = self.make_request()
        self.as_role('agent', request).action_register()
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))
        self.assertEqual(request.state_log_ids[-1].reason, "Dispatched automatically.")
        self.assertEqual(request.state_log_ids[-1].by_id, self.users['agent'])

    def test_auto_dispatch_set_off_by_a_resident(self):
        """A resident has no right on anything it takes; the team's wish is enough."""
        request = self.make_request('approved')
        self.team.auto_dispatch = True
        self.give_skill(self.worker, self.skilled)
        self.env.invalidate_all()
        self.as_role('resident', request)._auto_dispatch()
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))
        self.assertEqual(request.activity_ids.user_id, self.users['technician'])

    def test_auto_dispatch_after_review_and_appointment(self):
        self.team.auto_dispatch = True
        self.give_skill(self.worker, self.skilled)
        self.type_repair.write({'requires_review': True, 'requires_appointment': True})
        request = self.make_request('registered')
        self.as_role('supervisor', request).action_approve()
        self.assertEqual(request.state, 'approved', "waits for its appointment")
        self.as_role('agent', request).action_confirm(start='2026-11-24 02:00:00')
        self.assertEqual((request.state, request.employee_id), ('dispatched', self.worker))
        self.type_repair.requires_appointment = False
        second = self.make_request('registered')
        self.as_role('supervisor', second).write({'state': 'approved'})
        self.assertEqual(second.state, 'dispatched')

    def test_auto_dispatch_never_takes_the_unsuitable(self):
        """Lacking the skill, absent, or of another team: the request stays, and the leader is asked once."""
        self.team.auto_dispatch = True
        other = self.env['property.service.team'].create({'name': "Cleaning", 'member_ids': [Command.set(self.outsider.ids)]})
        self.give_skill(self.outsider, self.master)
        self.give_skill(self.worker, self.beginner)
        self.give_skill(self.colleague, self.master)
        self.take_time_off(self.colleague, '2026-11-23 00:00:00', '2026-11-23 09:00:00')
        request = self.make_request()
        self.as_role('agent', request).action_register()
        self.assertEqual((request.state, request.employee_id), ('approved', self.env['hr.employee']))
        self.assertEqual(request.activity_ids.user_id, self.users['supervisor'])
        self.assertEqual(request.activity_ids.summary, "Dispatch by hand")
        request._auto_dispatch()
        self.assertEqual(len(request.activity_ids), 1)
        self.assertIn(other, self.outsider.property_team_ids)
        self.as_role('supervisor', request).action_dispatch(employee_id=self.outsider.id)
        self.assertFalse(request.activity_ids, "done by hand")

    def test_no_auto_dispatch_of_enquiries_or_of_other_teams(self):
        self.team.auto_dispatch = True
        enquiry = self.make_request(type_id=self.type_enquiry.id)
        self.as_role('agent', enquiry).action_register()
        self.assertEqual(enquiry.state, 'approved')
        self.team.auto_dispatch = False
        request = self.make_request(type_id=self.type_simple.id)
        self.as_role('agent', request).action_register()
        self.assertEqual((request.state, request.activity_ids.ids), ('approved', []))


@tagged('post_install', '-at_install')
class TestDispatchWizard(DispatchCase):

    def open_wizard(self, requests, role='supervisor'):
        action = self.as_role(role, requests).action_dispatch()
        return self.as_role(role, action['res_model']).browse(action['res_id'])

    def test_single(self):
        self.give_skill(self.worker, self.skilled)
        request = self.make_request('approved')
        wizard = self.open_wizard(request)
        self.assertEqual((wizard.mode, wizard.request_id), ('single', request))
        self.assertEqual(wizard.line_ids.employee_id.ids, [self.worker.id, self.colleague.id])
        self.assertEqual(wizard.line_ids[0].reasons.split("\n")[0], "Plumbing: Skilled")
        self.assertEqual(wizard.line_ids[1].warnings, "No skill Plumbing")
        wizard.line_ids[1].action_choose()
        self.assertEqual(request.employee_id, self.colleague, "a warning does not bind the supervisor")

    def test_bulk_balances_and_may_be_changed(self):
        for employee in (self.worker, self.colleague):
            self.give_skill(employee, self.skilled)
        requests = self.env['property.service.request'].union(*(self.make_request('approved') for _ in range(4)))
        hard = self.make_request('approved', type_id=self.type_repair.copy({
            'code': 'wiring', 'requires_review': False, 'skill_ids': [Command.create({'skill_id': self.electrics.id})]}).id)
        wizard = self.open_wizard(requests | hard)
        self.assertEqual(wizard.mode, 'bulk')
        lines = {line.request_id: line for line in wizard.line_ids}
        self.assertEqual(sorted(lines[request].employee_id.id for request in requests),
                         sorted([self.worker.id, self.colleague.id] * 2))
        self.assertFalse(lines[hard].employee_id, "nobody has the skill: the supervisor decides")
        self.assertEqual(
            sorted(line.reasons.split("\n")[3] for line in lines.values() if line.reasons),
            ["No open jobs", "No open jobs", "Open jobs: 1", "Open jobs: 1"], "each sees the load of those before it")
        self.assertEqual(wizard.open_count, 1)
        with Form(wizard) as form:
            with form.line_ids.edit(0) as line:
                line.employee_id = self.outsider
                self.assertEqual(line.warnings, "In no team")
                line.employee_id = self.worker
                self.assertIn("Plumbing: Skilled", line.reasons)
        wizard.action_dispatch()
        self.assertEqual(set(requests.mapped('state')), {'dispatched'})
        self.assertEqual(wizard.line_ids[0].request_id.employee_id, self.worker)
        self.assertEqual(hard.state, 'approved')

    def test_bulk_takes_what_waits_for_dispatch(self):
        self.give_skill(self.worker, self.skilled)
        ready, second, given, new = (self.make_request(state) for state in ('approved', 'approved', 'dispatched', 'new'))
        wizard = self.open_wizard(ready | second | given | new)
        self.assertEqual(wizard.line_ids.request_id, ready | second)
        self.assertEqual(wizard.left_out_count, 2)
        other = self.make_request('dispatched')
        self.assertEqual(self.open_wizard(given | other).line_ids.request_id, given | other, "given out anew")
        with self.assertRaises(UserError):
            self.open_wizard(new | self.make_request())

    def test_bulk_with_nobody(self):
        requests = self.make_request('approved') | self.make_request('approved')
        with self.assertRaises(UserError):
            self.open_wizard(requests).action_dispatch()

    def test_only_supervisors_and_only_own(self):
        request = self.make_request('approved')
        for role in ('technician', 'agent'):
            with self.assertRaises(AccessError):
                self.as_role(role, request).action_dispatch()
        wizard = self.open_wizard(request)
        with self.assertRaises(AccessError):
            self.as_role('agent', wizard.line_ids[0]).action_choose()
        with self.assertRaises(AccessError):
            self.as_role('manager', wizard).read(['mode'])
        with self.assertRaises(AccessError):
            self.as_role('manager', wizard.line_ids).read(['reasons'])


@tagged('post_install', '-at_install')
class TestEmployeeLoad(DispatchCase):

    def test_count_and_jobs(self):
        self.make_request('in_progress')
        self.make_request('done')
        for role in ('supervisor', 'hr'):
            for model in ('hr.employee', 'hr.employee.public'):
                if (role, model) == ('supervisor', 'hr.employee'):
                    continue  # without HR rights the web client shows the public employee
                self.assertEqual(self.as_role(role, model).browse(self.worker.id).property_job_count, 1, (role, model))
        action = self.as_role('supervisor', 'hr.employee.public').browse(self.worker.id).action_open_property_jobs()
        self.assertEqual(self.env[action['res_model']].search_count(action['domain']), 1)
        with self.assertRaises(AccessError):
            self.as_role('technician', 'hr.employee.public').browse(self.worker.id).read(['property_job_count'])

    def test_workload_board_shows_the_idle(self):
        request = self.make_request('dispatched')
        Board = self.as_role('supervisor', request._name).with_context(read_group_expand=True)  # as a board asks
        domain = [('id', '=', request.id)]
        groups = Board.with_context(property_service_workload=True).web_read_group(domain, ['employee_id'])['groups']
        self.assertEqual([group['employee_id'][1] for group in groups], ["Wang Worker", "Li Colleague"])
        self.assertEqual(len(Board.web_read_group(domain, ['employee_id'])['groups']), 1)

    def test_names_without_hr_rights(self):
        request = self.make_request('dispatched')
        for role in ('technician', 'agent', 'supervisor'):
            self.env.invalidate_all()
            values = self.as_role(role, request).read(['employee_id'])[0]
            self.assertEqual(values['employee_id'], (self.worker.id, "Wang Worker"))
            self.assertTrue(self.as_role(role, 'hr.employee').name_search("Wang"))
