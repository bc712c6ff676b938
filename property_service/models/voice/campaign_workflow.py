from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from . import campaign_states


class PropertyServiceSurveyCampaign(models.Model):
    """The steps of a campaign."""

    _inherit = 'property.service.survey.campaign'

    def action_start(self):
        """Draw the sample unless that is done, and begin to invite; also prolongs a closed campaign.

        :raises UserError: nobody is in the audience, or the last day is over
        """
        self._check_group(campaign_states.STEERING_GROUPS)
        today = self.env.company._property_today()
        for campaign in self:
            if campaign.date_end and campaign.date_end < today:
                raise UserError(self.env._("The last day of %(campaign)s is over: choose a later one.", campaign=campaign.name))
            if campaign.kind != 'service' and not campaign.drawn_on:
                campaign.action_draw()
            if campaign.kind != 'service' and not campaign.invited_count:
                raise UserError(self.env._("Nobody belongs to the audience of %(campaign)s.", campaign=campaign.name))
        now = fields.Datetime.now()
        self._set_state('running', started_at=now, processed_until=now)
        self._queue_invitations()
        return True

    def action_close(self):
        """Take no more answers."""
        self._check_group(campaign_states.STEERING_GROUPS)
        self._close()
        return True

    def action_archive_campaign(self):
        """Put the campaign away; its results stay in the trend."""
        self._check_group(campaign_states.STEERING_GROUPS)
        self._set_state('archived')
        return True

    def _close(self):
        self._set_state('closed', closed_at=fields.Datetime.now())
        Invitation = self.env['property.service.survey.invitation'].sudo()  # sudo: facts of the campaign
        waiting = Invitation.search([('campaign_id', 'in', self.ids), ('to_send', '!=', False)])
        waiting.write({'to_send': False})
        # What somebody began and did not send is nobody's to read, least of all with a name on it.
        Answer = self.env['survey.user_input'].sudo()  # sudo: as above
        Answer.search([('property_campaign_id', 'in', self.filtered('anonymous').ids), ('state', '!=', 'done')]).unlink()

    # ---- STATES ----

    def _check_group(self, groups):
        """Raise AccessError unless the user has one of the groups and may write the campaigns."""
        if self.env.su:
            return
        if groups == campaign_states.STEERING_GROUPS:
            groups = self._get_steering_groups()
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('read')

    def _set_state(self, state, **vals):
        """Lock, consult the table, write; see ``property.service.case._set_state``."""
        self.lock_for_update(allow_referencing=True)
        labels = dict(self._fields['state']._description_selection(self.env))
        for campaign in self:
            if state not in campaign_states.TRANSITIONS[campaign.state]:
                raise UserError(self.env._(
                    "%(case)s is %(from_state)s and cannot become %(to_state)s.",
                    case=campaign.name, from_state=labels[campaign.state], to_state=labels[state]))
        self._write_facts({'state': state, **vals})

    def _write_facts(self, vals):
        """Write what only the steps write."""
        return self.sudo().write(vals)  # sudo: the step has checked the right; nobody else may write them

    # ---- WINDOWS ----

    def action_open_invitations(self):
        """Return the act_window of who is asked."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.survey_invitation_action'),
            'domain': [('campaign_id', 'in', self.ids)], 'context': {},
        }

    def action_open_results(self):
        """Return the client action of the result page."""
        self.ensure_one()
        return {
            **self.env['ir.actions.actions']._for_xml_id('property_service.survey_results_action'),
            'name': self.name, 'params': {'campaign_id': self.id}, 'context': {'active_id': self.id},
        }

    def action_open_texts(self):
        """Return the act_window of the open answers."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.survey_text_action'),
            'domain': [('property_campaign_id', 'in', self.ids), ('answer_type', 'in', ('text_box', 'char_box'))],
        }

    def action_print_letters(self):
        """Return the report action of one letter for each who has not answered and cannot be written to by mail."""
        self.ensure_one()
        self._check_group(campaign_states.STEERING_GROUPS if self.kind == 'staff' else campaign_states.INTERVIEW_GROUPS)
        invitations = self.env['property.service.survey.invitation'].search(
            [('campaign_id', '=', self.id), ('state', '!=', 'answered'), ('partner_id.email', '=', False)],
            order='team_id, estate_id, building_id, unit_id')
        if not invitations:
            raise UserError(self.env._("Whoever has not answered has an e-mail address."))
        return self.env.ref('property_service.survey_letter_report_action').report_action(invitations)
