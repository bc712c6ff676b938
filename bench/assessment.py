"""Cycle computation beside the hand-written SQL for the same figures: one month, 1,000 employees, twelve indicators.

    ./dev bench assessment --employees 1000 --cases 1000000

The requests are spread over three years, so a month holds about 1/36 of them; each has three lines of log. Beside them stand complaints,
callbacks, corrective actions and courses. The hand-written SQL has one plain GROUP BY per indicator; it knows nothing of cases that
changed hands, of time off or of attribution, and stores nothing. "Figures" counts and adds up, as a trial of a scheme does; "cycle" is what
a cycle does: it also stores each counted case as evidence, and scores. The figures of all three are compared before anything is timed.
"""
import argparse
import resource
import statistics
import time
from datetime import date

from _common import ensure_database, open_registry

DATABASE = 'property_bench_assessment'
START, END = '2026-03-01', '2026-04-01'
REQUEST, COMPLAINT, CALLBACK, ACTION = (
    'property_service_request', 'property_service_complaint', 'property_service_callback', 'property_service_corrective_action')
SOLVED = "merged_into_id IS NULL AND state IN ('done', 'accepted', 'closed') AND done_at >= %(start)s AND done_at < %(end)s"


def on_time(deadline, stopped):
    kept = f"{stopped} <= {deadline}"
    due = f"{deadline} >= %(start)s AND {deadline} < %(end)s AND ({stopped} IS NOT NULL OR closed_at IS NULL OR closed_at > {deadline})"
    return (f"SELECT employee_id, SUM(kept::int), COUNT(*) FROM ("
            f" SELECT employee_id, COALESCE({kept}, FALSE) AS kept FROM {REQUEST} WHERE merged_into_id IS NULL AND {due}"
            f" UNION ALL SELECT employee_id, COALESCE({kept}, FALSE) FROM {COMPLAINT} WHERE {due}) AS due GROUP BY 1")


