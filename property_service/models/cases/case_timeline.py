from odoo import api, fields, models


class PropertyServiceCase(models.AbstractModel):
    """The history of a case as its resident may read it: what happened, what is next, by when (R103).

    It is derived from the state log. Texts that staff wrote for colleagues stay out of it. A concrete model says in
    ``_get_event_title`` and ``_get_next_step`` what its states are called for residents.
    """

    _inherit = 'property.service.case'

    def get_timeline(self):
        """Return what has happened to an own case, oldest first, and what comes next.

        :rtype: dict
        :returns: ``{'events': [{'state', 'at', 'title', 'text'}, …], 'next': {'title', 'by', 'late'} or False}``; times are
            naive UTC datetimes
        :raises MissingError: the case does not exist, or the user may not see it
        """
        self.ensure_one()
        self._check_visible()
        case = self.sudo()  # sudo: the log is closed to residents; only what they may know is taken out of it
        return {'events': case._get_timeline_events(), 'next': case._get_next_step()}

    def _get_timeline_events(self):
        lines = self.state_log_ids
        last_of = {line.to_state: line for line in lines}
        return [{
            'state': line.to_state, 'at': line.at,
            'title': self._get_event_title(line), 'text': self._get_event_text(line, last_of[line.to_state] == line),
        } for line in lines]

    def _get_event_title(self, line):
        """Return what a line of the log is called for residents."""
        return dict(self._fields['state']._description_selection(self.env))[line.to_state]

    def _get_event_text(self, line, is_last):
        """Return what belongs to the step: the resident's own words, or what was written for the resident.

        :param line: line of the state log
        :param bool is_last: whether the case came into this state for the last time with it
        """
        return line.reason if line.reason and line.by_id.partner_id == self.partner_id else ''

    def _get_next_step(self):
        """Return {'title', 'by', 'late'} of what the resident may expect next; False when nothing is to come."""
        return False

    @api.model
    def _prepare_next_step(self, title, by=False):
        return {'title': title, 'by': by, 'late': bool(by and by < fields.Datetime.now())} if title else False

    def _get_milestones(self):
        """Return [(label, 'past' | 'current' | 'ahead'), …] for the line of steps at the head of the page."""
        return []

    @api.model
    def _prepare_milestones(self, steps, position):
        """Return the line of steps.

        :param list steps: [(state, label), …] in order
        :param str position: the state in which the case is; one that is not among the steps counts as the first
        """
        states = [state for state, _label in steps]
        index = states.index(position) if position in states else 0
        return [(label, 'past' if i < index else 'current' if i == index else 'ahead') for i, (_state, label) in enumerate(steps)]
