"""Cycle computation beside the hand-written SQL for the same figures: one month, 1,000 employees, the indicators of requests.

    ./dev bench assessment --employees 1000 --cases 1000000

The cases are spread over three years, so a month holds about 1/36 of them; each has three lines of log. "Figures" counts and scores;
"with evidence" is what a cycle does: it also stores each counted case. The hand-written SQL has one plain GROUP BY per indicator.
"""
import argparse
import resource
import statistics
import time
from datetime import date

from _common import ensure_database, open_registry

DATABASE = 'property_bench_assessment'
CODES = ('response_on_time', 'resolution_on_time', 'satisfaction', 'rework_rate', 'record_completeness', 'error_rate')
START, END = '2026-03-01', '2026-04-01'
SOLVED = "merged_into_id IS NULL AND state IN ('done', 'accepted', 'closed') AND done_at >= %(start)s AND done_at < %(end)s"
BY_HAND = {
    'response_on_time': "SELECT employee_id, SUM((responded_at <= response_deadline)::int), COUNT(*) FROM property_service_request"
                        " WHERE merged_into_id IS NULL AND response_deadline >= %(start)s AND response_deadline < %(end)s"
                        " AND (responded_at IS NOT NULL OR closed_at IS NULL OR closed_at > response_deadline) GROUP BY 1",
    'resolution_on_time': "SELECT employee_id, SUM((done_at <= resolution_deadline)::int), COUNT(*) FROM property_service_request"
                          " WHERE merged_into_id IS NULL AND resolution_deadline >= %(start)s AND resolution_deadline < %(end)s"
                          " AND (done_at IS NOT NULL OR closed_at IS NULL OR closed_at > resolution_deadline) GROUP BY 1",
    'satisfaction': f"SELECT employee_id, SUM((rating_value >= 4)::int), COUNT(*) FROM property_service_request"
                    f" WHERE {SOLVED} AND rating_value > 0 GROUP BY 1",
    'rework_rate': f"SELECT employee_id, SUM((rework_count > 0)::int), COUNT(*) FROM property_service_request WHERE {SOLVED} GROUP BY 1",
    'record_completeness':
        f"SELECT employee_id, SUM((unit_id IS NOT NULL AND contact_phone != '' AND work_summary != '' AND work_start IS NOT NULL"
        f" AND work_end IS NOT NULL AND NOT EXISTS (SELECT 1 FROM property_service_request_checklist s WHERE s.request_id = r.id"
        f" AND s.required AND s.done IS NOT TRUE))::int), COUNT(*) FROM property_service_request r"
        f" WHERE {SOLVED} AND kind = 'service' GROUP BY 1",
    'error_rate': f"SELECT employee_id, SUM((rework_count > 1 OR EXISTS (SELECT 1 FROM property_service_complaint c"
                  f" WHERE c.request_id = r.id AND c.fault IN ('employee', 'team')))::int), COUNT(*)"
                  f" FROM property_service_request r WHERE {SOLVED} GROUP BY 1",
}


