from odoo import api, models


class PropertyServiceTeam(models.Model):
    """Teams whose working hours deadlines are counted by."""

    _inherit = 'property.service.team'

    @api.constrains('calendar_id')
    def _check_clock_calendar(self):
        for team in self:
            if team.calendar_id:
                team.calendar_id._raise_clock_fault(team.name)

    def write(self, vals):
        result = super().write(vals)
        if 'calendar_id' in vals:
            self.env.registry.clear_cache('stable')
            for company in self.company_id:
                self.env['property.service.sla.recompute']._schedule(company=company)
        return result
