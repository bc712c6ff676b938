"""Runs the tests that need no database: those of ./dev itself and of the addon's pure Python (property_service/tools).

Run with the environment's Python: `python -m devtools.unit`. The last line is `N passed, N failed`; skipped tests failed.
"""
import sys
import unittest

from .paths import ADDON, ROOT

FOLDERS = ('devtools/tests', f'{ADDON}/tools/tests', 'bench/tests')


class Result(unittest.TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        self.stream.flush()


def main():
    loader = unittest.TestLoader()
    suite = unittest.TestSuite()
    for folder in FOLDERS:
        if (ROOT / folder).is_dir():
            # The tests import their subject by its file, never `odoo`: the addon's package is not imported here.
            suite.addTests(loader.discover(str(ROOT / folder), top_level_dir=str(ROOT / folder)))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1, resultclass=Result).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.skipped) + len(result.unexpectedSuccesses)
    for test, reason in result.skipped:
        print(f'skipped: {test}: {reason}')
    print(f'{result.testsRun - failed} passed, {failed} failed')
    return 1 if failed or not result.testsRun else 0


if __name__ == '__main__':
    sys.exit(main())
