from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import hash_sign

from . import inspection_states as states

#: How long a new link is good, where nobody says otherwise.
LINK_DAYS = 14
MAX_LINK_DAYS = 90


class PropertyServiceInspection(models.Model):
    """Evaluators from outside (third party, mystery shopper, owners) answer by a link, without signing in (R57–R59).

    The link opens this one inspection and nothing else; it ends on its day, when the inspection is finished or cancelled, when somebody
    else is to evaluate, and when a new link is made.
    """

    _name = 'property.service.inspection'
    _inherit = ['property.service.inspection', 'property.service.answer.link']

    _answer_path = '/property/inspection/link'

    link_until = fields.Date(
        string="Link Valid Until", copy=False, tracking=True, compute='_compute_link_until', store=True, readonly=False, precompute=True,
        help="Until the end of this day.")
    link_version = fields.Integer(readonly=True, copy=False, aggregator=None)
    link_url = fields.Char(
        string="Link", compute='_compute_link_url', groups=states.LEADERS, help="Whoever has it answers as the evaluator.")

    # ---- COMPUTES ----

    @api.depends('evaluator_partner_id', 'planned_date')
    def _compute_link_until(self):
        for inspection in self:
            if inspection.evaluator_partner_id and inspection.planned_date:
                inspection.link_until = inspection.planned_date + timedelta(days=LINK_DAYS)
            else:
                inspection.link_until = False

    @api.depends('evaluator_partner_id', 'link_until', 'link_version', 'state')
    def _compute_link_url(self):
        for inspection in self:
            open_to = inspection._origin and inspection._is_link_open_to(inspection.evaluator_partner_id)
            inspection.link_url = inspection._origin._get_answer_url(inspection.evaluator_partner_id) if open_to else False

    @api.constrains('link_until', 'planned_date')
    def _check_link_until(self):
        for inspection in self:
            if inspection.link_until and inspection.link_until > inspection.planned_date + timedelta(days=MAX_LINK_DAYS):
                raise ValidationError(self.env._(
                    "A link is good for at most %(days)s days after the planned day.", days=MAX_LINK_DAYS))

    # ---- THE LINK ----

    def _get_link_stamp(self):
        return str(self.link_version)

    def _is_link_open_to(self, partner):
        today = fields.Date.context_today(self)
        return bool(partner) and partner == self.evaluator_partner_id and self.state != 'cancelled' \
            and bool(self.link_until) and self.link_until >= today

    def _get_answer_token(self, partner):
        """Return the token; it ends with the day of ``link_until``."""
        self.ensure_one()
        end = datetime.combine(self.link_until + timedelta(days=2), time.min)  # a day more for zones west; the check above is exact
        return hash_sign(
            self.sudo().env, self._get_link_scope(),  # sudo: the secret of the database signs
            [self.id, partner.id, self._get_link_stamp()], expiration=end)

    @api.model
    def _find_by_answer_token(self, token):
        """Return (inspection, evaluator) ready for answering as the evaluator; both empty for tokens that open nothing."""
        inspection, partner = super()._find_by_answer_token(token)
        return inspection._as_system().with_context(property_evaluator_id=partner.id), partner

    # ---- ACTIONS ----

    def action_send_link(self):
        """Mail the evaluator from outside the link.

        :raises UserError: there is nobody to send it to, or the link is not good any more
        """
        inspections = self._authorize('send')
        template = self.env.ref('property_service.mail_template_inspection').sudo()  # sudo: the mail goes out whoever sends it
        for inspection in inspections:
            partner = inspection.evaluator_partner_id
            if not partner.email_normalized:
                raise UserError(self.env._("%(inspection)s has no outside evaluator with an e-mail address.", inspection=inspection.name))
            if not inspection._is_link_open_to(partner):
                raise UserError(self.env._("The link of %(inspection)s has ended: set a later day first.", inspection=inspection.name))
            template.send_mail(inspection.id, email_layout_xmlid='mail.mail_notification_light')
            inspection._message_log(body=self.env._("Link sent to %(evaluator)s", evaluator=partner.display_name))
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'message': self.env._("The link has been sent."), 'next': {'type': 'ir.actions.act_window_close'}}}

    def action_renew_link(self):
        """Make a new link; the one before opens nothing any more."""
        for inspection in self._authorize('send'):
            inspection._as_system().write({
                'link_version': inspection.link_version + 1,
                'link_until': max(inspection.planned_date, fields.Date.context_today(self)) + timedelta(days=LINK_DAYS)})
        return True

    def action_carry_out(self):
        """Open the page on which the inspection is carried out, made for phones."""
        self.ensure_one()
        self._authorize('answer')
        return {'type': 'ir.actions.act_url', 'url': f'/property/inspection/{self.id}', 'target': 'self'}
