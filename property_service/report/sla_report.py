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
        'property.service.state.log': ['request_id', 'complaint_id', 'at', 'from_state'],
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
    discovery_hours = fields.Float(
        string="Taken Up: Mean (h)", readonly=True, aggregator='avg',
        help="Discovery: from the resident's report until somebody has taken it up.")
    response_hours = fields.Float(string="First Answer: Mean (h)", readonly=True, aggregator='avg')
    response_median = fields.Float(string="First Answer: Median (h)", readonly=True, aggregator='avg')
    response_p90 = fields.Float(
        string="First Answer: 90 % Within (h)", readonly=True, aggregator='avg',
        help="Nine in ten were answered within so many hours.")
    resolution_hours = fields.Float(
        string="Solution: Mean (h)", readonly=True, aggregator='avg', help="Cycle: from the resident's report until it was solved.")
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
                       %(discovery)s AS discovery_hours, %(response_rate)s AS response_on_time, %(resolution_rate)s AS resolution_on_time,
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
                response=response, resolution=resolution, discovery=self._get_discovery(model))
            for index, (kind, model) in enumerate(self.env['property.service.clock.mixin']._get_clock_models().items()))

    def _get_discovery(self, model):
        """Return the hours a case was new, NULL where that kind of case begins otherwise. Not asked for, it costs nothing."""
        Model = self.env[model]
        if Model._initial_state != 'new':
            return SQL("NULL::float8")
        return SQL(
            "(SELECT EXTRACT(EPOCH FROM min(log.at) - r.sla_start_at) / 3600.0 FROM property_service_state_log log"
            " WHERE log.%s = r.id AND log.from_state = 'new')", SQL.identifier(Model._state_log_field))

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

    @api.model
    @api.readonly
    def get_targets(self):
        """Return ``{measure: hours}``: the lines that charts of these measures show, as the company has set them (R36).

        :rtype: dict
        """
        self.check_access('read')
        company = self.env.company
        targets = {
            'discovery_hours': company.property_target_discovery_hours,
            **dict.fromkeys(('resolution_hours', 'resolution_median', 'resolution_p90'), company.property_target_cycle_hours),
        }
        return {measure: hours for measure, hours in targets.items() if hours}

    @api.depends('name')
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    def action_open_case(self):
        """Return the act_window of the case behind the row."""
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': self.res_model, 'res_id': self.res_id, 'view_mode': 'form'}
