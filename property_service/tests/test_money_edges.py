from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged

from .money_common import MoneyCase


@tagged('post_install', '-at_install')
class TestFeeEdges(MoneyCase, TransactionCase):
    """Bills that are corrected, merged, taken back or paid in other ways while somebody asks about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.general = cls.env['account.journal'].create({'name': "Test Entries", 'code': 'PSGJ', 'type': 'general'})

    def reverse(self, action, modify=False):
        wizard = self.env[action['res_model']].with_user(self.users['accountant']).with_context(**action['context']).create({
            'journal_id': self.journal.id})
        return self.env['account.move'].browse((wizard.modify_moves() if modify else wizard.reverse_moves())['res_id'])

    def card(self, partner=None, unit=None, role='agent', **kwargs):
        return self.as_role(role, 'property.service.request').get_fee_card(
            partner_id=(partner or self.resident).id, unit_id=unit.id if unit else None, **kwargs)

    def test_balance_of_an_answer_takes_credit_notes_off(self):
        invoice = self.make_invoice(300.0)
        credit = self.make_invoice(100.0, move_type='out_refund')
        query = self.make_query(invoice, credit)
        self.assertIn("200.00", query._get_answer_values()['balance'])

    def test_answer_is_written_as_its_reader_writes_amounts(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.resident.lang = 'de_DE'
        query = self.as_role('accountant', self.make_query(self.make_invoice(1234.5)))
        self.assertIn("1.234,50", query._get_answer_values()['balance'])
        self.assertIn("1.234,50", query._get_answer_values()['invoices'])

    def test_duplicate_question_brings_its_bills(self):
        first, second = self.make_invoice(), self.make_invoice()
        master, duplicate = self.make_query(first), self.make_query(second)
        duplicate.write({'fee_hold': True, 'fee_line_ids': [Command.set(second.invoice_line_ids.ids)]})
        duplicate.action_merge(master_id=master.id)
        self.assertEqual((master.fee_move_ids, master.fee_line_ids), (first | second, second.invoice_line_ids))
        self.assertTrue(second.no_followup, "still in dispute")
        self.as_role('accountant', master).action_fee_answer(summary="Right.")
        self.assertFalse(second.no_followup)

    def test_duplicate_of_somebody_else_brings_none(self):
        master = self.make_query(self.make_invoice())
        other = self.make_query(
            self.make_invoice(partner=self.neighbour), partner_id=self.neighbour.id, unit_id=self.unit2.id)
        other.action_merge(master_id=master.id)
        self.assertEqual(len(master.fee_move_ids), 1)

    def test_deleted_question_holds_nothing(self):
        invoice = self.make_invoice()
        query = self.make_request(type_id=self.fee_type.id)
        query.write({'fee_move_ids': [Command.set(invoice.ids)], 'fee_hold': True})
        self.assertTrue(invoice.no_followup)
        query.unlink()
        self.assertFalse(invoice.no_followup or invoice.property_reminder_hold)

    def test_bill_that_is_corrected_stays_held(self):
        invoice = self.make_invoice()
        query = self.make_query(invoice)
        query.fee_hold = True
        invoice.button_draft()
        invoice.invoice_date_due = fields.Date.add(self.today, days=33)
        invoice.invoice_line_ids.price_unit = 250.0
        invoice.action_post()
        self.assertTrue(invoice.no_followup and invoice.property_reminder_hold)
        self.as_role('accountant', query).action_fee_answer(summary="Corrected.", outcome='corrected')
        self.assertFalse(invoice.no_followup or invoice.property_reminder_hold)

    def test_only_bills_of_customers_are_asked_about(self):
        query = self.make_query()
        purchases = self.env['account.journal'].create({
            'name': "Test Purchases", 'code': 'PSPJ', 'type': 'purchase', 'default_account_id': self.expense.id})
        bill = self.env['account.move'].create({
            'move_type': 'in_invoice', 'partner_id': self.resident.id, 'journal_id': purchases.id, 'invoice_date': self.today,
            'invoice_line_ids': [Command.create({'name': "Flowers", 'price_unit': 5.0, 'tax_ids': False, 'account_id': self.expense.id})]})
        with self.assertRaises(UserError):
            self.as_role('accountant', query).fee_move_ids = bill
        with self.assertRaises(UserError):
            self.as_role('accountant', bill).action_new_fee_query()

    def test_replaced_invoice_belongs_to_the_question(self):
        """*Reverse and Create Invoice*: the resident sees the corrected bill beside the credit note."""
        invoice = self.make_invoice(300.0)
        query = self.as_role('accountant', self.make_query(invoice))
        again = self.reverse(query.action_fee_credit(), modify=True)
        self.assertEqual(again.move_type, 'out_invoice')
        self.assertIn(again, query.fee_move_ids | query.document_ids)
        self.assertEqual(again.property_unit_id, self.unit)

    def test_question_without_a_home(self):
        """A bill of somebody who does not live here: the accountant, who cannot choose the estate of a question, chooses that of the bill."""
        self.env['property.service.estate'].create({'name': "Red Garden", 'code': 'RG'})
        stranger = self.env['res.partner'].create({'name': "Shop owner"})
        invoice = self.as_role('accountant', self.make_invoice(partner=stranger))
        with self.assertRaises(UserError):
            invoice.action_new_fee_query()
        invoice.property_estate_id = self.estate
        query = self.env['property.service.request'].browse(invoice.action_new_fee_query()['res_id'])
        self.as_role('accountant', query).action_fee_answer(summary="Right.")
        self.assertEqual(query.state, 'done')

    def test_title_is_in_the_residents_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.resident.lang = 'zh_CN'
        action = self.as_role('accountant', self.make_invoice()).action_new_fee_query()
        self.assertNotIn("Question about", self.env['property.service.request'].browse(action['res_id']).title)

    # ---- BALANCE IN WORDS ----

    def test_only_a_credit_is_open(self):
        self.make_invoice(100.0, move_type='out_refund')
        text = "\n".join(self.card()['sentences'])
        self.assertNotIn("0 open invoices", text)
        self.assertNotIn("-", text.replace(str(self.today.year), ""))
        self.assertIn("100.00", text)

    def test_one_overdue_invoice(self):
        self.make_invoice(100.0)
        self.assertNotIn("1 invoices", "\n".join(self.card()['sentences']))

    def test_payment_that_is_not_set_against_a_bill(self):
        """Paid in advance or not matched yet: whoever has paid is not told that nothing came."""
        self.make_invoice(300.0)
        payment = self.env['account.payment'].create({
            'partner_id': self.resident.id, 'payment_type': 'inbound', 'partner_type': 'customer', 'amount': 120.0,
            'journal_id': self.bank.id, 'date': self.today})
        payment.action_post()
        text = "\n".join(self.card()['sentences'])
        self.assertRegex(text, r"not yet set against an invoice: \S*\s?120\.00")
        self.env['account.move'].create({'journal_id': self.general.id, 'line_ids': [
            Command.create({'account_id': account.id, 'partner_id': self.resident.id, 'balance': balance})
            for account, balance in ((self.receivable, 45.0), (self.income, -45.0))]}).action_post()
        self.assertRegex("\n".join(self.card()['sentences']), r"besides the invoices: \S*\s?45\.00")

    def test_payment_by_bank_statement(self):
        """A bank statement reconciled with the bill makes no payment record; it is a payment all the same."""
        invoice = self.make_invoice(300.0)
        line = self.env['account.bank.statement.line'].create({
            'journal_id': self.bank.id, 'date': self.today, 'payment_ref': "Transfer Zhang", 'partner_id': self.resident.id, 'amount': 300.0})
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.receivable
        (suspense | invoice.line_ids.filtered(lambda item: item.account_id == self.receivable)).reconcile()
        self.assertEqual(invoice.amount_residual, 0.0)
        card = self.card()
        self.assertEqual(len(card['payments']), 1)
        self.assertIn("300.00", card['payments'][0]['amount'])

    def test_blocked_bill_is_owed(self):
        invoice = self.make_invoice(300.0)
        invoice.action_toggle_block_payment()
        self.assertIn("300.00", "\n".join(self.card()['sentences']))

    def test_amounts_of_a_unit_are_those_of_its_company(self):
        yen = self.env['res.currency'].create({
            'name': 'PSJ', 'symbol': '¤', 'rounding': 1.0, 'rate_ids': [Command.create({'name': '2020-01-01', 'rate': 150.0})]})
        other = self.env['res.company'].create({'name': "Other Property Company", 'currency_id': yen.id})
        self.make_invoice(300.0)
        agent = self.users['agent']
        agent.company_ids |= other
        unit = self.as_role('agent', self.unit).with_context(allowed_company_ids=[other.id, self.company.id])
        self.assertEqual((unit.currency_id, unit.amount_due), (self.company.currency_id, 300.0))


@tagged('post_install', '-at_install')
class TestInvoiceEdges(MoneyCase, TransactionCase):
    """Unit, estate and analytic account of invoices that change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan, cls.other_plan = cls.env['account.analytic.plan'].create([{'name': "Test Estates"}, {'name': "Test Projects"}])
        cls.analytic, cls.second = cls.env['account.analytic.account'].create([
            {'name': name, 'plan_id': cls.plan.id, 'company_id': cls.company.id} for name in ("Green Garden", "Red Garden")])
        cls.project = cls.env['account.analytic.account'].create({
            'name': "Project", 'plan_id': cls.other_plan.id, 'company_id': cls.company.id})
        cls.estate.analytic_account_id = cls.analytic
        cls.estate2 = cls.env['property.service.estate'].create({'name': "Red Garden", 'code': 'RG', 'analytic_account_id': cls.second.id})

    def test_another_customer_another_home(self):
        invoice = self.make_invoice(post=False)
        self.assertEqual(invoice.property_unit_id, self.unit)
        stranger = self.env['res.partner'].create({'name': "Shop owner"})
        invoice.partner_id = stranger
        self.assertFalse(invoice.property_unit_id or invoice.property_estate_id)
        invoice.partner_id = self.neighbour
        self.assertEqual((invoice.property_unit_id, invoice.property_estate_id), (self.unit2, self.estate))

    def test_chosen_unit_stays(self):
        invoice = self.make_invoice(post=False, property_unit_id=self.unit2.id)
        invoice.write({'partner_id': self.resident.id, 'ref': "x"})
        self.assertEqual(invoice.property_unit_id, self.unit2)

    def test_home_of_a_contact_and_of_whom_it_belongs_to(self):
        contact = self.env['res.partner'].create({'name': "Billing address", 'parent_id': self.resident.id, 'type': 'invoice'})
        self.assertEqual(self.make_invoice(partner=contact).property_unit_id, self.unit)

    def test_estate_that_is_given_brings_no_unit_elsewhere(self):
        invoice = self.make_invoice(post=False, property_estate_id=self.estate2.id)
        self.assertEqual((invoice.property_estate_id, invoice.property_unit_id.id), (self.estate2, False))
        invoice.property_unit_id = self.unit2
        self.assertEqual(invoice.property_estate_id, self.estate)
        invoice.property_estate_id = self.estate2
        self.assertFalse(invoice.property_unit_id)
        with Form(self.as_role('accountant', invoice)) as form:
            form.property_unit_id = self.unit
            self.assertEqual(form.property_estate_id, self.estate)
            form.property_estate_id = self.estate2
            self.assertFalse(form.property_unit_id)

    def test_estate_of_a_posted_invoice_changes(self):
        invoice = self.as_role('accountant', self.make_invoice(300.0))
        lines = self.env['account.analytic.line'].search([('move_line_id', 'in', invoice.line_ids.ids)])
        self.assertEqual(lines[self.plan._column_name()], self.analytic)
        invoice.write({'property_unit_id': False, 'property_estate_id': self.estate2.id})
        self.env.flush_all()
        self.assertEqual(invoice.invoice_line_ids.analytic_distribution, {str(self.second.id): 100})
        lines = self.env['account.analytic.line'].search([('move_line_id', 'in', invoice.line_ids.ids)])
        self.assertEqual(lines[self.plan._column_name()], self.second)
        invoice.property_estate_id = False
        self.env.flush_all()
        lines = self.env['account.analytic.line'].search([('move_line_id', 'in', invoice.line_ids.ids)])
        self.assertNotIn(self.second, lines[self.plan._column_name()])

    def test_estate_goes_beside_another_plan(self):
        invoice = self.make_invoice(300.0, post=False)
        self.env['account.analytic.distribution.model'].create({
            'partner_id': self.resident.id, 'analytic_distribution': {str(self.project.id): 100}, 'company_id': self.company.id})
        invoice.invoice_line_ids = [Command.create({'name': "Parking", 'price_unit': 10.0, 'tax_ids': False, 'account_id': self.income.id})]
        line = invoice.invoice_line_ids.filtered(lambda line: line.name == "Parking")
        self.assertEqual(line.analytic_distribution, {str(self.analytic.id): 100, str(self.project.id): 100})

    def test_lines_of_whatever_has_a_name_or_none(self):
        invoice = self.make_invoice(300.0, post=False)
        invoice.invoice_line_ids = [
            Command.create({'name': "Section", 'display_type': 'line_section'}), Command.create({'name': "Note", 'display_type': 'line_note'}),
            Command.create({'name': False, 'price_unit': 5.0, 'tax_ids': False, 'account_id': self.income.id})]
        invoice.action_post()
        context = self.as_role('accountant', invoice).action_new_property_receipt()['context']
        self.assertEqual(context['default_purpose'], "Property fee")


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

    def test_many_at_once(self):
        first = self.issue()
        more = self.as_role('accountant', 'property.service.receipt').create([
            {'partner_id': self.resident.id, 'amount': 1.0, 'purpose': "Keys"} for _number in range(5)])
        self.assertEqual([self.number(receipt) for receipt in more], [self.number(first) + step for step in range(1, 6)])

    def test_facts_do_not_come_in_by_defaults(self):
        receipt = self.issue('agent', context={
            'default_state': 'void', 'default_void_reason': "x", 'default_issued_by_id': self.users['manager'].id,
            'default_checked_at': '2026-01-01 00:00:00', 'default_checked_by_id': self.users['manager'].id, 'default_issued_at': '2020-01-01 00:00:00'})
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
