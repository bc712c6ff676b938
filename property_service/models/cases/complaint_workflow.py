from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate, plaintext2html

from .complaint_states import FINISHED_STATES

_lt = LazyTranslate(__name__)


class PropertyServiceComplaint(models.Model):
    """The steps of a complaint's life, each callable from a button, the portal and JSON-2."""

    _inherit = 'property.service.complaint'

    def action_register(self):
        """Take the complaint into the books (R17) and look whether it is a repeated one."""
        complaints = self._authorize('register')
        complaints._set_state('registered')
        complaints._detect_repeats()
        return True

    def action_assign(self, team_id=None, employee_id=None, message=None):
        """Hand the complaint to a team or employee.

        :param int team_id: id of the property.service.team; default: the one on the complaint
        :param int employee_id: id of the hr.employee who investigates
        :param str message: reply to the resident: who takes care and by when
        :return: the small wizard, when somebody presses the button without saying anything of this
        """
        complaints = self._authorize('assign')
        known = all(c.team_id or c.employee_id for c in complaints)
        if not (team_id or employee_id) and not (known and (message is not None or self.env.su)):
            return self._open_action_wizard('assign')
        vals = {name: value for name, value in (('team_id', team_id), ('employee_id', employee_id)) if value}
        complaints._set_state('assigned', **vals)
        complaints._tell_residents(message)
        return True

    def action_transfer(self, to=None, reason=None):
        """Out of scope: say who is in charge instead, and tell the resident (R21).

        :param str to: who is in charge, :param str reason: what the resident is told
        """
        complaints = self._authorize('transfer')
        if not (to or '').strip() or not (reason or '').strip():
            return self._open_action_wizard('transfer')
        complaints._set_state('transferred', reason=reason, transferred_to=to, transfer_reason=reason)
        for lang, told in complaints.grouped(lambda complaint: complaint.partner_id.lang or self.env.lang).items():
            env = self.with_context(lang=lang).env
            told._tell_residents(env._("Your matter has been passed on to %(to)s. %(reason)s", to=to, reason=reason))
        return True

    def action_investigate(self):
        """Begin the investigation."""
        self._authorize('investigate')._set_state('investigating')
        return True

    def action_resolve(self, measure=None, cause=None, reply=None):
        """The measure is taken and the reply written.

        :param str measure: what was done
        :param str cause: one of people, method, material, equipment, environment (R28)
        :param str reply: the reply, HTML or text; default: the one on the complaint
        """
        complaints = self._authorize('resolve')
        vals = {name: value for name, value in (('measure', measure), ('cause', cause), ('reply', reply)) if value}
        if not vals and not all(c.measure and c.reply for c in complaints):
            return self._open_action_wizard('resolve')
        complaints._set_state('resolved', **vals)
        return True

    def action_answer(self, channel='mail', note=None):
        """Tell the resident the reply, or record that it was told (R23).

        :param str channel: mail (mail and portal), phone, visit, letter, notice (anonymous: kept on file)
        :param str note: how it was told, for the file
        """
        complaints = self._authorize('answer')
        if channel not in dict(self._fields['reply_channel'].selection):
            raise UserError(self.env._("%(channel)s is not a way to answer.", channel=channel))
        if channel == 'mail' and any(not c.partner_id for c in complaints):
            return self._open_action_wizard('answer')
        now = fields.Datetime.now()
        complaints._set_state('answered', reason=note, answered_at=now, answered_by_id=self.env.uid, reply_channel=channel,
                              answer_response=False)
        complaints._mark_responded(now)
        if channel == 'mail':
            complaints._send_reply()
        return True

    def action_accept_answer(self):
        """The resident accepts the answer: the matter is closed."""
        complaints = self._authorize('accept_answer')
        complaints._set_state('closed', answer_response='accepted')
        return True

    def action_close(self):
        """Close answered complaints."""
        self._authorize('close')._set_state('closed')
        return True

    def action_reopen(self, reason=None):
        """Go on investigating: the resident does not accept the answer, or new facts came up.

        :param str reason: asked by a wizard when missing
        """
        complaints = self._authorize('reopen')
        reason = self._clean_text(reason)
        if not reason:
            return self._open_action_wizard('reopen')
        if any(complaint.state not in FINISHED_STATES for complaint in complaints):
            raise UserError(self.env._("Only a resolved complaint can be reopened."))
        resident = not self.env.user._is_internal()
        if resident and any(complaint.state != 'answered' for complaint in complaints):
            raise UserError(self.env._("This matter is closed: please report it anew."))
        complaints._reopen(reason, by_resident=resident)
        return True

    def _reopen(self, reason, by_resident=False):
        for complaint in self:
            complaint._set_state('investigating', reason=reason, reopen_reason=reason, reopen_count=complaint.reopen_count + 1,
                                 answer_response='not_accepted' if by_resident else complaint.answer_response)
        if by_resident:
            self._schedule_for_responsible(
                'property_service.mail_activity_type_not_accepted', _lt("The resident does not accept the answer"),
                note=plaintext2html(reason))

    def action_withdraw(self, reason=None):
        """The complainant withdraws the complaint.

        :param str reason: asked by a wizard when staff records it without one
        """
        complaints = self._authorize('withdraw')
        reason = self._clean_text(reason)
        if self.env.user._is_internal() and not reason:
            return self._open_action_wizard('withdraw')
        complaints._set_state('withdrawn', reason=reason or self.env._("Withdrawn by the resident."))
        return True

    # ---- STATE HOOKS ----

    def _group_state_values(self, state, now):
        if state == 'registered':
            return [({'registered_by_id': self.env.uid}, self)]
        if state == 'resolved':
            return [({'done_at': now}, self)]
        if state in self._closed_states:
            return [({'closed_at': now}, self)]
        if state == 'investigating':
            return [({'done_at': False, 'closed_at': False}, self)]
        return super()._group_state_values(state, now)

    # ---- HELPERS ----

    def _open_action_wizard(self, action):
        """Return the act_window of the small wizard that asks what ``action`` needs."""
        wizard = 'property.service.complaint.action'
        return {
            'type': 'ir.actions.act_window',
            'name': self.env[wizard]._get_title(action),
            'res_model': wizard,
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_complaint_ids': [Command.set(self.ids)], 'default_action': action, **self._get_wizard_defaults(action)},
        }

    def _get_wizard_defaults(self, action):
        """Return the context with what the wizard proposes."""
        if action == 'assign' and len(self.team_id) == 1:
            return {'default_team_id': self.team_id.id}
        if action == 'answer' and all(complaint.anonymous for complaint in self):
            return {'default_channel': 'notice'}
        if action == 'answer' and not any(complaint.partner_id for complaint in self):
            return {'default_channel': 'phone'}
        return {}

    def _get_assign_message(self, team, employee):
        """Return what the resident is told by default when the matter is given to somebody, in the resident's language."""
        languages = set(self.partner_id.mapped('lang'))
        told = self.with_context(lang=languages.pop() if len(languages) == 1 else self.env.lang)
        who = employee.name or team.with_context(lang=told.env.lang).name
        if not who or not self.partner_id:
            return False
        return told.env._("%(who)s takes care of your matter. We will tell you what comes of it.", who=who)
