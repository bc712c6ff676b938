from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate, SQL

from ..claim import claim
_lt = LazyTranslate(__name__)

#: The one table of an assessment's life. Steps that nobody can take (no user, no manager) are passed over at the start.
TRANSITIONS = {
    'draft': {'self', 'manager', 'hr'},
    'self': {'manager', 'hr'},
    'manager': {'hr', 'self'},
    'hr': {'published', 'manager'},
    'published': {'closed'},
    'closed': set(),
}
#: action -> (state it begins in, party that may take it)
ACTIONS = {
    'submit_self': ('self', 'own'),
    'submit_manager': ('manager', 'manager'),
    'approve_hr': ('hr', 'hr'),
    'publish': ('hr', 'hr'),
    'acknowledge': ('published', 'own'),
    'appeal': ('published', 'own'),
    'close': ('published', 'hr'),
}
#: From so many people on a median tells nothing about a single colleague.
LEAST_FOR_MEDIAN = 3


class PropertyServiceAssessment(models.Model):
    """The steps of an assessment, each callable from a button and JSON-2."""

    _inherit = 'property.service.assessment'

    # ---- ACTIONS ----

    def action_submit_self(self):
        """Hand in the own assessment: from here on the manager marks."""
        self._authorize('submit_self')
        for assessment in self:
            missing = assessment.line_ids.filtered(lambda line: line.source == 'manual_self' and not line.is_marked)
            if missing:
                raise UserError(self.env._("Give your mark first: %(names)s.", names=", ".join(missing.indicator_id.mapped('name'))))
            assessment._set_state('manager' if assessment._get_marker() else 'hr', self_submitted_at=fields.Datetime.now())
        self._score()
        self._finish_activities()
        self._call_managers()
        return self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_action_my')

    def action_submit_manager(self):
        """Hand in the manager's marks (R90: a mark that departs from the peers' has a reason).

        :raises UserError: a mark or a reason is missing
        """
        self._authorize('submit_manager')
        for assessment in self:
            lines = assessment.line_ids.filtered(lambda line: line.source == 'manual_manager')
            missing = lines.filtered(lambda line: not line.is_marked)
            if missing:
                raise UserError(self.env._("Give your mark first: %(names)s.", names=", ".join(missing.indicator_id.mapped('name'))))
            assessment._check_reasons(lines)
            assessment._set_state(
                'hr', manager_submitted_at=fields.Datetime.now(), manager_submitted_by_id=self.env.uid)
        self._score()
        self._finish_activities()
        return True

    def action_approve_hr(self):
        """Approve the result: it is ready to be published."""
        self._authorize('approve_hr')
        for assessment in self:
            missing = assessment.line_ids.filtered(lambda line: line.source == 'manual_hr' and not line.is_marked)
            if missing:
                raise UserError(self.env._("Give your mark first: %(names)s.", names=", ".join(missing.indicator_id.mapped('name'))))
        self._as_step().write({'approved_at': fields.Datetime.now(), 'approved_by_id': self.env.uid})
        return True

    def action_publish(self):
        """Publish approved assessments: figures are frozen, the employee sees them and may appeal."""
        self._authorize('publish')
        self._publish()
        return True

    def action_acknowledge(self):
        """The employee has read the result."""
        self._authorize('acknowledge')
        self.filtered(lambda assessment: not assessment.acknowledged_at)._as_step().write({'acknowledged_at': fields.Datetime.now()})
        self._finish_activities()
        return True

    def action_appeal(self, reason=None, line_id=None):
        """Appeal against a figure, or the result as a whole: 申诉 (R90).

        :param str reason: a wizard asks when missing
        :param int line_id: id of the property.service.assessment.line the appeal is about
        """
        self.ensure_one()
        self._authorize('appeal')
        if not (reason or '').strip():
            return self._open_wizard('appeal')
        line = self.line_ids.filtered(lambda line: line.id == line_id)
        if line_id and not line:
            raise UserError(self.env._("Choose a line of this assessment."))
        if self.appeal_deadline and self.company_id._property_today() > self.appeal_deadline:
            raise UserError(self.env._("Appeals were possible until %(day)s.", day=self.appeal_deadline))
        if self.appeal_ids.filtered(lambda appeal: appeal.state in ('submitted', 'reviewing') and appeal.line_id == line):
            raise UserError(self.env._("There is an open appeal about this already."))
        claim(self)  # against a second appeal, or closing, at the same moment
        appeal = self.env['property.service.appeal']._submit(self, line, reason)
        return appeal._open_form()

    def action_close(self):
        """Close what was acknowledged, or can no longer be appealed against."""
        self._authorize('close')
        for assessment in self:
            if any(appeal.state in ('submitted', 'reviewing') for appeal in assessment.appeal_ids):
                raise UserError(self.env._("The appeal about %(case)s is not decided yet.", case=assessment.display_name))
            if not assessment.acknowledged_at and assessment.user_id and assessment.appeal_deadline >= assessment.company_id._property_today():
                raise UserError(self.env._(
                    "%(case)s can be closed once it is acknowledged, or after %(day)s.",
                    case=assessment.display_name, day=assessment.appeal_deadline))
            if assessment.needs_plan and not assessment.improvement_plan and not assessment.improvement_ids:
                raise UserError(self.env._("%(case)s needs an improvement plan first.", case=assessment.display_name))
            assessment._set_state('closed', closed_at=fields.Datetime.now())
        self._finish_activities()
        return True

    def action_pass_over(self, reason=None):
        """HR goes on without the own assessment or the manager's marks: once their day has passed, or when nobody is there to give them.

        :param str reason: a wizard asks when missing
        """
        for assessment in self:
            assessment._check_party('hr')
            if assessment.state not in ('self', 'manager'):
                raise UserError(self.env._("%(case)s waits for nobody but HR.", case=assessment.display_name))
            cycle, is_self = assessment.cycle_id, assessment.state == 'self'
            day = cycle.self_deadline if is_self else cycle.manager_deadline
            awaited = assessment.user_id.filtered('active') if is_self else assessment._get_marker()
            if awaited and day and assessment.company_id._property_today() <= day:
                raise UserError(self.env._("There is time until %(day)s.", day=day))
        if not (reason or '').strip():
            return self._open_wizard('pass_over')
        for assessment in self:
            assessment._set_state('manager' if assessment.state == 'self' and assessment._get_marker() else 'hr')
            assessment._as_step().message_post(body=reason)
        self._score()
        self._finish_activities()
        self._call_managers()
        return True

    def action_return(self, reason=None):
        """Send an assessment back a step: HR to the manager, the manager to the employee.

        :param str reason: a wizard asks when missing
        """
        if not (reason or '').strip():
            return self._open_wizard('return')
        for assessment in self:
            if assessment.state == 'hr':
                assessment._check_party('hr')
                target = 'manager'
            elif assessment.state == 'manager':
                assessment._check_party('manager')
                target = 'self'
            else:
                raise UserError(self.env._("%(case)s cannot be sent back now.", case=assessment.display_name))
            if target == 'self' and not (assessment.user_id and assessment.scheme_id.with_self) \
                    or target == 'manager' and not assessment.manager_id:
                raise UserError(self.env._("There is nobody to send %(case)s back to.", case=assessment.display_name))
            assessment._set_state(target, approved_at=False, approved_by_id=False)
            assessment._as_step().message_post(body=reason)
        self._score()
        self._finish_activities()
        own = self.filtered(lambda assessment: assessment.state == 'self')
        own._schedule({a.id: a.user_id.id for a in own}, _lt("Assess your own work"), 'self_deadline')
        self._call_managers()
        return True

    def action_open_appeals(self):
        """Return the act_window of the appeals against this assessment."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.appeal_action')
        return {**action, 'domain': [('assessment_id', '=', self.id)], 'context': {}}

    # ---- RIGHTS ----

    def _authorize(self, action):
        """Check that the user may take the step on the assessments now.

        :raises AccessError: another party's step, :raises UserError: not in this state
        """
        state, party = ACTIONS[action]
        self.check_access('read')
        for assessment in self:
            assessment._check_party(party)
            if assessment.state != state:
                labels = dict(self._fields['state']._description_selection(self.env))
                raise UserError(self.env._(
                    "%(case)s is %(state)s: this step is not possible now.", case=assessment.display_name, state=labels[assessment.state]))

    def _check_party(self, party):
        self.ensure_one()
        if self.env.su:
            return
        allowed = {
            'own': self.is_own,
            'manager': self._may_mark(),
            'hr': self.env.user.has_group('hr.group_hr_user') and not self.is_own,
        }[party]
        if not allowed:
            raise AccessError(self.env._("You cannot do this: it takes another role."))

    # ---- STATES ----

    def _set_state(self, state, **vals):
        """Lock, consult the table, write."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(self.env._("Somebody else is working on this case right now. Try again in a moment.")) from error
        labels = dict(self._fields['state']._description_selection(self.env))
        for assessment in self:
            if state not in TRANSITIONS[assessment.state]:
                raise UserError(self.env._(
                    "%(case)s is %(from_state)s and cannot become %(to_state)s.", case=assessment.display_name,
                    from_state=labels[assessment.state], to_state=labels[state]))
        self._as_step().write({'state': state, **vals})

    def _begin(self):
        """Start all assessments of a new cycle with whoever has the first turn, in bulk."""
        quiet = self.with_context(tracking_disable=True)
        own = quiet.filtered(lambda a: a.scheme_id.with_self and a.user_id.active and a.subject == 'employee')
        marked = (quiet - own).filtered(lambda a: a._get_marker())
        for state, assessments in (('self', own), ('manager', marked), ('hr', quiet - own - marked)):
            if assessments:
                assessments._set_state(state)
        own._schedule({a.id: a.user_id.id for a in own}, _lt("Assess your own work"), 'self_deadline')
        marked._call_managers()

    def _publish(self):
        """Freeze and publish approved assessments: medians, grades' points and appeals' deadline."""
        unapproved = self.filtered(lambda assessment: not assessment.approved_by_id)
        if unapproved:
            raise UserError(self.env._("%(case)s is not approved yet.", case=unapproved[0].display_name))
        now = fields.Datetime.now()
        self._store_medians()
        quiet = self.with_context(tracking_disable=True)
        for scheme, assessments in quiet.grouped('scheme_id').items():
            assessments._set_state(
                'published', published_at=now,
                appeal_deadline=scheme.company_id._property_day(now) + relativedelta(days=scheme.appeal_days))
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "UPDATE property_service_assessment SET first_score = score, first_band_id = band_id WHERE id = ANY(%s)", list(self._ids)))
        self.env.cr.execute(SQL(
            "UPDATE property_service_assessment_line SET first_actual = actual WHERE assessment_id = ANY(%s)", list(self._ids)))
        self.env.invalidate_all(flush=False)
        told = quiet.filtered('user_id')
        told._schedule({a.id: a.user_id.id for a in told}, _lt("Read and acknowledge your assessment"), None)

    def _withdraw_approval(self):
        """What was approved has changed: HR looks at it again."""
        self._as_step().write({'approved_at': False, 'approved_by_id': False})

    def _discard(self):
        """Delete the assessments of a cancelled cycle, and the evidence, which no foreign key ties to them."""
        self.cycle_id._delete_evidence()
        self._as_step().unlink()

    def _store_medians(self):
        """Freeze, for each line, the median of the department; only where so many have data that it tells of nobody in particular."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            UPDATE property_service_assessment_line l
               SET median = ROUND(m.median::numeric, 4), has_median = TRUE
              FROM (SELECT a.cycle_id, a.department_id, l.scheme_line_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY l.actual) AS median
                      FROM property_service_assessment_line l
                      JOIN property_service_assessment a ON a.id = l.assessment_id
                     WHERE l.has_data AND a.cycle_id = ANY(%(cycles)s)
                     GROUP BY a.cycle_id, a.department_id, l.scheme_line_id
                    HAVING COUNT(DISTINCT a.employee_id) >= %(least)s) m,
                   property_service_assessment a
             WHERE a.id = l.assessment_id AND a.id = ANY(%(ids)s) AND m.cycle_id = a.cycle_id
               AND m.department_id IS NOT DISTINCT FROM a.department_id AND m.scheme_line_id = l.scheme_line_id
            """, cycles=self.cycle_id.ids, least=LEAST_FOR_MEDIAN, ids=list(self._ids)))
        self.env.invalidate_all(flush=False)

    # ---- MARKS ----

    def _check_reasons(self, lines):
        """Raise UserError for marks that depart from the peers' by more than the scheme allows and have no reason."""
        self.ensure_one()
        tolerance = self.scheme_id.mark_tolerance
        peers = self.sudo().line_ids.filtered(lambda line: line.source == 'manual_peer' and line.has_data)  # sudo: the mean only
        for line in lines:
            if peers:
                reference = peers[0].actual
            else:
                others = self.sudo().cycle_id.assessment_ids.filtered(  # sudo: the mean only
                    lambda a: a != self and a.department_id == self.department_id).line_ids.filtered(
                    lambda other, line=line: other.scheme_line_id == line.scheme_line_id and other.is_marked)
                if not others:
                    continue
                reference = sum(others.mapped('mark')) / len(others)
            if abs(line.mark - reference) > tolerance and not (line.mark_reason or '').strip():
                raise UserError(self.env._(
                    "%(name)s: the mark %(mark)s departs from the peers' %(reference)s by more than %(limit)s. Give the reason.",
                    name=line.indicator_id.name, mark=f"{line.mark:g}", reference=f"{reference:.1f}", limit=f"{tolerance:g}"))

    # ---- TO DO ----

    def _schedule(self, user_ids, summary, deadline_field):
        """Give each user a to-do on the assessment, in his language, in one batch.

        :param dict user_ids: {assessment id: user id}
        :param LazyGettext summary: what to do
        :param str deadline_field: field of the cycle; None: the end of the time to appeal
        """
        todo = self.env.ref('mail.mail_activity_data_todo')
        users = self.env['res.users'].sudo().browse(set(user_ids.values()))  # sudo: their languages
        summaries = {user.id: summary._translate(user.lang or 'en_US') for user in users}
        model_id = self.env['ir.model']._get_id(self._name)
        today = fields.Date.context_today(self)
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create([{  # sudo: to-dos for others
            'res_model_id': model_id, 'res_id': assessment.id, 'activity_type_id': todo.id, 'user_id': user_ids[assessment.id],
            'summary': summaries[user_ids[assessment.id]], 'automated': True,
            'date_deadline': max(assessment.cycle_id[deadline_field] if deadline_field else assessment.appeal_deadline, today),
        } for assessment in self])

    def _call_managers(self):
        """Give the managers their to-dos."""
        due = self.sudo().filtered(lambda a: a.state == 'manager' and a._get_marker())  # sudo: employees' users
        due._schedule({a.id: a.manager_id.user_id.id for a in due}, _lt("Mark the assessment"), 'manager_deadline')

    def _finish_activities(self):
        """The step is taken, by whomever: its to-do is done, the one of somebody who was stood in for as well."""
        self.sudo().activity_ids.filtered(  # sudo: to-dos of others
            lambda activity: activity.automated or activity.user_id == self.env.user).unlink()

    # ---- HELPERS ----

    def _get_marker(self):
        """Return the user of whoever marks, empty when there is none who can."""
        self.ensure_one()
        return self.sudo().manager_id.user_id.filtered('active')  # sudo: employees' users

    def _open_wizard(self, action):
        wizard = 'property.service.assessment.action'
        return {
            'type': 'ir.actions.act_window', 'name': self.env[wizard]._get_title(action), 'res_model': wizard, 'view_mode': 'form',
            'target': 'new', 'context': {'default_assessment_ids': [Command.set(self.ids)], 'default_action': action},
        }
