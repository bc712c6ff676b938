from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .money_common import MoneyCase


@tagged('post_install', '-at_install')
class TestCostStatement(MoneyCase, TransactionCase):
    """What was booked on the estate, published to its residents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env['account.analytic.plan'].create({'name': "Test Estates"})
        cls.analytic = cls.env['account.analytic.account'].create({'name': "Green Garden", 'plan_id': plan.id, 'company_id': cls.company.id})
        cls.estate.analytic_account_id = cls.analytic
        cls.purchases = cls.env['account.journal'].create({
            'name': "Test Purchases", 'code': 'PSPJ', 'type': 'purchase', 'default_account_id': cls.expense.id})
        cls.supplier = cls.env['res.partner'].create({'name': "Lift Company"})
        cls.supplier.with_company(cls.company).property_account_payable_id = cls.payable

    def make_bill(self, amount, estate=None):
        bill = self.env['account.move'].create({
            'move_type': 'in_invoice', 'partner_id': self.supplier.id, 'journal_id': self.purchases.id, 'invoice_date': self.today,
            'property_estate_id': (estate or self.estate).id,
            'invoice_line_ids': [Command.create({
                'name': "Lift", 'price_unit': amount, 'tax_ids': [Command.clear()], 'account_id': self.expense.id})]})
        bill.action_post()
        return bill

    def make_statement(self, role='accountant', **vals):
        return self.as_role(role, 'property.service.cost.statement').create({
            'name': "Fee", 'estate_id': self.estate.id, 'date_from': fields.Date.subtract(self.today, days=60),
            'date_to': fields.Date.add(self.today, days=1), **vals})

    def test_residents_read_their_own_currency(self):
        self.make_bill(700.0)
        yuan = self.env['res.currency'].create({
            'name': 'PSY', 'symbol': '元', 'rounding': 1.0, 'rate_ids': [Command.create({'name': '2020-01-01', 'rate': 7.1234})]})
        statement = self.make_statement(currency_id=yuan.id)
        statement.action_fill()
        self.assertEqual(statement.cost_total, 4986.0, "700 × 7.1234, rounded as this currency is")
        self.assertIn('元', statement.sudo()._describe()['cost_total'])
        self.assertEqual(self.make_statement().currency_id, self.company.currency_id)
        self.as_role('manager', statement).action_publish()
        with self.assertRaises(UserError):
            statement.currency_id = self.company.currency_id

    def test_figures_from_the_books(self):
        self.make_bill(700.0)
        self.make_invoice(1000.0, days=0)
        elsewhere = self.env['property.service.estate'].create({'name': "Elsewhere", 'code': 'EW'})
        self.make_bill(999.0, elsewhere)
        statement = self.make_statement()
        statement.action_fill()
        self.assertEqual((statement.cost_total, statement.income_total), (700.0, 1000.0))
        self.assertEqual(set(statement.line_ids.mapped('name')), {"Test Expense", "Test Income"})
        statement.line_ids.filtered(lambda line: line.kind == 'cost').name = "Lifts"
        self.make_bill(50.0)
        statement.action_fill()
        self.assertEqual(statement.cost_total, 750.0)
        self.assertIn("Lifts", statement.line_ids.mapped('name'))

    def test_released_by_the_manager(self):
        self.make_bill(700.0)
        statement = self.make_statement()
        statement.action_fill()
        with self.assertRaises(AccessError):
            statement.action_publish()
        own = self.as_role('manager', statement)
        own.action_publish()
        self.assertEqual((statement.state, statement.published_by_id), ('published', self.users['manager']))
        with self.assertRaises(UserError):
            own.action_publish()
        for operation in (lambda: own.write({'name': "X"}), lambda: own.line_ids.write({'amount': 1.0}), own.action_fill,
                          lambda: own.write({'state': 'draft'}), own.unlink, lambda: own.line_ids.unlink()):
            with self.assertRaises(UserError), self.cr.savepoint():
                operation()
        own.action_withdraw()
        own.line_ids.write({'amount': 701.0})
        self.assertEqual(statement.state, 'withdrawn')

    def test_figures_that_cannot_be_right(self):
        for vals in ({'area': -1.0}, {'line_ids': [Command.create({'name': "X", 'amount': 1e12})]},
                     {'date_to': fields.Date.subtract(self.today, days=61)}):
            with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger('odoo.sql_db'):
                self.make_statement(**vals)
                self.env.flush_all()

    def test_nothing_to_publish(self):
        statement = self.make_statement('manager')
        with self.assertRaises(UserError):
            statement.action_publish()
        with self.assertRaises(UserError):
            statement.action_fill()
        self.estate.analytic_account_id = False
        with self.assertRaises(UserError):
            statement.action_fill()

    def test_invoices_of_services_carry_the_estate(self):
        self.make_paid_type()
        request = self.make_request('in_progress')
        self.finish(request)
        line = request.document_ids.invoice_line_ids
        self.assertEqual(line.analytic_distribution, {str(self.analytic.id): 100})
        request.document_ids.action_post()
        self.assertEqual(sum(self.env['account.analytic.line'].search(
            [(self.analytic.plan_id._column_name(), '=', self.analytic.id)]).mapped('amount')), 50.0)
        Report = self.env['account.invoice.report']
        [(estate, service_type, team, amount)] = Report._read_group(
            [('move_id', '=', request.document_ids.id)], ['property_estate_id', 'property_type_id', 'property_team_id'], ['price_subtotal:sum'])
        self.assertEqual((estate, service_type, team, amount), (self.estate, self.type_repair, self.team, 50.0))

    def test_accounts_are_named_in_the_readers_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.expense.with_context(lang='zh_CN').name = "维修费"
        self.make_bill(700.0)
        statement = self.make_statement()
        statement.with_context(lang='zh_CN').action_fill()
        line = statement.line_ids
        self.assertEqual([line.with_context(lang=lang).name for lang in ('en_US', 'zh_CN')], ["Test Expense", "维修费"])
        line.with_context(lang='zh_CN').name = "电梯"
        statement.action_fill()
        self.assertEqual(line.with_context(lang='zh_CN').name, "电梯", "what somebody wrote stays")

    def test_who_published_is_not_entered(self):
        statement = self.make_statement()
        for name, value in (('published_by_id', self.users['manager'].id), ('published_at', '2026-01-01 00:00:00')):
            with self.assertRaises(UserError):
                statement.write({name: value})
