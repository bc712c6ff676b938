"""./dev i18n and the check that the translations are complete.

The template is Odoo's own export of an installed addon. Merging is done by the file format's rules: known terms keep their
translation, new ones come in empty, terms that are gone leave.
"""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from . import odoorun
from .console import DevError, say, step
from .paths import ADDON, ROOT
from .setup import Setup, random_port
from .template import dependencies_template

I18N = ROOT / ADDON / 'i18n'
TEMPLATE = I18N / f'{ADDON}.pot'
REQUIRED = ('zh_CN',)   # languages that must be complete


def update(args):
    """Export the template from a fresh database and merge it into every translation file."""
    if args:
        raise DevError('i18n takes no argument.')
    setup = Setup()
    database = f'property_i18n_{os.getpid()}'
    setup.copy_database(dependencies_template(setup), database)
    try:
        step(f'Installing {ADDON} to export its terms')
        code, _report, log = odoorun.run_logged(setup, 'i18n', '-d', database, '-i', ADDON, '--stop-after-init',
                                                f'--http-port={random_port()}', verbose=False)
        if code:
            raise DevError(f'Odoo could not install the addon (log: {log}).')
        I18N.mkdir(exist_ok=True)
        export(setup, database, TEMPLATE)
    finally:
        setup.drop_database(database)
    for language in {*REQUIRED, *(path.stem for path in I18N.glob('*.po'))}:
        result = _po_tool(setup, 'merge', TEMPLATE, I18N / f'{language}.po', language)
        say(f'{language}: {result["terms"]} terms, {result["new"]} new, {result["removed"]} removed, '
            f'{result["missing"]} without a translation')
    return 0


def export(setup, database, target):
    """Write the addon's translation template to `target`."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, target.name)
        result = subprocess.run(
            setup.odoo_command('i18n', 'export', '-d', database, '-l', 'pot', '-o', str(fresh.with_suffix('.po')), ADDON),
            env=setup.env(), capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if result.returncode or not fresh.with_suffix('.po').exists():
            raise DevError(f'{result.stderr[-1500:]}\nOdoo could not export the terms.')
        _po_tool(setup, 'normalise', fresh.with_suffix('.po'), target)


def check(setup, database):
    """Findings: the template is not what an export gives now, or a required language is not complete."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, TEMPLATE.name)
        export(setup, database, fresh)
        found += _po_tool(setup, 'compare', fresh, TEMPLATE)
        for language in REQUIRED:
            found += _po_tool(setup, 'complete', fresh, I18N / f'{language}.po')
    return found


def _po_tool(setup, action, *args):
    """Run devtools/po.py in the environment that has polib; returns what it prints as JSON."""
    result = subprocess.run([str(setup.python), str(ROOT / 'devtools' / 'po.py'), action, *map(str, args)],
                            capture_output=True, text=True, env=setup.env())
    if result.returncode:
        raise DevError(result.stderr.strip()[-1500:])
    return json.loads(result.stdout)
