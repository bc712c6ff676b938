from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .request_states import FINISHED_STATES


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

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_forged(vals)
        return super().create([self._with_author(vals) for vals in vals_list])

    def write(self, vals):
        """Who ticks a step answers for it (R104): user and time are recorded, not entered. The steps are not the worker's."""
        self._check_not_forged(vals)
        if not self.env.su and not self.env.user.has_group('property_service.group_supervisor'):
            if vals.keys() - {'done', 'note'}:
                raise AccessError(self.env._(
                    "A worker ticks the steps off and adds notes; the steps themselves stay as they are."))
            if self.env['property.service.request']._is_bound_to_own_jobs():
                self.request_id._check_own_jobs()
        if not self.env.su and any(request.state in FINISHED_STATES for request in self.request_id):
            raise UserError(self.env._("The work is finished: its record does not change any more."))
        if 'done' not in vals:
            return super().write(vals)
        ticked = self.filtered(lambda step: step.done != bool(vals['done']))  # who ticked a step first answers for it
        rest = {name: value for name, value in vals.items() if name != 'done'}
        if rest and self - ticked:
            super(PropertyServiceRequestChecklist, self - ticked).write(rest)
        return super(PropertyServiceRequestChecklist, ticked).write(self._with_author(vals))

    @api.model
    def _with_author(self, vals):
        if 'done' not in vals:
            return vals
        return {
            **vals,
            'done_by_id': self.env.uid if vals['done'] else False,
            'done_at': fields.Datetime.now() if vals['done'] else False,
        }

    def _check_not_forged(self, vals):
        if not self.env.su and {'done_by_id', 'done_at'}.intersection(vals):
            raise UserError(self.env._("Who ticked a step, and when, is recorded and not entered."))
