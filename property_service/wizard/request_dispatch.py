from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

CANDIDATES = 20


class PropertyServiceRequestDispatch(models.TransientModel):
    """Dispatch: the ranked employees of one request, or one line with the proposal for each of several (R5, R6)."""

    _name = 'property.service.request.dispatch'
    _description = "Dispatch"

    mode = fields.Selection([('single', "One Request"), ('bulk', "Several Requests")], required=True, readonly=True)
    request_id = fields.Many2one('property.service.request', readonly=True, ondelete='cascade')
    unit_id = fields.Many2one(related='request_id.unit_id', related_sudo=False)
    type_id = fields.Many2one(related='request_id.type_id', related_sudo=False)
    appointment_start = fields.Datetime(related='request_id.appointment_start', related_sudo=False)
    current_employee_id = fields.Many2one(related='request_id.employee_id', string="Now With")
    line_ids = fields.One2many('property.service.request.dispatch.line', 'wizard_id', string="Proposal")
    open_count = fields.Integer(compute='_compute_open_count', help="Lines without an employee stay as they are.")
    left_out_count = fields.Integer(readonly=True, help="Chosen in the list, but already dispatched or not ready for it.")

    @api.constrains('request_id')
    def _check_request_id(self):
        self.sudo(False).request_id._origin.check_access('read')  # constraints run as superuser

    @api.depends('line_ids.employee_id')
    def _compute_open_count(self):
        for wizard in self:
            wizard.open_count = len(wizard.line_ids.filtered(lambda line: not line.employee_id))

    @api.model
    def _create_for(self, requests):
        """Return a wizard with its lines: employees by rank for one request, the balanced proposal for several.

        Of several, only those that wait for dispatch are proposed. When none does, the jobs are given out anew: somebody is ill.
        """
        Line = self.env['property.service.request.dispatch.line']
        if len(requests) == 1:
            lines = [
                {'sequence': index, 'request_id': requests.id, 'employee_id': ranked.candidate.id, **Line._get_vals(ranked)}
                for index, ranked in enumerate(requests._rank_employees()[requests.id][:CANDIDATES])]
            return self.create({
                'mode': 'single', 'request_id': requests.id, 'line_ids': [Command.create(vals) for vals in lines]})
        ready = requests.filtered(lambda r: r.state in ('approved', 'confirmed')) \
            or requests.filtered(lambda r: r.state in ('dispatched', 'in_progress'))
        left_out = len(requests) - len(ready)
        requests = ready
        if not requests:
            raise UserError(self.env._("None of the requests can be dispatched now."))
        chosen = requests._assign_employees()
        lines = []
        for index, request in enumerate(requests):
            ranked = chosen[request.id]
            # Somebody unsuitable is not put forward in a batch: the supervisor decides on that line alone.
            suitable = ranked if ranked and ranked.suitable else None
            lines.append({
                'sequence': index, 'request_id': request.id, 'employee_id': suitable.candidate.id if suitable else False,
                **Line._get_vals(suitable)})
        return self.create({
            'mode': 'bulk', 'left_out_count': left_out, 'line_ids': [Command.create(vals) for vals in lines]})

    def action_dispatch(self):
        """Dispatch every line that has an employee.

        :raises UserError: no line has one
        """
        self.ensure_one()
        groups = defaultdict(self.env['property.service.request'].browse)
        for line in self.line_ids:
            if line.employee_id:
                groups[line.employee_id.id] |= line.request_id
        if not groups:
            raise UserError(self.env._("Choose an employee for at least one request."))
        for employee_id, requests in groups.items():
            requests.action_dispatch(employee_id=employee_id)
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._("Dispatched: %(count)s", count=sum(map(len, groups.values()))),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }
