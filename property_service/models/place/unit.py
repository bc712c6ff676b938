import uuid

from odoo import api, fields, models


class PropertyServiceUnit(models.Model):
    """A flat, shop, parking place or common area: 房屋. Its form is the house health file 房屋健康档案 (R105)."""

    _name = 'property.service.unit'
    _description = "Unit"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'estate_id, building_id, floor, code, id'
    _rec_names_search = ['name', 'code', 'full_code']

    name = fields.Char(required=True, help="As people say it, for example 3-2-1201.")
    code = fields.Char(required=True, help="Unique in the building.")
    full_code = fields.Char(
        compute='_compute_full_code', store=True, index='trigram', precompute=True,
        help="Codes of estate, building and unit.",
    )
    active = fields.Boolean(default=True)
    building_id = fields.Many2one(
        'property.service.building', required=True, index=True, ondelete='restrict', tracking=True)
    estate_id = fields.Many2one(related='building_id.estate_id', store=True, index=True, precompute=True)
    company_id = fields.Many2one(related='building_id.estate_id.company_id', store=True, index=True, precompute=True)
    floor = fields.Integer()
    area = fields.Float(string="Floor Area (m²)", digits=(10, 2), tracking=True)
    use = fields.Selection(
        [('residential', "Residential"), ('commercial', "Commercial"), ('parking', "Parking"), ('common', "Common Area")],
        required=True, default='residential', tracking=True,
    )
    residency_ids = fields.One2many('property.service.residency', 'unit_id', string="Residencies")
    resident_ids = fields.Many2many('res.partner', string="Current Residents", compute='_compute_resident_ids')
    decoration = fields.Text(help="Decoration and conversions of the unit: what, when, by whom.")
    equipment = fields.Text(help="Air conditioning, appliances, meters, pipes and cables worth knowing before a visit.")
    qr_token = fields.Char(
        string="QR Token", required=True, copy=False, readonly=True, index=True, groups='base.group_user',
        default=lambda self: uuid.uuid4().hex,
    )

    _code_unique = models.Constraint('unique(building_id, code)', "Another unit of the building has this code.")
    _area_not_negative = models.Constraint('CHECK(area >= 0)', "The floor area cannot be negative.")

    @api.depends('code', 'building_id.code', 'building_id.estate_id.code')
    def _compute_full_code(self):
        for unit in self:
            building = unit.building_id
            unit.full_code = "-".join(filter(None, (building.estate_id.code, building.code, unit.code)))

    @api.depends('name', 'building_id.name', 'estate_id.name')
    def _compute_display_name(self):
        for unit in self:
            parts = (unit.estate_id.name, unit.building_id.name, unit.name)
            unit.display_name = " · ".join(part for part in parts if part)

    @api.depends('residency_ids.date_start', 'residency_ids.date_end', 'residency_ids.partner_id')
    def _compute_resident_ids(self):
        residencies = self.env['property.service.residency'].search(
            [('unit_id', 'in', self.ids), ('is_current', '=', True)], order='is_primary desc, id')
        for unit in self:
            unit.resident_ids = residencies.filtered(lambda residency, unit=unit: residency.unit_id == unit).partner_id
