import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import sampling
from ..cases.request_states import FINISHED_STATES as REQUEST_FINISHED


class PropertyServiceSurveyCampaign(models.Model):
    """Surveys after a service (R47): which services, which share, and not more than once per resident in so many days."""

    _inherit = 'property.service.survey.campaign'

    service_source = fields.Selection(
        [('request', "Finished requests"), ('complaint', "Answered complaints")], string="After Which Cases", required=True, default='request')
    service_type_ids = fields.Many2many('property.service.type', string="Service Types", check_company=True, help="Empty: all.")
    service_category_ids = fields.Many2many('property.service.category', string="Categories", check_company=True, help="Empty: all.")
    service_share = fields.Float(string="Share (%)", default=100.0, help="Drawn with the seed and the number of the case.")
    service_delay_hours = fields.Float(string="Ask After (Hours)", default=24.0)
    service_quiet_days = fields.Integer(
        string="Leave in Peace for (Days)", default=30, help="Nobody is asked after a service again within so many days.")
    processed_until = fields.Datetime(readonly=True, copy=False, help="Services that ended up to here have been considered.")

    _service_numbers = models.Constraint(
        'CHECK(service_share BETWEEN 0 AND 100 AND service_delay_hours >= 0 AND service_quiet_days >= 0)',
        "The share is a percentage; hours and days cannot be negative.")

    @api.constrains('kind', 'sample')
    def _check_service_sample(self):
        for campaign in self:
            if campaign.kind == 'service' and campaign.sample != 'all':
                raise ValidationError(self.env._("A survey after a service is drawn by its share, not by strata."))

    def _get_service_domain(self, start, end):
        """Return (model, date field, Domain) of the cases that ended in [start, end)."""
        self.ensure_one()
        domain = Domain('company_id', '=', self.company_id.id) & Domain('partner_id', '!=', False) & Domain('unit_id', '!=', False)
        if self.estate_ids:
            domain &= Domain('estate_id', 'in', self.estate_ids.ids)
        if self.building_ids:
            domain &= Domain('building_id', 'in', self.building_ids.ids)
        if self.service_category_ids:
            domain &= Domain('category_id', 'child_of', self.service_category_ids.ids)
        if self.service_source == 'complaint':
            model, date_field = 'property.service.complaint', 'answered_at'
            domain &= Domain('kind', '=', 'complaint') & Domain('anonymous', '=', False)
        else:
            model, date_field = 'property.service.request', 'done_at'
            domain &= Domain('state', 'in', ('done', *REQUEST_FINISHED[:3]))
            if self.service_type_ids:
                domain &= Domain('type_id', 'in', self.service_type_ids.ids)
        return model, date_field, domain & Domain(date_field, '>=', start) & Domain(date_field, '<', end)

    def _plan_services(self, batch_size=1000):
        """Invite those whose service ended since the last run, in a constant number of queries per batch."""
        self.ensure_one()
        if self.kind != 'service':
            return
        while self._plan_service_batch(batch_size):
            pass

    def _plan_service_batch(self, batch_size):
        end = fields.Datetime.subtract(fields.Datetime.now(), hours=self.service_delay_hours)
        start = self.processed_until
        if end <= start:
            return False
        model, date_field, domain = self._get_service_domain(start, end)
        Case = self.env[model].sudo()  # sudo: the cron considers all cases of the company
        cases = Case.search(domain, order=f'{date_field}, id', limit=batch_size)
        more = len(cases) == batch_size
        if more:
            # Cases of the same second stay together, so that none is passed over by the watermark.
            end = fields.Datetime.add(cases[-1][date_field], seconds=1)
            cases = Case.search(domain & Domain(date_field, '<', end), order=f'{date_field}, id')
        drawn = cases.filtered(lambda case: sampling.is_drawn(self.seed, case.name, self.service_share))
        self._invite_after(drawn)
        self._write_facts({'processed_until': end})
        return more

    def _invite_after(self, cases):
        """Invite the residents of the cases, once each, and nobody who was asked lately or does not live there any more."""
        Invitation = self.env['property.service.survey.invitation'].sudo()  # sudo: facts of the campaign
        since = fields.Datetime.subtract(fields.Datetime.now(), days=self.service_quiet_days)
        asked = {partner.id for (partner,) in Invitation._read_group(
            [('partner_id', 'in', cases.partner_id.ids), ('campaign_id.kind', '=', 'service'), ('create_date', '>=', since)], ['partner_id'])
        } if self.service_quiet_days else set()
        known = {key for (key,) in Invitation._read_group(
            [('campaign_id', '=', self.id), ('answer_key', 'in', cases.mapped('name'))], ['answer_key'])}
        Residency = self.env['property.service.residency'].sudo()  # sudo: whoever runs the cron
        residencies = {(r.unit_id.id, r.partner_id.id): r.role for r in Residency.search(
            [('unit_id', 'in', cases.unit_id.ids), ('partner_id', 'in', cases.partner_id.ids), ('is_current', '=', True)])}
        strata = {stratum.estate_id.id: stratum for stratum in self.sudo().stratum_ids}  # sudo: made here only
        vals_list, numbers = [], {}
        for case in cases:
            key = (case.unit_id.id, case.partner_id.id)
            if case.partner_id.id in asked or case.name in known or key not in residencies:
                continue
            if self.service_quiet_days:
                asked.add(case.partner_id.id)
            numbers[case.estate_id.id] = numbers.get(case.estate_id.id, 0) + 1
            vals_list.append((case.estate_id.id, {
                'campaign_id': self.id, 'company_id': self.company_id.id, 'partner_id': case.partner_id.id, 'unit_id': case.unit_id.id,
                'estate_id': case.estate_id.id, 'building_id': case.building_id.id, 'unit_use': case.unit_id.use,
                'role': residencies[key], 'answer_key': case.name, 'access_token': uuid.uuid4().hex,
                'position': sampling.position(self.seed, case.name),
                'request_id' if case._name == 'property.service.request' else 'complaint_id': case.id,
            }))
        for estate_id, number in numbers.items():
            stratum = strata.get(estate_id) or self.env['property.service.survey.stratum'].sudo().create(  # sudo: as above
                {'campaign_id': self.id, 'estate_id': estate_id})
            strata[estate_id] = stratum
            stratum.write({'population': stratum.population + number, 'drawn': stratum.drawn + number})
        Invitation.create([{**vals, 'stratum_id': strata[estate_id].id} for estate_id, vals in vals_list])
        self._queue_invitations()
