"""./dev lint: every linter of the project. Each is proved by a planted fault, in devtools/tests/test_lint.py and
test_po.py; for Odoo's own lint tests see TEST_LINT_TAGS.
"""
import argparse
import os
import subprocess

from . import conventions, i18n, odoorun, python_env, source
from .console import DevError, say, step
from .paths import ADDON, ROOT
from .setup import Setup, random_port
from .template import dependencies_template

# Left out of pylint-odoo's rules, each for its reason:
PYLINT_LEFT_OUT = (
    'manifest-required-author',             # asks for the members of one association
    'missing-readme',                       # README.md stands at the root of the repository
    'missing-return',                       # asks for an answer of methods that in Odoo have none
    'context-overridden',                   # a resident's call starts from a context without what the client put in
    'consider-merging-classes-inherited',   # the request is split by subject (workflow, dispatch, portal…) on purpose
)
# Odoo's own lint tests. TestPyLint reads all of core: its checkers run on the addon alone (odoo_pylint). TestESLint needs
# a JavaScript tool chain, TestDocstring looks at core only. Proved: with 'demo': [] (a default) in the manifest
# ManifestLinter failed.
TEST_LINT_TAGS = '/test_lint,-/test_lint:TestPyLint,-/test_lint:TestESLint,-/test_lint:TestDocstring'


def ruff(bin_dir, target, *options):
    return [bin_dir / 'ruff', 'check', '--no-cache', '--quiet', '--output-format=concise', *options,
            f'--config={ROOT / "ruff.toml"}', *target]


def pylint(bin_dir, target):
    return [bin_dir / 'pylint', '--rcfile=/dev/null', '--load-plugins=pylint_odoo', '--score=no',
            '--disable=all', '--enable=odoolint', f'--disable={",".join(PYLINT_LEFT_OUT)}', '--valid-odoo-versions=19.0', target]


def odoo_pylint(python, odoo_path, target):
    """Odoo's own checkers, as its TestPyLint runs them on core."""
    return [python, '-m', 'pylint', '--rcfile=/dev/null', '--score=no', '--disable=all', '--enable=' + ','.join((
        'used-before-assignment', 'undefined-variable', 'eval-used', 'unreachable', 'function-redefined', 'sql-injection',
        'missing-gettext', 'gettext-variable', 'gettext-placeholders', 'gettext-repr', 'raise-unlink-override')),
        '--disable=unknown-option-value',
        f'--init-hook=import sys; sys.path += [{str(odoo_path)!r}, {str(_checkers(odoo_path))!r}]',
        '--load-plugins=_odoo_checker_sql_injection,_odoo_checker_gettext,_odoo_checker_unlink_override', target]


def _checkers(odoo_path):
    folders = (odoo_path / base / 'test_lint/tests' for base in ('odoo/addons', 'addons'))
    return next(folder for folder in folders if folder.is_dir())


def oca_module(bin_dir, target):
    return [bin_dir / 'oca-checks-odoo-module', f'--config={ROOT / ".oca_hooks.cfg"}', target]


def oca_po(bin_dir, target):
    files = sorted((target / 'i18n').glob('*.po*'))
    return [bin_dir / 'oca-checks-po', f'--config={ROOT / ".oca_hooks.cfg"}', *files]


def lint(args):
    parser = argparse.ArgumentParser(prog='./dev lint')
    parser.add_argument('--quick', action='store_true', help='only what needs no database (seconds)')
    parser.add_argument('--fix', action='store_true', help='let ruff repair what it can')
    options = parser.parse_args(args)
    passed, failed = quick_checks(options.fix)
    if not options.quick:
        good, bad = database_checks()
        passed, failed = passed + good, failed + bad
    say(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


def quick_checks(fix=False):
    """The linters that read files only; returns (linters passed, linters failed)."""
    bin_dir = python_env.environment('lint', 'requirements-lint.txt').parent
    addon = ROOT / ADDON
    outcomes = [
        command('ruff', ruff(bin_dir, [ROOT], *(['--fix'] if fix else []))),
        command('pylint-odoo', pylint(bin_dir, addon)),
        command('Odoo\'s pylint checkers', odoo_pylint(python_env.environment(), source.odoo_path(), addon)),
        command('oca-checks-odoo-module', oca_module(bin_dir, addon)),
        command('oca-checks-po', oca_po(bin_dir, addon)),
        findings('conventions', conventions.check(ROOT) + conventions.unlisted_data(addon)),
    ]
    return outcomes.count(True), outcomes.count(False)


def command(name, line):
    """Run a linter; True when it has nothing to say and says so by its exit code."""
    step(name)
    result = subprocess.run([str(part) for part in line], cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = '\n'.join(row for row in result.stdout.splitlines() if row.strip())
    if result.returncode:
        say(text or f'exit code {result.returncode}')
    return not result.returncode


def findings(name, found):
    step(name)
    for line in found:
        say(line)
    return not found


def database_checks():
    """Odoo's own lint tests, and the translations against a fresh export; returns (passed, failed)."""
    setup = Setup()
    database = f'property_lint_{os.getpid()}'
    setup.copy_database(dependencies_template(setup), database)
    try:
        step('test_lint (Odoo\'s own lint tests)')
        code, report, log = odoorun.run_logged(
            setup, 'lint', '-d', database, '-i', f'test_lint,{ADDON}', '--stop-after-init', f'--test-tags={TEST_LINT_TAGS}',
            f'--http-port={random_port()}')
        passed, failed = report.counts()
        if (code and not failed) or not report.started:
            failed += 1
        if failed:
            say(f'log: {log}')
        try:
            gaps = i18n.check(setup, database)
        except DevError as error:  # the addon did not install
            gaps = [str(error)]
        good = findings('translations', gaps)
    finally:
        setup.drop_database(database)
    return passed + good, failed + (not good)
