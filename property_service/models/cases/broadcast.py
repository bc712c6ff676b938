from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: What is said cannot be changed once it has been said.
_TOLD_FIELDS = {'title', 'kind', 'body', 'phone', 'estate_id', 'building_ids', 'tell_residents', 'tell_staff', 'on_duty_only', 'team_ids'}
#: The portal goes on showing the all-clear so long.
ALL_CLEAR_HOURS = 24


class PropertyServiceBroadcast(models.Model):
    """An emergency notice 紧急通知 to the staff on duty and the residents of an estate or some of its buildings (R74)."""

    _name = 'property.service.broadcast'
    _description = "Emergency Notice"
    _inherit = ['property.service.workflow', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _rec_names_search = ['name', 'title']
    _check_company_auto = True

    _transitions = {'draft': {'sent', 'cancelled'}, 'sent': {'ended'}, 'ended': set(), 'cancelled': set()}
    _closed_states = ('ended', 'cancelled')
    _open_states = ('draft', 'sent')
    _initial_state = 'draft'
    _state_actions = {'sent': 'send', 'ended': 'end', 'cancelled': 'cancel'}
    _action_groups = dict.fromkeys(('send', 'end', 'cancel'), 'property_service.group_agent')
    _sequence_code = 'property.service.broadcast'
    _state_log_field = 'broadcast_id'
    _system_fields = frozenset({'name', 'sent_at', 'sent_by_id', 'ended_at', 'recipient_ids'})

    name = fields.Char(string="Number", default='/', required=True, readonly=True, copy=False)
    state = fields.Selection(
        [('draft', "Draft"), ('sent', "Sent"), ('ended', "Over, All Clear"), ('cancelled', "Cancelled")],
        required=True, default='draft', readonly=True, copy=False, index=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, compute='_compute_company_id', store=True, precompute=True)
    title = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        [('fire', "Fire"), ('water', "Water"), ('power', "Electricity"), ('gas', "Gas"), ('lift', "Lift"), ('weather', "Weather"),
         ('security', "Public Order"), ('health', "Health"), ('other', "Other")], required=True, default='other')
    body = fields.Text(string="Message Text", required=True, help="What has happened, what to do, what not to do.")
    phone = fields.Char(string="Phone for Questions")
    estate_id = fields.Many2one('property.service.estate', required=True, index=True, check_company=True, ondelete='restrict')
    building_ids = fields.Many2many(
        'property.service.building', domain="[('estate_id', '=', estate_id)]", help="Empty: the whole estate.")
    tell_residents = fields.Boolean(default=True, help="By mail and in the portal, whoever lives or owns there today.")
    tell_staff = fields.Boolean(default=True, help="A to-do and a message for each.")
    team_ids = fields.Many2many(
        'property.service.team', string="Teams", compute='_compute_team_ids', store=True, readonly=False, check_company=True)
    on_duty_only = fields.Boolean(
        string="Only Who Is at Work Now", default=True,
        help="By calendar and time off. Leaders and the estate's manager are always told, and everybody where nobody is at work.")
    sent_at = fields.Datetime(readonly=True, copy=False)
    sent_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    ended_at = fields.Datetime(string="All Clear At", readonly=True, copy=False)
    end_note = fields.Text(string="All Clear", copy=False, help="What everybody is told when it is over.")
    recipient_ids = fields.One2many(
        'property.service.broadcast.recipient', 'broadcast_id', string="Who Was Told", readonly=True, copy=False,
        groups='property_service.group_agent,property_service.group_quality')
    told_count = fields.Integer(
        string="Told", compute='_compute_counts', groups='property_service.group_agent,property_service.group_quality')
    call_count = fields.Integer(
        string="To Be Called", compute='_compute_counts', groups='property_service.group_agent,property_service.group_quality')
    audience = fields.Char(string="For Whom", compute='_compute_audience', groups='property_service.group_agent')
    state_log_ids = fields.One2many('property.service.state.log', 'broadcast_id', readonly=True)

    # ---- COMPUTES ----

    @api.depends('name', 'title')
    def _compute_display_name(self):
        for broadcast in self:
            broadcast.display_name = " ".join(filter(None, (broadcast.name != '/' and broadcast.name, broadcast.title)))

    @api.depends('estate_id')
    def _compute_company_id(self):
        for broadcast in self:
            broadcast.company_id = broadcast.estate_id.company_id or broadcast.company_id or self.env.company

    @api.depends('estate_id')
    def _compute_team_ids(self):
        for broadcast in self:
            estate = broadcast.estate_id
            broadcast.team_ids = self.env['property.service.team'].search([
                ('company_id', '=', estate.company_id.id), '|', ('estate_ids', '=', False), ('estate_ids', 'in', estate.ids)]) \
                if estate else False

    def _compute_counts(self):
        counts = {
            (broadcast.id, told): count for broadcast, told, count in self.env['property.service.broadcast.recipient']._read_group(
                [('broadcast_id', 'in', self.ids)], ['broadcast_id', 'is_told'], ['__count'])}
        for broadcast in self:
            broadcast.told_count = counts.get((broadcast.id, True), 0)
            broadcast.call_count = counts.get((broadcast.id, False), 0)

    @api.depends('state', 'estate_id', 'building_ids', 'tell_residents', 'tell_staff', 'team_ids', 'on_duty_only')
    def _compute_audience(self):
        """Say before sending how many will hear it."""
        for broadcast in self:
            if broadcast.state != 'draft' or not broadcast.estate_id:
                broadcast.audience = False
                continue
            residents = broadcast._get_residents()
            silent = len(residents.filtered(lambda partner: not partner.email_normalized))
            broadcast.audience = self.env._(
                "%(residents)s residents, of whom %(silent)s have no e-mail address and must be called; %(staff)s employees.",
                residents=len(residents), silent=silent, staff=len(broadcast._get_staff()))

    # ---- CRUD ----

    def write(self, vals):
        """What has been told stays as it was told."""
        if not self._is_system() and vals.keys() & _TOLD_FIELDS and any(broadcast.state != 'draft' for broadcast in self):
            raise UserError(self.env._("The notice has been sent: send a new one, or the all-clear."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(broadcast.state in ('sent', 'ended') for broadcast in self):
            raise UserError(self.env._("A notice that was sent stays on file."))

    # ---- WHO ----

    def _get_residents(self):
        """Return the partners who live or own in the estate, or in the buildings named, today."""
        self.ensure_one()
        if not self.tell_residents:
            return self.env['res.partner']
        domain = Domain('is_current', '=', True) & (
            Domain('building_id', 'in', self.building_ids.ids) if self.building_ids else Domain('estate_id', '=', self.estate_id.id))
        residencies = self.env['property.service.residency'].sudo().search(domain)  # sudo: whoever sends it, all are told
        return residencies.partner_id.filtered('active')

    def _get_staff(self):
        """Return the employees who are told: leaders, the estate's manager, and of the teams who is at work now."""
        self.ensure_one()
        if not self.tell_staff:
            return self.env['hr.employee']
        broadcast = self.sudo()  # sudo: agents do not read employees' hours
        always = (broadcast.estate_id.manager_id | broadcast.team_ids.leader_id).filtered('active')
        members = broadcast.team_ids.member_ids.filtered('active')
        if broadcast.on_duty_only and members:
            now = fields.Datetime.now()
            periods = members._get_work_periods(now - timedelta(minutes=1), now + timedelta(minutes=1))
            at_work = members.filtered(lambda employee: any(start <= now < end for start, end in periods.get(employee.id, ())))
            members = at_work or members
        return always | members

    # ---- ACTIONS ----

    def action_send(self):
        """Tell everybody now: mails and portal for residents, a to-do and a message for employees. Who was told is kept."""
        broadcasts = self._authorize('send')
        now = fields.Datetime.now()
        broadcasts._set_state('sent', sent_at=now, sent_by_id=self.env.uid)
        for broadcast in broadcasts:
            recipients = broadcast._add_recipients(now)
            if not recipients:
                raise UserError(self.env._("Nobody would be told: there are neither residents nor employees."))
            broadcast._mail_residents(recipients, 'property_service.broadcast_mail')
            broadcast._tell_staff(recipients.employee_id.user_id)
        return True

    def action_end(self, note=None):
        """Give the all-clear to everybody who was told.

        :param str note: what is told; default: the one on the notice
        :raises UserError: there is nothing to tell
        """
        broadcasts = self._authorize('end')
        for broadcast in broadcasts:
            text = (note or broadcast.end_note or '').strip()
            if not text:
                raise UserError(self.env._("Write what everybody is told now that it is over."))
            broadcast._set_state('ended', ended_at=fields.Datetime.now(), end_note=text)
            recipients = broadcast.sudo().recipient_ids  # sudo: whoever ends it, all are told
            broadcast._mail_residents(recipients, 'property_service.broadcast_mail_end')
            broadcast.sudo().activity_ids.action_feedback()  # sudo: other people's to-dos are over, too
            users = recipients.employee_id.user_id.filtered('active')
            if users:
                broadcast.message_notify(partner_ids=users.partner_id.ids, subject=broadcast.display_name, body=text)
        return True

    def action_cancel(self):
        """Throw a draft away."""
        self._authorize('cancel')._set_state('cancelled')
        return True

    def action_open_recipients(self):
        """Return the act_window of who was told, those first who still must be called."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.broadcast_recipient_action'),
            'domain': [('broadcast_id', '=', self.id)],
        }

    # ---- TELLING ----

    def _add_recipients(self, now):
        """Keep who is told and how, in a constant number of queries."""
        self.ensure_one()
        residents, staff = self.sudo()._get_residents(), self._get_staff()  # sudo: whoever sends it, all are told
        vals_list = [{
            'broadcast_id': self.id, 'partner_id': partner.id, 'name': partner.name, 'phone': partner.phone,
            'channel': 'mail' if partner.email_normalized else 'call', 'told_at': now if partner.email_normalized else False,
        } for partner in residents]
        vals_list += [{
            'broadcast_id': self.id, 'employee_id': employee.id, 'name': employee.name,
            'phone': employee.mobile_phone or employee.work_phone,
            'channel': 'todo' if employee.user_id.active else 'call', 'told_at': now if employee.user_id.active else False,
        } for employee in staff.sudo()]  # sudo: as above
        return self.env['property.service.broadcast.recipient'].sudo().create(vals_list)  # sudo: the log is written only here

    def _mail_residents(self, recipients, template):
        """Queue one mail per resident: nobody sees who else was told. The frame of the mail is in the resident's language."""
        partners = recipients.filtered(lambda line: line.partner_id and line.channel == 'mail').partner_id
        values = []
        for lang, group in partners.grouped('lang').items():
            broadcast = self.with_context(lang=lang or self.env.lang)
            body = self.env['ir.qweb'].with_context(lang=broadcast.env.lang)._render(template, {'broadcast': broadcast})
            values += [{
                'subject': self.title, 'body_html': body, 'recipient_ids': [(4, partner.id)], 'auto_delete': True,
                'email_from': self.company_id.email_formatted or self.env.user.email_formatted,
            } for partner in group]
        self.env['mail.mail'].sudo().create(values)  # sudo: employees do not create mails by themselves
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()  # sudo: at once, not at the next full hour

    def _tell_staff(self, users):
        users = users.filtered(lambda user: user.active and self.company_id in user.company_ids)
        if not users:
            return
        activity_type = self.env.ref('property_service.mail_activity_type_emergency')
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create([{  # sudo: to-dos for others
            'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': self.id, 'activity_type_id': activity_type.id,
            'summary': self.title, 'user_id': user.id, 'date_deadline': fields.Date.context_today(self.with_context(tz=user.tz)),
            'automated': True,
        } for user in users])
        self.message_notify(
            partner_ids=users.partner_id.ids, subject=self.display_name, body=self.body + (f"\n{self.phone}" if self.phone else ""))

    # ---- PORTAL ----

    @api.model
    def _get_portal_notices(self):
        """Return the notices that concern the user's homes now: those in force, and the all-clear for a day."""
        units = self.env.user.partner_id.sudo().unit_ids  # sudo: the user's own units
        if not units:
            return self.browse()
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=ALL_CLEAR_HOURS)
        return self.sudo().search(  # sudo: residents read the notices of their own homes and no others
            Domain('tell_residents', '=', True) & Domain('estate_id', 'in', units.estate_id.ids)
            & (Domain('building_ids', '=', False) | Domain('building_ids', 'in', units.building_id.ids))
            & (Domain('state', '=', 'sent') | Domain('state', '=', 'ended') & Domain('ended_at', '>=', since)), limit=5)
