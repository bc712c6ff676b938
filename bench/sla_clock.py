"""What the service clock costs: at intake and state changes, at rest, when much is due, and when a calendar changes.

    ./dev bench sla_clock --database NAME [--open 1000000] [--recompute 100000] [--no-helpdesk]

The database must have the addon; use a scratch one: it is filled by SQL from one request made by the ORM, with a tenth as many complaints
and callbacks on the same clock, then ANALYZE, and what is measured is committed. Figures with and without the clock are taken in turns in
one run ("without": no service level is active), and of each the best round counts: the machine may have other work. Prints each figure with
its aim. In the end it puts the same questions to the community's helpdesk (sla_helpdesk), where that can be fetched.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

ROUNDS = 8


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def prepare(env):
    """Return (values for a request, the service level by office hours that applies to it)."""
    Type = env['property.service.type']
    service = Type.search([('code', '=', 'bench_clock')])
    if not service:
        category = env['property.service.category'].create({'name': "Bench clock", 'code': 'bench_clock'})
        service = Type.create({'name': "Bench clock", 'code': 'bench_clock', 'category_id': category.id})
        env['property.service.estate'].create({'name': "Bench clock", 'code': 'BENCHC'})
        env['property.service.sla.policy'].create({
            'name': "Bench clock", 'type_id': service.id, 'response_hours': 8, 'resolution_hours': 40, 'round_the_clock': False})
    estate = env['property.service.estate'].search([('code', '=', 'BENCHC')])
    vals = {'title': "Bench", 'type_id': service.id, 'estate_id': estate.id, 'contact_name': "A", 'contact_phone': "1"}
    return vals, env['property.service.sla.policy'].search([('name', '=', "Bench clock")])


def fill(env, vals, count):
    """Bring the table to ``count`` open requests, and a tenth as many complaints and callbacks."""
    fill_kind(env, 'request', vals, count)
    estate = {'estate_id': vals['estate_id'], 'contact_name': "A", 'contact_phone': "1"}
    service = env['property.service.type'].browse(vals['type_id'])
    fill_kind(env, 'complaint', {'title': "Bench", 'description': "x", 'category_id': service.category_id.id, **estate}, count // 10)
    partner = env['res.partner'].search([('name', '=', "Bench Resident")], limit=1) or env['res.partner'].create({'name': "Bench Resident"})
    fill_kind(env, 'callback', {'partner_id': partner.id}, count // 10)


def fill_kind(env, kind, vals, count):
    """Copy one case by SQL until there are ``count`` whose deadlines lie in the next 60 days, with one line of log each."""
    Model = env[f'property.service.{kind}']
    table, known = Model._table, Model.search_count([('name', '=like', 'BENCH%')])
    if known >= count:
        return
    template = Model.create(vals)
    if kind != 'callback':
        template.action_register()
    env.flush_all()
    shifted = {'response_deadline', 'response_risk_at', 'resolution_deadline', 'resolution_risk_at', 'sla_next_deadline',
               'sla_risk_at', 'sla_next_escalation_at'}
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table])
    columns = [name for name, in env.cr.fetchall() if name != 'id']
    source = ["'BENCH' || n" if name == 'name' else f"{name} + n %% 86400 * interval '1 minute'" if name in shifted else name
              for name in columns]
    for start in range(known, count, 200_000):
        env.cr.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(source)}"
            f" FROM {table}, generate_series(%s, %s) AS n WHERE id = %s",
            [start + 1, min(start + 200_000, count), template.id])
        env.cr.commit()
    env.cr.execute(
        f"INSERT INTO property_service_state_log ({kind}_id, company_id, to_state, at, by_id, paused)"
        f" SELECT id, company_id, '{Model._initial_state}', sla_start_at, 1, false FROM {table} r"
        f" WHERE NOT EXISTS (SELECT FROM property_service_state_log l WHERE l.{kind}_id = r.id)")
    env.cr.commit()
    env.cr.execute(f"ANALYZE {table}")
    env.cr.execute("ANALYZE property_service_state_log")
    env.cr.commit()
    env.invalidate_all()


def with_and_without(env, call):
    """Run ``call`` in turns with the service levels and without; return the best rounds in seconds."""
    policies, figures = env['property.service.sla.policy'].search([]), {True: [], False: []}
    for _round in range(ROUNDS):
        for active in (True, False):
            env.cr.execute("UPDATE property_service_sla_policy SET active = %s WHERE id = ANY(%s)", [active, policies.ids])
            env.invalidate_all()
            env.registry.clear_cache('stable')
            call()  # fills the caches that were just emptied
            figures[active].append(call())
    env.cr.execute("UPDATE property_service_sla_policy SET active = true WHERE id = ANY(%s)", [policies.ids])
    env.invalidate_all()
    env.registry.clear_cache('stable')
    return min(figures[True]), min(figures[False])


def show(title, figure, aim=''):
    print(f"{title:58} {figure:>28}   {aim}", flush=True)


def bench_intake(env, vals):
    Request = env['property.service.request']

    def create(count, batch):
        def run():
            spent = 0
            for _batch in range(count // batch):
                spent += timed(lambda: (Request.create([dict(vals) for _case in range(batch)]), env.flush_all()))[0]
            return spent / count
        return run

    def change_states():
        requests = Request.create([dict(vals) for _case in range(20)])
        env.flush_all()
        reason = env.ref('property_service.waiting_reason_resident').id
        steps = [requests.action_register, requests.action_approve, lambda: requests.action_wait(reason_id=reason),
                 requests.action_resume]
        return sum(timed(lambda step=step: (step(), env.flush_all()))[0] for step in steps) / len(steps) / len(requests)

    for title, call, aim in (
        ("create one by one: with ÷ without", create(20, 1), "≤ 1.15"),
        ("create in batches of 100: with ÷ without", create(200, 100), "≤ 1.15"),
        ("state change (register, approve, wait, resume): with ÷ without", change_states, "≤ 1.3"),
    ):
        on, off = with_and_without(env, call)
        show(title, f"{on * 1000:.2f} / {off * 1000:.2f} ms = {on / off:.2f}", aim)
    env.cr.rollback()


def bench_list(env):
    """Return {title: seconds} of a list page of 80 with each filter."""
    Request = env['property.service.request'].with_user(env.ref('base.user_admin'))
    names = ['name', 'title', 'state', 'sla_next_deadline', 'sla_risk_at', 'sla_result', 'resolution_remaining']
    domains = {
        'all': [], 'overdue': [('sla_status', '=', 'breached')], 'at risk': [('sla_status', '=', 'at_risk')],
        'on track': [('sla_status', '=', 'on_track')],
        'due today': [('sla_next_deadline', '>=', 'today'), ('sla_next_deadline', '<', 'today +1d')],
    }
    figures = {}
    for title, domain in domains.items():
        times = []
        for _round in range(ROUNDS + 1):
            env.invalidate_all()
            times.append(timed(lambda domain=domain: Request.search_fetch(domain, names, limit=80).mapped('sla_status'))[0])
        figures[title] = min(times[1:])
    return figures


def bench_sweep(env):
    """What the cron asks: first with nothing due, then with one case in a hundred due, of each kind."""
    models = {kind: env[f'property.service.{kind}'] for kind in ('request', 'complaint', 'callback')}
    while sum(Model._sweep_due(1000) for Model in models.values()):
        env.cr.commit()
    times = [timed(lambda: [Model._sweep_due(1000) for Model in models.values()])[0] for _round in range(ROUNDS)]
    show("sweep of all three kinds with nothing due", f"{statistics.median(times) * 1000:.2f} ms", "≤ 5 ms")
    env.cr.execute("EXPLAIN SELECT id FROM property_service_request WHERE sla_next_escalation_at < now() at time zone 'utc'"
                   " ORDER BY sla_next_escalation_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED")
    print("\n".join(f"    {line}" for line, in env.cr.fetchall()))
    for kind, Model in models.items():
        env.cr.execute(f"SELECT count(*) FROM {Model._table} WHERE name LIKE 'BENCH%'")
        bench_marking(env, kind, Model, env.cr.fetchone()[0] // 100)


def bench_marking(env, kind, Model, due):
    """Mark ``due`` cases and note their escalations, beside one raw UPDATE of as many rows."""
    table = Model._table
    env.cr.execute(f"SELECT id FROM {table} WHERE name LIKE 'BENCH%%' ORDER BY md5(id::text) LIMIT %s", [2 * due])
    ids = [case_id for case_id, in env.cr.fetchall()]
    raw = timed(lambda: env.cr.execute(
        f"UPDATE {table} SET breached_at = now() at time zone 'utc' WHERE id = ANY(%s)", [ids[:due]]))[0]
    moved = ('response_deadline', 'response_risk_at', 'resolution_deadline', 'resolution_risk_at', 'sla_next_deadline',
             'sla_next_escalation_at')
    env.cr.execute(
        f"UPDATE {table} SET {', '.join(f'{name} = {name} - interval %s' for name in moved)} WHERE id = ANY(%s)",
        [*['90 days'] * len(moved), ids[due:]])
    env.cr.commit()

    def mark():
        while Model._sweep_due(1000):
            env.cr.commit()
    marked = timed(mark)[0]
    env.cr.execute(f"SELECT count(*) FROM property_service_sla_event WHERE {kind}_id = ANY(%s)", [ids])
    noted = env.cr.fetchone()[0]
    show(f"{kind}: marking {due:,} due, their escalations noted", f"{marked / due * 1e6:.0f} µs a case", f"{noted:,} escalations")
    show("the same rows by one raw UPDATE", f"{raw / due * 1e6:.0f} µs a case")
    show("ratio", f"{marked / raw:.2f}", "≤ 5")


def bench_recompute(env, policy, count):
    Request = env['property.service.request']
    env.cr.execute("SELECT id FROM property_service_request WHERE name LIKE 'BENCH%%' ORDER BY id LIMIT %s", [count])
    cases = Request.browse([case_id for case_id, in env.cr.fetchall()])
    policy.response_hours = policy.response_hours + 1
    env['property.service.sla.recompute'].search([]).unlink()
    env.flush_all()
    env.cr.commit()

    def recompute():
        changed = 0
        for start in range(0, len(cases), 1000):
            changed += cases[start:start + 1000]._recompute_clocks()
            env.cr.commit()
        return changed
    spent, changed = timed(recompute)
    again, unchanged = timed(recompute)
    calendar = cases[0].sla_calendar_id
    starts = [case.sla_start_at - timedelta(minutes=number) for number, case in enumerate(cases[:200])]

    def plan():
        for start in starts:
            calendar.plan_hours(policy.response_hours, start, compute_leaves=True)
            calendar.plan_hours(policy.resolution_hours, start, compute_leaves=True)
    planned = timed(plan)[0] / len(starts)
    show(f"counting {changed:,} open cases again, all moved", f"{changed / spent:,.0f} cases/s")
    show("the same, none moved" if not unchanged else "ERROR: moved again", f"{len(cases) / again:,.0f} cases/s")
    show("plan_hours per case, both deadlines, nothing written", f"{1 / planned:,.0f} cases/s")
    show("ratio", f"{planned / (spent / changed):.1f}", "≥ 20")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--database', '-d', required=True)
    parser.add_argument('--open', type=int, default=1_000_000)
    parser.add_argument('--recompute', type=int, default=100_000)
    parser.add_argument('--no-helpdesk', action='store_true')
    arguments = parser.parse_args()
    sys.path.append(os.environ['DEV_ODOO_PATH'])
    import odoo
    from odoo.modules.registry import Registry
    odoo.tools.config.parse_config(['-d', arguments.database, '--no-http', '--log-level=error', '--max-cron-threads=0'])
    with Registry(arguments.database).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        vals, policy = prepare(env)
        cr.commit()
        bench_intake(env, vals)
        fill(env, vals, 10_000)
        small = bench_list(env)
        fill(env, vals, arguments.open)
        large = bench_list(env)
        for title, seconds in large.items():
            show(f"list page of 80, {title}: {arguments.open:,} ÷ 10,000",
                 f"{seconds * 1000:.1f} / {small[title] * 1000:.1f} ms = {seconds / small[title]:.2f}", "≤ 1.5")
        bench_sweep(env)
        bench_recompute(env, policy, arguments.recompute)
    if not arguments.no_helpdesk:
        subprocess.run([sys.executable, Path(__file__).with_name('sla_helpdesk.py')], check=True)


if __name__ == '__main__':
    main()
