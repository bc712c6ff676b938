import logging

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class PropertyServiceSurveyCampaign(models.Model):
    """Invitations and reminders: marked in one statement, sent by a cron in batches through Odoo's mail queue."""

    _inherit = 'property.service.survey.campaign'

    def _queue_invitations(self):
        """Mark whoever has an e-mail address and has not been written to."""
        Invitation = self.env['property.service.survey.invitation'].sudo()  # sudo: facts of the campaign
        Invitation.search([
            ('campaign_id', 'in', self.filtered('by_mail').ids), ('state', '=', 'new'), ('to_send', '=', False),
            ('partner_id.email', '!=', False),
        ]).write({'to_send': 'invitation'})
        self.env.ref('property_service.cron_survey_send')._trigger()

    def _queue_reminders(self):
        """Mark whoever was written to so many days ago and has not answered."""
        self.ensure_one()
        if not self.reminder_days or not self.reminder_max:
            return
        before = fields.Datetime.subtract(fields.Datetime.now(), days=self.reminder_days)
        Invitation = self.env['property.service.survey.invitation'].sudo()  # sudo: facts of the campaign
        due = Invitation.search([
            ('campaign_id', '=', self.id), ('state', 'in', ('sent', 'opened')), ('to_send', '=', False),
            ('contacted_at', '<=', before), ('reminder_count', '<', self.reminder_max), ('partner_id.email', '!=', False),
        ])
        if due:
            due.write({'to_send': 'reminder'})
            self.env.ref('property_service.cron_survey_send')._trigger()

    # ---- CRONS ----

    @api.model
    def _cron_send(self, batch_size=200):
        """Write to whoever is marked, a batch at a time, each committed."""
        Invitation = self.env['property.service.survey.invitation']
        domain = Domain('to_send', '!=', False) & Domain('campaign_id.state', '=', 'running')
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=Invitation.search_count(domain))
        while True:
            batch = Invitation.search(domain, limit=batch_size, order='id').try_lock_for_update(allow_referencing=True)
            if not batch:
                break
            try:
                with self.env.cr.savepoint():
                    batch._send()
            except Exception:
                _logger.exception("Survey invitations %s: trying one by one", batch.ids)
                batch._send_each()
            if not commit(len(batch)):
                break
        self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()

    @api.model
    def _cron_run(self):
        """Close what is over, remind, and ask after services. One campaign that fails does not stop the others."""
        commit = self.env['ir.cron']._commit_progress
        today = self.env.company._property_today()
        for campaign in self.search([('state', '=', 'running')]):
            if not campaign.try_lock_for_update(allow_referencing=True):
                continue
            try:
                with self.env.cr.savepoint():
                    if campaign.date_end and campaign.date_end < today:
                        campaign._close()
                    else:
                        campaign._plan_services()
                        campaign._queue_reminders()
            except Exception:
                _logger.exception("Survey campaign %s", campaign.id)
            if not commit(1):
                break
