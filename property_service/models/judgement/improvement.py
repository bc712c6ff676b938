from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..claim import claim
from ..context_defaults import without_defaults


class PropertyServiceImprovement(models.Model):
    """A measure of an employee's improvement plan: a training, practice or coaching, by when, and what came of it (R89, R96).

    A training that is done becomes a course of the résumé, so that its hours count, and raises the skill it was about.
    """

    _name = 'property.service.improvement'
    _description = "Improvement Measure"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'deadline, id'
    _check_company_auto = True

    name = fields.Char(string="Improvement Measure", required=True, tracking=True)
    employee_id = fields.Many2one('hr.employee', required=True, index=True, check_company=True, ondelete='restrict')
    user_id = fields.Many2one(related='employee_id.user_id', store=True, index='btree_not_null', related_sudo=True, string="User")
    department_id = fields.Many2one(
        related='employee_id.department_id', store=True, index='btree_not_null', related_sudo=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    assessment_id = fields.Many2one('property.service.assessment', readonly=True, index='btree_not_null', ondelete='set null')
    kind = fields.Selection(
        [('training', "Training"), ('practice', "Practice"), ('coaching', "Coaching"), ('other', "Other")], required=True, default='training')
    skill_id = fields.Many2one('hr.skill', index='btree_not_null', ondelete='restrict')
    skill_type_id = fields.Many2one(related='skill_id.skill_type_id')
    skill_level_id = fields.Many2one(
        'hr.skill.level', string="Level to Reach", domain="[('skill_type_id', '=', skill_type_id)]", ondelete='restrict')
    deadline = fields.Date(string="Completion Deadline", required=True, index=True, tracking=True)
    hours = fields.Integer(string="Hours of Training", help="Hours of the training: they count for the indicator Training Hours once it is done.")
    test_mark = fields.Float(string="Test", digits=(5, 1), aggregator='avg', help="Result of the test after the training, from 0 to 100.")
    note = fields.Text(string="What Came of It")
    state = fields.Selection(
        [('open', "Open"), ('done', "Completed"), ('cancelled', "Cancelled")], required=True, default='open', readonly=True, copy=False,
        index=True, tracking=True)
    done_on = fields.Date(readonly=True, copy=False)
    resume_line_id = fields.Many2one('hr.resume.line', string="Course", readonly=True, copy=False, ondelete='set null')
    is_late = fields.Boolean(compute='_compute_is_late')

    _numbers = models.Constraint(
        'CHECK(COALESCE(hours, 0) >= 0 AND COALESCE(test_mark, 0) BETWEEN 0 AND 100)', "Hours and marks are not negative; a mark is at most 100.")

    @api.depends('deadline', 'state')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for measure in self:
            measure.is_late = measure.state == 'open' and bool(measure.deadline) and measure.deadline < today

    @api.constrains('skill_id', 'skill_level_id')
    def _check_level(self):
        for measure in self:
            if measure.skill_level_id and measure.skill_level_id.skill_type_id != measure.skill_id.skill_type_id:
                raise ValidationError(self.env._("This level does not belong to the skill."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """HR and the manager of the department plan measures, nobody for himself."""
        facts = ('state', 'done_on', 'resume_line_id')
        measures = super(PropertyServiceImprovement, without_defaults(self, facts)).create(
            [{key: value for key, value in vals.items() if key not in facts} for vals in vals_list])
        measures._check_planner()
        return measures

    def write(self, vals):
        """Measures that are over stay as they are."""
        if not self.env['property.service.assessment']._is_step():
            if vals.keys() & {'state', 'done_on', 'resume_line_id', 'assessment_id'}:
                raise UserError(self.env._("The state of a measure is set by its buttons."))
            self._check_planner()
            if vals.keys() & self._fields.keys() - {'activity_ids', 'message_follower_ids', 'message_ids', 'note'} and any(
                    measure.state != 'open' for measure in self):
                raise UserError(self.env._("This measure is over."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self._check_planner()
        if any(measure.state != 'open' for measure in self):
            raise UserError(self.env._("This measure is over."))

    def _check_planner(self):
        if self.env.su or self.env.user.has_group('hr.group_hr_user') and self.env.user not in self.user_id:
            return
        for measure in self:
            department = measure.sudo().department_id  # sudo: compare only
            managers = (department.manager_id | department.parent_id.manager_id).user_id
            if measure.user_id == self.env.user or self.env.user not in managers:
                raise AccessError(self.env._("You cannot do this: it takes another role."))

    # ---- ACTIONS ----

    def action_done(self):
        """The measure is done: a training goes into the résumé and raises the skill."""
        self.check_access('write')
        self._check_planner()
        today = fields.Date.context_today(self)
        for measure in self:
            if measure.state != 'open':
                raise UserError(self.env._("This measure is over."))
            step = measure._as_step()
            vals = {'state': 'done', 'done_on': today}
            if measure.kind == 'training':
                vals['resume_line_id'] = step._add_course(today).id
            step.write(vals)
            step._raise_skill(today)
        return True

    def action_cancel(self):
        """The measure is no longer needed."""
        self.check_access('write')
        self._check_planner()
        if any(measure.state != 'open' for measure in self):
            raise UserError(self.env._("This measure is over."))
        self._as_step().write({'state': 'cancelled'})
        return True

    def _as_step(self):
        context = self.env['property.service.assessment']._as_step().env.context
        return self.sudo().with_context(context)  # sudo: the step has checked the right

    def _add_course(self, day):
        kind = self.env['hr.resume.line.type'].search([('is_course', '=', True)], limit=1) or self.env['hr.resume.line.type'].create(
            {'name': self.env._("Training"), 'is_course': True})
        return self.env['hr.resume.line'].create({
            'employee_id': self.employee_id.id, 'name': self.name, 'line_type_id': kind.id, 'date_start': day, 'date_end': day,
            'duration': self.hours})

    def _raise_skill(self, day):
        """Note the level reached, unless the employee is better already."""
        if not self.skill_level_id:
            return
        known = self.employee_id.employee_skill_ids.filtered(
            lambda own: own.skill_id == self.skill_id and (not own.valid_to or own.valid_to >= day))
        if known and max(known.mapped('level_progress')) >= self.skill_level_id.level_progress:
            return
        self.employee_id.write({'employee_skill_ids': [
            fields.Command.update(known[0].id, {'skill_level_id': self.skill_level_id.id}) if known else fields.Command.create({
                'skill_id': self.skill_id.id, 'skill_type_id': self.skill_id.skill_type_id.id, 'skill_level_id': self.skill_level_id.id})]})


class PropertyServiceAssessment(models.Model):
    """What the job asks for and the employee does not yet have, and the plan that follows (R89)."""

    _inherit = 'property.service.assessment'

    improvement_ids = fields.One2many('property.service.improvement', 'assessment_id', string="Measures")
    skill_gap = fields.Html(compute='_compute_skill_gap', sanitize=False)
    can_plan = fields.Boolean(compute='_compute_can_plan')

    @api.depends_context('uid')
    @api.depends('is_own', 'can_mark')
    def _compute_can_plan(self):
        is_hr = self.env.user.has_group('hr.group_hr_user')
        for assessment in self:
            assessment.can_plan = bool(assessment.employee_id) and not assessment.is_own and (is_hr or assessment.can_mark)

    def _get_skill_gaps(self):
        """Return [(hr.skill, level required, level reached or empty)] where the job as of the period asks for more."""
        self.ensure_one()
        today, assessment = fields.Date.context_today(self), self.sudo()  # sudo: who may read the assessment may read the gap
        reached = {}
        for own in assessment.employee_id.employee_skill_ids:
            if (not own.valid_to or own.valid_to >= today) and (
                    own.skill_id not in reached or reached[own.skill_id].level_progress < own.level_progress):
                reached[own.skill_id] = own.skill_level_id
        nothing = self.env['hr.skill.level'].sudo()  # sudo: as above
        return [
            (wanted.skill_id, wanted.skill_level_id, reached.get(wanted.skill_id, nothing))
            for wanted in assessment.job_id.job_skill_ids
            if (not wanted.valid_to or wanted.valid_to >= today)
            and (wanted.skill_id not in reached or reached[wanted.skill_id].level_progress < wanted.level_progress)]

    @api.depends('employee_id', 'job_id')
    def _compute_skill_gap(self):
        for assessment in self:
            gaps = assessment._get_skill_gaps() if assessment.employee_id and assessment.job_id else []
            assessment.skill_gap = gaps and Markup(
                '<table class="table table-sm"><thead><tr><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>%s</tbody></table>') % (
                self.env._("Skill"), self.env._("The Job Asks For"), self.env._("Actual Level"), Markup('').join(
                    Markup('<tr><td>%s</td><td>%s</td><td>%s</td></tr>') % (skill.name, wanted.name, own.name or "–")
                    for skill, wanted, own in gaps))

    def action_plan_training(self):
        """Plan a training for each skill that is missing; what is planned already is not planned twice.

        :raises UserError: nothing is missing
        """
        for assessment in self:
            assessment.check_access('read')
            if not assessment.can_plan and not self.env.su:
                raise AccessError(self.env._("You cannot do this: it takes another role."))
            claim(assessment._as_step())  # against somebody who plans at the same moment
            planned = assessment.sudo().employee_id.property_improvement_ids.filtered(  # sudo: not to plan twice
                lambda measure: measure.state == 'open').skill_id
            missing = [(skill, level) for skill, level, _reached in assessment._get_skill_gaps() if skill not in planned]
            if not missing:
                raise UserError(self.env._("No skill is missing that is not planned already."))
            self.env['property.service.improvement'].create([{
                'name': self.env._("Training: %(skill)s, %(level)s", skill=skill.name, level=level.name),
                'employee_id': assessment.employee_id.id, 'company_id': assessment.company_id.id, 'assessment_id': assessment.id,
                'skill_id': skill.id, 'skill_level_id': level.id, 'deadline': fields.Date.add(fields.Date.context_today(self), months=3),
            } for skill, level in missing])
        return True


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    property_improvement_ids = fields.One2many(
        'property.service.improvement', 'employee_id', string="Improvement Plan", groups='hr.group_hr_user')
