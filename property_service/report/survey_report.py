from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.voice import campaign_states
from ..models.voice.stratum import _ROLES, _USES
from ..models.voice.survey_question import FACTORS, SCORES, STAFF_SCORES
from ..tools import survey_statistics as stats

#: in the context while figures are put together; what arrives over RPC can never be this object
_FIGURES = object()
#: what says something about the people of a group
_MEASURES = frozenset({'score', 'satisfied', 'low', 'high', 'expectation', 'perception', 'gap', 'recommend'})


class PropertyServiceSurveyReport(models.Model):
    """One row per scored answer, for pivot tables and charts. Groups of anonymous answers that are too small have no figures."""

    _name = 'property.service.survey.report'
    _description = "Survey Results"
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'question_id'
    _depends = {
        'survey.user_input': [
            'state', 'test_entry', 'end_datetime', 'property_campaign_id', 'property_estate_id', 'property_building_id',
            'property_stratum_id', 'property_role', 'property_unit_use', 'property_channel', 'property_company_id', 'property_anonymous',
            'property_team_id'],
        'survey.user_input.line': ['question_id', 'value_scale', 'answer_type', 'skipped', 'user_input_id'],
        'survey.question': ['property_factor', 'property_pair', 'property_score', 'property_is_nps'],
        'property.service.survey.campaign': ['min_group', 'date_start', 'state'],
    }

    date = fields.Date(string="Answered On", readonly=True)
    campaign_id = fields.Many2one('property.service.survey.campaign', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    answer_id = fields.Many2one('survey.user_input', string="Answers", readonly=True)
    question_id = fields.Many2one('survey.question', readonly=True)
    estate_id = fields.Many2one('property.service.estate', readonly=True)
    building_id = fields.Many2one('property.service.building', readonly=True)
    team_id = fields.Many2one('property.service.team', readonly=True)
    stratum_id = fields.Many2one('property.service.survey.stratum', readonly=True)
    unit_use = fields.Selection(_USES, readonly=True)
    role = fields.Selection(_ROLES, readonly=True)
    channel = fields.Selection(campaign_states.CHANNELS, readonly=True)
    factor = fields.Selection(FACTORS, readonly=True)
    single_score = fields.Selection(SCORES + STAFF_SCORES, readonly=True)
    anonymous = fields.Boolean(readonly=True)
    min_group = fields.Integer(string="Smallest Group Shown", readonly=True, aggregator=None)
    score = fields.Float(string="Mean", readonly=True, aggregator='avg', help="1 to 5, expectations left out.")
    satisfied = fields.Float(string="Satisfied (%)", readonly=True, aggregator='avg', help="Share of 4 and 5.")
    low = fields.Float(string="Satisfied, at Least (%)", readonly=True, aggregator='avg', help="Lower end of Wilson's interval of 95 %.")
    high = fields.Float(string="Satisfied, at Most (%)", readonly=True, aggregator='avg', help="Upper end of Wilson's interval of 95 %.")
    perception = fields.Float(readonly=True, aggregator='avg')
    expectation = fields.Float(readonly=True, aggregator='avg')
    gap = fields.Float(readonly=True, aggregator='avg', help="Perception less expectation.")
    recommend = fields.Float(string="Net Promoter Score", readonly=True, aggregator='avg')

    @property
    def _table_query(self):
        judged = SQL("(q.property_factor IS NOT NULL OR q.property_score IS NOT NULL) AND q.property_pair IS DISTINCT FROM 'expectation'")
        return SQL("""
            SELECT l.id, i.end_datetime::date AS date, i.property_campaign_id AS campaign_id, i.property_company_id AS company_id,
                   i.id AS answer_id, l.question_id, i.property_estate_id AS estate_id, i.property_building_id AS building_id,
                   i.property_team_id AS team_id,
                   i.property_stratum_id AS stratum_id, i.property_unit_use AS unit_use, i.property_role AS role,
                   i.property_channel AS channel, q.property_factor AS factor, q.property_score AS single_score,
                   i.property_anonymous AS anonymous, c.min_group,
                   CASE WHEN %(judged)s THEN l.value_scale END AS score,
                   CASE WHEN %(judged)s THEN CASE WHEN l.value_scale >= %(good)s THEN 100.0 ELSE 0.0 END END AS satisfied,
                   NULL::float AS low, NULL::float AS high, NULL::float AS gap,
                   CASE WHEN q.property_factor IS NOT NULL AND q.property_pair = 'perception' THEN l.value_scale END AS perception,
                   CASE WHEN q.property_factor IS NOT NULL AND q.property_pair = 'expectation' THEN l.value_scale END AS expectation,
                   CASE WHEN q.property_is_nps THEN
                        CASE WHEN l.value_scale >= %(promoter)s THEN 100.0 WHEN l.value_scale <= %(detractor)s THEN -100.0 ELSE 0.0 END
                   END AS recommend
              FROM survey_user_input i
              JOIN property_service_survey_campaign c ON c.id = i.property_campaign_id
              JOIN survey_user_input_line l ON l.user_input_id = i.id
              JOIN survey_question q ON q.id = l.question_id
             WHERE i.state = 'done' AND i.test_entry IS NOT TRUE AND (i.property_anonymous IS NOT TRUE OR c.state IN ('closed', 'archived'))
               AND l.answer_type = 'scale' AND l.skipped IS NOT TRUE
               AND (q.property_factor IS NOT NULL OR q.property_score IS NOT NULL OR q.property_is_nps)
            """, judged=judged, good=stats.SATISFIED_FROM, promoter=stats.PROMOTER_FROM, detractor=stats.DETRACTOR_TO)

    # ---- SMALL GROUPS ----

    def _field_to_sql(self, alias, field_expr, query=None):
        """A row of an anonymous answer is a group of one: it has no figures, neither to be read nor to search or sort by."""
        sql = super()._field_to_sql(alias, field_expr, query)
        if field_expr not in _MEASURES or self.env.context.get('property_figures') is _FIGURES:
            return sql
        return SQL("CASE WHEN %s THEN NULL ELSE %s END", super()._field_to_sql(alias, 'anonymous', query), sql)

    def _fetch_query(self, query, fields):
        """Rows of anonymous answers are there to be counted, not to be exported one by one."""
        if not self.env.su:
            query.add_where(SQL("%s IS NOT TRUE", self._field_to_sql(self._table, 'anonymous', query)))
        return super()._fetch_query(query, fields)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Figures that no average of rows gives, and none at all for groups that are too small."""
        name, _colon, function = aggregate_spec.partition(':')
        if name not in _MEASURES:
            return super()._read_group_select(aggregate_spec, query)
        raw = self.with_context(property_figures=_FIGURES)

        def column(field):
            return raw._field_to_sql(self._table, field, query)

        if function == 'avg' and name == 'gap':
            figure = SQL("AVG(%s) - AVG(%s)", column('perception'), column('expectation'))
        elif function == 'avg' and name in ('low', 'high'):
            figure = self._get_wilson_sql(column, SQL("-") if name == 'low' else SQL("+"))
        else:
            figure = super(PropertyServiceSurveyReport, raw)._read_group_select(aggregate_spec, query)
        return SQL(
            "CASE WHEN COUNT(DISTINCT %s) FILTER (WHERE %s) = 0 OR COUNT(DISTINCT %s) FILTER (WHERE %s) >= MAX(%s) THEN %s END",
            column('answer_id'), column('anonymous'), column('answer_id'), column('anonymous'), column('min_group'), figure)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        rows = super()._read_group(domain, groupby, aggregates, having=having, offset=offset, limit=limit, order=order)
        return self._hide_rest(domain, groupby, aggregates, rows)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        found = super()._read_grouping_sets(domain, grouping_sets, aggregates, order=order)
        return [self._hide_rest(domain, groupby, aggregates, rows) for groupby, rows in zip(grouping_sets, found, strict=True)]

    def _hide_rest(self, domain, groupby, aggregates, rows):
        """Blank a second group where the one too small could be found by taking the others from their sum."""
        measured = {len(groupby) + index for index, spec in enumerate(aggregates) if spec.partition(':')[0] in _MEASURES}
        if self.env.su or not groupby or not measured or not rows:
            return rows
        siblings = {}
        for *keys, number, minimum in self._read_group(
                Domain(domain) & Domain('anonymous', '=', True), groupby, ['answer_id:count_distinct', 'min_group:max']):
            siblings.setdefault(tuple(keys[:-1]), {})[keys[-1]] = (number, minimum)
        hidden = set()
        for parent, sizes in siblings.items():
            minimum = max(minimum for _number, minimum in sizes.values())
            hidden |= {(*parent, key) for key in stats.masked({key: number for key, (number, _minimum) in sizes.items()}, minimum)}
        return [
            tuple(False if index in measured else value for index, value in enumerate(row)) if row[:len(groupby)] in hidden else row
            for row in rows]

    def _get_wilson_sql(self, column, sign):
        """Return one end of Wilson's interval as a percentage; the number is that of people, see ``campaign_results.py``."""
        number = SQL("NULLIF(COUNT(DISTINCT %s) FILTER (WHERE %s IS NOT NULL), 0)::float", column('answer_id'), column('satisfied'))
        rate = SQL("(AVG(%s) / 100)::float", column('satisfied'))
        square = stats.Z_95 ** 2
        return SQL(
            "100 * (%(rate)s + %(square)s / (2 * %(number)s) %(sign)s %(z)s * SQRT(%(rate)s * (1 - %(rate)s) / %(number)s"
            " + %(square)s / (4 * %(number)s * %(number)s))) / (1 + %(square)s / %(number)s)",
            rate=rate, number=number, square=square, sign=sign, z=stats.Z_95)
