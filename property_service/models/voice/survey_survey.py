from odoo import fields, models


class SurveySurvey(models.Model):
    _inherit = 'survey.survey'

    property_campaign_ids = fields.One2many(
        'property.service.survey.campaign', 'survey_id', string="Campaigns",
        groups='property_service.group_quality,property_service.group_manager')

    def action_open_property_campaigns(self):
        """Return the act_window of the campaigns that ask with these surveys."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.survey_campaign_action'),
            'domain': [('survey_id', 'in', self.ids)],
        }
