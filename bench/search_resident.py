"""How fast an agent finds one of 100,000 residents by phone, unit or name, beside Odoo's own search by exact reference.

    ./dev bench search_resident [--residents 100000] [--explain] [--database NAME]

The database is made at the first run; residents are filled in by SQL until there are enough, then ANALYZE.
Two searches of Odoo are the measure, both for one exact reference: ``search([('ref', '=', …)])`` and what the client calls
when the reference is typed, ``name_search(…)``. Ours are typed too, so their measure is the second. All run interleaved, as
a user of the group Agent, without a warm record cache. Prints milliseconds (median), the ratios and, with --explain, the
plans; exits with 1 when a search is slower than Odoo's.
"""
import argparse
import random
import statistics
import sys
import time

from _common import ensure_database, open_registry

DATABASE = 'property_bench_residents'
ROUNDS = 40
FILL = """
INSERT INTO res_partner (name, complete_name, phone, phone_digits, ref, email, email_normalized, active, type, lang, company_id,
                         commercial_partner_id, partner_share, is_company, autopost_bills, create_uid, write_uid, create_date,
                         write_date)
SELECT name, name, phone, phone, 'R' || lpad(n::text, 8, '0'), 'r' || n || '@example.com', 'r' || n || '@example.com', true,
       'contact', 'en_US', %(company)s, NULL, true, false, 'ask', 1, 1, now(), now()
  FROM (SELECT n, substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨', 1 + n %% 16, 1) ||
                  substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明', 1 + n / 16 %% 16, 1)
                  || substr('超秀霞平刚桂英华玉兰文国建春', 1 + n / 256 %% 14, 1) AS name,
               '13' || lpad((n::bigint * 7919 %% 1000000007)::text, 9, '0') AS phone
          FROM generate_series(%(first)s, %(last)s) AS n) AS people;
UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;
INSERT INTO property_service_unit (name, code, full_code, building_id, estate_id, company_id, floor, use, active, qr_token,
                                   create_uid, write_uid, create_date, write_date)
SELECT '9-' || n, n::text, 'BENCH-9-' || n, %(building)s, %(estate)s, %(company)s, n / 100 %% 30, 'residential', true,
       md5(n::text), 1, 1, now(), now()
  FROM generate_series(%(first)s, %(last)s) AS n WHERE n %% 2 = 0;
INSERT INTO property_service_residency (unit_id, building_id, estate_id, company_id, partner_id, role, date_start, is_primary,
                                        create_uid, write_uid, create_date, write_date)
SELECT u.id, u.building_id, u.estate_id, u.company_id, p.id, 'owner', '2020-01-01', true, 1, 1, now(), now()
  FROM generate_series(%(first)s, %(last)s) AS n
  JOIN property_service_unit u ON u.building_id = %(building)s AND u.code = (n / 2 * 2)::text
  JOIN res_partner p ON p.ref = 'R' || lpad(n::text, 8, '0');
"""


def fill(env, residents):
    """Bring the database to so many residents and return a function that draws the n-th of them."""
    Estate = env['property.service.estate']
    estate = Estate.search([('code', '=', 'BENCH')]) or Estate.create({'name': "Bench", 'code': 'BENCH'})
    Building = env['property.service.building']
    building = estate.building_ids or Building.create({'name': "9", 'code': '9', 'estate_id': estate.id})
    known = env['property.service.residency'].search_count([('building_id', '=', building.id)])
    if known < residents:
        env.cr.execute(FILL, {'first': known + 2, 'last': residents + 1, 'company': env.company.id, 'estate': estate.id,
                              'building': building.id})
        env.cr.commit()
        for table in ('res_partner', 'property_service_unit', 'property_service_residency'):
            env.cr.execute(f"ANALYZE {table}")
        env.cr.commit()
    env.invalidate_all()

    def draw(number):
        residency = env['property.service.residency'].search(
            [('building_id', '=', building.id)], offset=number * 2311 % residents, limit=1, order='id')
        return residency.partner_id, residency.unit_id
    return draw


