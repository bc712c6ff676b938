from odoo import api, fields, models
from odoo.exceptions import UserError

_QUALITY = 'property_service.group_quality,property_service.group_manager'
STATES = [('planned', "Planned"), ('done', "Completed"), ('cancelled', "Cancelled")]
CONTENT_FIELDS = frozenset({
    'title', 'standard_id', 'date', 'reviewer_ids', 'representative_ids', 'scope', 'findings', 'outcome', 'company_id'})


class PropertyServiceProcessReview(models.Model):
    """A review of a process or of its document 过程评审, 标准年检: what was looked at, found and decided (R67, R70)."""

    _name = 'property.service.process.review'
    _description = "Process Review"
    _inherit = ['property.service.workflow', 'mail.thread', 'mail.activity.mixin', 'property.service.employee.lists']
    _order = 'date desc, id desc'
    _rec_names_search = ['name', 'title']

    _transitions = {'planned': {'done', 'cancelled'}, 'done': set(), 'cancelled': set()}
    _closed_states = ('done', 'cancelled')
    _open_states = ('planned',)
    _initial_state = 'planned'
    _state_actions = {'done': 'done', 'cancelled': 'cancel'}
    _action_groups = {'done': _QUALITY, 'cancel': _QUALITY}
    _sequence_code = 'property.service.process.review'
    _state_log_field = 'process_review_id'
    _system_fields = frozenset({'name', 'draft_id'})

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False, index='trigram')
    title = fields.Char(required=True, compute='_compute_title', store=True, readonly=False, precompute=True)
    state = fields.Selection(STATES, required=True, default='planned', readonly=True, copy=False, index=True, tracking=True)
    active = fields.Boolean(default=True, copy=False)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    standard_id = fields.Many2one(
        'property.service.standard', string="Document", domain="[('state', '=', 'active')]", index='btree_not_null', ondelete='restrict',
        help="The standard, procedure or manual that describes the process. Empty: a process without one.")
    date = fields.Date(required=True, default=fields.Date.context_today, index=True, tracking=True)
    reviewer_ids = fields.Many2many('hr.employee', 'property_service_review_employee_rel', string="Reviewed By")
    representative_ids = fields.Many2many(
        'res.partner', 'property_service_review_partner_rel', string="Owners' Representatives", help="Who took part for the owners.")
    scope = fields.Text(help="What was looked at: records, cases, visits, interviews.")
    findings = fields.Text(string="Review Findings", copy=False, help="What was found: what works, what does not, what nobody does.")
    outcome = fields.Selection(
        [('keep', "Right as It Stands"), ('change', "To Be Changed"), ('retire', "Not Needed Any More")], string="Review Outcome",
        copy=False, tracking=True)
    draft_id = fields.Many2one('property.service.standard', string="Next Version", readonly=True, copy=False, ondelete='set null')
    corrective_ids = fields.One2many('property.service.corrective.action', 'origin_review_id', string="Corrective Actions")
    corrective_count = fields.Integer(compute='_compute_corrective_count')
    state_log_ids = fields.One2many('property.service.state.log', 'process_review_id', readonly=True)

    @api.depends('standard_id')
    def _compute_title(self):
        for review in self:
            if review.standard_id:
                review.title = self.env._("Review: %(standard)s", standard=review.standard_id.display_name)

    @api.depends('name', 'title')
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.title or review.name

    @api.depends('corrective_ids')
    def _compute_corrective_count(self):
        counts = dict(self.env['property.service.corrective.action']._read_group(
            [('origin_review_id', 'in', self.ids)], ['origin_review_id'], ['__count']))
        for review in self:
            review.corrective_count = counts.get(review, 0)

    def write(self, vals):
        """What was reviewed stands."""
        if not self._is_system() and vals.keys() & CONTENT_FIELDS:
            for review in self:
                if review.state != 'planned':
                    raise UserError(self.env._("%(review)s is closed: what it says stands.", review=review.display_name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(review.state == 'done' for review in self):
            raise UserError(self.env._("A review that was done stays on file."))

    # ---- STEPS ----

    def action_done(self):
        """Close the review: the document is confirmed, gets a draft of its next version, or is retired.

        :raises UserError: findings, outcome or reviewers are missing
        """
        reviews = self._authorize('done')
        reviews._set_state('done')
        for review in reviews:
            standard = review.standard_id
            if standard.state != 'active':
                continue
            if review.outcome == 'keep':
                standard.action_confirm_review()
            elif review.outcome == 'retire':
                standard.action_retire()
            else:
                draft = standard.browse(standard.action_new_version()['res_id'])
                if not draft.approved_at:
                    draft.change_note = "\n".join(filter(None, (draft.change_note, review.findings)))
                review._as_system().draft_id = draft
        return True

    def action_cancel(self):
        """The review does not take place."""
        self._authorize('cancel')._set_state('cancelled')
        return True

    def _check_before_done(self):
        for review in self:
            missing = review._get_missing_labels('reviewer_ids', 'findings', 'outcome')
            if missing:
                raise UserError(self.env._(
                    "%(review)s cannot be closed yet. Missing: %(fields)s.", review=review.display_name, fields=missing))

    # ---- SMART BUTTONS ----

    def action_new_corrective(self):
        """Open a corrective action for what was found and show it."""
        self.ensure_one()
        self.check_access('write')
        return self.env['property.service.corrective.action']._open_from(
            self, title=self.title, description=self.findings or self.title)._open_form()

    def action_open_correctives(self):
        """Return the act_window of the corrective actions from the review."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.corrective_action_action'),
            'domain': [('origin_review_id', '=', self.id)], 'context': {},
        }

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []


class PropertyServiceStandard(models.Model):
    """The reviews of a document, over all its versions."""

    _inherit = 'property.service.standard'

    review_ids = fields.One2many('property.service.process.review', 'standard_id', string="Reviews")

    def action_review(self):
        """Open the planned review of the document, or a new one."""
        self.ensure_one()
        self._check_approver()
        if self.state != 'active':
            raise UserError(self.env._("%(standard)s is not in force.", standard=self.display_name))
        Review = self.env['property.service.process.review']
        review = Review.search([('standard_id', '=', self.id), ('state', '=', 'planned')], limit=1) or Review.create({
            'standard_id': self.id, 'company_id': (self.company_id or self.env.company).id,
            'reviewer_ids': [fields.Command.set(self.sudo().owner_id.ids)],  # sudo: the id alone
            'representative_ids': [fields.Command.set(self.comment_partner_ids.ids)]})
        return review._open_form()

    def action_open_reviews(self):
        """Return the act_window of the reviews of all versions."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.process_review_action'),
            'domain': [('standard_id.code', '=', self.code)], 'context': {'default_standard_id': self.id},
        }


class PropertyServiceCorrectiveAction(models.Model):
    """Corrective actions that a process review gave rise to."""

    _inherit = 'property.service.corrective.action'

    origin_review_id = fields.Many2one(
        'property.service.process.review', string="From Review", index='btree_not_null', ondelete='restrict')

    @api.model
    def _get_origin_fields(self):
        return {**super()._get_origin_fields(), 'property.service.process.review': ('other', 'origin_review_id')}

    def _get_next_round_values(self):
        return {**super()._get_next_round_values(), 'origin_review_id': self.origin_review_id.id}
