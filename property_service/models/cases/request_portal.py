from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceRequest(models.Model):
    """What residents do: report, chase, ask for cancellation."""

    _inherit = 'property.service.request'

    @api.model
    def _create_by_resident(self, vals_list):
        """Create requests as a resident: of the own current units or a common area, in the own name."""
        partner = self.env.user.partner_id
        own_units = partner.sudo().unit_ids  # sudo: the resident's own units
        prepared = []
        for vals in vals_list:
            for name in vals:
                self._check_field_access(self._fields[name], 'write')
            unit = self.env['property.service.unit'].sudo().browse(vals.get('unit_id')).exists()  # sudo: checked right below
            if not unit or not (unit in own_units or unit.use == 'common'):
                raise UserError(self.env._("Choose one of your units or a common area."))
            service_type = self.env['property.service.type'].sudo().browse(vals.get('type_id')).exists()  # sudo: checked right below
            if not service_type.portal_visible or not service_type.active:
                raise UserError(self.env._("Choose a service."))
            channel = vals.get('channel') if vals.get('channel') in ('portal', 'app') else 'portal'
            prepared.append({**vals, 'partner_id': partner.id, 'channel': channel, 'state': 'new', 'user_id': False})
        requests = self.sudo().create(prepared)  # sudo: residents have no create right of their own; checked above
        return requests.sudo(False)

    def action_chase(self, message=None):
        """Ask for progress 催单; the case owner gets an activity.

        :param str message: what the resident adds
        """
        requests = self._authorize('chase')
        for request in requests:
            request._as_system().write({
                'chase_count': request.chase_count + 1, 'last_chased_at': fields.Datetime.now(),
            })
        return True

    def _request_cancellation(self, reason=None):
        """Note a resident's wish to cancel work already dispatched."""
        self._as_system().write({'cancel_requested': True})
