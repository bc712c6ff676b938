from odoo import fields, models
from odoo.tools import SQL

from ..models.judgement.assessment import STATES
from ..models.judgement.assessment_line import get_unfinished_marks


class PropertyServiceAssessmentReport(models.Model):
    """One row per figure of a scorecard, for pivot tables and charts over people, departments, months and indicators.

    The record rules are those of the assessments: whoever groups and sums sees only what he may read.
    """

    _name = 'property.service.assessment.report'
    _description = "Assessment Analysis"
    _inherit = ['property.service.unfinished']
    _auto = False
    _unfinished = {'actual': 'mark', 'score': 'mark', 'has_data': 'mark', 'band_id': 'result'}
    _order = 'date desc, id desc'
    _rec_name = 'indicator_id'
    _depends = {
        'property.service.assessment': [
            'cycle_id', 'scheme_id', 'company_id', 'employee_id', 'department_id', 'job_id', 'team_id', 'estate_id', 'band_id', 'date_to',
            'state', 'user_id', 'approved_by_id'],
        'property.service.assessment.line': [
            'assessment_id', 'indicator_id', 'numerator', 'denominator', 'case_count', 'actual', 'score', 'has_data', 'is_marked',
            'effective_weight'],
    }

    date = fields.Date(string="End of the Period", readonly=True)
    assessment_id = fields.Many2one('property.service.assessment', readonly=True)
    cycle_id = fields.Many2one('property.service.assessment.cycle', readonly=True)
    scheme_id = fields.Many2one('property.service.assessment.scheme', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    employee_id = fields.Many2one('hr.employee', readonly=True)
    department_id = fields.Many2one('hr.department', readonly=True)
    job_id = fields.Many2one('hr.job', readonly=True)
    team_id = fields.Many2one('property.service.team', readonly=True)
    estate_id = fields.Many2one('property.service.estate', readonly=True)
    band_id = fields.Many2one('property.service.assessment.band', string="Grade", readonly=True, depends_context=('uid',))
    state = fields.Selection(STATES, readonly=True)
    indicator_id = fields.Many2one('property.service.indicator', readonly=True)
    case_count = fields.Integer(string="Cases", readonly=True)
    numerator = fields.Float(readonly=True)
    denominator = fields.Float(readonly=True)
    actual = fields.Float(
        string="Figure", readonly=True, aggregator='avg', depends_context=('uid',), help="Mean of the figures of the people; group by indicator.")
    score = fields.Float(readonly=True, aggregator='avg', depends_context=('uid',))
    has_data = fields.Boolean(string="Enough Data", readonly=True, depends_context=('uid',))
    effective_weight = fields.Float(string="Weight in Force", readonly=True, aggregator='avg')

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id, a.date_to AS date, l.assessment_id, a.cycle_id, a.scheme_id, a.company_id, a.employee_id, a.department_id, a.job_id,
                   a.team_id, a.estate_id, a.band_id, a.state, l.indicator_id, l.case_count, l.numerator, l.denominator,
                   CASE WHEN l.has_data THEN l.actual END AS actual, CASE WHEN l.has_data THEN l.score END AS score, l.has_data,
                   l.effective_weight
              FROM property_service_assessment_line l
              JOIN property_service_assessment a ON a.id = l.assessment_id
            """)

    def _get_unfinished(self, part, alias, query):
        assessment, indicator = SQL.identifier(alias, 'assessment_id'), SQL.identifier(alias, 'indicator_id')
        condition = get_unfinished_marks(self.env.uid) if part == 'mark' else self.env['property.service.assessment']._get_unfinished(
            part, 'a', query)
        return SQL(
            "EXISTS (SELECT 1 FROM property_service_assessment a JOIN property_service_indicator i ON i.id = %s WHERE a.id = %s AND (%s))",
            indicator, assessment, condition)

    def action_open_assessment(self):
        """Return the act_window of the assessment behind the row."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'res_model': 'property.service.assessment', 'res_id': self.assessment_id.id, 'view_mode': 'form'}
