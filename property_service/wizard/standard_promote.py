from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceStandardPromote(models.TransientModel):
    """Asks which document a measure that has helped becomes part of."""

    _name = 'property.service.standard.promote'
    _description = "Make a Measure the Standard"

    action_id = fields.Many2one('property.service.corrective.action', string="Corrective Action", required=True, readonly=True)
    target = fields.Selection(
        [('version', "Next Version of a Document"), ('new', "New Document")], required=True, compute='_compute_target', store=True,
        readonly=False)
    standard_id = fields.Many2one(
        'property.service.standard', string="Document", domain="[('state', '=', 'active')]", compute='_compute_target', store=True,
        readonly=False)
    name = fields.Char(string="Name of the Document", compute='_compute_name', store=True, readonly=False)

    @api.depends('action_id')
    def _compute_target(self):
        """Propose the document by which the category's work is done."""
        for wizard in self:
            category = wizard.action_id.category_id
            standard = self.env['property.service.standard']
            if category:
                types = self.env['property.service.type'].search([
                    ('category_id', 'child_of', category.ids), ('standard_id.state', '=', 'active')], limit=1)
                standard = types.standard_id or standard.search([
                    ('state', '=', 'active'), ('category_ids', 'in', category.ids)], limit=1)
            wizard.standard_id = standard
            wizard.target = 'version' if standard else 'new'

    @api.depends('action_id')
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.action_id.title

    @api.model_create_multi
    def create(self, vals_list):
        """The wizard tells what the action says: only to those who may read it."""
        wizards = super().create(vals_list)
        wizards.action_id.check_access('read')
        return wizards

    def action_apply(self):
        """Draft it and open the draft."""
        self.ensure_one()
        if self.target == 'version':
            if not self.standard_id:
                raise UserError(self.env._("Choose a document that is in force."))
            return self.action_id.action_make_standard(standard_id=self.standard_id.id)
        return self.action_id.action_make_standard(standard_id=0, name=self.name)
