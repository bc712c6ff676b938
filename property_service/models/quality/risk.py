from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import risk as scale

KINDS = [('people', "People"), ('equipment', "Equipment"), ('environment', "Environment")]
LIKELIHOODS = [('1', "1 Rare"), ('2', "2 Unlikely"), ('3', "3 Possible"), ('4', "4 Likely"), ('5', "5 Almost Certain")]
IMPACTS = [('1', "1 Negligible"), ('2', "2 Minor"), ('3', "3 Moderate"), ('4', "4 Major"), ('5', "5 Severe")]


class PropertyServiceRisk(models.Model):
    """A risk 风险 to people, equipment or environment: how likely, how bad, who looks after it, what is done (R72, R73).

    Drills stand in ``risk_drill.py``, what is counted and told in ``risk_warning.py``.
    """

    _name = 'property.service.risk'
    _description = "Risk"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'property.service.place.mixin']
    _order = 'current_score desc, score desc, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default='people', index=True, tracking=True)
    category_id = fields.Many2one(
        'property.service.category', index='btree_not_null', check_company=True,
        help="Complaints and requests of this category and those below count for the early warning.")
    description = fields.Text(help="What may happen, where, why, and what then.")
    owner_id = fields.Many2one(
        'hr.employee', string="Risk Owner", index='btree_not_null', check_company=True, tracking=True,
        help="Looks after the measures, the drills and the review.")

    likelihood = fields.Selection(LIKELIHOODS, required=True, default='3', tracking=True)
    impact = fields.Selection(IMPACTS, string="Degree of Impact", required=True, default='3', tracking=True)
    score = fields.Integer(compute='_compute_score', store=True, aggregator='max', help="Likelihood × impact, without measures.")
    level = fields.Selection(scale.LEVELS, string="Risk Level", compute='_compute_score', store=True)

    treatment = fields.Selection(
        [('avoid', "Avoid"), ('reduce', "Reduce"), ('transfer', "Transfer the Risk"), ('accept', "Accept the Risk")],
        required=True, default='reduce', tracking=True)
    measures = fields.Text(help="What is done against it, by whom.")
    plan_ids = fields.Many2many(
        'property.service.standard', 'property_service_risk_standard_rel', string="Emergency Plans", check_company=True,
        domain="[('kind', '=', 'plan'), ('state', '!=', 'draft')]", help="What is done when it happens.")
    residual_likelihood = fields.Selection(LIKELIHOODS, string="Likelihood with Measures", tracking=True)
    residual_impact = fields.Selection(IMPACTS, string="Impact with Measures", tracking=True)
    residual_score = fields.Integer(
        compute='_compute_score', store=True, aggregator='max', help="Likelihood × impact, with the measures.")
    residual_level = fields.Selection(scale.LEVELS, compute='_compute_score', store=True)
    current_score = fields.Integer(
        compute='_compute_score', store=True, aggregator='max', index=True, help="With the measures where that is estimated, else without.")
    current_level = fields.Selection(scale.LEVELS, string="Risk", compute='_compute_score', store=True)

    review_months = fields.Integer(string="Review Every (Months)", default=6, help="0: without a review.")
    review_date = fields.Date(
        string="Next Review", index='btree_not_null', tracking=True, copy=False,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), months=6))
    is_review_due = fields.Boolean(compute='_compute_is_review_due', search='_search_is_review_due')
    reminded_for = fields.Date(readonly=True, copy=False)

    corrective_ids = fields.One2many('property.service.corrective.action', 'origin_risk_id', string="Corrective Actions")
    corrective_count = fields.Integer(compute='_compute_corrective_count')
    complaint_ids = fields.Many2many(
        'property.service.complaint', 'property_service_risk_complaint_rel', string="Complaints", copy=False, check_company=True,
        help="Complaints about what has happened.")
    request_ids = fields.Many2many(
        'property.service.request', 'property_service_risk_request_rel', string="Requests", copy=False, check_company=True,
        help="Requests about what has happened.")

    _review_months_range = models.Constraint('CHECK(review_months BETWEEN 0 AND 120)', "A risk is reviewed after 0 to 120 months.")

    # ---- COMPUTES ----

    @api.depends('likelihood', 'impact', 'residual_likelihood', 'residual_impact')
    def _compute_score(self):
        for risk in self:
            risk.score = scale.get_score(risk.likelihood, risk.impact)
            risk.residual_score = scale.get_score(risk.residual_likelihood, risk.residual_impact)
            risk.current_score = risk.residual_score or risk.score
            risk.level, risk.residual_level, risk.current_level = (
                scale.get_level(score) for score in (risk.score, risk.residual_score, risk.current_score))

    @api.depends('review_date', 'active')
    def _compute_is_review_due(self):
        today = fields.Date.context_today(self)
        for risk in self:
            risk.is_review_due = risk.active and bool(risk.review_date) and risk.review_date <= today

    def _search_is_review_due(self, operator, value):
        if operator != 'in':
            return NotImplemented
        due = Domain('active', '=', True) & Domain('review_date', '<=', fields.Date.context_today(self))
        return due if set(value) == {True} else ~due if set(value) == {False} else Domain.TRUE

    @api.depends('corrective_ids')
    def _compute_corrective_count(self):
        counts = dict(self.env['property.service.corrective.action']._read_group(
            [('origin_risk_id', 'in', self.ids)], ['origin_risk_id'], ['__count']))
        for risk in self:
            risk.corrective_count = counts.get(risk, 0)

    # ---- CONSTRAINTS ----

    @api.constrains('likelihood', 'impact', 'residual_likelihood', 'residual_impact')
    def _check_residual(self):
        for risk in self:
            if bool(risk.residual_likelihood) != bool(risk.residual_impact):
                raise ValidationError(self.env._("Say both how likely and how bad %(risk)s is with its measures.", risk=risk.name))
            if risk.residual_score > risk.score:
                raise ValidationError(self.env._("Measures do not make a risk greater: look at %(risk)s again.", risk=risk.name))

    # ---- ACTIONS ----

    def action_review(self):
        """The risks were reviewed today: the next review is due after their interval."""
        self.check_access('write')
        today = self.env.company._property_today()
        for risk in self:
            risk.review_date = today + relativedelta(months=risk.review_months) if risk.review_months else False
            risk.message_post(body=self.env._("Reviewed. Next review: %(date)s.", date=risk.review_date or "–"))
        self.activity_unlink(['property_service.mail_activity_type_risk'])
        return True

    def action_new_corrective(self):
        """Open a corrective action for the risk and show it."""
        self.ensure_one()
        self.check_access('write')
        return self.env['property.service.corrective.action']._open_from(
            self, title=self.name, responsible_id=self.owner_id.id, priority='1' if self.current_level in ('high', 'extreme') else '0',
        )._open_form()

    def action_open_correctives(self):
        """Return the act_window of the corrective actions against the risk."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('origin_risk_id', '=', self.id)], 'context': {},
        }

    # ---- MATRIX ----

    @api.model
    @api.readonly
    def get_matrix(self):
        """Return what the 5×5 matrix shows: the risks the user may see, the scales, and the least score of each level.

        :rtype: dict
        :return: ``risks``: id, name, kind, estate (id, name), owner, likelihood, impact, score, level, and the same with measures
            (0 and None where that is not estimated); ``likelihoods``, ``impacts``, ``kinds``, ``levels``: (key, label); ``bands``
        """
        def labels(name):
            return self._fields[name]._description_selection(self.env)
        risks = self.search_fetch([], [
            'name', 'kind', 'estate_id', 'likelihood', 'impact', 'score', 'level', 'residual_likelihood', 'residual_impact',
            'residual_score', 'residual_level', 'owner_id'], limit=2000)
        return {
            'risks': [{
                'id': risk.id, 'name': risk.name, 'kind': risk.kind,
                'estate': [risk.estate_id.id, risk.estate_id.name] if risk.estate_id else False,
                'owner': risk.owner_id.display_name or "",
                'before': {'likelihood': int(risk.likelihood), 'impact': int(risk.impact), 'score': risk.score, 'level': risk.level},
                'after': {
                    'likelihood': int(risk.residual_likelihood or risk.likelihood), 'impact': int(risk.residual_impact or risk.impact),
                    'score': risk.residual_score or risk.score, 'level': risk.residual_level or risk.level},
            } for risk in risks],
            'likelihoods': labels('likelihood'), 'impacts': labels('impact'), 'kinds': labels('kind'), 'levels': labels('level'),
            'bands': [list(band) for band in scale.BANDS],
        }