BY_HAND = {
    'response_on_time': on_time('response_deadline', 'responded_at'),
    'resolution_on_time': on_time('resolution_deadline', 'done_at'),
    'satisfaction':
        f"SELECT employee_id, SUM(good::int), COUNT(*) FROM (SELECT employee_id, rating_value >= 4 AS good FROM {REQUEST} WHERE {SOLVED}"
        f" AND rating_value > 0 UNION ALL SELECT c.worker_id, c.result = 'satisfied' FROM {CALLBACK} c LEFT JOIN {REQUEST} r"
        f" ON r.id = c.origin_request_id WHERE c.done_at >= %(start)s AND c.done_at < %(end)s AND c.result IS NOT NULL"
        f" AND COALESCE(r.rating_value, 0) = 0) AS said GROUP BY 1",
    'complaint_rate':
        f"SELECT employee_id, SUM(wrong), SUM(done) FROM (SELECT employee_id, 0 AS wrong, 1 AS done FROM {REQUEST} WHERE {SOLVED}"
        f" UNION ALL SELECT CASE WHEN c.fault = 'team' THEN NULL ELSE COALESCE(c.fault_employee_id, c.about_employee_id, r.employee_id) END,"
        f" 1, 0 FROM {COMPLAINT} c LEFT JOIN {REQUEST} r ON r.id = c.request_id WHERE c.kind = 'complaint' AND c.sla_start_at >= %(start)s"
        f" AND c.sla_start_at < %(end)s AND c.state NOT IN ('transferred', 'withdrawn') AND c.fault IS DISTINCT FROM 'none') AS all_cases"
        f" GROUP BY 1",
    'complaint_escalation':
        f"SELECT employee_id, SUM((reopen_count > 0 OR COALESCE(is_repeat, FALSE))::int), COUNT(*) FROM {COMPLAINT} WHERE kind = 'complaint'"
        f" AND state IN ('resolved', 'answered', 'closed', 'investigating') AND done_at >= %(start)s AND done_at < %(end)s GROUP BY 1",
    'rework_rate': f"SELECT employee_id, SUM((rework_count > 0)::int), COUNT(*) FROM {REQUEST} WHERE {SOLVED} GROUP BY 1",
    'callback_on_time':
        f"SELECT e.id, SUM(COALESCE(c.done_at <= c.resolution_deadline, FALSE)::int), COUNT(*) FROM {CALLBACK} c JOIN hr_employee e"
        f" ON e.user_id = c.caller_id AND e.company_id = c.company_id WHERE c.state != 'cancelled' AND c.resolution_deadline >= %(start)s"
        f" AND c.resolution_deadline < %(end)s GROUP BY 1",
    'record_completeness':
        f"SELECT employee_id, SUM((unit_id IS NOT NULL AND COALESCE(contact_phone, '') != '' AND COALESCE(work_summary, '') != ''"
        f" AND work_start IS NOT NULL AND work_end IS NOT NULL AND (t.requires_signature IS NOT TRUE OR signed_at IS NOT NULL OR"
        f" resident_absent) AND NOT EXISTS (SELECT 1 FROM property_service_request_checklist s WHERE s.request_id = r.id AND s.required"
        f" AND s.done IS NOT TRUE))::int), COUNT(*) FROM {REQUEST} r LEFT JOIN property_service_type t ON t.id = r.type_id"
        f" WHERE r.merged_into_id IS NULL AND r.state IN ('done', 'accepted', 'closed') AND r.done_at >= %(start)s AND r.done_at < %(end)s"
        f" AND r.kind = 'service' GROUP BY 1",
    'error_rate':
        f"SELECT employee_id, SUM((rework_count > 1 OR EXISTS (SELECT 1 FROM {COMPLAINT} c WHERE c.request_id = r.id AND c.fault IN"
        f" ('employee', 'team') AND c.state NOT IN ('transferred', 'withdrawn')))::int), COUNT(*) FROM {REQUEST} r WHERE {SOLVED} GROUP BY 1",
    'corrective_on_time':
        f"SELECT responsible_id, SUM(COALESCE(done_at < deadline + 1 AND state != 'ineffective', FALSE)::int), COUNT(*) FROM {ACTION}"
        f" WHERE state NOT IN ('draft', 'cancelled') AND deadline >= %(start)s AND deadline < %(end)s GROUP BY 1",
    'training_hours':
        "SELECT c.employee_id, SUM(COALESCE(c.duration, 0)), COUNT(*) FROM hr_resume_line c JOIN hr_resume_line_type t"
        " ON t.id = c.line_type_id AND t.is_course WHERE COALESCE(c.date_end, c.date_start) >= %(start)s"
        " AND COALESCE(c.date_end, c.date_start) < %(end)s GROUP BY 1",
    'bench_five_stars':
        f"SELECT employee_id, SUM((rating_value = 5)::int), COUNT(*) FROM {REQUEST} WHERE done_at >= %(start)s AND done_at < %(end)s"
        f" AND rating_value > 0 GROUP BY 1",
}
EMPLOYEE = "ids[1 + n %% array_length(ids, 1)]"
#: every minute of three years comes up, whatever the number of cases; 7919 shares no factor with them
BEGIN = "timestamp '2024-01-01' + n::bigint * 7919 %% 1576800 * interval '1 minute'"
#: of a complaint and a callback: every so-and-so many requests; they share no factor with the days
PER_COMPLAINT, PER_CALLBACK, PER_ACTION = 21, 11, 101
CLOCK = {
    'name': "'B' || n", 'create_date': BEGIN, 'sla_start_at': BEGIN, 'response_deadline': f"{BEGIN} + interval '24 hours'",
    'resolution_deadline': f"{BEGIN} + interval '72 hours'", 'sla_next_escalation_at': 'NULL', 'sla_next_deadline': 'NULL',
    'responded_at': f"{BEGIN} + n %% 30 * interval '1 hour'", 'done_at': f"{BEGIN} + n %% 90 * interval '1 hour'", 'access_token': 'NULL'}
VALUES = {
    REQUEST: {
        **CLOCK, 'state': "'closed'", 'closed_at': f"{BEGIN} + interval '100 hours'", 'rating_value': 'n %% 6',
        'rework_count': "CASE WHEN n %% 17 = 0 THEN 1 ELSE 0 END", 'employee_id': EMPLOYEE,
        'work_summary': "CASE WHEN n %% 9 = 0 THEN NULL ELSE 'Done' END", 'work_start': BEGIN, 'work_end': BEGIN},
    COMPLAINT: {
        **CLOCK, 'state': "'closed'", 'closed_at': f"{BEGIN} + interval '100 hours'", 'employee_id': EMPLOYEE, 'kind': "'complaint'",
        'about_employee_id': EMPLOYEE, 'request_id': f'first + n * {PER_COMPLAINT}', 'fault': "CASE WHEN n %% 3 = 0 THEN 'team' END",
        'reopen_count': 'CASE WHEN n %% 7 = 0 THEN 1 ELSE 0 END', 'is_repeat': 'n %% 5 = 0'},
    CALLBACK: {
        **CLOCK, 'state': "'done'", 'caller_id': "users[1 + n %% array_length(users, 1)]", 'worker_id': EMPLOYEE, 'result':
        "CASE WHEN n %% 4 = 0 THEN 'dissatisfied' ELSE 'satisfied' END", 'origin_request_id': f'first + n * {PER_CALLBACK}'},
    ACTION: {
        **CLOCK, 'state': "CASE WHEN n %% 8 = 0 THEN 'ineffective' ELSE 'verified' END", 'responsible_id': EMPLOYEE,
        'deadline': f"({BEGIN})::date + 2", 'pattern_key': 'NULL', 'previous_id': 'NULL'},
}


