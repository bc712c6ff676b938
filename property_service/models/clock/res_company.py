from odoo import api, fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    """The company's working hours count where neither service level nor team nor estate has its own."""

    _inherit = 'res.company'

    property_target_discovery_hours = fields.Float(
        string="Taken Up Within (Hours)", default=12, help="Target line of the reports. 0: none.")
    property_target_cycle_hours = fields.Float(
        string="Solved Within (Hours)", default=24, help="Target line of the reports. 0: none.")

    _property_targets_not_negative = models.Constraint(
        'CHECK(property_target_discovery_hours >= 0 AND property_target_cycle_hours >= 0)',
        "The settings of Property Service cannot be negative.")

    @api.constrains('resource_calendar_id')
    def _check_clock_calendar(self):
        """Refuse hours by which no deadline would ever come, where a service level relies on those of the company."""
        for company in self.filtered('resource_calendar_id'):
            relying = self.env['property.service.sla.policy'].sudo().search_count(  # sudo: only to refuse, whoever sets the hours
                Domain('round_the_clock', '=', False) & Domain('calendar_id', '=', False)
                & Domain('company_id', 'in', (company.id, False)), limit=1)
            if relying:
                company.resource_calendar_id._raise_clock_fault(company.name)

    def write(self, vals):
        """Have the open cases of the company counted again where they are counted by its hours."""
        result = super().write(vals)
        if 'resource_calendar_id' in vals:
            self.env['property.service.sla.recompute']._hours_changed(self)
        return result
