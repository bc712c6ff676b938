"""The judge of a test run must see every way in which a run can fail."""
import unittest

from devtools.logreport import LogReport

PREFIX = '2026-11-22 08:00:00,000 42'
CLEAN = f"""\
{PREFIX} INFO db odoo.modules.loading: loading property_service
{PREFIX} INFO db odoo.addons.property_service.tests.test_a: Starting TestA.test_one ...\x20
{PREFIX} INFO db odoo.addons.property_service.tests.test_a: Starting TestA.test_two ...\x20
{PREFIX} INFO db odoo.tests.result: 0 failed, 0 error(s) of 2 tests when loading database 'db'"""


def judge(text):
    report = LogReport()
    for line in text.splitlines():
        report.feed(line)
    return report


class TestLogReport(unittest.TestCase):

    def test_clean(self):
        report = judge(CLEAN)
        self.assertEqual(report.counts(), (2, 0))
        self.assertTrue(report.finished)

    def test_failure_and_error_count_once_a_test(self):
        report = judge(CLEAN + f"""
{PREFIX} ERROR db odoo.addons.property_service.tests.test_a: FAIL: TestA.test_one
Traceback (most recent call last):
AssertionError: 1 != 2
{PREFIX} ERROR db odoo.addons.property_service.tests.test_a: ERROR: TestA.test_one
{PREFIX} ERROR db odoo.tests.result: 1 failed, 1 error(s) of 2 tests when loading database 'db'""")
        self.assertEqual(report.counts(), (1, 1))

    def test_subtests_fail_their_test(self):
        logger = 'odoo.addons.property_service.tests.test_a'
        report = judge(CLEAN + f"""
{PREFIX} ERROR db {logger}: FAIL: Subtest TestA.test_two (role='agent')
{PREFIX} ERROR db {logger}: FAIL: Subtest TestA.test_two (role='hr')""")
        self.assertEqual(report.counts(), (1, 1))
        self.assertEqual(list(report.failed), [f'{logger}.TestA.test_two'])

    def test_set_up_of_a_class(self):
        report = judge(CLEAN + f"""
{PREFIX} ERROR db odoo.tests.suite: ERROR: setUpClass (odoo.addons.property_service.tests.test_b.TestB)""")
        self.assertEqual(report.counts(), (2, 1))

    def test_skipped_tests_failed(self):
        report = judge(CLEAN + f"""
{PREFIX} INFO db odoo.addons.property_service.tests.test_a: skipped TestA.test_two : no browser
{PREFIX} INFO db odoo.tests.suite: skipped setUpClass (odoo.addons.property_service.tests.test_c.TestC) : why""")
        self.assertEqual(report.counts(), (1, 2))

    def test_warnings_and_errors_of_the_log(self):
        for level in ('WARNING', 'ERROR', 'CRITICAL'):
            report = judge(CLEAN + f'\n{PREFIX} {level} db odoo.models: something')
            self.assertEqual(report.counts(), (2, 1), level)

    def test_crash_outside_the_log(self):
        report = judge(CLEAN + '\nTraceback (most recent call last):\n  File "x"\nRuntimeError: x')
        self.assertEqual(report.counts(), (2, 1))

    def test_run_that_did_not_end(self):
        self.assertFalse(judge(CLEAN.rpartition('\n')[0]).finished)
