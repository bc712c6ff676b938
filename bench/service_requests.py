"""Creating, moving and listing requests beside Odoo's project.task and crm.lead, from 10,000 to 1,000,000 rows.

    ./dev bench service_requests [--rows 10000,100000,1000000] [--only write,read,portal] [--update]

Creates the database property_bench (the addon, Project, CRM) at the first run. Rows are filled in by SQL from records that
the ORM made, the same number for each model, then ANALYZE. All models are measured in one interleaved run, as a user who has
the role for each application; what the web client sends is taken from the views themselves. Times are medians in
milliseconds, with the number of queries beside them; ratios below 1 mean that requests are faster.
"""
import argparse
import http.cookiejar
import json
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from _common import DATABASE, ROOT, client_spec, ensure_database, markdown, measure, open_registry, view_spec

MODELS = {'request': 'property.service.request', 'task': 'project.task', 'lead': 'crm.lead'}
TABLES = {'request': 'property_service_request', 'task': 'project_task', 'lead': 'crm_lead'}
PLACES = 2000       # units and residents the requests are spread over
BASE = 200          # records of each model made by the ORM
PORTAL_ROWS = 100   # requests and tasks of the portal user


class Bench:

    def __init__(self, registry):
        self.registry = registry

    # ---- DATA ----

    def prepare(self, env):
        """Create users, places, catalogue, a project and the base records once."""
        self.user = env['res.users'].search([('login', '=', 'bench')])
        if not self.user:
            self._create_masters(env)
            env.cr.commit()
        self.user = env['res.users'].search([('login', '=', 'bench')])
        self.resident = env['res.users'].search([('login', '=', 'bench_resident')])
        self.estate = env['property.service.estate'].search([('code', '=', 'BENCH')])
        self.units = env['property.service.unit'].search([('estate_id', '=', self.estate.id)], order='id')
        self.partners = env['res.partner'].search([('ref', '=like', 'BENCH%')], order='id')
        self.types = env['property.service.type'].search([('code', '=like', 'bench%')])
        self.project = env['project.project'].search([('name', '=', "Bench")])
        self.stages = {'task': self.project.type_ids, 'lead': env['crm.stage'].search([])}
        self.payloads = {key: self._get_payload(env, key) for key in MODELS}
        self.payloads['intake'] = self._get_payload(env, 'request', 'property_service.request_intake_view_form')
        for key, model in MODELS.items():
            missing = BASE - env[model].search_count([])
            for number in range(max(missing, 0)):
                record = env[model].with_user(self.user).create(self._vary(key, number))
                if key == 'request':
                    self._advance(record, number)
                else:
                    record.stage_id = self.stages[key][number % len(self.stages[key])]
            env.cr.commit()

    def _create_masters(self, env):
        env = env(context={**env.context, 'no_reset_password': True})
        groups = ['property_service.group_supervisor', 'project.group_project_user', 'sales_team.group_sale_salesman_all_leads']
        user = env['res.users'].create({
            'name': "Bench", 'login': 'bench', 'tz': 'Asia/Shanghai', 'group_ids': [(4, env.ref(name).id) for name in groups]})
        employee = env['hr.employee'].create({'name': "Bench Worker"})
        team = env['property.service.team'].create({'name': "Bench", 'member_ids': [(4, employee.id)]})
        category = env['property.service.category'].create({'name': "Bench", 'code': 'bench', 'team_id': team.id})
        env['property.service.type'].create([{
            'name': f"Bench {number}", 'code': f'bench{number}', 'category_id': category.id, 'requires_review': number % 2 == 0,
            'checklist_ids': [(0, 0, {'name': f"Step {step}"}) for step in range(3)],
        } for number in range(10)])
        estate = env['property.service.estate'].create({'name': "Bench", 'code': 'BENCH'})
        buildings = env['property.service.building'].create([
            {'name': f"Bench {number}", 'code': str(number), 'estate_id': estate.id} for number in range(20)])
        partners = env['res.partner'].create([
            {'name': f"Resident {number}", 'ref': f'BENCH{number}', 'phone': f'138 {number:04d} 0000'} for number in range(PLACES)])
        units = env['property.service.unit'].create([
            {'code': str(number), 'building_id': buildings[number % 20].id, 'floor': number % 30} for number in range(PLACES)])
        env['property.service.residency'].create([
            {'unit_id': unit.id, 'partner_id': partner.id, 'date_start': '2020-01-01'} for unit, partner in zip(units, partners)])
        env['res.users'].create({
            'partner_id': partners[0].id, 'login': 'bench_resident', 'password': 'bench_resident',
            'group_ids': [(6, 0, [env.ref('base.group_portal').id])]})
        stages = env['project.task.type'].create([{'name': f"Stage {number}", 'sequence': number} for number in range(8)])
        env['project.project'].create({
            'name': "Bench", 'privacy_visibility': 'portal', 'type_ids': [(6, 0, stages.ids)], 'user_id': user.id})

    def _get_payload(self, env, key, view=None):
        """Return (values, specification) that the web client sends to ``web_save`` from the model's form, or from ``view``."""
        from odoo.tests.form import Form
        model = env[MODELS[key]].with_user(self.user)
        if key == 'task':
            model = model.with_context(default_project_id=self.project.id)
        elif key == 'lead':
            model = model.with_context(default_type='opportunity')
        form = Form(model, view)
        if key == 'request':
            form.title, form.description, form.type_id = "Kitchen tap leaks", "Since this morning.", self.types[1]
            form.unit_id, form.partner_id = self.units[7], self.partners[7]
        else:
            form.name, form.partner_id = "Kitchen tap leaks", self.partners[7]
            if key == 'task':
                form.project_id = self.project
        values = form._get_save_values()
        return dict(values), client_spec(form._view['fields_spec'], model)

    def _vary(self, key, number):
        values = dict(self.payloads[key][0])
        if key == 'request':
            unit, partner = self.units[number % PLACES], self.partners[number % PLACES]
            values.update(
                title=f"Kitchen tap leaks {number}", type_id=self.types[number % 10].id, unit_id=unit.id,
                building_id=unit.building_id.id, estate_id=unit.estate_id.id, partner_id=partner.id,
                contact_name=partner.name, contact_phone=partner.phone)
        else:
            values.update(name=f"Kitchen tap leaks {number}", partner_id=self.partners[number % PLACES].id)
        return values

    def _advance(self, request, number):
        """Take a base record some steps on: the last ones stay open, most are closed."""
        steps = 1 if number >= BASE - 10 else 2 if number >= BASE - 20 else 7
        request.action_register()
        if request.state == 'registered':
            request.action_approve()
        if steps == 1:
            return
        request.action_dispatch(employee_id=request.env['hr.employee'].sudo().search([('name', '=', "Bench Worker")]).id)
        if steps == 2:
            return
        request.action_start()
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Washer replaced.")
        if number % 4:
            request.action_accept()
            request.action_close()

    def fill(self, env, key, rows):
        """Bring the table to so many rows by copying the base records."""
        table, cr = TABLES[key], env.cr
        cr.execute(f'SELECT count(*), max(id) FROM {table}')
        count, last = cr.fetchone()
        if count >= rows:
            return
        overrides = {
            'id': f"{last} + n", 'create_date': "now() - (n % 500) * interval '1 day' - n * interval '1 second'",
            'write_date': "now()", 'access_token': 'NULL',
        }
        if key == 'request':
            overrides |= {
                'name': f"'SR/B/' || lpad(({last} + n)::text, 7, '0')", 'title': "'Kitchen tap leaks ' || n",
                'partner_id': f"(ARRAY{self.partners.ids})[1 + n % {PLACES}]", 'unit_id': f"(ARRAY{self.units.ids})[1 + n % {PLACES}]",
            }
        else:
            overrides |= {'name': "'Kitchen tap leaks ' || n", 'partner_id': f"(ARRAY{self.partners.ids})[1 + n % {PLACES}]"}
        cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        columns = [name for name, in cr.fetchall()]
        source = ', '.join(overrides.get(name, f'b."{name}"') for name in columns)
        names = ', '.join(f'"{name}"' for name in columns)
        cr.execute(f"""
            INSERT INTO {table} ({names})
            SELECT {source} FROM generate_series(1, {rows - count}) AS n
              JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS row, * FROM {table} ORDER BY id LIMIT {BASE}) AS b ON b.row = n % {BASE}
        """)
        if key == 'task':
            cr.execute("INSERT INTO project_task_user_rel (task_id, user_id) SELECT id, %s FROM project_task WHERE id > %s",
                       [self.user.id, last])
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        cr.commit()
        cr.execute(f'ANALYZE {table}')
        cr.commit()

    # ---- WRITES ----

    def _model(self, env, key, *context):
        model = env[MODELS[key]].with_user(self.user)
        return model.with_context(default_project_id=self.project.id) if key == 'task' \
            else model.with_context(default_type='opportunity') if key == 'lead' else model

    def measure_writes(self, rounds):
        def create_one(key):
            values, spec = self.payloads[key]
            return lambda env: self._model(env, key).web_save(dict(values), spec)

        def create_by_intake(key):
            if key != 'request':
                return create_one(key)
            values, spec = self.payloads['intake']
            return lambda env: self._model(env, key).web_save(dict(values), spec)

        def create_batch(key):
            return lambda env: self._model(env, key).create([self._vary(key, number) for number in range(100)])

        def change_state(key):
            def prepare(env):
                return self._model(env, key).create(self._vary(key, 1))

            def change(env, record):
                if key == 'request':
                    record.action_register()
                else:
                    record.web_save({'stage_id': self.stages[key][3].id}, {'id': {}})
            return prepare, change

        results = {}
        for title, make, times, size in (
            ("create, as \"New\" sends it (requests: the intake form)", create_by_intake, rounds, 1),
            ("create, as the full form sends it", create_one, rounds, 1), ("create in batches of 100, per record", create_batch, 5, 100),
            ("change of state", change_state, rounds, 1),
        ):
            found = measure(self.registry, {key: make(key) for key in MODELS}, times)
            results[title] = {key: (spent / size, queries / size) for key, (spent, queries) in found.items()}
        return results

    # ---- READS ----

    def _get_views(self, env, key):
        """Return what the client needs for list and kanban of the application's main action."""
        actions = {'request': 'property_service.request_action', 'task': 'project.action_view_all_task', 'lead': 'crm.crm_lead_opportunities'}
        action = env['ir.actions.act_window']._for_xml_id(actions[key])
        ids = {view_type: view_id for view_id, view_type in action['views']}
        model = env[MODELS[key]].with_user(self.user)
        spec, arch = view_spec(model, ids.get('list'), 'list')
        kanban_spec, kanban_arch = view_spec(model, ids.get('kanban'), 'kanban')
        group = 'state' if key == 'request' else 'stage_id'
        bar = kanban_arch.find('progressbar')
        bar = bar is not None and {'field': bar.get('field'), 'colors': json.loads(bar.get('colors'))}
        aggregates = [f"{node.get('sum_field')}:sum" for node in kanban_arch.iter('progressbar') if node.get('sum_field')]
        return spec, arch.get('default_order'), kanban_spec, kanban_arch.get('default_order'), group, bar, aggregates

    def measure_reads(self, env, rounds):
        views = {key: self._get_views(env, key) for key in MODELS}
        domains = {'request': [], 'task': [('display_in_project', '=', True)], 'lead': [('type', '=', 'opportunity')]}

        def show_list(key, domain=None):
            spec, order, *_kanban = views[key]
            return lambda env: env[MODELS[key]].with_user(self.user).web_search_read(
                domain or domains[key], spec, limit=80, order=order, count_limit=10001)

        def show_kanban(key, domain=None):
            _spec, _order, spec, order, group, bar, aggregates = views[key]

            def call(env):
                model = env[MODELS[key]].with_user(self.user)
                model.web_read_group(
                    domain or domains[key], [group], aggregates, order=order, auto_unfold=True, unfold_read_specification=spec,
                    unfold_read_default_limit=40)
                if bar:
                    model.read_progress_bar(domain or domains[key], group, bar)
            return call

        open_domain = [('is_closed', '=', False)]
        return {
            "list of 80": measure(self.registry, {key: show_list(key) for key in MODELS}, rounds),
            "kanban": measure(self.registry, {key: show_kanban(key) for key in MODELS}, max(rounds // 3, 5)),
            "open ones: list of 80": measure(self.registry, {'request': show_list('request', open_domain)}, rounds),
            "open ones: kanban": measure(self.registry, {'request': show_kanban('request', open_domain)}, max(rounds // 3, 5)),
        }

    # ---- PORTAL ----

    def fill_portal(self, env):
        """Give the portal user enough requests and tasks for a full page of each."""
        partner = self.resident.partner_id
        for key, table in (('request', TABLES['request']), ('task', TABLES['task'])):
            ids = env[MODELS[key]].search([], limit=PORTAL_ROWS, order='id').ids
            env.cr.execute(f'UPDATE {table} SET partner_id = %s WHERE id = ANY(%s)', [partner.id, ids])
        env.cr.execute(
            f"UPDATE {TABLES['request']} SET unit_id = %s WHERE partner_id = %s", [self.units[0].id, partner.id])
        env.invalidate_all()
        env['project.task'].search([('partner_id', '=', partner.id)]).message_subscribe(partner.ids)
        env.cr.commit()

    def measure_portal(self, rounds):
        """Return {page: milliseconds} of the portal lists, over HTTP."""
        sys.path.insert(0, str(ROOT))
        from devtools.setup import random_port
        port = random_port()
        server = subprocess.Popen([
            ROOT / 'dev', 'odoo', '-d', self.registry.db_name, f'--db-filter=^{self.registry.db_name}$', f'--http-port={port}',
            '--max-cron-threads=0', '--log-level=error'])
        try:
            base = f'http://127.0.0.1:{port}'
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
            self._wait(opener, base)
            login = json.dumps({'jsonrpc': '2.0', 'params': {
                'db': self.registry.db_name, 'login': 'bench_resident', 'password': 'bench_resident'}}).encode()
            opener.open(urllib.request.Request(
                f'{base}/web/session/authenticate', login, {'Content-Type': 'application/json'})).read()
            pages, timings = {'/my/services': b'href="/my/services/', '/my/tasks': b'href="/my/task'}, {}
            for number in range(rounds + 3):
                for page, link in pages.items():
                    start = time.perf_counter()
                    body = opener.open(base + page).read()
                    if number >= 3:
                        timings.setdefault(page, []).append((time.perf_counter() - start) * 1000)
                    if body.count(link) < 80:
                        raise SystemExit(f'{page} shows {body.count(link)} links only')
            return {page: statistics.median(values) for page, values in timings.items()}
        finally:
            server.terminate()
            server.wait(30)

    def _wait(self, opener, base):
        for _attempt in range(300):
            try:
                return opener.open(f'{base}/web/health').read()
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        raise SystemExit('The server did not start.')


def show(title, results):
    print(f'\n### {title}\n')
    rows = []
    for name, found in results.items():
        own, queries = found['request']
        row = [name, own, f'{queries:.4g}']
        for key in ('task', 'lead'):
            row += [found[key][0], f'{found[key][1]:.4g}', own / found[key][0]] if key in found else ['', '', '']
        rows.append(row)
    print(markdown(['', 'request ms', 'queries', 'task ms', 'queries', 'ratio', 'lead ms', 'queries', 'ratio'], rows), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--database', '-d', default=DATABASE)
    parser.add_argument('--rows', default='10000,100000,1000000')
    parser.add_argument('--only', default='write,read,portal')
    parser.add_argument('--update', action='store_true', help='the addon has changed since the database was made')
    parser.add_argument('--rounds', type=int, default=30)
    arguments = parser.parse_args()
    parts = arguments.only.split(',')
    ensure_database(arguments.database, arguments.update)
    registry = open_registry(arguments.database)
    import odoo
    bench = Bench(registry)
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        bench.prepare(env)
        cr.commit()
        if 'write' in parts:
            show("Writes", bench.measure_writes(arguments.rounds))
        for rows in map(int, arguments.rows.split(',')) if 'read' in parts else ():
            for key in MODELS:
                bench.fill(env, key, rows)
            show(f"Reads at {rows:,} rows", bench.measure_reads(env, arguments.rounds))
        if 'portal' in parts:
            bench.fill_portal(env)
            cr.commit()
            print("\n### Portal\n")
            print(markdown(['page', 'ms'], list(bench.measure_portal(arguments.rounds).items())))
    return 0


if __name__ == '__main__':
    sys.exit(main())