def fill(env, employees, cases):
    """Bring the database to so many employees and cases."""
    Employee, Request = env['hr.employee'], env['property.service.request']
    missing = employees - Employee.search_count([])
    if missing > 0:
        Employee.create([{'name': f"Bench {number}"} for number in range(missing)])
        env.cr.commit()
    known = Request.search_count([])
    if known >= cases:
        return
    estate = env['property.service.estate'].create({'name': "Bench", 'code': f'B{known}'})
    category = env['property.service.category'].create({'name': "Bench", 'code': f'b{known}'})
    kind = env['property.service.type'].create({'name': "Bench", 'code': f'b{known}', 'category_id': category.id})
    template = Request.create({
        'title': "Bench", 'type_id': kind.id, 'estate_id': estate.id, 'contact_name': "A", 'contact_phone': "1", 'employee_id': False})
    env.flush_all()
    begin = "timestamp '2024-01-01' + n %% 1576800 * interval '1 minute'"
    values = {
        'name': "'B' || n", 'state': "'closed'", 'sla_start_at': begin, 'create_date': begin,
        'response_deadline': f"{begin} + interval '24 hours'", 'resolution_deadline': f"{begin} + interval '72 hours'",
        'responded_at': f"{begin} + n %% 30 * interval '1 hour'", 'done_at': f"{begin} + n %% 90 * interval '1 hour'",
        'closed_at': f"{begin} + interval '100 hours'", 'rating_value': 'n %% 6', 'rework_count': "CASE WHEN n %% 17 = 0 THEN 1 ELSE 0 END",
        'employee_id': "ids[1 + n %% array_length(ids, 1)]", 'work_summary': "CASE WHEN n %% 9 = 0 THEN NULL ELSE 'Done' END",
        'work_start': begin, 'work_end': begin, 'access_token': 'NULL',
    }
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'property_service_request' ORDER BY 1")
    columns = [name for name, in env.cr.fetchall() if name != 'id']
    for start in range(known, cases, 200_000):
        env.cr.execute(
            f"INSERT INTO property_service_request ({', '.join(columns)}) SELECT {', '.join(values.get(name, name) for name in columns)}"
            " FROM property_service_request, (SELECT array_agg(id) AS ids FROM hr_employee) e, generate_series(%s::int, %s::int) AS n"
            " WHERE id = %s", [start + 1, min(start + 200_000, cases), template.id])
        env.cr.commit()
    env.cr.execute(
        "INSERT INTO property_service_state_log (request_id, company_id, to_state, at, by_id, employee_id, paused)"
        " SELECT r.id, r.company_id, s.state, r.sla_start_at + s.hours * interval '1 hour', 1,"
        " CASE WHEN s.state = 'new' THEN NULL ELSE r.employee_id END, false FROM property_service_request r,"
        " (VALUES ('new', 0), ('dispatched', 1), ('done', 20)) AS s (state, hours)"
        " WHERE NOT EXISTS (SELECT FROM property_service_state_log l WHERE l.request_id = r.id)")
    env.cr.commit()
    for table in ('property_service_request', 'property_service_state_log'):
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()


def make_cycle(env):
    from odoo.fields import Command
    weight = 100 / len(CODES)
    scheme = env['property.service.assessment.scheme'].create({
        'name': "Bench", 'code': f"bench{time.time()}", 'with_self': False,
        'line_ids': [Command.create({
            'indicator_id': env.ref(f'property_service.indicator_{code}').id,
            'weight': round(weight, 2) if code != CODES[-1] else round(100 - round(weight, 2) * (len(CODES) - 1), 2)}) for code in CODES],
        'band_ids': [Command.create({'name': "A", 'minimum': 0})]})
    scheme.action_activate()
    cycle = env['property.service.assessment.cycle'].create({'scheme_id': scheme.id, 'date_from': date.fromisoformat(START)})
    cycle._generate()
    cycle._set_state('running')
    env.flush_all()
    return cycle


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--employees', type=int, default=1000)
    parser.add_argument('--cases', type=int, default=1_000_000)
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    ensure_database(DATABASE, update=True)
    registry = open_registry(DATABASE)
    import odoo
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        fill(env, options.employees, options.cases)
        cycle = make_cycle(env)
        period = cycle._get_period()
        bounds = {'start': period.start, 'end': period.end}
        subjects = cycle._get_subjects()
        indicators = [env.ref(f'property_service.indicator_{code}') for code in CODES]
        calls = {
            'by hand': lambda: [(cr.execute(BY_HAND[code], bounds), cr.fetchall()) for code in CODES],
            'figures': lambda: [indicator._get_figures(period, subjects) for indicator in indicators],
            'with evidence': cycle._compute_figures,
        }
        spent = {title: [] for title in calls}
        for number in range(options.rounds + 1):
            for title, call in calls.items():
                before, start = cr.sql_log_count, time.perf_counter()
                call()
                if number:
                    spent[title].append(time.perf_counter() - start)
                queries = cr.sql_log_count - before
                if number == options.rounds:
                    print(f"{title:14} {statistics.median(spent[title]):8.2f} s  {queries:4} queries")
        hand = statistics.median(spent['by hand'])
        cr.execute("SELECT count(*) FROM property_service_assessment_evidence")
        print(f"{len(cycle.assessment_ids)} assessments, {cr.fetchone()[0]} cases counted, "
              f"figures ÷ by hand {statistics.median(spent['figures']) / hand:.2f}, "
              f"cycle ÷ by hand {statistics.median(spent['with evidence']) / hand:.2f}, "
              f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        cr.rollback()


if __name__ == '__main__':
    main()
