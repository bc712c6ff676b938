"""Escalation under fire: worker processes killed with SIGKILL in the middle, two at once, connections cut by the database.

    ./dev bench sla_kill --database NAME [--cases 120]

The database must have the addon; use a scratch one. Makes overdue urgent requests, lets processes escalate them and kills
each at a random moment, until one is left to finish; in every second round two work at once, and once all connections are
cut as by a restart of the server. Then counts: each escalation done exactly once, each activity given exactly once, nothing
pending. Exits with 1 otherwise.
"""
import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta


def connect(database):
    sys.path.append(os.environ['DEV_ODOO_PATH'])
    import odoo
    from odoo.modules.registry import Registry
    odoo.tools.config.parse_config(['-d', database, '--no-http', '--log-level=critical', '--max-cron-threads=0'])
    cr = Registry(database).cursor()
    return odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})


def work(database):
    """Escalate what is due, as the cron does, after telling the parent that it begins."""
    env = connect(database)
    print("begins", flush=True)
    env['property.service.request']._cron_escalate(batch_size=10)
    print("ends", flush=True)


def prepare(env, count):
    """Commit ``count`` urgent requests that became overdue two days ago, dispatched to one worker; return their ids."""
    User = env['res.users'].with_context(no_reset_password=True)
    user = User.search([('login', '=', 'bench_kill')]) or User.create({
        'name': "Bench Kill", 'login': 'bench_kill', 'group_ids': [(4, env.ref('property_service.group_supervisor').id)]})
    Employee = env['hr.employee']
    employee = Employee.search([('user_id', '=', user.id)]) or Employee.create({'name': "Bench Kill", 'user_id': user.id})
    Type = env['property.service.type']
    service = Type.search([('code', '=', 'bench_kill')])
    if not service:
        team = env['property.service.team'].create({'name': "Bench kill", 'leader_id': employee.id})
        category = env['property.service.category'].create({'name': "Bench kill", 'code': 'bench_kill', 'team_id': team.id})
        service = Type.create({'name': "Bench kill", 'code': 'bench_kill', 'category_id': category.id})
        env['property.service.estate'].create({'name': "Bench kill", 'code': 'BENCHK', 'manager_id': employee.id})
        env['property.service.sla.policy'].create({
            'name': "Bench kill", 'type_id': service.id, 'priority': '2', 'response_hours': 1, 'resolution_hours': 1})
    estate = env['property.service.estate'].search([('code', '=', 'BENCHK')])
    start = env.cr.now() - timedelta(days=2)
    requests = env['property.service.request']._as_system().create([{
        'title': "Bench kill", 'type_id': service.id, 'estate_id': estate.id, 'priority': '2', 'contact_name': "A",
        'contact_phone': "1", 'sla_start_at': start.replace(microsecond=0),
    } for _case in range(count)])
    env.cr.commit()
    return requests.ids


def count_pending(env, ids):
    env.cr.commit()
    env.invalidate_all()
    events = env['property.service.sla.event'].search([('request_id', 'in', ids)])
    states = Counter(events.mapped('state'))
    return len(ids) * 6 - states['done'], states


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--database', '-d', required=True)
    parser.add_argument('--cases', type=int, default=120)
    parser.add_argument('--worker', action='store_true', help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return work(arguments.database)
    env = connect(arguments.database)
    ids = prepare(env, arguments.cases)
    order = random.Random(7)
    command = [sys.executable, __file__, '--database', arguments.database, '--worker']
    killed = 0
    for number in range(8):
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _worker in range(1 + number % 2)]
        for worker in workers:
            worker.stdout.readline()
        time.sleep(order.uniform(0.3, 2.5))
        if number == 3:
            env.cr.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE datname = current_database() AND pid != pg_backend_pid()")
            env.cr.commit()
        for worker in workers:
            killed += worker.poll() is None
            worker.kill()
            worker.wait()
        left, states = count_pending(env, ids)
        print(f"round {number + 1}: {len(workers)} killed, {states['done']} done, {left} left", flush=True)
        if not left:
            break
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    left, states = count_pending(env, ids)
    kind = env.ref('property_service.mail_activity_type_escalation').id
    activities = Counter(env['mail.activity'].search([
        ('res_model', '=', 'property.service.request'), ('res_id', 'in', ids), ('activity_type_id', '=', kind)]).mapped('res_id'))
    # six levels: two warnings of which the answer's tells somebody, two deadlines, two reminders a day later
    wrong = {case_id: activities[case_id] for case_id in ids if activities[case_id] != 5}
    print(f"{len(ids)} cases, {killed} processes killed: {dict(states)}; activities per case: {Counter(activities.values())}")
    print("nothing lost, nothing twice" if not left and not wrong else f"WRONG: {left} left, {wrong}")
    return 1 if left or wrong else 0


if __name__ == '__main__':
    sys.exit(main())
