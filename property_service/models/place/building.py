from odoo import api, fields, models


class PropertyServiceBuilding(models.Model):
    """A building of an estate: 楼栋."""

    _name = 'property.service.building'
    _description = "Building"
    _inherit = ['property.service.portal.fields']
    _order = 'estate_id, sequence, name, id'
    _portal_readable = frozenset({
        'id', 'display_name', 'active', 'company_id', 'name', 'code', 'sequence', 'estate_id', 'floors',
    })

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Short code, unique in the estate.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    estate_id = fields.Many2one('property.service.estate', required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(related='estate_id.company_id', store=True, index=True)
    floors = fields.Integer()
    unit_ids = fields.One2many('property.service.unit', 'building_id', string="Units")
    unit_count = fields.Integer(compute='_compute_unit_count')

    _code_unique = models.Constraint('unique(estate_id, code)', "Another building of the estate has this code.")

    @api.depends('name', 'estate_id.name')
    @api.depends_context('show_estate')
    def _compute_display_name(self):
        show_estate = self.env.context.get('show_estate')
        for building in self:
            parts = [building.estate_id.name if show_estate else None, building.name]
            building.display_name = " · ".join(part for part in parts if part)

    @api.depends('unit_ids')
    def _compute_unit_count(self):
        counts = dict(self.env['property.service.unit']._read_group(
            [('building_id', 'in', self.ids)], ['building_id'], ['__count']))
        for building in self:
            building.unit_count = counts.get(building, 0)

    # ---- ACTIONS ----

    def action_open_units(self):
        """Return the act_window of the building's units."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.unit_action'),
            'domain': [('building_id', '=', self.id)],
            'context': {'default_building_id': self.id},
        }
