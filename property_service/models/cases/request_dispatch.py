from collections import Counter, defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import ranking
from .request_states import OPEN_STATES

#: How far ahead shifts and time off are looked up for appointments; later ones are rated as "not known yet".
HORIZON_DAYS = 62
ACTIVITY_JOB = 'property_service.mail_activity_type_job'
ACTIVITY_DISPATCH = 'property_service.mail_activity_type_dispatch'
WORKER_STATES = ('dispatched', 'in_progress', 'waiting')


class PropertyServiceRequest(models.Model):
    """Who does the work: ranked proposal with reasons, assignment, automatic dispatch (R5, R6)."""

    _inherit = 'property.service.request'

    employee_id = fields.Many2one(group_expand='_group_expand_employee_id')

    # Load, places and bookings of the employees are read from their open requests, however many closed ones there are.
    _open_by_employee_index = models.Index(
        f"(employee_id) WHERE employee_id IS NOT NULL AND state IN ({', '.join(repr(state) for state in OPEN_STATES)})")

    # ---- CRUD ----

    @api.model
    def _group_expand_employee_id(self, employees, domain):
        """On the board of the workload also who has nothing to do has a column."""
        if not self.env.context.get('property_service_workload'):
            return employees
        members = self.env['property.service.team'].search_fetch([], ['member_ids']).sudo().member_ids  # sudo: names of the members of visible teams
        return employees | members.sudo(False)

    def write(self, vals):
        """Work given to somebody else by writing the field is told like any dispatch; what became ready is dispatched."""
        if self._is_system() or not {'employee_id', 'state'}.intersection(vals):
            return super().write(vals)
        if 'employee_id' in vals and not vals['employee_id'] and any(r.state in ('dispatched', 'in_progress') for r in self):
            raise UserError(self.env._("Work that is dispatched needs a worker: choose another one."))
        previous = {request.id: request.employee_id for request in self}
        result = super().write(vals)
        if 'employee_id' in vals:
            self.filtered(lambda r: r.state in WORKER_STATES)._tell_workers(previous)
        if 'state' in vals:
            self._auto_dispatch()
        return result

    # ---- PROPOSAL ----

    def get_dispatch_proposal(self, limit=20):
        """Return who could do the work, the best first (R5, R6).

        :param int limit: at most so many employees; 0: all
        :return: ``[{'employee_id': int, 'name': str, 'score': float (0-100), 'suitable': bool, 'open_jobs': int,
            'reasons': [str], 'warnings': [str]}, …]``; somebody unsuitable (a required skill is missing, absent, booked) stands
            behind everybody suitable
        :raises AccessError: the user is no agent, or cannot see the request
        """
        self.ensure_one()
        self._check_dispatch_reader()
        ranked = self._rank_employees()[self.id]
        return [self._format_ranked(item) for item in (ranked[:limit] if limit else ranked)]

    def _check_dispatch_reader(self):
        if not self.env.su:
            if not self.env.user.has_group('property_service.group_agent'):
                raise AccessError(self.env._("You cannot do this: it takes another role."))
            self.check_access('read')

    def _rank_employees(self):
        """Return {request id: [ranking.Ranked]} for all requests, in a constant number of queries."""
        requests = self.sudo()  # sudo: agents and supervisors have no rights on skills, shifts and time off
        now = fields.Datetime.now()
        jobs = requests._get_dispatch_jobs()
        candidates = requests._get_dispatch_candidates(jobs.values(), now)
        return {
            request.id: ranking.rank(jobs[request.id], candidates[request.company_id.id].values(), now) for request in requests
        }

    def _assign_employees(self, only_suitable=False, team_only=False):
        """Return {request id: ranking.Ranked or None}: the best employee for each, the load balanced among them.

        :param bool only_suitable: leave a request rather than give it to somebody unsuitable
        :param bool team_only: only members of the request's own team
        """
        requests = self.sudo()  # sudo: agents and supervisors have no rights on skills, shifts and time off
        now = fields.Datetime.now()
        jobs = requests._get_dispatch_jobs()
        candidates = requests._get_dispatch_candidates(jobs.values(), now)
        company_of = {request.id: request.company_id.id for request in requests}

        def candidates_of(job):
            everyone = candidates[company_of[job.id]].values()
            return [one for one in everyone if job.team_id in one.teams] if team_only else everyone

        in_turn = requests.sorted(lambda r: (-int(r.priority), r.appointment_start or now, r.id))
        return ranking.assign([jobs[request.id] for request in in_turn], candidates_of, now, only_suitable)

    def _get_dispatch_jobs(self):
        """Return {request id: ranking.Job}."""
        needs = defaultdict(tuple)
        lines = self.env['property.service.type.skill'].search_fetch(
            [('type_id', 'in', self.type_id.ids)], ['type_id', 'skill_id', 'skill_level_id'])
        for line in lines:
            needs[line.type_id.id] += (ranking.SkillNeed(
                line.skill_id.id, line.skill_level_id.level_progress or 0, line.skill_id.name, line.skill_level_id.name or ''),)
        return {request.id: ranking.Job(
            id=request.id,
            needs=needs[request.type_id.id],
            team_id=request.team_id.id or None,
            estate_id=request.estate_id.id or None,
            building_id=request.building_id.id or None,
            category_ids=frozenset(int(key) for key in (request.category_id.parent_path or '').split('/') if key),
            start=request.appointment_start or None,
            end=request.appointment_end or None,
        ) for request in self}

    def _get_dispatch_candidates(self, jobs, now):
        """Return {company id: {employee id: ranking.Candidate}}: the members of all teams of the requests' companies.

        :param jobs: ranking.Job of the requests, for their times and skills
        """
        teams = self.env['property.service.team'].search_fetch(
            [('company_id', 'in', self.company_id.ids)], ['company_id', 'member_ids', 'estate_ids', 'category_ids'])
        employees = teams.member_ids
        coverages = {team: ranking.Coverage(
            frozenset(team.estate_ids.ids) or None, frozenset(team.category_ids.ids) or None) for team in teams}
        horizon = now + timedelta(days=HORIZON_DAYS)
        until = min(max((job.end for job in jobs if job.end), default=now), horizon) + timedelta(days=1)
        work = employees._get_work_periods(now, until)
        skills = employees._get_valid_skills({need.skill_id for job in jobs for need in job.needs})
        jobs_of = employees._get_open_jobs()
        zones = {employee: pytz.timezone(employee.tz or 'UTC') for employee in employees}
        candidates = defaultdict(dict)
        for team in teams:
            group = candidates[team.company_id.id]
            for employee in team.member_ids:
                if employee.company_id and employee.company_id != team.company_id:
                    continue
                candidate = group.get(employee.id)
                if candidate is None:
                    held = jobs_of[employee.id]
                    candidate = group[employee.id] = ranking.Candidate(
                        id=employee.id, name=employee.name, skills=skills[employee.id], work=work[employee.id],
                        known_until=until, tz=zones[employee], load=len(held), jobs=frozenset(job.id for job in held),
                        buildings=Counter(job.building_id.id for job in held if job.building_id),
                        estates=Counter(job.estate_id.id for job in held if job.estate_id),
                        busy=[(job.appointment_start, job.appointment_end, job.id, job.name)
                              for job in held if job.appointment_start and job.appointment_end],
                    )
                candidate.teams[team.id] = coverages[team]
        return candidates

    def _format_ranked(self, ranked):
        """Return the dictionary of :meth:`get_dispatch_proposal` of one candidate."""
        return {
            'employee_id': ranked.candidate.id,
            'name': ranked.candidate.name,
            'score': ranked.score,
            'suitable': ranked.suitable,
            'open_jobs': ranked.candidate.load,
            'reasons': [self._word_reason(code, params) for code, params in ranked.reasons],
            'warnings': [self._word_reason(code, params) for code, params in ranked.warnings],
        }

    @api.model
    def _word_reason(self, code, params):
        """Put a reason of ``tools/ranking.py`` into the user's language."""
        match code:
            case 'skill_ok':
                return self.env._("%(skill)s: %(level)s", **params)
            case 'skill_low':
                return self.env._("%(skill)s only %(level)s, needs %(needed)s", **params)
            case 'skill_expired':
                return self.env._("%(skill)s not valid on that day", **params)
            case 'skill_missing':
                return self.env._("No skill %(skill)s", **params)
            case 'team_member':
                return self.env._("In the team")
            case 'team_abroad':
                return self.env._("The team does not serve this estate")
            case 'team_serves':
                return self.env._("Another team that serves this")
            case 'team_other_work':
                return self.env._("Another team, other work")
            case 'team_other':
                return self.env._("Another team, other estates")
            case 'at_work_now':
                return self.env._("At work now")
            case 'absent_now':
                return self.env._("Not at work now")
            case 'at_work_then':
                return self.env._("At work at the appointment")
            case 'partly_then':
                return self.env._("At work for a part of the appointment")
            case 'absent_then':
                return self.env._("Not at work at the appointment")
            case 'booked':
                return self.env._("Booked at that time: %(job)s", **params) if params['job'] else self.env._("Booked at that time")
            case 'load':
                return self.env._("Open jobs: %(count)s", **params) if params['count'] else self.env._("No open jobs")
            case 'same_building':
                return self.env._("Has a job in this building")
            case 'same_estate':
                return self.env._("Has a job in this estate")
        raise ValueError(code)

    # ---- ASSIGNMENT ----

    def _dispatch_to(self, employee, reason=None):
        """Assign ``employee``, move the requests to ``dispatched`` and tell both the new and the earlier worker.

        :param str reason: why, for the state log
        :raises UserError: the employee does not exist, has left or belongs to another company
        """
        if len(employee._ids) != 1 or not isinstance(employee._ids[0], int) or not 0 < employee._ids[0] < 2 ** 31:
            raise UserError(self.env._("Choose an employee of the company of the request."))
        employee = employee.exists()
        if not employee or (employee.company_id and any(r.company_id != employee.company_id for r in self)):
            raise UserError(self.env._("Choose an employee of the company of the request."))
        if not employee.active:
            raise UserError(self.env._("%(employee)s has left: choose somebody else.", employee=employee.name))
        todo = self.filtered(lambda r: r.state != 'dispatched' or r.employee_id != employee)
        if self and not todo:  # the second of two clicks at the same moment
            raise UserError(self.env._("%(case)s is with %(employee)s already.", case=self[0].name, employee=employee.name))
        previous = {request.id: request.employee_id for request in todo}
        todo._set_state('dispatched', reason=reason, employee_id=employee.id)
        todo._tell_workers(previous)

    def _auto_dispatch(self):
        """Dispatch what is ready, where the team wants it, to the first-ranked member (R6).

        Nobody lacking a required skill, absent or booked is chosen: such a request stays for the supervisor, and the leader of
        the team gets an activity. The step of an agent or a resident may set this off, so it works with elevated rights.
        """
        requests = self.sudo()  # sudo: the team decided to dispatch by itself, whoever's step made the request ready
        ready = requests.filtered(lambda r: r.team_id.auto_dispatch and r.kind in (False, 'service') and (
            r.state == 'confirmed' or (r.state == 'approved' and not r.type_id.requires_appointment)))
        if not ready:
            return
        chosen = ready._assign_employees(only_suitable=True, team_only=True)
        by_employee = defaultdict(ready.browse)
        for request in ready:
            if chosen[request.id]:
                by_employee[chosen[request.id].candidate.id] |= request
        for employee_id, group in by_employee.items():
            group._dispatch_to(self.env['hr.employee'].sudo().browse(employee_id),  # sudo: as above
                               reason=self.env._("Dispatched automatically."))
        (ready - self.env[self._name].union(*by_employee.values()))._ask_for_dispatch()

    def _ask_for_dispatch(self):
        """Give the leaders of the teams an activity for requests that could not be dispatched by themselves."""
        if not self:
            return
        asked = self.activity_search([ACTIVITY_DISPATCH]).mapped('res_id')
        for user, requests in self.filtered(lambda r: r.id not in asked).grouped(
                lambda r: r.team_id.leader_id.user_id or r.estate_id.manager_id.user_id).items():
            if user:
                requests.with_context(lang=user.lang).activity_schedule(
                    ACTIVITY_DISPATCH, user_id=user.id, summary=self.with_context(lang=user.lang).env._("Dispatch by hand"),
                    note=self.with_context(lang=user.lang).env._("Nobody of the team is suitable and at work."))

    def _tell_workers(self, previous):
        """Tell the workers of the requests about their jobs, and those they were taken from.

        :param dict previous: {request id: hr.employee before}
        """
        requests = self.sudo()  # sudo: whoever dispatches need not see the worker's user or activities
        changed = requests.filtered(lambda r: r.employee_id != previous.get(r.id, r.employee_id.browse()))
        requests.activity_unlink([ACTIVITY_DISPATCH])
        if not changed:
            return
        changed.activity_unlink([ACTIVITY_JOB])
        earlier = {request_id: employee.sudo().user_id for request_id, employee in previous.items()}  # sudo: as above
        for user, group in changed.grouped(lambda r: earlier.get(r.id)).items():
            if user and user != self.env.user:
                group._tell_taken_away(user)
        for (user, deadline), group in changed.grouped(lambda r: (r.employee_id.user_id, r._get_job_day())).items():
            if user:
                localized = group.with_context(lang=user.lang)
                localized.activity_schedule(
                    ACTIVITY_JOB, date_deadline=deadline, user_id=user.id, summary=localized.env._("New job"))

    def _tell_taken_away(self, user):
        self.message_unsubscribe(partner_ids=user.partner_id.ids)
        env = self.with_context(lang=user.lang).env
        for request in self:
            request.message_notify(
                partner_ids=user.partner_id.ids,
                subject=env._("Not your job any more: %(case)s", case=request.name),
                body=env._("%(case)s was given to %(worker)s.", case=request.display_name, worker=request.employee_id.name))

    def _get_job_day(self):
        """Return the day of the job where the worker is."""
        self.ensure_one()
        moment = max(self.appointment_start or fields.Datetime.now(), fields.Datetime.now())
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.employee_id.tz or 'UTC')).date()

    def _after_state_change(self, before):
        super()._after_state_change(before)
        # The worker has begun, or there is nothing left to do: the reminders have done their work.
        over = self.filtered(lambda r: r.state in ('in_progress', 'cancelled', 'rejected') and before.get(r.id) in (
            'approved', 'confirmed', 'dispatched', 'in_progress', 'waiting'))
        if over:
            over.sudo().activity_unlink([ACTIVITY_JOB, ACTIVITY_DISPATCH])  # sudo: activities of other users

    # ---- WIZARD ----

    def _open_dispatch_wizard(self):
        """Return the act_window of the dispatch wizard: the ranked employees of one request, or a proposal for several."""
        if not self:
            raise UserError(self.env._("Choose the requests to dispatch."))
        wizard = self.env['property.service.request.dispatch']._create_for(self)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Dispatch"),
            'res_model': wizard._name,
            'res_id': wizard.id,
            'view_mode': 'form',
            'target': 'new',
            'context': {'dialog_size': 'extra-large' if wizard.mode == 'bulk' else 'large'},
        }

    @api.model
    def _get_employee_jobs_action(self, employee_ids):
        """Return the act_window of the open requests of the employees."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Open Jobs"),
            'res_model': self._name,
            'view_mode': 'list,kanban,calendar,form',
            'domain': [('employee_id', 'in', employee_ids), ('state', 'in', OPEN_STATES)],
            'context': {'create': False},
        }
