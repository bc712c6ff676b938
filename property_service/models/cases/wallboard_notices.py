from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: The jobs of the clock, and how long after their time they count as standing still.
JOBS = ('cron_sla_escalate', 'cron_sla_recompute')
PATIENCE = timedelta(minutes=30)


class PropertyServiceWallboard(models.AbstractModel):
    """What is wrong with the clock itself: figures that may be false are not shown without saying so."""

    _inherit = 'property.service.wallboard'

    @api.model
    def _get_notices(self, models_by_kind):
        """Return what a manager has to know of the clock, nothing to others: ``[{kind, text, action}, …]``.

        ``action`` is the act_window of the records behind it, or False. Each question is answered by an index of its own.
        """
        if not self.env.user.has_group('property_service.group_manager'):
            return []
        return [*self._get_job_notices(), *self._get_failed_notices(), *self._get_fault_notices(models_by_kind),
                *self._get_recompute_notices()]

    @api.model
    def _get_job_notices(self):
        late = fields.Datetime.now() - PATIENCE
        notices = []
        for name in JOBS:
            job = self.env.ref(f'property_service.{name}', raise_if_not_found=False)
            job = job and job.sudo()  # sudo: whether and when the clock runs
            if not job or not job.active:
                text = self.env._("Switched off: %(job)s", job=job.name if job else name)
            elif job.nextcall < late:
                text = self.env._("The clock stands still: %(job)s was to run at %(time)s.", job=job.name, time=self._format_time(job.nextcall))
            else:
                continue
            notices.append({'kind': 'job', 'text': text, 'action': False})
        return notices

    @api.model
    def _get_failed_notices(self):
        domain = Domain('state', '=', 'failed')
        count = self.env['property.service.sla.event'].search_count(domain)
        if not count:
            return []
        text = self.env._("Escalations that failed: %(count)s", count=count)
        return [{'kind': 'failed', 'text': text, 'action': self._get_notice_action('property.service.sla.event', text, domain)}]

    @api.model
    def _get_fault_notices(self, models_by_kind):
        notices = []
        labels = dict(self.env['property.service.clock.mixin']._get_clock_kinds())
        for kind, model in models_by_kind.items():
            domain = Domain('sla_fault', '!=', False) & model._get_clock_open_domain()
            count = model.search_count(domain)
            if count:
                text = self.env._("%(kind)s without a deadline, because working hours are missing: %(count)s", kind=labels[kind], count=count)
                notices.append({'kind': 'fault', 'text': text, 'action': self._get_notice_action(model._name, text, domain)})
        return notices

    @api.model
    def _get_recompute_notices(self):
        rounds = self.env['property.service.sla.recompute'].search([('total_count', '>', 0)])
        if not rounds:
            return []
        done, total = sum(rounds.mapped('done_count')), sum(rounds.mapped('total_count'))
        text = self.env._("Deadlines are being counted again: %(done)s of %(total)s cases", done=done, total=max(done, total))
        return [{'kind': 'recompute', 'text': text, 'action': False}]

    @api.model
    def _get_notice_action(self, model, title, domain):
        return {
            'type': 'ir.actions.act_window', 'name': title, 'res_model': model, 'domain': list(domain),
            'views': [(False, 'list')] if model == 'property.service.sla.event' else [(False, 'list'), (False, 'form')]}

    @api.model
    def _format_time(self, moment):
        return fields.Datetime.context_timestamp(self, moment).strftime('%Y-%m-%d %H:%M')
