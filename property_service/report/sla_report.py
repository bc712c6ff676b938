from odoo import api, fields, models
from odoo.tools import SQL

#: field -> share of the cases that were at least so fast; an average of these would mean nothing
PERCENTILES = {'response_median': 0.5, 'response_p90': 0.9, 'resolution_median': 0.5, 'resolution_p90': 0.9}

#: read from every kind of case
CLOCK_COLUMNS = [
    'name', 'company_id', 'estate_id', 'building_id', 'team_id', 'priority', 'state', 'sla_policy_id', 'sla_start_at', 'responded_at',
    'done_at', 'closed_at', 'response_deadline', 'resolution_deadline',
]
#: read where the kind of case has them
OPTIONAL_COLUMNS = {
    'estate_id': 'int', 'building_id': 'int', 'team_id': 'int', 'employee_id': 'int', 'category_id': 'int', 'type_id': 'int',
    'priority': 'varchar',
}
#: Ids of the rows are those of the cases times so many, plus the number of the model.
MAX_MODELS = 16


class PropertyServiceSlaReport(models.Model):
    """How often promises were kept, case by case: one row per case of each kind with a clock (R22, R31–R36).

    The rates are honest: an open case whose deadline has passed counts as missed, one that was cancelled after its
    deadline, too; one that is not due yet, or ended before it was, counts neither way. Months are those of the place:
    by the time zone of the estate's service hours, else of the company's.
    """

    _name = 'property.service.sla.report'
    _description = "Service Level Report"
    _auto = False
    _order = 'date desc, id desc'
    # A further model with a clock adds itself here by _inherit.
    _depends = {
        'property.service.request': [*CLOCK_COLUMNS, 'employee_id', 'category_id', 'type_id', 'merged_into_id'],
        'property.service.complaint': [*CLOCK_COLUMNS, 'employee_id', 'category_id'],
        'property.service.callback': CLOCK_COLUMNS,
        'property.service.estate': ['calendar_id'],
        'res.company': ['resource_calendar_id'],
        'resource.calendar': ['tz'],
    }

    applies_to = fields.Selection(
        lambda self: self.env['property.service.clock.mixin']._get_clock_kinds(), string="Kind of Case", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(string="Case", model_field='res_model', readonly=True, aggregator=None)
    name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date = fields.Date(string="Reported On", readonly=True, help="The day at the place.")
    estate_id = fields.Many2one('property.service.estate', readonly=True)
    building_id = fields.Many2one('property.service.building', readonly=True)
    team_id = fields.Many2one('property.service.team', readonly=True)
    employee_id = fields.Many2one('hr.employee', string="Worker", readonly=True)
    category_id = fields.Many2one('property.service.category', readonly=True)
    type_id = fields.Many2one('property.service.type', string="Service Type", readonly=True)
    priority = fields.Selection([('0', "Normal"), ('1', "High"), ('2', "Urgent")], readonly=True)
    policy_id = fields.Many2one('property.service.sla.policy', string="Service Level", readonly=True)
    response_result = fields.Selection([('met', "Met"), ('missed', "Missed")], string="Answer", readonly=True)
    resolution_result = fields.Selection([('met', "Met"), ('missed', "Missed")], string="Solution", readonly=True)
    response_on_time = fields.Float(
        string="Answered in Time (%)", readonly=True, aggregator='avg', digits=(5, 1),
        help="Of the cases whose answer was due: open ones that are overdue count as missed.")
    resolution_on_time = fields.Float(
        string="Solved in Time (%)", readonly=True, aggregator='avg', digits=(5, 1),
        help="Of the cases whose solution was due: open ones that are overdue count as missed.")
    response_hours = fields.Float(string="First Answer: Mean (h)", readonly=True, aggregator='avg')
    response_median = fields.Float(string="First Answer: Median (h)", readonly=True, aggregator='avg')
    response_p90 = fields.Float(
        string="First Answer: 90 % Within (h)", readonly=True, aggregator='avg',
        help="Nine in ten were answered within so many hours.")
    resolution_hours = fields.Float(string="Solution: Mean (h)", readonly=True, aggregator='avg')
    resolution_median = fields.Float(string="Solution: Median (h)", readonly=True, aggregator='avg')
    resolution_p90 = fields.Float(
        string="Solution: 90 % Within (h)", readonly=True, aggregator='avg',
        help="Nine in ten were solved within so many hours.")

    @property
    def _table_query(self) -> SQL:
        now = fields.Datetime.now()

        def kept(deadline, stopped_at):
            """'met', 'missed', or NULL when nothing can be said yet."""
            return SQL(
                "CASE WHEN %(stopped_at)s <= %(deadline)s THEN 'met'"
                " WHEN LEAST(%(stopped_at)s, r.closed_at, %(now)s) > %(deadline)s THEN 'missed' END",
                deadline=deadline, stopped_at=stopped_at, now=now)

        def rate(result):
            return SQL("CASE %s WHEN 'met' THEN 100.0 WHEN 'missed' THEN 0.0 END", result)

        def hours(stopped_at):
            return SQL("EXTRACT(EPOCH FROM %s - r.sla_start_at) / 3600.0", stopped_at)

        response_result = kept(SQL('r.response_deadline'), SQL('r.responded_at'))
        resolution_result = kept(SQL('r.resolution_deadline'), SQL('r.done_at'))
        response, resolution = hours(SQL('r.responded_at')), hours(SQL('r.done_at'))
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT r.id * %(max_models)s + %(index)s AS id, %(kind)s AS applies_to, %(model)s AS res_model, r.id AS res_id,
                       r.name, r.company_id,
                       (r.sla_start_at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(service_hours.tz, office_hours.tz, 'UTC'))::date AS date,
                       %(columns)s, r.sla_policy_id AS policy_id,
                       %(response_result)s AS response_result, %(resolution_result)s AS resolution_result,
                       %(response_rate)s AS response_on_time, %(resolution_rate)s AS resolution_on_time,
                       %(response)s AS response_hours, %(response)s AS response_median, %(response)s AS response_p90,
                       %(resolution)s AS resolution_hours, %(resolution)s AS resolution_median, %(resolution)s AS resolution_p90
                  FROM %(table)s r
                  JOIN res_company company ON company.id = r.company_id
                  LEFT JOIN resource_calendar office_hours ON office_hours.id = company.resource_calendar_id
                  LEFT JOIN property_service_estate estate ON estate.id = %(estate)s
                  LEFT JOIN resource_calendar service_hours ON service_hours.id = estate.calendar_id
                 WHERE %(condition)s
                """,
                max_models=MAX_MODELS, index=index, kind=kind, model=model, table=SQL.identifier(self.env[model]._table),
                columns=SQL(', ').join(
                    SQL("%s AS %s", self._get_column(model, name), SQL.identifier(name)) for name in OPTIONAL_COLUMNS),
                estate=self._get_column(model, 'estate_id'), condition=self.env[model]._get_clock_report_condition(),
                response_result=response_result, resolution_result=resolution_result,
                response_rate=rate(response_result), resolution_rate=rate(resolution_result),
                response=response, resolution=resolution)
            for index, (kind, model) in enumerate(self.env['property.service.clock.mixin']._get_clock_models().items()))

    def _get_column(self, model, name):
        """Return the column of a case, NULL where that kind of case has none."""
        if name in self.env[model]._fields:
            return SQL.identifier('r', name)
        return SQL("NULL::%s", SQL(OPTIONAL_COLUMNS[name]))

    def _read_group_select(self, aggregate_spec, query):
        """The aggregate of a median is the median of the group, not the mean of something."""
        name = aggregate_spec.partition(':')[0]
        if name in PERCENTILES and aggregate_spec == f'{name}:avg':
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)", PERCENTILES[name], self._field_to_sql(self._table, name, query))
        return super()._read_group_select(aggregate_spec, query)

    @api.depends('name')
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    def action_open_case(self):
        """Return the act_window of the case behind the row."""
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': self.res_model, 'res_id': self.res_id, 'view_mode': 'form'}
