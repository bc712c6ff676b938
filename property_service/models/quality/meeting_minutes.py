import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class PropertyServiceQualityMeeting(models.Model):
    """Invitation and minutes by mail with the PDF, and the next meeting."""

    _inherit = 'property.service.quality.meeting'

    def _get_recipients(self):
        """Return the partners of participants, chair, minute taker and guests who have an address."""
        self.ensure_one()
        people = self.sudo()  # sudo: employees' contacts
        employees = people.participant_ids | people.chair_id | people.minute_taker_id
        partners = self.env['res.partner'].sudo()  # sudo: as above
        for employee in employees:
            partners |= employee.user_id.partner_id or employee.work_contact_id
        return (partners | people.guest_ids).filtered('email_normalized')

    def _send(self, template):
        """Mail to all recipients: one message, because they have met."""
        self.ensure_one()
        recipients = self._get_recipients()
        if not recipients:
            raise UserError(self.env._("None of the participants has an e-mail address."))
        self.env.ref(template).send_mail(self.id, email_values={'recipient_ids': recipients.ids, 'email_to': False})
        return recipients

    def action_invite(self):
        """Mail the agenda to all who take part."""
        self.check_access('write')
        for meeting in self:
            if meeting.state != 'planned':
                raise UserError(self.env._("%(meeting)s is over: its minutes stand.", meeting=meeting.display_name))
            meeting._build_agenda()
            recipients = meeting._send('property_service.mail_template_meeting_invitation')
            meeting._message_log(body=self.env._("Agenda sent to %(names)s.", names=", ".join(recipients.mapped('name'))))
        return True

    def action_send_minutes(self):
        """Mail the minutes with their PDF to all who took part, and keep when."""
        self.check_access('write')
        for meeting in self:
            if meeting.state != 'done':
                raise UserError(self.env._("%(meeting)s was not held yet.", meeting=meeting.display_name))
            recipients = meeting._send('property_service.mail_template_meeting_minutes')
            meeting._as_system().sent_at = fields.Datetime.now()
            meeting._message_log(body=self.env._("Minutes sent to %(names)s.", names=", ".join(recipients.mapped('name'))))
        return True

    # ---- NEXT MEETING ----

    def _plan_next(self):
        """Plan the meeting of the next month where it is not planned yet; it moves from a weekend to Monday."""
        for meeting in self:
            if meeting.next_ids or self.search_count([
                    ('company_id', '=', meeting.company_id.id), ('month', '>', meeting.month), ('state', '!=', 'cancelled')], limit=1):
                continue
            date = meeting.date + relativedelta(months=1)
            date += relativedelta(days={5: 2, 6: 1}.get(date.weekday(), 0))
            values = meeting.copy_data()[0]
            values.pop('title', None)
            self._as_system().create({
                **values, 'month': meeting.month + relativedelta(months=1), 'date': date, 'previous_id': meeting.id})

    @api.model
    def _cron_meetings(self):
        """Plan the next meeting of those that take place every month, though the last one was never closed; count this week's figures."""
        now = fields.Datetime.now()
        commit = self.env['ir.cron']._commit_progress
        latest = self.search([('is_recurring', '=', True), ('state', '!=', 'cancelled')], order='company_id, month desc, id desc')
        jobs = [(meetings[0], '_plan_next') for meetings in latest.grouped('company_id').values() if meetings[0].date <= now]
        soon = self.search([('state', '=', 'planned'), ('date', '>=', now), ('date', '<=', now + relativedelta(days=7))])
        jobs += [(meeting, '_build_agenda') for meeting in soon]
        commit(remaining=len(jobs))
        for meeting, method in jobs:
            try:
                with self.env.cr.savepoint():
                    getattr(meeting.company_id._in_language(meeting), method)()
            except Exception:
                _logger.exception("Quality meeting %s: %s", meeting.id, method)
            if not commit(1):
                break
