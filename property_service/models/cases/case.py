from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..clock.clock_mixin import CLOCK_SYSTEM_FIELDS

CHANNELS = [
    ('portal', "Portal"), ('phone', "Phone"), ('desk', "Front Desk"), ('visit', "Home Visit"), ('email', "E-mail"),
    ('letter', "Letter"), ('suggestion_box', "Suggestion Box"), ('survey', "Survey"), ('inspection', "Inspection"),
    ('app', "App"), ('other', "Other"),
]
PRIORITIES = [('0', "Normal"), ('1', "High"), ('2', "Urgent")]


class PropertyServiceCase(models.AbstractModel):
    """What requests and complaints share: who, where, what, through which channel, in whose hands, in which state.

    A concrete model sets the class attributes below and those of ``property.service.workflow``, which holds the steps.
    """

    _name = 'property.service.case'
    _description = "Service Case"
    _inherit = [
        'property.service.clock.mixin', 'portal.mixin', 'mail.thread', 'mail.activity.mixin', 'property.service.place.mixin']
    _mail_post_access = 'read'
    _rec_names_search = ['name', 'title']

    #: actions residents may take on their own cases
    _resident_actions = frozenset()
    #: names of the fields that residents may read, and of those they may set at creation
    _portal_readable = frozenset()
    _portal_writable = frozenset()
    #: facts that only the workflow writes: neither RPC nor an import can forge them (R104)
    _system_fields = CLOCK_SYSTEM_FIELDS | {'name', 'registered_by_id', 'rating_value'}

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    title = fields.Char(required=True)
    description = fields.Text(help="What happened, since when, what is wanted.")
    channel = fields.Selection(CHANNELS, required=True, default='phone')
    active = fields.Boolean(default=True, copy=False)
    partner_id = fields.Many2one('res.partner', string="Resident", index='btree_not_null', ondelete='restrict')
    contact_name = fields.Char(
        compute='_compute_contact', compute_sudo=False, store=True, readonly=False, precompute=True,
        help="As told for this case.")
    contact_phone = fields.Char(
        compute='_compute_contact', compute_sudo=False, store=True, readonly=False, precompute=True,
        help="As told for this case.")
    priority = fields.Selection(PRIORITIES, required=True, default='0', index=True, tracking=True)
    user_id = fields.Many2one(
        'res.users', string="Case Owner", index='btree_not_null', tracking=True,
        domain="[('share', '=', False)]", help="Follows the case to its end (R10).")
    team_id = fields.Many2one('property.service.team', index='btree_not_null', tracking=True, check_company=True)
    employee_id = fields.Many2one(
        'hr.employee', string="Worker", index='btree_not_null', tracking=True, check_company=True, help="Does the work.")
    registered_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    attachment_ids = fields.Many2many('ir.attachment', string="Attachments", copy=False, bypass_search_access=True)
    rating_value = fields.Integer(string="Rating", readonly=True, copy=False, aggregator='avg', help="1 to 5, 5 is best.")

    # ---- COMPUTES ----

    @api.depends('partner_id')
    def _compute_contact(self):
        for case in self:
            case.contact_name = case.partner_id.name or case.contact_name
            case.contact_phone = case.partner_id.phone or case.contact_phone

    def _route(self, get_named):
        """Set the team: the one that service or category names, else the one it has, else the one that does such work there.

        :param get_named: returns the teams named for a case, the more specific first
        """
        router = None
        for case in self:
            team = get_named(case).filtered(lambda team, case=case: team.company_id == case.company_id)[:1] or case.team_id
            category = case.type_id.category_id if 'type_id' in case else case.category_id
            if not team and category:
                router = router or self.env['property.service.team']._get_router(self.company_id)
                team = router(case.company_id, category, case.estate_id._origin)
            case.team_id = team

    @api.depends('name', 'title')
    def _compute_display_name(self):
        for case in self:
            number = case.name if case.name != '/' else False
            case.display_name = " ".join(filter(None, (number, case.title)))

    # ---- ONCHANGE: EACH OF RESIDENT AND UNIT PROPOSES THE OTHER ----

    @api.onchange('partner_id')
    def _onchange_partner_unit(self):
        if self.partner_id and not self.unit_id and not self._origin and len(units := self.partner_id.unit_ids) == 1:
            self.unit_id = units._origin

    @api.onchange('unit_id')
    def _onchange_unit_partner(self):
        if self.unit_id and not self.partner_id and not self._origin and len(residents := self.unit_id.resident_ids) == 1:
            self.partner_id = residents._origin

    # ---- CRUD ----

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if any(case.state != 'new' for case in self):
            raise UserError(self.env._("A registered case stays on file: archive it instead."))

    # ---- RIGHTS ----

    def _authorize(self, action):
        """Check that the user may take ``action`` on the cases and return them ready for it.

        Staff need the group of the action and write access; residents may take the actions of residents on their own
        visible cases, and work on with elevated rights because they have no write access at all.

        :param str action: key of ``_action_groups`` or ``_resident_actions``
        :raises AccessError: when the user may not
        """
        if self.env.su:
            return super()._authorize(action)
        self._check_visible()
        if not self.env.user._is_internal():
            own = self.sudo().filtered(lambda case: case.partner_id == self.env.user.partner_id)  # sudo: compare only
            if action not in self._resident_actions or own != self:
                raise AccessError(self.env._("You cannot do this."))
            self.sudo()._check_action_from(action)  # sudo: reads the state
            return self._as_resident_action()
        return super()._authorize(action)

    # ---- ANSWERS ----

    def _mark_responded(self, at=None):
        """Record the first real answer to the resident, once (R31)."""
        unanswered = self.filtered(lambda case: not case.responded_at)
        if unanswered:
            unanswered._as_system().write({'responded_at': at or fields.Datetime.now()})

    # ---- RELATED CASES ----

    def _get_related_domain(self):
        """Return the Domain of cases that may be the same matter: same unit, open or of the last 90 days."""
        self.ensure_one()
        if not self.unit_id:
            return Domain.FALSE
        since = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        domain = Domain('unit_id', '=', self.unit_id.id) & (
            ~Domain('state', 'in', self._closed_states) | Domain('create_date', '>=', since))
        return domain & Domain('id', '!=', self._origin.id) if self._origin else domain

    # ---- MAIL ----

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ['partner_id']

    def _get_told_partners(self):
        """Return {case: partners who are told about it}: the resident, as long as the case may be seen."""
        told = defaultdict(self.env['res.partner'].browse)
        for case in self:
            told[case] = case.partner_id
        return told
