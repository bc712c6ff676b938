"""A cached database in which the addon's dependencies are installed: new ones are copied from it in a second."""
import ast
import hashlib

from . import odoorun
from .console import DevError, step
from .paths import ADDON, ROOT, lock
from .setup import random_port


def manifest():
    return ast.literal_eval((ROOT / ADDON / '__manifest__.py').read_text())


def dependencies_template(setup):
    """Name of the template database; built when the dependencies or the Odoo source changed."""
    modules = sorted(manifest()['depends'])
    key = hashlib.sha256(f'{modules} {setup.odoo_path}'.encode()).hexdigest()[:8]
    name = f'property_template_{key}'
    if name not in setup.databases():
        with lock('template'):
            if name not in setup.databases():
                _build(setup, name, modules)
    return name


def _build(setup, name, modules):
    step(f'Building a database with the dependencies, once ({name})')
    partial = f'{name}_partial'
    setup.drop_database(partial)
    code, _report, log = odoorun.run_logged(
        setup, 'template', '-d', partial, '-i', ','.join(modules), '--stop-after-init', f'--http-port={random_port()}')
    if code:
        raise DevError(f'Odoo could not install the dependencies (log: {log}).')
    setup.rename_database(partial, name)
