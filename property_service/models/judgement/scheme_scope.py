from odoo import models
from odoo.tools import SQL

from ...tools.tenures import Tenure, Version, tenures
from .sources.snapshot import snapshot


class PropertyServiceAssessmentScheme(models.Model):
    """Whom a scheme is about in a period."""

    _inherit = 'property.service.assessment.scheme'

    def _get_tenures(self, date_from, date_to, employee_ids=None):
        """Return the tenures.Tenure of the employees in scope, from the versions of their files, in one query (R86).

        :param date date_from: first day, :param date date_to: last day
        :param employee_ids: only these, whatever their job and department
        """
        self.ensure_one()
        self.env.flush_all()
        condition = SQL("e.id IN %s", tuple(employee_ids)) if employee_ids else SQL("TRUE")
        rows = self.env.execute_query(SQL(
            """
            SELECT v.employee_id, v.date_version, v.department_id, v.job_id, v.contract_date_start, v.contract_date_end, v.departure_date
              FROM hr_version v
              JOIN hr_employee e ON e.id = v.employee_id
             WHERE e.company_id = %s AND v.active AND (e.active OR v.departure_date IS NOT NULL) AND %s
            """, self.company_id.id, condition))
        found = tenures([Version(*row) for row in rows], date_from, date_to)
        jobs = set(self.job_ids.ids)
        departments = set(self.env['hr.department'].with_context(active_test=False).search(
            [('id', 'child_of', self.department_ids.ids)]).ids) if self.department_ids else set()
        return [
            tenure for tenure in found
            if employee_ids or (
                (not jobs or tenure.job_id in jobs) and (not departments or tenure.department_id in departments))]

    def _get_places(self):
        """Return the teams or estates that the scheme assesses."""
        return self.env[f'property.service.{self.subject}'].sudo().search_fetch(  # sudo: HR assesses teams and estates without being on site
            [('company_id', '=', self.company_id.id)], ['name'])

    def action_simulate(self):
        """Open the trial of the scheme on past periods."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Try on Past Periods"), 'target': 'new',
            'res_model': 'property.service.assessment.simulation', 'view_mode': 'form', 'context': {'default_scheme_id': self.id}}

    def _simulate(self, date_from, date_to):
        """Return what the scheme would have said of a period, without storing anything.

        :return: list of (tenures.Tenure, {scheme line id: (actual or None, numerator)}), in one query per indicator; of teams and estates the
            tenure holds their id in place of the employee's, and all days
        """
        self.ensure_one()
        found = self._get_tenures(date_from, date_to) if self.subject == 'employee' else [
            Tenure(record.id, date_from, date_to, None, None) for record in self._get_places()]
        if not found:
            return []
        company = self.company_id
        period = company._get_assessment_period(date_from, date_to)
        moments = {day: company._get_assessment_period(day, day) for tenure in found for day in (tenure.start, tenure.end)}
        subjects = SQL(
            "SELECT * FROM (VALUES %s) AS s (subject_id, holder_id, start_at, end_at)", SQL(", ").join(
                SQL("(%s, %s, %s, %s)", index, tenure.employee_id, moments[tenure.start].start, moments[tenure.end].end)
                for index, tenure in enumerate(found)))
        figures = [{} for _tenure in found]
        lines = self.line_ids
        versions = self.env['property.service.indicator'].concat(*[line.indicator_id for line in lines])._in_force(date_to)
        computable = versions.filtered(lambda indicator: indicator._is_computable())
        with snapshot(computable, period, subjects) as (copied, people):
            for line, indicator in zip(lines, versions):
                if indicator not in computable:
                    continue
                sums = indicator._get_figures(copied, people, self.subject)
                for index in range(len(found)):
                    numerator, _denominator, _count, actual = sums.get(index) or (0, 0, 0, indicator._get_actual(0, 0, 0))
                    figures[index][line.id] = (actual, numerator)
        return list(zip(found, figures))
