from odoo import fields, models


class PropertyServiceComplaint(models.Model):
    """What a complaint leads to."""

    _inherit = 'property.service.complaint'

    callback_count = fields.Integer(compute='_compute_callback_count', groups='property_service.group_agent,property_service.group_quality')

    def _compute_callback_count(self):
        counts = dict(self.env['property.service.callback']._read_group(
            [('origin_complaint_id', 'in', self.ids)], ['origin_complaint_id'], ['__count']))
        for complaint in self:
            complaint.callback_count = counts.get(complaint, 0)

    def action_open_callbacks(self):
        """Return the act_window of the complaint's callbacks."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.callback_action'),
            'domain': [('origin_complaint_id', '=', self.id)],
            'context': {'default_origin_complaint_id': self.id, 'default_partner_id': self.partner_id.id},
        }
