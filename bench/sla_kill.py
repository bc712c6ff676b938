"""Escalation under fire: worker processes killed with SIGKILL in the middle, two at once, PostgreSQL killed and started again.

    ./dev bench sla_kill --database NAME [--cases 60]

The database must have the addon; it is only read: the work takes place on a copy in a PostgreSQL of its own in a temporary folder.
Makes overdue urgent requests, complaints and callbacks and lets processes escalate them. In each round they are killed at a random
moment, in every second round two work at once, and in every third the database server is stopped in the middle (immediate mode: no
goodbye, it recovers from its log) and started again; those who survive go on. In the end one process finishes. Then counts: each
escalation done exactly once, each message sent and each activity given exactly once, nothing pending. Exits with 1 otherwise.
"""
import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

KINDS = ('request', 'complaint', 'callback')
#: Escalations of a case; each sends one message, to whoever does the work.
LEVELS = {'request': 6, 'complaint': 6, 'callback': 3}
#: Activities of a case. To whoever does the work: answer due, answer missed, solution due, solution missed; to the leader both missed
#: deadlines, and to the estate manager a day later. A callback has no answer and no leader.
ACTIVITIES = {'request': 4 + 2 + 2, 'complaint': 4 + 2 + 2, 'callback': 2 + 1}
#: That of each escalation, and one that announces each activity.
MESSAGES = {kind: LEVELS[kind] + ACTIVITIES[kind] for kind in KINDS}


def connect(database):
    sys.path.append(os.environ['DEV_ODOO_PATH'])
    import odoo
    from odoo.modules.registry import Registry
    odoo.tools.config.parse_config(['-d', database, '--no-http', '--log-level=critical', '--max-cron-threads=0'])
    odoo.sql_db.close_all()  # the server may have been killed since: no connection of before is of use
    cr = Registry(database).cursor()
    return odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})


def work(database):
    """Escalate what is due, as the cron does, after telling the parent that it begins; connect again when the server is back."""
    import psycopg2
    lost = 0
    while lost < 60:
        try:
            env = connect(database)
            print("begins", flush=True)
            env['property.service.request']._cron_escalate(batch_size=10)
            print("ends", flush=True)
            return
        except (psycopg2.DatabaseError, psycopg2.InterfaceError):
            lost += 1
            time.sleep(0.5)
    sys.exit(1)


