from odoo import models
from odoo.exceptions import UserError

from .request_states import FINISHED_STATES


class PropertyServiceRequest(models.Model):
    """Cards drawn from column to column: each move is the step that a button would take."""

    _inherit = 'property.service.request'

    def action_move(self, field, value):
        """Take the step by which the requests come into another column of the board.

        :param str field: ``state`` or ``employee_id``, by which the board is grouped
        :param value: state key, or id of the hr.employee
        :return: True, or the act_window of the wizard that asks what the step needs
        :raises UserError: the table of transitions does not allow the move
        """
        if field == 'employee_id':
            if not value:
                raise UserError(self.env._("A request keeps its worker until it is given to somebody else."))
            return self.action_dispatch(employee_id=value)
        if field != 'state':
            raise UserError(self.env._("Requests are moved by state or by worker."))
        value = self._clean_text(value)
        actions = {request._get_move_action(value) for request in self}
        if len(actions) > 1:
            raise UserError(self.env._("Choose requests in the same state."))
        return getattr(self, f'action_{actions.pop()}')() if actions else True

    def _get_move_action(self, state):
        """Return the name of the action that leads from the request's state to ``state``.

        :raises UserError: no step leads there
        """
        self.ensure_one()
        allowed = self._transitions[self.state]
        if self.state == 'waiting':
            allowed = allowed & {self.waiting_from_state, 'cancelled'}
        if state not in allowed:
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "%(case)s is %(from_state)s and cannot become %(to_state)s.",
                case=self.name, from_state=labels[self.state], to_state=labels.get(state, state)))
        if self.state == 'waiting' and state != 'cancelled':
            return 'resume'
        if self.state in FINISHED_STATES and state == 'in_progress':
            return 'return'
        return self._state_actions[state]

    def _write_state(self, state):
        """A written state is the step of the same name, with what the request already holds of the step's arguments.

        :raises UserError: the step needs something to be told, for example a reason
        """
        for request in self:
            action = request._get_move_action(state)
            result = getattr(request, f'action_{action}')(**request._get_step_arguments(action))
            if isinstance(result, dict):
                raise UserError(self.env._(
                    "%(case)s cannot be moved by its state alone: the step \"%(step)s\" asks for more.",
                    case=request.name, step=result['name']))

    def _get_step_arguments(self, action):
        self.ensure_one()
        if action == 'confirm' and self.appointment_start:
            return {'start': self.appointment_start, 'end': self.appointment_end}
        if action == 'dispatch' and self.employee_id:
            return {'employee_id': self.employee_id.id}
        return {}
