from odoo import api, fields, models
from odoo.fields import Domain


class PropertyServiceProcedure(models.Model):
    """The complaint procedure, the reception manual and other house rules, at hand where they are needed (R30)."""

    _name = 'property.service.procedure'
    _description = "Procedure"
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Leave empty for all companies.")
    use = fields.Selection(
        [('complaint', "Complaints"), ('callback', "Callbacks"), ('all', "Complaints and Callbacks")], required=True, default='complaint')
    category_ids = fields.Many2many('property.service.category', help="Shown on cases of these and their subcategories. Empty: on all.")
    summary = fields.Html(translate=True, sanitize=True, help="What one must know while somebody is on the phone.")
    url = fields.Char(string="Link", help="Where the whole document stands.")
    attachment_ids = fields.Many2many('ir.attachment', string="Documents", bypass_search_access=True)

    @api.model
    def _get_domain(self, use, category, company):
        """Return the Domain of what is to be followed for a case of this category."""
        categories = [int(part) for part in (category.parent_path or '').split('/') if part] if category else []
        return (Domain('use', 'in', (use, 'all')) & Domain('company_id', 'in', (company.id, False))
                & (Domain('category_ids', '=', False) | Domain('category_ids', 'in', categories)))


class PropertyServiceComplaint(models.Model):
    _inherit = 'property.service.complaint'

    procedure_ids = fields.Many2many(
        'property.service.procedure', string="Procedures", compute='_compute_procedure_ids',
        groups='property_service.group_technician,property_service.group_quality')

    @api.depends('category_id', 'company_id')
    def _compute_procedure_ids(self):
        Procedure = self.env['property.service.procedure']
        for complaint in self:
            complaint.procedure_ids = Procedure.search(Procedure._get_domain('complaint', complaint.category_id, complaint.company_id))
