from odoo import api, fields, models


class PropertyServiceRequestDispatchLine(models.TransientModel):
    """One proposal: an employee for a request, and why."""

    _name = 'property.service.request.dispatch.line'
    _description = "Dispatch Proposal"
    _order = 'sequence, id'

    wizard_id = fields.Many2one('property.service.request.dispatch', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer()
    request_id = fields.Many2one('property.service.request', required=True, readonly=True, ondelete='cascade')
    unit_id = fields.Many2one(related='request_id.unit_id', related_sudo=False)
    type_id = fields.Many2one(related='request_id.type_id', related_sudo=False)
    priority = fields.Selection(related='request_id.priority', related_sudo=False)
    appointment_start = fields.Datetime(related='request_id.appointment_start', related_sudo=False)
    company_id = fields.Many2one(related='request_id.company_id')
    employee_id = fields.Many2one(
        'hr.employee', domain="[('company_id', 'in', (company_id, False))]", ondelete='cascade')
    # Not readonly: what the balanced proposal of a batch says is kept, not computed anew at creation.
    score = fields.Float(compute='_compute_rating', compute_sudo=False, store=True, readonly=False, digits=(5, 1))
    suitable = fields.Boolean(compute='_compute_rating', compute_sudo=False, store=True, readonly=False)
    reasons = fields.Text(compute='_compute_rating', compute_sudo=False, store=True, readonly=False, help="One reason a line.")
    warnings = fields.Text(compute='_compute_rating', compute_sudo=False, store=True, readonly=False, help="One warning a line.")

    @api.constrains('request_id')
    def _check_request_id(self):
        self.sudo(False).request_id._origin.check_access('read')  # constraints run as superuser

    @api.depends('employee_id')
    def _compute_rating(self):
        """Rate the employee that the supervisor chose instead."""
        self.request_id._origin.check_access('read')
        ranked = self.request_id._rank_employees()
        for line in self:
            found = next((item for item in ranked[line.request_id._origin.id or line.request_id.id]
                          if item.candidate.id == line.employee_id.id), None)
            line.update(self._get_vals(found))
            if line.employee_id and not found:
                line.warnings = self.env._("In no team")

    @api.model
    def _get_vals(self, ranked):
        """Return the values of a line for a ranking.Ranked, or the empty ones."""
        if not ranked:
            return {'score': 0.0, 'suitable': False, 'reasons': False, 'warnings': False}
        proposal = self.env['property.service.request']._format_ranked(ranked)
        return {
            'score': proposal['score'], 'suitable': proposal['suitable'],
            'reasons': "\n".join(proposal['reasons']), 'warnings': "\n".join(proposal['warnings'])}

    def action_choose(self):
        """Give the request to this employee: one click."""
        self.ensure_one()
        self.request_id.action_dispatch(employee_id=self.employee_id.id)
        return {'type': 'ir.actions.act_window_close'}
