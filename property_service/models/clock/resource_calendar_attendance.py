from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Changed hours move the deadlines of open cases."""

    _inherit = 'resource.calendar.attendance'

    @api.model_create_multi
    def create(self, vals_list):
        slots = super().create(vals_list)
        slots.calendar_id._clock_changed()
        return slots

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        if not vals.keys() <= {'name', 'sequence'}:
            (calendars | self.calendar_id)._clock_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._clock_changed()
        return result
