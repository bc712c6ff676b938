from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

DRAFT_MONTH = 10  # R42: the November survey is prepared from 1 October


class PropertyServiceSurveyCampaign(models.Model):
    """The yearly survey comes back by itself."""

    _inherit = 'property.service.survey.campaign'

    drafted_for_year = fields.Integer(readonly=True, copy=False, index='btree_not_null')

    @api.model
    def _cron_draft_yearly(self):
        """From 1 October on, draft this year's campaign of each company with last year's settings and tell the quality role,
        or HR where employees are asked.

        It runs daily and drafts once: a server that was down on the day makes up for it.
        """
        today = self.env.company._property_today()
        if today.month < DRAFT_MONTH:
            return
        latest = self.search([('is_yearly', '=', True), ('kind', '!=', 'service')], order='company_id, date_start desc, id desc')
        for (company, _kind), campaigns in latest.grouped(lambda campaign: (campaign.company_id, campaign.kind)).items():
            last = campaigns[0]
            if last.date_start.year >= today.year:
                continue
            last.with_company(company)._draft_for(today.year)._tell_quality()

    def _draft_for(self, year):
        """Return the draft of ``year`` with the settings of this campaign."""
        self.ensure_one()
        shift = relativedelta(years=year - self.date_start.year)
        names = {lang: self.with_context(lang=lang).name for lang, _name in self.env['res.lang'].get_installed()}
        before, after = str(self.date_start.year), str(year)
        draft = self.copy({
            'name': self.name.replace(before, after) if before in self.name else f"{self.name} {after}",
            'date_start': self.date_start + shift, 'date_end': self.date_end + shift, 'previous_id': self.id, 'drafted_for_year': year,
        })
        for lang, name in names.items():
            draft.with_context(lang=lang).name = name.replace(before, after) if before in name else f"{name} {after}"
        return draft

    def _tell_quality(self):
        """Give everybody in the quality role of the company an activity, or in HR; without any, the responsible user."""
        self.ensure_one()
        role = 'hr.group_hr_user' if self.kind == 'staff' else 'property_service.group_quality'
        quality = self.env.ref(role).sudo().all_user_ids  # sudo: cron
        users = quality.filtered(lambda user: user.active and self.company_id in user.company_ids) or self.user_id
        for user in users:
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id, date_deadline=self.date_start,
                summary=self.env._("Check the draft of the yearly survey and start it"))
