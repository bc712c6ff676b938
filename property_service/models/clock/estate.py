from odoo import api, models


class PropertyServiceEstate(models.Model):
    """Estates whose service hours deadlines are counted by."""

    _inherit = 'property.service.estate'

    @api.constrains('calendar_id')
    def _check_clock_calendar(self):
        for estate in self:
            if estate.calendar_id:
                estate.calendar_id._raise_clock_fault(estate.name)

    def write(self, vals):
        result = super().write(vals)
        if 'calendar_id' in vals:
            self.env.registry.clear_cache('stable')
            for company in self.company_id:
                self.env['property.service.sla.recompute']._schedule(company=company)
        return result
