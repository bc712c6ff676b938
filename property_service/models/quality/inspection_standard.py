from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyServiceInspectionItem(models.Model):
    """The standard that an item checks (R66): the version in force; what was inspected keeps the version of its day."""

    _inherit = 'property.service.inspection.item'
    _content_fields = frozenset({
        'name', 'guidance', 'kind', 'weight', 'lower', 'has_lower', 'upper', 'has_upper', 'unit', 'photo', 'is_critical', 'standard_id'})

    standard_id = fields.Many2one(
        'property.service.standard', index='btree_not_null', check_company=True, ondelete='restrict',
        domain="[('state', '=', 'active')]", help="The version in force: a next one takes its place by itself.")

    @api.constrains('standard_id')
    def _check_standard(self):
        for item in self:
            if item.standard_id.state == 'draft':
                raise ValidationError(self.env._("%(standard)s is not in force yet.", standard=item.standard_id.display_name))


class PropertyServiceInspectionLine(models.Model):
    """The version of the standard by which it was inspected."""

    _inherit = 'property.service.inspection.line'

    standard_id = fields.Many2one(related='item_id.standard_id')


class PropertyServiceStandard(models.Model):
    """A next version takes the place of the one before in the items that are asked from now on."""

    _inherit = 'property.service.standard'

    def _point_to(self, successor):
        super()._point_to(successor)
        # Not the archived ones: they are the questions of the past.
        items = self.env['property.service.inspection.item'].sudo().search(  # sudo: the version moves, whoever keeps the templates
            [('standard_id', 'in', self.ids)])
        if items:
            items.write({'standard_id': successor.id})
