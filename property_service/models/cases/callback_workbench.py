
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: When residents who named a part of the day like to be called: [from, to) on the company's clock.
DAY_PARTS = (('morning', 0, 12), ('afternoon', 12, 18), ('evening', 18, 24))
#: What is due within so many hours does not wait for the part of the day the resident prefers.
PRESSING_HOURS = 4


class PropertyServiceCallback(models.Model):
    """What the caller's screen shows, what its keys do, and which call comes next."""

    _inherit = 'property.service.callback'

    good_time = fields.Boolean(
        string="Good Time to Call", compute='_compute_good_time', search='_search_good_time',
        help="The resident named no time, or likes to be called in this part of the day.")

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

    # ---- THE QUEUE ----

    @api.model
    def _get_day_part(self):
        """Return the part of the day it is where the company is."""
        hour = self.env.company._property_time(fields.Datetime.now()).hour
        return next(part for part, start, end in DAY_PARTS if start <= hour < end)

    @api.depends('call_hours')
    def _compute_good_time(self):
        part = self._get_day_part()
        for callback in self:
            callback.good_time = callback.call_hours in (False, part)

    def _search_good_time(self, operator, value):
        if operator != 'in':
            return NotImplemented
        good = Domain('call_hours', 'in', (False, self._get_day_part()))
        return good if set(value) == {True} else ~good if set(value) == {False} else Domain.TRUE

    @api.model
    def _get_queue_domain(self):
        """Return the Domain of the callbacks the user may take now: due, not of the own work, not about the user."""
        employees = self.env.user.sudo().employee_ids  # sudo: own employee records
        barred = Domain.OR(Domain(path, 'in', employees.ids) for path in (
            'worker_id', 'origin_request_id.employee_id', 'origin_complaint_id.about_employee_id')) if employees else Domain.FALSE
        return (Domain('state', '=', 'planned') & Domain('planned_at', '<=', fields.Datetime.now()) & ~barred
                & (Domain('caller_id', '=', False) | Domain('caller_id', '=', self.env.uid)))

    @api.model
    def _get_next(self):
        """Return the call to make next: the one begun, else the first by priority and due time of those whose residents like to be
        called now or that cannot wait, else the first of all."""
        begun = self.search([('state', '=', 'in_progress'), ('caller_id', '=', self.env.uid)], limit=1)
        if begun:
            return begun
        queue = self._get_queue_domain()
        pressing = Domain('sla_next_deadline', '<=', fields.Datetime.add(fields.Datetime.now(), hours=PRESSING_HOURS))
        for domain in (Domain('good_time', '=', True) | pressing, Domain.TRUE):
            found = self.search(queue & domain, order='priority desc, sla_next_deadline, planned_at, id', limit=1)
            if found:
                return found
        return self.browse()

    def _open_next(self):
        """Return the action that opens the next callback of the queue, or the queue when it is empty."""
        following = self._get_next()
        return following._open_form() if following else self.env['ir.actions.act_window']._for_xml_id('property_service.callback_action')

    def _open_form(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'target': 'main',  # call after call must not pile up in the breadcrumbs
            'views': [(False, 'form')],
        }

    # ---- KEYS ----

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

    # ---- NEEDS TOLD ----

    def action_need_taken_up(self):
        """Somebody has taken up what the resident would like."""
        return self._settle_need('taken_up')

    def action_need_declined(self):
        """It cannot be done."""
        return self._settle_need('declined')

    def _settle_need(self, state):
        self.check_access('write')
        if not all(callback.needs for callback in self):
            raise UserError(self.env._("No need was told in this callback."))
        self.needs_state = state
        return True

    def action_need_request(self):
        """Open a new request of the resident with the need in words, to be completed; saving it is the user's decision."""
        self.ensure_one()
        needs = (self.needs or '').strip()
        return self.env['property.service.request']._get_intake_action(
            default_partner_id=self.partner_id.id, default_unit_id=self.unit_id.id, default_channel='phone',
            default_description=needs, default_title=needs.split('\n')[0][:60])

    def action_open_follow_up(self):
        """Open the complaint that followed from the callback."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'property.service.complaint', 'res_id': self.follow_up_complaint_id.id,
            'view_mode': 'form',
        }
