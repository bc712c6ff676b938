"""Two yearly surveys with answers, last year's closed and this year's running, and one among employees that is over."""
from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo import fields

#: how satisfied residents are with what, around which single answers lie: (last year, this year)
LEVELS = {
    'overall': (3.7, 4.1), 'gate': (3.9, 4.0), 'cleaning': (4.2, 4.3), 'repair': (3.4, 4.1), 'greening': (4.3, 4.2), 'fees': (3.2, 3.5),
    'reliability': (3.7, 4.1), 'responsiveness': (3.3, 4.0), 'competence': (4.0, 4.2), 'access': (3.8, 4.0), 'courtesy': (4.3, 4.4),
    'communication': (3.3, 3.7), 'credibility': (3.6, 3.8), 'security': (4.1, 4.2), 'understanding': (3.8, 3.9), 'tangibles': (3.7, 3.8),
}
#: the same for employees
STAFF_LEVELS = {
    'overall': (4.0,), 'leadership': (4.2,), 'cooperation': (4.4,), 'recognition': (3.6,), 'workload': (3.4,), 'pay': (3.2,), 'growth': (3.6,),
    'equipment': (4.1,), 'information': (3.7,),
}
STAFF_REMARKS = (
    "夏天外场巡逻太热，希望调整班次。", "希望多一些技能培训和考证补贴。", "班长很照顾大家。", "工具老旧，冲击钻该换了。", "奖金怎么算的应该讲清楚。",
    "Please publish the shifts a week earlier.",
)
REMARKS = (
    "保安很负责，晚上放心。", "电梯经常要等很久，希望早晚高峰多开一部。", "报修第二天才有人来，不过修得不错。", "楼道卫生比去年好多了。",
    "停车位太紧张，外来车辆要管一管。", "物业费涨了，希望公开账目。", "客服电话有时占线。", "The staff is always friendly.",
    "Please tell us earlier when the water is turned off.", "绿化修剪得很漂亮。",
)
SHARE = (0.62, 0.38)
STAFF_SHARE = 0.85


class SurveyLoader:
    """Plays surveys on the loaded demo.

    :param loader: the DemoLoader with places, residents and requests
    """

    def __init__(self, loader):
        self.loader = loader
        self.env = loader.env
        self.draw = Random(42)

    def load(self):
        """Create the campaigns, draw and start them, and answer for some of the residents."""
        today = fields.Date.context_today(self.env['res.company'])
        before = self._make_campaign(today - relativedelta(years=1, days=21), 0, anonymous=True)
        self._answer(before, 0, today - relativedelta(years=1, days=10))
        rules = self.env['property.service.survey.rule'].search([])
        rules.active = False  # last year's remarks are not this year's complaints
        before._close()
        rules.active = True
        campaign = self._make_campaign(today - timedelta(days=21), 1, previous_id=before.id, is_yearly=True)
        self._answer(campaign, 1, today - timedelta(days=6))
        self._load_staff(today.replace(day=1) - relativedelta(months=2))

    def _load_staff(self, month):
        """Ask the employees in the month whose assessments are published: the results count there."""
        campaign = self.env['property.service.survey.campaign'].create({
            'name': f"Employee Survey {month.year}", 'kind': 'staff', 'company_id': self.loader.company.id, 'by_mail': False,
            'date_start': month + timedelta(days=4), 'date_end': fields.Date.context_today(self.env['res.company']) + timedelta(days=9),
            'introduction': "Three minutes, without your name: what is good here, and what should change?"})
        self.loader.translate(campaign, name=f"{month.year}年员工满意度调查", introduction="三分钟，不记名：哪里好，哪里该改？")
        campaign.action_start()
        self._answer(campaign, 0, month + timedelta(days=6), STAFF_LEVELS, STAFF_REMARKS, STAFF_SHARE)
        campaign.date_end = month + timedelta(days=19)
        campaign._close()

    def _make_campaign(self, start, number, **vals):
        name = ("Resident Survey {year}", "{year}年住户满意度调查")
        campaign = self.env['property.service.survey.campaign'].create({
            'name': name[0].format(year=start.year), 'company_id': self.loader.company.id, 'survey_id': self._ref('').id, 'date_start': start,
            'date_end': fields.Date.context_today(self.env['res.company']) + timedelta(days=9), 'unit_use': 'residential', 'by_mail': False,
            'sample': 'percent', 'sample_percent': 60, 'seed': f'demo{number}',
            'introduction': "Once a year we ask how satisfied you are. Your answers decide what we improve first.", **vals})
        self.loader.translate(
            campaign, name=name[1].format(year=start.year), introduction="我们每年调查一次您的满意度，您的回答决定我们优先改进什么。")
        campaign.action_start()
        if not number:
            campaign.write({'date_end': start + timedelta(days=30)})
        return campaign

    def _ref(self, name):
        return self.env.ref(f'property_service.survey_yearly_{name}' if name else 'property_service.survey_yearly')

    def _answer(self, campaign, number, day, levels=None, remarks=REMARKS, share=None):
        """Answer for a share of the sample in two batches: the answers, then their lines."""
        share, levels = share or SHARE[number], levels or LEVELS
        invitations = campaign.invitation_ids.filtered(lambda invitation: self.draw.random() < share)
        questions = [question for question in campaign.survey_id.question_ids if not question.is_page]
        ways = ('portal', 'portal', 'mail', 'poster' if campaign.by_poster else 'mail')
        moods = {place: self.draw.gauss(0, 0.25) for places in (campaign.invitation_ids.building_id, campaign.invitation_ids.team_id)
                 for place in places}
        answers = self.env['survey.user_input'].with_context(mail_create_nolog=True, tracking_disable=True).create([{
            **invitation._prepare_answer(self.draw.choice(ways), None), 'survey_id': campaign.survey_id.id,
            'state': 'done', 'start_datetime': day, 'end_datetime': day + timedelta(days=self.draw.randint(0, 5)),
            'partner_id': False if campaign.anonymous else invitation.partner_id.id,
        } for invitation in invitations])
        lines = []
        for invitation, answer in zip(invitations, answers, strict=True):
            mood = moods.get(invitation.building_id or invitation.team_id, 0) + self.draw.gauss(0, 0.4)
            lines += [line for question in questions for line in self._get_line(answer, question, mood, number, levels, remarks)]
        self.env['survey.user_input.line'].create(lines)
        for invitation, answer in zip(invitations, answers, strict=True):
            invitation._mark_answered(answer)
        if campaign.anonymous:
            answers._cut_links()

    def _get_line(self, answer, question, mood, number, levels, remarks):
        values = {'user_input_id': answer.id, 'question_id': question.id, 'answer_type': question.question_type}
        if question.question_type == 'text_box':
            if self.draw.random() < 0.25:
                yield {**values, 'value_text_box': self.draw.choice(remarks)}
            return
        if question.property_is_nps:
            score = min(10, max(0, round(self.draw.gauss(2 * (levels['overall'][number] + mood) - 0.4, 1.6))))
        else:
            level = levels[question.property_score or question.property_factor][number]
            score = min(5, max(1, round(self.draw.gauss(level + mood, 0.75))))
        yield {**values, 'value_scale': score}


def load_surveys(loader):
    """Load the surveys of the demo; residents and places must be there."""
    SurveyLoader(loader).load()
