from odoo import api, fields, models

from .survey_question import FACTORS, SCORES

MEASURED = [*FACTORS, *SCORES]


class PropertyServiceCorrectiveAction(models.Model):
    """Corrective actions that a survey gave rise to: the figure before, and what the next survey says (R44)."""

    _inherit = 'property.service.corrective.action'

    origin_campaign_id = fields.Many2one(
        'property.service.survey.campaign', string="From Survey", index='btree_not_null', check_company=True, ondelete='set null')
    survey_measure = fields.Selection(MEASURED, string="Measured in Surveys", readonly=True, copy=False)
    survey_rate_before = fields.Float(string="Satisfied Before (%)", readonly=True, copy=False, aggregator='avg')
    survey_answers_before = fields.Integer(string="Answers Before", readonly=True, copy=False, aggregator=None)
    survey_after_campaign_id = fields.Many2one(
        'property.service.survey.campaign', string="Next Survey", readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    survey_rate_after = fields.Float(string="Satisfied After (%)", readonly=True, copy=False, aggregator='avg')
    survey_answers_after = fields.Integer(string="Answers After", readonly=True, copy=False, aggregator=None)

    @property
    def _system_fields(self):
        return super()._system_fields | {
            'survey_measure', 'survey_rate_before', 'survey_answers_before', 'survey_after_campaign_id', 'survey_rate_after',
            'survey_answers_after'}

    @api.model
    def _get_origin_fields(self):
        return {**super()._get_origin_fields(), 'property.service.survey.campaign': ('survey', 'origin_campaign_id')}
