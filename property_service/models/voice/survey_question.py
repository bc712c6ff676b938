from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: R43: the ten determinants of service quality (Parasuraman, Zeithaml and Berry, 1985)
FACTORS = [
    ('reliability', "Reliability"), ('responsiveness', "Responsiveness"), ('competence', "Competence"), ('access', "Access"),
    ('courtesy', "Courtesy"), ('communication', "Communication"), ('credibility', "Credibility"), ('security', "Security"),
    ('understanding', "Understanding"), ('tangibles', "Tangibles"),
]
#: R48; "overall" is the one question after which a campaign is judged
SCORES = [
    ('overall', "Overall"), ('gate', "Gate and Order"), ('cleaning', "Cleaning"), ('repair', "Repair"), ('greening', "Greening"),
    ('fees', "Fees"),
]
#: R92: what employees judge
STAFF_SCORES = [
    ('leadership', "Leadership"), ('cooperation', "Cooperation"), ('recognition', "Recognition"), ('workload', "Workload and Shifts"),
    ('pay', "Pay and Benefits"), ('growth', "Training and Growth"), ('equipment', "Tools and Safety"), ('information', "Information"),
]


class SurveyQuestion(models.Model):
    """What a question measures stands on the question, so that companies can write their own surveys (R43, R48, R51)."""

    _inherit = 'survey.question'

    property_factor = fields.Selection(FACTORS, string="Factor", help="One of the ten factors of service quality. The answer is a scale from 1 to 5.")
    property_pair = fields.Selection(
        [('perception', "Perception"), ('expectation', "Expectation")], string="Asks For", compute='_compute_property_pair', store=True,
        readonly=False, precompute=True,
        help="What residents find, or what they expect. The difference of both is the gap of the factor (SERVQUAL).")
    property_score = fields.Selection(SCORES + STAFF_SCORES, string="Single Score", help="The answer is a scale from 1 to 5.")
    property_is_nps = fields.Boolean(string="Would Recommend", help="Net promoter score. The answer is a scale from 0 to 10.")

    @api.depends('property_factor')
    def _compute_property_pair(self):
        for question in self:
            question.property_pair = (question.property_pair or 'perception') if question.property_factor else False

    @api.constrains('question_type', 'scale_min', 'scale_max', 'property_factor', 'property_score', 'property_is_nps')
    def _check_property_scale(self):
        for question in self:
            if question.property_factor or question.property_score:
                wanted = (1, 5)
            elif question.property_is_nps:
                wanted = (0, 10)
            else:
                continue
            if question.question_type != 'scale' or (question.scale_min, question.scale_max) != wanted:
                raise ValidationError(self.env._(
                    "“%(question)s” must be a scale from %(low)s to %(high)s, because satisfied means the same everywhere.",
                    question=question.title, low=wanted[0], high=wanted[1]))
            if question.property_is_nps and (question.property_factor or question.property_score):
                raise ValidationError(self.env._("“%(question)s” can measure one thing only.", question=question.title))
