"""How fast the residents' spreadsheet is imported, beside plain batched ``create()`` of the same records.

    ./dev bench import_residents [--units 20000] [--residents 30000] [--database NAME]

The database is made at the first run, and its records stay. Each step runs in a process of its own, so that
the peak of memory is its own: the import, the same file again (nothing to change), plain ``create()`` of the same records
in batches of the same size, with the client's context and with the import's (no chatter entries). Prints rows/s, the
ratios and the peaks; exits with 1 when the import takes more than 1.3 times as long as plain ``create()``.
"""
import argparse
import base64
import json
import random
import resource
import subprocess
import sys
import time

from _common import ensure_database, open_registry

DATABASE = 'property_bench_residents'
BATCH = 500
AIM = 1.3
QUIET = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"


def make_rows(prefix, units, residents):
    """Return (estate, building, unit code, floor, area, name, phone, role, since) rows: seeded, shuffled like real lists."""
    draw = random.Random(prefix)
    places = []
    for number in range(units):
        block, rest = divmod(number, 1000)
        floor, door = divmod(rest, 10)
        places.append((f"{prefix} {block // 10 + 1}", f"{block % 10 + 1}栋", f"{floor + 1}{door + 1:02d}", floor + 1,
                       round(draw.uniform(45, 160), 2)))
    rows = []
    for number in range(residents):
        name = draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(GIVEN)
        phone = f"1{draw.choice('3578')}{draw.randrange(10**9):09d}"
        role = 'owner' if number < units else draw.choice(('family', 'tenant'))
        since = f"{draw.randrange(2009, 2026)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
        rows.append((*places[number % units], name, phone, role, since))
    draw.shuffle(rows)
    return rows


def step_import(env, rows):
    """Import the rows as a CSV file, the way the background does, committing batch by batch."""
    lines = ["estate,building,unit,floor,area,name,phone,role,since"]
    lines += [",".join(map(str, row)) for row in rows]
    job = env['property.service.resident.import'].create({
        'name': 'bench.csv', 'file': base64.b64encode("\n".join(lines).encode())})
    env.cr.commit()
    start = time.perf_counter()
    job.action_check()
    check = time.perf_counter() - start
    assert job.good_count == len(rows), (job.good_count, job.line_ids[:5].mapped('message'))
    job.state = 'running'
    start = time.perf_counter()
    job._run(background=True)
    return {
        'seconds': time.perf_counter() - start, 'check': check, 'units': job.created_units, 'persons': job.created_persons,
        'residencies': job.created_residencies, 'unchanged': job.unchanged_count}


def step_create(env, rows, context):
    """Create the same estates, buildings, units, people and residencies, knowing beforehand that none exists."""
    env = env(context={**env.context, **context})
    company = env.company.id
    start = time.perf_counter()
    estates, buildings, units = {}, {}, {}
    for first in range(0, len(rows), BATCH):
        batch = rows[first:first + BATCH]
        for estate, building, *_rest in batch:
            if estate not in estates:
                estates[estate] = env['property.service.estate'].create({'name': estate, 'code': estate}).id
            if (estate, building) not in buildings:
                buildings[estate, building] = env['property.service.building'].create(
                    {'name': building, 'code': building[:-1], 'estate_id': estates[estate]}).id
        new = {row[:3]: row for row in batch if row[:3] not in units}
        created = env['property.service.unit'].create([
            {'building_id': buildings[key[:2]], 'code': key[2], 'name': f"{key[1][:-1]}-{key[2]}", 'floor': row[3],
             'area': row[4]}
            for key, row in new.items()])
        units.update(zip(new, created.ids))
        partners = env['res.partner'].create(
            [{'name': row[5], 'phone': row[6], 'company_id': company, 'lang': env.lang} for row in batch])
        env['property.service.residency'].create([
            {'unit_id': units[row[:3]], 'partner_id': partner, 'role': row[7], 'date_start': row[8],
             'is_primary': row[7] == 'owner'}
            for row, partner in zip(batch, partners.ids)])
        env.flush_all()
        env.invalidate_all()
        env.cr.commit()
    return {'seconds': time.perf_counter() - start, 'units': len(units)}


def run_step(arguments):
    """Run one step inside this process and print its figures as JSON."""
    registry = open_registry(arguments.database)
    import odoo
    with registry.cursor() as cr:
        user = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}).ref('base.user_admin')
        env = odoo.api.Environment(cr, user.id, {'lang': 'en_US', 'tz': 'Asia/Shanghai'})
        step, _sep, prefix = arguments.step.partition(':')
        rows = make_rows(prefix, arguments.units, arguments.residents)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = step_import(env, rows) if step == 'import' else step_create(env, rows, QUIET if step == 'create_quiet' else {})
        cr.commit()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**result, 'rows': len(rows), 'peak_mb': round(peak / 1024), 'grown_mb': round((peak - before) / 1024)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--database', '-d', default=DATABASE)
    parser.add_argument('--units', type=int, default=20_000)
    parser.add_argument('--residents', type=int, default=30_000)
    parser.add_argument('--step', help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        run_step(arguments)
        return 0
    ensure_database(arguments.database)
    run = f"{int(time.time()) % 10**6:x}"
    results = {}
    for title, step in (
        ("import", f"import:I{run}"), ("import again", f"import:I{run}"),
        ("plain create()", f"create:P{run}"), ("create(), import's context", f"create_quiet:Q{run}"),
    ):
        command = [sys.executable, __file__, '-d', arguments.database, '--step', step,
                   '--units', str(arguments.units), '--residents', str(arguments.residents)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        result = results[title] = json.loads(output.strip().splitlines()[-1])
        print(f"{title:28} {result['seconds']:7.1f} s  {result['rows'] / result['seconds']:7.0f} rows/s"
              f"  peak {result['peak_mb']} MB (+{result['grown_mb']} MB)", flush=True)
    ratio = results['import']['seconds'] / results['plain create()']['seconds']
    quiet = results['import']['seconds'] / results["create(), import's context"]['seconds']
    print(f"checking the file first: {results['import']['check']:.1f} s")
    print(f"import ÷ plain create(): {ratio:.2f} (aim ≤ {AIM}); ÷ create() with the import's context: {quiet:.2f}")
    return 0 if ratio <= AIM else 1


if __name__ == '__main__':
    sys.exit(main())
