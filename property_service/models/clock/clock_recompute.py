from odoo import models
from odoo.tools import SQL

from ...tools import sla_clock
from .clock_mixin import CLOCK_FIELDS, FACT_FIELDS, SNAPSHOT_FIELDS

#: What policies ask of every kind of case.
CRITERIA = ('priority', 'type_id', 'category_id', 'estate_id', 'team_id')
WRITTEN = (*SNAPSHOT_FIELDS, *CLOCK_FIELDS, *FACT_FIELDS)
COLUMN_TYPES = {'many2one': SQL('int'), 'integer': SQL('int'), 'datetime': SQL('timestamp'), 'boolean': SQL('boolean'),
                'selection': SQL('varchar'), 'float': SQL('double precision')}


class PropertyServiceClockMixin(models.AbstractModel):
    """The same deadlines as the ORM computes, for masses of cases: read, calculate and write whole batches."""

    _inherit = 'property.service.clock.mixin'

    def _recompute_clocks(self):
        """Match policies and place deadlines anew, for cases whose clock has not stopped.

        Two queries to read and one to write, whatever the number of cases. Cases that keep their deadlines are not
        written. Return the number of cases that were.
        """
        self.flush_model()
        rows = self._read_clock_rows()
        events = self._read_clock_events([row['id'] for row in rows])
        Policy = self.env['property.service.sla.policy']
        changed = []
        for row in rows:
            snapshot = self._adapt_snapshot(row, Policy._get_snapshot(
                self._clock_applies_to, row['company_id'], row['priority'] or False, row['type_id'] or False,
                row['category_id'] or False, row['estate_id'] or False, row['team_id'] or False))
            _policy_id, response_hours, resolution_hours, risk_percent, calendar_id, fault = snapshot
            if fault:
                response_hours = resolution_hours = 0
            clocks, endless = self._measure(
                calendar_id, row['company_id'], row['sla_start_at'], response_hours, resolution_hours, risk_percent,
                events.get(row['id'], ()), self._get_promised(row))
            if endless:
                snapshot = (*snapshot[:-1], 'no_hours')
            facts = sla_clock.summarize(
                (clocks.response_deadline, clocks.response_risk_at), (clocks.resolution_deadline, clocks.resolution_risk_at),
                row['responded_at'], row['done_at'], row['closed_at'], clocks.paused and bool(snapshot[2]))
            values = [self._to_column(name, value) for name, value in zip(WRITTEN, (*snapshot, *clocks, *facts))]
            if any(row[name] != value for name, value in zip(WRITTEN, values)):
                next_escalation = Policy._get_first_escalation(
                    snapshot[0], response=not (row['responded_at'] or row['closed_at']) and clocks[:2],
                    resolution=not (row['done_at'] or row['closed_at']) and clocks[2:4])
                changed.append((row['id'], *values, next_escalation or None))
        if changed:
            self._write_clock_rows(changed)
        return len(changed)

    def _to_column(self, name, value):
        """Return what the column of the field holds for ``value``: NULL for the empty value of most types."""
        return value if self._fields[name].type in ('boolean', 'integer', 'float') else value or None

    def _read_clock_rows(self):
        """Return the rows of the cases whose clock has not stopped as dicts, straight from the table."""
        names = ['id', *self._get_clock_inputs(), 'sla_start_at', 'responded_at', 'done_at', 'closed_at', *WRITTEN]
        rows = self.env.execute_query(SQL(
            "SELECT %s FROM %s WHERE id = ANY(%s) AND state != ALL(%s) ORDER BY id",
            SQL(', ').join(SQL.identifier(name) for name in names), SQL.identifier(self._table), self.ids,
            list(self._clock_stopped_states)))
        missing = dict.fromkeys(CRITERIA)
        return [{**missing, **dict(zip(names, row))} for row in rows]

    def _write_clock_rows(self, rows):
        """Write ``[(id, *values of WRITTEN, next escalation), …]`` in one statement."""
        written = (*WRITTEN, 'sla_next_escalation_at')
        columns = [SQL('int'), *(COLUMN_TYPES[self._fields[name].type] for name in written)]
        arrays = SQL(', ').join(SQL("%s::%s[]", list(values), column) for values, column in zip(zip(*rows), columns))
        names = [SQL.identifier(name) for name in written]
        self.env.cr.execute(SQL(
            "UPDATE %(table)s SET %(assignments)s FROM unnest(%(arrays)s) AS new (id, %(names)s) WHERE %(table)s.id = new.id",
            table=SQL.identifier(self._table), arrays=arrays, names=SQL(', ').join(names),
            assignments=SQL(', ').join(SQL("%s = new.%s", name, name) for name in names)))
        self.browse([row[0] for row in rows]).invalidate_recordset(written)
