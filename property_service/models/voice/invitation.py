import base64

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.qr_code import qr_png
from . import campaign_states
from .stratum import _ROLES, _USES

STATES = [('new', "Drawn"), ('sent', "Invited"), ('opened', "Begun"), ('answered', "Answered")]


class PropertyServiceSurveyInvitation(models.Model):
    """One who is asked: a row of the sample. Made by the draw, changed by what happens, never by hand."""

    _name = 'property.service.survey.invitation'
    _description = "Survey Invitation"
    _order = 'campaign_id desc, id'
    _rec_name = 'partner_id'
    _rec_names_search = ['partner_id', 'unit_id']

    campaign_id = fields.Many2one('property.service.survey.campaign', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    stratum_id = fields.Many2one('property.service.survey.stratum', required=True, readonly=True, index=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string="Who Is Asked", required=True, readonly=True, index=True, ondelete='cascade')
    email = fields.Char(related='partner_id.email')
    phone = fields.Char(related='partner_id.phone')
    unit_id = fields.Many2one('property.service.unit', readonly=True, index=True, ondelete='cascade')
    estate_id = fields.Many2one('property.service.estate', readonly=True, index=True, ondelete='cascade')
    building_id = fields.Many2one('property.service.building', readonly=True, index=True, ondelete='cascade')
    employee_id = fields.Many2one('hr.employee', readonly=True, index='btree_not_null', ondelete='cascade')
    team_id = fields.Many2one('property.service.team', readonly=True, index='btree_not_null', ondelete='cascade')
    unit_use = fields.Selection(_USES, readonly=True)
    role = fields.Selection(_ROLES, readonly=True)
    request_id = fields.Many2one('property.service.request', readonly=True, index='btree_not_null', ondelete='cascade')
    complaint_id = fields.Many2one('property.service.complaint', readonly=True, index='btree_not_null', ondelete='cascade')
    answer_key = fields.Char(required=True, readonly=True, help="What may answer once: a unit, a resident, or a case.")
    position = fields.Float(digits=(18, 16), readonly=True, help="Where the draw put the key: between 0 and 1, the lowest were drawn.")
    access_token = fields.Char(required=True, readonly=True, copy=False, index=True, groups='base.group_system')
    state = fields.Selection(STATES, required=True, readonly=True, default='new')
    to_send = fields.Selection([('invitation', "Invitation"), ('reminder', "Reminder")], string="Waiting to Be Sent", readonly=True)
    send_error = fields.Char(string="Could Not Be Sent", readonly=True)
    sent_at = fields.Datetime(readonly=True)
    contacted_at = fields.Datetime(string="Last Written To", readonly=True)
    reminder_count = fields.Integer(string="Reminders", readonly=True)
    answered_on = fields.Date(readonly=True)
    channel = fields.Selection(campaign_states.CHANNELS, readonly=True)

    _home_or_employee = models.Constraint(
        'CHECK(employee_id IS NOT NULL OR (unit_id IS NOT NULL AND estate_id IS NOT NULL AND building_id IS NOT NULL))',
        "Who is asked is a resident of a home, or an employee.")
    # One answer per unit or resident: one row, and the row is locked when an answer is completed.
    _once = models.UniqueIndex('(campaign_id, answer_key)', "This unit or resident is in the sample already.")
    _state_index = models.Index('(campaign_id, state)')
    _queue_index = models.Index('(id) WHERE to_send IS NOT NULL')

    @api.depends('partner_id', 'unit_id', 'team_id')
    def _compute_display_name(self):
        for invitation in self:
            shown = invitation.sudo()  # sudo: HR does not read places
            names = (shown.unit_id.name or shown.team_id.name, shown.partner_id.name)
            invitation.display_name = " · ".join(name for name in names if name)

    # ---- WHO MAY ANSWER ----

    @api.model
    def _get_resident_domain(self, partner):
        """Return the Domain of the invitations that a person may answer or has answered: the own, and those of the own unit."""
        lives_there = Domain('unit_id', 'any', [
            ('residency_ids', 'any', [('partner_id', '=', partner.id), ('is_current', '=', True)])])
        household = Domain('campaign_id', 'any', [('kind', '=', 'period'), ('one_per', '=', 'unit'), ('role', '=', 'any')])
        works_here = Domain('employee_id.active', '=', True) & Domain('employee_id.user_id.partner_id', '=', partner.id)
        return (lives_there & (Domain('partner_id', '=', partner.id) | household)) | works_here

    def _get_refusal(self):
        """Return why no answer can be taken, in words for the resident; False when one can."""
        self.ensure_one()
        if self.state == 'answered':
            if self.campaign_id.kind == 'period' and self.campaign_id.one_per == 'unit':
                return self.env._(
                    "Thank you: your household has answered this survey already. One answer per home counts, so that every home weighs the same.")
            return self.env._("Thank you: you have answered this survey already.")
        if self.campaign_id.state != 'running':
            return self.env._("Thank you for your interest: this survey is over.")
        if self.employee_id and not self.employee_id.sudo().active:  # sudo: the token is the key
            return self.env._("This survey is for those who work here now.")
        if not self.partner_id.sudo().active:  # sudo: the token is the key
            return self.env._("This survey is for those who live here now.")
        return False

    def _start_answer(self, channel, partner=None, interviewer=None):
        """Create the answer, or go on with the one begun, and return it with superuser rights.

        :param str channel: of ``campaign_states.CHANNELS``
        :param partner: who answers, another of the household than the one invited
        :param interviewer: res.users who fills in for the resident (R45)
        :raises UserError: no answer can be taken, in words for the resident
        """
        self.ensure_one()
        refusal = self._get_refusal()
        if refusal:
            raise UserError(refusal)
        campaign = self.campaign_id
        partner = partner or self.partner_id
        Answer = self.env['survey.user_input'].with_user(SUPERUSER_ID)
        begun = Answer.search([('property_invitation_id', '=', self.id), ('state', '!=', 'done')], order='id desc', limit=1)
        if begun and (campaign.anonymous or begun.partner_id == partner) and begun.property_interviewer_id == (
                interviewer or self.env['res.users']):
            return begun
        # An anonymous answer never gets a name, not even while it is written: the invitation alone leads to it until it is done.
        who = {} if campaign.anonymous else {'partner': partner}
        survey = campaign.survey_id.with_user(SUPERUSER_ID).with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True)
        answer = survey._create_answer(check_attempts=False, **who, **self._prepare_answer(channel, interviewer))
        if self.state in ('new', 'sent'):
            self.sudo().write({'state': 'opened'})  # sudo: a fact of the campaign
        return answer

    def _prepare_answer(self, channel, interviewer):
        anonymous = self.campaign_id.anonymous
        return {
            'property_campaign_id': self.campaign_id.id, 'property_invitation_id': self.id, 'property_anonymous': anonymous,
            'property_stratum_id': self.stratum_id.id, 'property_estate_id': self.estate_id.id,
            'property_building_id': self.building_id.id, 'property_unit_id': False if anonymous else self.unit_id.id,
            'property_team_id': self.team_id.id, 'property_unit_use': self.unit_use, 'property_role': self.role, 'property_channel': channel,
            'property_interviewer_id': interviewer.id if interviewer else False,
            'property_interviewed_at': fields.Datetime.now() if interviewer else False,
            'property_request_id': False if anonymous else self.request_id.id,
            'property_complaint_id': False if anonymous else self.complaint_id.id,
        }

    def _mark_answered(self, answer):
        """Record that the row has its answer. The caller holds the lock.

        Of an anonymous answer neither link nor day stay: on a quiet day one answer and one home would find each other, and the
        ORM would write the same second into both records.
        """
        self.ensure_one()
        if not answer.property_anonymous:
            today = self.env.company._property_today()
            self.sudo().write({  # sudo: a fact of the campaign
                'state': 'answered', 'answered_on': today, 'to_send': False, 'channel': answer.property_channel})
            return
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE property_service_survey_invitation SET state = 'answered', to_send = NULL, write_date = create_date, write_uid = 1"
            " WHERE id = %s", [self.id])
        self.invalidate_recordset()
        self.modified(['state'])

    # ---- ACTIONS ----

    def action_interview(self, channel=None):
        """Fill in the survey for a resident who was interviewed, or who sent it on paper (R45, R49).

        :param str channel: phone, visit, letter or suggestion_box; a wizard asks when missing
        :return: act_url of the survey
        :raises UserError: an answer is there already, or the campaign is over
        """
        self.ensure_one()
        if not any(self.env.user.has_group(group) for group in campaign_states.INTERVIEW_GROUPS):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('read')
        if self.employee_id:
            raise UserError(self.env._("Employees answer for themselves: nobody fills in their survey."))
        if not channel:
            return {
                'type': 'ir.actions.act_window', 'name': self.env._("Interview"), 'res_model': 'property.service.survey.interview',
                'view_mode': 'form', 'target': 'new', 'context': {'default_invitation_id': self.id},
            }
        if channel not in campaign_states.INTERVIEW_CHANNELS:
            raise UserError(self.env._("Choose how the resident answered."))
        answer = self.sudo()._start_answer(channel, interviewer=self.env.user)  # sudo: staff reads no answers
        return {'type': 'ir.actions.act_url', 'url': answer.get_start_url(), 'target': 'self'}

    def _get_url(self):
        """Return the resident's personal address of the survey."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/surveys/i/{self.sudo().access_token}"  # sudo: printed or mailed, not shown to staff

    def _get_qr(self):
        """Return the QR code of the personal address, for letters."""
        self.ensure_one()
        return base64.b64encode(qr_png(self._get_url()))
