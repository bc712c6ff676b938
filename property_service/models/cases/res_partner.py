from odoo import fields, models


class ResPartner(models.Model):
    """What the resident asked for so far."""

    _inherit = 'res.partner'

    property_request_count = fields.Integer(
        string="Request Count", compute='_compute_property_request_count', groups='property_service.group_technician')
    property_open_request_count = fields.Integer(
        string="Open Request Count", compute='_compute_property_request_count', groups='property_service.group_technician')

    property_need_ids = fields.One2many(
        'property.service.callback', 'partner_id', string="Needs Told", domain=[('needs', '!=', False)],
        groups='property_service.group_agent', help="What the resident said in callbacks would be welcome.")

    def _compute_property_request_count(self):
        for partner, (total, unfinished) in self.env['property.service.request']._count_by('partner_id', self).items():
            partner.property_request_count = total
            partner.property_open_request_count = unfinished

    def action_open_property_requests(self):
        """Return the act_window of the resident's requests."""
        self.ensure_one()
        return self.env['property.service.request']._get_requests_action(
            [('partner_id', '=', self.id)], default_partner_id=self.id)

    def action_new_property_request(self):
        """Return the act_window of the intake form for this resident."""
        self.ensure_one()
        return {**self.env['property.service.request']._get_intake_action(default_partner_id=self.id), 'target': 'current'}

    def _get_greeting_name(self):
        """Return, for the mail that is being rendered, what the greeting is for, in the language of the mail."""
        greeting = self.env['property.service.greeting'].sudo().browse(  # sudo: its name only
            self.env.context.get('property_greeting_id') or ())
        return greeting.name or self.env._("the festival")
