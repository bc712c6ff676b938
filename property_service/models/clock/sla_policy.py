from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_list, ormcache

#: What a policy may ask of a case, the weightiest first: a policy for urgent cases beats one for a service type, that
#: one a policy for a kind of service, that one a policy for a category, and so on. A policy that asks for nothing is the
#: general one.
CRITERIA = ('priority', 'type_id', 'type_kind', 'category_id', 'estate_id')
#: Levels of a new policy: warn, tell of the breach, tell again a day later. Whom, the automation rules say.
DEFAULT_LEVELS = tuple(
    {'target': target, 'moment': moment, 'minutes': minutes}
    for target in ('response', 'resolution') for moment, minutes in (('risk', 0), ('deadline', 0), ('after', 24 * 60)))


class Rule(NamedTuple):
    """A policy as matching needs it: plain values that can be cached for all."""

    policy_id: int
    priority: str
    type_id: int
    type_kind: str
    category_ids: frozenset
    estate_id: int
    response_hours: float
    resolution_hours: float
    risk_percent: int
    round_the_clock: bool
    calendar_id: int

    def matches(self, priority, type_id, type_kind, category_id, estate_id):
        """Return whether a case with these values falls under the policy."""
        return (
            (not self.priority or self.priority == priority)
            and (not self.type_id or self.type_id == type_id)
            and (not self.type_kind or self.type_kind == type_kind)
            and (not self.category_ids or category_id in self.category_ids)
            and (not self.estate_id or self.estate_id == estate_id)
        )


