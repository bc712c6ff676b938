import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from . import campaign_states
from .stratum import _ROLES, _USES

_logger = logging.getLogger(__name__)


class SurveyUserInput(models.Model):
    """An answer of a campaign: where it comes from, as far as the campaign may know it."""

    _inherit = 'survey.user_input'

    property_campaign_id = fields.Many2one(
        'property.service.survey.campaign', string="Campaign", readonly=True, index='btree_not_null', ondelete='cascade', copy=False)
    property_company_id = fields.Many2one(
        related='property_campaign_id.company_id', string="Campaign's Company", store=True, index='btree_not_null')
    property_invitation_id = fields.Many2one(
        'property.service.survey.invitation', string="Invitation", readonly=True, index='btree_not_null', ondelete='set null', copy=False)
    property_stratum_id = fields.Many2one(
        'property.service.survey.stratum', string="Stratum", readonly=True, index='btree_not_null', ondelete='set null', copy=False,
        groups='base.group_system')
    property_estate_id = fields.Many2one(
        'property.service.estate', string="Estate", readonly=True, index='btree_not_null', ondelete='set null', copy=False)
    property_building_id = fields.Many2one(
        'property.service.building', string="Building", readonly=True, index='btree_not_null', ondelete='set null', copy=False)
    property_team_id = fields.Many2one(
        'property.service.team', string="Service Team", readonly=True, index='btree_not_null', ondelete='set null', copy=False)
    property_unit_id = fields.Many2one(
        'property.service.unit', string="Unit", readonly=True, index='btree_not_null', ondelete='set null', copy=False)
    # Building, use and role together are a few people: results count them, single answers do not tell them.
    property_unit_use = fields.Selection(_USES, string="Use of the Unit", readonly=True, copy=False, groups='base.group_system')
    property_role = fields.Selection(_ROLES, string="Resident Is", readonly=True, copy=False, groups='base.group_system')
    property_anonymous = fields.Boolean(string="Anonymous", readonly=True, copy=False)
    property_channel = fields.Selection(campaign_states.CHANNELS, string="Channel", readonly=True, copy=False)
    property_interviewer_id = fields.Many2one(
        'res.users', string="Filled in By", readonly=True, index='btree_not_null', copy=False)
    property_interviewed_at = fields.Datetime(string="Filled in On", readonly=True, copy=False)
    property_request_id = fields.Many2one(
        'property.service.request', string="Request", readonly=True, index='btree_not_null', ondelete='set null', copy=False)
    property_complaint_id = fields.Many2one(
        'property.service.complaint', string="Complaint", readonly=True, index='btree_not_null', ondelete='set null', copy=False)

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_property_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Where an answer of a campaign comes from is a fact: nobody enters it."""
        self._check_property_fields(vals)
        return super().write(vals)

    @api.model
    def _check_property_fields(self, vals):
        if not self.env.su and any(name.startswith('property_') for name in vals):
            raise UserError(self.env._("Where an answer comes from is recorded by the campaign."))

    # ---- COMPLETION ----

    def _get_property_refusal(self):
        """Return why this answer of a campaign can no longer be completed, in words for the resident; False when it can."""
        self.ensure_one()
        if not self.property_campaign_id or self.state == 'done':
            return False
        if not self.property_invitation_id:
            return self.env._("Thank you for your interest: this survey is over.")
        return self.property_invitation_id._get_refusal()

    def _mark_done(self):
        """Take the answer, unless another one of the same unit or resident was completed before."""
        ours = self.filtered(lambda answer: answer.property_campaign_id and answer.state != 'done')
        if not ours:
            return super()._mark_done()
        ours.property_invitation_id.lock_for_update(allow_referencing=True)
        ours.property_invitation_id.invalidate_recordset(['state'])
        for answer in ours:
            refusal = answer._get_property_refusal()
            if refusal:
                raise UserError(refusal)
        # What is posted and written about an anonymous answer must not carry the user who gave it.
        answers = ours.with_user(SUPERUSER_ID)
        result = super(SurveyUserInput, answers)._mark_done()
        for answer in answers:
            answer.property_invitation_id._mark_answered(answer)
        answers.filtered('property_anonymous')._cut_links()
        answers._follow_up_answers()
        others = self - ours
        if others:
            super(SurveyUserInput, others)._mark_done()
        return result

    def _cut_links(self):
        """Make anonymous answers nobody's: no resident, no unit, no user in any column, no message."""
        if not self:
            return
        self.write({
            'partner_id': False, 'email': False, 'nickname': False, 'property_invitation_id': False, 'property_unit_id': False,
            'property_request_id': False, 'property_complaint_id': False,
        })
        self.message_ids.unlink()
        self.message_follower_ids.unlink()
        self.flush_recordset()
        self.user_input_line_ids.flush_recordset()
        # Months instead of times: whoever knows when a neighbour sat at the computer learns nothing.
        self.env.cr.execute(
            "UPDATE survey_user_input SET create_uid = 1, write_uid = 1, start_datetime = date_trunc('month', start_datetime),"
            " end_datetime = date_trunc('month', end_datetime), create_date = date_trunc('month', create_date),"
            " write_date = date_trunc('month', write_date), property_interviewed_at = date_trunc('month', property_interviewed_at)"
            " WHERE id IN %s", [self._ids])
        self.env.cr.execute(
            "UPDATE survey_user_input_line SET create_uid = 1, write_uid = 1, create_date = date_trunc('month', create_date),"
            " write_date = date_trunc('month', write_date) WHERE user_input_id IN %s", [self._ids])
        self.invalidate_recordset()
        self.user_input_line_ids.invalidate_recordset()

    def _follow_up_answers(self):
        """Let the rules look at the answers. Whatever goes wrong there, the answer itself is kept."""
        try:
            with self.env.cr.savepoint():
                # Rules open cases for the desk: what employees say about their work is not for it.
                self.env['property.service.survey.rule']._apply(self.filtered(lambda answer: answer.property_campaign_id.kind != 'staff'))
        except Exception:
            _logger.exception("Rules for survey answers %s failed", self.ids)

    def _get_scores(self):
        """Return [(question, score)] of what was judged on scales from 1 to 5, expectations left out."""
        self.ensure_one()
        return [
            (line.question_id, line.value_scale) for line in self.user_input_line_ids
            if line.answer_type == 'scale' and not line.skipped and (line.question_id.property_factor or line.question_id.property_score)
            and line.question_id.property_pair != 'expectation']

    def _get_texts(self):
        """Return [(question, text)] of the open answers."""
        self.ensure_one()
        return [
            (line.question_id, line.value_text_box or line.value_char_box) for line in self.user_input_line_ids
            if line.answer_type in ('text_box', 'char_box') and not line.skipped]
