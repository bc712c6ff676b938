"""./dev run: the demo database, served to the browser."""
import argparse
import hashlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import odoorun, system
from .console import DevError, say, step
from .logreport import BAD_LEVELS, RECORD
from .paths import ADDON, ROOT, lock
from .setup import FIRST_PORT, Setup, free_port, random_port

DATABASE = 'property_demo'
LANGUAGES = 'zh_CN,en_US'
LOGINS = {
    'agent': 'front desk: takes requests, calls residents back',
    'technician': 'does the work, best seen on a phone',
    'supervisor': 'reviews and dispatches',
    'manager': 'everything, and the configuration',
    'quality': 'inspections and corrective actions',
    'hr': 'assessments',
    'accountant': 'fee queries',
    'resident': 'the portal: reports, follows, accepts and rates',
    'admin': 'administrator of Odoo',
}
FIRST_STEPS = """\
What to try first
  1. Log in as resident: "My services", report something with a photo.
  2. Log in as agent: Property Service > Requests; open the new request and register it.
  3. Log in as supervisor: approve it and dispatch it; the proposal says why it ranks the technicians so.
  4. Log in as technician in a narrow window: start the job, fill in the work record, finish it.
  5. Back as resident: return it once, then accept it with a signature and rate it.
  Chinese: every demo user can switch the language in "My Preferences" (residents: in the portal's footer)."""


def run(args):
    parser = argparse.ArgumentParser(prog='./dev run')
    parser.add_argument('--port', type=int, default=FIRST_PORT, help='if it is taken, the next free one is used')
    parser.add_argument('--interface', default='127.0.0.1', help='0.0.0.0 lets a phone in the same network in')
    options = parser.parse_args(args)
    system.mention()
    setup = Setup()
    with lock(DATABASE):
        prepare(setup)
    return serve(setup, free_port(options.port), options.interface)


def prepare(setup):
    """Create the demo database, or bring it up to date when the addon's files changed since."""
    wanted = fingerprint()
    if DATABASE not in setup.databases():
        partial = f'{DATABASE}_partial'
        setup.drop_database(partial)
        step('Installing Property Service with demo data (a few minutes, only the first time)')
        _install(setup, partial, '-i', ADDON, '--with-demo', f'--load-language={LANGUAGES}')
        setup.psql(partial, f"COMMENT ON DATABASE {partial} IS '{wanted}'")
        setup.rename_database(partial, DATABASE)
    elif installed_fingerprint(setup) != wanted:
        step('The addon changed: updating the demo database')
        _install(setup, DATABASE, '-u', ADDON)
        setup.psql(DATABASE, f"COMMENT ON DATABASE {DATABASE} IS '{wanted}'")


def _install(setup, database, *args):
    code, _report, log = odoorun.run_logged(setup, 'demo', '-d', database, *args, '--stop-after-init',
                                            f'--http-port={random_port()}', verbose=False)
    if code:
        raise DevError(f'Odoo could not install the addon (log: {log}). ./dev reset starts over.')


def installed_fingerprint(setup):
    return setup.psql('postgres', f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{DATABASE}'")


def fingerprint():
    """Hash of the addon's files whose change needs an update of the database (not of tests or pictures)."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / ADDON).rglob('*')):
        parts = path.relative_to(ROOT / ADDON).parts
        if path.suffix in ('.py', '.xml', '.csv', '.po') and parts[0] not in ('tests', 'static'):
            digest.update(str(parts).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def serve(setup, port, interface):
    """Run the server until Ctrl+C; warnings go to the terminal, the whole log to a file."""
    address = f'http://localhost:{port}'
    setup.psql(DATABASE, f"UPDATE ir_config_parameter SET value = '{address}' WHERE key = 'web.base.url'")
    path = odoorun.log_file('run')
    command = setup.odoo_command(
        '-d', DATABASE, f'--db-filter=^{DATABASE}$', '--no-database-list', f'--http-port={port}',
        f'--gevent-port={random_port()}', f'--http-interface={interface}', f'--logfile={path}')
    step('Starting Odoo')
    with subprocess.Popen(command, env=setup.env(), stdin=subprocess.DEVNULL, start_new_session=True) as server:
        def stop(_signal, _frame):
            server.terminate()
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        if wait_until_up(server, address):
            say(banner(setup, address, path))
        with path.open(errors='replace') as log:
            while server.poll() is None:
                for line in log:
                    match = RECORD.match(line)
                    if match and match['level'] in BAD_LEVELS:
                        sys.stderr.write(line)
                time.sleep(0.5)
    if server.returncode not in (0, -signal.SIGTERM):
        say(''.join(path.read_text(errors='replace').splitlines(keepends=True)[-20:]))
        return 1
    return 0


def wait_until_up(server, address, seconds=300):
    """True when the server answers; False when its process ended."""
    end = time.monotonic() + seconds
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f'{address}/web/health', timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                server.terminate()
                raise DevError(f'Odoo did not answer within {seconds} s.') from None
            time.sleep(0.3)
    return False


def banner(setup, address, log):
    known = set(setup.psql(DATABASE, 'SELECT login FROM res_users WHERE active').split())
    lines = [f'  {login:<11} {what}' for login, what in LOGINS.items() if login in known]
    return (f'\nProperty Service is ready: {address}\n\nDemo logins (the password is the login)\n' + '\n'.join(lines)
            + f'\n\n{FIRST_STEPS}\n\nCtrl+C stops it. Log: {log}')
