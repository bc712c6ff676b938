import random

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .money_common import MoneyCase


@tagged('post_install', '-at_install')
class TestPaidEdges(MoneyCase, TransactionCase):
    """Prices nobody may enter, products that are gone, invoices that are replaced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_paid_type()

    def test_prices_do_not_come_in_by_defaults(self):
        request = self.make_request('dispatched')
        own = self.as_role('technician', request)
        for name, value in (('price_unit', 0.01), ('discount', 100), ('is_free', True), ('from_list', True), ('tax_ids', [])):
            charge = self.add_charge(own.with_context(**{f'default_{name}': value}), self.pipe, 2)
            self.assertEqual((charge.price_unit, charge.discount, charge.is_free, charge.from_list, charge.tax_ids),
                             (33.33, 0.0, False, False, self.tax), name)
            charge.unlink()
        own.with_context(default_price_unit=0.01).write({'charge_ids': [Command.create({'product_id': self.pipe.id})]})
        self.assertEqual(request.charge_ids.filtered(lambda charge: charge.product_id == self.pipe).price_unit, 33.33)

    def test_warranty_is_not_taken_away(self):
        request = self.make_request('dispatched')
        request.sudo().charge_ids.write({'is_free': True})
        for role in ('technician', 'agent'):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.as_role(role, request.charge_ids).write({'is_free': False})

    def test_what_is_no_longer_sold_is_not_offered(self):
        (self.coming | self.pipe).active = False
        request = self.make_request('registered')
        self.assertFalse(request.charge_ids)
        request.action_add_prices()
        self.assertFalse(request.charge_ids)
        self.assertFalse(self.type_repair.price_ids._describe(self.company))
        self.type_simple.product_id = self.coming
        self.assertFalse(self.make_request('registered', type_id=self.type_simple.id).charge_ids)

    def test_single_price_stands_on_the_menu(self):
        self.type_simple.write({'product_id': self.coming.id, 'portal_visible': True})
        services = [service for _category, group in self.env['property.service.type']._get_menu(self.company) for service in group]
        [service] = [service for service in services if service['id'] == self.type_simple.id]
        self.assertEqual(len(service['prices']), 1)
        self.assertIn("53.00", service['prices'][0]['price'])
        self.assertIn("53.00", self.make_request(type_id=self.type_simple.id).price_list_text)

    def test_replaced_invoice_stays_with_the_case(self):
        request = self.make_request('in_progress')
        self.finish(request)
        invoice = request.document_ids
        invoice.action_post()
        wizard = self.env['account.move.reversal'].with_user(self.users['accountant']).with_context(
            active_model='account.move', active_ids=invoice.ids).create({'journal_id': self.journal.id, 'reason': "Wrong name"})
        again = self.env['account.move'].browse(wizard.modify_moves()['res_id'])
        self.assertEqual((again.property_request_id, again.property_unit_id, again.property_estate_id), (request, self.unit, self.estate))
        self.assertEqual(again.invoice_line_ids.property_charge_id, request.charge_ids)
        again.action_post()
        self.env.invalidate_all()
        report = self.env['property.service.cost.report'].search([('request_id', '=', request.id)])
        self.assertEqual(report.revenue, 50.0)
        self.assertFalse(request.to_invoice)

    def test_price_that_is_accepted_is_the_invoice(self):
        """Whatever taxes, discounts, quantities and ways of rounding come together: the invoice comes to what was accepted."""
        dice = random.Random(8)
        self.type_repair.warranty_days = 0
        included = self.tax.copy({'name': "Test VAT 9 % included", 'amount': 9.0, 'price_include_override': 'tax_included'})
        yen = self.env['res.currency'].create({
            'name': 'PSJ', 'symbol': '¤', 'rounding': 1.0, 'rate_ids': [Command.create({'name': '2020-01-01', 'rate': 150.0})]})
        for way in ('round_per_line', 'round_globally'):
            self.company.tax_calculation_rounding_method = way
            for currency in (self.company.currency_id, yen):
                self.type_repair.price_ids.currency_id = currency
                request = self.make_request('dispatched')
                for _number in range(6):
                    self.add_charge(
                        request, self.pipe, dice.choice((1, 0.333, 2.5, 7)), price_unit=dice.choice((33.33, 0.99, 19.995, 107.77)),
                        discount=dice.choice((0, 12.5, 33.33)), tax_ids=[Command.set(dice.choice(
                            (self.tax, included, self.tax | included, self.tax.browse())).ids)])
                request.action_offer_price()
                self.as_role('resident', request).action_accept_price(amount=request.amount_total)
                request.action_start()
                self.finish(request)
                invoice = request.document_ids
                self.assertEqual((invoice.amount_total, invoice.amount_tax), (request.amount_total, request.amount_tax), (way, currency.name))

    def test_constant_queries_of_the_menu(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env['property.service.type']._get_menu(self.company)
            return self.cr.sql_log_count - before
        self.type_simple.product_id = self.coming
        count()
        few = count()
        products = self.env['product.product'].create([
            {'name': f"P{number}", 'list_price': number, 'taxes_id': [Command.set(self.tax.ids)]} for number in range(30)])
        self.type_simple.copy({'code': 'p', 'portal_visible': True})
        for number, product in enumerate(products):
            self.env['property.service.type'].create({
                'name': product.name, 'code': f'p{number}', 'category_id': self.category.id, 'portal_visible': True,
                **({'product_id': product.id} if number % 2 else {'price_ids': [Command.create({'product_id': product.id})]})})
        count()
        self.assertEqual(count(), few)

    def make_done(self):
        request = self.make_request('in_progress')
        self.finish(request)
        return request

    def test_invoice_that_comes_back_does_not_bill_twice(self):
        request = self.make_done()
        first = request.document_ids
        first.button_cancel()
        self.as_role('agent', request).action_invoice()
        second = request.document_ids - first
        second.action_post()
        first.button_draft()
        with self.assertRaises(UserError), self.cr.savepoint():
            first.action_post()
        second.button_draft()
        second.button_cancel()
        first.action_post()
        self.assertEqual(first.state, 'posted')

    def test_draft_that_is_deleted_is_billed_again(self):
        request = self.make_done()
        request.document_ids.unlink()
        self.assertTrue(request.to_invoice)
        self.as_role('agent', request).action_invoice()
        self.assertEqual(len(request.document_ids), 1)

    def test_rework_after_the_warranty_is_paid(self):
        request = self.make_done()
        request.action_accept()
        request.action_close()
        request._as_system().warranty_until = fields.Date.subtract(self.today, days=2)
        request.action_return(reason="Drips again")
        self.assertFalse(request.rework_free)
        charge = self.add_charge(request, self.pipe)
        self.assertFalse(charge.is_free)
        request.action_offer_price()
        self.as_role('resident', request).action_accept_price()
        self.finish(request)
        self.assertEqual(request.document_ids.invoice_line_ids.property_charge_id, request.charge_ids)

    def test_warranty_by_the_day_of_the_company(self):
        """Whoever asks from elsewhere does not gain a day."""
        request = self.make_request('in_progress')
        self.finish(request)
        request._as_system().warranty_until = fields.Date.subtract(self.today, days=1)
        second = self.env['property.service.request'].with_context(tz='Etc/GMT+12').create({
            'title': "Drips again", 'type_id': self.type_repair.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        self.assertFalse(second.warranty_request_id)
        second.warranty_request_id = request
        for zone in ('Etc/GMT+12', 'Pacific/Kiritimati'):
            second.invalidate_recordset()
            self.assertFalse(second.with_context(tz=zone).is_under_warranty, zone)


@tagged('post_install', '-at_install')
class TestReceiptEdges(MoneyCase, TransactionCase):
    """Series without gaps, one for each company; nothing forged."""

    def issue(self, role='accountant', context=None, **vals):
        return self.as_role(role, 'property.service.receipt').with_context(**context or {}).create({
            'partner_id': self.resident.id, 'amount': 100.0, 'purpose': "Property fee", **vals})

    def number(self, receipt):
        return int(receipt.name.rsplit('/', 1)[1])

    def test_a_refused_receipt_leaves_no_gap(self):
        first = self.issue()
        for wrong in ({'purpose': " "}, {'date': fields.Date.add(self.today, days=5)}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.issue(**wrong)
        self.assertEqual(self.number(self.issue()), self.number(first) + 1)

    def test_each_company_has_its_own_series(self):
        other = self.env['res.company'].create({'name': "Other Property Company"})
        self.users['accountant'].company_ids |= other
        first = self.issue()
        context = {'allowed_company_ids': [other.id]}
        self.assertEqual([self.number(self.issue(context=context)) for _number in range(2)], [1, 2])
        self.assertEqual(self.number(self.issue()), self.number(first) + 1)

    def test_series_goes_on_where_the_shared_one_is(self):
        """In a database that numbered all companies in one series before."""
        shared = self.env.ref('property_service.sequence_receipt')
        for implementation in ('standard', 'no_gap'):
            other = self.env['res.company'].create({'name': f"Other {implementation}"})
            self.users['accountant'].company_ids |= other
            shared.implementation = implementation
            shared.date_range_ids.unlink()
            last = [shared.next_by_id() for _number in range(5)][-1]
            receipts = [self.issue(context={'allowed_company_ids': [other.id]}) for _number in range(2)]
            self.assertEqual([self.number(receipt) for receipt in receipts],
                             [int(last.rsplit('/', 1)[1]) + step for step in (1, 2)], implementation)

    def test_many_at_once(self):
        first = self.issue()
        more = self.as_role('accountant', 'property.service.receipt').create([
            {'partner_id': self.resident.id, 'amount': 1.0, 'purpose': "Keys"} for _number in range(5)])
        self.assertEqual([self.number(receipt) for receipt in more], [self.number(first) + step for step in range(1, 6)])

    def test_facts_do_not_come_in_by_defaults(self):
        receipt = self.issue('agent', context={
            'default_state': 'void', 'default_void_reason': "x", 'default_issued_by_id': self.users['manager'].id,
            'default_checked_at': '2026-01-01 00:00:00', 'default_checked_by_id': self.users['manager'].id,
            'default_issued_at': '2020-01-01 00:00:00'})
        self.assertEqual((receipt.state, receipt.void_reason, receipt.issued_by_id, receipt.checked_at, receipt.checked_by_id.id),
                         ('issued', False, self.users['agent'], False, False))
        self.assertGreater(receipt.issued_at, fields.Datetime.subtract(fields.Datetime.now(), days=1))

    def test_receipt_is_of_the_company_of_the_invoice(self):
        other = self.env['res.company'].create({'name': "Other Property Company"})
        self.users['accountant'].company_ids |= other
        invoice = self.make_invoice()
        receipt = self.issue(context={'allowed_company_ids': [other.id, self.company.id]}, move_id=invoice.id)
        self.assertEqual(receipt.company_id, self.company)

    def test_corrected_invoice_is_not_below_its_receipts(self):
        invoice = self.make_invoice(300.0)
        receipt = self.issue(move_id=invoice.id, amount=300.0)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 200.0
        with self.assertRaises(UserError), self.cr.savepoint():
            invoice.action_post()
        receipt.action_void(reason="The bill was too high")
        invoice.action_post()
        self.assertEqual(invoice.state, 'posted')
