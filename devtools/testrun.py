"""./dev test: a new database, the addon installed, all tests run in the same Odoo process."""
import argparse
import os
import re
import subprocess
import sys
import time

from . import odoorun, system
from .console import say, step
from .paths import ADDON, ROOT, cache_dir
from .setup import Setup, random_port
from .template import dependencies_template


def test(args):
    parser = argparse.ArgumentParser(prog='./dev test')
    parser.add_argument('tags', nargs='?', help='narrow the tests, as Odoo\'s --test-tags')
    parser.add_argument('--keep', action='store_true', help='leave the database and print its name')
    parser.add_argument('--fast', action='store_true', help='start from a cached database with the dependencies')
    options = parser.parse_args(args)
    system.require()
    setup = Setup()
    began = time.monotonic()

    passed = failed = 0
    if not options.tags:
        step('Tests without a database')
        passed, failed = unit_tests(setup)

    database = f'property_test_{os.getpid()}'
    setup.drop_database(database)
    if options.fast:
        setup.copy_database(dependencies_template(setup), database)
    step(f'Installing {ADDON} in the new database {database} and running its tests')
    try:
        code, report, log = odoorun.run_logged(
            setup, 'test', '-d', database, '-i', ADDON, '--stop-after-init', f'--test-tags={options.tags or "/" + ADDON}',
            f'--http-port={random_port()}', f'--screenshots={cache_dir("logs", "screenshots")}')
    finally:
        if not options.keep:
            setup.drop_database(database)
    good, bad = report.counts()
    if not report.finished or not report.started or (code and not bad):
        say(f'  !! Odoo ended with code {code} and {len(report.started)} tests run')
        bad += 1
    passed, failed = passed + good, failed + bad
    if report.failed or report.problems:
        say('\nWhat failed:')
        for name, why in report.failed.items():
            say(f'  {why}: {name}')
        for problem in report.problems:
            say(f'  log: {problem}')
    say(f'\nLog: {log}' + (f'; database: {database}' if options.keep else '') + f'; {time.monotonic() - began:.0f} s')
    say(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


def unit_tests(setup):
    """Run devtools.unit in the environment; returns (passed, failed)."""
    result = subprocess.run([str(setup.python), '-m', 'devtools.unit'], cwd=ROOT, env=setup.env(), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    counted = re.search(r'^(\d+) passed, (\d+) failed$', result.stdout, re.MULTILINE)
    passed, failed = map(int, counted.groups()) if counted else (0, 1)
    if result.returncode and not failed:
        failed = 1
    if failed:
        sys.stdout.write(result.stdout)
    return passed, failed
