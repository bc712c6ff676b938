"""Assessments of the last two months: one published with an appeal, one under way."""
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from .base import Loader

#: indicator -> (weight, 0 points at, 100 points at)
LINES = {
    'satisfaction': (25, 60, 95), 'resolution_on_time': (20, 60, 95), 'response_on_time': (15, 70, 98), 'rework_rate': (10, 20, 2),
    'complaint_rate': (10, 12, 1), 'record_completeness': (5, 50, 98), 'manager_mark': (10, 0, 100), 'self_mark': (5, 0, 100),
}
BANDS = [
    (("Excellent", "优秀"), 90, '5', 20, 300), (("Good", "良好"), 75, '4', 5, 100), (("Sufficient", "合格"), 60, '3', 0, 0),
    (("Insufficient", "待改进"), 0, '1', -10, 0),
]
COLUMNS = ['number', 'name', 'department', 'score', 'grade', 'points', 'amount']


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
        Cycle = self.env['property.service.assessment.cycle']
        self.cycles = Cycle.create([
            {'scheme_id': scheme.id, 'date_from': month - relativedelta(months=2)},
            {'scheme_id': scheme.id, 'date_from': month - relativedelta(months=1)},
        ])
        self.cycles.action_generate()
        self._publish_cycle(self.cycles[0])

    def _publish_cycle(self, cycle):
        for index, assessment in enumerate(cycle.assessment_ids):
            marks = assessment.line_ids.filtered('is_manual')
            if assessment.state == 'self':
                marks.filtered(lambda line: line.source == 'manual_self').mark = 80 + index % 3 * 5
                assessment.self_note = self.pick(("A busy month; the lift took most of it.", "本月较忙，主要精力用在电梯维修上。"))
                assessment.action_submit_self()
            if assessment.state == 'manager':
                marks.filtered(lambda line: line.source == 'manual_manager').write({
                    'mark': 75 + index % 4 * 5, 'mark_reason': self.pick(("Reliable and friendly.", "踏实可靠，待人友善。"))})
                assessment.manager_note = self.pick(("Thank you for the night shifts.", "感谢多次值夜班。"))
                assessment.action_submit_manager()
            assessment.improvement_plan = assessment.needs_plan and self.pick(
                ("Training on pumps next month.", "下月参加水泵培训。"))
        cycle.assessment_ids.filtered(lambda assessment: assessment.state == 'hr').action_approve_hr()
        cycle.action_publish()