def prepare(env, count):
    """Commit ``count`` urgent cases that became overdue two days ago, half of them requests; return {kind: ids}."""
    User = env['res.users'].with_context(no_reset_password=True)
    users = {role: User.create({'name': f"Bench {role}", 'login': f'bench_kill_{role}', 'email': f'{role}@example.com', 'group_ids': [
        (4, env.ref('property_service.group_supervisor').id)]}) for role in ('worker', 'leader', 'manager')}
    employees = {role: env['hr.employee'].create({'name': user.name, 'user_id': user.id}) for role, user in users.items()}
    always = env['resource.calendar'].create({'name': "Always", 'attendance_ids': [(5,), *(
        (0, 0, {'name': "Day", 'dayofweek': str(day), 'hour_from': 0, 'hour_to': 24, 'day_period': 'morning'}) for day in range(7))]})
    team = env['property.service.team'].create({
        'name': "Bench kill", 'leader_id': employees['leader'].id, 'calendar_id': always.id, 'auto_dispatch': False,
        'member_ids': [(4, employees['worker'].id)]})
    category = env['property.service.category'].create({'name': "Bench kill", 'code': 'bench_kill', 'team_id': team.id})
    service = env['property.service.type'].create({'name': "Bench kill", 'code': 'bench_kill', 'category_id': category.id})
    estate = env['property.service.estate'].create({
        'name': "Bench kill", 'code': 'BENCHK', 'manager_id': employees['manager'].id, 'calendar_id': always.id})
    building = env['property.service.building'].create({'name': "B", 'code': 'B', 'estate_id': estate.id})
    unit = env['property.service.unit'].create({'code': '1', 'building_id': building.id})
    resident = env['res.partner'].create({'name': "Bench Resident"})
    env['property.service.residency'].create({'unit_id': unit.id, 'partner_id': resident.id, 'date_start': '2020-01-01'})
    moments = (('risk', 0), ('deadline', 0), ('after', 24 * 60))
    env['property.service.sla.policy'].search([]).active = False
    for kind in KINDS:
        targets = ('resolution',) if kind == 'callback' else ('response', 'resolution')
        env['property.service.sla.policy'].create({
            'name': "Bench kill", 'applies_to': kind, 'resolution_hours': 1, 'response_hours': len(targets) - 1,
            'escalation_ids': [(0, 0, {'target': target, 'moment': moment, 'minutes': minutes, 'notify_role': 'worker', 'send_mail': True})
                               for target in targets for moment, minutes in moments]})
    start = (env.cr.now() - timedelta(days=2)).replace(microsecond=0)
    common = {'title': "Bench kill", 'estate_id': estate.id, 'sla_start_at': start}
    values = {
        'request': {**common, 'type_id': service.id, 'priority': '2', 'contact_name': "A", 'contact_phone': "1",
                    'employee_id': employees['worker'].id},
        'complaint': {**common, 'category_id': category.id, 'team_id': team.id, 'description': "Noise", 'impact': '3', 'urgency': '3',
                      'contact_name': "A", 'contact_phone': "1", 'employee_id': employees['worker'].id},
        'callback': {'partner_id': resident.id, 'unit_id': unit.id, 'priority': '2', 'planned_at': start, 'sla_start_at': start,
                     'caller_id': users['worker'].id},
    }
    share = {'request': count // 2, 'complaint': count // 4, 'callback': count - count // 2 - count // 4}
    ids = {kind: env[f'property.service.{kind}']._as_system().with_context(property_service_no_mail=True).create(
        [dict(values[kind]) for _case in range(share[kind])]).ids for kind in KINDS}
    env.cr.commit()
    return ids


def count_done(database, ids):
    """Return (escalations left, Counter of their states), over a connection of its own: the one before may have been cut."""
    env = connect(database)
    with env.cr:
        states = Counter()
        for kind in KINDS:
            states += Counter(env['property.service.sla.event'].search([(f'{kind}_id', 'in', ids[kind])]).mapped('state'))
    return sum(len(ids[kind]) * LEVELS[kind] for kind in KINDS) - states['done'], states


def check(database, ids):
    """Return what is wrong in the end: escalations, messages and activities of each case that are too many or too few."""
    env = connect(database)
    types = [env.ref(f'property_service.mail_activity_type_escalation{suffix}').id for suffix in ('', '_answer')]
    wrong = []
    with env.cr:
        for kind in KINDS:
            model = f'property.service.{kind}'
            events = env['property.service.sla.event'].search([(f'{kind}_id', 'in', ids[kind]), ('state', '=', 'done')])
            found = {
                'escalations': (LEVELS, [event[f'{kind}_id'].id for event in events]),
                'messages': (MESSAGES, env['mail.message'].search([
                    ('model', '=', model), ('res_id', 'in', ids[kind]), ('message_type', '=', 'user_notification'),
                    ('author_id', '=', env.user.partner_id.id)]).mapped('res_id')),
                'activities': (ACTIVITIES, env['mail.activity'].search([
                    ('res_model', '=', model), ('res_id', 'in', ids[kind]), ('activity_type_id', 'in', types)]).mapped('res_id')),
            }
            for what, (expected, case_ids) in found.items():
                counts = Counter(case_ids)
                print(f"  {kind}: {what} per case {dict(Counter(counts[case_id] for case_id in ids[kind]))}, expected {expected[kind]}")
                wrong += [(kind, case_id, what, counts[case_id]) for case_id in ids[kind] if counts[case_id] != expected[kind]]
    return wrong


def fight(server, database, ids, rounds):
    """Let processes work and be killed; return how many were, and how often the database server was."""
    order = random.Random(7)
    command = [sys.executable, __file__, '--database', database, '--worker']
    killed = restarts = 0
    for number in range(rounds):
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _worker in range(1 + number % 2)]
        for worker in workers:
            worker.stdout.readline()
        time.sleep(order.uniform(0.5, 4.0))
        if number % 3 == 2:
            before, _states = count_done(database, ids)
            server.restart()
            restarts += 1
            after, _states = count_done(database, ids)
            print(f"round {number + 1}: database server killed and started again, {before} left before, {after} after recovery", flush=True)
            time.sleep(order.uniform(1.0, 4.0))  # those who lost their connection come back, and go on
        for worker in workers:
            killed += worker.poll() is None
            worker.kill()
            worker.wait()
        left, states = count_done(database, ids)
        print(f"round {number + 1}: {len(workers)} killed, {states['done']} done, {left} left", flush=True)
        if not left:
            break
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return killed, restarts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--database', '-d', required=True)
    parser.add_argument('--cases', type=int, default=60)
    parser.add_argument('--rounds', type=int, default=9)
    parser.add_argument('--worker', action='store_true', help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return work(arguments.database)
    from _throwaway_postgres import ThrowawayServer
    with ThrowawayServer() as server:
        server.copy(arguments.database)
        env = connect(arguments.database)
        ids = prepare(env, arguments.cases)
        env.cr.close()
        killed, restarts = fight(server, arguments.database, ids, arguments.rounds)
        left, states = count_done(arguments.database, ids)
        print(f"{arguments.cases} cases, {killed} processes killed, {restarts} restarts of the database server: {dict(states)}")
        wrong = check(arguments.database, ids)
        print("nothing lost, nothing twice" if not left and not wrong else f"WRONG: {left} left, {wrong[:20]}")
        return 1 if left or wrong else 0


if __name__ == '__main__':
    sys.exit(main())
