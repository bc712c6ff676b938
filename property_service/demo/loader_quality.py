"""Half a year of inspections, a draw, a plan, evaluators from outside, and corrective actions from findings."""
from datetime import timedelta
from random import Random

from odoo import fields
from odoo.fields import Command

from .photos import draw_photo

MONTHS = 6
#: template -> how good the teams were half a year ago and are now: chance of a good answer
ROUNDS = {
    'facility': ('cleaning', 0.72, 0.93),
    'conduct': ('desk', 0.82, 0.95),
}
FIRMS = (("Fair Eyes Property Evaluation", "明察第三方评估有限公司"), ("Second View Consulting", "再观咨询有限公司"))
REMARKS = (("Cardboard in the escape route of level B1", "地下一层疏散通道堆放纸箱"), ("Two lamps out at the east entrance", "东门两盏灯不亮"),
           ("Panel scratched, ordered", "面板有划痕，已订货"), ("Friendly even at the rush hour", "高峰期依然友好"))


class QualityLoader:
    """Plays inspections on the loaded demo.

    :param loader: the DemoLoader with places, staff and requests
    """

    def __init__(self, loader):
        self.loader = loader
        self.env = loader.env
        self.draw = Random(11)
        self.today = fields.Date.context_today(self.env['res.company'])
        self.quality = loader.employees['quality']
        self.estates = self.env['property.service.estate'].search([('company_id', '=', loader.company.id)])

    def load(self):
        """Create all of it, in the order in which it happened."""
        firms = self.env['res.partner'].create([
            {'name': self.loader.pick(names), 'is_company': True, 'email': f'evaluation{number}@example.com'}
            for number, names in enumerate(FIRMS, 1)])
        worst = self._load_rounds()
        self._load_third_party(firms[0])
        self._load_draw()
        self._load_plans(firms)
        self._load_corrective(worst)

    # ---- PARTS ----

    def _template(self, name):
        return self.env.ref(f'property_service.inspection_template_{name}')

    def _inspect(self, inspection, chance, days):
        """Answer all items, and finish so many days ago."""
        lines = inspection.line_ids
        for line in lines:
            good = self.draw.random() < chance
            item = line.item_id
            if item.kind == 'yes_no':
                value = int(good or item.is_critical and self.draw.random() < 0.8)
            elif item.kind == 'scale':
                value = self.draw.choice((4, 5, 5)) if good else self.draw.choice((2, 3))
            else:
                lower, upper = item.lower if item.has_lower else None, item.upper if item.has_upper else None
                value = lower + 1 if good and lower is not None else upper - 5 if good else (lower - 4 if lower is not None else upper + 4)
            note = self.loader.pick(self.draw.choice(REMARKS)) if self.draw.random() < 0.08 else None
            inspection.action_answer(line_id=line.id, value=value, note=note)
        for number, line in enumerate(lines.filtered(lambda line: line._needs_photo())):
            photo = self.env['ir.attachment'].create({
                'name': f'{number + 1}.png', 'raw': draw_photo('cleaning', number % 5, line.score >= 50), 'res_model': line._name,
                'res_id': line.id})
            line._as_system().write({'photo_ids': [Command.link(photo.id)], 'photo_keys': {f'demo{number}': photo.id}})
        inspection.action_finish()
        at = fields.Datetime.now() - timedelta(days=days, hours=3)
        inspection._as_system().write({'started_at': at - timedelta(minutes=50), 'done_at': at})

    def _load_rounds(self):
        """Monthly rounds of the quality officer. Return the worst inspection of two months ago."""
        worst = self.env['property.service.inspection']
        for month in range(MONTHS - 1, -1, -1):
            days = month * 30 + 6
            for number, estate in enumerate(self.estates):
                for name, (team, before, now) in ROUNDS.items():
                    inspection = self.env['property.service.inspection'].create({
                        'template_id': self._template(name).id, 'estate_id': estate.id, 'team_id': self.loader.teams[team].id,
                        'evaluator_id': self.quality.id, 'planned_date': self.today - timedelta(days=days),
                        'company_id': self.loader.company.id})
                    chance = now - (now - before) * month / (MONTHS - 1) - 0.08 * number
                    self._inspect(inspection, chance, days)
                    if month == 2 and name == 'facility' and (not worst or inspection.score < worst.score):
                        worst = inspection
        return worst

    def _load_third_party(self, firm):
        """Three evaluations by the same firm: the next one in a row is one too many."""
        for round_number in range(3):
            days = 150 - round_number * 45
            inspection = self.env['property.service.inspection'].create({
                'template_id': self._template('facility').id, 'method': 'third_party', 'estate_id': self.estates[:1].id,
                'evaluator_partner_id': firm.id, 'planned_date': self.today - timedelta(days=days), 'company_id': self.loader.company.id})
            self._inspect(inspection._as_system().with_context(property_evaluator_id=firm.id), 0.85, days)
        self.env['property.service.inspection'].create([{
            'template_id': self._template('facility').id, 'method': 'third_party', 'estate_id': self.estates[:1].id,
            'evaluator_partner_id': firm.id, 'planned_date': self.today + timedelta(days=5), 'company_id': self.loader.company.id,
        }, {
            'template_id': self._template('mystery').id, 'estate_id': self.estates[-1:].id, 'team_id': self.loader.teams['desk'].id,
            'evaluator_partner_id': firm.id, 'planned_date': self.today + timedelta(days=2), 'company_id': self.loader.company.id,
        }, {
            'template_id': self._template('facility').id, 'estate_id': self.estates[:1].id, 'team_id': self.loader.teams['cleaning'].id,
            'evaluator_id': self.quality.id, 'planned_date': self.today, 'company_id': self.loader.company.id}])

    def _load_draw(self):
        """Finished requests drawn for inspection, some of them inspected."""
        Sample = self.env['property.service.inspection.sample']
        sample = Sample.create({
            'template_id': self._template('work').id, 'date_from': self.today - timedelta(days=40), 'date_to': self.today - timedelta(days=8),
            'number': 6, 'seed': 'demo-draw', 'evaluator_ids': self.quality.ids, 'company_id': self.loader.company.id})
        if not self.env['property.service.request'].search_count(sample._get_population_domain(), limit=1):
            return
        sample.action_draw()
        for number, inspection in enumerate(sample.inspection_ids[:4]):
            self._inspect(inspection, 0.85, 5 - number)

    def _load_plans(self, firms):
        plans = self.env['property.service.inspection.plan'].create([{
            'name': "Monthly Round", 'template_id': self._template('facility').id, 'user_id': self.quality.user_id.id,
            'evaluator_ids': self.quality.ids, 'date_start': self.today + timedelta(days=24), 'company_id': self.loader.company.id,
        }, {
            'name': "Third-Party Evaluation", 'template_id': self._template('facility').id, 'method': 'third_party',
            'user_id': self.quality.user_id.id, 'evaluator_partner_ids': firms.ids, 'interval_number': 3,
            'date_start': self.today + timedelta(days=50), 'company_id': self.loader.company.id}])
        for plan, name in zip(plans, ("月度巡查", "第三方评估"), strict=True):
            self.loader.translate(plan, name=name)

    def _load_corrective(self, inspection):
        """From the findings of one inspection: one that is verified by its figures, one on the way, one to be planned."""
        findings = inspection.line_ids.filtered('is_finding')[:3]
        if not findings:
            return
        actions = findings._open_corrective()
        leader = self.loader.teams['cleaning'].leader_id
        plan = self.loader.pick(("Second round in the evening; rota on the board", "增加晚间巡查一次，排班上墙"))
        result = self.loader.pick(("Done for four weeks, photos every Friday", "已执行四周，每周五拍照"))
        for number, action in enumerate(actions):
            opened = fields.Datetime.now() - timedelta(days=62)
            action.flush_recordset()
            self.env.cr.execute('UPDATE property_service_corrective_action SET create_date = %s WHERE id = %s', (opened, action.id))
            action.invalidate_recordset(['create_date'])
            if number == 2:
                continue
            action.action_plan(plan=plan, responsible_id=leader.id, deadline=self.today - timedelta(days=30) if not number else
                               self.today + timedelta(days=6))
            action.action_start()
            if number == 0:
                action.cause = 'method'
                action.action_done(result=result)
                action._as_system().done_at = fields.Datetime.now() - timedelta(days=35)
                action.action_verify(note=self.loader.pick(("Score and photos of two rounds", "两次巡查得分与照片")))


def load_quality(loader):
    """Load the quality part of the demo: see :class:`QualityLoader`."""
    QualityLoader(loader).load()
