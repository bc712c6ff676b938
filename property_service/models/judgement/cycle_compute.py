from odoo import fields, models
from odoo.tools import SQL

from ...tools.tenures import Version, tenures


class PropertyServiceAssessmentCycle(models.Model):
    """How a cycle comes to its assessments and their figures: set-based, one query per indicator for all employees."""

    _inherit = 'property.service.assessment.cycle'

    # ---- SCOPE ----

    def _get_tenures(self):
        """Return the tenures.Tenure of the employees in scope, from the versions of their files, in one query (R86)."""
        self.ensure_one()
        self.env.flush_all()
        condition = SQL("e.id IN %s", tuple(self.employee_ids.ids)) if self.is_ad_hoc else SQL("TRUE")
        rows = self.env.execute_query(SQL(
            """
            SELECT v.employee_id, v.date_version, v.department_id, v.job_id, v.contract_date_start, v.contract_date_end, v.departure_date
              FROM hr_version v
              JOIN hr_employee e ON e.id = v.employee_id
             WHERE e.company_id = %s AND v.active AND (e.active OR v.departure_date IS NOT NULL) AND %s
            """, self.company_id.id, condition))
        found = tenures([Version(*row) for row in rows], self.date_from, self.date_to)
        scheme = self.scheme_id
        jobs = set(scheme.job_ids.ids)
        departments = set(self.env['hr.department'].with_context(active_test=False).search(
            [('id', 'child_of', scheme.department_ids.ids)]).ids) if scheme.department_ids else set()
        return [
            tenure for tenure in found
            if self.is_ad_hoc or (
                (not jobs or tenure.job_id in jobs) and (not departments or tenure.department_id in departments))]

    def _generate(self):
        """Create the assessments and their lines."""
        self.ensure_one()
        common = {'cycle_id': self.id}
        if self.subject == 'employee':
            values = [{
                **common, 'employee_id': tenure.employee_id, 'department_id': tenure.department_id, 'job_id': tenure.job_id,
                'date_from': tenure.start, 'date_to': tenure.end,
            } for tenure in self._get_tenures()]
        else:
            model = f'property.service.{self.subject}'
            subjects = self.env[model].sudo().search_fetch(  # sudo: HR assesses teams and estates without being on site
                [('company_id', '=', self.company_id.id)], ['id'])
            values = [{
                **common, f'{self.subject}_id': subject.id, 'date_from': self.date_from, 'date_to': self.date_to,
            } for subject in subjects]
        company = self.company_id
        moments = {day: company._get_assessment_period(day, day) for vals in values for day in (vals['date_from'], vals['date_to'])}
        for vals in values:
            vals.update(start_at=moments[vals['date_from']].start, end_at=moments[vals['date_to']].end)
        assessments = self.env['property.service.assessment']._create_for_cycle(values)
        self._generate_lines(assessments)
        return assessments

    def _generate_lines(self, assessments):
        """Create the lines of all assessments at once, each with the version of its indicator that is in force for the period."""
        lines = self.scheme_id.line_ids
        versions = dict(zip(lines, lines.indicator_id and self.env['property.service.indicator'].concat(
            *[line.indicator_id for line in lines])._in_force(self.date_to)))
        rows = [SQL("(%s, %s, %s)", line.id, version.id, line.sequence) for line, version in versions.items()]
        if not rows or not assessments:
            return
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            INSERT INTO property_service_assessment_line (
                assessment_id, scheme_line_id, indicator_id, sequence, company_id, weight, target,
                create_uid, create_date, write_uid, write_date)
            SELECT a.id, part.scheme_line_id, part.indicator_id, part.sequence, a.company_id, line.weight, line.target,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM property_service_assessment a
             CROSS JOIN (VALUES %(rows)s) AS part (scheme_line_id, indicator_id, sequence)
              JOIN property_service_assessment_scheme_line line ON line.id = part.scheme_line_id
             WHERE a.cycle_id = %(cycle)s
             ORDER BY a.id, part.sequence, part.scheme_line_id
            """, rows=SQL(", ").join(rows), cycle=self.id, uid=self.env.uid, now=fields.Datetime.now()))
        self.env.invalidate_all(flush=False)

    # ---- FIGURES ----

    def _get_period(self, as_of=None):
        """Return the sources.base.Period of the cycle."""
        self.ensure_one()
        return self.company_id._get_assessment_period(self.date_from, self.date_to, as_of)

    def _get_subjects(self, assessments=None):
        """Return SQL of the lines' subjects: rows (subject_id, holder_id, start_at, end_at); the subject is the assessment."""
        holder = SQL.identifier(f'{self.subject}_id')
        only = SQL("a.id IN %s", tuple(assessments.ids)) if assessments else SQL("TRUE")
        return SQL(
            "SELECT a.id AS subject_id, a.%s AS holder_id, a.start_at, a.end_at FROM property_service_assessment a"
            " WHERE a.cycle_id = %s AND %s", holder, self.id, only)

    def _compute_figures(self):
        """Count the cases of all assessments and score them. The queries are the same for one employee and for a thousand."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.env.flush_all()
        cr = self.env.cr
        period = self._get_period()
        cr.execute(SQL(
            """
            DELETE FROM property_service_assessment_evidence e
             USING property_service_assessment_line l, property_service_assessment a
             WHERE l.id = e.line_id AND a.id = l.assessment_id AND a.cycle_id = %s
            """, self.id))
        cr.execute(SQL(
            "SELECT DISTINCT l.indicator_id FROM property_service_assessment_line l"
            " JOIN property_service_assessment a ON a.id = l.assessment_id WHERE a.cycle_id = %s", self.id))
        indicators = self.env['property.service.indicator'].browse(sorted(row[0] for row in cr.fetchall()))
        for indicator in indicators:
            if indicator._is_computable():
                self._collect_evidence(indicator, period)
        self._write_facts({'computed_at': period.as_of})
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        self.assessment_ids._score()

    def _collect_evidence(self, indicator, period):
        """Store the cases of one indicator and their sums, for all assessments: what is shown is what was counted (R90)."""
        self.env.cr.execute(SQL(
            """
            WITH evidence AS (
                INSERT INTO property_service_assessment_evidence (
                    line_id, company_id, res_model, res_id, name, at, numerator, denominator)
                SELECT l.id, l.company_id, c.res_model, c.res_id, c.name, c.at, c.numerator, c.denominator
                  FROM (%(cases)s) c
                  JOIN property_service_assessment_line l ON l.assessment_id = c.subject_id AND l.indicator_id = %(indicator)s
                RETURNING line_id, numerator, denominator
            ), figure AS (
                SELECT line_id, SUM(numerator) AS numerator, SUM(denominator) AS denominator, COUNT(*) AS count
                  FROM evidence GROUP BY line_id
            )
            UPDATE property_service_assessment_line l
               SET numerator = figure.numerator, denominator = figure.denominator, case_count = COALESCE(figure.count, 0)
              FROM property_service_assessment_line known
              JOIN property_service_assessment a ON a.id = known.assessment_id AND a.cycle_id = %(cycle)s
              LEFT JOIN figure ON figure.line_id = known.id
             WHERE l.id = known.id AND known.indicator_id = %(indicator)s
            """,
            cases=indicator._get_counted(period, self._get_subjects(), self.subject), indicator=indicator.id, cycle=self.id))
