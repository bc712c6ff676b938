from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang

from .request_states import OPEN_STATES

_CARD_CASES = 8  # cases shown beside the intake form: more are a click away
_CARD_PEOPLE = 12


class PropertyServiceRequest(models.Model):
    """Intake in seconds (R2, R11): who calls, what is known, is the matter already reported, and off it goes."""

    _inherit = 'property.service.request'

    # ---- ONCHANGE ----

    @api.onchange('type_id')
    def _onchange_type_title(self):
        """The name of the service is a good enough title until the agent types a better one."""
        if not self.type_id or self._origin:
            return
        if not self.title or self.env['property.service.type'].search_count([('name', '=', self.title)], limit=1):
            self.title = self.type_id.name

    # ---- ACTIONS ----

    def action_intake_register(self):
        """Register from the intake form and open the request.

        :return: act_window of the request
        """
        self.ensure_one()
        self.action_register()
        return self._get_form_action()

    def action_intake_next(self):
        """Register from the intake form and offer an empty one for the next caller."""
        self.ensure_one()
        self.action_register()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._("%(request)s is registered.", request=self.name),
                'next': self._get_intake_action(default_channel=self.channel),
            },
        }

    def action_intake_answer(self):
        """Register an enquiry and answer it at once (R12): its answer is the work record."""
        self.ensure_one()
        if not (self.work_summary or '').strip():
            raise UserError(self.env._("Write down the answer you gave."))
        if self.state == 'new':
            self.action_register()
        self.action_done(summary=self.work_summary)
        return self._get_form_action()

    def action_join(self, master_id=None):
        """Join an open request about the same matter instead of opening a second one.

        What this resident reported is noted on the master with its photos, and the resident is told with it: the usual
        merge of a duplicate.

        :param int master_id: id of the request that goes on; a wizard asks when missing
        :return: act_window of the master
        :raises UserError: the master is closed or merged itself
        """
        self.ensure_one()
        self._authorize('merge')
        if not master_id:
            return self._open_action_wizard('merge')
        master = self._browse_argument(self._name, master_id)
        if not self.type_id:
            self.type_id = master.type_id
        if not self.estate_id:
            self.write({'estate_id': master.estate_id.id, 'building_id': master.building_id.id})
        self.action_merge(master_id=master.id)
        files = self.env['ir.attachment'].browse(
            file.copy({'res_model': master._name, 'res_id': master.id}).id for file in self.attachment_ids)
        if files:
            master.write({'attachment_ids': [Command.link(file.id) for file in files]})
        reporter = ", ".join(filter(None, (self.partner_id.name or self.contact_name, self.contact_phone, self.unit_id.name)))
        report = self.description or self.title
        master.message_post(
            body=self.env._("Also reported by %(reporter)s: %(report)s", reporter=reporter, report=report),
            attachment_ids=files.ids)
        return master._get_form_action()

    def _get_form_action(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'views': [(self.env.ref('property_service.request_view_form').id, 'form')],
            'target': 'main',
        }

    @api.model
    def _get_intake_action(self, **context):
        """Return the act_window of an empty intake form; ``context`` holds its ``default_*`` values."""
        action = self.env['ir.actions.act_window']._for_xml_id('property_service.request_intake_action')
        return {**action, 'target': 'main', 'context': {'show_resident': True, **context}}

    # ---- PROMISED REPLY ----

    def _after_state_change(self, before):
        """An enquiry that is registered without an answer gets a promised reply time (R12)."""
        result = super()._after_state_change(before)
        unpromised = self.filtered(
            lambda r: r.state == 'registered' and r.kind in ('enquiry', 'fee_query') and not r.promised_at)
        for company, requests in unpromised.grouped('company_id').items():
            promise = fields.Datetime.add(
                fields.Datetime.now().replace(second=0, microsecond=0), hours=company.property_promise_hours)
            for deadline, group in requests.grouped('response_deadline').items():
                group.promised_at = min(promise, deadline or promise)  # registering late wins no time
        return result

    # ---- CARD ----

    @api.model
    @api.readonly
    def get_intake_card(self, partner_id=None, unit_id=None, request_id=None):
        """Return what an agent wants to see while somebody is on the phone; the number of queries is constant.

        :param int partner_id: id of the resident, when known
        :param int unit_id: id of the unit, when known
        :param int request_id: id of the request being written, which is not its own duplicate
        :rtype: dict
        :return: ``partner`` (or False), ``units`` of the resident, ``residents`` of the unit, ``balance`` (or False),
            ``cases`` that may be the same matter and ``stranger``: True when the resident does not live in the unit
        :raises AccessError: the user takes in no requests
        :raises UserError: the resident or the unit does not exist or may not be seen
        """
        if not self.env.user.has_group('property_service.group_agent'):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        partner = self._browse_argument('res.partner', partner_id) if partner_id else self.env['res.partner']
        unit = self._browse_argument('property.service.unit', unit_id) if unit_id else self.env['property.service.unit']
        units = self._get_card_residencies(Domain('partner_id', '=', partner.id)) if partner else []
        residents = self._get_card_residencies(Domain('unit_id', '=', unit.id)) if unit else []
        return {
            'partner': self._get_card_partner(partner),
            'units': [
                {'id': line.unit_id.id, 'name': line.unit_id.display_name, 'role': line.role, 'role_label': label}
                for line, label in units],
            'residents': [
                {'id': line.partner_id.id, 'name': line.partner_id.name, 'phone': line.phone or '', 'role': line.role,
                 'role_label': label, 'is_primary': line.is_primary}
                for line, label in residents],
            'balance': self._get_card_balance(partner),
            'cases': self._get_card_cases(partner, unit, request_id),
            'stranger': bool(partner and unit and unit.use != 'common'
                             and partner.id not in {line.partner_id.id for line, _label in residents}),
        }

    def _get_card_residencies(self, domain):
        residencies = self.env['property.service.residency'].search(
            domain & Domain('is_current', '=', True), order='is_primary desc, id', limit=_CARD_PEOPLE)
        labels = dict(residencies._fields['role']._description_selection(self.env))
        return [(residency, labels[residency.role]) for residency in residencies]

    def _get_card_partner(self, partner):
        if not partner:
            return False
        labels = dict(partner._fields['resident_channel']._description_selection(self.env))
        return {
            'id': partner.id,
            'name': partner.name or '',
            'phone': partner.phone or '',
            'email': partner.email or '',
            'channel': labels.get(partner.resident_channel, ''),
            # kept only with the resident's consent, see res.partner
            'preferences': partner.resident_consent and partner.resident_preferences or '',
        }

    def _get_card_balance(self, partner):
        """Return {'text', 'count', 'owed'}: open customer invoices of the resident in words, from one query."""
        if not partner:
            return False
        today = fields.Date.context_today(self)
        moves = self.env['account.move'].sudo()  # sudo: agents have no accounting right; only sums of a resident they may read
        groups = moves._read_group(
            [('commercial_partner_id', '=', partner.commercial_partner_id.id), ('company_id', 'in', self.env.companies.ids),
             ('state', '=', 'posted'), ('move_type', 'in', ('out_invoice', 'out_refund')),
             ('payment_state', 'in', ('not_paid', 'partial'))],
            ['company_id'], ['amount_residual_signed:sum', '__count', 'invoice_date_due:min'])
        count = sum(number for _company, _amount, number, _due in groups)
        if not count:
            return {'text': self.env._("Nothing is owed"), 'count': 0, 'owed': False, 'overdue': False}
        amounts = ", ".join(
            formatLang(self.env, amount, currency_obj=company.currency_id) for company, amount, _number, _due in groups)
        due = min((due for *_rest, due in groups if due), default=False)
        if all(amount <= 0 for _company, amount, _number, _due in groups):
            text = self.env._("%(amount)s in favour of the resident", amount=amounts)
        elif due and due < today:
            text = self.env._("Owes %(amount)s, overdue since %(date)s", amount=amounts, date=format_date(self.env, due))
        else:
            text = self.env._("Owes %(amount)s", amount=amounts)
        owed = any(amount > 0 for _company, amount, _number, _due in groups)
        return {'text': text, 'count': count, 'owed': owed, 'overdue': bool(owed and due and due < today)}

    def _get_card_cases(self, partner, unit, request_id):
        """Return the open and recent cases that may be the same matter: on the unit, in the building's common areas, or,
        as long as the unit is not known, of the resident."""
        if unit:
            draft = self.new({'unit_id': unit.id})
            found = self.search(draft._get_related_domain(), limit=_CARD_CASES + 1, order='id desc')
            if unit.use != 'common':
                found |= self.search(
                    Domain('building_id', '=', unit.building_id.id) & Domain('unit_id.use', '=', 'common')
                    & Domain('state', 'in', OPEN_STATES), limit=_CARD_CASES, order='id desc')
        elif partner:
            found = self.search(
                Domain('partner_id', '=', partner.id) & (
                    ~Domain('state', 'in', self._closed_states)
                    | Domain('create_date', '>=', fields.Datetime.subtract(fields.Datetime.now(), days=90))),
                limit=_CARD_CASES + 1, order='id desc')
        else:
            return []
        found = found.filtered(lambda case: case.id != request_id and not case.merged_into_id)
        found = found.sorted(lambda case: (case.state not in OPEN_STATES, -case.id))[:_CARD_CASES]
        labels = dict(self._fields['state']._description_selection(self.env))
        return [{
            'id': case.id,
            'name': case.name,
            'title': case.title,
            'type_id': case.type_id.id,
            'type': case.type_id.name or '',
            'place': case.unit_id.name or case.building_id.name or '',
            'other_place': bool(unit and case.unit_id != unit),
            'reporter': case.partner_id.name or case.contact_name or '',
            'worker': case.employee_id.sudo().name or '',  # sudo: the name of who is at work, for an agent without HR rights
            'state': case.state,
            'state_label': labels[case.state],
            'date': format_date(self.env, fields.Datetime.context_timestamp(self, case.create_date).date()),
            'joinable': case.state in OPEN_STATES,  # somebody else may join as long as the work is not over
        } for case in found]