def searches(partner, unit):
    """Return {title: (measured against, call)} for one resident."""
    Partner = partner.browse()
    digits = partner.phone_digits
    typed = {
        "phone, whole": digits,
        "phone, +86 and dashes": f"+86 {digits[:3]}-{digits[3:7]}-{digits[7:]}",
        "phone, first 7 digits": digits[:7],
        "phone, last 4 digits": digits[-4:],
        "unit, as people say it": unit.name,
        "unit, full code": unit.full_code,
        "name": partner.name,
    }
    reference = partner.ref
    return {
        "Odoo: search(ref = …)": (None, lambda: Partner.search([('ref', '=', reference)], limit=8).mapped('display_name')),
        "Odoo: name_search(ref)": (None, lambda: Partner.name_search(reference, limit=8)),
        "search(phone_digits = …)": (
            "Odoo: search(ref = …)", lambda: Partner.search([('phone_digits', '=', digits)], limit=8).mapped('display_name')),
        **{title: ("Odoo: name_search(ref)", lambda text=text: Partner.name_search(text, limit=8))
           for title, text in typed.items()},
    }


def explain(env, partner, unit):
    digits = partner.phone_digits
    for title, model, domain in (
        ("whole phone", 'res.partner', [('phone_digits', '=', digits)]),
        ("last 4 digits", 'res.partner', [('phone_digits', 'ilike', digits[-4:])]),
        ("unit", 'property.service.unit', ['|', ('name', '=', unit.name), ('full_code', '=', unit.name)]),
        ("current residents of a unit", 'property.service.residency', [('unit_id', 'in', unit.ids), ('is_current', '=', True)]),
    ):
        query = env[model]._search(domain, limit=100)
        env.cr.execute(env.cr.mogrify("EXPLAIN (ANALYZE, BUFFERS) ").decode() + env.cr.mogrify(query.select()).decode())
        print(f"\n{title}\n" + "\n".join(f"    {line}" for line, in env.cr.fetchall()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--database', '-d', default=DATABASE)
    parser.add_argument('--residents', type=int, default=100_000)
    parser.add_argument('--explain', action='store_true')
    arguments = parser.parse_args()
    ensure_database(arguments.database)
    registry = open_registry(arguments.database)
    import odoo
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        draw = fill(env, arguments.residents)
        Users = env['res.users'].with_context(no_reset_password=True)
        agent = Users.search([('login', '=', 'bench_agent')]) or Users.create({
            'name': "Bench Agent", 'login': 'bench_agent', 'group_ids': [(4, env.ref('property_service.group_agent').id)]})
        timings, queries, order = {}, {}, random.Random(1)
        for number in range(ROUNDS + 3):
            partner, unit = (record.with_user(agent) for record in draw(number))
            calls = list(searches(partner, unit).items())
            order.shuffle(calls)  # none always comes after the one that swept the processor's cache
            for title, (measure, call) in calls:
                env.invalidate_all()
                partner.env.user.has_group('base.group_user')
                before, start = cr.sql_log_count, time.perf_counter()
                found = call()
                if number >= 3:  # the first rounds fill Odoo's own caches
                    timings.setdefault((title, measure), []).append(time.perf_counter() - start)
                    queries[title] = cr.sql_log_count - before
                assert found, title
        medians = {title: statistics.median(values) for (title, _measure), values in timings.items()}
        slower = 0
        for title, measure in sorted(timings, key=lambda key: list(searches(partner, unit)).index(key[0])):
            ratio = medians[title] / medians[measure] if measure else None
            slower += bool(ratio and ratio > 1.1)  # a tenth is noise
            print(f"{title:26} {medians[title] * 1000:7.2f} ms  {queries[title]:2} queries"
                  + (f"  {ratio:5.2f} × {measure}" if measure else ""))
        if arguments.explain:
            explain(env, *draw(5))
        cr.rollback()
    return 1 if slower else 0


if __name__ == '__main__':
    sys.exit(main())
