from odoo import api, models


class PropertyServiceClockHours(models.AbstractModel):
    """Whose working hours deadlines are counted by: a change has the open cases of the company counted again.

    A model that inherits has ``name``, ``company_id`` and ``calendar_id``.
    """

    _name = 'property.service.clock.hours'
    _description = "Working Hours of Deadlines"

    @api.constrains('calendar_id')
    def _check_clock_calendar(self):
        for owner in self:
            if owner.calendar_id:
                owner.calendar_id._raise_clock_fault(owner.name)

    def write(self, vals):
        result = super().write(vals)
        if 'calendar_id' in vals:
            self.env['property.service.sla.recompute']._hours_changed(self.company_id)
        return result


class PropertyServiceEstate(models.Model):
    _name = 'property.service.estate'
    _inherit = ['property.service.estate', 'property.service.clock.hours']


class PropertyServiceTeam(models.Model):
    _name = 'property.service.team'
    _inherit = ['property.service.team', 'property.service.clock.hours']
