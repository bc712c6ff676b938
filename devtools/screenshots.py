"""./dev screenshots: the pictures of the documentation, taken from the demo database in both languages.

What to take stands in docs/images/shots.json: a list of {name, login, path, wait, phone, full, click, languages}. `path` may hold
`{ref:xml.id}` (the record's database id) and `{sql:SELECT …}` (first value of the first row).
"""
import argparse
import json
import re
import subprocess
import sys

from . import odoorun, system
from .browser import Browser
from .console import DevError, say, step
from .paths import ROOT, lock
from .run import DATABASE, prepare, wait_until_up
from .setup import Setup, random_port

FOLDER = ROOT / 'docs' / 'images'
DESKTOP, PHONE = (1366, 850), (375, 760)


def screenshots(args):
    parser = argparse.ArgumentParser(prog='./dev screenshots')
    parser.add_argument('names', nargs='*', help='only these (prefixes)')
    parser.add_argument('--database', default=DATABASE)
    parser.add_argument('--out', default=None, help='another folder than docs/images')
    options = parser.parse_args(args)
    system.require()
    setup = Setup()
    if options.database == DATABASE:
        with lock(DATABASE):
            prepare(setup)
    shots = json.loads((FOLDER / 'shots.json').read_text())
    if options.names:
        shots = [shot for shot in shots if shot['name'].startswith(tuple(options.names))]
    failed = []
    # A server for each language: it keeps the users' languages in memory.
    for language in ('en_US', 'zh_CN'):
        wanted = [shot for shot in shots if language in shot.get('languages', ('en_US', 'zh_CN'))]
        failed += _take_all(setup, options, wanted, language)
    for line in failed:
        say(line)
    return 1 if failed else 0


def _take_all(setup, options, shots, language):
    """Take the pictures in one language; return what failed."""
    failed = []
    logins = dict.fromkeys(shot['login'] for shot in shots)
    for login in logins:
        setup.psql(options.database, f"UPDATE res_partner SET lang = '{language}' FROM res_users u "
                                     f"WHERE u.partner_id = res_partner.id AND u.login = '{login}'")
    port = random_port()
    command = setup.odoo_command('-d', options.database, f'--db-filter=^{options.database}$', f'--http-port={port}',
                                 f'--gevent-port={random_port()}', '--max-cron-threads=0',
                                 f'--logfile={odoorun.log_file("screenshots")}')
    server = subprocess.Popen(command, env=setup.env(), stdin=subprocess.DEVNULL)
    try:
        wait_until_up(server, f'http://127.0.0.1:{port}')
        with Browser(f'http://127.0.0.1:{port}') as browser:
            for login in logins:
                browser.login(options.database, login, login)
                browser.cookie('frontend_lang', language)
                for shot in (shot for shot in shots if shot['login'] == login):
                    try:
                        _take(setup, options.database, browser, shot, language, options.out)
                    except DevError as error:  # the other pictures are taken all the same
                        failed.append(f"{language} {shot['name']}: {error}")
    finally:
        server.terminate()
        server.wait(30)
    return failed


def _take(setup, database, browser, shot, language, out):
    def ref(match):
        module, name = match[1].split('.')
        return setup.psql(database, f"SELECT res_id FROM ir_model_data WHERE module = '{module}' AND name = '{name}'").strip()

    path = re.sub(r'\{ref:([^}]+)\}', ref, shot['path'])
    path = re.sub(r'\{sql:([^}]+)\}', lambda match: setup.psql(database, match[1]).strip().split('\n')[0], path)
    browser.size(*(PHONE if shot.get('phone') else DESKTOP), phone=bool(shot.get('phone')))
    browser.open(path, shot.get('wait', 'body'))
    for selector in shot.get('click', ()):
        browser.click(selector)
    if shot.get('then'):
        browser.wait_for(shot['then'])
    folder = FOLDER / language.split('_')[0] if not out else ROOT / out
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{shot['name']}{'' if not out else '.' + language}.png"
    browser.screenshot(target, full=shot.get('full', False))
    if not target.stat().st_size:
        say(f"  {shot['name']} is empty")
    step(f"{language} {shot['name']}")


if __name__ == '__main__':
    sys.exit(screenshots(sys.argv[1:]))
