"""The log files of Odoo's runs: old ones are removed, also while another run does the same."""
import os
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from devtools import odoorun

RUNS = 8


class TestLogFile(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patch = mock.patch.dict(os.environ, {'XDG_CACHE_HOME': folder.name})
        patch.start()
        self.addCleanup(patch.stop)
        self.logs = Path(folder.name, 'property_service', 'logs')
        self.logs.mkdir(parents=True)

    def fill(self, number):
        for minute in range(number):
            (self.logs / f'20260101-{minute // 60:02}{minute % 60:02}00-test-1.log').touch()

    def test_only_old_logs_are_removed(self):
        self.fill(25)
        odoorun.log_file('new').touch()
        left = sorted(path.name for path in self.logs.glob('*.log'))
        self.assertEqual(len(left), 21)
        self.assertEqual(left[0], '20260101-000500-test-1.log', 'the oldest are gone')
        self.assertTrue(left[-1].endswith('.log') and '-new-' in left[-1])

    def test_runs_that_start_together(self):
        for _again in range(5):
            self.fill(300)
            together = threading.Barrier(RUNS)

            def start(number, together=together):
                together.wait()
                return odoorun.log_file(f'run{number}')

            with ThreadPoolExecutor(max_workers=RUNS) as pool:
                paths = list(pool.map(start, range(RUNS)))
            self.assertEqual(len(set(paths)), RUNS)
