from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models

from ...tools import scoring


class PropertyServiceAssessmentCycle(models.Model):
    """Calibration: how results and grades are distributed over the departments. It is only shown: nothing is forced."""

    _inherit = 'property.service.assessment.cycle'

    calibration = fields.Html(compute='_compute_calibration', groups='hr.group_hr_user', sanitize=False)

    @api.depends('assessment_ids.score', 'assessment_ids.band_id')
    def _compute_calibration(self):
        for cycle in self:
            cycle.calibration = cycle._render_calibration() if cycle.state not in ('draft', 'cancelled') else False

    def _get_calibration(self):
        """Return ``[(department or None for all, number of people, {'mean', 'median', 'low', 'high'}, {band: count})]``, all last."""
        self.ensure_one()
        groups = defaultdict(list)
        for assessment in self.assessment_ids.sorted(lambda a: a.department_id.display_name or ''):
            for key in (assessment.department_id, None):
                groups[key].append(assessment)
        rows = []
        for key in [*(key for key in groups if key is not None), None]:
            members = groups[key]
            results = [assessment.score for assessment in members if assessment.has_score]
            counts = defaultdict(int)
            for assessment in members:
                counts[assessment.band_id if assessment.has_score else None] += 1
            figures = {
                'mean': scoring.rounded(sum(results) / len(results), 1), 'median': scoring.median(results), 'low': min(results),
                'high': max(results)} if results else {}
            rows.append((key, len(members), figures, counts))
        return rows

    def _render_calibration(self):
        rows = self._get_calibration()
        if not rows or not rows[-1][1]:
            return False
        bands = self.scheme_id.band_ids
        headings = [self.env._("Department"), self.env._("Assessments"), self.env._("Mean"), self.env._("Median"), self.env._("Range"),
                    *bands.mapped('name'), self.env._("Not enough data")]
        body = Markup('').join(
            Markup('<tr class="%s">%s</tr>') % ('fw-bold' if index == len(rows) - 1 else '', Markup('').join(
                Markup('<td class="%s">%s</td>') % ('' if not column else 'text-end', cell)
                for column, cell in enumerate(self._get_calibration_cells(row, bands, is_total=index == len(rows) - 1))))
            for index, row in enumerate(rows))
        head = Markup('').join(
            Markup('<th class="%s">%s</th>') % ('' if not column else 'text-end', heading) for column, heading in enumerate(headings))
        return Markup('<div class="table-responsive"><table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>') % (
            head, body)

    def _get_calibration_cells(self, row, bands, is_total):
        department, number, figures, counts = row

        def share(count):
            return f"{count} ({round(100 * count / number)} %)" if count else "–"
        name = self.env._("All") if is_total else department.display_name or self.env._("No department")
        return [
            name, number, *(f"{figures[key]:.1f}" if figures else "–" for key in ('mean', 'median')),
            f"{figures['low']:.1f} – {figures['high']:.1f}" if figures else "–",
            *(share(counts.get(band, 0)) for band in bands), share(counts.get(None, 0))]
