from odoo import fields, models


class PropertyServiceCorrectiveAction(models.Model):
    """The clock of a corrective action: it is to be planned in time, and done by the deadline of the plan (R61).

    The deadline is the one that was agreed, to the end of that day; the service level gives the time for the plan, the reminders
    and who is told when it has passed, as for every other case.
    """

    _inherit = 'property.service.corrective.action'

    _clock_applies_to = 'corrective'
    _sla_event_field = 'corrective_action_id'
    _clock_stopped_states = ('done', 'verified', 'ineffective', 'cancelled')
    #: the plan is the answer to the problem
    _clock_answering_states = ('planned',)
    _clock_promises = {'resolution': 'deadline'}

    def _mark_responded(self):
        """The plan stands: the time for it ends with the first one."""
        self.filtered(lambda action: not action.responded_at)._as_system().write({'responded_at': fields.Datetime.now()})

    def _get_clock_people(self):
        """Who carries it out; above him the leader of the team it is about, then the estate's manager; its owner opened it."""
        self.ensure_one()
        return {
            'worker': self.responsible_id.user_id, 'owner': self.create_uid, 'leader': self.team_id.leader_id.user_id,
            'estate_manager': self.estate_id.manager_id.user_id,
        }

    def _get_deadline_text(self, target, passed, deadline):
        if target == 'response':
            if passed:
                return self.env._("The corrective action was to be planned by %(deadline)s", deadline=deadline)
            return self.env._("Plan the corrective action by %(deadline)s", deadline=deadline)
        if passed:
            return self.env._("The corrective action was to be done by %(deadline)s", deadline=deadline)
        return self.env._("Carry out the corrective action by %(deadline)s", deadline=deadline)


class PropertyServiceSlaEvent(models.Model):
    """Reminders and escalations of corrective actions, each once."""

    _inherit = 'property.service.sla.event'

    corrective_action_id = fields.Many2one('property.service.corrective.action', readonly=True, ondelete='cascade')

    _once_per_corrective = models.UniqueIndex(
        '(corrective_action_id, target, escalation_id) WHERE corrective_action_id IS NOT NULL')
