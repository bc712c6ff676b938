from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytz
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.judgement.sources import SOURCES
from ..models.judgement.sources.snapshot import snapshot
from ..tools import scoring
from .judgement_common import JudgementCase

SHIPPED = (
    'response_on_time', 'resolution_on_time', 'satisfaction', 'complaint_rate', 'complaint_escalation', 'rework_rate', 'callback_on_time',
    'record_completeness', 'error_rate', 'corrective_on_time', 'training_hours',
    'inspection_score', 'inspection_score_own', 'conduct', 'resource_use')
KINDS = ('request', 'complaint', 'callback', 'action', 'inspection')


def exact(number):
    """Return a sum as the database gives it, to the six digits it is exact to."""
    return Fraction(Decimal(str(number)).quantize(Decimal('0.000001'), ROUND_HALF_UP))


def to_six(figures):
    """Return recomputed sums to the digits that are compared: {employee id: (numerator, denominator, cases)}."""
    def rounded(number):
        return Fraction((Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal('0.000001'), ROUND_HALF_UP))
    return {key: (rounded(Fraction(numerator)), rounded(Fraction(denominator)), count) for key, (numerator, denominator, count) in figures.items()}


class Recomputed:
    """The shipped indicators once more, in plain Python over the exported cases: what the SQL must agree with.

    Each indicator yields ``(case or None, who did it, numerator, denominator, when)``; with a case, the state log shares it out among
    those who had it in hands. Nothing of it is taken over from the addon's SQL.
    """

    DUTIES = ('response_on_time', 'resolution_on_time', 'callback_on_time', 'corrective_on_time')

    def __init__(self, company, period, requests, complaints, callbacks, actions, inspections):
        self.company, self.period = company, period
        self.requests = [r for r in requests if not r.merged_into_id]
        self.complaints, self.callbacks, self.actions, self.found = list(complaints), list(callbacks), list(actions), list(inspections)
        self.employees = company.env['hr.employee'].with_context(active_test=False).search([('company_id', '=', company.id)])
        self.by_user = {employee.user_id: employee for employee in self.employees if employee.user_id}
        leaves = company.env['resource.calendar.leaves'].search([('resource_id', 'in', self.employees.resource_id.ids)])
        self.leaves = leaves.grouped('resource_id')

    def inside(self, at):
        return bool(at) and self.period.start <= at < self.period.end and at <= self.period.as_of

    def figures(self, code):
        sums = defaultdict(lambda: [Fraction(0), Fraction(0), 0])
        for case, holder, numerator, denominator, at in getattr(self, code)():
            for employee, part in self.shares(case, holder):
                if code in self.DUTIES and self.is_off(employee, at):
                    continue
                for index, value in enumerate((numerator * part, denominator * part, 1)):
                    sums[employee.id][index] += value
        return dict(sums)

    def is_off(self, employee, at):
        """A day off is written as its working hours: who was off in all that come before or after was off before and after, too."""
        zone = pytz.timezone(employee.resource_id.tz or 'UTC')

        def local(moment):
            return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

        for leave in self.leaves.get(employee.resource_id, ()):
            begin, end = local(leave.date_from), local(leave.date_to)
            calendar = leave.calendar_id or employee.resource_calendar_id
            midnight, last = datetime.combine(begin, time()), datetime.combine(end, time.max)
            work = [row for row in calendar.attendance_ids if row.day_period != 'lunch']
            if not any(int(row.dayofweek) == begin.weekday() and midnight + timedelta(hours=row.hour_from) < begin - timedelta(minutes=1)
                       for row in work):
                begin = midnight
            if not any(int(row.dayofweek) == end.weekday() and datetime.combine(end, time()) + timedelta(hours=row.hour_to)
                       > end + timedelta(minutes=1) for row in work):
                end = last
            if leave.time_type == 'leave' and begin <= local(at) <= end:
                return True
        return False

    def shares(self, case, holder):
        """Return [(employee, share of the time he had the case in hands, to six digits)]."""
        seconds = defaultdict(Fraction)
        if case is not None:
            stop = min(case.done_at or case.closed_at or datetime.max, self.period.as_of)
            log = case.state_log_ids.sorted('id')
            for line, following in zip(log, [*log[1:], None]):
                until = min(following.at, stop) if following else stop
                if line.employee_id:
                    spent = max(until - line.at, timedelta(0))
                    seconds[line.employee_id] += Fraction(spent // timedelta(microseconds=1), 10 ** 6)
        total = sum(seconds.values())
        if not total:
            return [(holder, Fraction(1))] if holder else []
        return [
            (employee, Fraction((Decimal(spent.numerator) / Decimal(spent.denominator) / (
                Decimal(total.numerator) / Decimal(total.denominator))).quantize(Decimal('0.000001'), ROUND_HALF_UP)))
            for employee, spent in seconds.items() if spent]

    def _on_time(self, deadline, stopped):
        for case in [*self.requests, *self.complaints]:
            due, at, closed = case[deadline], case[stopped], case.closed_at
            if self.inside(due) and (at or not closed or closed > due):
                yield case, case.employee_id, int(bool(at) and at <= due), 1, due

    def response_on_time(self):
        return self._on_time('response_deadline', 'responded_at')

    def resolution_on_time(self):
        return self._on_time('resolution_deadline', 'done_at')

    def solved(self):
        return [r for r in self.requests if r.state in ('done', 'accepted', 'closed') and self.inside(r.done_at)]

    def satisfaction(self):
        for request in self.solved():
            if request.rating_value:
                yield request, request.employee_id, int(request.rating_value >= 4), 1, request.done_at
        for callback in self.callbacks:
            if callback.result and self.inside(callback.done_at) and not callback.origin_request_id.rating_value:
                yield None, callback.worker_id, int(callback.result == 'satisfied'), 1, callback.done_at

    def complaint_rate(self):
        for request in self.solved():
            yield request, request.employee_id, 0, 1, request.done_at
        for complaint in self.complaints:
            if complaint.kind == 'complaint' and complaint.state not in ('withdrawn', 'transferred') and complaint.fault != 'none' \
                    and self.inside(complaint.sla_start_at) and complaint.fault != 'team':
                who = complaint.fault_employee_id or complaint.about_employee_id or complaint.request_id.employee_id
                yield None, who, 1, 0, complaint.sla_start_at

    def complaint_escalation(self):
        for complaint in self.complaints:
            if complaint.kind == 'complaint' and complaint.state in ('resolved', 'answered', 'closed', 'investigating') \
                    and self.inside(complaint.done_at):
                yield complaint, complaint.employee_id, int(bool(complaint.reopen_count or complaint.is_repeat)), 1, complaint.done_at

    def rework_rate(self):
        return ((r, r.employee_id, int(r.rework_count > 0), 1, r.done_at) for r in self.solved())

    def callback_on_time(self):
        for callback in self.callbacks:
            due = callback.resolution_deadline
            if callback.state != 'cancelled' and self.inside(due):
                yield None, self.by_user.get(callback.caller_id), int(bool(callback.done_at) and callback.done_at <= due), 1, due

    def record_completeness(self):
        for request in self.solved():
            if request.kind != 'service':
                continue
            signed = not request.type_id.requires_signature or request.signed_at or request.resident_absent
            whole = request.unit_id and request.contact_phone and request.work_summary and request.work_start and request.work_end \
                and signed and all(step.done for step in request.checklist_ids if step.required)
            yield request, request.employee_id, int(bool(whole)), 1, request.done_at

    def error_rate(self):
        for request in self.solved():
            wrong = [c for c in self.complaints if c.request_id == request and c.fault in ('employee', 'team')
                     and c.state not in ('withdrawn', 'transferred')]
            yield request, request.employee_id, int(bool(wrong) or request.rework_count > 1), 1, request.done_at

    def corrective_on_time(self):
        for action in self.actions:
            if not action.deadline:
                continue
            due = self.company._property_day_start(action.deadline + timedelta(days=1)) - timedelta(seconds=1)
            if action.state not in ('draft', 'cancelled') and self.inside(due):
                kept = bool(action.done_at) and action.done_at <= due and action.state != 'ineffective'
                yield None, action.responsible_id, int(kept), 1, due

    def training_hours(self):
        for line in self.employees.resume_line_ids:
            at = datetime.combine(line.date_end or line.date_start, time(12))
            if line.line_type_id.is_course and self.period.start <= at < self.period.end:
                yield None, line.employee_id, line.duration, 1, at

    def inspections(self):
        return [one for one in self.found if one.state == 'done' and self.inside(one.done_at)]

    def inspection_score(self):
        for inspection in self.inspections():
            for member in inspection.team_id.member_ids:
                yield None, member, Fraction(str(inspection.score)), 1, inspection.done_at

    def conduct(self):
        entries = self.company.env['property.service.points'].search([('company_id', '=', self.company.id), ('state', '=', 'approved')])
        for entry in entries:
            at = self.company._property_day_start(entry.date) + timedelta(hours=12)
            if entry.conduct_rule_id and entry.points < 0 and self.period.start <= at < self.period.end:
                yield None, entry.employee_id, Fraction(str(-entry.points)), 1, at

    def resource_use(self):
        begin, cost, of_type = self.period.end - relativedelta(months=12), {}, defaultdict(list)
        for request in self.requests:
            if request.kind == 'service' and request.state in ('done', 'accepted', 'closed') and request.done_at \
                    and begin <= request.done_at < self.period.end and request.done_at <= self.period.as_of:
                cost[request] = sum((Fraction(str(charge.cost)) for charge in request.charge_ids if charge.kind == 'material'), Fraction(0))
                of_type[request.type_id].append(cost[request])
        usual = {}
        for service, costs in of_type.items():
            mean = sum(costs) / len(costs)
            usual[service] = Fraction(str(service.material_cost)) or Fraction(
                (Decimal(mean.numerator) / Decimal(mean.denominator)).quantize(Decimal('0.0001'), ROUND_HALF_UP))
        for request, spent in cost.items():
            if request.done_at >= self.period.start and usual[request.type_id]:
                yield request, request.employee_id, spent, usual[request.type_id], request.done_at

    def inspection_score_own(self):
        return ((None, one.employee_id, Fraction(str(one.score)), 1, one.done_at) for one in self.inspections())


@tagged('post_install', '-at_install')
class TestIndicator(JudgementCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_work()

    def figures(self, indicator, period=None):
        return indicator._get_company_figures(period or self.period)

    def test_independent_recomputation(self):
        recomputed = Recomputed(self.company, self.period, *(self.work[kind] for kind in KINDS))
        for code in SHIPPED:
            with self.subTest(indicator=code):
                expected = recomputed.figures(code)
                found = self.figures(self.ref(code))
                self.assertTrue(expected)
                self.assertEqual(
                    {key: (exact(n), exact(d), count) for key, (n, d, count, _actual) in found.items()},
                    to_six(expected))
                self.assertTrue(any(n for n, _d, _count in expected.values()), "the cases show something")

    def test_recomputation_knows_transfers_and_time_off(self):
        """The same with cases that changed hands and somebody on leave: the two ways agree to the last digit."""
        for index, request in enumerate(self.work['request'].filtered('done_at')[:20]):
            self.hand_over(request, [(request.sla_start_at, self.worker), (request.done_at - timedelta(minutes=7 * index), self.colleague)])
        self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'resource_id': self.worker.resource_id.id, 'date_from': datetime(2025, 3, 5), 'date_to': datetime(2025, 3, 12)})
        self.env.invalidate_all()
        recomputed = Recomputed(self.company, self.period, *(self.work[kind] for kind in KINDS))
        for code in SHIPPED:
            with self.subTest(indicator=code):
                self.assertEqual(
                    {key: (exact(n), exact(d), count) for key, (n, d, count, _actual) in self.figures(self.ref(code)).items()},
                    to_six(recomputed.figures(code)))
        self.assertTrue(any(n.denominator > 1 for n, _d, _count in recomputed.figures('resolution_on_time').values()), "cases are shared")

    def test_counted_at_once_is_counted_alike(self):
        """What a cycle counts from one copy of the period's cases is what each figure counts from all cases, also of shared ones."""
        for request in self.work['request'].filtered('done_at')[:20]:
            self.hand_over(request, [(request.sla_start_at, self.worker), (request.done_at - timedelta(minutes=9), self.colleague)])
        own = self.env['property.service.indicator'].create({
            'name': "By Day of Closing", 'code': 'closed', 'definition': "Closed work", 'own_model': 'property.service.request',
            'own_date': 'closed_at', 'own_domain': "[('type_id.code', '!=', 'nothing')]", 'own_numerator': "[('rating_value', '>', 3)]"})
        indicators = own.concat(*map(self.ref, SHIPPED))
        expected = {indicator: self.figures(indicator) for indicator in indicators}
        self.assertTrue(expected[own])
        subjects = SQL(
            "SELECT id AS subject_id, id AS holder_id, %s AS start_at, %s AS end_at FROM hr_employee WHERE company_id = %s",
            self.period.start, self.period.end, self.company.id)
        with snapshot(indicators, self.period, subjects) as (copied, people):
            self.assertEqual(set(copied.tables), {'property_service_request', 'property_service_complaint'})
            for indicator in indicators:
                with self.subTest(indicator=indicator.code):
                    self.assertEqual(indicator._get_figures(copied, people), expected[indicator])
        self.assertTrue(any(n % 1 for n, _d, _count, _actual in expected[self.ref('resolution_on_time')].values()), "cases are shared")
        self.env.cr.execute("SELECT to_regclass('pg_temp.property_service_request_of_period')")
        self.assertIsNone(self.env.cr.fetchone()[0], "nothing is left")

    def test_every_source_has_a_shipped_indicator(self):
        sources = set(self.env['property.service.indicator'].search([('state', '=', 'active')]).mapped('source'))
        self.assertLessEqual(set(SOURCES), sources)

    def test_minimum_number_of_cases(self):
        self.assertIsNone(self.ref('resource_use')._get_actual(800, 900, 4), "money is no number of cases")
        self.assertEqual(self.ref('resource_use')._get_actual(90, 100, 5), 90.0)
        indicator = self.ref('rework_rate')
        self.assertIsNone(indicator._get_actual(1, 4, 4))
        self.assertEqual(indicator._get_actual(1, 5, 5), 20.0)
        self.assertEqual(self.ref('complaint_rate')._get_actual(3, 60, 63), 5.0)
        self.assertIsNone(self.ref('complaint_escalation')._get_actual(None, None, 0))
        self.assertEqual(self.ref('training_hours')._get_actual(None, None, 0), 0.0)

    def test_transferred_cases_are_split_by_the_log(self):
        request = self.work['request'].filtered(lambda r: r.state == 'closed' and self.period.start <= r.done_at < self.period.end)[0]
        others = self.work['request'] - request
        others._as_system().write({'merged_into_id': request.id})
        self.set_facts(request, done_at=datetime(2025, 3, 10, 12), rework_count=1, employee_id=self.colleague.id)
        self.hand_over(request, [(datetime(2025, 3, 10, 0), self.worker), (datetime(2025, 3, 10, 9), self.colleague)])
        found = self.figures(self.ref('rework_rate'))
        self.assertEqual({key: (float(n), float(d)) for key, (n, d, _count, _actual) in found.items()},
                         {self.worker.id: (0.75, 0.75), self.colleague.id: (0.25, 0.25)})
        self.hand_over(request, [(datetime(2025, 3, 10, 12), self.worker)])
        self.assertEqual(set(self.figures(self.ref('rework_rate'))), {self.colleague.id}, "held by nobody: the last one")

    def test_time_off_excuses(self):
        indicator = self.ref('response_on_time')
        before = self.figures(indicator)[self.worker.id]
        self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'resource_id': self.worker.resource_id.id, 'calendar_id': self.worker.resource_calendar_id.id,
            'date_from': datetime(2025, 3, 1), 'date_to': datetime(2025, 3, 15)})
        after = self.figures(indicator)
        self.assertLess(after[self.worker.id][1], before[1])
        self.assertEqual(after[self.colleague.id], self.figures(indicator)[self.colleague.id])
        rework = self.figures(self.ref('rework_rate'))[self.worker.id]
        self.assertGreater(rework[1], 0, "only duties with a deadline are excused")

    def test_attribution(self):
        draft = self.ref('rework_rate').copy({'code': 'by_owner', 'attribution': 'owner'})
        total = sum(d for _n, d, _c, _a in self.figures(self.ref('rework_rate')).values())
        self.assertEqual({key: d for key, (_n, d, _c, _a) in self.figures(draft).items()}, {self.agent_employee.id: total})
        draft.attribution = 'leader'
        self.assertEqual({key: d for key, (_n, d, _c, _a) in self.figures(draft).items()}, {self.leader.id: total})
        draft.attribution = 'team'
        self.assertEqual({key: d for key, (_n, d, _c, _a) in self.figures(draft).items()},
                         {self.worker.id: total, self.colleague.id: total})

    def test_own_indicator(self):
        Indicator = self.as_role('hr', 'property.service.indicator')
        own = Indicator.create({
            'name': "Five Stars", 'code': 'five', 'definition': "Work rated with five stars", 'own_model': 'property.service.request',
            'own_date': 'done_at', 'own_domain': "[('rating_value', '>', 0)]", 'own_numerator': "[('rating_value', '=', 5)]"})
        rated = [r for r in self.work['request'] if r.rating_value and self.period.start <= r.done_at < self.period.end]
        self.assertEqual(
            {key: (n, d) for key, (n, d, _c, _a) in self.figures(own).items()},
            {worker.id: (sum(r.rating_value == 5 for r in rated if r.employee_id == worker),
                         sum(r.employee_id == worker for r in rated)) for worker in self.workers})
        own.write({'aggregate': 'mean', 'own_value_field': 'rating_value', 'own_numerator': False})
        found = self.figures(own)[self.worker.id]
        stars = [r.rating_value for r in rated if r.employee_id == self.worker]
        self.assertEqual(found[3], scoring.rounded(sum(stars) / len(stars), 4))
        self.assertIn("No case of last month", own.preview)

    def test_preview_shows_last_month(self):
        own = self.as_role('hr', 'property.service.indicator').create({
            'name': "All", 'code': 'all', 'definition': "All work", 'own_date': 'sla_start_at'})
        month_ago = self.env.cr.now() - relativedelta(months=1)
        self.set_facts(self.work['request'][0], sla_start_at=month_ago.replace(day=15), employee_id=self.worker.id)
        self.assertIn(self.worker.name, own.preview)

    def test_conditions_do_not_lead_away_from_the_cases(self):
        Indicator = self.as_role('hr', 'property.service.indicator')
        vals = {'name': "Own", 'code': 'x', 'definition': "x"}
        for domain in ("[('partner_id.email', 'ilike', 'a')]", "[('user_id.password', '!=', False)]", "[('nothing', '=', 1)]", "[(", "[1]",
                       "[('message_ids.body', 'ilike', 'a')]", "[('state_log_ids', 'any', [('reason', '=', 'x')])]", "__import__('os')"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError), self.env.cr.savepoint():
                Indicator.create({**vals, 'own_domain': domain})
        Indicator.create({**vals, 'own_domain': "[('type_id.code', '=', 'leak'), ('category_id', '=', %d)]" % self.category.id})

    def test_versions(self):
        indicator = self.ref('rework_rate').with_user(self.users['hr'])
        with self.assertRaises(UserError):
            indicator.min_cases = 1
        with self.assertRaises(UserError):
            indicator.state = 'draft'
        action = indicator.action_new_version()
        following = indicator.browse(action['res_id'])
        following.write({'min_cases': 1, 'date_from': '2025-03-15'})
        self.assertEqual((following.version, following.state, following.code), (2, 'draft', 'rework_rate'))
        self.assertEqual(indicator._in_force(self.period.start.date()), indicator, "a draft never counts")
        following.action_activate()
        self.assertEqual(indicator._in_force(self.period.start.date()), indicator, "the old one counts until the new one's first day")
        self.assertEqual(indicator._in_force(self.period.end.date()), following)
        with self.assertRaises(UserError):
            following.unlink()
        with self.assertRaises(UserError):
            following.action_activate()
        following.action_retire()
        self.assertEqual(following.state, 'retired')

    def test_rights(self):
        indicator = self.ref('rework_rate')
        self.assertTrue(self.as_role('technician', indicator).definition)
        with self.assertRaises(AccessError):
            self.as_role('technician', indicator).preview  # noqa: B018
        with self.assertRaises(AccessError):
            self.as_role('manager', indicator).action_new_version()

    def test_queries_do_not_depend_on_the_number_of_employees(self):
        indicator = self.ref('response_on_time')
        self.figures(indicator)
        self.env['hr.employee'].create([{'name': f"More {number}"} for number in range(20)])
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.figures(indicator)
