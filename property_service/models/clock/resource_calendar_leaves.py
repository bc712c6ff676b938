from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Holidays move the deadlines of open cases; the time off of one employee does not."""

    _inherit = 'resource.calendar.leaves'

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._holidays_changed()
        return leaves

    def write(self, vals):
        if vals.keys() <= {'name'}:
            return super().write(vals)
        self._holidays_changed()
        result = super().write(vals)
        self._holidays_changed()
        return result

    def unlink(self):
        self._holidays_changed()
        return super().unlink()

    def _holidays_changed(self):
        """Have the open cases counted again that these holidays concern."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if not holidays:
            return
        calendars = holidays.calendar_id
        for company in holidays.filtered(lambda leave: not leave.calendar_id).company_id:
            self.env['property.service.sla.recompute']._schedule(company=company)
        self.env.registry.clear_cache('stable')
        calendars._clock_changed()