class PropertyServiceSlaPolicy(models.Model):
    """How soon cases are answered and solved: 时效标准 (R31–R35)."""

    _name = 'property.service.sla.policy'
    _description = "Service Level"
    _inherit = ['mail.thread']
    _order = 'applies_to, sequence, name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10, help="Decides between policies that are equally specific.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', index=True, default=lambda self: self.env.company,
        help="Leave empty to share the policy among companies.")
    applies_to = fields.Selection(
        lambda self: self.env['property.service.clock.mixin']._get_clock_kinds(), required=True, default='request', tracking=True)
    names_deadline = fields.Boolean(
        compute='_compute_names_deadline', help="Such cases can name their deadline themselves: hours are only for those that do not.")
    priority = fields.Selection(
        [('0', "Normal"), ('1', "High"), ('2', "Urgent")], tracking=True, help="Empty: any priority.")
    type_id = fields.Many2one(
        'property.service.type', string="Service Type", check_company=True, ondelete='cascade', tracking=True, help="Empty: any.")
    type_kind = fields.Selection(
        lambda self: self.env['property.service.type']._fields['kind']._description_selection(self.env), string="Kind of Service",
        tracking=True, help="Services, enquiries or fee queries of any type and category. Empty: any.")
    category_id = fields.Many2one(
        'property.service.category', check_company=True, ondelete='cascade', tracking=True,
        help="The category and those below it. Empty: any.")
    estate_id = fields.Many2one(
        'property.service.estate', check_company=True, ondelete='cascade', tracking=True, help="Empty: any.")
    response_hours = fields.Float(
        string="Response (Hours)", tracking=True, help="Until the first real answer to the resident. 0: no limit.")
    resolution_hours = fields.Float(
        string="Resolution (Hours)", tracking=True, help="Until the work is done. 0: no limit.")
    round_the_clock = fields.Boolean(
        string="Round the Clock", default=True, tracking=True,
        help="Nights and holidays count. Otherwise only the working hours do.")
    calendar_id = fields.Many2one(
        'resource.calendar', string="Working Hours", check_company=True, ondelete='restrict', tracking=True,
        help="Empty: those of the team, else of the estate, else of the company.")
    risk_percent = fields.Integer(
        string="At Risk From (%)", default=75, tracking=True, help="Share of the time after which a case counts as at risk.")
    pause_mode = fields.Selection(
        [('reason', "As the waiting reason says"), ('chosen', "For chosen reasons"), ('never', "Never")],
        string="Pauses", required=True, default='reason', tracking=True,
        help="Whether the resolution time stands still while waiting.")
    pausing_reason_ids = fields.Many2many('property.service.waiting.reason', string="Pausing Reasons", check_company=True)
    escalation_ids = fields.One2many(
        'property.service.sla.escalation', 'policy_id', copy=True,
        default=lambda self: [Command.create(level) for level in DEFAULT_LEVELS])
    criteria = fields.Char(compute='_compute_criteria', string="For")
    hours_warning = fields.Char(compute='_compute_hours_warning')

    _hours_in_range = models.Constraint(
        'CHECK(COALESCE(response_hours, 0) BETWEEN 0 AND 87600 AND COALESCE(resolution_hours, 0) BETWEEN 0 AND 87600)',
        "The hours of a service level lie between 0 and 87,600 (ten years).")
    _risk_is_percentage = models.Constraint(
        'CHECK(risk_percent BETWEEN 1 AND 100)', "The share of time that means risk is a percentage from 1 to 100.")

    @api.depends(*CRITERIA)
    @api.depends_context('lang')
    def _compute_criteria(self):
        for policy in self:
            policy.criteria = policy._describe_criteria() or self.env._("All others")

    def _describe_criteria(self):
        """Return what the policy asks of a case as text, empty for the general policy."""
        self.ensure_one()
        return format_list(self.env, [
            f"{self._fields[name]._description_string(self.env)} {self._fields[name].convert_to_export(self[name], self)}"
            for name in CRITERIA if self[name]
        ], style='unit')

    @api.depends('round_the_clock', 'calendar_id', 'company_id')
    @api.depends_context('allowed_company_ids', 'lang')
    def _compute_hours_warning(self):
        """Say where the working hours a policy falls back on are missing: its cases there get no deadline."""
        for policy in self:
            companies = self.env['res.company']
            if not policy.round_the_clock and not policy.calendar_id:
                companies = (policy.company_id or self.env.companies).sudo().filtered(  # sudo: calendars are HR's
                    lambda company: company.resource_calendar_id._get_clock_fault())
            policy.hours_warning = self.env._(
                "No working hours to count by in %(companies)s: cases there whose team and estate have none get no deadline.",
                companies=format_list(self.env, companies.mapped('name'))) if companies else False

    @api.depends('applies_to')
    def _compute_names_deadline(self):
        models_by_kind = self.env['property.service.clock.mixin']._get_clock_models()
        for policy in self:
            model = models_by_kind.get(policy.applies_to)
            policy.names_deadline = bool(model and 'resolution' in self.env[model]._clock_promises)

    # ---- CONSTRAINTS ----

    @api.constrains('applies_to', 'response_hours', 'resolution_hours')
    def _check_hours(self):
        """A policy without hours is for cases that name their deadline themselves: it gives the escalation levels only."""
        kinds = self.env['property.service.clock.mixin']._get_clock_models()
        for policy in self:
            if policy.applies_to not in kinds:
                raise ValidationError(self.env._("There are no cases of the kind %(kind)s.", kind=policy.applies_to))
            if not (policy.response_hours or policy.resolution_hours or policy.names_deadline):
                raise ValidationError(self.env._("A service level needs a response or a resolution time, in hours."))

    @api.constrains('calendar_id', 'round_the_clock', 'active')
    def _check_clock_calendar(self):
        for policy in self:
            if policy.calendar_id and not policy.round_the_clock and policy.active:
                policy.calendar_id._raise_clock_fault(policy.name)

    @api.constrains('type_id', 'type_kind', 'applies_to')
    def _check_type_id(self):
        for policy in self:
            if (policy.type_id or policy.type_kind) and policy.applies_to != 'request':
                raise ValidationError(self.env._("Only requests have a service type: choose a category for %(policy)s.",
                                                 policy=policy.name))

    # ---- CHANGES ----

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._policies_changed()
        return policies

    def write(self, vals):
        kinds = set(self.mapped('applies_to'))
        result = super().write(vals)
        if not vals.keys() <= {'name', 'pause_mode', 'pausing_reason_ids'}:
            self._policies_changed(kinds)
        return result

    def unlink(self):
        kinds = set(self.mapped('applies_to'))
        result = super().unlink()
        self._policies_changed(kinds)
        return result

    def _policies_changed(self, kinds=()):
        self.env.registry.clear_cache('stable')
        for kind in {*kinds, *self.exists().mapped('applies_to')}:
            self.env['property.service.sla.recompute']._schedule(applies_to=kind)

    # ---- MATCHING ----

    @api.model
    @ormcache('applies_to', 'company_id', cache='stable')
    def _get_rules(self, applies_to, company_id):
        """Return the :class:`Rule` tuples that may apply, the most specific first: the first that matches wins.

        The order is total, so the same case always falls under the same policy: first what :data:`CRITERIA` puts first,
        of two categories the deeper one, then the company's own before the shared, then the sequence, then the older.
        """
        domain = Domain('applies_to', '=', applies_to) & Domain('company_id', 'in', (company_id, False))
        policies = self.sudo().with_context(active_test=True).search(domain)  # sudo: policies are internal
        Category = self.env['property.service.category'].sudo().with_context(active_test=False)  # sudo: as above

        def rank(policy):
            depth = len((policy.category_id.parent_path or '').split('/'))
            return (
                not policy.priority, not policy.type_id, not policy.type_kind, -depth if policy.category_id else 0, not policy.estate_id,
                not policy.company_id, policy.sequence, policy.id,
            )

        return tuple(
            Rule(
                policy.id, policy.priority or False, policy.type_id.id, policy.type_kind or False,
                frozenset(Category.search([('id', 'child_of', policy.category_id.ids)]).ids if policy.category_id else ()),
                policy.estate_id.id, policy.response_hours, policy.resolution_hours, policy.risk_percent,
                policy.round_the_clock, policy.calendar_id.id,
            )
            for policy in policies.sorted(rank)
        )

    @api.model
    def _match(self, applies_to, company_id, priority, type_id, category_id, estate_id):
        """Return the :class:`Rule` that applies to a case with these values (ids or False), or None."""
        type_kind = self._get_type_kind(type_id) if type_id else False
        for rule in self._get_rules(applies_to, company_id):
            if rule.matches(priority, type_id, type_kind, category_id, estate_id):
                return rule
        return None

    @api.model
    @ormcache('type_id', cache='stable')
    def _get_type_kind(self, type_id):
        return self.env['property.service.type'].sudo().browse(type_id).kind  # sudo: residents create cases, types are internal

    @api.model
    @ormcache('calendar_id', 'team_id', 'estate_id', 'company_id', cache='stable')
    def _get_calendar(self, calendar_id, team_id, estate_id, company_id):
        """Return ``(calendar id, fault)``: the policy's working hours, else the team's, the estate's, the company's.

        ``fault`` is False, or why no deadline can be counted by them.
        """
        env = self.sudo().env  # sudo: residents create cases, teams and calendars are internal
        calendar = (
            env['resource.calendar'].browse(calendar_id)
            or env['property.service.team'].browse(team_id).calendar_id
            or env['property.service.estate'].browse(estate_id).calendar_id
            or env['res.company'].browse(company_id).resource_calendar_id
        )
        return calendar.id, calendar._get_clock_fault()

    @api.model
    def _get_snapshot(self, applies_to, company_id, priority, type_id, category_id, estate_id, team_id):
        """Return what a case with these values (ids or False) takes over from its policy.

        :return: ``(policy id, response hours, resolution hours, risk percent, calendar id, fault)``
        """
        rule = self._match(applies_to, company_id, priority, type_id, category_id, estate_id)
        if not rule:
            return False, 0.0, 0.0, 0, False, False
        calendar_id = fault = False
        if not rule.round_the_clock:
            calendar_id, fault = self._get_calendar(rule.calendar_id, team_id, estate_id, company_id)
        return rule.policy_id, rule.response_hours, rule.resolution_hours, rule.risk_percent, calendar_id, fault

    @api.model
    @ormcache('policy_id', cache='stable')
    def _get_levels(self, policy_id):
        """Return the escalation levels of a policy as ``((target, moment, timedelta), …)``."""
        policy = self.sudo().browse(policy_id)  # sudo: policies are internal
        return tuple(
            (level.target, level.moment, timedelta(minutes=level.minutes * {'before': -1, 'after': 1}.get(level.moment, 0)))
            for level in policy.escalation_ids)

    @api.model
    def _get_first_escalation(self, policy_id, **clocks):
        """Return the first moment at which a deadline passes or an escalation level fires, or False.

        :param clocks: target -> ``(deadline, risk_at)``, or a false value when that clock does not run
        """
        running = {target: clock for target, clock in clocks.items() if clock and clock[0]}
        if not running:
            return False
        moments = [deadline for deadline, _risk_at in running.values()]
        for target, moment, offset in self._get_levels(policy_id) if policy_id else ():
            if target in running:
                deadline, risk_at = running[target]
                try:
                    moments.append(risk_at or deadline if moment == 'risk' else deadline + offset)
                except OverflowError:  # somebody has named the year 9999: nothing comes after it
                    continue
        return min(moments)

    def _pauses_for(self, reason):
        """Return whether the resolution clock of cases under this policy stands still while waiting for ``reason``."""
        self.ensure_one()
        if self.pause_mode == 'chosen':
            return reason in self.pausing_reason_ids
        return self.pause_mode == 'reason' and reason.pauses_clock

    def _get_pausing_reasons(self):
        """Return the waiting reasons during which the resolution clock stands still."""
        self.ensure_one()
        if self.pause_mode == 'chosen':
            return self.pausing_reason_ids
        Reason = self.env['property.service.waiting.reason']
        return Reason.search([('pauses_clock', '=', True)]) if self.pause_mode == 'reason' else Reason