def copy_rows(env, table, template, count):
    """Bring the table to ``count`` copies of one row that the ORM made, with the values above."""
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table])
    columns = [name for name, in env.cr.fetchall() if name != 'id']
    quoted = ", ".join(f'"{name}"' for name in columns)
    taken = ", ".join(VALUES[table].get(name, f't."{name}"') for name in columns)
    for start in range(0, count, 200_000):
        env.cr.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {taken} FROM {table} t,"
            " (SELECT array_agg(id ORDER BY id) AS ids FROM hr_employee) e,"
            " (SELECT array_agg(user_id ORDER BY id) AS users FROM hr_employee WHERE user_id IS NOT NULL) u,"
            f" (SELECT min(id) AS first FROM {REQUEST}) r, generate_series(%s::int, %s::int) AS n WHERE t.id = %s",
            [start + 1, min(start + 200_000, count), template.id])
        env.cr.commit()


def fill(env, employees, cases):
    """Make employees and cases, once."""
    Employee, Request = env['hr.employee'], env['property.service.request']
    if Request.search_count([], limit=2) > 1:
        return
    Employee.create([{'name': f"Bench {number}"} for number in range(employees - Employee.search_count([]))])
    users = env['res.users'].create([{'name': f"Caller {number}", 'login': f'bench{number}'} for number in range(20)])
    for employee, user in zip(Employee.search([('user_id', '=', False)], limit=20), users):
        employee.user_id = user
    kind = env['hr.resume.line.type'].create({'name': "Course", 'is_course': True})
    env['hr.resume.line'].create([{
        'employee_id': employee.id, 'name': "Course", 'line_type_id': kind.id, 'date_start': f'2026-{1 + employee.id % 6:02d}-10',
        'date_end': f'2026-{1 + employee.id % 6:02d}-11', 'duration': 4} for employee in Employee.search([])])
    env.cr.commit()
    estate = env['property.service.estate'].create({'name': "Bench", 'code': 'BENCH'})
    category = env['property.service.category'].create({'name': "Bench", 'code': 'bench'})
    service = env['property.service.type'].create({'name': "Bench", 'code': 'bench', 'category_id': category.id})
    resident = env['res.partner'].create({'name': "Bench"})
    request = Request.create({
        'title': "Bench", 'type_id': service.id, 'estate_id': estate.id, 'contact_name': "A", 'contact_phone': "1", 'employee_id': False})
    complaint = env['property.service.complaint'].create({
        'title': "Bench", 'category_id': category.id, 'estate_id': estate.id, 'contact_name': "A", 'contact_phone': "1"})
    callback = env['property.service.callback'].create({'partner_id': resident.id})
    action = env['property.service.corrective.action'].create({'title': "Bench", 'estate_id': estate.id, 'deadline': START})
    env.flush_all()
    for table, template, count in (
            (REQUEST, request, cases), (COMPLAINT, complaint, cases // PER_COMPLAINT), (CALLBACK, callback, cases // PER_CALLBACK),
            (ACTION, action, cases // PER_ACTION)):
        copy_rows(env, table, template, count)
    env.cr.execute(
        f"INSERT INTO property_service_state_log (request_id, company_id, to_state, at, by_id, employee_id, paused)"
        f" SELECT r.id, r.company_id, s.state, r.sla_start_at + s.hours * interval '1 hour', 1,"
        f" CASE WHEN s.state = 'new' THEN NULL ELSE r.employee_id END, false FROM {REQUEST} r,"
        f" (VALUES ('new', 0), ('dispatched', 1), ('done', 20)) AS s (state, hours) WHERE r.id != %s", [request.id])
    env.cr.commit()
    for table in (*VALUES, 'property_service_state_log', 'hr_employee', 'hr_resume_line'):
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()


def make_cycle(env):
    from odoo.fields import Command
    own = env['property.service.indicator'].create({
        'name': "Five Stars", 'code': 'bench_five_stars', 'definition': "Work rated with five stars", 'own_date': 'done_at',
        'own_domain': "[('rating_value', '>', 0)]", 'own_numerator': "[('rating_value', '=', 5)]"})
    own.action_activate()
    indicators = [env.ref(f'property_service.indicator_{code}') for code in BY_HAND if code != own.code] + [own]
    weight = round(100 / len(indicators), 2)
    weights = [weight] * (len(indicators) - 1) + [round(100 - weight * (len(indicators) - 1), 2)]
    scheme = env['property.service.assessment.scheme'].create({
        'name': "Bench", 'code': f"bench{time.time()}", 'with_self': False,
        'line_ids': [Command.create({'indicator_id': indicator.id, 'weight': part}) for indicator, part in zip(indicators, weights)],
        'band_ids': [Command.create({'name': "A", 'minimum': 0})]})
    scheme.action_activate()
    cycle = env['property.service.assessment.cycle'].create({'scheme_id': scheme.id, 'date_from': date.fromisoformat(START)})
    cycle._generate()
    cycle._set_state('running')
    env.flush_all()
    return cycle, dict(zip(BY_HAND, indicators))


def get_figures(indicators, period, subjects):
    """Count all indicators as a trial of a scheme does."""
    from odoo.addons.property_service.models.judgement.sources.snapshot import snapshot
    indicators = [*indicators.values()]
    with snapshot(indicators[0].concat(*indicators), period, subjects) as (copied, people):
        return [indicator._get_figures(copied, people) for indicator in indicators]


def compare(cr, cycle, indicators, bounds):
    """Stop unless the cycle's figures are those of the hand-written SQL, for every employee and indicator."""
    for code, indicator in indicators.items():
        cr.execute(BY_HAND[code], bounds)
        expected = {key: (float(n), float(d)) for key, n, d in cr.fetchall() if key}
        cr.execute(
            "SELECT a.employee_id, l.numerator, l.denominator FROM property_service_assessment_line l JOIN property_service_assessment a"
            " ON a.id = l.assessment_id WHERE a.cycle_id = %s AND l.indicator_id = %s AND l.case_count > 0", [cycle.id, indicator.id])
        found = {key: (float(n), float(d)) for key, n, d in cr.fetchall()}
        if not found or found != expected:
            wrong = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)][:3]
            raise SystemExit(f"{code}: {[(key, found.get(key), expected.get(key)) for key in wrong]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--employees', type=int, default=1000)
    parser.add_argument('--cases', type=int, default=1_000_000)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--database', default=DATABASE)
    parser.add_argument('--each', action='store_true', help="also show each indicator")
    options = parser.parse_args()
    ensure_database(options.database, update=True)
    registry = open_registry(options.database)
    import odoo
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        env.company.resource_calendar_id.tz = 'UTC'
        fill(env, options.employees, options.cases)
        cycle, indicators = make_cycle(env)
        period = cycle._get_period()
        bounds = {'start': period.start, 'end': period.end}
        subjects = cycle._get_subjects()
        cr.execute("SAVEPOINT empty")
        cycle._compute_figures()
        env.flush_all()
        compare(cr, cycle, indicators, bounds)
        people = len(cycle.assessment_ids)
        cr.execute("SELECT count(*) FROM property_service_assessment_evidence e JOIN property_service_assessment_line l ON l.id = e.line_id"
                   " JOIN property_service_assessment a ON a.id = l.assessment_id WHERE a.cycle_id = %s", [cycle.id])
        counted = cr.fetchone()[0]
        calls = {
            'by hand': lambda: [(cr.execute(BY_HAND[code], bounds), cr.fetchall()) for code in BY_HAND],
            'figures': lambda: get_figures(indicators, period, subjects),
            'cycle': cycle._compute_figures,
        }
        spent = {title: [] for title in calls}
        for number in range(options.rounds + 1):
            for title, call in calls.items():
                if title == 'cycle':  # a cycle begins without evidence
                    cr.execute("ROLLBACK TO SAVEPOINT empty")
                    env.invalidate_all(flush=False)
                before, start = cr.sql_log_count, time.perf_counter()
                call()
                env.flush_all()
                if number:
                    spent[title].append(time.perf_counter() - start)
                if number == options.rounds:
                    print(f"{title:10} {statistics.median(spent[title]):8.2f} s  {cr.sql_log_count - before:4} queries")
        if options.each:
            for code, indicator in indicators.items():
                start = time.perf_counter()
                cr.execute(BY_HAND[code], bounds)
                middle = time.perf_counter()
                indicator._get_figures(period, subjects)
                print(f"  {code:22} by hand {middle - start:6.3f} s, alone {time.perf_counter() - middle:6.3f} s")
        hand = statistics.median(spent['by hand'])
        print(f"{people} assessments, {len(indicators)} indicators, {counted} cases counted, "
              f"figures ÷ by hand {statistics.median(spent['figures']) / hand:.2f}, "
              f"cycle ÷ by hand {statistics.median(spent['cycle']) / hand:.2f}, "
              f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        cr.rollback()


if __name__ == '__main__':
    main()
