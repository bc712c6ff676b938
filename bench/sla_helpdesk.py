"""The same questions as sla_clock's, put to the community's helpdesk with service levels (OCA helpdesk_mgmt_sla), where it can be had.

    ./dev bench sla_helpdesk [--tickets 100000]

Fetches the addon with pip into the cache, installs it into a database of its own (property_bench_helpdesk), and measures creation and
change of stage with and without service levels in turns, and the filter of expired tickets. Says why and ends where it cannot be had.
"""
import argparse
import os
import subprocess
import sys
from pathlib import Path

from sla_clock import ROUNDS, show, timed

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from devtools.paths import cache_dir  # noqa: E402

DATABASE = 'property_bench_helpdesk'
PACKAGES = ('odoo-addon-helpdesk_mgmt_sla', 'odoo-addon-helpdesk_mgmt')


def fetch():
    """Return the folder with the addon, or None after saying why it is not there."""
    site = cache_dir('bench', 'helpdesk_mgmt_sla-19')
    addons = site / 'odoo' / 'addons'
    if not (addons / 'helpdesk_mgmt_sla').is_dir():
        found = subprocess.run(
            [sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps', '--target', str(site), *(f'{name}>=19.0,<20' for name in PACKAGES)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if found.returncode:
            print(f"helpdesk_mgmt_sla is left out: {(found.stderr.strip().splitlines() or ['pip failed'])[-1]}")
            return None
    return addons


def ensure_database(addons):
    """Create the database with the addon unless it exists; return whether it does now."""
    query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
    found = subprocess.run([ROOT / 'dev', 'psql', '-d', 'postgres', '-Atc', query], capture_output=True, text=True, check=True)
    if found.stdout.strip():
        return True
    made = subprocess.run([ROOT / 'dev', 'odoo', '-d', DATABASE, '-i', 'helpdesk_mgmt_sla', f'--addons-path={addons}', '--stop-after-init',
                           '--log-level=warn'], check=False)
    if made.returncode:
        print("helpdesk_mgmt_sla is left out: it could not be installed")
    return not made.returncode


def prepare(env):
    """Return (team with two service levels, the stages a ticket passes)."""
    Team = env['helpdesk.ticket.team']
    team = Team.search([('name', '=', "Bench")])
    stages = env['helpdesk.ticket.stage'].search([('closed', '=', False)], order='sequence, id', limit=3)
    if not team:
        team = Team.create({'name': "Bench", 'use_sla': True, 'resource_calendar_id': env.company.resource_calendar_id.id})
        env['helpdesk.sla'].create([
            {'name': "Answer", 'team_ids': [(4, team.id)], 'hours': 8, 'stage_id': stages[1].id},
            {'name': "Solution", 'team_ids': [(4, team.id)], 'days': 5, 'stage_id': stages[2].id}])
        env.cr.commit()
    return team, stages


def with_and_without(env, team, call):
    figures = {True: [], False: []}
    for _round in range(ROUNDS):
        for active in (True, False):
            team.use_sla = active
            env.flush_all()
            figures[active].append(call())
    team.use_sla = True
    return min(figures[True]), min(figures[False])


def measure(env, team, stages):
    Ticket = env['helpdesk.ticket']
    vals = {'name': "Bench", 'description': "x", 'team_id': team.id}

    def create(count, batch):
        def run():
            spent = 0
            for _batch in range(count // batch):
                spent += timed(lambda: (Ticket.create([dict(vals) for _ticket in range(batch)]), env.flush_all()))[0]
            return spent / count
        return run

    def change_stages(together):
        def run():
            tickets = Ticket.create([dict(vals) for _ticket in range(20)])
            env.flush_all()
            spent = 0
            for records in [tickets] if together else tickets:
                for stage in stages[1:]:
                    spent += timed(lambda records=records, stage=stage: (records.write({'stage_id': stage.id}), env.flush_all()))[0]
            return spent / len(tickets) / (len(stages) - 1)
        return run

    for title, call in (
        ("helpdesk: create one by one: with ÷ without", create(20, 1)),
        ("helpdesk: create in batches of 100: with ÷ without", create(100, 100)),
        ("helpdesk: change of stage, one by one: with ÷ without", change_stages(False)),
        ("helpdesk: change of stage, 20 at once: with ÷ without", change_stages(True)),
    ):
        on, off = with_and_without(env, team, call)
        show(title, f"{on * 1000:.2f} / {off * 1000:.2f} ms = {on / off:.2f}")
    before = env.cr.sql_log_count
    create(10, 1)()
    show("helpdesk: queries of one creation", f"{(env.cr.sql_log_count - before) / 10:.0f}")
    env.cr.rollback()


def fill(env, team, count):
    """Bring the table to ``count`` tickets with two deadlines each, one in a hundred of them past."""
    env.cr.execute("SELECT count(*) FROM helpdesk_ticket WHERE name = 'Filled'")
    known = env.cr.fetchone()[0]
    if known >= count:
        return
    ticket = env['helpdesk.ticket'].create({'name': "Filled", 'description': "x", 'team_id': team.id})
    env.flush_all()
    for table, changed, condition in (
        ('helpdesk_ticket', {'number': "'F' || n"}, f'id = {ticket.id}'),
        ('helpdesk_ticket_sla', {}, f'ticket_id = {ticket.id}'),
    ):
        env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        columns = [name for name, in env.cr.fetchall() if name != 'id']
        if table == 'helpdesk_ticket_sla':
            changed = {'ticket_id': 't.id', 'deadline': "now() + (t.id %% 100 * interval '1 day') - interval '1 day'"}
            source = f"FROM {table} s, helpdesk_ticket t WHERE s.ticket_id = {ticket.id} AND t.name = 'Filled' AND t.id > {ticket.id}"
            values = [changed.get(name, f's.{name}') for name in columns]
        else:
            source = f"FROM {table}, generate_series({known + 1}, {count}) AS n WHERE {condition}"
            values = [changed.get(name, name) for name in columns]
        env.cr.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} {source}".replace('%%', '%'))
    env.cr.commit()
    env.cr.execute("ANALYZE helpdesk_ticket")
    env.cr.execute("ANALYZE helpdesk_ticket_sla")
    env.cr.commit()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--tickets', type=int, default=100_000)
    arguments = parser.parse_args()
    addons = fetch()
    if not addons or not ensure_database(addons):
        return
    sys.path.append(os.environ['DEV_ODOO_PATH'])
    import odoo
    from odoo.modules.registry import Registry
    odoo.tools.config.parse_config(
        ['-d', DATABASE, f'--addons-path={addons}', '--no-http', '--log-level=error', '--max-cron-threads=0'])
    with Registry(DATABASE).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        team, stages = prepare(env)
        measure(env, team, stages)
        team, stages = prepare(env)
        fill(env, team, arguments.tickets)
        Ticket, times = env['helpdesk.ticket'].with_user(env.ref('base.user_admin')), []
        for _round in range(ROUNDS + 1):
            env.invalidate_all()
            times.append(timed(lambda: Ticket.search_fetch(
                [('sla_expired', '=', True)], ['name', 'number', 'stage_id'], limit=80).mapped('sla_deadline'))[0])
        show(f"helpdesk: list page of 80, expired, {arguments.tickets:,} tickets", f"{min(times[1:]) * 1000:.1f} ms")


if __name__ == '__main__':
    main()
