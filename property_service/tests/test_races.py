from collections import Counter

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.cases import request_states
from .race_common import RaceCase

ATTEMPTS = 50
DAYS_AGO = 30


@tagged('post_install', '-at_install')
class TestRaces(RaceCase):
    """Many take the same step of a request, or steps that exclude each other: one wins."""

    @classmethod
    def _make_everything(cls, env):
        category = cls._make(env, 'property.service.category', name="Race", code='race')
        cls.type_id = cls._make(
            env, 'property.service.type', name="Race", code='race', category_id=category.id, planned_hours=1).id
        cls.employee_ids = [cls._make(env, 'hr.employee', name=f"Racer {number}").id for number in (1, 2)]
        cls.estate_id = cls._make(env, 'property.service.estate', name="Race", code='RACE', calendar_id=False).id

    @classmethod
    def _remove_everything(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            requests = env['property.service.request'].with_context(active_test=False).search([('estate_id', '=', cls.estate_id)])
            if requests:
                for table in ('mail_message', 'mail_followers', 'mail_activity', 'rating_rating'):
                    column = SQL.identifier('model' if table == 'mail_message' else 'res_model')
                    env.execute_query(SQL(
                        "DELETE FROM %s WHERE %s = %s AND res_id IN %s RETURNING id",
                        SQL.identifier(table), column, requests._name, tuple(requests.ids)))
                # A registered request and its log cannot be removed by any method, and rightly so.
                env.execute_query(SQL("DELETE FROM property_service_request WHERE id IN %s RETURNING id", tuple(requests.ids)))
                env.invalidate_all(flush=False)
            cls._remove_made(env)

    # ---- TOOLS ----

    def _prepare(self, state):
        """Commit a request in ``state`` and return its id."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            request = env['property.service.request'].create(self._get_vals())
            steps = {
                'registered': request.action_register,
                'approved': request.action_approve,
                'dispatched': lambda: request.action_dispatch(employee_id=self.employee_ids[0]),
                'in_progress': request.action_start,
                'done': lambda: request.action_done(summary="Done"),
                'accepted': request.action_accept,
            }
            for name, step in steps.items():
                if request.state == state:
                    break
                if request.state != name:
                    step()
            self.assertEqual(request.state, state)
            if state == 'done':
                request._as_system().write({'done_at': fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_AGO)})
            return request.id

    def _get_vals(self):
        return {'title': "Race", 'type_id': self.type_id, 'estate_id': self.estate_id, 'contact_name': "A", 'contact_phone': "1"}

    def _read(self, request_id, names=('state',)):
        with self.registry.cursor() as cr:
            request = api.Environment(cr, SUPERUSER_ID, {})['property.service.request'].browse(request_id)
            return [request[name] for name in names], [(log.from_state, log.to_state) for log in request.state_log_ids]

    def _assert_clean_log(self, log, state):
        """Each line begins where the one before it ended, takes a step of the table, and the last is the request's state."""
        self.assertEqual(log[0], (False, 'new'))
        self.assertEqual(log[-1][1], state)
        for (_before, reached), (left, entered) in zip(log, log[1:], strict=False):
            self.assertEqual(reached, left)
            self.assertIn(entered, request_states.TRANSITIONS[left])

    # ---- TESTS ----

    def _assert_one_winner(self, state, entered, call):
        request_id = self._prepare(state)
        results = self._race([lambda env: call(env['property.service.request'].browse(request_id))] * ATTEMPTS)
        winners = [result for result in results if not isinstance(result, UserError)]
        self.assertEqual(len(winners), 1, Counter(map(str, results)))
        (found,), log = self._read(request_id)
        self.assertEqual(found, entered)
        self._assert_clean_log(log, entered)
        self.assertEqual(log.count((state, entered)), 1)

    def test_dispatch_has_one_winner(self):
        self._assert_one_winner('approved', 'dispatched', lambda r: r.action_dispatch(employee_id=self.employee_ids[0]))

    def test_start_has_one_winner(self):
        self._assert_one_winner('dispatched', 'in_progress', lambda r: r.action_start())

    def test_accept_has_one_winner(self):
        self._assert_one_winner('done', 'accepted', lambda r: r.action_accept())

    def test_close_has_one_winner(self):
        self._assert_one_winner('accepted', 'closed', lambda r: r.action_close())

    def test_return_is_counted_once(self):
        self._assert_one_winner('accepted', 'in_progress', lambda r: r.action_return(reason="Still leaks"))

    def test_cancel_against_dispatch(self):
        request_id = self._prepare('approved')

        def cancel(env):
            return env['property.service.request'].browse(request_id).action_cancel(reason="Not needed")

        def dispatch(env):
            return env['property.service.request'].browse(request_id).action_dispatch(employee_id=self.employee_ids[0])

        results = self._race([cancel, dispatch] * 10)
        (state, employee), log = self._read(request_id, ('state', 'employee_id'))
        self._assert_clean_log(log, state)
        steps = log[log.index(('registered', 'approved')) + 1:]
        # Whoever is dispatched can still be cancelled, whoever is cancelled cannot be dispatched.
        self.assertIn(steps, ([('approved', 'cancelled')], [('approved', 'dispatched'), ('dispatched', 'cancelled')],
                              [('approved', 'dispatched')]))
        self.assertEqual(sum(not isinstance(result, UserError) for result in results), len(steps))
        self.assertEqual(bool(employee), ('approved', 'dispatched') in steps)

    def test_automatic_acceptance_against_return(self):
        """The resident's "not fixed" is never lost to the cron, and counts once."""
        request_id = self._prepare('done')

        def accept(env):
            domain = Domain('id', '=', request_id) & Domain('state', '=', 'done') & Domain('done_at', '<', fields.Datetime.now())
            return env['property.service.request'].sudo()._process_batches(domain, 'accepted', "Accepted automatically.", 10)

        def give_back(env):
            return env['property.service.request'].browse(request_id).action_return(reason="Still leaks")

        results = self._race([accept, give_back] * 10)
        (state, rework_count, done_at), log = self._read(request_id, ('state', 'rework_count', 'done_at'))
        self._assert_clean_log(log, state)
        returned = [result for result in results[1::2] if not isinstance(result, UserError)]
        self.assertEqual((len(returned), rework_count), (1, 1))
        self.assertEqual((state, done_at), ('in_progress', False))

    def test_numbers_are_unique(self):
        def create(env):
            return env['property.service.request'].create([self._get_vals() for _number in range(4)]).mapped('name')

        results = self._race([create] * 20)
        names = [name for result in results for name in result]
        self.assertEqual(len(names), 80)
        self.assertEqual(len(set(names)), 80)
