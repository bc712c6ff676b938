from collections import Counter

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from .race_common import RaceCase
from ..models.cases import callback_states

AGENTS = 5
ATTEMPTS = 40


@tagged('post_install', '-at_install')
class TestCallbackRaces(RaceCase):
    """Agents with connections of their own take the same callback at the same moment: one gets it."""

    @classmethod
    def _make_everything(cls, env):
        cls.agent_ids = [
            new_test_user(env, f'ps_race_{number}', groups='property_service.group_agent').id for number in range(AGENTS)]
        cls.partner_id = env['res.partner'].create({'name': "Race"}).id

    @classmethod
    def _remove_everything(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            callbacks = env['property.service.callback'].search([('partner_id', '=', cls.partner_id)])
            env['mail.message'].search([('model', '=', callbacks._name), ('res_id', 'in', callbacks.ids)]).unlink()
            # The log of a callback cannot be removed by any method, and rightly so.
            cr.execute("DELETE FROM property_service_callback WHERE partner_id = %s", [cls.partner_id])
            env.invalidate_all(flush=False)
            users = env['res.users'].browse(cls.agent_ids)
            partners = users.partner_id | env['res.partner'].browse(cls.partner_id)
            users.unlink()
            partners.unlink()

    def _make(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env['property.service.callback'].create({'partner_id': self.partner_id}).id

    def _read(self, callback_id):
        with self.registry.cursor() as cr:
            callback = api.Environment(cr, SUPERUSER_ID, {})['property.service.callback'].browse(callback_id)
            return callback.state, callback.caller_id.id, callback.result, [
                (line.from_state, line.to_state, line.by_id.id) for line in callback.state_log_ids], len(callback.attempt_ids)

    def _as_agent(self, env, number):
        return env(user=self.agent_ids[number % AGENTS])['property.service.callback']

    def test_one_agent_gets_it(self):
        callback_id = self._make()

        def take(number):
            return lambda env: self._as_agent(env, number).browse(callback_id).action_start() and self.agent_ids[number % AGENTS]

        results = self._race([take(number) for number in range(ATTEMPTS)])
        winners = [result for result in results if not isinstance(result, UserError)]
        self.assertEqual(len(winners), 1, Counter(map(str, results)))
        state, caller_id, _result, log, _attempts = self._read(callback_id)
        self.assertEqual((state, caller_id), ('in_progress', winners[0]))
        self.assertEqual(log[1:], [('planned', 'in_progress', winners[0])], "taken once, by whom the callback names")

    def test_next_gives_everybody_another_call(self):
        """All press "Next" and take what opens: no two of them are on the phone with the same resident."""
        domain = Domain('id', 'in', [self._make() for _number in range(AGENTS)])

        def take_next(number):
            def call(env):
                Callback = self._as_agent(env, number)
                found = Callback.search(Callback._get_queue_domain() & domain, limit=1, order='id')
                found.action_start()
                return found.id
            return call

        results = self._race([take_next(number) for number in range(AGENTS)])
        taken = [result for result in results if isinstance(result, int)]
        self.assertEqual(len(taken), len(set(taken)))
        for callback_id in taken:
            self.assertEqual([step[:2] for step in self._read(callback_id)[3]], [(False, 'planned'), ('planned', 'in_progress')])

    def test_result_against_cancellation(self):
        """Of a result and a cancellation at the same moment one counts, and the log tells which."""
        callback_id = self._make()
        with self.registry.cursor() as cr:
            self._as_agent(api.Environment(cr, SUPERUSER_ID, {}), 0).browse(callback_id).action_start()

        def finish(env):
            return bool(self._as_agent(env, 0).browse(callback_id).action_done(result='satisfied'))

        def cancel(env):
            return bool(self._as_agent(env, 0).browse(callback_id).action_cancel(reason="Not needed"))

        results = self._race([finish, cancel] * 8)
        self.assertEqual(sum(not isinstance(result, UserError) for result in results), 1)
        state, _caller, result, log, _attempts = self._read(callback_id)
        self.assertIn((state, result or False), (('done', 'satisfied'), ('cancelled', False)))
        self.assertEqual(log[-1][:2], ('in_progress', state))
        self.assertIn(state, callback_states.TRANSITIONS['in_progress'])
