from odoo import fields
from odoo.exceptions import UserError
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

    def test_plan_the_resident_relies_on_is_not_deleted(self):
        query = self.as_role('accountant', self.make_query(self.make_invoice(100.0)))
        query.action_fee_plan()
        query.action_fee_answer(summary="In parts.", outcome='plan')
        query.instalment_ids[0].unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            query.instalment_ids.unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            query.instalment_ids = [Command.clear()]
        query.action_return(reason="Called again")
        query.instalment_ids.unlink()

    # ---- BALANCE IN WORDS ----

    def test_credit_note_is_no_open_invoice(self):
        self.make_invoice(300.0)
        self.make_invoice(100.0, move_type='out_refund')
        partner, unit = self.as_role('agent', self.resident), self.as_role('agent', self.unit)
        self.assertEqual((partner.property_open_invoice_count, partner.property_amount_due), (1, 200.0))
        self.assertEqual((unit.open_invoice_count, unit.amount_due), (1, 200.0))

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
