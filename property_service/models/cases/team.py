from odoo import models


class PropertyServiceTeam(models.Model):
    """From the team to its work."""

    _inherit = 'property.service.team'

    def action_open_requests(self):
        """Return the act_window of the team's requests, the open ones first in view."""
        self.ensure_one()
        return self.env['property.service.request']._get_requests_action(
            [('team_id', '=', self.id)], default_team_id=self.id, search_default_open=1)
