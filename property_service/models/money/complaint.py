from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import formatLang

from ..claim import claim
from .request_fee import ACCOUNTANT


class PropertyServiceComplaint(models.Model):
    """Compensation that was granted becomes a credit note; both know each other."""

    _inherit = 'property.service.complaint'

    credit_ids = fields.One2many(
        'account.move', 'property_complaint_id', string="Credit Notes", groups=ACCOUNTANT, readonly=True)
    credit_count = fields.Integer(compute='_compute_credits', compute_sudo=True)
    compensation_open = fields.Monetary(
        string="Not Yet Credited", compute='_compute_credits', compute_sudo=True, groups='property_service.group_agent',
        help="Granted and on no credit note yet.")
    credit_text = fields.Char(
        string="Credit Notes in Words", compute='_compute_credits', compute_sudo=True, groups='property_service.group_agent')

    @api.depends('compensation', 'credit_ids.state', 'credit_ids.amount_total', 'credit_ids.payment_state')
    @api.depends_context('lang')
    def _compute_credits(self):
        for complaint in self:
            credits = complaint.credit_ids.filtered(lambda move: move.state != 'cancel')
            currency = complaint.company_id.currency_id or self.env.company.currency_id
            given = sum(move.currency_id._convert(
                move.amount_total, currency, complaint.company_id, move.invoice_date or fields.Date.context_today(complaint))
                for move in credits)
            complaint.credit_count = len(credits)
            complaint.compensation_open = max(0.0, currency.round(complaint.compensation - given))
            complaint.credit_text = ", ".join(self.env._(
                "%(document)s %(amount)s", document=move.name if move.state == 'posted' else self.env._("Draft"),
                amount=formatLang(self.env, move.amount_total, currency_obj=move.currency_id)) for move in credits)

    def action_compensate(self):
        """Make the draft credit note of the compensation that was granted; the accountants post it.

        Where the complaint is about a request with an invoice, it credits that invoice.

        :raises AccessError: not a supervisor
        :raises UserError: nothing is granted, nobody is known to give it to, or the books are not set up
        """
        self.ensure_one()
        self._check_visible()
        if not self.env.su and not self.env.user.has_group('property_service.group_supervisor'):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        self.check_access('write')
        claim(self)
        complaint = self.sudo()  # sudo: supervisors grant, they have no right in accounting
        amount, company = complaint.compensation_open, complaint.company_id
        if company.currency_id.is_zero(amount):
            raise UserError(self.env._("No compensation is left to credit on %(case)s.", case=self.name))
        if not complaint.partner_id:
            raise UserError(self.env._("%(case)s names nobody to whom the compensation could be credited.", case=self.name))
        Journal = self.env['account.journal'].sudo()  # sudo: as above
        if not Journal.search([('type', '=', 'sale'), *Journal._check_company_domain(company)], limit=1):
            raise UserError(self.env._("%(company)s has no sales journal.", company=company.name))
        invoice = complaint.request_id.document_ids.filtered(
            lambda move: move.state == 'posted' and move.move_type == 'out_invoice' and move.currency_id == company.currency_id
            and move.commercial_partner_id == complaint.partner_id.commercial_partner_id)[:1]
        credit = self.env['account.move'].sudo().with_company(company).create({  # sudo: as above
            'move_type': 'out_refund', 'company_id': company.id, 'partner_id': complaint.partner_id.id,
            'currency_id': company.currency_id.id, 'property_complaint_id': complaint.id, 'property_request_id': complaint.request_id.id,
            'property_unit_id': complaint.unit_id.id, 'property_estate_id': complaint.estate_id.id, 'reversed_entry_id': invoice.id,
            'invoice_origin': complaint.name, 'ref': complaint.name,
            'invoice_line_ids': [Command.create({
                'name': self.env._("Compensation %(case)s", case=complaint.name), 'quantity': 1, 'price_unit': amount,
                'tax_ids': [Command.clear()]})],
        })
        self.message_post(subtype_xmlid='mail.mt_note', body=self.env._(
            "A draft credit note of %(amount)s was made.", amount=formatLang(self.env, credit.amount_total, currency_obj=credit.currency_id)))
        return True

    def action_open_credits(self):
        """Return the act_window of the credit notes, for accountants."""
        self.ensure_one()
        return self.env['property.service.request']._get_moves_action(self.credit_ids, self.env._("Credit Notes"))
