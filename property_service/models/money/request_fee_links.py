from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..claim import claim
from .request_fee import ACCOUNTANT


class PropertyServiceRequest(models.Model):
    """From the request to the documents of accounting and back: credit notes, invoices, the complaint a disputed fee becomes."""

    _inherit = 'property.service.request'

    document_ids = fields.One2many(
        'account.move', 'property_request_id', string="Accounting Documents", groups=ACCOUNTANT, readonly=True,
        help="Invoices and credit notes made from this request.")
    document_count = fields.Integer(compute='_compute_money_counts', compute_sudo=True)
    fee_move_count = fields.Integer(string="Invoice Count", compute='_compute_money_counts', compute_sudo=True)
    fee_complaint_count = fields.Integer(
        string="Complaint Count", compute='_compute_fee_complaint_count', compute_sudo=True)
    fee_history_count = fields.Integer(string="Earlier Queries", compute='_compute_fee_history_count', compute_sudo=True)

    @api.depends('fee_move_ids', 'document_ids')
    def _compute_money_counts(self):
        for request in self:
            request.fee_move_count = len(request.fee_move_ids)
            request.document_count = len(request.document_ids)

    def _compute_fee_complaint_count(self):
        counts = dict(self.env['property.service.complaint']._read_group(
            [('request_id', 'in', self.ids)], ['request_id'], ['__count']))
        for request in self:
            request.fee_complaint_count = counts.get(request, 0)

    @api.depends('partner_id')
    def _compute_fee_history_count(self):
        counts = dict(self._read_group(
            Domain('partner_id', 'in', self.partner_id.ids) & Domain('kind', '=', 'fee_query')
            & Domain('company_id', 'in', self.env.companies.ids), ['partner_id'], ['__count']))
        for request in self:
            own = request.kind == 'fee_query' and bool(request._origin)
            request.fee_history_count = max(0, counts.get(request.partner_id, 0) - own) if request.partner_id else 0

    # ---- ACTIONS ----

    def _get_moves_action(self, moves, name):
        action = {
            'type': 'ir.actions.act_window', 'name': name, 'res_model': 'account.move',
            'domain': [('id', 'in', moves.ids)], 'view_mode': 'list,form', 'views': [(False, 'list'), (False, 'form')],
            'context': {'create': False, 'default_move_type': 'out_invoice'},
        }
        if len(moves) == 1:
            action.update(res_id=moves.id, view_mode='form', views=[(False, 'form')])
        return action

    def action_open_fee_moves(self):
        """Return the act_window of the invoices the query is about."""
        self.ensure_one()
        return self._get_moves_action(self.fee_move_ids, self.env._("Invoices"))

    def action_open_documents(self):
        """Return the act_window of the invoices and credit notes made from the request."""
        self.ensure_one()
        return self._get_moves_action(self.document_ids, self.env._("Accounting Documents"))

    def action_open_fee_history(self):
        """Return the act_window of the resident's other fee queries."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.fee_query_action'),
            'domain': [('kind', '=', 'fee_query'), ('partner_id', '=', self.partner_id.id), ('id', '!=', self.id)],
            'context': {},
        }

    def action_fee_credit(self):
        """Return core's wizard that makes a credit note of the query's invoices; the credit note remembers the query.

        :raises UserError: the query has no posted invoice
        """
        self.ensure_one()
        moves = self.fee_move_ids.filtered(lambda move: move.state == 'posted' and move.move_type == 'out_invoice')
        if not moves:
            raise UserError(self.env._("Choose the invoice to credit first."))
        return {
            **self.env['ir.actions.act_window']._for_xml_id('account.action_view_account_move_reversal'),
            'context': {
                'active_model': 'account.move', 'active_ids': moves.ids, 'active_id': moves[:1].id,
                'property_request_id': self.id, 'default_reason': self.name,
            },
        }

    def action_fee_plan(self, parts=3, start=None):
        """Propose a payment plan: what is owed on the query's invoices in monthly parts; the last one takes the rest.

        :param int parts: number of payments, 2 to 36
        :param start: date of the first payment, default: in a month
        :raises UserError: nothing is owed, or there are planned payments already
        """
        self.ensure_one()
        if not self.env.user.has_group(ACCOUNTANT) and not self.env.su:
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        if type(parts) is not int or not 2 <= parts <= 36:
            raise UserError(self.env._("A payment plan has 2 to 36 parts."))
        if self.instalment_ids:
            raise UserError(self.env._("There are planned payments already: correct or delete them."))
        start = self._to_datetime(start)
        today = self.env.company._property_today()
        first = start.date() if start else fields.Date.add(today, months=1)
        if not today <= first <= fields.Date.add(today, years=10):
            raise UserError(self.env._("The first payment lies between today and ten years from now."))
        commands = []
        for currency, owed in self._get_owed().items():
            part = currency.round(owed / parts)
            if currency.compare_amounts(part, 0) <= 0:
                continue
            commands += [Command.create({
                'date_planned': fields.Date.add(first, months=number), 'currency_id': currency.id,
                'amount': part if number < parts - 1 else currency.round(owed - part * (parts - 1)),
            }) for number in range(parts)]
        if not commands:
            raise UserError(self.env._("Nothing is owed on the invoices of %(case)s.", case=self.name))
        self.write({'instalment_ids': commands, 'fee_outcome': 'plan'})
        return True

    def action_merge(self, master_id=None):
        """As for any request; what a duplicate asks about bills of the same resident is asked by the master from then on."""
        bills = {request: (request.fee_move_ids, request.fee_line_ids, request.fee_hold) for request in self.sudo()}  # sudo: agents read no bills
        result = super().action_merge(master_id=master_id)
        for request, (moves, lines, held) in bills.items():
            master = request.merged_into_id
            if moves and master.kind == 'fee_query' and master.partner_id.commercial_partner_id == request.partner_id.commercial_partner_id:
                master.write({
                    'fee_move_ids': [Command.link(move.id) for move in moves], 'fee_line_ids': [Command.link(line.id) for line in lines],
                    'fee_hold': master.fee_hold or held})
        return result

    def action_fee_complaint(self):
        """Make a complaint of a disputed fee, once, and return its act_window for those who may see complaints."""
        self.ensure_one()
        user = self.env.user
        if not self.env.su and not user.has_group('property_service.group_agent') and not user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        if self.kind != 'fee_query':
            raise UserError(self.env._("Only a fee query becomes a complaint like this."))
        claim(self)
        request = self.sudo()  # sudo: accountants pass the matter on without seeing complaints
        Complaint = self.env['property.service.complaint'].sudo()  # sudo: as above
        complaint = Complaint.search([('request_id', '=', self.id)], limit=1)
        if not complaint:
            texts = [request.description, request.fee_text, request.work_summary]
            complaint = Complaint.create({
                'title': request.title, 'description': "\n\n".join(filter(None, texts)) or request.title,
                'category_id': request.category_id.id, 'estate_id': request.estate_id.id, 'building_id': request.building_id.id,
                'unit_id': request.unit_id.id, 'partner_id': request.partner_id.id, 'contact_name': request.contact_name,
                'contact_phone': request.contact_phone, 'channel': request.channel, 'request_id': request.id,
                'user_id': request.user_id.id,
            })
            request.message_post(body=self.env._("Became the complaint %(complaint)s.", complaint=complaint.name))
        if not complaint.sudo(False).has_access('read'):
            return {
                'type': 'ir.actions.client', 'tag': 'display_notification',
                'params': {'type': 'success', 'message': self.env._("The complaint %(complaint)s is opened.", complaint=complaint.name),
                           'next': {'type': 'ir.actions.act_window_close'}},
            }
        return self._get_record_action(complaint)
