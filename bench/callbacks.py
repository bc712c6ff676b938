"""Callbacks of a night: 10,000 closed requests considered by the rule, at a rate of 100 % and at the shipped 30 %.

    ./dev bench callbacks [--requests 10000] [--batch 1000] [--database NAME]

Four things are measured in one run: the pass of the cron in batches, with its queries per batch; the queries of a batch of 100
beside one of 1,000; the plain creation of as many callbacks by `create()` in the same batches; and the way one would go without
thinking, a draw and a `create()` per request, on a sample. The first two ratios are what counts; the database is left as it was.
"""
import argparse
import random
import statistics
import sys
import time
from datetime import timedelta

from _common import DATABASE, ensure_database, markdown, open_registry

SAMPLE = 200


def fill(env, request, number, start):
    """Copy the request by SQL, closed one second after the other from ``start`` on."""
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'property_service_request' ORDER BY 1")
    columns = [name for name, in env.cr.fetchall() if name != 'id']
    moment = "%(start)s::timestamp + n * interval '1 second'"
    special = {
        'name': "'BENCH/' || n", 'state': "'closed'", 'done_at': moment, 'closed_at': moment, 'sla_next_deadline': 'NULL',
        'sla_risk_at': 'NULL'}
    env.cr.execute(
        f"INSERT INTO property_service_request ({', '.join(columns)}) SELECT {', '.join(special.get(name, name) for name in columns)}"
        " FROM property_service_request, generate_series(1, %(number)s) AS n WHERE id = %(model)s",
        {'start': start, 'number': number, 'model': request.id})


def prepare(env, number):
    """Fill in so many requests closed during one night, and return their rule and the beginning of the night."""
    Estate, Unit = env['property.service.estate'], env['property.service.unit']
    estate = Estate.search([('code', '=', 'NIGHT')]) or Estate.create({'name': "Night bench", 'code': 'NIGHT'})
    building = env['property.service.building'].search([('estate_id', '=', estate.id)]) or env['property.service.building'].create({
        'name': "Night", 'code': '1', 'estate_id': estate.id})
    unit = Unit.search([('building_id', '=', building.id)], limit=1) or Unit.create({'name': "1", 'code': '1', 'building_id': building.id})
    partner = env['res.partner'].create({'name': "Night Resident", 'phone': "13800138000"})
    category = env['property.service.category'].search([], limit=1) or env['property.service.category'].create({'name': "N", 'code': 'n'})
    service_type = env['property.service.type'].create({
        'name': "Night", 'code': f'night{partner.id}', 'category_id': category.id, 'callback_rate': 100})
    employee = env['hr.employee'].create({'name': "Night Worker"})
    request = env['property.service.request'].create({
        'title': "Night", 'type_id': service_type.id, 'unit_id': unit.id, 'partner_id': partner.id})
    request.employee_id = employee
    env.flush_all()
    start = env.cr.now().replace(microsecond=0) - timedelta(days=2)
    fill(env, request, number, start)
    env.cr.execute("ANALYZE property_service_request")
    env.cr.execute("ANALYZE property_service_callback")
    env.invalidate_all()
    rule = env['property.service.callback.rule'].create({
        'name': "Night", 'source': 'request', 'rate': 100, 'estate_ids': [(6, 0, estate.ids)], 'processed_until': start, 'script': "Hello"})
    return rule, start


def plan(env, rule, start, rate, batch):
    """Run the rule over the whole night; return (seconds, queries of each full batch, callbacks)."""
    rule.write({'rate': rate, 'processed_until': start})
    env.flush_all()
    queries, more = [], True
    began = time.perf_counter()
    while more:
        env.invalidate_all()
        before = env.cr.sql_log_count
        more = rule._plan_batch(batch)
        env.flush_all()
        queries.append(env.cr.sql_log_count - before)
    spent = time.perf_counter() - began
    made = env['property.service.callback'].search_count([('rule_id', '=', rule.id)])
    return spent, queries[:-1] or queries, made


def one_by_one(env, rule, requests):
    """The naive way on a sample: look, draw and create for each request; return the seconds per request."""
    began = time.perf_counter()
    for request in requests:
        env.invalidate_all()
        if not env['property.service.callback'].search_count([('origin_request_id', '=', request.id)]):
            env['property.service.callback'].create({'origin_request_id': request.id, 'rule_id': rule.id, 'origin': 'request'})
        env.flush_all()
    return (time.perf_counter() - began) / len(requests)


def plain_create(env, rule, requests, batch):
    """Create the same callbacks by create() alone, their values known beforehand; return the seconds."""
    values = [rule._prepare_callback(request, request.done_at) for request in requests]
    env.invalidate_all()
    began = time.perf_counter()
    for index in range(0, len(values), batch):
        env.invalidate_all()
        env['property.service.callback']._as_system().create(values[index:index + batch])
        env.flush_all()
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--requests', type=int, default=10_000)
    parser.add_argument('--batch', type=int, default=1_000)
    parser.add_argument('--database', default=DATABASE)
    arguments = parser.parse_args()
    ensure_database(arguments.database)
    registry = open_registry(arguments.database)
    import odoo
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        rule, start = prepare(env, arguments.requests)

        def undone(call):
            with cr.savepoint(flush=False) as savepoint:
                result = call()
                env.flush_all()
                savepoint.rollback()
            env.invalidate_all(flush=False)
            return result

        requests = env['property.service.request'].search([('name', '=like', 'BENCH/%')], order='id')
        undone(lambda: plan(env, rule, start, 100, arguments.batch))  # warm up
        all_spent, all_queries, made = undone(lambda: plan(env, rule, start, 100, arguments.batch))
        some_spent, some_queries, some_made = undone(lambda: plan(env, rule, start, 30, arguments.batch))
        _spent, small_queries, _made = undone(lambda: plan(env, rule, start, 100, arguments.batch // 10))
        plain = undone(lambda: plain_create(env, rule, requests, arguments.batch))
        naive = undone(lambda: one_by_one(env, rule, env['property.service.request'].browse(random.Random(1).sample(requests.ids, SAMPLE))))
        cr.rollback()
    number = arguments.requests
    later = all_queries[1:] or all_queries  # the first batch also reads the settings
    large, small = statistics.median(all_queries), statistics.median(small_queries)
    print(markdown(["", "figure", "aim"], [
        [f"{number} closed requests, every one called back: seconds", all_spent, ""],
        ["cases a second", number / all_spent, ""], ["callbacks made", made, f"{number}"],
        [f"{number} closed requests at 30 %: seconds", some_spent, ""], ["cases a second", number / some_spent, ""],
        ["callbacks made", some_made, f"{round(number * .3)} ± 2 %"],
        [f"queries of a batch of {arguments.batch}", large, ""], [f"queries of a batch of {arguments.batch // 10}", small, ""],
        ["queries of the first batch", all_queries[0], ""],
        ["most ÷ least queries of the batches after the first", max(later) / min(later), "≤ 1.1"],
        ["the pass ÷ plain create() of as many callbacks", all_spent / plain, "≤ 1.3"],
        ["one by one ÷ the pass, per case", naive * number / all_spent, "≥ 5"]]))
    fine = (made == number and abs(some_made - .3 * number) <= .02 * number and max(later) / min(later) <= 1.1
            and all_spent / plain <= 1.3)
    return 0 if fine else 1


if __name__ == '__main__':
    sys.exit(main())
