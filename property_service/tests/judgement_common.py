import random
from datetime import date, datetime, timedelta

from odoo.fields import Command

from .common import PropertyServiceTransactionCase

START, END = date(2025, 3, 1), date(2025, 3, 31)


class JudgementCase(PropertyServiceTransactionCase):
    """Work of March 2025, its facts set as if it had happened then; drawn from a seed, so that every corner occurs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent_employee = cls.env['hr.employee'].create({'name': "Qian Agent", 'user_id': cls.users['agent'].id})
        cls.workers = cls.worker | cls.colleague
        cls.period = cls.company._get_assessment_period(START, END)

    @classmethod
    def set_facts(cls, record, **facts):
        record._as_system().write(facts)

    @classmethod
    def make_work(cls, count=60, seed=7):
        """Create requests, complaints and callbacks of the period and around it."""
        rng = random.Random(seed)
        env = cls.env
        requests = env['property.service.request'].create([{
            'title': f"Work {number}", 'type_id': rng.choice((cls.type_repair, cls.type_simple)).id,
            'unit_id': rng.choice((cls.unit.id, cls.unit2.id, False)), 'estate_id': cls.estate.id, 'partner_id': cls.resident.id,
            'user_id': cls.users['agent'].id, 'team_id': cls.team.id,
        } for number in range(count)])
        for request in requests:
            begin = datetime(2025, 2, 26) + timedelta(minutes=rng.randrange(36 * 24 * 60))
            answered = begin + timedelta(hours=rng.randrange(1, 60)) if rng.random() < 0.9 else False
            done = begin + timedelta(hours=rng.randrange(1, 120)) if rng.random() < 0.85 else False
            cancelled = not done and rng.random() < 0.4
            cls.set_facts(
                request, state='closed' if done else 'cancelled' if cancelled else 'dispatched', sla_start_at=begin,
                employee_id=rng.choice(cls.workers).id, responded_at=answered, done_at=done,
                closed_at=(done or begin) + timedelta(hours=rng.randrange(1, 90)) if done or cancelled else False,
                rating_value=rng.choice((0, 0, 2, 3, 4, 5)) if done else 0, rework_count=rng.choice((0, 0, 0, 1, 2)) if done else 0,
                work_summary=rng.choice(("Done", False)), work_start=done and done - timedelta(hours=1), work_end=done,
                contact_phone=rng.choice(("13800138000", False)))
            request.checklist_ids.write({'done': rng.random() < 0.7})
            request.flush_recordset()
            env.cr.execute(
                "UPDATE property_service_request SET response_deadline = %(answer)s, response_risk_at = %(answer)s,"
                " resolution_deadline = %(solution)s, resolution_risk_at = %(solution)s WHERE id = %(id)s",
                {'answer': begin + timedelta(hours=24), 'solution': begin + timedelta(hours=72), 'id': request.id})
            request.invalidate_recordset()
        complaints = env['property.service.complaint'].create([{
            'title': f"Complaint {number}", 'kind': rng.choice(('complaint', 'complaint', 'praise')), 'category_id': cls.category.id,
            'request_id': rng.choice(requests).id, 'team_id': cls.team.id, 'unit_id': cls.unit.id,
            'about_employee_id': rng.choice((cls.worker.id, False)), 'employee_id': rng.choice(cls.workers).id,
            'fault': rng.choice((False, 'none', 'team')),
        } for number in range(count // 4)])
        for complaint in complaints:
            begin = datetime(2025, 2, 26) + timedelta(minutes=rng.randrange(36 * 24 * 60))
            done = begin + timedelta(hours=rng.randrange(1, 120))
            at_fault = rng.random() < 0.3
            if at_fault:
                complaint.write({'fault': 'employee', 'fault_employee_id': rng.choice(cls.workers).id})
            cls.set_facts(
                complaint, state=rng.choice(('closed', 'answered', 'withdrawn')), sla_start_at=begin, responded_at=begin, done_at=done,
                closed_at=done, reopen_count=rng.choice((0, 0, 1)), is_repeat=rng.random() < 0.2)
            complaint.flush_recordset()
            env.cr.execute(
                "UPDATE property_service_complaint SET response_deadline = %(answer)s, response_risk_at = %(answer)s,"
                " resolution_deadline = %(solution)s, resolution_risk_at = %(solution)s WHERE id = %(id)s",
                {'answer': begin + timedelta(hours=24), 'solution': begin + timedelta(hours=72), 'id': complaint.id})
            complaint.invalidate_recordset()
        callbacks = env['property.service.callback'].create([{
            'origin': 'request', 'origin_request_id': request.id, 'planned_at': datetime(2025, 3, 2),
            'partner_id': cls.resident.id,
        } for request in requests[:count // 2]])
        env.flush_all()
        for callback in callbacks:
            state = rng.choice(('done', 'done', 'planned', 'cancelled'))
            deadline = datetime(2025, 2, 27) + timedelta(hours=rng.randrange(33 * 24))
            done = deadline + timedelta(hours=rng.randrange(-40, 20))
            env.cr.execute(
                "UPDATE property_service_callback SET state = %s, caller_id = %s, resolution_deadline = %s, done_at = %s, result = %s"
                " WHERE id = %s", (
                    state, rng.choice((cls.users['agent'].id, cls.users['supervisor'].id)), deadline, done if state == 'done' else None,
                    rng.choice(('satisfied', 'neutral', 'dissatisfied')) if state == 'done' else None, callback.id))
        course = env['hr.resume.line.type'].create({'name': "Course", 'is_course': True})
        env['hr.resume.line'].create([{
            'employee_id': cls.worker.id, 'name': f"Course {day}", 'line_type_id': course.id, 'date_start': day, 'date_end': day,
            'duration': hours} for day, hours in (('2025-03-10', 4), ('2025-03-31', 3), ('2025-04-01', 8))])
        actions = env['property.service.corrective.action'].create([{
            'title': f"Action {number}", 'responsible_id': rng.choice(cls.workers).id, 'estate_id': cls.estate.id,
            'deadline': date(2025, 2, 25) + timedelta(days=rng.randrange(40))} for number in range(count // 3)])
        env.flush_all()
        for action in actions:
            done = datetime.combine(action.deadline, datetime.min.time()) + timedelta(hours=rng.randrange(-30, 40))
            state = rng.choice(('draft', 'done', 'verified', 'ineffective', 'in_progress', 'cancelled'))
            env.cr.execute('UPDATE property_service_corrective_action SET state = %s, done_at = %s WHERE id = %s', (
                state, done if state in ('done', 'verified', 'ineffective') else None, action.id))
        env.invalidate_all(flush=False)
        template = env['property.service.inspection.template'].create({'name': "Round", 'section_ids': [Command.create({
            'name': "Place", 'item_ids': [Command.create({'name': name, 'kind': 'scale'}) for name in ("Clean", "Friendly", "Quiet")]})]})
        inspections = env['property.service.inspection'].create([{
            'template_id': template.id, 'estate_id': cls.estate.id, 'team_id': rng.choice((cls.team.id, False)),
            'employee_id': rng.choice((cls.worker.id, cls.colleague.id, False)),
        } for _number in range(count // 3)])
        for inspection in inspections:
            for line in inspection.line_ids:
                inspection.action_answer(line_id=line.id, value=rng.choice((1, 2, 3, 4, 5)))
            if rng.random() < 0.8:
                inspection.action_finish()
                cls.set_facts(inspection, done_at=datetime(2025, 2, 26) + timedelta(minutes=rng.randrange(36 * 24 * 60)))
        cls._make_material(requests)
        cls.work = {'request': requests, 'complaint': complaints, 'callback': callbacks, 'action': actions, 'inspection': inspections}
        return cls.work

    @classmethod
    def _make_material(cls, requests):
        """What was used up on the requests, and what was recorded of the workers' conduct."""
        rng, env = random.Random(11), cls.env
        pipe, tap = env['product.product'].create([
            {'name': name, 'type': 'consu', 'standard_price': cost, 'list_price': 2 * cost} for name, cost in (("Pipe", 5.5), ("Tap", 96))])
        env['property.service.charge'].create([{
            'request_id': request.id, 'product_id': rng.choice((pipe, pipe, tap)).id, 'quantity': rng.choice((1, 2, 3)),
        } for request in requests.filtered(lambda request: request.kind == 'service') if rng.random() < 0.7])
        cls.type_simple.material_cost = 20
        conduct = env.ref('property_service.conduct_s03') | env.ref('property_service.conduct_s02') | env.ref('property_service.conduct_s08')
        env['property.service.points'].create([{
            'employee_id': rng.choice(cls.workers).id, 'conduct_rule_id': rng.choice(conduct).id, 'description': "Seen by the guard",
            'date': date(2025, 2, 26) + timedelta(days=rng.randrange(36)), 'state': rng.choice(('approved', 'approved', 'rejected')),
        } for _number in range(12)])

    @classmethod
    def hand_over(cls, request, moments):
        """Replace the request's log: ``moments`` is a list of (datetime, employee)."""
        cls.env.cr.execute("DELETE FROM property_service_state_log WHERE request_id = %s", (request.id,))
        request.env['property.service.state.log'].create([{
            'request_id': request.id, 'company_id': cls.company.id, 'from_state': 'dispatched', 'to_state': 'dispatched', 'at': at,
            'by_id': cls.env.uid, 'employee_id': employee.id} for at, employee in moments])
        cls.env.flush_all()

    @classmethod
    def ref(cls, code):
        return cls.env.ref(f'property_service.indicator_{code}')


def set_of(*ids):
    return Command.set(list(ids))
