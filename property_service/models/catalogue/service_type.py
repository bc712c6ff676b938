from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyServiceType(models.Model):
    """A service residents can ask for: 服务项目."""

    _name = 'property.service.type'
    _description = "Service Type"
    _inherit = ['mail.thread', 'property.service.portal.fields']
    _order = 'sequence, name, id'
    _check_company_auto = True
    _portal_readable = frozenset({
        'id', 'display_name', 'active', 'company_id', 'name', 'code', 'sequence', 'category_id', 'kind', 'description',
        'default_priority', 'planned_hours', 'requires_appointment', 'requires_photo', 'requires_signature', 'portal_visible',
        'price_note',
    })

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Leave empty to share the service among companies.")
    category_id = fields.Many2one('property.service.category', required=True, index=True, ondelete='restrict', check_company=True)
    kind = fields.Selection(
        [('service', "Service"), ('enquiry', "Enquiry"), ('fee_query', "Fee Query")],
        required=True, default='service', tracking=True,
        help="An enquiry or fee query can be answered at once by the agent, without dispatch.")
    description = fields.Text(translate=True, help="What residents read about the service in the portal.")
    # Not check_company: a shared service may name a team, or in a company without others nobody could name one.
    team_id = fields.Many2one(
        'property.service.team', domain="company_id and [('company_id', '=', company_id)] or []",
        help="Does this work in its company. Without it, the category's team does, or the one team that names the category among its own.")
    skill_ids = fields.One2many('property.service.type.skill', 'type_id', string="Required Skills", copy=True)
    default_priority = fields.Selection(
        [('0', "Normal"), ('1', "High"), ('2', "Urgent")], string="Priority", required=True, default='0')
    planned_hours = fields.Float(default=1.0)
    requires_review = fields.Boolean(
        string="Review", default=True, tracking=True, help="A supervisor approves the request before the work is planned.")
    requires_appointment = fields.Boolean(
        string="Appointment", tracking=True, help="The time is agreed with the resident before dispatch.")
    requires_photo = fields.Boolean(string="Photos", tracking=True, help="Photos before and after the work are required.")
    requires_signature = fields.Boolean(string="Signature", tracking=True, help="The resident signs on acceptance.")
    portal_visible = fields.Boolean(string="In Portal", default=True, help="Residents can ask for it in the portal.")
    checklist_ids = fields.One2many('property.service.type.checklist', 'type_id', copy=True)
    product_id = fields.Many2one('product.product', check_company=True, help="Sold when the service is paid for.")
    price_note = fields.Char(string="Price", translate=True, help="What the resident reads about the price before asking.")
    callback_rate = fields.Float(string="Callback Rate (%)", default=30.0, help="Share of the finished requests that are called back.")
    rating_share = fields.Float(
        string="Ask for Stars (%)", default=100.0,
        help="Share of the finished requests whose resident is asked for stars in the mail. In the portal everybody can give them.")

    _code_unique = models.UniqueIndex('(COALESCE(company_id, 0), code)', "Another service type has this code.")
    _callback_rate_percentage = models.Constraint(
        'CHECK(callback_rate BETWEEN 0 AND 100)', "The callback rate is a percentage from 0 to 100.")
    _rating_share_percentage = models.Constraint(
        'CHECK(rating_share BETWEEN 0 AND 100)', "The share asked for stars is a percentage from 0 to 100.")
    _planned_hours_not_negative = models.Constraint('CHECK(planned_hours >= 0)', "Planned hours cannot be negative.")

    @api.constrains('company_id', 'team_id')
    def _check_team_company(self):
        for service_type in self.filtered('company_id').sudo():  # sudo: companies are compared
            if service_type.team_id.company_id - service_type.company_id:
                raise ValidationError(self.env._("%(name)s: the team must be of the same company.", name=service_type.name))
