from odoo import api, models
from odoo.exceptions import UserError


class PropertyServiceComplaint(models.Model):
    """What residents do: complain, suggest, praise."""

    _inherit = 'property.service.complaint'

    @api.model
    def _create_by_resident(self, vals_list):
        """Create complaints as a resident: about the own units, a common area, or the own requests, in the own name."""
        partner = self.env.user.partner_id
        own_units = partner.sudo().unit_ids  # sudo: the resident's own units
        prepared = []
        for vals in vals_list:
            for name in vals:
                if name not in self._fields:
                    raise UserError(self.env._("%(name)s is no field of a complaint.", name=name))
                self._check_field_access(self._fields[name], 'write')
            unit = self.sudo()._browse_argument('property.service.unit', vals.get('unit_id'))  # sudo: checked right below
            if not unit.active or unit.company_id not in self.env.companies or not (unit in own_units or unit.use == 'common'):
                raise UserError(self.env._("Choose one of your units or a common area."))
            if vals.get('request_id'):
                self._browse_argument('property.service.request', vals['request_id']).check_access('read')
            channel = vals.get('channel') if vals.get('channel') in ('portal', 'app') else 'portal'
            prepared.append({
                **vals, 'unit_id': unit.id, 'building_id': unit.building_id.id, 'estate_id': unit.estate_id.id,
                'partner_id': partner.id, 'channel': channel, 'state': 'new', 'user_id': False,
            })
        complaints = self.sudo().create(prepared)  # sudo: residents have no create right of their own; checked above
        return complaints.sudo(False)
