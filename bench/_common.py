"""What the benchmarks share: a database of their own with Odoo's Project and CRM beside the addon, interleaved measuring, tables."""
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATABASE = 'property_bench'
MODULES = 'property_service,project,crm'


def ensure_database(name=DATABASE, update=False):
    """Create the database with the modules, without demo data, unless it exists.

    :param bool update: bring an existing one up to the addon's present state
    """
    found = subprocess.run([ROOT / 'dev', 'psql', '-d', 'postgres', '-Atc', f"SELECT 1 FROM pg_database WHERE datname = '{name}'"],
                           check=True, capture_output=True, text=True).stdout.strip()
    if not found:
        print(f"Creating {name} with {MODULES}", file=sys.stderr)
        subprocess.run([ROOT / 'dev', 'odoo', '-d', name, '-i', MODULES, '--stop-after-init', '--log-level=warn'], check=True)
    elif update:
        subprocess.run([ROOT / 'dev', 'odoo', '-d', name, '-u', 'property_service', '--stop-after-init', '--log-level=warn'], check=True)


def open_registry(name=DATABASE):
    """Return Odoo's registry of the database."""
    sys.path.append(os.environ['DEV_ODOO_PATH'])
    import odoo
    from odoo.modules.registry import Registry
    odoo.tools.config.parse_config(['-d', name, '--no-http', '--log-level=error', '--max-cron-threads=0'])
    return Registry(name)


def measure(registry, calls, rounds, warmup=2, commit=False):
    """Time the calls in turn, round after round, so that whatever else the machine does meets all of them.

    :param dict calls: {title: function(env) or (prepare(env), function(env, prepared))}; each runs in a transaction of its own
    :param bool commit: keep what they write
    :return: {title: (median milliseconds, queries of the last round)}
    """
    import odoo
    timings, queries, draw = {title: [] for title in calls}, {}, random.Random(1)
    for number in range(rounds + warmup):
        titles = list(calls)
        draw.shuffle(titles)
        for title in titles:
            prepare, call = calls[title] if isinstance(calls[title], tuple) else (None, calls[title])
            with registry.cursor() as cr:
                env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
                arguments = []
                if prepare:
                    arguments = [prepare(env)]
                    cr.flush()
                    env.invalidate_all()
                before, start = cr.sql_log_count, time.perf_counter()
                call(env, *arguments)
                cr.flush()
                spent = (time.perf_counter() - start) * 1000
                queries[title] = cr.sql_log_count - before
                if not commit:
                    cr.rollback()
            if number >= warmup:
                timings[title].append(spent)
    return {title: (statistics.median(values), queries[title]) for title, values in timings.items()}


def markdown(head, rows):
    """Return a Markdown table; numbers are rounded to what can be told apart."""
    def show(value):
        if isinstance(value, float):
            return f'{value:.2f}' if value < 10 else f'{value:.0f}'
        return str(value)
    lines = [head, ['---', *['---:'] * (len(head) - 1)], *[[show(value) for value in row] for row in rows]]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)


def client_spec(specification, model):
    """Return a read specification as the web client sends it: names of what Many2one fields point to."""
    result = {}
    for name, spec in specification.items():
        field = model._fields.get(name)
        if not field:
            continue
        spec = dict(spec)
        if field.type == 'many2one':
            spec.setdefault('fields', {'display_name': {}})
        elif field.type == 'many2many':
            spec.setdefault('fields', {'display_name': {}})
        elif field.type == 'one2many' and 'fields' in spec:
            spec['fields'] = client_spec(spec['fields'], model.env[field.comodel_name])
        result[name] = spec
    return result


def view_spec(model, view_id, view_type):
    """Return (specification, arch) of a view's top-level fields, optional columns included."""
    from lxml import etree
    arch = etree.fromstring(model.get_views([(view_id, view_type)])['views'][view_type]['arch'])
    names = [node.get('name') for node in arch.xpath('.//field[not(ancestor::field)]') if node.get('column_invisible') not in ('True', '1')]
    return client_spec(dict.fromkeys(names, {}), model), arch
