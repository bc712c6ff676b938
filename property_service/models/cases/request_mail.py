from odoo import SUPERUSER_ID, api, models
from odoo.tools import html2plaintext

from .case_resident import MAX_TEXT, MAX_TITLE

#: state entered -> template. Cancellation has two of its own, see :meth:`_get_mail_events`.
STATE_TEMPLATES = {
    'confirmed': 'property_service.mail_template_appointment',
    'dispatched': 'property_service.mail_template_on_the_way',
    'done': 'property_service.mail_template_done',
    'rejected': 'property_service.mail_template_rejected',
}


class PropertyServiceRequest(models.Model):
    """Mails to residents about the steps of their requests, and requests that come by mail."""

    _inherit = 'property.service.request'

    # ---- MAILS TO RESIDENTS ----

    @api.model_create_multi
    def create(self, vals_list):
        """Confirm the receipt to residents who have an e-mail address."""
        requests = super().create(vals_list)
        if self.env.su or self.env.user._is_internal():  # a resident's own creation comes here a second time with su
            requests._send_resident_mails('property_service.mail_template_receipt')
        return requests

    def action_resume(self):
        """Go on where it was before the pause: no news for the resident, other than a new appointment after a pause."""
        return super(PropertyServiceRequest, self.with_context(property_service_resumed=True)).action_resume()

    def _after_state_change(self, before):
        super()._after_state_change(before)
        for template, requests in self._get_mail_events(before).items():
            requests._send_resident_mails(template)

    def _get_mail_events(self, before):
        """Return {xml id of the template: requests whose residents get it} for a change of state."""
        events = {}

        def add(template, requests):
            if requests:
                events[template] = events.get(template, self.browse()) | requests

        for request in self:
            state, old_state = request.state, before.get(request.id)
            if state == 'cancelled':
                if request.merged_into_id:
                    add('property_service.mail_template_merged', request)
                elif self.env.user.partner_id != request.partner_id:
                    add('property_service.mail_template_cancelled', request)
            elif state in STATE_TEMPLATES and not (old_state == 'waiting' and self.env.context.get('property_service_resumed')):
                add(STATE_TEMPLATES[state], request)
                if state in ('done', 'rejected'):
                    add('property_service.mail_template_merged_done', request.sudo().merged_ids)  # sudo: of other teams, too
        return events

    def _send_resident_mails(self, template_xmlid):
        """Queue the mail for the residents who have an e-mail address and may still see the request.

        Nothing is rendered or queried for the others: taking in a request must stay cheap.
        """
        context = self.env.context
        if context.get('install_mode') or context.get('import_file') or context.get('property_service_no_mail'):
            return
        requests = self.sudo()  # sudo: mails go out whoever took the step
        addressed = requests.filtered(lambda request: request.partner_id.email_normalized)
        if not addressed:
            return
        told = addressed._get_told_partners()
        template = self.env.ref(template_xmlid).with_user(SUPERUSER_ID)
        for company, requests in addressed.filtered(lambda request: told[request]).grouped('company_id').items():
            email_values = {
                'author_id': company.partner_id.id,
                'email_from': company.email_formatted or template.env.user.email_formatted,
                # the message stays in the chatter when the sent mail is cleaned up, and replies find their way back to it
                'is_notification': True,
                'auto_delete': True,
            }
            template.with_company(company).send_mail_batch(
                requests.ids, email_layout_xmlid='mail.mail_notification_light', email_values=email_values)
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()  # sudo: send soon, not at the next full hour

    def _get_mail_timezone(self):
        """Return the time zone of the place: residents read times as their clock at home shows them."""
        self.ensure_one()
        return (self.estate_id.calendar_id or self.company_id.resource_calendar_id).tz or 'UTC'

    def _get_resident_url(self):
        """Return the absolute address of the request's page in the portal."""
        self.ensure_one()
        return f"{self.get_base_url()}{self.access_url}"

    # ---- REQUESTS BY MAIL ----

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a request of an incoming mail. Whatever the mail contains, it must not be lost.

        The sender's only unit is taken over; anything that cannot be found out waits for the agent.
        """
        # NUL is the one character that PostgreSQL refuses
        subject = " ".join((msg_dict.get('subject') or '').replace('\x00', '').split())
        body = html2plaintext(msg_dict.get('body') or '').replace('\x00', '').strip()
        sender = (msg_dict.get('email_from') or '').replace('\x00', '')
        values = {
            'title': (subject or body.split('\n', 1)[0] or self.env._("E-mail from %(sender)s", sender=sender))[:MAX_TITLE],
            'description': body[:MAX_TEXT],
            'channel': 'email',
            'user_id': False,
            **(custom_values or {}),
        }
        values.update(self._get_mail_sender_values(msg_dict, sender, values.get('company_id')))
        return self.create(values)

    @api.model
    def _get_mail_sender_values(self, msg_dict, sender, company_id):
        Partner = self.env['res.partner'].sudo()  # sudo: the gateway looks up who sent it
        partner = Partner.browse(self._to_id(msg_dict.get('author_id'))).exists()
        if not partner or any(not user.share for user in partner.user_ids):
            return {'contact_name': sender[:MAX_TITLE]}
        units = partner.unit_ids.filtered(lambda unit: not company_id or unit.company_id.id == company_id)
        values = {'partner_id': partner.id}
        if len(units) == 1:
            values['unit_id'] = units.id
        elif len(units.estate_id) == 1:
            values['estate_id'] = units.estate_id.id
        return values
