import re
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.phone import MINIMUM_DIGITS, looks_like_phone, phone_digits

_HAN_NAME = re.compile(r'[\u3400-\u9fff·]+')
_LATIN_ONLY = frozenset({'email', 'vat', 'company_registry'})
_SEARCH_LIMIT = 100  # people proposed for part of a number or of a unit's code: more is no answer


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
        help="The resident agreed that preferences, care notes and birthday are kept. Without consent nothing may be entered.")
    resident_consent_date = fields.Date(
        string="Consent Given On", readonly=True, groups='property_service.group_agent')
    resident_preferences = fields.Text(string="Preferences", groups='property_service.group_agent')
    resident_care_notes = fields.Text(string="Care Notes", groups='property_service.group_supervisor')
    resident_channel = fields.Selection(
        [('phone', "Phone"), ('email', "E-mail"), ('portal', "Portal"), ('visit', "Visit")],
        string="Preferred Channel", groups='property_service.group_technician')

    resident_unit_names = fields.Char(
        string="Lives in", compute='_compute_resident_unit_names', groups='property_service.group_technician')
    is_resident = fields.Boolean(
        string="Resident", compute='_compute_is_resident', search='_search_is_resident',
        groups='property_service.group_technician', help="Lives in a unit or owns one today.")

    # equality, and numbers of which somebody remembers the beginning; the trigram index finds the end and the middle
    _phone_digits_prefix_index = models.Index('(phone_digits text_pattern_ops) WHERE phone_digits IS NOT NULL')

    resident_call_hours = fields.Selection(
        [('morning', "Morning"), ('afternoon', "Afternoon"), ('evening', "Evening")],
        string="Best Time to Call", groups='property_service.group_technician,property_service.group_quality')

    resident_birthday = fields.Char(
        string="Birthday (MM-DD)", size=5, groups='property_service.group_agent', help="Month and day only: enough for a greeting.")

    @api.depends('phone')
    def _compute_phone_digits(self):
        for partner in self:
            partner.phone_digits = phone_digits(partner.phone) or False

    @api.depends('residency_ids.date_start', 'residency_ids.date_end', 'residency_ids.unit_id')
    def _compute_unit_ids(self):
        residencies = self.env['property.service.residency'].search(
            [('partner_id', 'in', self.ids), ('is_current', '=', True)], order='is_primary desc, id')
        residencies.unit_id.fetch(['name', 'active', 'company_id'])  # in one query, not one for each partner
        units = {partner: group.unit_id for partner, group in residencies.grouped('partner_id').items()}
        for partner in self:
            partner.unit_ids = units.get(partner._origin, self.env['property.service.unit'])

    def _search_unit_ids(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        if operator == 'in' and False in value:
            with_unit = Domain('residency_ids', 'any', [('is_current', '=', True)])
            others = [unit_id for unit_id in value if unit_id]
            return ~with_unit | self._search_unit_ids('in', others) if others else ~with_unit
        return Domain('residency_ids', 'any', Domain('is_current', '=', True) & Domain('unit_id', operator, value))

    @api.depends('unit_ids.name')
    def _compute_resident_unit_names(self):
        for partner in self:
            partner.resident_unit_names = ", ".join(partner.unit_ids.mapped('name'))

    @api.depends('unit_ids')
    def _compute_is_resident(self):
        for partner in self:
            partner.is_resident = bool(partner.unit_ids)

    def _search_is_resident(self, operator, value):
        if operator != 'in':
            return NotImplemented
        current = Domain('residency_ids', 'any', [('is_current', '=', True)])
        domains = {True: current, False: ~current}
        return Domain.OR(domains[bool(wanted)] for wanted in value)

    @api.depends_context('show_resident', 'formatted_display_name')
    def _compute_display_name(self):
        """Tell namesakes apart by unit and phone in drop-down lists, elsewhere with ``show_resident`` in the context.

        Three queries for any number of people.
        """
        super()._compute_display_name()
        formatted = self.env.context.get('formatted_display_name')
        if not (formatted or self.env.context.get('show_resident')) or not self._may_read_residencies():
            return
        for partner in self:
            details = " · ".join(part for part in (partner.resident_unit_names, partner.phone) if part)
            if details and formatted and partner.resident_unit_names:
                partner.display_name = f"{partner.display_name} \t --{details}--"
            elif details and not formatted:
                partner.display_name = f"{partner.display_name} · {details}"

    # ---- CONSTRAINTS ----

    @api.constrains('resident_consent', 'resident_preferences', 'resident_care_notes', 'resident_birthday')
    def _check_resident_consent(self):
        for partner in self.sudo():  # sudo: the rule holds whoever writes; some writers cannot read all three fields
            if not partner.resident_consent and (partner.resident_preferences or partner.resident_care_notes or partner.resident_birthday):
                raise ValidationError(self.env._(
                    "Preferences, care notes and birthday of %(resident)s may be kept only with the resident's consent.",
                    resident=partner.display_name))

    @api.constrains('resident_birthday')
    def _check_resident_birthday(self):
        for partner in self.sudo():  # sudo: the rule holds whoever writes
            try:
                # any leap year: 29 February is a birthday, too
                if partner.resident_birthday and len(partner.resident_birthday) != len('MM-DD'):
                    raise ValueError(partner.resident_birthday)
                datetime.strptime(f"2000-{partner.resident_birthday or '01-01'}", '%Y-%m-%d')
            except ValueError:
                raise ValidationError(self.env._(
                    "%(birthday)s is not a day: enter the birthday as month and day, for example 08-15.", birthday=partner.resident_birthday))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        vals_list = [
            {'resident_consent_date': today, **vals} if vals.get('resident_consent') else vals for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Date the consent; a consent withdrawn deletes what was kept on it (R106)."""
        if 'resident_consent' not in vals:
            return super().write(vals)
        if not vals['resident_consent']:
            return super().write({
                **vals, 'resident_consent_date': False, 'resident_preferences': False, 'resident_care_notes': False,
                    'resident_birthday': False})
        known = self.filtered('resident_consent')
        if known:
            super(ResPartner, known).write(vals)  # the day on which it was given first stays
        if self - known:
            super(ResPartner, self - known).write({'resident_consent_date': fields.Date.context_today(self), **vals})
        return True

    # ---- SEARCH ----

    @api.model
    def _search_display_name(self, operator, value):
        """Find a person also by phone number in any notation, and by the unit (R2).

        A whole phone number or the whole code of a unit is an answer of its own. Anything less is looked for besides
        what Odoo searches.
        """
        domain = super()._search_display_name(operator, value)
        if operator not in ('ilike', 'like') or not isinstance(value, str) or not value.strip():
            return domain
        if _HAN_NAME.fullmatch(value.strip()):
            # Chinese has no upper and lower case, and no index finds two or three characters inside a name: what is left
            # is to read fewer columns, and without folding case (a fifth of the time on 100,000 people).
            names = [name for name in self._rec_names_search if name not in _LATIN_ONLY]
            return Domain.OR(Domain(name, 'like', value.strip()) for name in names)
        exact, partial = self._find_residents(value.strip())
        if exact:
            return Domain('id', 'in', exact)
        if not partial:
            return domain
        if looks_like_phone(value, MINIMUM_DIGITS):
            # Most of a number and somebody has it: names need not be read through, other numbers may begin so as well.
            domain = Domain.OR(Domain(name, '=like', f'{value.strip()}%') for name in ('ref', 'vat', 'company_registry'))
        return domain | Domain('id', 'in', partial)

    @api.model
    def _find_residents(self, text):
        """Return (ids of those whose phone number or unit is just this text, ids of those where it is part of one)."""
        digits = phone_digits(text) if looks_like_phone(text) else ''
        if len(digits) >= MINIMUM_DIGITS:
            exact = self._search(Domain('phone_digits', '=', digits), limit=_SEARCH_LIMIT)
            if exact := list(exact):
                return exact, []
        partial = []
        if self._may_read_residencies() and any(character.isdigit() for character in text):
            if not text.isdecimal():  # a bare number is the name of many units, and of other things
                exact = self._find_units_residents(Domain('name', '=', text) | Domain('full_code', '=', text))
                if exact:
                    return exact, []
            partial += self._find_units_residents(Domain('full_code', 'ilike', text) | Domain('name', 'ilike', text))
        if digits:
            # without the 0 or 00 in front, a number also is found where it was noted without them
            partial += self._search(Domain('phone_digits', 'ilike', digits.lstrip('0') or digits), limit=_SEARCH_LIMIT)
        return [], partial

    @api.model
    def _find_units_residents(self, unit_domain):
        units = self.env['property.service.unit']._search(unit_domain, limit=_SEARCH_LIMIT)
        residencies = self.env['property.service.residency'].search_fetch(
            [('unit_id', 'in', units), ('is_current', '=', True)], ['partner_id'], limit=_SEARCH_LIMIT)
        return residencies.partner_id.ids

    @api.model
    def _may_read_residencies(self):
        return self.env.su or self.env.user.has_group('property_service.group_technician')

    # ---- ACTIONS ----

    def action_open_residencies(self):
        """Return the act_window of the resident's units, today's and former ones."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.residency_action'),
            'domain': [('partner_id', '=', self.id)],
            'context': {'default_partner_id': self.id},
        }
