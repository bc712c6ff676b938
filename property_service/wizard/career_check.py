from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PropertyServiceCareerCheck(models.TransientModel):
    """Holds an employee against the public rules of a career grade; HR promotes from here (R94, R95)."""

    _name = 'property.service.career.check'
    _description = "Check of a Promotion"

    employee_id = fields.Many2one(
        'hr.employee', required=True, default=lambda self: self.env.user.employee_id)
    grade_id = fields.Many2one('property.service.career.grade', string="Career Grade", help="Empty: all grades.")
    can_promote = fields.Boolean(compute='_compute_checks')
    all_met = fields.Boolean(compute='_compute_checks')
    checks = fields.Html(compute='_compute_checks', sanitize=False)
    reason = fields.Text(help="Needed where somebody is promoted who does not meet all rules.")

    @api.depends_context('uid')
    @api.depends('employee_id', 'grade_id')
    def _compute_checks(self):
        for check in self:
            check.can_promote = self.env.user.has_group('hr.group_hr_user')
            check.all_met = check.checks = False
            if not check.employee_id:
                continue
            employee = check._get_employee()
            grades = check.grade_id or self.env['property.service.career.grade'].search([('company_id', '=', employee.company_id.id)])
            lists = [(grade, grade._get_checks(employee)) for grade in grades]
            check.all_met = bool(check.grade_id) and all(met is not False for _rule, _wanted, _own, met in lists[0][1])
            check.checks = Markup('').join(check._render(grade, checks) for grade, checks in lists)

    def _get_employee(self):
        """Return the employee in sudo, for himself, his managers and HR.

        :raises AccessError: somebody else asks
        """
        self.ensure_one()
        employee, user = self.employee_id.sudo(), self.env.user  # sudo: who may ask is checked here
        department = employee.department_id
        allowed = employee.user_id | (employee.parent_id | department.manager_id | department.parent_id.manager_id).user_id
        is_hr = user.has_group('hr.group_hr_user') and employee.company_id in user.company_ids
        if not self.env.su and user not in allowed and not is_hr:
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        return employee

    def _render(self, grade, checks):
        signs = {True: ('text-success fa-check', self.env._("met")), False: ('text-danger fa-times', self.env._("not met")),
                 None: ('text-muted fa-eye', self.env._("looked at by people"))}
        rows = Markup('').join(
            Markup('<tr><td><i class="fa %s" role="img" title="%s" aria-label="%s"></i></td><td>%s</td><td>%s</td><td>%s</td></tr>') % (
                signs[met][0], signs[met][1], signs[met][1], rule, wanted, own) for rule, wanted, own, met in checks)
        labels = dict(grade._fields['track']._description_selection(self.env))
        return Markup(
            '<h3>%s <small class="text-muted">%s %s</small></h3>%s<div class="table-responsive">'
            '<table class="table table-sm" style="table-layout: fixed"><thead><tr><th style="width: 2rem"></th>'
            '<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>%s</tbody></table></div>') % (
            grade.name, labels[grade.track], grade.level, Markup('<p>%s</p>') % grade.duties if grade.duties else '',
            self.env._("Rule"), self.env._("Wanted"), self.env._("Actual Level"), rows)

    def action_promote(self):
        """Give the employee the grade.

        :raises UserError: not all rules are met and no reason is given
        """
        self.ensure_one()
        if not self.env.user.has_group('hr.group_hr_user') or self.employee_id.user_id == self.env.user:
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.employee_id.check_access('write')
        if not self.grade_id:
            raise UserError(self.env._("Choose the grade."))
        if not self.all_met and not (self.reason or '').strip():
            raise UserError(self.env._("Not all rules are met: give the reason."))
        self.employee_id.write({
            'property_career_grade_id': self.grade_id.id, 'property_career_since': fields.Date.context_today(self)})
        self.employee_id.message_post(body=self.env._("Promoted to %(grade)s. %(reason)s", grade=self.grade_id.name, reason=self.reason or ''))
        return {'type': 'ir.actions.act_window_close'}
