from odoo import fields, models


class PropertyServiceTypeChecklist(models.Model):
    """A step of the standard procedure 标准操作流程, copied to each request of the type (R7)."""

    _name = 'property.service.type.checklist'
    _description = "Service Checklist Step"
    _order = 'sequence, id'

    type_id = fields.Many2one('property.service.type', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='type_id.company_id', store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    required = fields.Boolean(default=True, help="The work cannot be finished before the step is done.")
