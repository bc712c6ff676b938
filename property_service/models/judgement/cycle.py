from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..claim import claim
from ..context_defaults import without_defaults
from .assessment import FROZEN_STATES

TRANSITIONS = {
    'draft': {'running', 'cancelled'},
    'running': {'published', 'cancelled'},
    'published': {'closed'},
    'closed': set(),
    'cancelled': set(),
}
STEP_MONTHS = {'month': 1, 'quarter': 3, 'year': 12}
#: Only code in this process can hold this object: a context sent over RPC cannot forge it.
_STEP = object()
FACTS = frozenset({'state', 'computed_at', 'published_at'})


class PropertyServiceAssessmentCycle(models.Model):
    """A scheme applied to a period: 考核周期 (R78). How the figures come about stands in ``cycle_compute.py``."""

    _name = 'property.service.assessment.cycle'
    _description = "Assessment Cycle"
    _inherit = ['property.service.hr.conversation', 'mail.activity.mixin']
    _order = 'date_from desc, id desc'
    _check_company_auto = True

    name = fields.Char(compute='_compute_name', store=True, readonly=False, precompute=True, required=True)
    scheme_id = fields.Many2one(
        'property.service.assessment.scheme', required=True, index=True, ondelete='restrict',
        domain="[('state', '=', 'active')]")
    company_id = fields.Many2one(related='scheme_id.company_id', store=True, index=True, precompute=True)
    subject = fields.Selection(related='scheme_id.subject')
    date_from = fields.Date(string="First Day", required=True, default=lambda self: self._get_default_date_from())
    date_to = fields.Date(string="Last Day", compute='_compute_date_to', store=True, readonly=False, precompute=True, required=True)
    state = fields.Selection(
        [('draft', "Draft"), ('running', "Running"), ('published', "Published"), ('closed', "Closed"), ('cancelled', "Cancelled")],
        required=True, default='draft', readonly=True, copy=False, index=True, tracking=True)
    is_ad_hoc = fields.Boolean(string="Ad Hoc", help="An assessment between the regular ones, for chosen employees: 不定期 (R78).")
    employee_ids = fields.Many2many(
        'hr.employee', 'property_service_cycle_employee_rel', string="Chosen Employees", check_company=True, copy=False,
        groups='hr.group_hr_user')
    self_deadline = fields.Date(
        string="Own Assessment Until", compute='_compute_deadlines', store=True, readonly=False, precompute=True)
    manager_deadline = fields.Date(
        string="Manager's Marks Until", compute='_compute_deadlines', store=True, readonly=False, precompute=True)
    hr_deadline = fields.Date(
        string="Approved Until", compute='_compute_deadlines', store=True, readonly=False, precompute=True)
    computed_at = fields.Datetime(string="Figures As Of", readonly=True, copy=False)
    published_at = fields.Datetime(readonly=True, copy=False)
    active = fields.Boolean(default=True, help="Closed cycles can be archived; they stay on file.")
    assessment_ids = fields.One2many('property.service.assessment', 'cycle_id', string="Assessments")
    assessment_count = fields.Integer(compute='_compute_counts')
    to_do_count = fields.Integer(string="Not Yet Approved", compute='_compute_counts')
    appeal_count = fields.Integer(string="Appeals", compute='_compute_counts')

    _dates_in_order = models.Constraint('CHECK(date_to >= date_from)', "The period must end after it begins.")

    # ---- COMPUTES ----

    @api.model
    def _get_default_date_from(self):
        return fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)

    @api.depends('date_from', 'scheme_id')
    def _compute_date_to(self):
        for cycle in self:
            months = STEP_MONTHS[cycle.scheme_id.period or 'month']
            cycle.date_to = cycle.date_from and cycle.date_from + relativedelta(months=months, days=-1)

    @api.depends('scheme_id', 'date_from', 'date_to')
    def _compute_name(self):
        for cycle in self:
            months = f"{cycle.date_from:%Y-%m}" if cycle.date_from else ""
            last = f"{cycle.date_to:%Y-%m}" if cycle.date_to else months
            cycle.name = " ".join(filter(None, (cycle.scheme_id.name, months if months == last else f"{months} – {last}"))) or "/"

    @api.depends('date_to')
    def _compute_deadlines(self):
        for cycle in self:
            cycle.self_deadline = cycle.date_to and cycle.date_to + relativedelta(days=7)
            cycle.manager_deadline = cycle.date_to and cycle.date_to + relativedelta(days=14)
            cycle.hr_deadline = cycle.date_to and cycle.date_to + relativedelta(days=21)

    def _compute_counts(self):
        Assessment = self.env['property.service.assessment']
        counts = dict(Assessment._read_group([('cycle_id', 'in', self.ids)], ['cycle_id'], ['__count']))
        to_do = dict(Assessment._read_group(
            [('cycle_id', 'in', self.ids), ('state', 'in', ('draft', 'self', 'manager', 'hr')), ('approved_by_id', '=', False)],
            ['cycle_id'], ['__count']))
        appeals = dict(self.env['property.service.appeal']._read_group(
            [('cycle_id', 'in', self.ids)], ['cycle_id'], ['__count']))
        for cycle in self:
            cycle.assessment_count = counts.get(cycle, 0)
            cycle.to_do_count = to_do.get(cycle, 0)
            cycle.appeal_count = appeals.get(cycle, 0)

    @api.constrains('is_ad_hoc', 'employee_ids')
    def _check_chosen(self):
        for cycle in self:
            if cycle.is_ad_hoc and not cycle.employee_ids and cycle.subject == 'employee':
                raise ValidationError(self.env._("Choose the employees of an ad hoc assessment."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.keys() & FACTS and not self.env.su:
                raise UserError(self.env._("The state of a cycle is set by its buttons."))
        return super(PropertyServiceAssessmentCycle, without_defaults(self, FACTS)).create(vals_list)

    def write(self, vals):
        """What has been computed stays explicable: scheme and period are fixed once there are assessments."""
        if self.env.context.get('property_service_cycle_step') is not _STEP:
            if vals.keys() & FACTS:
                raise UserError(self.env._("The state of a cycle is set by its buttons."))
            if vals.get('active') is False and any(cycle.state not in ('closed', 'cancelled') for cycle in self):
                raise UserError(self.env._("Only closed cycles are archived."))
            if vals.keys() & {'scheme_id', 'date_from', 'date_to', 'is_ad_hoc', 'employee_ids'} and any(
                    cycle.state != 'draft' for cycle in self):
                raise UserError(self.env._("Scheme, period and employees are fixed once the cycle runs."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(cycle.state not in ('draft', 'cancelled') or cycle.assessment_ids for cycle in self):
            raise UserError(self.env._("A cycle with assessments stays on file: cancel or close it."))

    # ---- ACTIONS ----

    def action_generate(self):
        """Make one assessment per employee (team, estate) in scope and compute them; open the own assessments.

        Somebody who changed job or department within the period has one for each time; who joined or left has one for those days.
        """
        self._check_hr()
        claim(self)
        self._claim_schemes()
        for cycle in self:
            if cycle.state != 'draft':
                raise UserError(self.env._("%(cycle)s has begun already.", cycle=cycle.name))
            if cycle.scheme_id.state == 'retired':
                raise UserError(self.env._("%(scheme)s is no longer in force: choose the version that is.", scheme=cycle.scheme_id.display_name))
            if cycle.scheme_id.state != 'active':
                raise UserError(self.env._("Put the scheme %(scheme)s into force first.", scheme=cycle.scheme_id.display_name))
            cycle._check_once()
            cycle._generate()
            cycle._set_state('running')
        self.action_compute()
        for cycle in self:
            cycle.assessment_ids._begin()
        return True

    def action_compute(self):
        """Compute the figures anew from the work as it is now, in one query per indicator; published results stay."""
        self._check_hr()
        for cycle in self:
            if cycle.state != 'running':
                raise UserError(self.env._("%(cycle)s is not running.", cycle=cycle.name))
            cycle._compute_figures()
        return True

    def action_publish(self):
        """Publish the approved results: figures are frozen, employees see them and may appeal."""
        self._check_hr()
        for cycle in self:
            open_ones = cycle.assessment_ids.filtered(lambda assessment: not assessment.approved_by_id)
            if open_ones:
                raise UserError(self.env._(
                    "%(count)s assessments of %(cycle)s are not approved yet, %(name)s among them.",
                    count=len(open_ones), cycle=cycle.name, name=open_ones[0].display_name))
            cycle._set_state('published', published_at=fields.Datetime.now())
            cycle.assessment_ids.filtered(lambda assessment: assessment.state == 'hr')._publish()
        return True

    def action_close(self):
        """Close the cycle and its assessments; appeals must be decided."""
        self._check_hr()
        for cycle in self:
            cycle.assessment_ids.filtered(lambda assessment: assessment.state == 'published').action_close()
            cycle._set_state('closed')
        return True

    def action_open_payroll(self):
        """Return the act_window that writes the payroll file of this cycle."""
        self.ensure_one()
        self._check_hr()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.payroll_export_action')
        return {**action, 'context': {'default_cycle_id': self.id, 'default_company_id': self.company_id.id}}

    def action_cancel(self):
        """Cancel a cycle of which nothing has been published: its assessments are deleted."""
        self._check_hr()
        for cycle in self:
            if cycle.assessment_ids.filtered(lambda assessment: assessment.state in FROZEN_STATES):
                raise UserError(self.env._("Results of %(cycle)s have been published: they stay on file.", cycle=cycle.name))
            cycle._set_state('cancelled')
            cycle.assessment_ids._discard()
        return True

    def action_open_assessments(self):
        """Return the act_window of the assessments, by department: the calibration view."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.assessment_action')
        return {**action, 'domain': [('cycle_id', '=', self.id)], 'context': {'search_default_group_department': 1}}

    def action_open_appeals(self):
        """Return the act_window of the appeals of this cycle."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.appeal_action')
        return {**action, 'domain': [('cycle_id', '=', self.id)], 'context': {}}

    # ---- STATES ----

    def _check_hr(self):
        self.check_access('write')
        if not self.env.su and not self.env.user.has_group('hr.group_hr_user'):
            raise AccessError(self.env._("You cannot do this: it takes another role."))

    def _claim_schemes(self):
        """Let those who start cycles of one scheme, in whichever version, do it one after the other."""
        Scheme = self.env['property.service.assessment.scheme'].with_context(active_test=False)
        claim(Scheme.search(
            Domain('code', 'in', self.scheme_id.mapped('code')) & Domain('company_id', 'in', self.company_id.ids)))

    def _check_once(self):
        """Raise UserError where the days have been assessed by this scheme already: grades would bring their rewards twice."""
        self.ensure_one()
        other = not self.is_ad_hoc and self.with_context(active_test=False).search([
            ('id', '!=', self.id), ('scheme_id.code', '=', self.scheme_id.code), ('company_id', '=', self.company_id.id),
            ('is_ad_hoc', '=', False), ('state', 'in', ('running', 'published', 'closed')),
            ('date_from', '<=', self.date_to), ('date_to', '>=', self.date_from)], limit=1)
        if other:
            raise UserError(self.env._(
                "These days have been assessed by this scheme already: %(cycle)s. Make it an ad hoc assessment for chosen employees.",
                cycle=other.name))

    def _set_state(self, state, **vals):
        self.lock_for_update(allow_referencing=True)
        labels = dict(self._fields['state']._description_selection(self.env))
        for cycle in self:
            if state not in TRANSITIONS[cycle.state]:
                raise UserError(self.env._(
                    "%(case)s is %(from_state)s and cannot become %(to_state)s.",
                    case=cycle.name, from_state=labels[cycle.state], to_state=labels[state]))
        self._write_facts({'state': state, **vals})

    def _write_facts(self, vals):
        self.with_context(property_service_cycle_step=_STEP).write(vals)
