from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyServiceCategory(models.Model):
    """Tree of service categories: 服务类别."""

    _name = 'property.service.category'
    _description = "Service Category"
    _inherit = ['property.service.portal.fields']
    _parent_name = 'parent_id'
    _parent_store = True
    _order = 'sequence, complete_name, id'
    _rec_name = 'complete_name'
    _rec_names_search = ['complete_name', 'name', 'code']
    _portal_readable = frozenset({
        'id', 'display_name', 'active', 'company_id', 'name', 'complete_name', 'code', 'sequence', 'color', 'parent_id',
    })

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(compute='_compute_complete_name', recursive=True, store=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one('res.company', index=True, help="Leave empty to share the category among companies.")
    parent_id = fields.Many2one('property.service.category', index=True, ondelete='restrict')
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many('property.service.category', 'parent_id', string="Subcategories")
    type_ids = fields.One2many('property.service.type', 'category_id', string="Service Types")
    # Not check_company: a shared category may name a team, or in a company without others nobody could name one.
    department_id = fields.Many2one(
        'hr.department', domain="company_id and [('company_id', 'in', [company_id, False])] or []",
        help="Department that does this work by default.")
    team_id = fields.Many2one(
        'property.service.team', string="Default Team", domain="company_id and [('company_id', '=', company_id)] or []",
        help="Gets the work of this category in its company. Without it, the one team gets it that names the category among its own.")

    _code_unique = models.UniqueIndex('(COALESCE(company_id, 0), code)', "Another category has this code.")

    @api.depends('name', 'parent_id.complete_name')
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = f"{parent} / {category.name}" if parent else category.name

    @api.depends('name', 'complete_name', 'parent_path')
    @api.depends_context('lang')
    def _compute_display_name(self):
        """The path in the reader's language; ``complete_name``, which lists are sorted by, has one language only."""
        categories = self.sudo()  # sudo: residents read the names, not the key of the tree
        paths = [[int(key) for key in (category.parent_path or '').split('/') if key] for category in categories]
        names = {ancestor.id: ancestor.name for ancestor in categories.browse({key for path in paths for key in path})}
        for category, elevated, path in zip(self, categories, paths, strict=True):
            category.display_name = " / ".join(names[key] for key in path) or elevated.name

    @api.constrains('company_id', 'department_id', 'team_id')
    def _check_team_company(self):
        for category in self.filtered('company_id').sudo():  # sudo: companies are compared
            if (category.department_id.company_id | category.team_id.company_id) - category.company_id:
                raise ValidationError(self.env._("%(name)s: department and team must be of the same company.", name=category.name))

    @api.constrains('parent_id')
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be its own parent."))
