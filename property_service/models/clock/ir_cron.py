from odoo import api, models

from odoo.addons.base.models.ir_cron import CompletionStatus


class IrCron(models.Model):
    """Odoo switches off a job that keeps failing. One that watches over deadlines must not stop in silence."""

    _inherit = 'ir.cron'

    @api.model
    def _update_failure_count(self, job, status):
        super()._update_failure_count(job, status)
        if status != CompletionStatus.FAILED:
            return
        self.env.cr.execute("SELECT active FROM ir_cron WHERE id = %s", [job['id']])
        if job['active'] and self.env.cr.fetchone() == (False,):
            self.browse(job['id'])._tell_managers_of_stop()

    def _tell_managers_of_stop(self):
        """Notify the managers where the job is one of this addon."""
        self.ensure_one()
        xml_id = self.get_external_id()[self.id]
        if not xml_id.startswith('property_service.'):
            return
        managers = self.env.ref('property_service.group_manager').all_user_ids.filtered('active')
        for lang, users in managers.grouped('lang').items():
            job = self.with_context(lang=lang)
            job.env['mail.thread'].message_notify(
                partner_ids=users.partner_id.ids, subject=job.env._("Switched off: %(job)s", job=job.name),
                body=job.env._(
                    "%(job)s has failed for days, so Odoo has switched it off. Until an administrator finds the cause in the server's log "
                    "and switches it on again under Scheduled Actions, it does nothing.", job=job.name))
