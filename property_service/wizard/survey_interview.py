from odoo import fields, models

from ..models.voice import campaign_states


class PropertyServiceSurveyInterview(models.TransientModel):
    """Asks how the resident answered before an employee fills in the survey."""

    _name = 'property.service.survey.interview'
    _description = "Survey Interview"

    invitation_id = fields.Many2one('property.service.survey.invitation', required=True, readonly=True, ondelete='cascade')
    channel = fields.Selection(
        [choice for choice in campaign_states.CHANNELS if choice[0] in campaign_states.INTERVIEW_CHANNELS], required=True, default='phone')

    def action_apply(self):
        """Return the act_url of the survey, to be filled in for the resident."""
        self.ensure_one()
        return self.invitation_id.action_interview(channel=self.channel)
