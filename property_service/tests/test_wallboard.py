from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import CompletionStatus

from ..models.cases import wallboard_bus
from ..models.cases.wallboard import FIGURES, LIST_LENGTH
from .common import PropertyServiceCase
from .test_clock_kinds import KindsCase

KINDS_OF = {**dict.fromkeys(FIGURES, ('request', 'complaint')), 'callbacks': ('callback',)}


@tagged('post_install', '-at_install')
class TestWallboard(KindsCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ('property.service.request', 'property.service.complaint'):
            cls.env[model].search([]).active = False
        cls.env['property.service.callback'].search([('state', 'in', ('planned', 'in_progress'))])._set_state('cancelled')
        cls.Board = cls.as_role('agent', 'property.service.wallboard')

    def board(self, **arguments):
        self.env.flush_all()
        return self.Board.get_board(**arguments)

    def totals(self, **arguments):
        return {name: figure['total'] for name, figure in self.board(**arguments)['figures'].items()}

    def fill(self):
        """Two hours and a bit after Monday 08:00: one of each standing."""
        with self.at(hours=-65):  # answer overdue since Friday
            overdue = self.make_request('approved')
        with self.at(hours=-1):
            self.make_request('dispatched', priority='1')
        with self.at():
            self.make_complaint('registered')
            self.make_callback()
            self.make_callback(planned_at=self.moment(days=3))
            self.make_request('done')
        return overdue

    def test_figures(self):
        self.fill()
        with self.at(hours=3.2):
            self.assertEqual(self.totals(), {
                'open': 3, 'due_today': 2, 'at_risk': 2, 'overdue': 1, 'unassigned': 2, 'urgent': 0, 'callbacks': 1})
            kinds = self.board()['figures']['open']['kinds']
            self.assertEqual([(kind['kind'], kind['count']) for kind in kinds], [('request', 2), ('complaint', 1)])

    def test_figures_open_the_cases_they_count(self):
        self.fill()
        with self.at(hours=3.2):
            board = self.board()
            for name, figure in board['figures'].items():
                self.assertEqual([part['kind'] for part in figure['kinds']], list(KINDS_OF[name]))
                for part in figure['kinds']:
                    action = self.Board.get_action(kind=part['kind'], figure=name)
                    found = self.as_role('agent', action['res_model']).search_count(action['domain'])
                    self.assertEqual(found, part['count'], (name, part))
            for kind, figure in (('request', 'callbacks'), ('weather', 'open'), ('request', 'rain')):
                with self.assertRaises(UserError):
                    self.Board.get_action(kind=kind, figure=figure)

    def test_most_urgent_first_and_no_resident_named(self):
        overdue = self.fill()
        with self.at(hours=3.2):
            board = self.board()
        self.assertEqual([item['id'] for item in board['overdue']], overdue.ids)
        deadlines = [item['deadline'] for item in board['next']]
        self.assertEqual(deadlines, sorted(deadlines))
        self.assertEqual({item['kind'] for item in board['next']}, {'request', 'complaint', 'callback'})
        self.assertNotIn(self.resident.name, str(board))
        self.assertNotIn(self.resident.phone, str(board))

    def test_estate(self):
        self.fill()
        other = self.env['property.service.estate'].create({'name': "Blue Lake", 'code': 'BL'})
        with self.at(hours=3.2):
            self.assertEqual(self.totals(estate_id=self.estate.id), self.totals())
            self.assertFalse(any(self.totals(estate_id=other.id).values()))
            self.assertEqual(self.totals(estate_id="nonsense"), self.totals(), "an odd parameter is no filter")

    def test_everybody_sees_what_the_rules_allow(self):
        self.fill()
        company = self.env['res.company'].create({'name': "Other"})
        foreign = self.users['manager'].copy({'login': 'ps_other', 'company_id': company.id, 'company_ids': [(6, 0, company.ids)]})
        with self.at(hours=3.2):
            board = self.env['property.service.wallboard'].with_user(foreign).get_board()
            self.assertFalse(any(figure['total'] for figure in board['figures'].values()))
            self.assertFalse(board['overdue'] or board['next'])
            worker = self.as_role('technician', 'property.service.wallboard').get_board()
            self.assertFalse(worker['figures']['callbacks']['kinds'], "callbacks are none of the worker's business")
            board = self.as_role('hr', 'property.service.wallboard').get_board()
            self.assertFalse(any(figure['total'] for figure in board['figures'].values()))
            with self.assertRaises(AccessError):
                self.as_role('resident', 'property.service.wallboard').get_board()

    def test_managers_see_what_is_wrong_with_the_clock(self):
        Board = self.as_role('manager', 'property.service.wallboard')
        now = fields.Datetime.now()
        jobs = self.env.ref('property_service.cron_sla_escalate') | self.env.ref('property_service.cron_sla_recompute')
        jobs.write({'nextcall': now + timedelta(minutes=5), 'active': True})
        self.env['property.service.sla.event'].search([]).unlink()

        def notices(board=Board):
            self.env.flush_all()
            return [(notice['kind'], notice['text'], notice['action']) for notice in board.get_board()['notices']]

        self.assertEqual(notices(), [])
        empty = self.env['resource.calendar'].create({'name': "Empty"})
        policy = self.Policy.create({'name': "Unlucky", 'priority': '1', 'response_hours': 2, 'round_the_clock': False, 'calendar_id': empty.id})
        self.env.cr.execute("DELETE FROM resource_calendar_attendance WHERE calendar_id = %s", [empty.id])
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        case = self.make_request('approved', priority='1')
        self.assertEqual((case.sla_policy_id, case.sla_fault), (policy, 'no_hours'))
        [(kind, text, action)] = notices()
        self.assertEqual((kind, self.env[action['res_model']].search(action['domain'])), ('fault', case))
        self.assertIn("1", text)
        event = self.env['property.service.sla.event'].create({
            'request_id': case.id, 'target': 'response', 'moment': 'risk', 'due_at': now, 'notify_at': now, 'state': 'failed',
            'company_id': self.company.id})
        jobs[0].nextcall = now - timedelta(hours=2)
        jobs[1].active = False
        found = notices()
        self.assertEqual([kind for kind, _text, _action in found], ['job', 'job', 'failed', 'fault'])
        self.assertIn("stands still", found[0][1])
        self.assertIn("Switched off", found[1][1])
        self.assertEqual(self.env['property.service.sla.event'].search(found[2][2]['domain']), event)
        self.assertEqual(notices(self.as_role('supervisor', 'property.service.wallboard')), [])

    def test_job_that_odoo_switches_off_is_told(self):
        job = self.env.ref('property_service.cron_sla_escalate')
        self.env.flush_all()
        state = {'id': job.id, 'cron_name': job.name, 'failure_count': 4, 'active': True,
                 'first_failure_date': fields.Datetime.now() - timedelta(days=8)}
        with mute_logger('odoo.addons.base.models.ir_cron'):
            for first_failure_date, told in ((fields.Datetime.now(), 0), (state['first_failure_date'], 1)):
                before = self.env['mail.message'].search([], order='id desc', limit=1)
                job._update_failure_count({**state, 'first_failure_date': first_failure_date}, CompletionStatus.FAILED)
                messages = self.env['mail.message'].search([('id', '>', before.id), ('subject', 'like', job.name)])
                self.assertEqual(len(messages), told)
        self.assertIn(self.users['manager'].partner_id, messages.notified_partner_ids)
        self.assertNotIn(self.users['supervisor'].partner_id, messages.notified_partner_ids)

    def test_a_hundred_cost_as_many_queries_as_ten(self):
        def queries(number):
            with self.at():
                for _index in range(number):
                    self.make_request('approved')
                    self.make_complaint('registered')
            with self.at(hours=1):
                self.board()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                board = self.Board.get_board()
            self.assertLessEqual(len(board['next']), LIST_LENGTH)
            return self.env.cr.sql_log_count - before

        queries(1)  # fills the caches that live longer than a call
        self.assertEqual(queries(LIST_LENGTH), queries(4 * LIST_LENGTH))

    # ---- BUS ----

    def test_boards_look_again_after_the_commit(self):
        request = self.make_request()
        cr = self.env.cr
        cr.postcommit.clear()
        with patch.object(wallboard_bus, '_send') as send:
            request.priority = '1'
            request.action_register()
            self.make_callback()
            send.assert_not_called()
            cr.postcommit.run()
        send.assert_called_once_with(self.env.registry)

    def test_message_says_nothing_and_is_throttled(self):
        sent = []
        group = self.env.ref('property_service.group_agent')
        now = [1000.0]
        with patch.object(type(self.env['bus.bus']), '_sendone', lambda self, *args: sent.append(args)), \
                patch.object(wallboard_bus, '_last_told', {}), patch.object(wallboard_bus.time, 'monotonic', lambda: now[0]), \
                self.enter_registry_test_mode():
            for _change in range(5):
                wallboard_bus._send(self.env.registry)
            self.assertEqual([(target.id, name, payload) for target, name, payload in sent], [
                (group.id, 'property_service/wallboard', {})])
            now[0] += wallboard_bus.PAUSE
            wallboard_bus._send(self.env.registry)
        self.assertEqual(len(sent), 2)

    def test_sweep_tells_the_boards(self):
        with self.at():
            self.make_request('dispatched')
        self.env.cr.postcommit.clear()
        with patch.object(wallboard_bus, '_send') as send, self.at(hours=3.5):
            self.env['property.service.request']._sweep_due(100)
            self.env.cr.postcommit.run()
        send.assert_called_once()


class WallboardTour(PropertyServiceCase, HttpCase):
    """The board in a browser, with an overdue request, a complaint at risk and a callback due."""

    language = 'en_US'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang(cls.language)
        cls.users['agent'].lang = cls.language
        cls.env['property.service.request'].search([]).active = False
        cls.env['property.service.complaint'].search([]).active = False
        Policy = cls.env['property.service.sla.policy']
        Policy.search([]).active = False
        Policy.create([{'name': "Tour", 'applies_to': kind, 'response_hours': hours, 'resolution_hours': 20}
                       for kind, hours in (('request', 10), ('complaint', 10), ('callback', 0))])
        now = fields.Datetime.now()
        with freeze_time(now - timedelta(hours=12)):
            cls.overdue = cls.make_request('registered', title="Board overdue")
        with freeze_time(now - timedelta(hours=9)):
            cls.env['property.service.complaint'].create({
                'title': "Board at risk", 'description': "Noise", 'category_id': cls.category.id, 'unit_id': cls.unit.id,
                'partner_id': cls.resident.id}).action_register()
            cls.env['property.service.callback'].create({'partner_id': cls.resident.id, 'unit_id': cls.unit.id})
        cls.env['property.service.estate'].create({'name': "Zero Estate", 'code': 'ZERO'})


@tagged('post_install', '-at_install')
class TestWallboardDesktop(WallboardTour):

    def test_wallboard_tour(self):
        self.start_tour('/odoo/service-wallboard', 'property_service_wallboard', login='ps_agent')

    def test_countdown_of_a_complaint(self):
        self.start_tour('/odoo/complaints', 'property_service_complaint_clock', login='ps_agent')


@tagged('post_install', '-at_install')
class TestWallboardPhone(WallboardTour):
    browser_size = '375x667'
    touch_enabled = True
    language = 'zh_CN'

    def test_wallboard_on_a_chinese_phone(self):
        self.start_tour('/odoo/service-wallboard', 'property_service_wallboard', login='ps_agent')

    def test_countdown_of_a_complaint_on_a_chinese_phone(self):
        self.start_tour('/odoo/complaints', 'property_service_complaint_clock', login='ps_agent')
