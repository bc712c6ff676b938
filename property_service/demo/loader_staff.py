"""Employees with calendars, departments, jobs, skills, users and teams."""
from odoo.fields import Command

from .base import TIMEZONE, Loader
from .catalogue import LEVELS, SKILL_TYPES
from .people import EMPLOYEES, JOBS, LEADERS, TEAMS

#: login -> groups beyond an internal user. The password of these users is their login.
ROLES = {
    'agent': ['property_service.group_agent'],
    'technician': ['property_service.group_technician'],
    'supervisor': ['property_service.group_supervisor'],
    'manager': ['property_service.group_manager'],
    'quality': ['property_service.group_quality'],
    'hr': ['hr.group_hr_user'],
    'accountant': ['account.group_account_invoice'],
}
#: team -> (days, [(from, to), …]); day 0 is Monday
SHIFTS = {
    'office': (range(5), [(9, 12), (13.5, 18)]),
    'desk': (range(7), [(8.5, 12), (12, 20)]),
    'engineering': (range(7), [(8, 12), (13, 18)]),
    'cleaning': (range(7), [(7, 11), (13, 17)]),
    'security': (range(7), [(0, 12), (12, 24)]),
}
CALENDARS = {
    'office': "Office 9:00-18:00", 'desk': "Front Desk 8:30-20:00", 'engineering': "Engineering 8:00-18:00",
    'cleaning': "Cleaning 7:00-17:00", 'security': "Security, Round the Clock",
}


class StaffLoader(Loader):

    def load_staff(self):
        """Set ``self.employees``, ``self.users``, ``self.teams`` and ``self.skills``."""
        self._load_calendars()
        self._load_skills()
        self._load_users()
        self._load_employees()
        self._load_teams()

    def _load_calendars(self):
        if not self.prefix:  # days begin where the estates are, for whoever reads a deadline or dates a receipt
            self.company.resource_calendar_id.tz = TIMEZONE
        self.calendars = self.make('resource.calendar', {team: {
            'name': CALENDARS[team], 'tz': TIMEZONE, 'company_id': self.company.id,
            'attendance_ids': [Command.clear()] + [Command.create({
                'name': f"{int(start):02d}:{int(start % 1 * 60):02d}", 'dayofweek': str(day), 'hour_from': start, 'hour_to': end,
                'day_period': 'morning' if start < 12 else 'afternoon',
            }) for day in days for start, end in shifts],
        } for team, (days, shifts) in SHIFTS.items()}, match='name')

    def _load_skills(self):
        self.skill_types = self.make('hr.skill.type', {key: {
            'name': names[0],
            'skill_ids': [Command.create({'name': english}) for english, _chinese in skills.values()],
            'skill_level_ids': [Command.create({
                'name': name, 'level_progress': progress, 'default_level': number == 1,
            }) for number, (name, progress) in LEVELS.items()],
        } for key, (names, skills) in SKILL_TYPES.items()}, match='name')
        self.skills = {}
        for key, (names, skills) in SKILL_TYPES.items():
            skill_type = self.skill_types[key]
            self.translate(skill_type, name=names[1])
            by_name = {skill.name: skill for skill in skill_type.skill_ids}
            for code, (english, chinese) in skills.items():
                self.skills[code] = by_name[english]
                self.translate(by_name[english], name=chinese)

    def _get_level(self, skill, number):
        progress = LEVELS[number][1]
        return skill.skill_type_id.skill_level_ids.filtered(lambda level: level.level_progress == progress)

    def _load_users(self):
        values = {}
        for key, name, _team, _job, _skills in EMPLOYEES:
            groups = ROLES.get(key, ROLES[self._get_role(key)])
            values[key] = {
                'name': name, 'login': self.prefix + key, 'email': f'{self.prefix}{key}@example.com', 'tz': TIMEZONE,
                'active': True, 'lang': 'zh_CN' if self.chinese else 'en_US', 'notification_type': 'inbox',
                'company_id': self.company.id, 'company_ids': [Command.set(self.company.ids)],
                'group_ids': [Command.set([self.env.ref(xmlid).id for xmlid in ['base.group_user', *groups]])],
            }
            if key in ROLES:
                values[key]['password'] = self.prefix + key
        self.users = self.make('res.users', values, match='login', update=('active', 'group_ids', 'notification_type'))

    def _get_role(self, key):
        """Everybody who works on requests has a user, so that the log says who took which step."""
        if key.startswith('agent'):
            return 'agent'
        return 'supervisor' if key.endswith('_leader') else 'technician'

    def _load_employees(self):
        departments = self.make('hr.department', {team: {
            'name': names[0], 'company_id': self.company.id} for team, (_team, names) in TEAMS.items()}, match='name')
        jobs = self.make('hr.job', {title.lower().replace(' ', '_'): {
            'name': title, 'company_id': self.company.id} for title in JOBS}, match='name')
        for team, (_team, names) in TEAMS.items():
            self.translate(departments[team], name=names[1])
        for title, chinese in JOBS.items():
            self.translate(jobs[title.lower().replace(' ', '_')], name=chinese)
        self.employees = self.make('hr.employee', {key: {
            'name': name, 'user_id': self.users[key].id, 'company_id': self.company.id, 'department_id': departments[team].id,
            'job_id': jobs[job.lower().replace(' ', '_')].id, 'job_title': JOBS[job] if self.chinese else job,
            'resource_calendar_id': self.calendars[team].id, 'tz': TIMEZONE,
            'work_email': f'{self.prefix}{key}@example.com',
            'work_phone': f'0755 0000 {index:04d}', 'mobile_phone': f'137 0000 {index:04d}',
        } for index, (key, name, team, job, _skills) in enumerate(EMPLOYEES, 1)}, match='user_id')
        for team, leader in LEADERS.items():
            departments[team].manager_id = self.employees[leader]
        for key, _name, team, _job, _skills in EMPLOYEES:
            above = LEADERS[team] if LEADERS[team] != key else LEADERS['office']
            self.employees[key].parent_id = self.employees[above] if above != key else False
        self.env['hr.employee.skill'].create([{
            'employee_id': self.employees[key].id, 'skill_id': self.skills[code].id,
            'skill_type_id': self.skills[code].skill_type_id.id, 'skill_level_id': self._get_level(self.skills[code], level).id,
            'valid_from': self.data.to_date(-400),
        } for key, _name, _team, _job, skills in EMPLOYEES for code, level in skills.items()
            if not self.employees[key].employee_skill_ids])
        self.departments = departments

    def _load_teams(self):
        self.teams = self.make('property.service.team', {team: {
            'name': names[0], 'company_id': self.company.id, 'leader_id': self.employees[LEADERS[team]].id,
            'member_ids': [Command.set([self.employees[key].id for key, _name, of, _job, _skills in EMPLOYEES if of == team])],
            'department_id': self.departments[team].id, 'calendar_id': self.calendars[team].id, 'color': index,
        } for index, (team, (names, _department)) in enumerate(TEAMS.items(), 1) if team != 'office'}, match='name')
        for team, record in self.teams.items():
            self.translate(record, name=TEAMS[team][0][1])
