from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.phone import looks_like_phone, phone_digits


class ResPartner(models.Model):
    _inherit = 'res.partner'

    residency_ids = fields.One2many(
        'property.service.residency', 'partner_id', string="Residencies",
        groups='property_service.group_technician,base.group_portal')
    unit_ids = fields.Many2many(
        'property.service.unit', string="Units", compute='_compute_unit_ids', search='_search_unit_ids',
        groups='property_service.group_technician,base.group_portal',
        help="Units in which this person lives or which the person owns today.")
    phone_digits = fields.Char(
        compute='_compute_phone_digits', store=True, precompute=True, index='trigram', export_string_translation=False,
        help="Digits of the phone number: finds it in whatever notation it was entered.")
    resident_consent = fields.Boolean(
        string="Consent to Keep a Profile", groups='property_service.group_agent',
        help="The resident agreed that preferences and care notes are kept. Without consent nothing may be entered.")
    resident_consent_date = fields.Date(
        string="Consent Given On", readonly=True, groups='property_service.group_agent')
    resident_preferences = fields.Text(string="Preferences", groups='property_service.group_agent')
    resident_care_notes = fields.Text(string="Care Notes", groups='property_service.group_supervisor')
    resident_channel = fields.Selection(
        [('phone', "Phone"), ('email', "E-mail"), ('portal', "Portal"), ('visit', "Visit")],
        string="Preferred Channel", groups='property_service.group_technician')

    @api.depends('phone')
    def _compute_phone_digits(self):
        for partner in self:
            partner.phone_digits = phone_digits(partner.phone) or False

    @api.depends('residency_ids.date_start', 'residency_ids.date_end', 'residency_ids.unit_id')
    def _compute_unit_ids(self):
        residencies = self.env['property.service.residency'].search(
            [('partner_id', 'in', self.ids), ('is_current', '=', True)])
        units = {
            partner: group.unit_id for partner, group in residencies.grouped('partner_id').items()
        }
        for partner in self:
            partner.unit_ids = units.get(partner._origin, self.env['property.service.unit'])

    def _search_unit_ids(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        return Domain('residency_ids', 'any', Domain('is_current', '=', True) & Domain('unit_id', operator, value))

    @api.constrains('resident_consent', 'resident_preferences', 'resident_care_notes')
    def _check_resident_consent(self):
        for partner in self:
            if not partner.resident_consent and (partner.resident_preferences or partner.resident_care_notes):
                raise ValidationError(self.env._(
                    "Preferences and care notes of %(resident)s may be kept only with the resident's consent.",
                    resident=partner.display_name))

    def write(self, vals):
        """Date the consent; a consent withdrawn deletes what was kept on it (R106)."""
        if 'resident_consent' in vals:
            if vals['resident_consent']:
                vals = {'resident_consent_date': fields.Date.context_today(self), **vals}
            else:
                vals = {**vals, 'resident_consent_date': False, 'resident_preferences': False, 'resident_care_notes': False}
        return super().write(vals)

    @api.model
    def _search_display_name(self, operator, value):
        """Find a person also by phone number, in any notation (R2)."""
        domain = super()._search_display_name(operator, value)
        if operator in ('=', 'ilike', 'like', '=ilike') and isinstance(value, str) and looks_like_phone(value):
            digits = phone_digits(value)
            domain |= Domain('phone_digits', '=like' if len(digits) < 11 else '=', f'{digits}%' if len(digits) < 11 else digits)
        return domain
