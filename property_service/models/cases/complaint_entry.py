from odoo import api, models


class PropertyServiceComplaint(models.Model):
    """One page for what comes on paper, by phone or over the counter (R26, R49): enter, register, next."""

    _inherit = 'property.service.complaint'

    @api.onchange('unit_id')
    def _onchange_unit_partner(self):
        """A complaint without a name gets none from its unit."""
        if not self.anonymous:
            super()._onchange_unit_partner()

    @api.onchange('anonymous')
    def _onchange_anonymous(self):
        if self.anonymous:
            self.partner_id = self.contact_name = self.contact_phone = False

    def action_entry_register(self):
        """Register from the page of entry and open the complaint.

        :return: act_window of the complaint
        """
        self.ensure_one()
        self.action_register()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'target': 'main',
            'views': [(self.env.ref('property_service.complaint_view_form').id, 'form')]}

    def action_entry_next(self):
        """Register from the page of entry and offer an empty one: the next letter of the same box, the same estate."""
        self.ensure_one()
        self.action_register()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.complaint_action_entry')
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success', 'message': self.env._("%(case)s is registered.", case=self.name),
                'next': {**action, 'target': 'main', 'context': {
                    'default_channel': self.channel, 'default_kind': self.kind, 'default_estate_id': self.estate_id.id,
                    'show_resident': True}},
            },
        }
