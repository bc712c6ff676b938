from odoo import fields, models
from odoo.tools import SQL

from .assessment import FROZEN_STATES
from .sources.snapshot import snapshot


class PropertyServiceAssessmentCycle(models.Model):
    """How a cycle comes to its assessments and their figures: set-based, one query per indicator for all employees."""

    _inherit = 'property.service.assessment.cycle'

    # ---- SCOPE ----

    def _generate(self):
        """Create the assessments and their lines."""
        self.ensure_one()
        common = {'cycle_id': self.id}
        if self.subject == 'employee':
            values = [{
                **common, 'employee_id': tenure.employee_id, 'department_id': tenure.department_id, 'job_id': tenure.job_id,
                'date_from': tenure.start, 'date_to': tenure.end,
            } for tenure in self.scheme_id._get_tenures(
                self.date_from, self.date_to, self.employee_ids.ids if self.is_ad_hoc else None)]
        else:
            values = [{
                **common, f'{self.subject}_id': place.id, 'date_from': self.date_from, 'date_to': self.date_to,
            } for place in self.scheme_id._get_places()]
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

    def _get_line_subjects(self):
        """Return the SQL of :meth:`_get_subjects` with the line of what is not frozen as the subject, and its indicator."""
        return SQL(
            "SELECT l.id AS subject_id, l.indicator_id, s.holder_id, s.start_at, s.end_at FROM (%s) s"
            " JOIN property_service_assessment_line l ON l.assessment_id = s.subject_id"
            " JOIN property_service_assessment a ON a.id = l.assessment_id AND a.state NOT IN %s", self._get_subjects(), FROZEN_STATES)

    def _compute_figures(self):
        """Count the cases of all assessments that are not published and score them. The queries are the same for one employee and for a
        thousand. What was approved and comes to something else is to be approved again.
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.env.flush_all()
        cr = self.env.cr
        period = self._get_period()
        self._delete_evidence()
        cr.execute(SQL(
            "SELECT DISTINCT l.indicator_id FROM property_service_assessment_line l"
            " JOIN property_service_assessment a ON a.id = l.assessment_id WHERE a.cycle_id = %s AND a.state NOT IN %s", self.id, FROZEN_STATES))
        indicators = self.env['property.service.indicator'].browse(sorted(row[0] for row in cr.fetchall()))
        computable = indicators.filtered(lambda indicator: indicator._is_computable())
        with snapshot(computable, period, self._get_line_subjects()) as (copied, lines):
            counts = {}
            for indicator in computable:
                counts.update(self._collect_evidence(indicator, copied, lines))
        self._write_facts({'computed_at': period.as_of})
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        assessments = self.assessment_ids.filtered(lambda assessment: assessment.state not in FROZEN_STATES)
        approved = assessments.filtered('approved_by_id')
        before = approved._get_results()
        assessments._score(counts)
        after = approved._get_results()
        approved.filtered(lambda assessment: before[assessment.id] != after[assessment.id])._withdraw_approval()

    def _delete_evidence(self):
        """Delete the evidence of what is not published."""
        self.env.cr.execute(SQL(
            """
            DELETE FROM property_service_assessment_evidence e
             USING property_service_assessment_line l, property_service_assessment a
             WHERE l.id = e.line_id AND a.id = l.assessment_id AND a.cycle_id = ANY(%s) AND a.state NOT IN %s
            """, self.ids, FROZEN_STATES))
        self.env['property.service.assessment.evidence'].invalidate_model(flush=False)

    def _collect_evidence(self, indicator, period, lines):
        """Store the cases of one indicator that count, and return their sums: what is shown is what was counted (R90).

        :param SQL lines: see :meth:`_get_line_subjects`
        :return: {line id: (numerator, denominator, number of cases)}, for every line of the indicator
        """
        of_indicator = SQL("SELECT * FROM (%s) l WHERE indicator_id = %s", lines, indicator.id)
        return {line_id: sums for line_id, *sums in self.env.execute_query(SQL(
            """
            WITH evidence AS (
                INSERT INTO property_service_assessment_evidence (line_id, res_model, res_id, name, at, numerator, denominator)
                SELECT c.subject_id, c.res_model, c.res_id, c.name, c.at, c.numerator, c.denominator FROM (%s) c ORDER BY c.subject_id
                RETURNING line_id, numerator, denominator
            ), figure AS (
                SELECT line_id, SUM(numerator) AS numerator, SUM(denominator) AS denominator, COUNT(*) AS count
                  FROM evidence GROUP BY line_id
            )
            SELECT l.subject_id, figure.numerator, figure.denominator, COALESCE(figure.count, 0)
              FROM (%s) l LEFT JOIN figure ON figure.line_id = l.subject_id
            """, indicator._get_counted(period, of_indicator, self.subject), of_indicator))}
