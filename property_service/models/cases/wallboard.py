from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: kind of case -> (field that says who does it, action that shows such cases)
KINDS = {
    'request': ('employee_id', 'property_service.request_action'),
    'complaint': ('employee_id', 'property_service.complaint_action'),
    'callback': ('caller_id', 'property_service.callback_action'),
}
FIGURES = ('open', 'due_today', 'at_risk', 'overdue', 'unassigned', 'urgent')
LIST_LENGTH = 8


class PropertyServiceWallboard(models.AbstractModel):
    """The board at the front desk: how many cases stand how, and which are the most urgent (R22).

    One statement counts, one finds the most urgent; both within the record rules of whoever looks. No resident is named: the
    board hangs where others can read it.
    """

    _name = 'property.service.wallboard'
    _description = "Wallboard"

    @api.model
    @api.readonly
    def get_board(self, estate_id=None):
        """Return what the board shows.

        :param int estate_id: only this estate
        :rtype: dict
        :return: ``figures``: {name: {'total': number, 'kinds': [{'kind', 'label', 'count'}, …]}} with the names of :data:`FIGURES` (of requests
            and complaints) and ``callbacks`` (planned and to be called by now); ``overdue`` and ``next``: the most urgent cases, each
            ``{kind, model, id, number, title, place, who, state, urgent, deadline, risk_at}``; times are UTC texts; ``notices``: for
            managers, what is wrong with the clock itself (:meth:`_get_notices`)
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The wallboard is for staff."))
        estate = Domain('estate_id', '=', int(estate_id)) if str(estate_id or '').isdigit() else Domain.TRUE
        models_by_kind = {
            kind: self.env[model] for kind, model in self.env['property.service.clock.mixin']._get_clock_models().items()
            if kind in KINDS and self.env[model].has_access('read')}
        return {
            'figures': self._get_figures(models_by_kind, estate),
            'overdue': self._get_cases(models_by_kind, estate, '<'),
            'next': self._get_cases(models_by_kind, estate, '>='),
            'notices': self._get_notices(models_by_kind),
        }

    @api.model
    def get_action(self, kind, figure, estate_id=None):
        """Return the act_window that shows the cases behind a figure.

        :param str kind: request, complaint or callback
        :param str figure: one of :data:`FIGURES`, or callbacks
        """
        if kind not in KINDS or figure not in (*FIGURES, 'callbacks') or figure == 'callbacks' and kind != 'callback':
            raise UserError(self.env._("There is no such figure on the wallboard."))
        domain = self._get_figure_domain(kind, figure)
        if str(estate_id or '').isdigit():
            domain &= Domain('estate_id', '=', int(estate_id))
        action = self.env['ir.actions.act_window']._for_xml_id(KINDS[kind][1])
        return {**action, 'domain': list(domain), 'context': {}}

    # ---- FIGURES ----

    @api.model
    def _get_end_of_day(self):
        """Return the end of the user's day in UTC, naive."""
        tz = pytz.timezone(self.env.user.tz or self.env.company.resource_calendar_id.tz or 'UTC')
        tomorrow = pytz.utc.localize(fields.Datetime.now()).astimezone(tz).date() + timedelta(days=1)
        return tz.localize(datetime.combine(tomorrow, time())).astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _get_figure_domain(self, kind, figure):
        """Return the Domain of the cases that :meth:`_get_figures` counts."""
        now = fields.Datetime.now()
        model = self.env[self.env['property.service.clock.mixin']._get_clock_models()[kind]]
        if figure == 'callbacks':
            return Domain('state', '=', 'planned') & Domain('planned_at', '<=', now)
        is_open = model._get_clock_open_domain()
        deadline = Domain('sla_next_deadline', '>=', now)
        return is_open & {
            'open': Domain.TRUE,
            'due_today': deadline & Domain('sla_next_deadline', '<', self._get_end_of_day()),
            'at_risk': deadline & Domain('sla_risk_at', '<=', now),
            'overdue': Domain('sla_next_deadline', '<', now),
            'unassigned': Domain(KINDS[kind][0], '=', False),
            'urgent': Domain('priority', '=', '2'),
        }[figure]

    @api.model
    def _get_figures(self, models_by_kind, estate):
        counted = []
        for kind, model in models_by_kind.items():
            query = model._search(model._get_clock_open_domain() & estate)
            columns = ('sla_next_deadline', 'sla_risk_at', 'priority', KINDS[kind][0])
            planned = SQL.identifier(query.table, 'planned_at') if 'planned_at' in model._fields else SQL("NULL::timestamp")
            counted.append(query.select(
                SQL("%s AS kind", kind), SQL("%s AS state", SQL.identifier(query.table, 'state')), SQL("%s AS planned_at", planned),
                *(SQL("%s AS %s", SQL.identifier(query.table, name), SQL.identifier(alias))
                  for name, alias in zip(columns, ('deadline', 'risk_at', 'priority', 'worker')))))
        figures = {name: {'total': 0, 'kinds': []} for name in (*FIGURES, 'callbacks')}
        if not counted:
            return figures
        rows = self.env.execute_query(SQL(
            """
            SELECT kind, count(*),
                   count(*) FILTER (WHERE deadline >= %(now)s AND deadline < %(midnight)s),
                   count(*) FILTER (WHERE deadline >= %(now)s AND risk_at <= %(now)s),
                   count(*) FILTER (WHERE deadline < %(now)s),
                   count(*) FILTER (WHERE worker IS NULL),
                   count(*) FILTER (WHERE priority = '2'),
                   count(*) FILTER (WHERE state = 'planned' AND planned_at <= %(now)s)
              FROM (%(cases)s) AS cases
             GROUP BY kind
            """,
            now=fields.Datetime.now(), midnight=self._get_end_of_day(), cases=SQL(" UNION ALL ").join(counted)))
        labels = dict(self.env['property.service.clock.mixin']._get_clock_kinds())
        for kind, *counts in sorted(rows, key=lambda row: list(KINDS).index(row[0])):
            wanted = {'callbacks': counts[-1]} if kind == 'callback' else dict(zip(FIGURES, counts))
            for name, count in wanted.items():
                figures[name]['total'] += count
                figures[name]['kinds'].append({'kind': kind, 'label': labels[kind], 'count': count})
        return figures

    # ---- CASES ----

    @api.model
    def _get_cases(self, models_by_kind, estate, operator):
        """Return the cases whose deadline comes first among those past (``<``) or ahead (``>=``), from the index on it."""
        due = Domain('sla_next_deadline', operator, fields.Datetime.now())
        found = []
        for kind, model in models_by_kind.items():
            query = model._search(due & estate, order='sla_next_deadline, id', limit=LIST_LENGTH)
            found.append(SQL("(%s)", query.select(
                SQL("%s AS kind", kind), SQL("%s AS id", SQL.identifier(query.table, 'id')),
                SQL("%s AS deadline", SQL.identifier(query.table, 'sla_next_deadline')))))
        if not found:
            return []
        rows = self.env.execute_query(SQL(
            "SELECT kind, id FROM (%s) AS cases ORDER BY deadline, kind, id LIMIT %s", SQL(" UNION ALL ").join(found), LIST_LENGTH))
        labels = dict(self.env['property.service.clock.mixin']._get_clock_kinds())
        records = {kind: model.browse([case_id for row_kind, case_id in rows if row_kind == kind])
                   for kind, model in models_by_kind.items()}
        described = {(kind, case.id): self._describe(kind, labels[kind], case) for kind, cases in records.items() for case in cases}
        return [described[row] for row in rows]

    @api.model
    def _describe(self, kind, label, case):
        worker = case[KINDS[kind][0]].sudo()  # sudo: only the name
        return {
            'kind': kind, 'model': case._name, 'id': case.id, 'number': case.name,
            # A callback has no title but the resident's name, which is not for the wall.
            'title': case.title if 'title' in case._fields else label,
            'place': case.unit_id.display_name or case.estate_id.display_name or '',
            'who': worker.name or case.team_id.name or '',
            'state': dict(case._fields['state']._description_selection(self.env))[case.state],
            'urgent': case.priority == '2',
            'deadline': fields.Datetime.to_string(case.sla_next_deadline),
            'risk_at': fields.Datetime.to_string(case.sla_risk_at),
        }
