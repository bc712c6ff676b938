from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html

#: Up to its dispatch a request takes its type's standard at each step, as its checklist does; then it keeps the version of that day.
FOLLOWING_STATES = ('new', 'registered', 'approved', 'confirmed', 'dispatched')


class PropertyServiceStandard(models.Model):
    """What points to the version in force."""

    _inherit = 'property.service.standard'

    type_ids = fields.One2many('property.service.type', 'standard_id', string="Service Types")
    type_count = fields.Integer(compute='_compute_type_count')
    origin_action_id = fields.Many2one(
        'property.service.corrective.action', string="From Corrective Action", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', help="The measure that has helped and becomes the standard (R69).")

    @api.depends('type_ids')
    def _compute_type_count(self):
        counts = dict(self.env['property.service.type'].sudo()._read_group(  # sudo: only the number is shown
            [('standard_id', 'in', self.ids)], ['standard_id'], ['__count']))
        for standard in self:
            standard.type_count = counts.get(standard, 0)

    @api.model
    def _get_pointing_fields(self):
        return {**super()._get_pointing_fields(), 'property.service.type': 'standard_id'}

    def action_open_types(self):
        """Return the act_window of the service types whose work follows this version."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.type_action'),
            'domain': [('standard_id', '=', self.id)], 'context': {'create': False},
        }


class PropertyServiceType(models.Model):
    """The standard by which the work of a service type is done (R66)."""

    _inherit = 'property.service.type'

    standard_id = fields.Many2one(
        'property.service.standard', index='btree_not_null', check_company=True, ondelete='restrict', tracking=True,
        domain="[('state', '=', 'active'), ('kind', 'in', ('standard', 'procedure'))]",
        help="The version in force: a next one takes its place by itself.")

    @api.constrains('standard_id')
    def _check_standard(self):
        for service_type in self:
            if service_type.standard_id.state == 'draft':
                raise ValidationError(self.env._("%(standard)s is not in force yet.", standard=service_type.standard_id.display_name))


class PropertyServiceRequest(models.Model):
    """A request keeps the version of the standard by which its work was done."""

    _inherit = 'property.service.request'

    @property
    def _system_fields(self):
        return super()._system_fields | {'standard_id'}

    standard_id = fields.Many2one(
        'property.service.standard', compute='_compute_standard_id', store=True, precompute=True, index='btree_not_null',
        ondelete='restrict', help="The version in force when the work was dispatched.")

    @api.depends('type_id', 'state')
    def _compute_standard_id(self):
        for request in self:
            if request.state in FOLLOWING_STATES or not request.standard_id and not request.is_closed:
                request.standard_id = request.type_id.standard_id
            else:
                request.standard_id = request.standard_id


class PropertyServiceComplaint(models.Model):
    """The procedures and manuals that say how complaints of a category are handled (R30)."""

    _inherit = 'property.service.complaint'

    def action_open_standards(self):
        """Return the act_window of the documents in force for the complaint's category."""
        self.ensure_one()
        self.check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.standard_action'),
            'domain': [('state', '=', 'active'), ('category_ids', 'parent_of', self.category_id.ids)], 'context': {},
        }


class PropertyServiceCorrectiveAction(models.Model):
    """A measure that has helped becomes the standard (R69)."""

    _inherit = 'property.service.corrective.action'

    standard_ids = fields.One2many('property.service.standard', 'origin_action_id', string="Became Standard")
    standard_count = fields.Integer(compute='_compute_standard_count')

    @api.depends('standard_ids')
    def _compute_standard_count(self):
        Standard = self.env['property.service.standard'].sudo()  # sudo: only the number is shown
        counts = dict(Standard._read_group([('origin_action_id', 'in', self.ids)], ['origin_action_id'], ['__count']))
        for action in self:
            action.standard_count = counts.get(action, 0)

    def action_make_standard(self, standard_id=None, name=None):
        """Draft the standard that this verified measure becomes: the next version of ``standard_id``, or a new document.

        :param int standard_id: id of the document in force; 0 for a new one; None: a wizard asks
        :param str name: of a new document; default: the action's title
        :return: act_window of the draft, or of the wizard
        :raises UserError: the action is not verified, or the document is not in force
        """
        self.ensure_one()
        self.env['property.service.standard'].browse()._check_approver()
        self.check_access('read')
        if self.state != 'verified':
            raise UserError(self.env._("%(action)s becomes the standard once it is verified.", action=self.name))
        if standard_id is None and not name:
            return {
                'type': 'ir.actions.act_window', 'name': self.env._("Make It the Standard"), 'view_mode': 'form', 'target': 'new',
                'res_model': 'property.service.standard.promote', 'context': {'default_action_id': self.id},
            }
        standard = self.env['property.service.standard'].browse(standard_id or ()).exists()
        if standard_id and standard.state != 'active':
            raise UserError(self.env._("Choose a document that is in force."))
        return standard._draft_from(self, name)._open_form()

    def action_open_standards(self):
        """Return the act_window of the documents that this measure has become."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.standard_action'),
            'domain': [('origin_action_id', '=', self.id)], 'context': {},
        }

    def _get_standard_text(self):
        """Return the HTML of what the measure adds to a standard."""
        self.ensure_one()
        parts = Markup('').join(
            Markup('<h3>%s</h3>%s') % (label, plaintext2html(text)) for label, text in (
                (self.env._("What has to be avoided"), self.description), (self.env._("What is done"), self.plan),
                (self.env._("How it was done first"), self.result)) if text)
        return Markup('<h2>%s</h2>%s') % (self.title, parts)
