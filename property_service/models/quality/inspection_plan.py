import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools import recurrence, rotation
from . import inspection_states as states

_logger = logging.getLogger(__name__)


class PropertyServiceInspectionPlan(models.Model):
    """Inspections that come again: which template, where, how often, by whom (R54, R58)."""

    _name = 'property.service.inspection.plan'
    _description = "Inspection Plan"
    _inherit = ['mail.thread']
    _order = 'next_date, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    template_id = fields.Many2one('property.service.inspection.template', required=True, check_company=True, ondelete='restrict')
    method = fields.Selection(
        states.METHODS, string="Inspection Method", compute='_compute_method', store=True, readonly=False, required=True, precompute=True)
    per = fields.Selection(
        [('estate', "Each Estate"), ('team', "Each Team"), ('once', "One for All")], string="One Inspection For", required=True,
        default='estate')
    estate_ids = fields.Many2many(
        'property.service.estate', 'property_service_inspection_plan_estate_rel', check_company=True,
        help="Empty: all, where it is one for each estate.")
    team_ids = fields.Many2many(
        'property.service.team', 'property_service_inspection_plan_team_rel', check_company=True,
        help="Empty: all, where it is one for each team.")
    evaluator_ids = fields.Many2many(
        'hr.employee.public', 'property_service_plan_evaluator_rel', 'plan_id', 'employee_id', string="Evaluators", check_company=True,
        help="They take turns.")
    evaluator_partner_ids = fields.Many2many(
        'res.partner', 'property_service_inspection_plan_partner_rel', string="Outside Evaluators",
        help="They take turns: after the rounds in a row that the settings allow comes the next one.")
    user_id = fields.Many2one(
        'res.users', string="Responsible", default=lambda self: self.env.user, domain="[('share', '=', False)]", required=True,
        help="Is told when a firm has had its turns, and when planning fails.")
    interval_number = fields.Integer(string="Every", required=True, default=1)
    interval_unit = fields.Selection(
        [('day', "Days"), ('week', "Weeks"), ('month', "Months"), ('year', "Years")], required=True, default='month')
    date_start = fields.Date(string="First On", required=True, default=fields.Date.context_today)
    last_date = fields.Date(string="Planned Until", readonly=True, copy=False)
    next_date = fields.Date(compute='_compute_next_date', store=True, index=True)
    ahead_days = fields.Integer(string="Planned Ahead (Days)", default=14, required=True)
    error = fields.Text(readonly=True, copy=False)
    inspection_ids = fields.One2many('property.service.inspection', 'plan_id')
    inspection_count = fields.Integer(compute='_compute_inspection_count')

    _numbers = models.Constraint(
        'CHECK(interval_number BETWEEN 1 AND 366 AND ahead_days BETWEEN 0 AND 366)',
        "The interval is from 1 to 366, at most a year is planned ahead.")

    # ---- COMPUTES ----

    @api.depends('template_id')
    def _compute_method(self):
        for plan in self:
            plan.method = plan.template_id.method or plan.method or 'spot_check'

    @api.depends('date_start', 'last_date', 'interval_number', 'interval_unit')
    def _compute_next_date(self):
        for plan in self:
            plan.next_date = plan.date_start
            if plan.last_date and plan.date_start and plan.interval_unit and plan.last_date >= plan.date_start:
                plan.next_date = recurrence.following(plan.date_start, max(plan.interval_number, 1), plan.interval_unit, plan.last_date)

    def _compute_inspection_count(self):
        counts = dict(self.env['property.service.inspection']._read_group([('plan_id', 'in', self.ids)], ['plan_id'], ['__count']))
        for plan in self:
            plan.inspection_count = counts.get(plan, 0)

    @api.constrains('evaluator_ids', 'evaluator_partner_ids')
    def _check_evaluators(self):
        for plan in self:
            if plan.evaluator_ids and plan.evaluator_partner_ids:
                raise ValidationError(self.env._("Either employees inspect or somebody from outside."))

    # ---- PLANNING AHEAD ----

    def _get_places(self):
        """Return [(estate, team), …] that are inspected in each round."""
        self.ensure_one()
        Estate, Team = self.env['property.service.estate'], self.env['property.service.team']
        company = [('company_id', '=', self.company_id.id)]
        if self.per == 'estate':
            return [(estate, self.team_ids if len(self.team_ids) == 1 else Team) for estate in self.estate_ids or Estate.search(company)]
        if self.per == 'team':
            teams = self.team_ids or Team.search([('company_id', 'in', (self.company_id.id, False))])
            return [(self.estate_ids if len(self.estate_ids) == 1 else Estate, team) for team in teams]
        return [(self.estate_ids[:1], self.team_ids[:1])]

    def _get_round_vals(self, date, number):
        """Return the values of the inspections of one round.

        :param int number: how many rounds were before: who evaluates takes turns by it
        """
        places = self._get_places()
        Inspection = self.env['property.service.inspection']
        rounds = Inspection._get_rounds(self.env['property.service.estate'].union(*(estate for estate, _team in places)))
        vals_list = []
        for index, (estate, team) in enumerate(places):
            before = [firm for _day, _id, firm in rounds.get(estate.id, ())]
            firms = {partner.commercial_partner_id.id: partner for partner in self.evaluator_partner_ids}
            if self.method == 'third_party':
                firm = firms.get(rotation.pick_next(firms, before, self.company_id.property_rotation_rounds))
            else:
                firm = rotation.deal(self.evaluator_partner_ids, number + index)
            evaluator = rotation.deal(self.evaluator_ids, number + index)
            vals_list.append({
                'plan_id': self.id, 'template_id': self.template_id.id, 'method': self.method, 'planned_date': date,
                'estate_id': estate.id, 'team_id': team.id, 'company_id': self.company_id.id,
                'evaluator_id': evaluator.id if evaluator else False, 'evaluator_partner_id': firm.id if firm else False})
        return vals_list

    def _plan_ahead(self, today):
        """Plan what is due within the days ahead; of what was missed only the last round. Return the inspections."""
        self.ensure_one()
        Inspection = self.env['property.service.inspection']
        planned = Inspection
        if self.next_date < today:  # nobody inspects last month
            self.last_date = recurrence.latest(self.date_start, self.interval_number, self.interval_unit, today) - timedelta(days=1)
        while self.next_date <= today + timedelta(days=self.ahead_days):
            date = self.next_date
            self.last_date = date
            number = self.env['property.service.inspection']._read_group(
                [('plan_id', '=', self.id)], [], ['planned_date:count_distinct'])[0][0]
            known = {(one.estate_id.id, one.team_id.id) for one in Inspection.with_context(active_test=False).search(
                [('plan_id', '=', self.id), ('planned_date', '=', date)])}
            vals_list = [vals for vals in self._get_round_vals(date, number) if (vals['estate_id'], vals['team_id']) not in known]
            planned |= Inspection._as_system().create(vals_list).with_env(self.env)
        planned._warn_of_rotation(self.user_id)
        return planned

    @api.model
    def _cron_plan_ahead(self):
        """Once a day: plan the inspections of the days ahead, plan by plan; one that fails is told and stops no other."""
        commit = self.env['ir.cron']._commit_progress
        today = fields.Date.context_today(self)
        due = self.search([('next_date', '!=', False)]).filtered(
            lambda plan: plan.next_date <= today + timedelta(days=plan.ahead_days))
        commit(remaining=len(due))
        for plan in due:
            plan = plan.try_lock_for_update(allow_referencing=True)
            if plan:
                try:
                    plan._plan_ahead(today)
                    if plan.error:
                        plan.error = False
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    raise
                except Exception as error:
                    _logger.exception("Inspection plan %s", plan.id)
                    self.env.cr.rollback()
                    plan._tell_failure(error)
            if not commit(1):
                break

    def _tell_failure(self, error):
        """Note why planning failed, and tell the responsible once."""
        if self.error != str(error):
            self.error = str(error)
            self.message_post(body=self.env._("No inspections could be planned: %(error)s", error=str(error)),
                              partner_ids=self.user_id.partner_id.ids, message_type='notification')

    # ---- ACTIONS ----

    def action_plan_now(self):
        """Plan what is due within the days ahead, without waiting for the night."""
        self.check_access('write')
        planned = self.env['property.service.inspection']
        for plan in self:
            planned |= plan._plan_ahead(fields.Date.context_today(self))
            if plan.error:
                plan.error = False
        return self.action_open_inspections()

    def action_open_inspections(self):
        """Return the act_window of the plans' inspections."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.inspection_action'),
            'domain': [('plan_id', 'in', self.ids)], 'context': {},
        }
