from odoo import fields, models


class PropertyServiceWaitingReason(models.Model):
    """Why work stands still: 挂起原因. Whether it pauses the clock is the SLA policy's decision, by default this flag."""

    _name = 'property.service.waiting.reason'
    _description = "Waiting Reason"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Leave empty to share the reason among companies.")
    pauses_clock = fields.Boolean(default=True, help="The resolution time stands still while waiting for this.")

    _code_unique = models.UniqueIndex('(COALESCE(company_id, 0), code)', "Another waiting reason has this code.")
