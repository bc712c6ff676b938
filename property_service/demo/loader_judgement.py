"""Assessments of the last two months: one published with an appeal, one under way."""
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from .base import Loader

#: indicator -> (weight, 0 points at, 100 points at)
LINES = {
    'satisfaction': (25, 60, 95), 'resolution_on_time': (20, 60, 95), 'response_on_time': (10, 70, 98), 'rework_rate': (10, 20, 2),
    'complaint_rate': (10, 12, 1), 'record_completeness': (5, 50, 98), 'conduct': (5, 10, 0), 'manager_mark': (10, 0, 100),
    'self_mark': (5, 0, 100),
}
#: (rule of conduct, who, days before the first of this month, what happened, the employee's side, decided)
CONDUCT = [
    ('s03', 'technician3', 45, (
        "Came to the appointment at 9:40 instead of 9:00 and had not called.", "约好 9:00 上门，9:40 才到，也没有提前打电话。"),
     ("The job before took longer.", "前一单拖得久了，忘了打电话。"), True),
    ('s01', 'technician5', 20, ("No shoe covers, seen by the resident.", "进户未穿鞋套，业主反映。"), None, True),
    ('s08', 'technician6', 15, ("Handed back a purse found in the lift.", "在电梯内拾到钱包并主动归还业主。"), None, True),
    ('s02', 'cleaner2', -1, ("Loud words with a resident in the hall.", "在大堂与业主大声争执。"), None, False),
]
BANDS = [
    (("Excellent", "优秀"), 90, '5', 20, 300), (("Good", "良好"), 75, '4', 5, 100), (("Sufficient", "合格"), 60, '3', 0, 0),
    (("Insufficient", "待改进"), 0, '1', -10, 0),
]
TEAM_LINES = {'satisfaction': (40, 60, 95), 'resolution_on_time': (40, 60, 95), 'rework_rate': (20, 20, 2)}
#: (names), ladder, level, rules
GRADES = [
    (("Technician", "技工"), 'professional', 1, {'tenure_months': 3}),
    (("Senior Technician", "高级技工"), 'professional', 2, {
        'tenure_months': 12, 'result_count': 3, 'result_minimum': 75, 'without_veto': True, 'training_hours': 16}),
    (("Expert", "技师"), 'professional', 3, {
        'education': 'bachelor', 'tenure_months': 36, 'grade_months': 12, 'result_count': 6, 'result_minimum': 85, 'without_veto': True,
        'training_hours': 24}),
    (("Team Leader", "班组长"), 'management', 1, {'tenure_months': 24, 'result_count': 3, 'result_minimum': 80, 'without_veto': True}),
]
#: (course, hours, days before the first of this month)
COURSES = [(("Safe work on lifts", "电梯作业安全"), 8, 12), (("Talking with residents", "与业主沟通"), 4, 40)]
POINTS = [
    (("Praise by a resident", "业主表扬"), 'praise', 5), (("Five stars", "五星好评"), 'rating', 2),
    (("Own fault in a complaint", "有责投诉"), 'error', -5), (("Points card", "整改积分卡"), 'finding', 0.1),
]


