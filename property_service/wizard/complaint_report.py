from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..models.cases.complaint_repeat import PATTERNS

#: how many recurring problems are named
TOP = 10


class PropertyServiceComplaintReport(models.TransientModel):
    """Complaints and callbacks of a period, to read and to print: where, why, how fast, and who was asked (R27, R38).

    Each figure is that of the analysis views in the same period; each table takes one query.
    """

    _name = 'property.service.complaint.report'
    _description = "Complaints and Callbacks Report"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(months=1))
    date_to = fields.Date(
        string="To", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - timedelta(days=1))
    estate_ids = fields.Many2many('property.service.estate', check_company=True, help="Empty: all.")
    page = fields.Html(compute='_compute_page', sanitize=False)

    @api.depends('company_id', 'date_from', 'date_to', 'estate_ids')
    def _compute_page(self):
        for report in self:
            if report.date_from and report.date_to and report.date_from <= report.date_to:
                report.page = self.env['ir.qweb']._render('property_service.complaint_report_tables', report._get_report())
            else:
                report.page = False

    # ---- FIGURES ----

    def _get_bounds(self):
        """Return the period as naive UTC moments: days are those of the company's clock."""
        return tuple(self.company_id._property_day_start(day) for day in (self.date_from, self.date_to + timedelta(days=1)))

    def _get_scope(self):
        domain = Domain('company_id', '=', self.company_id.id)
        return domain & Domain('estate_id', 'in', self.estate_ids.ids) if self.estate_ids else domain

    def _get_report(self):
        """Return the figures: {'totals': {…}, 'tables': [(title, rows)], 'recurring': […], 'patterns': […], 'coverage': […]}."""
        self.ensure_one()
        start, end = self._get_bounds()
        received = self._get_scope() & Domain('sla_start_at', '>=', start) & Domain('sla_start_at', '<', end)
        complaints = received & Domain('kind', '=', 'complaint')
        return {
            'totals': self._get_totals(received),
            'tables': [
                (self.env._("By Category"), self._get_rows(complaints, 'category_id')),
                (self.env._("By Cause"), self._get_rows(complaints, 'cause')),
                (self.env._("By Building"), self._get_rows(complaints, 'building_id')),
                (self.env._("By Team"), self._get_rows(complaints, 'team_id')),
                (self.env._("By Month"), self._get_rows(complaints, 'sla_start_at:month')),
            ],
            'recurring': self._get_recurring(complaints),
            'patterns': self._get_patterns(complaints),
            'coverage': self._get_coverage(start, end),
        }

    def _get_totals(self, received):
        Complaint = self.env['property.service.complaint']
        kinds = dict(Complaint._read_group(received, ['kind'], ['__count']))
        complaints = received & Domain('kind', '=', 'complaint')
        [(number, reply, solution, reopened)] = Complaint._read_group(
            complaints, [], ['__count', 'reply_hours:avg', 'solution_hours:avg', 'reopen_count:sum'])
        return {
            'complaints': number, 'suggestions': kinds.get('suggestion', 0), 'praise': kinds.get('praise', 0),
            'reply': self._format(reply), 'solution': self._format(solution), 'reopened': reopened or 0,
            'open': Complaint.search_count(complaints & Domain('is_closed', '=', False)),
            'late': Complaint.search_count(complaints & Domain('sla_status', 'in', ('breached', 'missed'))),
            'repeated': Complaint.search_count(complaints & Domain('is_repeat', '=', True)),
        }

    def _get_rows(self, domain, groupby):
        """Return [(label, number, share, hours to the first reply, hours to the solution, reopened)], the most frequent first."""
        Complaint = self.env['property.service.complaint'].with_context(show_estate=True, tz=self.company_id.resource_calendar_id.tz)
        groups = Complaint._read_group(domain, [groupby], ['__count', 'reply_hours:avg', 'solution_hours:avg', 'reopen_count:sum'])
        total = sum(group[1] for group in groups) or 1
        by_month = ':' in groupby
        rows = [(self._get_label(groupby, value), count, f"{100 * count / total:.0f} %", self._format(reply), self._format(solution), again or 0)
                for value, count, reply, solution, again in groups]
        return rows if by_month else sorted(rows, key=lambda row: -row[1])

    def _get_label(self, groupby, value):
        if not value:
            return self.env._("Not Named")
        if groupby == 'cause':
            return dict(self.env['property.service.complaint']._fields['cause']._description_selection(self.env))[value]
        if groupby.endswith(':month'):
            return format_date(self.env, value, date_format='yyyy-MM')
        return value.display_name

    def _get_recurring(self, complaints):
        """Return [(category, cause, number)]: the causes that came up most often, with what they did."""
        labels = dict(self.env['property.service.complaint']._fields['cause']._description_selection(self.env))
        groups = self.env['property.service.complaint']._read_group(
            complaints & Domain('cause', '!=', False), ['category_id', 'cause'], ['__count'], order='__count desc', limit=TOP)
        return [(category.display_name or self.env._("Not Named"), labels[cause], count) for category, cause, count in groups if count > 1]

    def _get_patterns(self, complaints):
        """Return [(category, what, where or who, number)]: one category again and again in one place, team or about one employee."""
        Complaint = self.env['property.service.complaint']
        least = self.company_id.property_repeat_count or 3
        found = []
        for pattern in PATTERNS:
            label = Complaint._fields[pattern]._description_string(self.env)
            found += [(category.display_name, label, value.display_name, count) for category, value, count in Complaint._read_group(
                complaints & Domain('category_id', '!=', False) & Domain(pattern, '!=', False), ['category_id', pattern], ['__count'],
                having=[('__count', '>=', least)])]
        return sorted(found, key=lambda row: -row[3])[:TOP]

    def _get_coverage(self, start, end):
        """Return a dict per rule, and per other origin: what the rule asks for, what it drew, and what came of the calls."""
        Callback = self.env['property.service.callback']
        planned = self._get_scope() & Domain('planned_at', '>=', start) & Domain('planned_at', '<', end)
        measures = ['due_count:sum', 'done_count:sum', 'reached_count:sum', 'satisfied_count:sum']
        calls = {rule: sums for rule, *sums in Callback._read_group(planned & Domain('rule_id', '!=', False), ['rule_id'], measures)}
        late = dict(Callback._read_group(planned & Domain('sla_status', 'in', ('breached', 'missed')), ['rule_id'], ['__count']))
        draws = {rule: sums for rule, *sums in self.env['property.service.callback.draw']._read_group(
            [('company_id', '=', self.company_id.id), ('date_to', '>', start), ('date_to', '<=', end)], ['rule_id'],
            ['population:sum', 'drawn:sum'])}
        rows = []
        for rule in self.env['property.service.callback.rule'].with_context(active_test=False).search(
                [('company_id', 'in', (self.company_id.id, False))]):
            if rule in calls or rule.active and rule._is_for(self.company_id):
                population, drawn = draws.get(rule, (0, 0))
                rows.append({
                    'name': rule.name,
                    'wanted': self.env._("by service type") if rule.use_type_rate else f"{rule.rate:.0f} %",
                    'population': population, 'drawn': drawn, 'share': f"{100 * drawn / population:.0f} %" if population else "–",
                    **self._get_call_row(calls.get(rule, (0, 0, 0, 0)), late.get(rule, 0))})
        labels = dict(Callback._fields['origin']._description_selection(self.env))
        for origin, *sums in Callback._read_group(planned & Domain('rule_id', '=', False), ['origin'], measures):
            rows.append({'name': labels[origin], 'wanted': "–", 'population': "–", 'drawn': "–", 'share': "–", **self._get_call_row(sums, "–")})
        return rows

    def _get_call_row(self, sums, late):
        due, done, reached, satisfied = (number or 0 for number in sums)
        return {
            'due': due, 'done': done, 'reached': reached, 'satisfied': satisfied, 'late': late,
            'made': f"{100 * done / due:.0f} %" if due else "–",
            'happy': f"{100 * satisfied / reached:.0f} %" if reached else "–",
        }

    def _format(self, hours):
        return "–" if not hours else f"{hours:.1f}"

    # ---- ACTIONS ----

    def action_print(self):
        """Return the report action of the PDF.

        :raises UserError: the days are in the wrong order
        """
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))
        return self.env.ref('property_service.complaint_report_pdf').report_action(self)
