from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty, plaintext2html

MAX_TEXT = 4000
VERDICTS = [('accepted', "Taken Up"), ('partly', "Partly Taken Up"), ('declined', "Not Taken Up")]


class PropertyServiceStandardComment(models.Model):
    """What an owners' representative says about a draft, and what came of it (R67)."""

    _name = 'property.service.standard.comment'
    _description = "Comment on a Standard"
    _inherit = ['property.service.portal.fields']
    _order = 'id desc'
    _rec_name = 'body'
    _portal_readable = frozenset({
        'id', 'display_name', 'standard_id', 'partner_id', 'body', 'verdict', 'answer', 'create_date'})

    standard_id = fields.Many2one('property.service.standard', required=True, index=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(related='standard_id.company_id', store=True, index='btree_not_null')
    partner_id = fields.Many2one('res.partner', string="Representative", required=True, readonly=True, index=True, ondelete='restrict')
    body = fields.Text(string="Comment on the Document", required=True, readonly=True)
    verdict = fields.Selection(VERDICTS, string="Adoption")
    answer = fields.Text(help="The representative reads it in the portal.")
    answered_by_id = fields.Many2one('res.users', string="Who Answered", readonly=True)
    answered_at = fields.Datetime(readonly=True)

    def write(self, vals):
        """Answer comments. What was said stays as it was said."""
        if not self.env.su and vals.keys() - {'verdict', 'answer'}:
            raise UserError(self.env._("A comment stays as it was written; only its answer can be entered."))
        if vals.keys() & {'verdict', 'answer'}:
            if not self.env.su and any(comment.standard_id.state != 'draft' for comment in self):
                raise UserError(self.env._("The version has been decided: the answers to its comments stand."))
            vals = {**vals, 'answered_by_id': self.env.uid, 'answered_at': fields.Datetime.now()}
        return super().write(vals)


class PropertyServiceStandard(models.Model):
    """Owners' representatives are invited to a draft: they read it in the portal and comment there, until a date (R67)."""

    _inherit = 'property.service.standard'

    comment_partner_ids = fields.Many2many(
        'res.partner', 'property_service_standard_partner_rel', string="Representatives", tracking=True,
        help="They read this version in the portal and comment on it there.")
    comment_until = fields.Date(string="Comments Until", copy=False, tracking=True)
    invited_at = fields.Datetime(readonly=True, copy=False)
    comment_ids = fields.One2many('property.service.standard.comment', 'standard_id', string="Comments")
    comment_count = fields.Integer(compute='_compute_comment_count')
    is_commentable = fields.Boolean(string="Open for Comments", compute='_compute_is_commentable', search='_search_is_commentable')

    # ---- COMPUTES ----

    def _compute_comment_count(self):
        Comment = self.env['property.service.standard.comment'].sudo()  # sudo: only the number is shown
        counts = dict(Comment._read_group([('standard_id', 'in', self.ids)], ['standard_id'], ['__count']))
        for standard in self:
            standard.comment_count = counts.get(standard, 0)

    @api.depends('state', 'approved_at', 'invited_at', 'comment_until')
    def _compute_is_commentable(self):
        today = self.env.company._property_today()
        for standard in self:
            standard.is_commentable = standard.state == 'draft' and not standard.approved_at and bool(
                standard.invited_at and standard.comment_until and standard.comment_until >= today)

    def _search_is_commentable(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = Domain('state', '=', 'draft') & Domain('approved_at', '=', False) & Domain('invited_at', '!=', False) \
            & Domain('comment_until', '>=', self.env.company._property_today())
        return domain if set(value) == {True} else ~domain if set(value) == {False} else Domain.TRUE

    # ---- INVITING ----

    def action_invite(self):
        """Invite the representatives to read the draft in the portal and to comment on it.

        :raises UserError: nobody is named, the date has passed, or somebody cannot log in to the portal
        """
        self.ensure_one()
        self._check_approver()
        if self.state != 'draft' or self.approved_at:
            raise UserError(self.env._("Comments are asked for while a version is a draft."))
        if not self.comment_partner_ids:
            raise UserError(self.env._("Name the representatives first."))
        if not self.comment_until or self.comment_until < self.env.company._property_today():
            raise UserError(self.env._("Say until when they may comment: a day from today on."))
        if is_html_empty(self.body) and not self.attachment_ids:
            raise UserError(self.env._("There is nothing to read yet."))
        without = self.comment_partner_ids.filtered(
            lambda partner: not partner.sudo().user_ids.filtered('active'))  # sudo: who has a login
        if without:
            raise UserError(self.env._(
                "These have no access to the portal yet, grant it first: %(names)s", names=", ".join(without.mapped('name'))))
        self._as_step().invited_at = fields.Datetime.now()
        template = self.env.ref('property_service.mail_template_standard_invitation')
        for partner in self.comment_partner_ids.filtered('email_normalized'):
            template.with_context(property_service_invited=partner.id).send_mail(
                self.id, email_values={'recipient_ids': partner.ids, 'email_to': False})
        self._message_log(body=self.env._(
            "Invited to comment until %(date)s: %(names)s", date=self.comment_until, names=", ".join(self.comment_partner_ids.mapped('name'))))
        return True

    def _get_invited(self):
        """Return the representative whom the mail is for."""
        return self.env['res.partner'].browse(self.env.context.get('property_service_invited') or self.comment_partner_ids[:1].id)

    def _get_portal_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}/my/standards/{self.id}"

    # ---- COMMENTING ----

    @api.model
    def _get_representative_domain(self):
        """Return the domain of what the user was invited to, as long as he represents anybody: who has moved out does not."""
        partner = self.env.user.partner_id
        here = Domain('residency_ids', '=', False) | Domain('residency_ids.is_current', '=', True)
        return Domain('invited_at', '!=', False) & Domain('comment_partner_ids', 'any', Domain('id', '=', partner.id) & here)

    def action_comment(self, body=None):
        """Comment on a draft as one of its invited representatives.

        :param str body: plain text
        :return: id of the comment
        :raises AccessError: the user was not invited
        :raises UserError: there is no text, or commenting is over
        """
        self.ensure_one()
        partner = self.env.user.partner_id
        found = self.sudo().search(  # sudo: representatives have no rights of their own; the domain says whose it is
            self.with_env(self.env)._get_representative_domain() & Domain('id', '=', self.id))
        if not found:
            raise AccessError(self.env._("You were not invited to comment on this."))
        if not found.is_commentable:
            raise UserError(self.env._("Commenting on this version is over."))
        text = body.replace('\x00', '').strip() if isinstance(body, str) else ''
        if not text:
            raise UserError(self.env._("Write your comment first."))
        if len(text) > MAX_TEXT:
            raise UserError(self.env._("A comment has at most %(limit)s characters.", limit=MAX_TEXT))
        comment = found.env['property.service.standard.comment'].create({
            'standard_id': found.id, 'partner_id': partner.id, 'body': text})
        found._tell_of_comment(comment)
        return comment.id

    def _tell_of_comment(self, comment):
        user = self.owner_id.user_id or self._get_quality_users(self.company_id)[:1]
        waiting = self.activity_ids.filtered(lambda a: a.user_id == user and a.activity_type_id == self.env.ref(
            'property_service.mail_activity_type_standard_comment'))
        if user and not waiting:
            localized = self.with_context(lang=user.lang)
            localized.activity_schedule(
                'property_service.mail_activity_type_standard_comment', user_id=user.id, note=plaintext2html(comment.body),
                summary=localized.env._("Answer the representatives' comments"))
