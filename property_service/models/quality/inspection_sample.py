import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import rotation, sampling
from ..cases.request_states import SOLVED_STATES
from ..context_defaults import without_defaults
from . import inspection_states as states

MAX_NUMBER = 1000


class PropertyServiceInspectionSample(models.Model):
    """A random draw of finished requests for inspection, recorded so that anybody can repeat it (R54, R78).

    Kept are the seed, the numbers of all requests that could have been drawn and of those that were: the same seed and list give the
    same draw on every machine (``tools/sampling.py``), whatever happens to the requests afterwards.
    """

    _name = 'property.service.inspection.sample'
    _description = "Inspection Draw"
    _inherit = ['mail.thread']
    _order = 'id desc'
    _check_company_auto = True

    #: what was drawn, from what and by whom
    _system_fields = frozenset({'state', 'population', 'population_count', 'drawn', 'drawn_at', 'drawn_by_id'})

    name = fields.Char(compute='_compute_name', store=True, readonly=False, required=True, precompute=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection([('draft', "Draft"), ('drawn', "Drawn")], default='draft', required=True, readonly=True, copy=False)
    template_id = fields.Many2one('property.service.inspection.template', required=True, check_company=True, ondelete='restrict')
    method = fields.Selection(
        states.METHODS, string="Inspection Method", compute='_compute_method', store=True, readonly=False, required=True, precompute=True)
    date_from = fields.Date(string="Finished From", required=True, default=lambda self: self._get_last_month()[0])
    date_to = fields.Date(string="Finished To", required=True, default=lambda self: self._get_last_month()[1])
    estate_ids = fields.Many2many(
        'property.service.estate', 'property_service_inspection_sample_estate_rel', check_company=True, help="Empty: all.")
    team_ids = fields.Many2many(
        'property.service.team', 'property_service_inspection_sample_team_rel', check_company=True, help="Empty: all.")
    category_ids = fields.Many2many(
        'property.service.category', 'property_service_inspection_sample_category_rel', check_company=True,
        help="With what lies below them. Empty: all.")
    number = fields.Integer(string="Requests Drawn", required=True, default=10)
    seed = fields.Char(required=True, default=lambda self: secrets.token_hex(8), copy=False,
                       help="The draw follows from it. Another one may be entered, for instance by the owners' committee.")
    evaluator_ids = fields.Many2many(
        'hr.employee.public', 'property_service_sample_evaluator_rel', 'sample_id', 'employee_id', string="Evaluators", check_company=True,
        help="They share the requests; nobody gets the own work.")
    planned_date = fields.Date(string="Inspected By", required=True, default=lambda self: fields.Date.context_today(self) + timedelta(days=7))
    population = fields.Json(readonly=True, copy=False, export_string_translation=False)
    population_count = fields.Integer(string="Drawn From", readonly=True, copy=False)
    drawn = fields.Json(readonly=True, copy=False, export_string_translation=False)
    drawn_at = fields.Datetime(readonly=True, copy=False)
    drawn_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    inspection_ids = fields.One2many('property.service.inspection', 'sample_id')
    inspection_count = fields.Integer(compute='_compute_inspection_count')
    average_score = fields.Float(compute='_compute_inspection_count', digits=(5, 1))

    _number_range = models.Constraint(f'CHECK(number BETWEEN 1 AND {MAX_NUMBER})', f"From 1 to {MAX_NUMBER} requests are drawn.")
    _dates_order = models.Constraint('CHECK(date_from <= date_to)', "The first day lies before the last.")

    # ---- DEFAULTS AND COMPUTES ----

    @api.model
    def _get_last_month(self):
        last = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    @api.depends('date_from', 'date_to', 'template_id')
    def _compute_name(self):
        for sample in self:
            sample.name = " ".join(filter(None, [
                sample.template_id.name, f"{sample.date_from} – {sample.date_to}" if sample.date_from and sample.date_to else ""])) or "/"

    @api.depends('template_id')
    def _compute_method(self):
        for sample in self:
            sample.method = sample.template_id.method or sample.method or 'spot_check'

    def _compute_inspection_count(self):
        Inspection = self.env['property.service.inspection']
        counts = dict(Inspection._read_group([('sample_id', 'in', self.ids)], ['sample_id'], ['__count']))
        means = dict(Inspection._read_group([('sample_id', 'in', self.ids), ('state', '=', 'done')], ['sample_id'], ['score:avg']))
        for sample in self:
            sample.inspection_count, sample.average_score = counts.get(sample, 0), means.get(sample, 0.0)

    @api.constrains('seed')
    def _check_seed(self):
        for sample in self:
            if not sample.seed.strip():
                raise ValidationError(self.env._("The draw needs a seed."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """A draw begins undrawn."""
        if any(self._system_fields & vals.keys() for vals in vals_list):
            raise UserError(self.env._("What is drawn follows from the seed: it is not entered."))
        return super(PropertyServiceInspectionSample, without_defaults(self, self._system_fields)).create(vals_list)

    def write(self, vals):
        """What was drawn stands."""
        if not self._is_system():
            if self._system_fields & vals.keys():
                raise UserError(self.env._("What is drawn follows from the seed: it is not entered."))
            if any(sample.state == 'drawn' for sample in self) and vals.keys() - {'name'}:
                raise UserError(self.env._("The draw has been made: it stands as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        if any(sample.state == 'drawn' for sample in self):
            raise UserError(self.env._("A draw that has been made stays on file."))

    def _is_system(self):
        return self.env['property.service.inspection'].with_context(self.env.context)._is_system()

    def _as_system(self):
        return self.with_context(self.env['property.service.inspection']._as_system().env.context)

    # ---- THE DRAW ----

    def _get_population_domain(self):
        """Return the Domain of the finished requests of the period: days at the company's place."""
        self.ensure_one()
        start, end = (self.company_id._property_day_start(day) for day in (self.date_from, self.date_to + timedelta(days=1)))
        domain = Domain('company_id', '=', self.company_id.id) & Domain('state', 'in', SOLVED_STATES) \
            & Domain('done_at', '>=', start) & Domain('done_at', '<', end)
        if self.estate_ids:
            domain &= Domain('estate_id', 'in', self.estate_ids.ids)
        if self.team_ids:
            domain &= Domain('team_id', 'in', self.team_ids.ids)
        if self.category_ids:
            domain &= Domain('category_id', 'child_of', self.category_ids.ids)
        return domain

    def action_draw(self):
        """Draw the requests and plan an inspection for each.

        :raises UserError: nothing was finished in the period, or it has been drawn already
        """
        self.ensure_one()
        self.check_access('write')
        self.lock_for_update()
        if self.state == 'drawn':
            raise UserError(self.env._("The draw has been made: it stands as it is."))
        found = self.env['property.service.request'].search_fetch(self._get_population_domain(), ['name', 'employee_id'], order='name')
        if not found:
            raise UserError(self.env._("No request was finished in the period."))
        requests = {request.name: request for request in found}
        drawn = sampling.draw(self.seed, list(requests), self.number)
        self._as_system().write({
            'state': 'drawn', 'population': list(requests), 'population_count': len(requests), 'drawn': drawn,
            'drawn_at': fields.Datetime.now(), 'drawn_by_id': self.env.uid})
        self.env['property.service.inspection']._as_system().create([{
            'sample_id': self.id, 'template_id': self.template_id.id, 'method': self.method, 'request_id': requests[name].id,
            'company_id': self.company_id.id, 'planned_date': self.planned_date,
            'evaluator_id': self._get_evaluator(requests[name], number)} for number, name in enumerate(drawn)])
        return self.action_open_inspections()

    def _get_evaluator(self, request, number):
        others = self.evaluator_ids.filtered(lambda evaluator: evaluator.id != request.employee_id.id)
        evaluator = rotation.deal(others, number)
        return evaluator.id if evaluator else False

    def action_verify(self):
        """Draw again from the recorded list and say whether the same requests come out.

        :raises UserError: it has not been drawn, or the record does not agree with the draw
        """
        self.ensure_one()
        self.check_access('read')
        if self.state != 'drawn':
            raise UserError(self.env._("Nothing has been drawn yet."))
        inspected = self.env['property.service.inspection'].sudo().search([('sample_id', '=', self.id)])  # sudo: all of them count
        if sampling.draw(self.seed, self.population, self.number) != self.drawn or set(inspected.request_id.mapped('name')) != set(self.drawn):
            raise UserError(self.env._("The record does not agree with the draw: other requests come out of the seed."))
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'message': self.env._(
                    "Drawn again: the same %(drawn)s of %(all)s requests.", drawn=len(self.drawn), all=self.population_count)}}

    def action_open_inspections(self):
        """Return the act_window of the inspections drawn."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.inspection_action'),
            'domain': [('sample_id', 'in', self.ids)], 'context': {},
        }
