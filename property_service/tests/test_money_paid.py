from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .money_common import MoneyCase


@tagged('post_install', '-at_install')
class TestPaidService(MoneyCase, TransactionCase):
    """From the price list to the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_paid_type(requires_price_acceptance=True)

    def test_price_list_is_offered_at_once(self):
        request = self.make_request()
        self.assertEqual(request.charge_ids.mapped('name'), ["Coming to You"])
        self.assertEqual((request.amount_untaxed, request.amount_tax, request.amount_total), (50.0, 3.0, 53.0))
        self.assertEqual(request.price_state, 'offered')
        self.assertFalse(self.make_request(type_id=self.type_simple.id).charge_ids)

    def test_one_product_is_a_price_list(self):
        self.type_simple.product_id = self.coming
        self.assertEqual(self.type_simple.menu_level, 'premium')
        request = self.make_request(type_id=self.type_simple.id)
        self.assertEqual((request.charge_ids.product_id, request.amount_total, request.price_state), (self.coming, 53.0, 'offered'))

    def test_portal_creation_gets_the_prices_once(self):
        own = self.as_role('resident', 'property.service.request').create({
            'title': "Tap", 'type_id': self.type_repair.id, 'unit_id': self.unit.id})
        self.assertEqual((len(own.sudo().charge_ids), own.sudo().price_state), (1, 'offered'))
        with self.assertRaises(AccessError):
            own.read(['charge_ids'])

    def test_another_service_another_price_list(self):
        request = self.make_request()
        request.type_id = self.type_simple
        self.assertFalse(request.charge_ids)
        self.assertEqual(request.price_state, 'none')
        request.type_id = self.type_repair
        self.assertEqual(request.amount_total, 53.0)

    def test_no_work_before_the_price_is_accepted(self):
        request = self.make_request('dispatched')
        with self.assertRaises(UserError):
            self.as_role('technician', request).action_start()
        self.as_role('resident', request).action_accept_price(amount=53.0)
        self.assertEqual((request.price_state, request.price_accepted_amount), ('accepted', 53.0))
        self.as_role('technician', request).action_start()
        self.assertEqual(request.state, 'in_progress')

    def test_not_required_not_asked(self):
        self.type_repair.requires_price_acceptance = False
        self.assertEqual(self.make_request('in_progress').price_state, 'offered')

    def test_without_a_price_nothing_can_be_accepted(self):
        request = self.make_request('dispatched')
        request.charge_ids.unlink()
        with self.assertRaises(UserError):
            request.action_start()
        with self.assertRaises(UserError):
            self.as_role('resident', request).action_accept_price()
        with self.assertRaises(UserError):
            self.as_role('technician', request).action_offer_price()

    def test_what_comes_on_top_is_accepted_anew(self):
        request = self.make_request('dispatched')
        self.as_role('resident', request).action_accept_price(amount=53.0)
        own = self.as_role('technician', request)
        own.action_start()
        own.write({'charge_ids': [Command.create({'product_id': self.pipe.id, 'quantity': 3})]})
        self.assertEqual(request.charge_ids[-1].uom_id, self.metre)
        self.assertEqual((request.amount_untaxed, request.amount_total), (149.99, 158.99))
        self.assertEqual(request.price_state, 'draft')
        with self.assertRaises(UserError):
            self.finish(own)
        with self.assertRaises(UserError):
            self.as_role('resident', request).action_accept_price()  # not offered yet
        messages = len(request.message_ids)
        own.action_offer_price()
        self.assertEqual(request.price_state, 'offered')
        self.assertIn("158.99", request.message_ids[0].body)
        self.assertEqual(len(request.message_ids), messages + 1)
        with self.assertRaises(UserError):
            self.as_role('resident', request).action_accept_price(amount=53.0)  # an old page
        self.as_role('resident', request).action_accept_price(amount=158.99)
        self.finish(own)
        self.assertEqual(request.state, 'done')

    def test_less_than_accepted_is_accepted(self):
        request = self.make_request('dispatched')
        self.as_role('resident', request).action_accept_price()
        request.charge_ids.discount = 50
        self.assertEqual((request.amount_total, request.price_state), (26.5, 'accepted'))

    def test_refused(self):
        request = self.make_request('dispatched', user_id=self.users['agent'].id)
        self.as_role('resident', request).action_refuse_price(reason="Too much")
        self.assertEqual((request.price_state, request.price_refuse_reason), ('refused', "Too much"))
        self.assertIn(self.users['agent'], request.activity_ids.user_id)
        with self.assertRaises(UserError):
            request.action_start()
        with self.assertRaises(UserError):
            self.as_role('resident', request).action_accept_price()
        request.charge_ids.price_unit = 40
        self.as_role('agent', request).action_offer_price()
        self.as_role('resident', request).action_accept_price(amount=42.4)
        self.assertEqual(request.price_state, 'accepted')

    def test_agents_say_how_it_was_accepted(self):
        request = self.make_request('dispatched')
        own = self.as_role('agent', request)
        self.assertEqual(own.action_accept_price()['res_model'], 'property.service.request.action')
        self.assertEqual(request.price_state, 'offered')
        wizard = self.as_role('agent', 'property.service.request.action').create({
            'action': 'accept_price', 'request_ids': [Command.set(request.ids)], 'reason': "On the phone at 14:30"})
        wizard.action_apply()
        self.assertEqual((request.price_state, request.price_note), ('accepted', "On the phone at 14:30"))
        with self.assertRaises(AccessError):
            self.as_role('technician', request).action_accept_price(note="He nodded")
        with self.assertRaises(UserError):
            self.as_role('neighbour', request).action_accept_price()

    def test_facts_cannot_be_forged(self):
        request = self.make_request('dispatched')
        for vals in ({'price_accepted_at': fields.Datetime.now()}, {'price_accepted_amount': 1000.0}, {'warranty_until': '2030-01-01'}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.as_role('manager', request).write(vals)

    def test_technicians_take_prices_from_the_list(self):
        request = self.make_request('dispatched')
        own = self.as_role('technician', request)
        for vals in ({'price_unit': 1.0}, {'discount': 100}, {'tax_ids': False}, {'is_free': True}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                own.charge_ids.write(vals)
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.add_charge(own, self.pipe, **vals)
        charge = self.add_charge(own, self.pipe, 2)
        self.assertEqual((charge.price_unit, charge.price_subtotal, charge.kind), (33.33, 66.66, 'material'))
        elsewhere = self.make_request('dispatched')
        elsewhere.employee_id = self.colleague
        with self.assertRaises(AccessError):
            self.add_charge(self.as_role('technician', elsewhere), self.pipe)

    @mute_logger('odoo.sql_db')
    def test_bad_input(self):
        request = self.make_request('dispatched')
        for vals in ({'quantity': 0}, {'quantity': -1}, {'price_unit': -5.0}, {'discount': 101}, {'quantity': 1e12}, {'price_unit': 1e300}):
            with self.assertRaises(Exception) as caught, self.cr.savepoint(), mute_logger('odoo.sql_db'):
                self.add_charge(request, self.pipe, **vals)
                self.env.flush_all()
            self.assertIn(type(caught.exception).__name__, ('CheckViolation', 'ValidationError'))
        with self.assertRaises(ValidationError):
            self.add_charge(request, self.pipe, uom_id=self.env.ref('uom.product_uom_kgm').id)
        for days in (-1, 3661, 2 * 10 ** 9):
            with self.assertRaises(Exception) as caught, self.cr.savepoint(), mute_logger('odoo.sql_db'):
                self.type_repair.warranty_days = days
                self.env.flush_all()
            self.assertEqual(type(caught.exception).__name__, 'CheckViolation', days)
            self.type_repair.invalidate_recordset()
        enquiry = self.make_request(type_id=self.type_enquiry.id)
        with self.assertRaises(ValidationError):
            self.add_charge(enquiry, self.pipe)
        for amount in ("53", [], True):
            with self.assertRaises(UserError):
                self.as_role('resident', request).action_accept_price(amount=amount)

    # ---- INVOICE ----

    def make_done(self, **vals):
        request = self.make_request('dispatched', **vals)
        self.as_role('resident', request).action_accept_price()
        own = self.as_role('technician', request)
        own.action_start()
        self.finish(own)
        return request

    def test_draft_invoice_at_done(self):
        request = self.make_done()
        invoice = request.document_ids
        self.assertEqual((invoice.state, invoice.move_type, invoice.partner_id), ('draft', 'out_invoice', self.resident))
        self.assertEqual((invoice.property_request_id, invoice.property_unit_id, invoice.property_estate_id), (request, self.unit, self.estate))
        self.assertEqual((invoice.amount_total, invoice.amount_tax, invoice.invoice_origin), (53.0, 3.0, request.name))
        line = invoice.invoice_line_ids
        self.assertEqual((line.property_charge_id, line.product_id, line.tax_ids), (request.charge_ids, self.coming, self.tax))
        self.assertTrue(request.charge_ids.invoiced)
        self.assertFalse(request.to_invoice)
        self.assertIn("53.00", self.as_role('technician', request).document_text)
        own = self.as_role('accountant', invoice)
        self.assertIn(request.name, own.property_case_name)
        self.assertFalse(own.property_case_readable)
        with self.assertRaises(AccessError):
            own.action_open_property_request()
        with self.assertRaises(UserError):
            self.as_role('agent', request).charge_ids.quantity = 5

    def test_each_line_is_billed_once(self):
        request = self.make_done()
        self.assertEqual(len(request.document_ids), 1)
        with self.assertRaises(UserError):
            self.as_role('agent', request).action_invoice()
        request.document_ids.button_cancel()
        self.assertTrue(request.to_invoice)
        Request = self.env['property.service.request']
        self.assertIn(request, Request.search([('to_invoice', '=', True)]))
        self.assertNotIn(request, Request.search([('to_invoice', '=', False)]))
        self.as_role('agent', request).action_invoice()
        self.assertEqual(request.document_ids.mapped('state').count('draft'), 1)

    def test_done_although_the_books_are_not_set_up(self):
        self.env['account.journal'].search([('type', '=', 'sale'), ('company_id', '=', self.company.id)]).active = False
        request = self.make_done(user_id=self.users['agent'].id)
        self.assertEqual(request.state, 'done')
        self.assertFalse(request.document_ids)
        self.assertTrue(request.to_invoice)
        self.assertIn("No invoice could be made", "".join(request.message_ids.mapped('body')))
        with self.assertRaises(UserError):
            self.as_role('agent', request).action_invoice()

    def test_reopened_and_cancelled(self):
        request = self.make_done()
        request.action_return(reason="Drips")
        request.action_cancel(reason="Moved out")
        self.assertEqual(request.document_ids.state, 'cancel')

    def test_refund_stays_with_the_case(self):
        request = self.make_done()
        request.document_ids.action_post()
        invoice = request.document_ids
        wizard = self.env['account.move.reversal'].with_user(self.users['accountant']).with_context(
            active_model='account.move', active_ids=invoice.ids).create({'journal_id': self.journal.id, 'reason': "Goodwill"})
        credit = self.env['account.move'].browse(wizard.reverse_moves()['res_id'])
        self.assertEqual((credit.property_request_id, credit.property_unit_id), (request, self.unit))
        self.assertEqual(len(request.document_ids), 2)
        self.assertFalse(request.to_invoice)

    def test_another_currency(self):
        currency = self.env['res.currency'].with_context(active_test=False).search(
            [('name', '=', 'JPY')]) if self.company.currency_id.name != 'JPY' else self.env.ref('base.USD')
        currency.active = True
        self.env['res.currency.rate'].create({
            'currency_id': currency.id, 'company_id': self.company.id, 'name': '2020-01-01', 'rate': 150.0})
        self.type_repair.price_ids.filtered('included').write({'currency_id': currency.id, 'price_unit': 5000.4})
        request = self.make_request('dispatched')
        self.assertEqual(request.charge_currency_id, currency)
        self.assertEqual((request.amount_untaxed, request.amount_tax), (5000.0, 300.0))
        charge = self.add_charge(request, self.pipe)
        self.assertEqual((charge.price_unit, charge.price_subtotal), (4999.5, 5000.0))
        request.action_offer_price()
        self.as_role('resident', request).action_accept_price(amount=request.amount_total)
        self.as_role('technician', request).action_start()
        self.finish(request)
        self.assertEqual(request.document_ids.currency_id, currency)
        self.assertEqual(request.document_ids.amount_total, request.amount_total)

    def test_other_company(self):
        other = self.env['res.company'].create({'name': "Other Property Company"})
        product = self.env['product.product'].create({'name': "Foreign", 'company_id': other.id})
        request = self.make_request()
        with self.assertRaises(UserError):
            self.add_charge(request, product)
        with self.assertRaises(UserError):
            self.type_repair.company_id = self.company
            self.type_repair.price_ids = [Command.create({'product_id': product.id})]

    # ---- WARRANTY ----

    def test_rework_under_warranty_is_free(self):
        first = self.make_done()
        self.assertEqual(first.warranty_until, fields.Date.add(self.today, days=90))
        second = self.make_request('dispatched')
        self.assertEqual(second.warranty_request_id, first)
        self.assertTrue(second.is_under_warranty)
        self.assertEqual((second.charge_ids.is_free, second.amount_total, second.price_state), (True, 0.0, 'none'))
        self.as_role('technician', second).action_start()
        self.finish(second)
        self.assertFalse(second.document_ids)
        elsewhere = self.make_request(unit_id=self.unit2.id, partner_id=self.neighbour.id)
        self.assertFalse(elsewhere.warranty_request_id)

    def test_warranty_over(self):
        first = self.make_done()
        first._as_system().warranty_until = fields.Date.subtract(self.today, days=2)
        second = self.make_request()
        self.assertFalse(second.warranty_request_id)
        self.assertEqual(second.amount_total, 53.0)
        second.warranty_request_id = first
        self.assertFalse(second.is_under_warranty)

    def test_returned_work_is_free(self):
        request = self.make_done()
        self.as_role('resident', request).action_return(reason="Still drips")
        self.assertTrue(request.rework_free)
        charge = self.add_charge(self.as_role('technician', request), self.pipe, 2)
        self.assertEqual((charge.is_free, request.amount_total), (True, 53.0))
        self.finish(request)
        self.assertEqual(len(request.document_ids.invoice_line_ids), 1)

    def test_supervisor_says_what_it_is_the_warranty_of(self):
        first = self.make_done()
        request = self.make_request(type_id=self.type_simple.id)
        charge = self.add_charge(request, self.pipe)
        self.assertFalse(charge.is_free)
        self.as_role('agent', request).warranty_request_id = first
        self.assertTrue(charge.is_free)

    # ---- COMPENSATION ----

    def test_compensation_becomes_a_credit_note(self):
        request = self.make_done()
        request.document_ids.action_post()
        complaint = self.env['property.service.complaint'].create({
            'title': "Floor wet", 'description': "Water on the parquet", 'category_id': self.category.id, 'unit_id': self.unit.id,
            'partner_id': self.resident.id, 'request_id': request.id, 'compensation': 30.0})
        self.assertEqual(complaint.compensation_open, 30.0)
        with self.assertRaises(AccessError):
            self.as_role('agent', complaint).action_compensate()
        own = self.as_role('supervisor', complaint)
        own.action_compensate()
        credit = complaint.credit_ids
        self.assertEqual((credit.move_type, credit.state, credit.amount_total), ('out_refund', 'draft', 30.0))
        self.assertEqual((credit.property_complaint_id, credit.reversed_entry_id), (complaint, request.document_ids.filtered(
            lambda move: move.move_type == 'out_invoice')))
        self.assertEqual(complaint.compensation_open, 0.0)
        self.assertIn("30.00", own.credit_text)
        with self.assertRaises(UserError):
            own.action_compensate()
        complaint.compensation = 45.0
        own.action_compensate()
        self.assertEqual(sum(complaint.credit_ids.mapped('amount_total')), 45.0)
        credit.action_post()
        self.assertIn(complaint.name, self.as_role('accountant', credit).property_case_name)

    def test_nobody_to_compensate(self):
        complaint = self.env['property.service.complaint'].create({
            'title': "Noise", 'description': "At night", 'category_id': self.category.id, 'estate_id': self.estate.id, 'anonymous': True,
            'compensation': 10.0})
        with self.assertRaises(UserError):
            self.as_role('supervisor', complaint).action_compensate()

    # ---- FIGURES ----

    def test_revenue_and_costs(self):
        self.team.hourly_cost = 60.0
        request = self.make_request('dispatched')
        self.add_charge(request, self.pipe, 3)
        request.action_offer_price()
        self.as_role('resident', request).action_accept_price()
        request.action_start()
        request.checklist_ids.done = True
        start = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        request.action_done(summary="Pipe replaced.", start=start, end=fields.Datetime.add(start, hours=1, minutes=30))
        Report = self.env['property.service.cost.report']
        row = Report.search([('request_id', '=', request.id)])
        self.assertEqual((row.revenue, row.material_cost, row.labour_cost, row.margin), (0.0, 60.0, 90.0, -150.0))
        request.document_ids.action_post()
        self.env.invalidate_all()
        [(team, service_type, revenue, margin)] = Report._read_group(
            [('request_id', '=', request.id)], ['team_id', 'type_id'], ['revenue:sum', 'margin:sum'])
        self.assertEqual((team, service_type, revenue, round(margin, 2)), (self.team, self.type_repair, 149.99, -0.01))
        self.team.hourly_cost = 33.333
        request._as_system().write({'work_end': fields.Datetime.add(request.work_start, minutes=20)})
        self.env.invalidate_all()
        self.assertEqual(Report.search([('request_id', '=', request.id)]).labour_cost, 11.11, "rounded as the currency is")
        # A question about the bill takes 50 back: less revenue of the repair, none of the question.
        query = self.as_role('accountant', self.make_query(request.document_ids))
        action = query.action_fee_credit()
        wizard = self.env[action['res_model']].with_user(self.users['accountant']).with_context(**action['context']).create({
            'journal_id': self.journal.id})
        credit = self.env['account.move'].browse(wizard.reverse_moves()['res_id'])
        credit.invoice_line_ids[1:].unlink()
        credit.invoice_line_ids.write({'quantity': 1, 'price_unit': 50.0, 'tax_ids': False})
        credit.action_post()
        self.assertEqual((credit.property_type_id, credit.property_team_id), (self.type_repair, self.team))
        self.env.invalidate_all()
        self.assertEqual(Report.search([('request_id', '=', request.id)]).revenue, 99.99)
        self.assertFalse(Report.search([('request_id', '=', query.id)]))

    def test_constant_queries_of_a_list(self):
        """Prices and bills on the list of requests: as many queries for 30 as for 3."""
        Request = self.as_role('agent', 'property.service.request')
        requests = self.env['property.service.request'].browse([self.make_request('registered').id for _number in range(30)])
        spec = {'name': {}, 'amount_total': {}, 'price_state': {}, 'to_invoice': {}, 'document_text': {}, 'is_under_warranty': {}}

        def count(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Request.web_search_read([('id', 'in', requests[:number].ids)], spec)
            return self.cr.sql_log_count - before
        count(3)
        count(30)
        self.assertEqual(count(3), count(30))
