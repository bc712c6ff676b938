from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PropertyServiceBroadcastRecipient(models.Model):
    """Who was told of an emergency, how and when: written by sending, and by whoever reached somebody by phone."""

    _name = 'property.service.broadcast.recipient'
    _description = "Emergency Notice Recipient"
    _order = 'is_told, id'

    broadcast_id = fields.Many2one('property.service.broadcast', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='broadcast_id.company_id', store=True, index=True, precompute=True)
    partner_id = fields.Many2one('res.partner', string="Resident", index='btree_not_null', ondelete='restrict')
    employee_id = fields.Many2one('hr.employee', index='btree_not_null', ondelete='restrict')
    name = fields.Char(required=True)
    phone = fields.Char()
    unit_names = fields.Char(string="Lives in", compute='_compute_unit_names')
    channel = fields.Selection([('mail', "Mail and Portal"), ('todo', "To-Do and Message"), ('call', "Phone")], required=True)
    is_told = fields.Boolean(string="Was Told", compute='_compute_is_told', store=True, precompute=True)
    told_at = fields.Datetime()
    told_by_id = fields.Many2one('res.users', string="Called By", ondelete='restrict')

    @api.depends('told_at')
    def _compute_is_told(self):
        for line in self:
            line.is_told = bool(line.told_at)

    @api.depends('partner_id')
    def _compute_unit_names(self):
        for line in self:
            line.unit_names = line.partner_id.resident_unit_names

    def action_told(self):
        """Note that the person has been told by phone or at the door."""
        if not self.env.su and not self.env.user.has_group('property_service.group_agent'):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('read')
        if any(line.told_at for line in self):
            raise UserError(self.env._("This person has been told already."))
        self.sudo().write({'told_at': fields.Datetime.now(), 'told_by_id': self.env.uid})  # sudo: the log is written only here
        return True
