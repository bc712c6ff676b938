"""Many at once, each with a database connection of its own, as the workers of a server have them."""
import threading
import time
from contextlib import closing
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import LockError, UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger

TRIES = 10


class RaceCase(BaseCase):
    """The ordinary test cases share one cursor and cannot prove anything of this, so what is made here is committed, and removed
    at the end: by ``_remove_everything``, which a subclass writes, and there by ``_remove_made`` what ``_make`` made.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.made = []
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls.manager_id = env.ref('base.user_admin').id
            cls._make_everything(env)
        cls.addClassCleanup(cls._remove_everything)

    @classmethod
    def _make(cls, env, model, **vals):
        record = env[model].create(vals)
        cls.made.append((model, record.id))
        return record

    @classmethod
    def _remove_made(cls, env):
        for model, record_id in reversed(cls.made):
            env[model].browse(record_id).unlink()

    def _race(self, calls):
        """Make all calls at the same moment, each in its own transaction, with the retries of a real server.

        Whoever is told that somebody else is working on the request tries again, as people do.

        :param calls: functions of an Environment
        :return: what each returned, or its UserError
        """
        barrier = threading.Barrier(len(calls), timeout=60)
        results = [None] * len(calls)

        def attempt(index, call):
            try:
                for number in range(TRIES):
                    with closing(self.registry.cursor()) as cr:
                        env = api.Environment(cr, self.manager_id, {})
                        if not number:
                            if index % 2:
                                cr.execute("SELECT 1")  # every second one looks at the database before anybody has moved
                            barrier.wait()
                        try:
                            results[index] = retrying(lambda env=env: call(env), env)
                            return
                        except LockError as error:
                            results[index] = error
                    time.sleep(0.05 + index / 200)
            except UserError as error:
                results[index] = error
            except Exception as error:  # told by the assertion of the main thread
                results[index] = AssertionError(repr(error))

        threads = [threading.Thread(target=attempt, args=item, daemon=True) for item in enumerate(calls)]
        # Tests run while the main thread holds the registry's lock, which others need to reach their database.
        with mute_logger('odoo.sql_db', 'odoo.service.model'), patch.object(Registry, '_lock', DummyRLock()):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        unexpected = [result for result in results if isinstance(result, AssertionError) or result is None]
        self.assertFalse(unexpected, f"{len(unexpected)} of {len(calls)}: {unexpected[:1]}")
        return results
