from odoo import api, fields, models
from odoo.exceptions import UserError


class SurveySurvey(models.Model):
    _inherit = 'survey.survey'

    property_campaign_ids = fields.One2many(
        'property.service.survey.campaign', 'survey_id', string="Campaigns",
        groups='property_service.group_quality,property_service.group_manager')

    @api.ondelete(at_uninstall=False)
    def _unlink_except_campaign(self):
        campaigns = self.env['property.service.survey.campaign'].sudo()  # sudo: whoever deletes the survey
        if campaigns.search_count([('survey_id', 'in', self.ids)], limit=1):
            raise UserError(self.env._("This survey belongs to a campaign of Property Service: archive it instead."))

    def action_open_property_campaigns(self):
        """Return the act_window of the campaigns that ask with these surveys."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.survey_campaign_action'),
            'domain': [('survey_id', 'in', self.ids)],
        }
