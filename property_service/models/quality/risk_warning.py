import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: How long before reviews and drills their people are reminded.
REMIND_DAYS = 14
ACTIVITY = 'property_service.mail_activity_type_risk'


class PropertyServiceRisk(models.Model):
    """Early warning 预警: what happens more often than it should, before it becomes serious; reviews and drills in time (R73)."""

    _inherit = 'property.service.risk'

    warning_count = fields.Integer(
        string="Warn from Cases", default=0, help="So many complaints and requests of the category in this place are a warning. 0: none.")
    warning_days = fields.Integer(string="Within Days", default=30)
    recent_count = fields.Integer(string="Recent Cases", compute='_compute_recent_count')
    is_warning = fields.Boolean(string="Early Warning", compute='_compute_recent_count', search='_search_is_warning')
    warned_at = fields.Datetime(readonly=True, copy=False)

    _warning_range = models.Constraint(
        'CHECK(warning_count >= 0 AND warning_days BETWEEN 1 AND 365)', "Cases are counted over 1 to 365 days.")

    # ---- COUNTING ----

    @api.depends('warning_count', 'warning_days', 'category_id', 'estate_id', 'building_id', 'unit_id')
    def _compute_recent_count(self):
        counts = self._count_recent()
        for risk in self:
            risk.recent_count = counts.get(risk._origin.id, 0)
            risk.is_warning = bool(risk.warning_count) and risk.recent_count >= risk.warning_count

    def _search_is_warning(self, operator, value):
        if operator != 'in':
            return NotImplemented
        every = self.sudo().with_context(active_test=False)  # sudo: which ones warn; the search itself is the user's
        watched = every.search([('warning_count', '>', 0)])
        warned = Domain('id', 'in', watched.filtered('is_warning').ids)
        return warned if set(value) == {True} else ~warned if set(value) == {False} else Domain.TRUE

    def _count_recent(self):
        """Return {id: number of recent cases}, in one query. All cases count, those too that the reader may not open."""
        if not self.ids:
            return {}
        self.flush_recordset(['category_id', 'estate_id', 'building_id', 'unit_id', 'warning_days', 'company_id'])
        for model in ('property.service.complaint', 'property.service.request'):
            self.env[model].flush_model(['category_id', 'estate_id', 'building_id', 'unit_id', 'company_id', 'state'])
        case = SQL("company_id, category_id, estate_id, building_id, unit_id, create_date")
        return dict(self.env.execute_query(SQL(
            """
            SELECT risk.id, count(*)
              FROM property_service_risk risk
              JOIN property_service_category above ON above.id = risk.category_id
              JOIN property_service_category below ON below.parent_path LIKE above.parent_path || '%%'
              JOIN (SELECT %(case)s FROM property_service_complaint
                     WHERE kind = 'complaint' AND state NOT IN ('transferred', 'withdrawn')
                    UNION ALL
                    SELECT %(case)s FROM property_service_request
                     WHERE merged_into_id IS NULL AND state NOT IN ('rejected', 'cancelled')) c
                ON c.category_id = below.id AND c.company_id = risk.company_id
               AND c.create_date >= %(now)s - risk.warning_days * INTERVAL '1 day'
               AND (risk.estate_id IS NULL OR c.estate_id = risk.estate_id)
               AND (risk.building_id IS NULL OR c.building_id = risk.building_id)
               AND (risk.unit_id IS NULL OR c.unit_id = risk.unit_id)
             WHERE risk.id IN %(ids)s
             GROUP BY risk.id
            """, case=case, now=fields.Datetime.now(), ids=tuple(self.ids))))

    def action_open_recent(self):
        """Return the act_window of the recent complaints that count for the early warning."""
        self.ensure_one()
        since = fields.Datetime.subtract(fields.Datetime.now(), days=self.warning_days)
        domain = [('category_id', 'child_of', self.category_id.ids), ('create_date', '>=', since)]
        domain += [(name, '=', self[name].id) for name in ('estate_id', 'building_id', 'unit_id') if self[name]]
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.complaint_action'), 'domain': domain, 'context': {},
        }

    # ---- CRON ----

    @api.model
    def _cron_risks(self):
        """Warn of what happens often, and remind of reviews and drills. One that fails stops no other."""
        today = self.env.company._property_today()
        soon = today + relativedelta(days=REMIND_DAYS)
        now = fields.Datetime.now()
        watched = self.search([('warning_count', '>', 0), ('category_id', '!=', False)])
        jobs = [(risk, '_warn') for risk in watched.filtered(
            lambda risk: risk.is_warning and (not risk.warned_at or risk.warned_at <= now - relativedelta(days=risk.warning_days)))]
        jobs += [(risk, '_remind_of_review') for risk in self.search([('review_date', '<=', soon)]).filtered(
            lambda risk: risk.reminded_for != risk.review_date)]
        drills = self.env['property.service.risk.drill'].search([
            ('date_done', '=', False), ('date', '<=', soon), ('reminded', '=', False), ('risk_id.active', '=', True)])
        jobs += [(drill, '_remind') for drill in drills]
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=len(jobs))
        for record, method in jobs:
            try:
                with self.env.cr.savepoint():
                    getattr(record, method)()
            except Exception:
                _logger.exception("Risk %s: %s", record.id, method)
            if not commit(1):
                break

    def _warn(self):
        for risk in self:
            env = risk._localize()
            risk._tell(env._("Early warning: %(count)s cases in %(days)s days", count=risk.recent_count, days=risk.warning_days))
            risk.warned_at = fields.Datetime.now()

    def _remind_of_review(self):
        for risk in self:
            risk._tell(risk._localize()._("Review the risk"), risk.review_date)
            risk.reminded_for = risk.review_date

    def _get_responsible_user(self):
        """Return who is told: the owner, else the estate's manager, else somebody of quality."""
        self.ensure_one()
        people = self.sudo()  # sudo: employees' users
        quality = self.env['property.service.standard']._get_quality_users(self.company_id)
        return (people.owner_id.user_id or people.estate_id.manager_id.user_id or quality)[:1]

    def _localize(self):
        return self.with_context(lang=self._get_responsible_user().lang or self.env.lang).env

    def _tell(self, summary, deadline=None, user=None):
        self.ensure_one()
        user = user or self._get_responsible_user()
        if user:
            self.with_context(lang=user.lang).activity_schedule(
                ACTIVITY, user_id=user.id, summary=summary,
                date_deadline=deadline or self.env.company._property_today())


