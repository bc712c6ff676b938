import base64
import uuid

from odoo import api, fields, models

from ...tools.qr_code import qr_png


class PropertyServiceUnit(models.Model):
    """A flat, shop, parking place or common area: 房屋. Its form is the house health file 房屋健康档案 (R105)."""

    _name = 'property.service.unit'
    _description = "Unit"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'property.service.portal.fields']
    _order = 'estate_id, building_id, floor, code, id'
    _rec_names_search = ['name', 'code', 'full_code']
    _portal_readable = frozenset({
        'id', 'display_name', 'active', 'company_id', 'name', 'code', 'full_code', 'building_id', 'estate_id', 'floor',
        'area', 'use',
    })

    name = fields.Char(
        required=True, index='trigram', compute='_compute_name', store=True, readonly=False, precompute=True,
        help="As people say it, for example 3-2-1201.")
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
    qr_image = fields.Binary(string="QR Code", compute='_compute_qr_image', groups='base.group_user')
    document_count = fields.Integer(compute='_compute_document_count')

    _code_unique = models.Constraint('unique(building_id, code)', "Another unit of the building has this code.")
    _area_not_negative = models.Constraint('CHECK(area >= 0)', "The floor area cannot be negative.")

    @api.depends('code', 'building_id')
    def _compute_name(self):
        """Propose the codes of building and unit; a name that somebody gave stays."""
        for unit in self:
            codes = (unit.building_id.code, unit.code)
            unit.name = unit.name or ("-".join(codes) if all(codes) else False)

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
        residencies.partner_id.fetch(['name', 'active', 'company_id'])  # in one query, not one for each unit
        by_unit = residencies.grouped('unit_id')
        for unit in self:
            unit.resident_ids = by_unit.get(unit._origin, residencies.browse()).partner_id

    def _compute_document_count(self):
        counts = dict(self.env['ir.attachment']._read_group(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids)], ['res_id'], ['__count']))
        for unit in self:
            unit.document_count = counts.get(unit.id, 0)

    @api.depends('qr_token')
    def _compute_qr_image(self):
        for unit in self:
            unit.qr_image = base64.b64encode(qr_png(unit._get_qr_url())) if unit.qr_token else False

    # ---- BUSINESS METHODS ----

    def _get_qr_url(self):
        """Return the address behind the unit's QR code: the report form with the place filled in."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/services/report/{self.qr_token}"

    def _get_qr_pages(self, columns=3, rows=4):
        """Return the units as pages of rows of ``columns`` units, the last row filled up with empty units."""
        units = list(self) + [self.browse()] * (-len(self) % columns)
        lines = [units[start:start + columns] for start in range(0, len(units), columns)]
        return [lines[start:start + rows] for start in range(0, len(lines), rows)]

    # ---- ACTIONS ----

    def action_renew_qr(self):
        """Make the printed QR codes of these units worthless, for example after misuse, and give them new ones."""
        for unit in self:
            unit.qr_token = uuid.uuid4().hex
        return True

    def action_open_documents(self):
        """Return the act_window of the files kept with the unit: plans, contracts, photos of the handover."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Documents"),
            'res_model': 'ir.attachment',
            'view_mode': 'list,form',
            'domain': [('res_model', '=', self._name), ('res_id', '=', self.id)],
            'context': {'default_res_model': self._name, 'default_res_id': self.id},
        }
