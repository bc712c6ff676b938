from calendar import isleap

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PropertyServiceGreeting(models.Model):
    """Festival and birthday greetings 情感关怀 to residents who agreed to be written to (R41)."""

    _name = 'property.service.greeting'
    _description = "Greeting"
    _order = 'kind, date, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection([('festival', "Festival"), ('birthday', "Birthday")], required=True, default='festival')
    date = fields.Date(help="Day of the festival. Moving festivals get a new date each year.")
    template_id = fields.Many2one(
        'mail.template', required=True, domain="[('model', '=', 'res.partner')]", ondelete='restrict')
    estate_ids = fields.Many2many('property.service.estate', check_company=True, help="Empty: all.")
    reach_count = fields.Integer(
        string="Residents with Consent", compute='_compute_reach_count', help="Who would be greeted: on a birthday each on the own day.")
    last_sent_on = fields.Date(readonly=True, copy=False)
    last_count = fields.Integer(string="Residents Greeted", readonly=True, copy=False)

    @api.constrains('kind', 'date')
    def _check_date(self):
        for greeting in self:
            if greeting.kind == 'festival' and not greeting.date:
                raise ValidationError(self.env._("Enter the day of the festival."))

    @api.depends('company_id', 'estate_ids')
    def _compute_reach_count(self):
        for greeting in self:
            greeting.reach_count = self.env['res.partner'].search_count(greeting._get_reach_domain())

    def _get_reach_domain(self):
        """Return the Domain of the current residents with consent and an address."""
        self.ensure_one()
        residencies = Domain('is_current', '=', True) & Domain('company_id', '=', self.company_id.id)
        if self.estate_ids:
            residencies &= Domain('estate_id', 'in', self.estate_ids.ids)
        return Domain('residency_ids', 'any', residencies) & Domain('resident_consent', '=', True) & Domain('email', '!=', False)

    def _get_partners(self, today):
        """Return who is greeted on ``today``; on a birthday those born on this day (on 29 February: also on the 28th of other years)."""
        domain = self._get_reach_domain()
        if self.kind == 'birthday':
            days = [today.strftime('%m-%d')]
            if days == ['02-28'] and not isleap(today.year):
                days.append('02-29')
            domain &= Domain('resident_birthday', 'in', days)
        return self.env['res.partner'].search(domain, order='id')

    @api.model
    def _cron_send_greetings(self, batch_size=200):
        """Each morning: queue the greetings of the day, each once."""
        today = self.env.company._property_today()
        commit = self.env['ir.cron']._commit_progress
        for greeting in self.search(['|', ('last_sent_on', '=', False), ('last_sent_on', '<', today)]):
            if greeting.kind == 'festival' and greeting.date != today:
                continue
            if not greeting.try_lock_for_update(allow_referencing=True):
                continue
            partners = greeting._get_partners(today)
            for index in range(0, len(partners), batch_size):
                template = greeting.template_id.with_context(property_greeting_id=greeting.id)
                template.send_mail_batch(partners[index:index + batch_size].ids)
            greeting.write({'last_sent_on': today, 'last_count': len(partners)})
            if not commit(1):
                break
