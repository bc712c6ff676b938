from odoo import api, fields, models

from .request_states import FINISHED_STATES


class PropertyServiceRequest(models.Model):
    """Hours of work: those of all visits, without the days between them, because costs are reckoned from them (R115).

    Start and end on the request are those of the last visit. A visit ends when the work waits, goes to somebody else or is finished.
    """

    _inherit = 'property.service.request'

    work_start = fields.Datetime(copy=False)
    work_end = fields.Datetime(copy=False)
    work_hours_before = fields.Float(
        string="Hours of Earlier Visits", readonly=True, copy=False, aggregator='sum',
        help="Of visits before the work waited, was returned or was given to somebody else.")
    work_hours = fields.Float(compute='_compute_work_hours', store=True, precompute=True, aggregator='sum', help="Of all visits.")

    _work_in_order = models.Constraint(
        'CHECK(work_end IS NULL OR work_start IS NULL OR work_end >= work_start)', "Work cannot end before it starts.")

    @property
    def _system_fields(self):
        return super()._system_fields | {'work_hours_before'}

    @api.depends('work_start', 'work_end', 'work_hours_before')
    def _compute_work_hours(self):
        for request in self:
            request.work_hours = request.work_hours_before + request._get_visit_hours(request.work_end)

    def _get_visit_hours(self, end):
        """Return the hours of the visit that began at ``work_start``, until ``end`` (naive UTC or False)."""
        self.ensure_one()
        return max((end - self.work_start).total_seconds(), 0.0) / 3600 if self.work_start and end else 0.0

    def _after_state_change(self, before):
        super()._after_state_change(before)
        now = fields.Datetime.now()
        for request in self._as_system():
            was, state = before[request.id], request.state
            if was == 'in_progress' and state in ('waiting', 'dispatched'):
                request._end_visit(now)
            elif was in FINISHED_STATES and state == 'in_progress':
                request._end_visit(request.work_end)
            elif was == 'waiting' and state == 'in_progress' and not request.work_start:
                request.work_start = now

    def _end_visit(self, end):
        """Add the visit to the earlier ones: the next begins with a start of its own."""
        self.write({
            'work_hours_before': self.work_hours_before + self._get_visit_hours(end), 'work_start': False, 'work_end': False})
