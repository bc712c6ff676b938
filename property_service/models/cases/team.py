from odoo import models


class PropertyServiceTeam(models.Model):
    """From the team to its work. A team may have an e-mail address: mails to it become requests."""

    _name = 'property.service.team'
    _inherit = ['property.service.team', 'mail.alias.mixin.optional']

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values['alias_model_id'] = self.env['ir.model']._get_id('property.service.request')
        if self.id:
            values['alias_defaults'] = str({'team_id': self.id, 'company_id': self.company_id.id})
        return values

    def action_open_requests(self):
        """Return the act_window of the team's requests, the open ones first in view."""
        self.ensure_one()
        return self.env['property.service.request']._get_requests_action(
            [('team_id', '=', self.id)], default_team_id=self.id, search_default_open=1)
