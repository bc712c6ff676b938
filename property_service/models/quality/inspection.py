from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import inspection_score
from ..cases.request_states import SOLVED_STATES
from . import inspection_states as states

#: What is inspected, how and by whom: it stands as it was when the inspection began.
FRAME_FIELDS = frozenset({
    'template_id', 'method', 'estate_id', 'building_id', 'unit_id', 'team_id', 'employee_id', 'request_id', 'category_id',
    'evaluator_id', 'evaluator_partner_id', 'planned_date'})


class PropertyServiceInspection(models.Model):
    """An inspection 品质检查: somebody looks, by a template, at how a place, a team or a finished job is (R54–R60, R82, R98).

    The steps stand in ``inspection_workflow.py``, how answers are saved in ``inspection_answer.py``, the link for outside evaluators in
    ``inspection_link.py``, the turns of third-party firms in ``inspection_rotation.py``.
    """

    _name = 'property.service.inspection'
    _description = "Inspection"
    _inherit = ['property.service.workflow', 'mail.thread', 'mail.activity.mixin', 'property.service.place.mixin']
    _order = 'planned_date desc, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'

    _transitions = states.TRANSITIONS
    _closed_states = states.CLOSED_STATES
    _open_states = states.OPEN_STATES
    _initial_state = 'planned'
    _state_actions = states.STATE_ACTIONS
    _action_groups = states.ACTION_GROUPS
    _action_from = states.ACTION_FROM
    _step_wizard = ('property.service.inspection.step', 'inspection_ids')
    _sequence_code = 'property.service.inspection'
    _state_log_field = 'inspection_id'
    _system_fields = frozenset({
        'name', 'started_at', 'done_at', 'score', 'passed', 'finding_count', 'pass_score', 'plan_id', 'sample_id', 'link_version'})

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    state = fields.Selection(
        states.STATES, required=True, default='planned', readonly=True, copy=False, index=True, tracking=True,
        group_expand='_group_expand_state')
    active = fields.Boolean(default=True, copy=False)
    template_id = fields.Many2one(
        'property.service.inspection.template', required=True, index=True, check_company=True, ondelete='restrict')
    method = fields.Selection(
        states.METHODS, string="Inspection Method", compute='_compute_from_template', store=True, readonly=False, precompute=True,
        required=True, index=True, tracking=True)
    pass_score = fields.Float(
        compute='_compute_from_template', store=True, precompute=True, aggregator=None, help="As the template said when it was planned.")
    planned_date = fields.Date(string="Planned On", required=True, default=fields.Date.context_today, index=True, tracking=True)
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')

    team_id = fields.Many2one(
        'property.service.team', index='btree_not_null', check_company=True, tracking=True, help="The team whose work is inspected.")
    employee_id = fields.Many2one(
        'hr.employee', string="Employee Inspected", index='btree_not_null', check_company=True, tracking=True,
        help="If it is the work of one employee.")
    request_id = fields.Many2one(
        'property.service.request', string="Finished Request", index='btree_not_null', check_company=True, ondelete='restrict',
        help="The finished work that is inspected.")
    category_id = fields.Many2one('property.service.category', index='btree_not_null', check_company=True)
    evaluator_id = fields.Many2one(
        'hr.employee', index='btree_not_null', check_company=True, tracking=True, help="An employee who inspects.")
    evaluator_partner_id = fields.Many2one(
        'res.partner', string="Outside Evaluator", index='btree_not_null', tracking=True,
        help="A firm, a mystery shopper or an owner, who answers by a link without signing in.")
    plan_id = fields.Many2one('property.service.inspection.plan', readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    sample_id = fields.Many2one(
        'property.service.inspection.sample', string="Drawn In", readonly=True, copy=False, index='btree_not_null', ondelete='restrict')

    line_ids = fields.One2many('property.service.inspection.line', 'inspection_id', string="Items", copy=False)
    started_at = fields.Datetime(string="Begun On", readonly=True, copy=False)
    done_at = fields.Datetime(string="Finished On", readonly=True, copy=False, index='btree_not_null')
    note = fields.Text(string="Summary", copy=False, tracking=True, help="What the evaluator says of the whole.")
    score = fields.Float(compute='_compute_score', store=True, aggregator='avg', digits=(5, 1))
    passed = fields.Boolean(compute='_compute_score', store=True)
    finding_count = fields.Integer(string="Inspection Findings", compute='_compute_score', store=True)
    section_scores = fields.Json(compute='_compute_section_scores', export_string_translation=False)
    answered_count = fields.Integer(compute='_compute_progress')
    item_count = fields.Integer(compute='_compute_progress')
    corrective_action_ids = fields.One2many('property.service.corrective.action', 'origin_inspection_id')
    corrective_action_count = fields.Integer(compute='_compute_corrective_action_count')
    state_log_ids = fields.One2many('property.service.state.log', 'inspection_id', readonly=True)

    # A second run of the cron plans nothing twice.
    _once_per_plan = models.UniqueIndex(
        '(plan_id, planned_date, COALESCE(estate_id, 0), COALESCE(team_id, 0)) WHERE plan_id IS NOT NULL')
    _score_index = models.Index("(company_id, done_at) WHERE state = 'done'")

    # ---- COMPUTES ----

    @api.depends('template_id')
    def _compute_from_template(self):
        for inspection in self:
            inspection.method = inspection.template_id.method or inspection.method or 'spot_check'
            inspection.pass_score = inspection.template_id.pass_score

    @api.depends('name', 'template_id', 'estate_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for inspection in self:
            number = inspection.name if inspection.name != '/' else False
            inspection.display_name = " ".join(filter(None, [
                number, ", ".join(filter(None, [inspection.template_id.name, inspection.estate_id.name]))]))

    @api.depends('planned_date', 'state')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for inspection in self:
            inspection.is_late = bool(
                inspection.planned_date and inspection.planned_date < today and inspection.state in states.OPEN_STATES)

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = Domain('state', 'in', states.OPEN_STATES) & Domain('planned_date', '<', fields.Date.context_today(self))
        return late if set(value) == {True} else ~late if set(value) == {False} else Domain.TRUE

    def _get_result(self):
        """Return the ``inspection_score.Result`` of the answers so far."""
        self.ensure_one()
        return inspection_score.add_up(
            inspection_score.Answer(line.section_id, line.weight, line.score if line.is_scored else None, line.is_critical)
            for line in self.line_ids)

    @api.depends('line_ids.score', 'line_ids.is_scored', 'line_ids.is_finding', 'pass_score')
    def _compute_score(self):
        for inspection in self:
            result = inspection._get_result()
            inspection.score = round(result.total or 0.0, 1)
            inspection.passed = bool(result.passes(inspection.pass_score))
            inspection.finding_count = sum(inspection.line_ids.mapped('is_finding'))

    @api.depends('line_ids.score', 'line_ids.is_scored')
    @api.depends_context('lang')
    def _compute_section_scores(self):
        for inspection in self:
            inspection.section_scores = [
                {'name': section.name, 'score': score if score is None else round(score, 1)}
                for section, score in inspection._get_result().sections.items()]

    @api.depends('line_ids.is_answered')
    def _compute_progress(self):
        for inspection in self:
            inspection.item_count = len(inspection.line_ids)
            inspection.answered_count = sum(inspection.line_ids.mapped('is_answered'))

    @api.depends('corrective_action_ids')
    def _compute_corrective_action_count(self):
        counts = dict(self.env['property.service.corrective.action']._read_group(
            [('origin_inspection_id', 'in', self.ids)], ['origin_inspection_id'], ['__count']))
        for inspection in self:
            inspection.corrective_action_count = counts.get(inspection._origin, 0)

    # ---- CONSTRAINTS ----

    @api.constrains('evaluator_id', 'evaluator_partner_id', 'employee_id', 'request_id')
    def _check_evaluator(self):
        for inspection in self:
            if inspection.evaluator_id and inspection.evaluator_partner_id:
                raise ValidationError(self.env._("Either an employee inspects or somebody from outside."))
            if inspection.evaluator_id and inspection.evaluator_id in (inspection.employee_id | inspection.request_id.employee_id):
                raise ValidationError(self.env._(
                    "%(employee)s does not inspect the own work.", employee=inspection.evaluator_id.name))

    @api.constrains('request_id')
    def _check_request(self):
        for inspection in self:
            if inspection.request_id and inspection.request_id.state not in SOLVED_STATES:
                raise ValidationError(self.env._(
                    "%(request)s is not finished: there is no work to inspect yet.", request=inspection.request_id.name))

    @api.onchange('request_id')
    def _onchange_request_id(self):
        for name, value in self._get_request_values(self.request_id).items():
            self[name] = value

    @api.model
    def _get_request_values(self, request):
        """Return what an inspection takes over from the finished request."""
        return {name: request[name].id for name in ('unit_id', 'estate_id', 'building_id', 'team_id', 'employee_id', 'category_id')
                if request[name]}

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Put in the items of the templates and tell the evaluators."""
        vals_list = [self._complete_vals(vals) for vals in vals_list]
        inspections = super().create(vals_list)
        inspections.filtered(lambda inspection: not inspection.line_ids)._add_lines()
        inspections._tell_evaluators()
        return inspections

    @api.model
    def _complete_vals(self, vals):
        request = self.env['property.service.request'].browse(vals.get('request_id') or [])
        return {**self._get_request_values(request), **vals}

    def _add_lines(self):
        """Give each inspection the items of its template."""
        vals_list = []
        for inspection in self:
            items = inspection.template_id.section_ids.item_ids
            if not items:
                raise UserError(self.env._("The template %(template)s has no items yet.", template=inspection.template_id.name))
            vals_list += [
                {'inspection_id': inspection.id, 'item_id': item.id, 'sequence': number} for number, item in enumerate(items, 1)]
        self.env['property.service.inspection.line'].create(vals_list)

    def write(self, vals):
        """What is inspected does not change once the inspection has begun; what is finished stands."""
        if not self._is_system() and vals.keys() & (FRAME_FIELDS | {'note', 'line_ids'}):
            self._check_open()
            begun = vals.keys() & FRAME_FIELDS - {'evaluator_id', 'evaluator_partner_id', 'planned_date'}
            for inspection in self:
                if begun and inspection.state != 'planned':
                    raise UserError(self.env._(
                        "%(inspection)s has begun: what is inspected does not change any more.", inspection=inspection.name))
        changed = self.filtered(lambda inspection: 'template_id' in vals and inspection.template_id.id != vals['template_id'])
        result = super().write(vals)
        if changed:
            changed.line_ids.unlink()
            changed._add_lines()
        if vals.keys() & {'evaluator_id', 'planned_date'}:
            self._tell_evaluators()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(inspection.state != 'planned' for inspection in self):
            raise UserError(self.env._("An inspection that has begun stays on file: cancel or archive it instead."))

    def _check_open(self):
        """Raise UserError for finished and cancelled inspections."""
        for inspection in self:
            if inspection.state in states.CLOSED_STATES:
                raise UserError(self.env._("%(inspection)s is closed: what it says stands.", inspection=inspection.name))

    def _check_finished(self):
        """Raise UserError for inspections that are not finished."""
        for inspection in self:
            if inspection.state != 'done':
                raise UserError(self.env._("Finish %(inspection)s first.", inspection=inspection.name))

    # ---- RECIPIENTS ----

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []

    def _get_log_values(self, waiting_reason):
        return {**super()._get_log_values(waiting_reason), 'employee_id': self.evaluator_id.id}

    def _tell_evaluators(self):
        """Give the employees who inspect an activity for the day, in place of an earlier one."""
        self.activity_unlink(['property_service.mail_activity_type_inspection'])
        groups = defaultdict(self.browse)
        for inspection in self.filtered(lambda inspection: inspection.state in states.OPEN_STATES):
            user = inspection.sudo().evaluator_id.user_id  # sudo: employees' users
            if user and user.id != SUPERUSER_ID:
                groups[user, inspection.planned_date] |= inspection
        for (user, date), inspections in groups.items():
            inspections.with_context(lang=user.lang).activity_schedule(
                'property_service.mail_activity_type_inspection', user_id=user.id, date_deadline=date,
                summary=self.with_context(lang=user.lang).env._("Carry out the inspection"))

    # ---- SMART BUTTONS ----

    def action_open_corrective(self):
        """Return the act_window of the corrective actions of the findings."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('origin_inspection_id', 'in', self.ids)], 'context': {},
        }
