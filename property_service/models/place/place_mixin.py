from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyServicePlaceMixin(models.AbstractModel):
    """Where something is: estate, building and unit, as exact as is known, and by them the company."""

    _name = 'property.service.place.mixin'
    _description = "Place"
    _check_company_auto = True

    company_id = fields.Many2one(
        'res.company', required=True, index=True, compute='_compute_company_id', store=True, precompute=True)
    estate_id = fields.Many2one(
        'property.service.estate', index=True, compute='_compute_place', compute_sudo=False, store=True, readonly=False,
        precompute=True, check_company=True, ondelete='restrict')
    building_id = fields.Many2one(
        'property.service.building', index='btree_not_null', compute='_compute_place', compute_sudo=False, store=True,
        readonly=False, precompute=True, domain="[('estate_id', '=?', estate_id)]", ondelete='restrict')
    unit_id = fields.Many2one(
        'property.service.unit', index='btree_not_null', check_company=True, ondelete='restrict',
        domain="[('building_id', '=?', building_id), ('estate_id', '=?', estate_id)]")

    @api.depends('estate_id')
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.estate_id.company_id or record.company_id or self.env.company

    @api.depends('unit_id')
    def _compute_place(self):
        for record in self:
            if record.unit_id:
                record.building_id = record.unit_id.building_id
                record.estate_id = record.unit_id.estate_id
            else:
                record.building_id = record.building_id
                record.estate_id = record.estate_id

    @api.constrains('estate_id', 'building_id', 'unit_id')
    def _check_place(self):
        for record in self:
            if record.unit_id and record.unit_id.building_id != record.building_id \
                    or record.building_id and record.building_id.estate_id != record.estate_id:
                raise ValidationError(self.env._("Unit, building and estate of %(case)s do not belong together.",
                                                 case=record.display_name))
