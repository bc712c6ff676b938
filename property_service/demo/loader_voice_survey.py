"""Two yearly surveys with answers, and one after services: last year's is closed, this year's is running."""
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
REMARKS = (
    "保安很负责，晚上放心。", "电梯经常要等很久，希望早晚高峰多开一部。", "报修第二天才有人来，不过修得不错。", "楼道卫生比去年好多了。",
    "停车位太紧张，外来车辆要管一管。", "物业费涨了，希望公开账目。", "客服电话有时占线。", "The staff is always friendly.",
    "Please tell us earlier when the water is turned off.", "绿化修剪得很漂亮。",
)
SHARE = (0.62, 0.38)


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

    def _answer(self, campaign, number, day):
        """Answer for a share of the sample in two batches: the answers, then their lines."""
        invitations = campaign.invitation_ids.filtered(lambda invitation: self.draw.random() < SHARE[number])
        questions = [question for question in self._ref('').question_ids if not question.is_page]
        moods = {building: self.draw.gauss(0, 0.25) for building in campaign.invitation_ids.building_id}
        answers = self.env['survey.user_input'].with_context(mail_create_nolog=True, tracking_disable=True).create([{
            **invitation._prepare_answer(self.draw.choice(('portal', 'portal', 'mail', 'poster')), None), 'survey_id': campaign.survey_id.id,
            'state': 'done', 'start_datetime': day, 'end_datetime': day + timedelta(days=self.draw.randint(0, 5)),
            'partner_id': False if campaign.anonymous else invitation.partner_id.id,
        } for invitation in invitations])
        lines = []
        for invitation, answer in zip(invitations, answers, strict=True):
            mood = moods[invitation.building_id] + self.draw.gauss(0, 0.4)
            lines += [line for question in questions for line in self._get_line(answer, question, mood, number)]
        self.env['survey.user_input.line'].create(lines)
        for invitation, answer in zip(invitations, answers, strict=True):
            invitation._mark_answered(answer)
        if campaign.anonymous:
            answers._cut_links()

    def _get_line(self, answer, question, mood, number):
        values = {'user_input_id': answer.id, 'question_id': question.id, 'answer_type': question.question_type}
        if question.question_type == 'text_box':
            if self.draw.random() < 0.25:
                yield {**values, 'value_text_box': self.draw.choice(REMARKS)}
            return
        if question.property_is_nps:
            score = min(10, max(0, round(self.draw.gauss(2 * (LEVELS['overall'][number] + mood) - 0.4, 1.6))))
        else:
            level = LEVELS[question.property_score or question.property_factor][number]
            score = min(5, max(1, round(self.draw.gauss(level + mood, 0.75))))
        yield {**values, 'value_scale': score}


def load_surveys(loader):
    """Load the surveys of the demo; residents and places must be there."""
    SurveyLoader(loader).load()
