import threading
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..models.clock.clock_escalation import PropertyServiceClockMixin
from ..models.clock.sla_event import ACTIVITY_TYPES, PropertyServiceSlaEvent
from .test_clock import ClockCase

LOGGER = 'odoo.addons.property_service.models.clock.sla_event'


@tagged('post_install', '-at_install')
class TestEscalation(ClockCase):
    """General: answer within 4, solution within 16 office hours; warned at 75 %, told at the deadline and 24 hours later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['property.service.sla.event'].search([]).unlink()
        cls.team.calendar_id = cls.calendar
        cls.estate_manager = cls.env['hr.employee'].create({'name': "Qian Manager", 'user_id': cls.users['manager'].id})
        cls.estate.manager_id = cls.estate_manager
        cls.Event = cls.env['property.service.sla.event']

    def run_cron(self, days=0, hours=0):
        with self.at(days, hours), self.enter_registry_test_mode():
            self.env.ref('property_service.cron_sla_escalate').method_direct_trigger()
        self.env.invalidate_all()

    def events(self, requests, state='done'):
        return [(event.target, event.moment) for event in self.Event.search(
            [('request_id', 'in', requests.ids), ('state', '=', state)], order='id')]

    def activities(self, request):
        kinds = [self.env.ref(name) for name in ACTIVITY_TYPES.values()]
        return request.activity_ids.filtered(lambda activity: activity.activity_type_id in kinds)

    def told(self, request):
        return self.activities(request).user_id

    def test_levels_fire_in_turn_each_once(self):
        with self.at():
            request = self.make_request('dispatched')
        self.assertEqual(request.sla_next_escalation_at, self.moment(hours=3))
        steps = [
            (0, 2.9, [], self.env['res.users']),
            (0, 3.1, [('response', 'risk')], self.users['technician']),
            (0, 5.1, [('response', 'risk'), ('response', 'deadline')], self.users['technician'] | self.users['supervisor']),
            (1, 5.2, [('response', 'risk'), ('response', 'deadline'), ('response', 'after'), ('resolution', 'risk')],
             self.users['technician'] | self.users['supervisor'] | self.users['manager']),
        ]
        for days, hours, events, users in steps:
            for _again in range(2):
                self.run_cron(days, hours)
                self.assertEqual(self.events(request), events, (days, hours))
                self.assertEqual(self.told(request), users)
        self.assertEqual(request.breached_at, self.moment(hours=4))
        self.assertEqual(len(self.activities(request)), 3, "nobody is told twice")
        # the next is the deadline of the solution
        self.assertEqual(request.sla_next_escalation_at, self.moment(days=1, hours=9))

    def test_answered_in_time_is_not_escalated(self):
        with self.at():
            request = self.make_request('dispatched')
        with self.at(hours=2):
            request._mark_responded()
        self.run_cron(hours=5)
        self.assertFalse(self.Event.search([('request_id', '=', request.id)]))
        self.assertFalse(request.breached_at)

    def test_merged_cancelled_and_done_are_not_escalated(self):
        with self.at():
            master, duplicate = self.make_request('dispatched'), self.make_request('dispatched')
            done = self.make_request('in_progress')
            cancelled = self.make_request('approved')
        with self.at(hours=1):
            other = self.make_request('approved')
            other.action_merge(master_id=master.id)
            cancelled.action_cancel(reason="Mistake")
            done.checklist_ids.write({'done': True})
            done.action_done(summary="Done")
        self.run_cron(days=21)
        self.assertFalse(self.Event.search([('request_id', 'in', (cancelled | done | other).ids)]))
        self.assertEqual(len(self.events(master | duplicate)), 12)

    def test_paused_is_not_escalated(self):
        request = self.started()
        with self.at(hours=1):
            request.action_wait(reason_id=self.reason.id)
        self.run_cron(days=21)
        self.assertFalse(self.Event.search([('request_id', '=', request.id)]))

    def test_answered_between_sweep_and_notice(self):
        with self.at():
            request = self.make_request('dispatched')
        with self.at(hours=3.5):
            self.assertEqual(self.env['property.service.request']._sweep_due(100), 1)
            request._mark_responded()
        self.run_cron(hours=3.6)
        self.assertEqual(self.events(request, 'skipped'), [('response', 'risk')])
        self.assertFalse(self.told(request))

    def test_paused_between_sweep_and_notice_fires_when_it_goes_on(self):
        """Noted in the lunch hour, paused before it is over: not told, and not lost."""
        request = self.started()
        self.run_cron(days=1, hours=4.5)
        self.assertEqual(self.events(request, 'pending'), [('resolution', 'risk')])
        with self.at(days=1, hours=4.6):
            request.action_wait(reason_id=self.reason.id)
        self.run_cron(days=1, hours=5.1)
        self.assertEqual(self.events(request, 'skipped'), [('resolution', 'risk')])
        with self.at(days=2):
            request.action_resume()
        for _again in range(2):
            self.run_cron(days=2, hours=0.1)
            self.assertEqual(self.events(request), [('resolution', 'risk')])
        self.assertEqual(len(self.Event.search([('request_id', '=', request.id)])), 1)

    def test_deadline_moved_between_sweep_and_notice(self):
        """Nobody is told of a breach that is none any more; when the new deadline passes, it is told once."""
        self.general.escalation_ids = [Command.clear(), Command.create({'target': 'response', 'notify_role': 'leader'})]
        with self.at():
            request = self.make_request('dispatched')
        self.run_cron(hours=4.5)
        self.assertEqual(self.events(request, 'pending'), [('response', 'deadline')])
        self.general.response_hours = 7
        with self.at(hours=4.6), self.enter_registry_test_mode():
            self.env.ref('property_service.cron_sla_recompute').method_direct_trigger()
        self.env.invalidate_all()
        self.run_cron(hours=5.1)
        self.assertEqual((self.events(request, 'skipped'), self.told(request)), ([('response', 'deadline')], self.env['res.users']))
        for _again in range(2):
            self.run_cron(hours=8.1)
            self.assertEqual(self.events(request), [('response', 'deadline')])
        self.assertEqual(len(self.activities(request)), 1)

    def test_reopened_escalates_what_was_not_needed_before(self):
        request = self.started()
        self.run_cron(days=1, hours=4.5)
        with self.at(days=1, hours=4.6):
            request.checklist_ids.write({'done': True})
            request.action_done(summary="Done")
        self.run_cron(days=1, hours=5.1)
        self.assertEqual(self.events(request, 'skipped'), [('resolution', 'risk')])
        with self.at(days=1, hours=6):
            request.action_return(reason="Leaks")
        self.run_cron(days=1, hours=6.1)
        self.assertEqual(self.events(request), [('resolution', 'risk')])
        self.run_cron(days=2, hours=2)
        self.assertEqual(self.events(request), [('resolution', 'risk'), ('resolution', 'deadline')])

    def test_reminders_go_when_they_are_met(self):
        """An activity says what is overdue: the answer's goes with the answer, all go when the work is done."""
        with self.at():
            answered, done, cancelled = (self.make_request('dispatched') for _number in range(3))
        self.run_cron(days=1, hours=5.2)
        self.run_cron(days=2, hours=0.1)
        kinds = {name: self.env.ref(xml_id) for name, xml_id in ACTIVITY_TYPES.items()}
        for request in answered | done | cancelled:
            found = Counter(activity.activity_type_id for activity in self.activities(request))
            self.assertEqual(found, {kinds['response']: 3, kinds['resolution']: 1})
        with self.at(days=2, hours=0.5):
            self.as_role('agent', answered).action_log_contact(summary="We come today", direction='out')
            done.action_start()
            done.checklist_ids.write({'done': True})
            done.action_done(summary="Done")
            self.as_role('agent', cancelled).action_cancel(reason="Moved out")
        self.assertEqual(self.activities(answered).activity_type_id, kinds['resolution'])
        self.assertFalse(self.activities(done | cancelled))

    def test_everyone_is_told_in_his_words_and_time(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.users['supervisor'].lang = 'zh_CN'
        self.users['manager'].write({'lang': 'en_US', 'tz': 'Europe/Brussels'})
        with self.at():
            request = self.make_request('dispatched')
        self.run_cron(days=1, hours=5.2)
        activities = {activity.user_id: activity for activity in self.activities(request) if activity.activity_type_id == self.env.ref(
            ACTIVITY_TYPES['response'])}
        leader, manager = activities[self.users['supervisor']], activities[self.users['manager']]
        self.assertIn("12:00", leader.summary, "noon in Shanghai")
        self.assertIn("05:00", manager.summary, "is five in the morning in Brussels")
        self.assertIn("No answer to the resident", manager.summary)
        self.assertNotIn("No answer", leader.summary)
        self.assertIn("service level", manager.note)
        self.assertNotIn("service level", leader.note)
        self.assertEqual(leader.date_deadline, self.moment().date(), "it has been overdue since then")

    def test_night_waits_for_the_morning_unless_urgent(self):
        self.general.write({'round_the_clock': True})
        with self.at(hours=9):
            normal, urgent = self.make_request('dispatched'), self.make_request('dispatched', priority='2')
        self.run_cron(hours=13.5)
        self.assertEqual(self.told(urgent), self.users['technician'] | self.users['supervisor'])
        self.assertEqual((self.told(normal), self.events(normal)), (self.env['res.users'], []))
        self.assertEqual(normal.breached_at, self.moment(hours=13), "the fact does not wait")
        self.run_cron(hours=23)
        self.assertFalse(self.told(normal))
        self.run_cron(days=1, hours=0.1)
        self.assertEqual(self.told(normal), self.users['technician'] | self.users['supervisor'])

    def test_actions(self):
        self.general.escalation_ids = [Command.clear(), Command.create({
            'target': 'resolution', 'moment': 'before', 'minutes': 60, 'raise_priority': True, 'reassign_leader': True,
            'notify_role': 'owner', 'send_mail': True})]
        request = self.started(user_id=self.users['agent'].id)
        self.run_cron(days=1, hours=8.5)
        self.assertEqual(request.user_id, self.users['supervisor'])
        self.assertEqual((request.priority, request.sla_policy_id), ('1', self.general))
        self.assertEqual(self.told(request), self.users['supervisor'])
        notice = self.env['mail.message'].search([
            ('model', '=', request._name), ('res_id', '=', request.id), ('message_type', '=', 'user_notification'),
            ('subject', 'ilike', request.name), ('subject', 'ilike', "Solve by")])
        self.assertIn(self.users['supervisor'].partner_id, notice.notified_partner_ids)

    def test_stand_ins(self):
        request = self.make_request(user_id=False)
        self.assertEqual(request._get_escalation_users('worker'), self.users['supervisor'])
        self.team.leader_id = False
        self.assertEqual(request._get_escalation_users('worker'), self.users['manager'])
        self.estate.manager_id = False
        supervisors = request._get_escalation_users('leader')
        self.assertIn(self.users['supervisor'], supervisors)
        self.assertNotIn(self.users['agent'], supervisors)
        stranger = new_test_user(self.env, 'ps_stranger', groups='base.group_user')
        self.team.leader_id = self.env['hr.employee'].create({'name': "Stranger", 'user_id': stranger.id})
        self.assertNotIn(stranger, request._get_escalation_users('leader'), "may not see the case")

    def test_deadline_moved_forward_fires_no_level_again(self):
        with self.at():
            request = self.make_request('dispatched')
        self.run_cron(hours=3.1)
        self.general.response_hours = 8
        with self.at(hours=3.2), self.enter_registry_test_mode():
            self.env.ref('property_service.cron_sla_recompute').method_direct_trigger()
        self.env.invalidate_all()
        self.run_cron(hours=7.5)
        self.assertEqual(self.events(request), [('response', 'risk')])
        self.run_cron(days=1, hours=0.1)
        self.assertEqual(self.events(request), [('response', 'risk'), ('response', 'deadline')])

    def test_priority_raised_late_catches_up(self):
        with self.at():
            request = self.make_request('dispatched')
        with self.at(hours=2.5):
            request.priority = '2'
            self.assertEqual(request.sla_status, 'breached')
        self.run_cron(hours=2.6)
        self.assertEqual(set(self.events(request)), {
            ('response', 'risk'), ('response', 'deadline'), ('resolution', 'risk'), ('resolution', 'deadline')})

    # ---- CRON ----

    def test_poison_does_not_starve_the_others(self):
        with self.at():
            poison, good = self.make_request('dispatched'), self.make_request('dispatched')
        execute = PropertyServiceSlaEvent._execute

        def fail(event):
            if event.request_id == poison:
                raise ValueError("Poison")
            return execute(event)

        with patch.object(PropertyServiceSlaEvent, '_execute', fail), mute_logger(LOGGER):
            self.run_cron(hours=3.1)
            event = self.Event.search([('request_id', '=', poison.id)])
            self.assertEqual((event.state, event.attempts, event.error), ('pending', 1, "Poison"))
            self.assertEqual(self.events(good), [('response', 'risk')])
            self.run_cron(hours=3.11)
            self.assertEqual(event.attempts, 1, "not at once again")
            for attempt in range(2, 6):
                self.run_cron(hours=3.1 + attempt)
            self.assertEqual((event.state, event.attempts), ('failed', 5))
        with self.assertRaises(AccessError):
            self.as_role('supervisor', event).action_retry()
        with self.at(hours=3.5):
            self.as_role('manager', event).action_retry()
        self.run_cron(hours=3.6)
        self.assertIn(('response', 'risk'), self.events(poison))

    def test_budget_used_up(self):
        """The run stops when its time is over; the next one goes on."""
        with self.at():
            requests = self.env['property.service.request'].union(*(self.make_request('dispatched') for _number in range(4)))
        with self.at(hours=3.1):
            self.assertEqual(requests._sweep_due(100), 4)
            with patch.object(type(self.env['ir.cron']), '_commit_progress', lambda *args, **kwargs: 0):
                self.assertFalse(self.Event._process_pending())
        self.assertEqual(len(self.events(requests)), 1)
        self.run_cron(hours=3.2)
        self.assertEqual(len(self.events(requests)), 4)

    def test_wakes_for_the_next_deadline(self):
        cron = self.env.ref('property_service.cron_sla_escalate')
        Trigger = self.env['ir.cron.trigger']
        Trigger.search([]).unlink()
        with self.at(hours=1):
            self.make_request('dispatched')
            self.assertFalse(Trigger.search([('cron_id', '=', cron.id)]), "not due before the cron comes by itself")
        self.run_cron(hours=2.9)
        self.assertFalse(Trigger.search([('cron_id', '=', cron.id)]))
        self.run_cron(hours=3.9)
        self.assertEqual(Trigger.search([('cron_id', '=', cron.id)]).call_at, self.moment(hours=4) + timedelta(seconds=1))

    def test_cases_locked_by_others_are_left(self):
        with self.at():
            locked, free = self.make_request('dispatched'), self.make_request('dispatched')
        Request = type(locked)
        lock = Request.try_lock_for_update

        with patch.object(Request, 'try_lock_for_update', lambda self, **kwargs: lock(self - locked, **kwargs)):
            self.run_cron(hours=3.1)
        self.assertEqual((self.events(locked), self.events(free)), ([], [('response', 'risk')]))
        self.run_cron(hours=3.2)
        self.assertEqual(self.events(locked), [('response', 'risk')])


@tagged('post_install', '-at_install')
class TestEscalationWorkers(BaseCase):
    """Two workers at once and a lost connection, each with its own committed transactions."""

    CASES = 12

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            leader = new_test_user(env, 'ps_escalation_leader', groups='property_service.group_supervisor')
            employee = env['hr.employee'].create({'name': "Escalation Leader", 'user_id': leader.id})
            team = env['property.service.team'].create({'name': "Escalation", 'leader_id': employee.id})
            estate = env['property.service.estate'].create({'name': "Escalation", 'code': 'ESC'})
            category = env['property.service.category'].create({'name': "Escalation", 'code': 'esc', 'team_id': team.id})
            service = env['property.service.type'].create({'name': "Escalation", 'code': 'esc', 'category_id': category.id})
            policy = env['property.service.sla.policy'].create({
                'name': "Escalation", 'type_id': service.id, 'priority': '2', 'response_hours': 1, 'resolution_hours': 1})
            cls.made = [(record._name, record.id) for record in (policy, service, category, estate, team, employee, leader)]
            cls.policy_id, cls.vals = policy.id, {
                'title': "Escalation", 'type_id': service.id, 'estate_id': estate.id, 'priority': '2', 'contact_name': "A",
                'contact_phone': "1"}
        cls.addClassCleanup(cls._remove_everything)

    @classmethod
    def _remove_everything(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls._remove_requests(env)
            for model, record_id in cls.made:
                record = env[model].browse(record_id)
                record.unlink()

    @classmethod
    def _remove_requests(cls, env):
        requests = env['property.service.request'].search([('sla_policy_id', '=', cls.policy_id)])
        for table, column in (('mail_message', 'model'), ('mail_followers', 'res_model'), ('mail_activity', 'res_model')):
            env.execute_query(SQL(
                "DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s) RETURNING id",
                SQL.identifier(table), SQL.identifier(column), requests._name, requests.ids))
        env.execute_query(SQL("DELETE FROM property_service_request WHERE id = ANY(%s) RETURNING id", requests.ids))
        env.invalidate_all(flush=False)

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr, freeze_time(datetime.now() - timedelta(hours=2)):  # noqa: DTZ005
            env = api.Environment(cr, SUPERUSER_ID, {})
            self._remove_requests(env)
            self.ids = env['property.service.request'].create([self.vals] * self.CASES).ids

    def _work(self, before=None):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if before:
                before(env)
            env['property.service.request']._cron_escalate(batch_size=5)

    def _count_activities(self, env):
        kinds = [env.ref(name).id for name in ACTIVITY_TYPES.values()]
        return Counter(env['mail.activity'].search([
            ('res_model', '=', 'property.service.request'), ('res_id', 'in', self.ids), ('activity_type_id', 'in', kinds),
        ]).mapped('res_id'))

    def _assert_each_once(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            events = env['property.service.sla.event'].search([('request_id', 'in', self.ids)])
            self.assertEqual(Counter(events.mapped('state')), {'done': 4 * self.CASES})
            activities = self._count_activities(env)
            # warned of the answer, told of both missed deadlines
            self.assertEqual(activities, dict.fromkeys(self.ids, 3))
            requests = env['property.service.request'].browse(self.ids)
            self.assertTrue(all(requests.mapped('breached_at')))
            self.assertGreater(min(requests.mapped('sla_next_escalation_at')), fields.Datetime.now())

    def test_two_workers_at_once(self):
        barrier, errors = threading.Barrier(2, timeout=30), []

        def worker():
            try:
                self._work(lambda env: barrier.wait())
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=worker, daemon=True) for _number in range(2)]
        # The main thread of a test run holds the registry's lock.
        with mute_logger('odoo.sql_db', LOGGER), patch.object(Registry, '_lock', DummyRLock()):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertFalse(errors, "where the other was faster, a worker goes on with the rest")
        self._work()
        self._assert_each_once()

    def test_case_locked_by_somebody(self):
        """A case that somebody holds is left to the next run; the others are not kept waiting."""
        with closing(self.registry.cursor()) as other:
            other.execute("SELECT id FROM property_service_request WHERE id = %s FOR UPDATE", [self.ids[0]])
            self._work()
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                self.assertEqual(self._count_activities(env), dict.fromkeys(self.ids[1:], 3))
        self._work()
        self._assert_each_once()

    def test_somebody_is_faster_than_the_sweep(self):
        """What is changed between the sweep's snapshot and its lock makes it look again, not fail."""
        sweep, calls = PropertyServiceClockMixin._sweep_due, []

        def be_late(model, batch_size):
            calls.append(batch_size)
            if len(calls) == 1:
                model.env.cr.execute("SELECT 1")
                with self.registry.cursor() as other:
                    other.execute("UPDATE property_service_request SET title = 'Changed' WHERE id = ANY(%s)", [self.ids])
            return sweep(model, batch_size)

        with patch.object(PropertyServiceClockMixin, '_sweep_due', be_late), mute_logger('odoo.sql_db'):
            self._work()
        self.assertGreater(len(calls), 3)
        self._assert_each_once()

    def test_long_run_does_not_act_on_stale_state(self):
        """Answered and done by others while the run is under way: nobody is told of them."""
        process, calls = PropertyServiceSlaEvent._process_one, []

        def change_meanwhile(event, domain):
            calls.append(event.request_id.id)
            if len(calls) == 1:
                with self.registry.cursor() as other:
                    requests = api.Environment(other, SUPERUSER_ID, {})['property.service.request'].browse(self.ids)
                    (requests - event.request_id.with_env(requests.env)).action_cancel(reason="Moved out")
            return process(event, domain)

        with patch.object(PropertyServiceSlaEvent, '_process_one', change_meanwhile):
            self._work()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertEqual(self._count_activities(env), {calls[0]: 3})
            events = env['property.service.sla.event'].search([('request_id', 'in', self.ids), ('request_id', '!=', calls[0])])
            self.assertEqual(Counter(events.mapped('state')), {'skipped': 4 * (self.CASES - 1)})

    def test_connection_lost_in_the_middle(self):
        """What a killed process or a restarted database leaves behind is finished by the next run."""
        execute, calls = PropertyServiceSlaEvent._execute, []

        def lose_connection(event):
            execute(event)
            event.env.flush_all()
            calls.append(event.id)
            if len(calls) == 7:
                with closing(self.registry.cursor()) as other:
                    other.execute("SELECT pg_terminate_backend(%s)", [event.env.cr._cnx.get_backend_pid()])

        with patch.object(PropertyServiceSlaEvent, '_execute', lose_connection), mute_logger('odoo.sql_db', LOGGER), \
                self.assertRaises(Exception):  # noqa: B017
            self._work()
        self._work()
        self._assert_each_once()
