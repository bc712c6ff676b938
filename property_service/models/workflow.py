from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command, Domain

from .context_defaults import without_defaults

#: Only code in this process can hold this object: a context sent over RPC cannot forge it.
_SYSTEM = object()


class PropertyServiceWorkflow(models.AbstractModel):
    """A life in states that move through one table, with rights per step, a number and an append-only log.

    A concrete model sets the class attributes below, a ``name``, a ``company_id`` and a ``state`` selection, and one Many2one of
    ``property.service.state.log`` that points back to it.
    """

    _name = 'property.service.workflow'
    _description = "Workflow"

    #: transition table: {state: {state, …}}
    _transitions = {}
    #: states in which the record's life is over
    _closed_states = ()
    #: states in which work is owed: their columns are shown even when they are empty
    _open_states = ()
    #: the state in which every record begins
    _initial_state = 'new'
    #: state -> action that leads there: its right is asked when the state is written directly
    _state_actions = {}
    #: action -> xml ids of the least groups, separated by commas: one of them is enough
    _action_groups = {}
    #: action -> states it may begin in, where that is less than the table allows
    _action_from = {}
    #: code of the ir.sequence, and the field of property.service.state.log that points to this model
    _sequence_code = None
    _state_log_field = None
    #: (model of the small wizard that asks what a step needs, its field of the records)
    _step_wizard = None
    #: facts that only the workflow writes: neither RPC nor an import can forge them (R104)
    _system_fields = frozenset({'name'})

    is_closed = fields.Boolean(compute='_compute_is_closed', search='_search_is_closed')

    # ---- COMPUTES ----

    @api.depends('state')
    def _compute_is_closed(self):
        for record in self:
            record.is_closed = record.state in self._closed_states

    def _search_is_closed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = Domain('state', 'in', self._closed_states)
        if set(value) == {True}:
            return domain
        return ~domain if set(value) == {False} else Domain.TRUE

    @api.model
    def _group_expand_state(self, states, domain):
        return [key for key, _label in self._fields['state'].selection if key in self._open_states or key in states]

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Number the records and open their state logs, in a constant number of queries."""
        if not self._is_system():
            for vals in vals_list:
                self._check_system_fields(vals.keys() - {'name'} if vals.get('name') == '/' else vals)
                if vals.get('state', self._initial_state) != self._initial_state:
                    raise UserError(self.env._("A case begins as submitted: its state changes by its steps."))
        unnumbered = [index for index, vals in enumerate(vals_list) if vals.get('name', '/') == '/']
        vals_list = [dict(vals) for vals in vals_list]
        numbers = self.env['ir.sequence'].sudo()._next_numbers(  # sudo: residents create cases, sequences are internal
            self._sequence_code, len(unnumbered))
        for index, number in zip(unnumbered, numbers):
            vals_list[index]['name'] = number
        # The state log says who created the record and when: the "created" note of the chatter would only repeat it.
        quiet = without_defaults(self, {'state', *self._system_fields}).with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        records = super(PropertyServiceWorkflow, quiet).create(vals_list)
        records = records.with_env(self.env)
        records._log_states({}, at=fields.Datetime.now())
        return records

    def write(self, vals):
        """A state is never just written: it goes through the transition table, whoever asks."""
        if self._is_system():
            return super().write(vals)
        self._check_system_fields(vals)
        if 'state' not in vals:
            return super().write(vals)
        vals = dict(vals)
        state = vals.pop('state')
        result = super().write(vals) if vals else True
        moved = self.filtered(lambda record: record.state != state)
        if moved:
            moved._write_state(state)
        return result

    # ---- PROTECTION ----

    @api.model
    def _is_system(self):
        return self.env.context.get('property_service_system') is _SYSTEM

    def _as_system(self):
        """Return the records in an environment that may write what only the workflow writes. Access rights stay."""
        return self.with_context(property_service_system=_SYSTEM)

    @api.model
    def _check_system_fields(self, names):
        if self.env.context.get('install_mode') and self.env.su:
            return
        forged = self._system_fields.intersection(names)
        if forged:
            raise UserError(self.env._(
                "%(fields)s cannot be entered: the workflow sets it.",
                fields=", ".join(self._fields[name]._description_string(self.env) or name for name in sorted(forged))))

    @api.model
    def _clean_text(self, value):
        """Return the text sent by a client without blanks around it, False when there is none.

        :raises UserError: it is something else than text
        """
        if not isinstance(value, str) and value not in (None, False):
            raise UserError(self.env._("%(value)s is not a text.", value=value))
        return (value or '').replace('\x00', '').strip() or False

    # ---- RIGHTS ----

    def _authorize(self, action):
        """Check that the user may take ``action`` on the records and return them ready for it.

        :param str action: key of ``_action_groups``
        :raises AccessError: the user is in none of its groups, or has no write access
        :raises UserError: the action makes no sense in the present state
        """
        if self.env.su:
            self._check_action_from(action)
            return self
        groups = self._action_groups.get(action)
        if not groups or not self.env.user.has_groups(groups):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        self._check_action_from(action)
        return self

    def _check_action_from(self, action):
        """Raise UserError for records in whose state ``action`` makes no sense."""
        states = self._action_from.get(action)
        if not states:
            return
        for record in self:
            if record.state not in states:
                labels = dict(self._fields['state']._description_selection(self.env))
                raise UserError(self.env._(
                    "%(case)s is %(state)s: this step is not possible now.", case=record.name, state=labels[record.state]))

    # ---- STATES ----

    def _write_state(self, state):
        """Take the step to a state that somebody has written: an import, a client of the API."""
        self._authorize(self._state_actions.get(state))._set_state(state)

    def _step_with_reason(self, action, state, reason, **vals):
        """Take a step that needs a reason; called without one, return the wizard that asks for it.

        :param str action: key of ``_action_groups``
        :param str state: where it leads
        """
        records, reason = self._authorize(action), self._clean_text(reason)
        if not reason:
            return records._open_step_wizard(action)
        records._set_state(state, reason=reason, **vals)
        return True

    def _set_state(self, state, reason=None, waiting_reason=None, **vals):
        """Move the records to ``state``: lock, check, write, log, and tell whoever hangs on it.

        :param str state: the state to enter
        :param str reason: told by the user, kept in the log
        :param waiting_reason: ``property.service.waiting.reason`` record when work is suspended
        :param vals: field values written with the state
        :raises UserError: the table does not allow it, or what the state requires is missing
        :raises LockError: somebody else is changing one of the records at this moment
        """
        if not self:
            return
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(self.env._("Somebody else is working on this case right now. Try again in a moment.")) from error
        labels = dict(self._fields['state']._description_selection(self.env))
        for record in self:
            if state not in self._transitions[record.state]:
                raise UserError(self.env._(
                    "%(case)s is %(from_state)s and cannot become %(to_state)s.",
                    case=record.name, from_state=labels[record.state], to_state=labels.get(state, state)))
        if vals:
            self._as_system().write(vals)
        self._check_state_requirements(state)
        before = {record.id: record.state for record in self}
        now = fields.Datetime.now()
        for state_vals, records in self._group_state_values(state, now):
            records._as_system().write({'state': state, **state_vals})
        self._log_states(before, at=now, reason=reason, waiting_reason=waiting_reason)
        self._state_changed(before)

    def _group_state_values(self, state, now):
        """Return ``[(vals, records), …]``: what is written together with the new state."""
        return [({}, self)]

    def _check_state_requirements(self, state):
        """Raise UserError when something that ``state`` requires is missing: ``_check_before_<state>`` says what."""
        check = getattr(self, f'_check_before_{state}', None)
        if check:
            check()

    def _state_changed(self, before):
        """Tell whoever hangs on the state. ``before``: {id: previous state}."""
        self._after_state_change(before)

    def _after_state_change(self, before):
        """React to a change of state. ``before``: {id: previous state}."""

    def _log_states(self, before, at, reason=None, waiting_reason=None):
        """Append one line per record to the state log.

        :param dict before: {id: previous state}, empty for new records
        :param datetime at: naive UTC
        """
        self.env['property.service.state.log'].sudo().create([{  # sudo: nobody has create rights on the append-only log
            self._state_log_field: record.id,
            'company_id': record.company_id.id,
            'from_state': before.get(record.id, False),
            'to_state': record.state,
            'at': at,
            'by_id': self.env.uid,
            'reason': reason or False,
            **record._get_log_values(waiting_reason),
        } for record in self])

    def _get_log_values(self, waiting_reason):
        """Return what this kind of record adds to its line of the state log."""
        return {}

    # ---- HELPERS ----

    def _get_missing_labels(self, *names):
        """Return the names of the fields of ``names`` that are empty, as the user reads them, in one text."""
        self.ensure_one()
        return ", ".join(self._fields[name]._description_string(self.env) for name in names if not self[name])

    def _open_form(self):
        """Return the act_window of the record."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form', 'views': [(False, 'form')],
        }

    def _open_step_wizard(self, step):
        """Return the act_window of the wizard that asks what ``step`` needs."""
        wizard, field_name = self._step_wizard
        return {
            'type': 'ir.actions.act_window', 'name': self.env[wizard]._get_title(step), 'res_model': wizard, 'view_mode': 'form',
            'target': 'new', 'context': {f'default_{field_name}': [Command.set(self.ids)], 'default_step': step},
        }
