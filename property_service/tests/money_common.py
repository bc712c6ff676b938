from odoo import fields
from odoo.fields import Command

from .common import PropertyServiceCase


class MoneyCase(PropertyServiceCase):
    """The small property company with books: journals and accounts of its own, so that no chart of accounts is needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        company = {'company_ids': [Command.set(cls.company.ids)]}
        accounts = env['account.account'].create([
            {'name': "Test Receivable", 'code': 'PSR1', 'account_type': 'asset_receivable', 'reconcile': True, **company},
            {'name': "Test Income", 'code': 'PSI1', 'account_type': 'income', **company},
            {'name': "Test Bank", 'code': 'PSB1', 'account_type': 'asset_cash', **company},
            {'name': "Test Expense", 'code': 'PSE1', 'account_type': 'expense', **company},
            {'name': "Test Payable", 'code': 'PSP1', 'account_type': 'liability_payable', 'reconcile': True, **company},
        ])
        cls.receivable, cls.income, cls.bank_account, cls.expense, cls.payable = accounts
        cls.journal = env['account.journal'].create({
            'name': "Test Sales", 'code': 'PSSJ', 'type': 'sale', 'default_account_id': cls.income.id, 'sequence': -10})
        cls.bank = env['account.journal'].create({
            'name': "Test Bank", 'code': 'PSBJ', 'type': 'bank', 'default_account_id': cls.bank_account.id, 'sequence': -10})
        (cls.bank.inbound_payment_method_line_ids | cls.bank.outbound_payment_method_line_ids).payment_account_id = cls.bank_account
        for user in cls.users.values():
            user.partner_id.with_company(cls.company).property_account_receivable_id = cls.receivable
        cls.fee_type = env.ref('property_service.type_fee_query')
        cls.today = fields.Date.today()

    @classmethod
    def make_invoice(cls, amount=300.0, days=-20, partner=None, post=True, lines=None, **vals):
        """Create an invoice due ``days`` from today."""
        partner = partner or cls.resident
        partner.with_company(cls.company).property_account_receivable_id = cls.receivable
        invoice = cls.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': partner.id, 'journal_id': cls.journal.id,
            'invoice_date': fields.Date.add(cls.today, days=days - 15), 'invoice_date_due': fields.Date.add(cls.today, days=days),
            'invoice_line_ids': [
                Command.create({'name': name, 'quantity': 1, 'price_unit': price, 'tax_ids': [Command.clear()], 'account_id': cls.income.id})
                for name, price in lines or [("Property fee", amount)]],
            **vals,
        })
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def pay(cls, invoice, amount=None):
        """Register a payment of the invoice, of all that is open by default."""
        cls.env['account.payment.register'].with_context(active_model='account.move', active_ids=invoice.ids).create({
            'journal_id': cls.bank.id, **({'amount': amount} if amount else {}),
        })._create_payments()

    @classmethod
    def make_query(cls, *invoices, **vals):
        """Create a registered fee query of the resident about the invoices."""
        query = cls.make_request('registered', type_id=cls.fee_type.id, title="Why so much?", **vals)
        query.fee_move_ids = [Command.set([invoice.id for invoice in invoices])]
        return query
