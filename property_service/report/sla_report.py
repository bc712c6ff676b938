from odoo import fields, models
from odoo.tools import SQL

#: field -> share of the cases that were at least so fast; an average of these would mean nothing
PERCENTILES = {'response_median': 0.5, 'response_p90': 0.9, 'resolution_median': 0.5, 'resolution_p90': 0.9}


class PropertyServiceSlaReport(models.Model):
    """How often promises were kept, case by case: one row per request (R22, R31–R36).

    The rates are honest: an open case whose deadline has passed counts as missed, one that was cancelled after its
    deadline, too; one that is not due yet, or ended before it was, counts neither way. Months are those of the place:
    by the time zone of the estate's service hours, else of the company's.
    """

    _name = 'property.service.sla.report'
    _description = "Service Level Report"
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'request_id'
    _depends = {
        'property.service.request': [
            'company_id', 'estate_id', 'building_id', 'team_id', 'employee_id', 'category_id', 'type_id', 'priority', 'state',
            'sla_policy_id', 'sla_start_at', 'responded_at', 'done_at', 'closed_at', 'response_deadline', 'resolution_deadline',
        ],
        'property.service.estate': ['calendar_id'],
        'res.company': ['resource_calendar_id'],
        'resource.calendar': ['tz'],
    }

    request_id = fields.Many2one('property.service.request', readonly=True)
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
        help="Of the requests whose answer was due: open ones that are overdue count as missed.")
    resolution_on_time = fields.Float(
        string="Solved in Time (%)", readonly=True, aggregator='avg', digits=(5, 1),
        help="Of the requests whose solution was due: open ones that are overdue count as missed.")
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
        return SQL(
            """
            SELECT r.id, r.id AS request_id, r.company_id,
                   (r.sla_start_at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(service_hours.tz, office_hours.tz, 'UTC'))::date AS date,
                   r.estate_id, r.building_id, r.team_id, r.employee_id, r.category_id, r.type_id, r.priority,
                   r.sla_policy_id AS policy_id,
                   %(response_result)s AS response_result, %(resolution_result)s AS resolution_result,
                   %(response_rate)s AS response_on_time, %(resolution_rate)s AS resolution_on_time,
                   %(response)s AS response_hours, %(response)s AS response_median, %(response)s AS response_p90,
                   %(resolution)s AS resolution_hours, %(resolution)s AS resolution_median, %(resolution)s AS resolution_p90
              FROM property_service_request r
              JOIN res_company company ON company.id = r.company_id
              LEFT JOIN resource_calendar office_hours ON office_hours.id = company.resource_calendar_id
              LEFT JOIN property_service_estate estate ON estate.id = r.estate_id
              LEFT JOIN resource_calendar service_hours ON service_hours.id = estate.calendar_id
             WHERE r.merged_into_id IS NULL
            """,
            response_result=response_result, resolution_result=resolution_result,
            response_rate=rate(response_result), resolution_rate=rate(resolution_result),
            response=response, resolution=resolution)

    def _read_group_select(self, aggregate_spec, query):
        """The aggregate of a median is the median of the group, not the mean of something."""
        name = aggregate_spec.partition(':')[0]
        if name in PERCENTILES and aggregate_spec == f'{name}:avg':
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)", PERCENTILES[name], self._field_to_sql(self._table, name, query))
        return super()._read_group_select(aggregate_spec, query)

    def action_open_request(self):
        """Return the act_window of the request behind the row."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'property.service.request',
            'res_id': self.request_id.id,
            'view_mode': 'form',
        }
