from odoo import api, fields, models


class PropertyServiceCallback(models.Model):
    """What the caller's screen shows and what its keys do."""

    _inherit = 'property.service.callback'

    case_summary = fields.Text(compute='_compute_case_summary')

    @api.depends('origin_request_id', 'origin_complaint_id')
    def _compute_case_summary(self):
        for callback in self:
            case = callback.origin_request_id or callback.origin_complaint_id
            lines = []
            if case:
                lines = [case.display_name, case.description]
                outcome = case.work_summary if case._name == 'property.service.request' else case.measure
                lines += [self.env._("Done: %(outcome)s", outcome=outcome) if outcome else None]
                lines += [self.env._("Rated %(rating)s of 5.", rating=case.rating_value) if case.rating_value else None]
            callback.case_summary = "\n".join(line for line in lines if line) or False

    # Measures of the coverage report: each callback is one that was due.
    due_count = fields.Integer(string="Due", compute='_compute_coverage', store=True)
    done_count = fields.Integer(string="Made", compute='_compute_coverage', store=True)
    reached_count = fields.Integer(string="Reached", compute='_compute_coverage', store=True)
    satisfied_count = fields.Integer(string="Satisfied Residents", compute='_compute_coverage', store=True)

    @api.depends('state', 'result')
    def _compute_coverage(self):
        for callback in self:
            callback.due_count = int(callback.state != 'cancelled')
            callback.done_count = int(callback.state in ('done', 'unreachable'))
            callback.reached_count = int(callback.state == 'done')
            callback.satisfied_count = int(callback.result == 'satisfied')

    # The comment typed on the form is saved before the button's method runs.
    def action_result_satisfied(self):
        """Done, satisfied; opens the next call."""
        return self.action_done(result='satisfied')

    def action_result_neutral(self):
        """Done, neutral; opens the next call."""
        return self.action_done(result='neutral')

    def action_result_dissatisfied(self):
        """Done, dissatisfied: the case reopens; opens the next call."""
        return self.action_done(result='dissatisfied')

    def action_no_answer(self):
        """Nobody answered; opens the next call."""
        self.action_log_attempt(outcome='no_answer')
        return self._open_next()

    def action_open_origin(self):
        """Open the case the callback is about."""
        self.ensure_one()
        case = self.origin_request_id or self.origin_complaint_id
        return {'type': 'ir.actions.act_window', 'res_model': case._name, 'res_id': case.id, 'view_mode': 'form'}

    def action_open_follow_up(self):
        """Open the complaint that followed from the callback."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'property.service.complaint', 'res_id': self.follow_up_complaint_id.id,
            'view_mode': 'form',
        }