class PropertyServiceRiskDrill(models.Model):
    _inherit = 'property.service.risk.drill'

    reminded = fields.Boolean(readonly=True, copy=False)

    def write(self, vals):
        """What was held, or is held on another day or by somebody else, needs no reminder any more, or another one."""
        if vals.keys() & {'date', 'date_done', 'leader_id'}:
            self.filtered('reminded')._take_reminder_back()
            vals = {**vals, 'reminded': False}
        return super().write(vals)

    def _get_reminded_user(self):
        """Return whoever leads the drill, else the risk's owner."""
        return self.sudo().leader_id.user_id or self.risk_id._get_responsible_user()  # sudo: employees' users

    def _take_reminder_back(self):
        for drill in self:
            drill.risk_id.sudo().activity_ids.filtered(  # sudo: other people's activities
                lambda activity, drill=drill: activity.activity_type_id == self.env.ref(ACTIVITY)
                and activity.date_deadline == drill.date and activity.user_id == drill._get_reminded_user()).unlink()

    def _remind(self):
        """Remind whoever leads the drill."""
        for drill in self:
            user = drill._get_reminded_user()
            env = drill.with_context(lang=user.lang or self.env.lang).env
            drill.risk_id._tell(env._("Hold the drill"), drill.date, user)
            drill.reminded = True


class PropertyServiceCorrectiveAction(models.Model):
    """Corrective actions against a risk."""

    _inherit = 'property.service.corrective.action'

    origin_risk_id = fields.Many2one(
        'property.service.risk', string="From Risk", index='btree_not_null', check_company=True, ondelete='restrict')

    @api.model
    def _get_origin_fields(self):
        return {**super()._get_origin_fields(), 'property.service.risk': ('risk', 'origin_risk_id')}

    def _get_next_round_values(self):
        return {**super()._get_next_round_values(), 'origin_risk_id': self.origin_risk_id.id}
