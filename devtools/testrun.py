"""./dev test: a new database, the addon installed, all tests run: in two Odoo processes side by side, or narrowed in one."""
import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from . import odoorun, system, testsplit
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
    runs = []
    try:
        if options.tags:
            step(f'Installing {ADDON} in the new database {database} and running its tests')
            runs.append(_run(setup, database, options.tags, '-i', ADDON))
        else:
            runs += _run_all(setup, database)
    finally:
        if not options.keep:
            setup.drop_database(database)
    for code, report, _log in runs:
        good, bad = report.counts()
        if not report.finished or not report.started or (code and not bad):
            say(f'  !! Odoo ended with code {code} and {len(report.started)} tests run')
            bad += 1
        passed, failed = passed + good, failed + bad
    if any(report.failed or report.problems for _code, report, _log in runs):
        say('\nWhat failed:')
        for _code, report, _log in runs:
            for name, why in report.failed.items():
                say(f'  {why}: {name}')
            for problem in report.problems:
                say(f'  log: {problem}')
    logs = ', '.join(str(log) for _code, _report, log in runs)
    say(f'\nLog: {logs}' + (f'; database: {database}' if options.keep else '') + f'; {time.monotonic() - began:.0f} s')
    say(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


def _run(setup, database, tags, *args, name='test'):
    """Run tests; return (exit code, LogReport, log path)."""
    return odoorun.run_logged(
        setup, name, '-d', database, *args, '--stop-after-init', f'--test-tags={tags}', f'--http-port={random_port()}',
        f'--screenshots={cache_dir("logs", "screenshots")}')


def _run_all(setup, database):
    """Install with the tests that belong to the installation, then run the others in two processes, each on its own copy."""
    step(f'Installing {ADDON} in the new database {database}')
    runs = [_run(setup, database, f'/{ADDON},-post_install', '-i', ADDON)]
    if not runs[0][1].finished:
        return runs
    second = f'{database}_2'
    setup.copy_database(database, second)
    step('Running its tests in two processes')
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            jobs = [
                pool.submit(_run, setup, name, tags, name=f'test-{number}')
                for number, (name, tags) in enumerate(zip(
                    (database, second), testsplit.tags(ADDON, ROOT / ADDON / 'tests'), strict=True), 1)
            ]
            return runs + [job.result() for job in jobs]
    finally:
        setup.drop_database(second)


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
