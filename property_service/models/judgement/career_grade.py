from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: from lower to higher; "other" is no level that could be compared
EDUCATION = ['graduate', 'bachelor', 'master', 'doctor']


class PropertyServiceCareerGrade(models.Model):
    """A career grade and the rules of promotion to it, public for everybody (R94, R95): 职级, on two ladders (双通道)."""

    _name = 'property.service.career.grade'
    _description = "Career Grade"
    _order = 'track, level, id'

    name = fields.Char(required=True, translate=True)
    track = fields.Selection(
        [('professional', "Professional"), ('management', "Management")], string="Ladder", required=True, default='professional')
    level = fields.Integer(required=True, default=1, help="1 is the lowest.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    duties = fields.Text(translate=True, help="Duties and qualifications in words (R97).")
    job_id = fields.Many2one('hr.job', string="Skills of the Job", help="The skills that this job asks for are needed.")
    education = fields.Selection(
        lambda self: [(key, label) for key, label in self.env['hr.employee']._get_certificate_selection() if key in EDUCATION],
        string="Least Education")
    tenure_months = fields.Integer(string="Months in the Company")
    grade_months = fields.Integer(string="Months in the Grade Before")
    result_count = fields.Integer(string="Last Results", help="So many published results are looked at.")
    result_minimum = fields.Float(string="Mean of Them at Least")
    without_veto = fields.Boolean(help="None of them with a veto.")
    training_hours = fields.Integer(string="Hours of Training in 12 Months")
    others = fields.Text(string="Further Conditions", translate=True, help="Looked at by people: they are shown, not checked.")

    _level_once = models.UniqueIndex('(company_id, track, level)', "This ladder has a grade of this level already.")
    _numbers = models.Constraint(
        'CHECK(level > 0 AND tenure_months >= 0 AND grade_months >= 0 AND result_count BETWEEN 0 AND 24 AND result_minimum >= 0'
        ' AND training_hours >= 0)', "Numbers of a career grade are not negative; at most 24 results are looked at.")

    @api.constrains('result_count', 'result_minimum')
    def _check_results(self):
        for grade in self:
            if grade.result_minimum and not grade.result_count:
                raise ValidationError(self.env._("Say how many results are looked at."))

    def _get_checks(self, employee):
        """Return the check list of an employee: [(rule, what is wanted, what there is, met or None)]; None: people look at it.

        :param employee: one hr.employee, in sudo by a caller who has checked who asks
        """
        self.ensure_one()
        checks, today = [], fields.Date.context_today(self)
        if self.education:
            labels = dict(employee._get_certificate_selection())
            own = employee.certificate
            checks.append((
                self.env._("Education"), labels[self.education], labels.get(own, "–"),
                own in EDUCATION and EDUCATION.index(own) >= EDUCATION.index(self.education)))
        if self.tenure_months:
            checks.append(self._check_months(self.env._("Time in the company"), self.tenure_months, self._get_start(employee), today))
        if self.grade_months:
            checks.append(self._check_months(
                self.env._("Time in the present grade"), self.grade_months, employee.property_career_since, today))
        if self.result_count:
            checks += self._check_last_results(employee)
        if self.training_hours:
            hours = sum(employee.resume_line_ids.filtered(
                lambda line: line.is_course and (line.date_end or line.date_start) > today - relativedelta(years=1)
                and (line.date_end or line.date_start) <= today).mapped('duration'))
            checks.append((self.env._("Hours of training in 12 months"), str(self.training_hours), str(hours), hours >= self.training_hours))
        checks += self._check_skills(employee, today)
        if self.others:
            checks.append((self.env._("Further conditions"), self.others, "", None))
        return checks

    def _get_start(self, employee):
        versions = employee.version_ids
        days = [day for day in (*versions.mapped('contract_date_start'), *versions.mapped('date_version')) if day]
        return min(days, default=False)

    def _check_months(self, rule, wanted, since, today):
        spent = relativedelta(today, since) if since else relativedelta()
        months = spent.years * 12 + spent.months
        return (rule, self.env._("%(months)s months", months=wanted), self.env._("%(months)s months", months=months), months >= wanted)

    def _check_last_results(self, employee):
        def sentence(count, mean):
            return self.env._("%(count)s results, mean %(mean)s", count=count, mean=mean)

        last = self.env['property.service.assessment'].sudo().search(  # sudo: the caller has checked whose results are asked for
            [('employee_id', '=', employee.id), ('state', 'in', ('published', 'closed')), ('has_score', '=', True)],
            order='date_to desc, id desc', limit=self.result_count)
        mean = sum(last.mapped('score')) / len(last) if last else 0.0
        checks = [(
            self.env._("Assessment Results"), sentence(self.result_count, f"{self.result_minimum:g}"),
            sentence(len(last), f"{mean:.1f}" if last else "–"),
            len(last) >= self.result_count and mean >= self.result_minimum)]
        if self.without_veto:
            vetoes = last.filtered('veto')
            checks.append((self.env._("No veto"), "0", str(len(vetoes)), not vetoes))
        return checks

    def _check_skills(self, employee, today):
        reached = {}
        for own in employee.employee_skill_ids:
            if not own.valid_to or own.valid_to >= today:
                reached[own.skill_id] = max(reached.get(own.skill_id, own), own, key=lambda skill: skill.level_progress)
        checks = []
        for wanted in self.job_id.sudo().job_skill_ids:  # sudo: the rules of promotion are public
            if not wanted.valid_to or wanted.valid_to >= today:
                own = reached.get(wanted.skill_id)
                checks.append((
                    wanted.skill_id.name, wanted.skill_level_id.name, own.skill_level_id.name if own else "–",
                    bool(own) and own.level_progress >= wanted.level_progress))
        return checks


class HrEmployee(models.Model):
    """The career grade an employee holds; HR promotes."""

    _inherit = 'hr.employee'

    property_career_grade_id = fields.Many2one(
        'property.service.career.grade', string="Career Grade", groups='hr.group_hr_user', tracking=True, ondelete='restrict')
    property_career_since = fields.Date(string="In This Grade Since", groups='hr.group_hr_user')
