from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..context_defaults import without_defaults

KINDS = [
    ('standard', "Service Standard"), ('procedure', "Procedure"), ('manual', "Manual"), ('plan', "Emergency Plan"), ('form', "Form"),
]
#: What only the steps write: neither RPC nor an import can forge them.
FACTS = frozenset({'approved_by_id', 'approved_at', 'invited_at', 'retired_on', 'origin_action_id', 'reminded_for'})


class PropertyServiceStandard(models.Model):
    """A version of a service standard 服务标准, procedure, manual or emergency plan (R30, R66–R71).

    A record is one version. Drafting and approval stand in ``standard_approval.py``, what owners' representatives say about a draft in
    ``standard_comment.py``, who has read it in ``standard_reading.py``, what points to it in ``standard_links.py``.
    """

    _name = 'property.service.standard'
    _description = "Service Standard"
    _inherit = [
        'property.service.versioned', 'mail.thread', 'mail.activity.mixin', 'property.service.portal.fields', 'property.service.employee.lists',
        'property.service.kept.files']
    _order = 'name, version desc, id desc'
    _mail_post_access = 'read'
    _rec_names_search = ['name', 'code']
    _definition_fields = (
        'code', 'version', 'name', 'kind', 'body', 'attachment_ids', 'change_note', 'effective_date', 'company_id')
    _portal_readable = frozenset({
        'id', 'display_name', 'active', 'company_id', 'name', 'code', 'version', 'state', 'kind', 'body', 'change_note',
        'effective_date', 'comment_until'})

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(default='/', copy=False, help="The same for all versions of a document.")
    company_id = fields.Many2one(help="Empty: for all companies.")
    kind = fields.Selection(KINDS, required=True, default='standard', index=True)
    category_ids = fields.Many2many(
        'property.service.category', 'property_service_standard_category_rel', string="Categories",
        help="Complaints and requests of these categories and of those below show the document.")
    owner_id = fields.Many2one(
        'hr.employee', string="Document Owner", index='btree_not_null', tracking=True, default=lambda self: self.env.user.employee_id,
        help="Keeps the document up to date: is reminded of its review and answers what is said about it.")
    body = fields.Html(string="Text")
    attachment_ids = fields.Many2many(
        'ir.attachment', 'property_service_standard_attachment_rel', string="Attachments", bypass_search_access=True)
    change_note = fields.Text(string="What Has Changed", copy=False, help="Against the version before: read first by those who know it.")

    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False, tracking=True)
    approved_at = fields.Datetime(readonly=True, copy=False)
    effective_date = fields.Date(
        string="In Force From", copy=False, index='btree_not_null', tracking=True, help="Empty: from the day of its approval.")
    retired_on = fields.Date(readonly=True, copy=False)
    is_approved = fields.Boolean(compute='_compute_is_approved', search='_search_is_approved')
    review_months = fields.Integer(string="Review Every (Months)", default=12, help="0: without a review.")
    review_date = fields.Date(
        string="Next Review", copy=False, index='btree_not_null', tracking=True,
        help="Its owner is reminded a month before.")
    is_review_due = fields.Boolean(compute='_compute_is_review_due', search='_search_is_review_due')
    reminded_for = fields.Date(readonly=True, copy=False)
    version_count = fields.Integer(compute='_compute_version_count')
    may_edit = fields.Boolean(compute='_compute_may_edit', help="Its owner while it is a draft, quality and managers always.")

    _one_in_force = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE state = 'active'", "Another version of this document is in force.")
    _review_months_range = models.Constraint(
        'CHECK(review_months BETWEEN 0 AND 120)', "A document is reviewed after 0 to 120 months.")

    # ---- COMPUTES ----

    @api.depends('approved_at', 'state')
    def _compute_is_approved(self):
        for standard in self:
            standard.is_approved = standard.state == 'draft' and bool(standard.approved_at)

    def _search_is_approved(self, operator, value):
        if operator != 'in':
            return NotImplemented
        waiting = Domain('state', '=', 'draft') & Domain('approved_at', '!=', False)
        return waiting if set(value) == {True} else ~waiting if set(value) == {False} else Domain.TRUE

    @api.depends('review_date', 'state')
    def _compute_is_review_due(self):
        today = fields.Date.context_today(self)
        for standard in self:
            standard.is_review_due = standard.state == 'active' and bool(standard.review_date) and standard.review_date <= today

    def _search_is_review_due(self, operator, value):
        if operator != 'in':
            return NotImplemented
        due = Domain('state', '=', 'active') & Domain('review_date', '<=', fields.Date.context_today(self))
        return due if set(value) == {True} else ~due if set(value) == {False} else Domain.TRUE

    @api.depends('state', 'owner_id')
    @api.depends_context('uid')
    def _compute_may_edit(self):
        allowed = self._origin._filtered_access('write')
        for standard in self:
            standard.may_edit = not standard._origin or standard._origin in allowed

    def _compute_version_count(self):
        Standard = self.with_context(active_test=False)
        counts = {}
        for code, company, count in Standard._read_group([('code', 'in', self.mapped('code'))], ['code', 'company_id'], ['__count']):
            counts[code, company.id] = count
        for standard in self:
            standard.version_count = counts.get((standard.code, standard.company_id.id), 0)

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Number what comes without a code, and keep the attachments with the document."""
        vals_list = [dict(vals) for vals in vals_list]
        if not self._may_set_state():
            for vals in vals_list:
                self._check_not_forged(vals)
        unnumbered = [vals for vals in vals_list if vals.get('code', '/') in ('/', False, '')]
        numbers = self.env['ir.sequence'].sudo()._next_numbers(  # sudo: sequences are internal
            'property.service.standard', len(unnumbered))
        for vals, number in zip(unnumbered, numbers, strict=True):
            vals['code'] = number
        standards = super(PropertyServiceStandard, without_defaults(self, FACTS)).create(vals_list)
        standards._keep_attachments()
        return standards

    def write(self, vals):
        """Facts are recorded, not entered; what is approved stands."""
        if not self._may_set_state():
            self._check_not_forged(vals)
        result = super().write(vals)
        if 'attachment_ids' in vals:
            self._keep_attachments()
        return result

    @api.model
    def _check_not_forged(self, vals):
        forged = FACTS.intersection(name for name, value in vals.items() if value)
        if forged:
            raise UserError(self.env._(
                "%(fields)s cannot be entered: the steps set it.",
                fields=", ".join(self._fields[name]._description_string(self.env) for name in sorted(forged))))

    def _check_definition(self, vals):
        if vals.keys() & set(self._definition_fields):
            for standard in self.filtered('is_approved'):
                raise UserError(self.env._(
                    "%(standard)s is approved: take the approval back before you change it.", standard=standard.display_name))
        super()._check_definition(vals)

    # ---- VERSIONS ----

    def _get_version_defaults(self):
        # Who reads it and who is asked stay the same people; the text begins as it stands.
        return {'name': self.name}

    @api.model
    def _get_review_date(self, start, months):
        return start + relativedelta(months=months) if months else False

    def _get_previous(self):
        """Return the version that is in force while this one is drafted."""
        self.ensure_one()
        return self.with_context(active_test=False).search([
            ('code', '=', self.code), ('company_id', '=', self.company_id.id), ('state', '=', 'active'), ('id', '!=', self.id)], limit=1)

    def action_open_versions(self):
        """Return the act_window of all versions of the document."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.standard_action'),
            'domain': [('code', '=', self.code), ('company_id', '=', self.company_id.id)], 'context': {'active_test': False},
        }

    # ---- RECIPIENTS ----

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []
