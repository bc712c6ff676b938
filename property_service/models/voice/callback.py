from odoo import fields, models


class PropertyServiceCallback(models.Model):
    _inherit = 'property.service.callback'

    origin_campaign_id = fields.Many2one(
        'property.service.survey.campaign', string="Survey Campaign", readonly=True, index='btree_not_null', check_company=True, ondelete='set null')
    survey_answer_id = fields.Many2one('survey.user_input', readonly=True, copy=False, ondelete='set null')

    _once_per_answer = models.UniqueIndex('(survey_answer_id) WHERE survey_answer_id IS NOT NULL')
