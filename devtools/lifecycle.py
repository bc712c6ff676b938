"""./dev lifecycle: the addon is installed with demo data, uninstalled, installed again, updated, and put beside an addon that it
knows but does not need, without a warning in the log.

After the uninstallation the database must have the tables and columns it had before, and no record of the addon.
"""
import os

from . import odoorun
from .console import DevError, say, step
from .paths import ADDON
from .setup import Setup, random_port
from .template import manifest

COLUMNS = """SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '%_id_seq'"""
#: Odoo's time off, whose requests excuse from duties in assessments. It is also the tag of the tests that need it.
BESIDE = 'hr_holidays'
LEFT_OVER = {
    'xml ids': f"SELECT count(*) FROM ir_model_data WHERE module = '{ADDON}'",
    'models': "SELECT count(*) FROM ir_model WHERE model LIKE 'property.service%'",
    'cron jobs': "SELECT count(*) FROM ir_cron c JOIN ir_act_server s ON s.id = c.ir_actions_server_id "
                 "LEFT JOIN ir_model m ON m.id = s.model_id WHERE m.id IS NULL",
    'parameters': f"SELECT count(*) FROM ir_config_parameter WHERE key LIKE '{ADDON}.%'",
}


def lifecycle(args):
    if args:
        raise DevError('lifecycle takes no argument.')
    setup = Setup()
    database = f'property_lifecycle_{os.getpid()}'
    setup.drop_database(database)
    try:
        outcomes = list(_steps(setup, database))
    finally:
        setup.drop_database(database)
    passed = outcomes.count(True)
    say(f'{passed} passed, {len(outcomes) - passed} failed')
    return 0 if passed == len(outcomes) else 1


def _steps(setup, database):
    """Yield True or False for each step; ends at the first that makes the next ones pointless."""
    step('Dependencies with demo data')
    code, _report, log = _run(setup, database, '-i', ','.join(manifest()['depends']), '--with-demo')
    if code:
        say(f'  !! exit code {code}; log: {log}')
        yield False
        return
    before = set(setup.psql(database, COLUMNS).splitlines())

    step(f'Installing {ADDON} with demo data')
    good = _clean(*_run(setup, database, '-i', ADDON, '--with-demo'))
    yield good
    if not _state(setup, database) == 'installed':
        return

    step(f'Uninstalling {ADDON}')
    code, report, log = odoorun.run_logged(setup, 'uninstall', 'module', 'uninstall', '-d', database, ADDON)
    left = [f'column {name}' for name in sorted(set(setup.psql(database, COLUMNS).splitlines()) - before)]
    left += [f'{count} {what}' for what, sql in LEFT_OVER.items() if (count := setup.psql(database, sql)) != '0']
    for name in left:
        say(f'  !! left behind: {name}')
    yield _clean(code, report, log) and not left and _state(setup, database) == 'uninstalled'

    step(f'Installing {ADDON} again')
    yield _clean(*_run(setup, database, '-i', ADDON, '--with-demo')) and _state(setup, database) == 'installed'

    step(f'Updating {ADDON}')
    yield _clean(*_run(setup, database, '-u', ADDON))

    step(f'Installing {BESIDE} beside it, with the tests that need it')
    code, report, log = _run(setup, database, '-i', BESIDE, '-u', ADDON, f'--test-tags={BESIDE}/{ADDON}')  # only what is updated is tested
    yield _clean(code, report, log) and bool(report.started) and not report.failed


def _run(setup, database, *args):
    return odoorun.run_logged(setup, 'lifecycle', '-d', database, *args, '--stop-after-init', f'--http-port={random_port()}')


def _clean(code, report, log):
    if code or report.problems:
        say(f'  !! exit code {code}, {len(report.problems)} warnings or errors; log: {log}')
    return not code and not report.problems


def _state(setup, database):
    return setup.psql(database, f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'")
