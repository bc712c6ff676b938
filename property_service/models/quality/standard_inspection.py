from odoo import api, fields, models


class PropertyServiceInspectionItem(models.Model):
    """The standard that an item checks: the version in force (R66)."""

    _inherit = 'property.service.inspection.item'

    standard_id = fields.Many2one(
        'property.service.standard', index='btree_not_null', ondelete='restrict', domain="[('state', '=', 'active')]",
        help="What the item checks is written there. A next version takes its place by itself.")


class PropertyServiceInspectionLine(models.Model):
    """An answer keeps the version by which it was given."""

    _inherit = 'property.service.inspection.line'

    standard_id = fields.Many2one(
        'property.service.standard', compute='_compute_standard_id', store=True, precompute=True, index='btree_not_null',
        ondelete='restrict', help="The version in force when the item was answered.")

    @api.depends('item_id', 'is_answered')
    def _compute_standard_id(self):
        for line in self:
            if line.standard_id and line.inspection_id.is_closed:
                line.standard_id = line.standard_id  # the old words of an item move to a copy: the answer stays as it was given
            else:
                line.standard_id = line.item_id.standard_id


class PropertyServiceStandard(models.Model):
    _inherit = 'property.service.standard'

    @api.model
    def _get_pointing_fields(self):
        return {**super()._get_pointing_fields(), 'property.service.inspection.item': 'standard_id'}
