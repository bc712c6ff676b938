from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..catalogue.conduct_rule import MOST_AMOUNT, MOST_POINTS
from ..claim import claim

#: event -> (model, SQL of who gets the points, for which cases, when, and how many times: rows employee_id, res_id, name, at, times)
_EVENTS = {
    'praise': ('property.service.complaint', SQL(
        """SELECT COALESCE(c.about_employee_id, origin.employee_id), c.id, c.name, c.sla_start_at, 1
             FROM property_service_complaint c LEFT JOIN property_service_request origin ON origin.id = c.request_id
            WHERE c.kind = 'praise' AND c.state IN ('answered', 'closed')""")),
    'rating': ('property.service.request', SQL(
        """SELECT c.employee_id, c.id, c.name, c.done_at, 1 FROM property_service_request c
            WHERE c.rating_value = 5 AND c.state IN ('done', 'accepted', 'closed') AND c.merged_into_id IS NULL""")),
    'error': ('property.service.complaint', SQL(
        """SELECT c.fault_employee_id, c.id, c.name, c.done_at, 1 FROM property_service_complaint c
            WHERE c.kind = 'complaint' AND c.fault = 'employee' AND c.state IN ('answered', 'closed')""")),
    'award': ('property.service.complaint', SQL(
        """SELECT e.id, c.id, c.name, c.sla_start_at, 1
             FROM property_service_complaint c JOIN hr_employee e ON e.user_id = c.suggested_by_id AND e.company_id = c.company_id
            WHERE c.kind = 'suggestion' AND c.adoption = 'adopted' AND c.state IN ('answered', 'closed')""")),
    'finding': ('property.service.corrective.action', SQL(
        """SELECT c.responsible_id, c.id, c.name, c.closed_at, c.points
             FROM property_service_corrective_action c WHERE c.state IN ('verified', 'ineffective') AND c.points != 0""")),
}


class PropertyServicePointsRule(models.Model):
    """What brings points by itself: praise, five stars, errors, findings (R85). Proposed once per case, approved by HR."""

    _name = 'property.service.points.rule'
    _description = "Points Rule"
    _order = 'event, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    event = fields.Selection(
        [('praise', "Praise of an Employee"), ('rating', "Rating of Five Stars"), ('error', "Complaint That Was the Employee's Fault"),
         ('award', "Adopted Suggestion of an Employee"), ('finding', "Points Card of a Corrective Action")],
        required=True, help="The points card of a closed corrective action counts as often as it has points, good or bad (R62).")
    points = fields.Float(required=True, help="Negative: taken off.")
    amount = fields.Monetary(string="Reward", help="Negative: a penalty.")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today, help="Cases before this day bring nothing.")

    @api.constrains('points', 'amount')
    def _check_points(self):
        for rule in self:
            if not rule.points and not rule.amount:
                raise ValidationError(self.env._("%(rule)s brings nothing: enter points or a reward.", rule=rule.name))
            if not (abs(rule.points) <= MOST_POINTS and abs(rule.amount) <= MOST_AMOUNT):
                raise ValidationError(self.env._(
                    "At most %(points)s points and a reward of %(amount)s at once.", points=MOST_POINTS, amount=MOST_AMOUNT))

    def action_run(self):
        """Propose the points of all cases that have not brought any yet."""
        self.check_access('write')
        self._propose()
        return True

    @api.model
    def _cron_propose(self):
        """Run all rules but those that somebody runs right now: what he leaves is proposed the next time."""
        rules = self.search([('active', '=', True)])
        commit = self.env['ir.cron']._commit_progress
        retry = self.env['property.service.clock.mixin']._retry_batch
        commit(remaining=len(rules))
        for rule in rules:
            retry(lambda rule=rule: rule.try_lock_for_update(allow_referencing=True)._propose())
            if not commit(1):
                break

    def _propose(self):
        """Propose points in one query and one batch per rule; the unique index of the ledger keeps a case from counting twice."""
        Points = self.env['property.service.points'].sudo()  # sudo: proposals are made by the rule, whoever runs it
        claim(self)
        for rule in self:
            if rule.env.uid == SUPERUSER_ID:  # the nightly job
                rule = rule.company_id._in_language(rule)
            self.env.flush_all()
            model, cases = _EVENTS[rule.event]
            rows = self.env.execute_query(SQL(
                """
                SELECT c.employee_id, c.res_id, c.name, c.at, c.times
                  FROM (%(cases)s) AS c (employee_id, res_id, name, at, times)
                  JOIN hr_employee e ON e.id = c.employee_id AND e.company_id = %(company)s
                 WHERE c.at >= %(start)s
                   AND NOT EXISTS (SELECT 1 FROM property_service_points p
                                    WHERE p.rule_id = %(rule)s AND p.origin_model = %(model)s AND p.origin_id = c.res_id
                                      AND p.employee_id = c.employee_id)
                """, cases=cases, company=rule.company_id.id, rule=rule.id, model=model,
                start=rule.company_id._property_day_start(rule.date_from)))
            Points.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True).create([{
                'employee_id': employee_id, 'company_id': rule.company_id.id, 'date': rule.company_id._property_day(at), 'kind': rule.event,
                'points': rule.points * times, 'amount': rule.amount * times, 'reason': f"{rule.name}: {name}", 'rule_id': rule.id,
                'origin_model': model, 'origin_id': res_id,
            } for employee_id, res_id, name, at, times in rows])
