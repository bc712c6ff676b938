from odoo import models

MILESTONES = {
    'complaint': ('new', 'assigned', 'investigating', 'resolved', 'answered', 'closed'),
    'suggestion': ('new', 'assigned', 'resolved', 'answered', 'closed'),
    'praise': ('new', 'answered', 'closed'),
}


class PropertyServiceComplaint(models.Model):
    """A complaint's history as its resident may read it; see ``case_timeline.py``."""

    _inherit = 'property.service.complaint'

    def _get_event_title(self, line):
        if line.to_state == 'investigating' and line.from_state in self._finished_states:
            return self.env._("Taken up again")
        if line.to_state == 'transferred' and self.transferred_to:
            return self.env._("Passed on to %(to)s", to=self.transferred_to)
        return {
            'new': self.env._("Received"),
            'registered': self.env._("Registered"),
            'assigned': self.env._("Given to our team"),
            'investigating': self.env._("We look into it"),
            'resolved': self.env._("Settled: we write the answer"),
            'answered': self.env._("Answered"),
            'closed': self.env._("Closed"),
            'transferred': self.env._("Passed on"),
            'withdrawn': self.env._("Withdrawn"),
        }[line.to_state]

    def _get_event_text(self, line, is_last):
        """Return the own words, or what was written for the resident: of several complainants each reads the own words."""
        if is_last and line.to_state == 'transferred':
            return self.transfer_reason or ''
        user = self.env.user
        if not user._is_internal():
            return line.reason if line.reason and line.by_id == user else ''
        return super()._get_event_text(line, is_last)

    def _get_next_step(self):
        by = False
        if self.state in ('new', 'registered'):
            title, by = self.env._("We read it and answer you"), self.response_deadline
        elif self.state in ('assigned', 'investigating'):
            title, by = self.env._("We look into it and tell you what we do about it"), self.resolution_deadline
        elif self.state == 'resolved':
            title, by = self.env._("You get our answer"), self.resolution_deadline
        elif self.state == 'answered' and self.kind == 'complaint':
            title = self.env._("Please tell us whether you accept the answer")
        else:
            title = False
        return self._prepare_next_step(title, by)

    def _get_milestones(self):
        if self.state in ('transferred', 'withdrawn'):
            return []
        labels = {
            'new': self.env._("Received"), 'assigned': self.env._("Assigned"), 'investigating': self.env._("Being looked into"),
            'resolved': self.env._("Settled"), 'answered': self.env._("Answered"), 'closed': self.env._("Closed"),
        }
        steps = [(state, labels[state]) for state in MILESTONES[self.kind]]
        return self._prepare_milestones(steps, 'new' if self.state == 'registered' else self.state)
