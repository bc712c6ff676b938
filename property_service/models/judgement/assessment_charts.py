from markupsafe import Markup

from odoo import api, fields, models

from ...tools import charts, scoring

#: results shown in the trend
LAST = 12


class PropertyServiceAssessment(models.Model):
    """The scorecard in pictures: where the strengths are, and how it went on."""

    _inherit = 'property.service.assessment'

    radar = fields.Html(compute='_compute_charts', sanitize=False)
    trend = fields.Html(compute='_compute_charts', sanitize=False)

    @api.depends('line_ids.score', 'score', 'state')
    @api.depends_context('uid')
    def _compute_charts(self):
        own = self.search(
            [('employee_id', 'in', self.employee_id.ids), ('state', 'in', ('published', 'closed')), ('has_score', '=', True)],
            order='date_to, id') if self.employee_id else self
        histories = own.grouped('employee_id')
        for assessment in self:
            lines = assessment.line_ids.filtered('has_data')
            medians = [
                scoring.score(line.median, line.scheme_line_id._get_rule()) if line.has_median else None for line in lines]
            # The drawing escapes what it is given; nothing in it comes from elsewhere.
            assessment.radar = Markup(charts.radar(
                lines.mapped('name'), lines.mapped('score'), medians, self.env._("Points per indicator"))) or False
            history = histories.get(assessment.employee_id, self.browse()).filtered(
                lambda other, until=assessment.date_to: other.date_to <= until) if assessment.employee_id else self.browse()
            assessment.trend = Markup(charts.trend(
                [(f"{other.date_to:%Y-%m}", other.score) for other in history[-LAST:]], self.env._("Results over time"))) or False
