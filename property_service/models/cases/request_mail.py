from odoo import api, models

#: state entered -> template. Cancellation has two of its own, see :meth:`_get_mail_events`.
STATE_TEMPLATES = {
    'confirmed': 'property_service.mail_template_appointment',
    'dispatched': 'property_service.mail_template_on_the_way',
    'done': 'property_service.mail_template_done',
    'rejected': 'property_service.mail_template_rejected',
}


class PropertyServiceRequest(models.Model):
    """Mails to residents about the steps of their requests."""

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
        self.filtered(lambda request: request.state == 'done')._choose_for_rating()
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
