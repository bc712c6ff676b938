from odoo import api, fields, models
from odoo.fields import Domain

from ..cases.request_states import SOLVED_STATES
from .account_move import OPEN_STATES


class PropertyServiceRequest(models.Model):
    """A payment plan that was agreed holds reminders back as long as it is kept; whoever agreed it hears when it is not."""

    _inherit = 'property.service.request'

    fee_plan_missed = fields.Boolean(
        string="Plan Not Kept", readonly=True, copy=False, help="A planned payment did not come: reminders go on.")

    # Which plans are being watched: asked for every day.
    _fee_plan_index = models.Index("(id) WHERE fee_outcome = 'plan' AND fee_plan_missed IS NOT TRUE")

    @property
    def _system_fields(self):
        return super()._system_fields | {'fee_plan_missed'}

    @api.model
    def _get_hold_domain(self):
        """Return the Domain of queries that keep reminders back: in dispute, or with a plan that is kept."""
        kept = Domain('fee_outcome', '=', 'plan') & Domain('state', 'in', SOLVED_STATES) & Domain('fee_plan_missed', '=', False)
        return super()._get_hold_domain() | kept

    def _after_state_change(self, before):
        """An answer that is returned and given anew begins a new plan."""
        super()._after_state_change(before)
        plans = self.filtered(lambda request: request.kind == 'fee_query' and request.fee_outcome == 'plan')
        again = plans.filtered(lambda request: request.state == 'done' and request.fee_plan_missed)
        if again:
            again._as_system().write({'fee_plan_missed': False})
        plans.filtered(lambda request: not request.fee_hold)._sync_reminder_hold()

    @api.model
    def _cron_watch_plans(self, batch_size=100):
        """Let reminders go on where a planned payment did not come, and tell whoever agreed the plan, once."""
        due = Domain('fee_outcome', '=', 'plan') & Domain('state', 'in', SOLVED_STATES) & Domain('fee_plan_missed', '=', False) \
            & Domain('instalment_ids.date_planned', '<', self.env.company._property_today()) \
            & Domain('fee_move_ids.payment_state', 'in', OPEN_STATES)
        commit, last_id = self.env['ir.cron']._commit_progress, 0
        while todo := self.search(due & Domain('id', '>', last_id), limit=batch_size, order='id'):
            last_id = todo[-1].id
            missed = todo.try_lock_for_update(allow_referencing=True).filtered_domain(due).filtered(
                lambda request: 'late' in request.instalment_ids.mapped('state'))
            missed._miss_plan()
            if not commit(len(todo)):
                return

    def _miss_plan(self):
        if not self:
            return
        self._as_system().write({'fee_plan_missed': True})
        self._sync_reminder_hold()
        for request in self:
            user = request.fee_accountant_id if request.fee_accountant_id.active else request._get_responsible_users()[request]
            if user:
                request.with_context(lang=user.lang).activity_schedule(
                    'property_service.mail_activity_type_plan', user_id=user.id,
                    summary=request.with_context(lang=user.lang).env._("A planned payment did not come"))