class JudgementLoader(Loader):

    def load_judgement(self):
        """Set ``self.scheme`` and ``self.cycles``; needs the staff and the requests."""
        scheme = self.env['property.service.assessment.scheme'].create({
            'name': "Engineering, Monthly", 'code': f'{self.prefix}engineering', 'company_id': self.company.id,
            'department_ids': [Command.set([self.departments[team].id for team in ('engineering', 'cleaning')])],
            'goal': "Satisfied residents: quick, right the first time, and on record.",
            'line_ids': [Command.create({
                'indicator_id': self.env.ref(f'property_service.indicator_{code}').id, 'weight': weight, 'floor': floor, 'target': target,
                'sequence': sequence,
            }) for sequence, (code, (weight, floor, target)) in enumerate(LINES.items(), 1)],
            'band_ids': [Command.create({
                'name': names[0], 'minimum': minimum, 'stars': stars, 'points': points, 'amount': amount,
            }) for names, minimum, stars, points, amount in BANDS],
        })
        self.translate(scheme, name="工程与保洁月度考核", goal="让业主满意：及时、一次修好、记录齐全。")
        for band, (names, *_rest) in zip(scheme.band_ids.sorted('minimum', reverse=True), BANDS):
            self.translate(band, name=names[1])
        scheme.action_activate()
        self.scheme = scheme
        month = fields.Date.context_today(scheme).replace(day=1)
        self._load_conduct(month)
        self._load_courses(month)
        Cycle = self._get_cycles()
        self.cycles = Cycle.create([
            {'scheme_id': scheme.id, 'date_from': month - relativedelta(months=2)},
            {'scheme_id': scheme.id, 'date_from': month - relativedelta(months=1)},
        ])
        self.cycles.action_generate()
        self._publish_cycle(self.cycles[0])
        self._load_careers()
        self._load_team_results(month)
        self._load_points(month)
        self._load_appeal(self.cycles[0])

    def _load_conduct(self, month):
        """What supervisors recorded, what the employees said, what HR decided; and a note on a resident."""
        today = fields.Date.context_today(self.scheme)
        for rule, key, days, text, side, decided in CONDUCT:
            entry = self.env['property.service.points'].with_user(self.users['supervisor']).create({
                'employee_id': self.employees[key].id, 'conduct_rule_id': self.env.ref(f'property_service.conduct_{rule}').id,
                'company_id': self.company.id, 'date': min(month - relativedelta(days=days), today), 'description': self.pick(text)})
            if side:
                entry.with_user(self.users[key]).action_give_statement(statement=self.pick(side))
            if decided:
                entry.with_user(self.users['hr']).action_approve()
        self.env['property.service.resident.note'].with_user(self.users['supervisor']).create({
            'partner_id': self.residents['resident'].id, 'company_id': self.company.id, 'measure': 'talk', 'told_on': today,
            'rule_id': self.env.ref('property_service.conduct_r02').id,
            'description': self.pick(("Dog without a lead in the lift, seen by the guard at 8:10.", "早上 8:10 遛狗未牵绳乘电梯，秩序员看到。")),
            'answer': self.pick(("Will use the lead.", "业主表示以后会牵绳。"))})

    def _load_courses(self, month):
        """Courses that some of the staff have attended: their hours count."""
        kind = self.env['hr.resume.line.type'].search([('is_course', '=', True)], limit=1) or self.env['hr.resume.line.type'].create(
            {'name': self.pick(("Training", "培训")), 'is_course': True})
        self.env['hr.resume.line'].create([{
            'employee_id': employee.id, 'name': self.pick(names), 'line_type_id': kind.id, 'duration': hours,
            'date_start': month - relativedelta(days=days), 'date_end': month - relativedelta(days=days)}
            for number, employee in enumerate(self.employees.values()) for names, hours, days in COURSES[:number % 3]])

    def _load_careers(self):
        """What jobs ask for, the ladders, and the training that follows from the gap."""
        start = fields.Date.context_today(self.scheme).replace(day=1)
        for number, employee in enumerate(self.employees.values()):
            if not employee.version_id.contract_date_start:
                employee.version_id.contract_date_start = start - relativedelta(months=8 + number * 17 % 70)
        skills = self.employees[self._get_worker()].employee_skill_ids
        job = self.employees[self._get_worker()].job_id
        best = {skill: skill.skill_type_id.skill_level_ids.sorted('level_progress')[-1:] for skill in skills.skill_id[:2]}
        job.sudo().job_skill_ids = [Command.create({  # sudo: the loader sets up jobs
            'skill_type_id': skill.skill_type_id.id, 'skill_id': skill.id, 'skill_level_id': level.id}) for skill, level in best.items()
            if skill not in job.job_skill_ids.skill_id]
        for names, track, level, values in GRADES:
            grade = self.env['property.service.career.grade'].create({
                'name': names[0], 'track': track, 'level': level, 'company_id': self.company.id, **values})
            self.translate(grade, name=names[1])
        for assessment in self.cycles[0].assessment_ids:
            if assessment._get_skill_gaps():
                assessment.action_plan_training()
        self.env['property.service.improvement'].search([('assessment_id', 'in', self.cycles[0].assessment_ids.ids)]).write({'hours': 8})

    def _get_cycles(self):
        """Return the model for HR, in the company's language: names of cycles and reasons of points have one only."""
        return self.env['property.service.assessment.cycle'].with_user(self.users['hr']).with_context(
            lang='zh_CN' if self.chinese else 'en_US')

    def _get_worker(self):
        return next(key for key, employee in self.employees.items() if employee.employee_skill_ids and employee.department_id
                    == self.departments['engineering'])

    def _load_team_results(self, month):
        """Teams have results of their own; they count for their leaders."""
        Scheme = self.env['property.service.assessment.scheme']
        leaders = self.env['hr.employee'].browse({team.leader_id.id for team in self.teams.values() if team.leader_id})
        teams = self._make_scheme(Scheme, 'teams', ("Teams, Monthly", "班组月度考核"), 'team', TEAM_LINES)
        own = self._make_scheme(Scheme, 'leaders', ("Team Leaders, Monthly", "班组长月度考核"), 'employee', {
            'team_result': (80, 0, 100), 'staff_satisfaction': (20, 40, 90)})
        Cycle, start = self._get_cycles(), month - relativedelta(months=2)
        for scheme, more in ((teams, {}), (own, {'is_ad_hoc': True, 'employee_ids': [Command.set(leaders.ids)]})):
            cycle = Cycle.create({'scheme_id': scheme.id, 'date_from': start, **more})
            cycle.action_generate()
            self._publish_cycle(cycle)

    def _make_scheme(self, Scheme, code, names, subject, lines):
        scheme = Scheme.create({
            'name': names[0], 'code': f'{self.prefix}{code}', 'company_id': self.company.id, 'subject': subject, 'with_self': False,
            'line_ids': [Command.create({
                'indicator_id': self.env.ref(f'property_service.indicator_{indicator}').id, 'weight': weight, 'floor': floor,
                'target': target, 'sequence': sequence}) for sequence, (indicator, (weight, floor, target)) in enumerate(lines.items(), 1)],
            'band_ids': [Command.create({'name': band[0], 'minimum': minimum, 'stars': stars})
                         for band, minimum, stars, _points, _amount in BANDS]})
        self.translate(scheme, name=names[1])
        for band, (band_names, *_rest) in zip(scheme.band_ids.sorted('minimum', reverse=True), BANDS):
            self.translate(band, name=band_names[1])
        scheme.action_activate()
        return scheme

    def _load_points(self, month):
        """Rules propose points; those of the month before last are approved."""
        start = month - relativedelta(months=2)
        for names, event, points in POINTS:
            rule = self.env['property.service.points.rule'].create({
                'name': names[0], 'event': event, 'points': points, 'date_from': start, 'company_id': self.company.id})
            self.translate(rule, name=names[1])
            rule.with_context(lang='zh_CN' if self.chinese else 'en_US')._propose()
        entries = self.env['property.service.points'].search([('company_id', '=', self.company.id)])
        waiting = entries.filtered(lambda entry: entry.state == 'proposed' and not entry.conduct_rule_id)
        early = waiting.filtered(lambda entry: entry.date < month - relativedelta(months=1))
        (early or waiting[:1]).action_approve()

    def _load_appeal(self, cycle):
        """One employee appeals; somebody who had no part in it looks at it. All others but their leader have read their results."""
        published = cycle.assessment_ids.filtered(lambda assessment: assessment.user_id and assessment.has_score).sorted('id')[1:]
        for assessment in published[1:]:
            assessment.with_user(assessment.user_id).action_acknowledge()
        for assessment in published[:1]:
            own = assessment.with_user(assessment.user_id)
            line = own.line_ids.filtered(lambda line: line.has_data and line.source in ('resolution_on_time', 'response_on_time'))[:1]
            own.action_appeal(line_id=line.id, reason=self.pick((
                "One of these jobs waited for a spare part from the maker.", "其中一单是在等厂家配件，不是我拖延。")))
            assessment.appeal_ids.action_assign(reviewer_id=self.users['quality'].id)

    def _publish_cycle(self, cycle):
        """Each step by the one whose step it is."""
        for index, assessment in enumerate(cycle.assessment_ids):
            if assessment.state == 'self':
                own = assessment.with_user(assessment.user_id)
                own.line_ids.filtered('can_mark').mark = 80 + index % 3 * 5
                own.self_note = self.pick(("A busy month; the lift took most of it.", "本月较忙，主要精力用在电梯维修上。"))
                own.action_submit_self()
            if assessment.state == 'manager':
                marked = assessment.with_user(assessment.sudo().manager_id.user_id)  # sudo: employees are not read by everybody
                marked.line_ids.filtered('can_mark').write({
                    'mark': 75 + index % 4 * 5, 'mark_reason': self.pick(("Reliable and friendly.", "踏实可靠，待人友善。"))})
                marked.manager_note = self.pick(("Thank you for the night shifts.", "感谢多次值夜班。"))
                marked.action_submit_manager()
            if assessment.needs_plan:
                assessment.improvement_plan = self.pick(("Training on pumps next month.", "下月参加水泵培训。"))
        cycle.assessment_ids.filtered(lambda assessment: assessment.state == 'hr').action_approve_hr()
        cycle.action_publish()
