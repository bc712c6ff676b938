from odoo import api, fields, models

#: how often a home and a phone number may be tried in vain from one connection, and for one home from anywhere
PER_IP, PER_HOME, MINUTES = 10, 10, 15


class PropertyServiceSurveyAttempt(models.TransientModel):
    """A home and phone number entered on a poster's page that did not fit: who tries many is guessing.

    Successful ones leave no row. Rows are cleared by the server's own vacuum.
    """

    _name = 'property.service.survey.attempt'
    _description = "Failed Attempt at a Survey Poster"

    campaign_id = fields.Many2one('property.service.survey.campaign', required=True, readonly=True, ondelete='cascade')
    ip = fields.Char(readonly=True)
    home = fields.Char(readonly=True)

    _ip_index = models.Index('(campaign_id, ip, create_date)')
    _home_index = models.Index('(campaign_id, home, create_date)')

    @api.model
    def _is_blocked(self, campaign, ip, home):
        """Tell whether too many attempts failed lately: from this connection, or for this home."""
        recent = [
            ('campaign_id', '=', campaign.id), ('create_date', '>=', fields.Datetime.subtract(self.env.cr.now(), minutes=MINUTES))]
        return (self.search_count([*recent, ('ip', '=', ip)], limit=PER_IP) >= PER_IP
                or self.search_count([*recent, ('home', '=', home)], limit=PER_HOME) >= PER_HOME)

    @api.model
    def _record(self, campaign, ip, home):
        """Remember an attempt that failed."""
        self.create({'campaign_id': campaign.id, 'ip': ip, 'home': home})
