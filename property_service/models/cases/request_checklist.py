from odoo import fields, models


class PropertyServiceRequestChecklist(models.Model):
    """A step of the standard procedure on one request, ticked off by the worker (R7)."""

    _name = 'property.service.request.checklist'
    _description = "Request Checklist Step"
    _order = 'request_id, sequence, id'

    request_id = fields.Many2one('property.service.request', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    required = fields.Boolean()
    done = fields.Boolean()
    done_by_id = fields.Many2one('res.users', readonly=True)
    done_at = fields.Datetime(readonly=True)
    note = fields.Char()

    def write(self, vals):
        """Who ticks a step answers for it (R104): user and time are recorded, not entered."""
        if 'done' in vals:
            vals = {
                **vals,
                'done_by_id': self.env.uid if vals['done'] else False,
                'done_at': fields.Datetime.now() if vals['done'] else False,
            }
        return super().write(vals)
