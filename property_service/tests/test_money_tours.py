from odoo.tests import HttpCase, tagged

from .money_common import MoneyCase


class MoneyTours(MoneyCase, HttpCase):

    def phone(self):
        """Go on as on a phone 375 pixels wide."""
        self.browser_size, self.touch_enabled = '375x667', True

    def desk(self):
        self.browser_size, self.touch_enabled = '1366x768', False


@tagged('post_install', '-at_install')
class TestMoneyTours(MoneyTours):
    """Money in the browser: a question about a bill, a paid repair, a balance explained on the phone."""

    def test_question_about_a_bill(self):
        invoice = self.make_invoice(lines=[("Property fee", 250.0), ("Lift", 50.0)])
        self.phone()
        self.start_tour(f'/my/invoices/{invoice.id}', 'property_service_bill_ask', login='ps_resident')
        query = self.env['property.service.request'].search([('fee_move_ids', 'in', invoice.ids)])
        self.assertEqual((query.partner_id, query.fee_line_ids.name, query.channel), (self.resident, "Lift", 'portal'))
        self.assertTrue(invoice.no_followup)
        self.desk()
        self.start_tour('/odoo/fee-queries', 'property_service_bill_answer', login='ps_accountant')
        credit = query.document_ids
        self.assertEqual((query.state, query.fee_outcome, query.fee_accountant_id), ('done', 'credited', self.users['accountant']))
        self.assertEqual((credit.state, credit.amount_total, credit.reversed_entry_id), ('posted', 50.0, invoice))
        self.assertFalse(invoice.no_followup)
        self.phone()
        self.start_tour(f'/my/services/{query.id}', 'property_service_bill_answered', login='ps_resident')

    def test_paid_repair(self):
        self.make_paid_type(requires_price_acceptance=True)
        request = self.make_request('dispatched')
        jobs = '/odoo/action-property_service.request_technician_action'
        self.phone()
        self.start_tour(jobs, 'property_service_price_technician', login='ps_technician')
        self.assertEqual((request.amount_total, request.price_state), (88.33, 'offered'))
        self.start_tour(f'/my/services/{request.id}', 'property_service_price_accept', login='ps_resident')
        self.assertEqual(request.price_accepted_amount, 88.33)
        request.type_id.checklist_ids.required = False
        self.env['property.service.request.checklist'].search([('request_id', '=', request.id)]).required = False
        self.start_tour(jobs, 'property_service_price_done', login='ps_technician')
        invoice = request.document_ids
        self.assertEqual((request.state, invoice.state, invoice.amount_total), ('done', 'draft', 88.33))
        self.assertEqual(invoice.invoice_line_ids.property_charge_id, request.charge_ids)

    def test_balance_on_the_phone(self):
        invoices = self.env['account.move']
        for number in range(40):
            invoices |= self.make_invoice(300.0, days=-30 * number + 15, post=False)
        invoices.action_post()
        self.pay(self.make_invoice(100.0))
        self.start_tour('/odoo/service-intake', 'property_service_agent_balance', login='ps_agent')
        query = self.env['property.service.request'].search([('kind', '=', 'fee_query'), ('partner_id', '=', self.resident.id)])
        self.assertEqual((query.state, query.unit_id, query.channel), ('approved', self.unit, 'phone'))
        self.assertEqual(query.fee_move_ids, invoices.sorted('invoice_date_due')[0])
