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
        cls.today = env.company._property_today()

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

    @classmethod
    def make_paid_type(cls, **vals):
        """Give the repair a price list: a fee for coming on every request, and material if needed; set the products."""
        cls.tax = cls.env['account.tax'].create({
            'name': "Test VAT 6 %", 'amount': 6.0, 'type_tax_use': 'sale', 'company_id': cls.company.id,
            'tax_group_id': cls.env['account.tax.group'].create({'name': "Test VAT", 'company_id': cls.company.id}).id,
            'country_id': cls.company.account_fiscal_country_id.id})
        vat = cls.env['account.account'].create({
            'name': "Test VAT", 'code': 'PSV1', 'account_type': 'liability_current', 'company_ids': [Command.set(cls.company.ids)]})
        (cls.tax.invoice_repartition_line_ids | cls.tax.refund_repartition_line_ids).filtered(
            lambda line: line.repartition_type == 'tax').account_id = vat
        cls.metre = cls.env.ref('uom.product_uom_meter')
        cls.coming, cls.pipe = cls.env['product.product'].create([
            {'name': "Coming to You", 'type': 'service', 'list_price': 50.0, 'taxes_id': [Command.set(cls.tax.ids)],
             'property_account_income_id': cls.income.id},
            {'name': "Pipe", 'type': 'consu', 'list_price': 33.33, 'standard_price': 20.0, 'uom_id': cls.metre.id,
             'taxes_id': [Command.set(cls.tax.ids)], 'property_account_income_id': cls.income.id}])
        cls.type_repair.write({
            'warranty_days': 90,
            'price_ids': [Command.create({'product_id': cls.coming.id, 'included': True}), Command.create({'product_id': cls.pipe.id})], **vals})
        return cls.type_repair

    @classmethod
    def add_charge(cls, request, product, quantity=1.0, **vals):
        """Put labour or material on a request."""
        return request.env['property.service.charge'].create(
            {'request_id': request.id, 'product_id': product.id, 'quantity': quantity, **vals})

    @classmethod
    def finish(cls, request):
        """Tick off the checklist and finish the work."""
        request.checklist_ids.write({'done': True})
        request.action_done(summary="Pipe replaced.")
