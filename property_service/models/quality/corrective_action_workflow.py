from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from .corrective_action_states import OPEN_STATES


class PropertyServiceCorrectiveAction(models.Model):
    """The steps of a corrective action's life, each callable from a button and over JSON-2."""

    _inherit = 'property.service.corrective.action'

    def action_plan(self, plan=None, responsible_id=None, deadline=None):
        """Say what is done, by whom and by when (R61).

        :param str plan: what is done; default: what stands on the record, likewise the others
        :param int responsible_id: id of the hr.employee
        :param deadline: date, or its ISO text
        :raises UserError: one of the three is missing, where no wizard asks for it, or is no date or text
        """
        actions = self._authorize('plan')
        plan, deadline = self._clean_text(plan), self.env['property.service.request']._to_slot_day(deadline)
        vals = {name: value for name, value in (
            ('plan', plan), ('responsible_id', responsible_id), ('deadline', deadline)) if value}
        if not vals and not all(action.plan and action.responsible_id and action.deadline for action in actions):
            return self._open_step_wizard('plan')
        actions._set_state('planned', **vals)
        return True

    def action_start(self):
        """Begin to carry the plan out."""
        self._authorize('start')._set_state('in_progress')
        return True

    def action_done(self, result=None):
        """The plan has been carried out; from now on its effect is measured.

        :param str result: what was done; a wizard asks when it is not on the record
        """
        actions = self._authorize('done')
        result = self._clean_text(result)
        if not result and not all(action.result for action in actions):
            return self._open_step_wizard('done')
        now = fields.Datetime.now()
        vals = {'result': result} if result else {}
        actions._set_state('done', done_at=now, done_by_id=self.env.uid, **vals)
        return True

    def action_return(self, reason=None):
        """Something is missing: the responsible goes on in the same round.

        :param str reason: asked by a wizard when missing
        """
        return self._step_with_reason('return', 'in_progress', reason, done_at=False, done_by_id=False)

    def action_verify(self, note=None):
        """Somebody else than the responsible finds that it has helped (R63).

        :param str note: what was looked at and found; asked by a wizard when missing
        :raises AccessError: the user is responsible, or reported it done
        :raises UserError: the effect is still being measured
        """
        actions = self._authorize('verify')
        actions._check_other_person()
        note = self._clean_text(note)
        if not note:
            return self._open_step_wizard('verify')
        actions._set_state('verified', reason=note, verify_note=note)
        return True

    def action_ineffective(self, reason=None):
        """It has not helped: close this round and open the next one (R63).

        :param str reason: why not; asked by a wizard when missing
        :return: the action that opens the next round, where it is one
        """
        actions = self._authorize('ineffective')
        actions._check_other_person()
        reason = self._clean_text(reason)
        if not reason:
            return self._open_step_wizard('ineffective')
        actions._set_state('ineffective', reason=reason, verify_note=reason)
        following = actions._open_next_round()
        return following._open_form() if len(following) == 1 else True

    def action_cancel(self, reason=None):
        """Give it up, with the reason.

        :param str reason: asked by a wizard when missing
        """
        return self._step_with_reason('cancel', 'cancelled', reason)

    # ---- REQUIREMENTS ----

    def _check_before_planned(self):
        for action in self:
            missing = action._get_missing_labels('description', 'plan', 'responsible_id', 'deadline')
            if missing:
                raise UserError(self.env._("%(action)s cannot be planned yet. Missing: %(fields)s.", action=action.name, fields=missing))

    def _check_before_done(self):
        for action in self:
            missing = action._get_missing_labels('cause', 'result')
            if missing:
                raise UserError(self.env._("%(action)s is not done yet. Missing: %(fields)s.", action=action.name, fields=missing))

    def _check_other_person(self):
        """Refuse those who would judge their own work."""
        if self.env.su:
            return
        own = self.env.user.sudo().employee_ids  # sudo: own employee records
        for action in self:
            if action.responsible_id in own or action.done_by_id == self.env.user:
                raise AccessError(self.env._(
                    "%(action)s is verified by somebody else than who carried it out.", action=action.name))

    def _check_before_verified(self):
        self._check_judgement()

    def _check_before_ineffective(self):
        self._check_judgement()

    def _check_judgement(self):
        self._check_other_person()
        for action in self:
            if not action.verify_note:
                raise UserError(self.env._("Say what was found when %(action)s was verified.", action=action.name))

    # ---- STATE HOOKS ----

    def _group_state_values(self, state, now):
        if state in ('verified', 'ineffective'):
            return [({'closed_at': now, 'verified_at': now, 'verified_by_id': self.env.uid}, self)]
        if state in self._closed_states:
            return [({'closed_at': now}, self)]
        return super()._group_state_values(state, now)

    def _after_state_change(self, before):
        super()._after_state_change(before)
        for action in self:
            action.activity_unlink(['property_service.mail_activity_type_corrective'])
            action._tell_next()

    def _tell_next(self):
        """Give whoever has the next step an activity: the responsible to carry it out, somebody else to verify it."""
        self.ensure_one()
        user = self._get_next_user()
        if not user:
            return
        action = self.with_context(lang=user.lang)
        done = self.state == 'done'
        action.activity_schedule(
            'property_service.mail_activity_type_corrective', user_id=user.id, note=plaintext2html(self.plan or ''),
            date_deadline=(self.measured_until or fields.Datetime.now()).date() if done else self.deadline,
            summary=action.env._("Verify the corrective action") if done else action.env._("Carry out the corrective action"))

    def _get_next_user(self):
        """Return the user who has the next step; empty where nobody has one."""
        self.ensure_one()
        people = self.sudo()  # sudo: employees' users
        if self.state in ('planned', 'in_progress'):
            return people.responsible_id.user_id
        if self.state != 'done':
            return self.env['res.users']
        company, own = self.company_id, people.responsible_id.user_id | self.done_by_id
        quality = self.env.ref('property_service.group_quality').sudo().all_user_ids  # sudo: members of a group
        candidates = (self.create_uid & quality) | people.team_id.leader_id.user_id | people.estate_id.manager_id.user_id | quality
        return next((user for user in candidates - own if user.active and company in user.company_ids and user.id != SUPERUSER_ID),
                    self.env['res.users'])

    # ---- ROUNDS ----

    def _open_next_round(self):
        """Open the next round of each: the same matter, place and measure, without the plan that did not help."""
        following = self.browse()
        self.flush_recordset(['state'])  # the pattern is free for the next round once this one is closed in the database
        for action in self:
            following |= self._as_system().create({
                **{name: action[name] for name in ('title', 'description', 'priority', 'origin', 'cause', 'cause_text', 'pattern_key')},
                **{name: action[name].id for name in (
                    'origin_complaint_id', 'origin_request_id', 'origin_callback_id', 'category_id', 'team_id', 'employee_id',
                    'estate_id', 'building_id', 'unit_id', 'responsible_id', 'company_id')},
                'complaint_ids': [Command.set(action.complaint_ids.ids)],
                'round': action.round + 1,
                'previous_id': action.id,
                **action._get_next_round_values(),
            })
        return following.with_env(self.env)

    def _get_next_round_values(self):
        """Return what else the next round takes over."""
        return {}

    # ---- HELPERS ----

    def _get_open_domain(self):
        return [('state', 'in', OPEN_STATES)]
