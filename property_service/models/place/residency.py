from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PropertyServiceResidency(models.Model):
    """Who lives in or owns a unit, from when to when: 入住关系.

    All access of residents hangs on it: it starts on ``date_start`` and has ended on the day of ``date_end``.
    """

    _name = 'property.service.residency'
    _description = "Residency"
    _inherit = ['property.service.portal.fields']
    _order = 'date_end desc, is_primary desc, date_start desc, id desc'
    _rec_name = 'partner_id'
    _portal_readable = frozenset({
        'id', 'display_name', 'company_id', 'unit_id', 'building_id', 'estate_id', 'partner_id', 'role', 'date_start',
        'date_end', 'is_primary', 'is_current',
    })

    unit_id = fields.Many2one('property.service.unit', required=True, index=True, ondelete='cascade')
    building_id = fields.Many2one(related='unit_id.building_id', store=True, index=True, precompute=True)
    estate_id = fields.Many2one(related='unit_id.estate_id', store=True, index=True, precompute=True)
    company_id = fields.Many2one(related='unit_id.company_id', store=True, index=True, precompute=True)
    partner_id = fields.Many2one('res.partner', string="Resident", required=True, index=True, ondelete='restrict')
    phone = fields.Char(related='partner_id.phone', readonly=False)
    email = fields.Char(related='partner_id.email', readonly=False)
    role = fields.Selection(
        [('owner', "Owner"), ('tenant', "Tenant"), ('family', "Family"), ('occupant', "Occupant")],
        required=True, default='owner',
    )
    date_start = fields.Date(string="Since", required=True, default=fields.Date.context_today)
    date_end = fields.Date(string="Until", help="Day of moving out: access to the unit's cases ends on this day.")
    is_primary = fields.Boolean(string="Primary Contact", help="The first person to call about the unit.")
    is_current = fields.Boolean(string="Current", compute='_compute_is_current', search='_search_is_current')
    note = fields.Char()

    _dates_in_order = models.Constraint(
        'CHECK(date_end IS NULL OR date_end >= date_start)', "A residency cannot end before it starts.")
    _partner_dates_index = models.Index('(partner_id, date_start, date_end)')

    @api.depends('date_start', 'date_end')
    def _compute_is_current(self):
        today = self.env.company._property_today()
        for residency in self:
            residency.is_current = bool(
                residency.date_start and residency.date_start <= today
                and (not residency.date_end or residency.date_end > today))

    def _search_is_current(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = self._get_current_domain()
        if set(value) == {True}:
            return domain
        if set(value) == {False}:
            return ~domain
        return Domain.TRUE if value else Domain.FALSE

    @api.model
    def _get_current_domain(self):
        """Return the Domain of the residencies in force today."""
        today = self.env.company._property_today()
        return Domain('date_start', '<=', today) & (Domain('date_end', '=', False) | Domain('date_end', '>', today))

    @api.constrains('unit_id', 'partner_id', 'role', 'date_start', 'date_end')
    def _check_overlap(self):
        siblings = self.search([('unit_id', 'in', self.unit_id.ids), ('partner_id', 'in', self.partner_id.ids)])
        by_key = siblings.grouped(lambda residency: (residency.unit_id, residency.partner_id, residency.role))
        for residency in self:
            same = by_key.get((residency.unit_id, residency.partner_id, residency.role), self.browse())
            for other in same - residency:
                if residency._overlaps(other):
                    raise ValidationError(self.env._(
                        "%(resident)s already is %(role)s of %(unit)s in this period.",
                        resident=residency.partner_id.display_name, unit=residency.unit_id.display_name,
                        role=dict(self._fields['role']._description_selection(self.env))[residency.role],
                    ))

    def _overlaps(self, other):
        """Tell whether both hold on one day at least. The day of moving out no longer counts, so that one may move back in."""
        latest = max(self.date_start, other.date_start)
        return all(not residency.date_end or residency.date_end > latest for residency in (self, other))

    @api.depends('partner_id', 'unit_id', 'role')
    def _compute_display_name(self):
        roles = dict(self._fields['role']._description_selection(self.env))
        for residency in self:
            parts = (residency.partner_id.display_name, residency.unit_id.name, roles.get(residency.role))
            residency.display_name = " · ".join(part for part in parts if part)

    # ---- ACTIONS ----

    def action_move_out(self):
        """End the residencies today: the residents' access to the units' cases ends at once.

        Those that have ended already keep their day; those still to come end before they begin.
        """
        today = self.env.company._property_today()
        for residency in self:
            if not residency.date_end or residency.date_end > today:
                residency.date_end = max(today, residency.date_start)
        return True
