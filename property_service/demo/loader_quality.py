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

    def _play(self, specs):
        """Create inspections and carry them out, all in one go; return them.

        :param list specs: [(values, chance of a good answer, days ago), …]
        """
        inspections = self.env['property.service.inspection'].create([
            {'company_id': self.loader.company.id, 'planned_date': self.today - timedelta(days=days), **vals} for vals, _chance, days in specs])
        self._carry_out(inspections, [(chance, days) for _vals, chance, days in specs])
        return inspections

    def _carry_out(self, inspections, how):
        """Answer all items of the inspections, and finish each so many days ago; ``how``: [(chance, days), …]."""
        for inspection, (chance, days) in zip(inspections, how, strict=True):
            who = inspection.evaluator_partner_id or self.quality.user_id.partner_id
            for line in inspection.line_ids:
                line._as_system().write({
                    'is_answered': True, 'value': self._choose(line.item_id, self.draw.random() < chance), 'answered_by_id': who.id,
                    'entered_at': self._at(days), 'note': self.loader.pick(self.draw.choice(REMARKS)) if self.draw.random() < 0.08 else False})
        unproven = inspections.line_ids.filtered(lambda line: line._needs_photo())
        photos = self.env['ir.attachment'].create([{
            'name': f'{number + 1}.png', 'raw': draw_photo('cleaning', number % 5, line.score >= 50), 'res_model': line._name,
            'res_id': line.id} for number, line in enumerate(unproven)])
        for number, (line, photo) in enumerate(zip(unproven, photos, strict=True)):
            line._as_system().write({'photo_ids': [Command.link(photo.id)], 'photo_keys': {f'demo{number}': photo.id}})
        inspections._set_state('in_progress')
        inspections._set_state('done')
        for inspection, (_chance, days) in zip(inspections, how, strict=True):
            inspection._as_system().write({'started_at': self._at(days) - timedelta(minutes=50), 'done_at': self._at(days)})

    def _at(self, days):
        return fields.Datetime.now() - timedelta(days=days, hours=3)

    def _choose(self, item, good):
        if item.kind == 'yes_no':
            return int(good or item.is_critical and self.draw.random() < 0.8)
        if item.kind == 'scale':
            return self.draw.choice((4, 5, 5) if good else (2, 3))
        if item.has_lower:
            return item.lower + 1 if good else item.lower - 4
        return item.upper - 5 if good else item.upper + 4

    def _load_rounds(self):
        """Monthly rounds of the quality officer. Return the worst inspection of two months ago."""
        specs = []
        for month in range(MONTHS - 1, -1, -1):
            for number, estate in enumerate(self.estates):
                for name, (team, before, now) in ROUNDS.items():
                    specs.append((
                        {'template_id': self._template(name).id, 'estate_id': estate.id, 'team_id': self.loader.teams[team].id,
                         'evaluator_id': self.quality.id},
                        now - (now - before) * month / (MONTHS - 1) - 0.08 * number, month * 30 + 6))
        facility = self._template('facility')
        return min((inspection for inspection, (_vals, _chance, days) in zip(self._play(specs), specs, strict=True)
                    if days == 66 and inspection.template_id == facility), key=lambda inspection: inspection.score)

    def _load_third_party(self, firm):
        """Three evaluations by the same firm: the next one in a row is one too many."""
        evaluation = {
            'template_id': self._template('facility').id, 'method': 'third_party', 'estate_id': self.estates[0].id,
            'evaluator_partner_id': firm.id}
        self._play([(evaluation, 0.85, 150 - number * 45) for number in range(3)])
        company = {'company_id': self.loader.company.id}
        self.env['property.service.inspection'].create([
            {**evaluation, **company, 'planned_date': self.today + timedelta(days=5)},
            {'template_id': self._template('mystery').id, 'estate_id': self.estates[-1].id, 'team_id': self.loader.teams['desk'].id,
             'evaluator_partner_id': firm.id, 'planned_date': self.today + timedelta(days=2), **company},
            {'template_id': self._template('facility').id, 'estate_id': self.estates[0].id, 'team_id': self.loader.teams['cleaning'].id,
             'evaluator_id': self.quality.id, 'planned_date': self.today, **company}])

    def _load_draw(self):
        """Finished requests drawn for inspection, some of them inspected."""
        sample = self.env['property.service.inspection.sample'].with_context(lang=self.quality.user_id.lang).create({
            'template_id': self._template('work').id, 'date_from': self.today - timedelta(days=40), 'date_to': self.today - timedelta(days=8),
            'number': 6, 'seed': 'demo-draw', 'evaluator_ids': self.quality.ids, 'company_id': self.loader.company.id})
        if not self.env['property.service.request'].search_count(sample._get_population_domain(), limit=1):
            return
        sample.action_draw()
        drawn = sample.inspection_ids[:4]
        self._carry_out(drawn, [(0.85, 5 - number) for number in range(len(drawn))])

    def _load_plans(self, firms):
        plans = self.env['property.service.inspection.plan'].create([{
            'name': "Monthly Round", 'template_id': self._template('facility').id, 'user_id': self.quality.user_id.id,
            'evaluator_ids': self.quality.ids, 'date_start': self.today + timedelta(days=10), 'company_id': self.loader.company.id,
        }, {
            'name': "Third-Party Evaluation", 'template_id': self._template('facility').id, 'method': 'third_party',
            'user_id': self.quality.user_id.id, 'evaluator_partner_ids': firms.ids, 'interval_number': 3,
            'date_start': self.today + timedelta(days=50), 'company_id': self.loader.company.id}])
        for plan, name in zip(plans, ("月度巡查", "第三方评估"), strict=True):
            self.loader.translate(plan, name=name)
        plans[0]._plan_ahead(self.today)

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
            self.env.cr.execute('UPDATE property_service_corrective_action SET create_date = %s, sla_start_at = %s WHERE id = %s',
                                (opened, opened, action.id))
            action.invalidate_recordset(['create_date', 'sla_start_at'])
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
