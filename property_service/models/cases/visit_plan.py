from odoo import api, fields, models
from odoo.fields import Domain


class PropertyServiceVisitPlan(models.Model):
    """Regular callbacks and home visits without an occasion: whoever has not been heard for long is asked (R37)."""

    _name = 'property.service.visit.plan'
    _description = "Visit Plan"
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    estate_ids = fields.Many2many('property.service.estate', check_company=True, help="Empty: all.")
    building_ids = fields.Many2many('property.service.building', help="Empty: all of the estates.")
    months = fields.Integer(
        string="Months Since the Last Contact", required=True, default=6, help="Callbacks, requests and complaints are contacts.")
    daily_number = fields.Integer(string="Callbacks a Day", required=True, default=10)
    script = fields.Text(translate=True)
    callback_count = fields.Integer(compute='_compute_callback_count')

    _numbers_positive = models.Constraint('CHECK(months > 0 AND daily_number > 0)', "Months and callbacks a day are greater than zero.")

    def _compute_callback_count(self):
        counts = dict(self.env['property.service.callback']._read_group(
            [('visit_plan_id', 'in', self.ids)], ['visit_plan_id'], ['__count']))
        for plan in self:
            plan.callback_count = counts.get(plan, 0)

    def _get_residencies(self, limit):
        """Return up to ``limit`` current primary residencies whose resident has had no contact for so many months."""
        self.ensure_one()
        since = fields.Datetime.subtract(fields.Datetime.now(), months=self.months)
        domain = Domain('company_id', '=', self.company_id.id) & Domain('is_current', '=', True) & Domain(
            'date_start', '<=', since.date()) & Domain('unit_id.use', '!=', 'common')
        if self.estate_ids:
            domain &= Domain('estate_id', 'in', self.estate_ids.ids)
        if self.building_ids:
            domain &= Domain('building_id', 'in', self.building_ids.ids)
        for model in ('property.service.callback', 'property.service.request', 'property.service.complaint'):
            contacts = self.env[model]._search([('partner_id', '!=', False), ('create_date', '>=', since)])
            domain &= Domain('partner_id', 'not in', contacts.subselect('partner_id'))
        return self.env['property.service.residency'].search(domain, order='is_primary desc, id', limit=limit)

    @api.model
    def _cron_plan_visits(self):
        """Once a day: plan the day's share of each plan, one callback per resident."""
        commit = self.env['ir.cron']._commit_progress
        for plan in self.search([('active', '=', True)]):
            seen = set()
            vals_list = []
            for residency in plan._get_residencies(plan.daily_number):
                if residency.partner_id.id not in seen:
                    seen.add(residency.partner_id.id)
                    vals_list.append({
                        'origin': 'visit', 'visit_plan_id': plan.id, 'partner_id': residency.partner_id.id,
                        'unit_id': residency.unit_id.id, 'company_id': plan.company_id.id,
                        'deadline': fields.Datetime.add(fields.Datetime.now(), days=7),
                    })
            self.env['property.service.callback'].create(vals_list)
            if not commit(1):
                break

    def action_open_callbacks(self):
        """Return the act_window of the plan's callbacks."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.callback_action'),
            'domain': [('visit_plan_id', 'in', self.ids)], 'context': {},
        }
