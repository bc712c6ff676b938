from collections import defaultdict

import pytz

from odoo import fields, models

from ...tools import ranking
from ...tools.intervals import merge
from .request_states import OPEN_STATES


class HrEmployee(models.Model):
    """What dispatch wants to know of the employees, each in a constant number of queries. Callers check rights, then use sudo."""

    _inherit = 'hr.employee'

    property_job_count = fields.Integer(
        string="Open Jobs", compute='_compute_property_job_count',
        groups='property_service.group_supervisor,hr.group_hr_user', help="Open service requests given to the employee.")

    def _compute_property_job_count(self):
        counts = dict(self.env['property.service.request'].sudo()._read_group(  # sudo: HR sees the load, not the cases
            [('employee_id', 'in', self.ids), ('state', 'in', OPEN_STATES)], ['employee_id'], ['__count']))
        for employee in self:
            employee.property_job_count = counts.get(employee.sudo(), 0)  # sudo: the key of the dictionary above

    # ---- ACTIONS ----

    def action_open_property_jobs(self):
        """Return the act_window of the employee's open service requests."""
        return self.env['property.service.request']._get_employee_jobs_action(self.ids)

    # ---- BUSINESS METHODS ----

    def _get_work_periods(self, start, end):
        """Return when the employees are at work between two moments: own calendars and time zones, less holidays and time off.

        Somebody with flexible hours, or without a calendar, is at work whenever not on leave.

        :param datetime start: naive UTC, :param datetime end: likewise
        :return: {employee id: disjoint pairs of naive UTC}
        """
        if not self:
            return {}
        start, end = pytz.utc.localize(start), pytz.utc.localize(end)
        resources = self.resource_id
        flexible = resources.filtered(lambda resource: resource._is_flexible())
        leaves = self.env['resource.calendar']._leave_intervals_batch(start, end, flexible, tz=pytz.utc) if flexible else {}
        work, _calendars = (resources - flexible)._get_valid_work_intervals(start, end)
        periods = {}
        for employee in self:
            resource = employee.resource_id
            if resource in flexible:
                intervals = self._subtract_leaves(start, end, leaves[resource.id])
            else:
                intervals = work.get(resource.id, ())
            periods[employee.id] = merge(
                (low.astimezone(pytz.utc).replace(tzinfo=None), high.astimezone(pytz.utc).replace(tzinfo=None))
                for low, high, _attendance in intervals)
        return periods

    @staticmethod
    def _subtract_leaves(start, end, leaves):
        periods = []
        for low, high, _leave in leaves:
            periods.append((start, low, None))
            start = max(start, high)
        return [*periods, (start, end, None)]

    def _get_valid_skills(self, skill_ids):
        """Return {employee id: tuple of ranking.Skill} for the given skills; the caller judges their days of validity."""
        skills = defaultdict(tuple)
        if skill_ids:
            for line in self.env['hr.employee.skill'].search_fetch(
                    [('employee_id', 'in', self.ids), ('skill_id', 'in', list(skill_ids))],
                    ['employee_id', 'skill_id', 'skill_level_id', 'valid_from', 'valid_to']):
                skills[line.employee_id.id] += (ranking.Skill(
                    line.skill_id.id, line.skill_level_id.level_progress, line.skill_level_id.name,
                    line.valid_from or None, line.valid_to or None),)
        return skills

    def _get_open_jobs(self):
        """Return {employee id: open property.service.request} given to the employees."""
        requests = self.env['property.service.request'].search_fetch(
            [('employee_id', 'in', self.ids), ('state', 'in', OPEN_STATES)],
            ['name', 'employee_id', 'estate_id', 'building_id', 'appointment_start', 'appointment_end'], order='id')
        jobs = defaultdict(requests.browse)
        jobs.update((employee.id, group) for employee, group in requests.grouped('employee_id').items())
        return jobs
