from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account.controllers.portal import PortalAccount

from ..tools.amount_words import chinese_amount
from .money_common import MoneyCase
from .portal_common import PropertyServicePortalCase


class TestAmountWords(BaseCase):
    """Capital figures as the rules for filling in bills 票据 give them."""

    def test_examples(self):
        for amount, words in {
            0: "零元整", 0.05: "伍分", 0.5: "伍角整", 1: "壹元整", 10: "壹拾元整", 1050.5: "壹仟零伍拾元伍角整", 10005: "壹万零伍元整",
            100000: "壹拾万元整", 120034.56: "壹拾贰万零叁拾肆元伍角陆分", 100010000: "壹亿零壹万元整", 20300.07: "贰万零叁佰元零柒分",
            1234567.89: "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", -3.2: "负叁元贰角整", 0.005: "壹分", 2e8: "贰亿元整",
        }.items():
            self.assertEqual(chinese_amount(amount), words, amount)


@tagged('post_install', '-at_install')
class TestReceipt(MoneyCase, TransactionCase):
    """Numbered, printed, voided, never changed, never deleted."""

    def issue(self, role='agent', **vals):
        return self.as_role(role, 'property.service.receipt').create({
            'partner_id': self.resident.id, 'amount': 100.0, 'purpose': "Property fee", **vals})

    def test_numbers_follow_each_other(self):
        first, second = self.issue(), self.issue('accountant')
        number = int(first.name.rsplit('/', 1)[1])
        self.assertTrue(first.name.startswith('RC/'))
        self.assertEqual(int(second.name.rsplit('/', 1)[1]), number + 1)
        self.assertEqual((first.issued_by_id, first.unit_id), (self.users['agent'], self.unit))
        forged = self.issue(name='RC/1', issued_by_id=self.users['manager'].id, state='void')
        self.assertEqual((forged.state, forged.issued_by_id), ('issued', self.users['agent']))
        self.assertNotEqual(forged.name, 'RC/1')

    def test_new_one_has_no_number_in_its_title(self):
        self.assertFalse(self.env['property.service.receipt'].new({}).display_name)

    def test_never_changed_never_deleted(self):
        receipt = self.issue()
        for role in ('agent', 'accountant', 'manager'):
            with self.assertRaises(UserError):
                self.as_role(role, receipt).amount = 1.0
            with self.assertRaises(AccessError):
                self.as_role(role, receipt).unlink()
        with self.assertRaises(UserError):
            receipt.amount = 1.0
        with self.assertRaises(UserError):
            receipt.unlink()

    def test_void_with_a_reason(self):
        receipt = self.issue()
        with self.assertRaises(AccessError):
            self.as_role('agent', receipt).action_void(reason="Mine")
        own = self.as_role('supervisor', receipt)
        self.assertEqual(own.action_void()['res_model'], 'property.service.receipt.void')
        wizard = self.as_role('supervisor', 'property.service.receipt.void').create({'receipt_ids': receipt.ids, 'reason': "Wrong amount"})
        wizard.action_apply()
        self.assertEqual((receipt.state, receipt.void_reason, receipt.voided_by_id), ('void', "Wrong amount", self.users['supervisor']))
        with self.assertRaises(UserError):
            own.action_void(reason="Again")

    def test_checked_by_accountants(self):
        receipt = self.issue()
        with self.assertRaises(AccessError):
            self.as_role('agent', receipt).action_check()
        self.as_role('accountant', receipt).action_check()
        self.assertEqual(receipt.checked_by_id, self.users['accountant'])

    def test_no_more_than_the_invoice(self):
        invoice = self.make_invoice(300.0)
        action = self.as_role('accountant', invoice).action_new_property_receipt()
        form = Form(self.as_role('accountant', 'property.service.receipt').with_context(**action['context']))
        self.assertEqual((form.amount, form.partner_id), (300.0, self.resident))
        form.amount = 200.0
        first = form.save()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.issue('accountant', move_id=invoice.id, amount=100.01)
        self.issue('accountant', move_id=invoice.id, amount=100.0)
        self.as_role('accountant', first).action_void(reason="Returned")
        self.issue('accountant', move_id=invoice.id, amount=200.0)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.issue('accountant', move_id=self.make_invoice(partner=self.neighbour).id)
        self.assertEqual(self.as_role('accountant', invoice).property_receipt_count, 3)

    def test_agents_issue_them_for_a_case(self):
        self.make_paid_type()
        request = self.make_request('in_progress')
        self.finish(request)
        request.document_ids.action_post()
        receipt = self.issue(request_id=request.id, amount=53.0)
        self.assertEqual((receipt.sudo().move_id, receipt.move_name, receipt.kind), (request.document_ids, request.document_ids.name, 'service'))
        self.assertEqual(request.receipt_count, 1)
        with self.assertRaises(AccessError):
            receipt.read(['move_id'])
        with self.assertRaises(UserError):
            self.issue('accountant', request_id=request.id)
        self.assertEqual(self.issue('accountant', move_id=self.make_invoice().id).request_id.id, False)

    def test_what_cannot_be_right(self):
        Receipt = self.as_role('accountant', 'property.service.receipt')
        vals = {'partner_id': self.resident.id, 'amount': 10.0, 'purpose': "Keys"}
        for wrong in ({'amount': 1e12}, {'amount': 1e300}, {'date': fields.Date.add(self.today, days=2)}, {'purpose': "  "}, {'purpose': ""},
                      {'purpose': "x" * 301}, {'note': "x" * 301}):
            error = IntegrityError if 'amount' in wrong else ValidationError
            with self.assertRaises(error), self.cr.savepoint(), mute_logger('odoo.sql_db'):
                Receipt.create({**vals, **wrong})
                self.env.flush_all()
        receipt = Receipt.create(vals)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            receipt.action_void(reason="x" * 301)
        receipt.invalidate_recordset()
        self.assertEqual(receipt.state, 'issued')

    def test_of_a_resident(self):
        own, _other = self.issue('accountant'), self.issue('accountant', partner_id=self.neighbour.id)
        resident = self.as_role('agent', self.resident)
        self.assertEqual(resident.property_receipt_count, 1)
        action = resident.action_open_property_receipts()
        self.assertEqual(self.as_role('agent', 'property.service.receipt').search(action['domain']), own)
        self.assertEqual(action['context']['default_partner_id'], self.resident.id)
        for role in ('technician', 'resident'):
            with self.assertRaises(AccessError):
                self.as_role(role, self.resident).action_open_property_receipts()

    @mute_logger('odoo.sql_db')
    def test_bad_input(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.issue(amount=-1.0)
            self.env.flush_all()
        with self.assertRaises(UserError):
            self.issue(request_id=999999999)

    def test_words(self):
        yuan = self.env.ref('base.CNY')
        yuan.active = True
        receipt = self.issue(amount=1050.5, currency_id=yuan.id)
        foreign = self.issue(amount=1050.5, currency_id=self.company.currency_id.id)
        self.assertNotEqual(foreign.currency_id, yuan)
        self.resident.lang = 'en_US'
        self.assertTrue(receipt.amount_words)
        self.env['res.lang']._activate_lang('zh_CN')
        self.resident.lang = 'zh_CN'
        (receipt | foreign).invalidate_recordset(['amount_words'])
        self.assertEqual(receipt.amount_words, "壹仟零伍拾元伍角整")
        self.assertEqual(foreign.amount_words, f"{foreign.currency_id.name} 壹仟零伍拾元伍角整", "words without a name mean renminbi")

    def test_print(self):
        receipt = self.issue(purpose="Property fee Q3")
        html, _kind = self.env['ir.actions.report']._render_qweb_html('property_service.report_receipt', receipt.ids)
        text = html.decode()
        for part in (receipt.name, "Property fee Q3", "Zhang San", "100.00"):
            self.assertIn(part, text)
        self.assertNotIn("VOID", text)
        self.assertIn(self.company.name, text)
        self.as_role('supervisor', receipt).action_void(reason="Typing error")
        html, _kind = self.env['ir.actions.report']._render_qweb_html('property_service.report_receipt', receipt.ids)
        self.assertIn("Typing error", html.decode())


@tagged('post_install', '-at_install')
class TestMoneyPages(MoneyCase, PropertyServicePortalCase):
    """Prices, receipts, the service menu and published costs at the portal."""

    def test_how_to_pay(self):
        """R112: the guide stands beside what is owed, whether or not one can pay online; *Pay* only where one can."""
        self.company.property_payment_guide = "Bank 6222 0000, or the cash desk\n<b>from 9 to 12</b>"
        owed, paid = self.make_invoice(300), self.make_invoice(200)
        self.pay(paid)
        query = self.make_query(owed)
        settled = self.make_query(paid)
        self.login('resident')
        for path in (f'/my/invoices/{owed.id}', f'/my/invoices/{owed.id}/ask', f'/my/services/{query.id}'):
            page = self.get(path)
            self.assertEqual(page.status_code, 200, path)
            self.assertIn("Bank 6222 0000", page.text, path)
            self.assertNotIn("<b>from 9", page.text, "it is text")
        for path in (f'/my/invoices/{paid.id}', f'/my/invoices/{paid.id}/ask', f'/my/services/{settled.id}'):
            self.assertNotIn("Bank 6222 0000", self.get(path).text, f"{path}: nothing is owed")
        online = self.env['ir.module.module']._get('account_payment').state == 'installed'
        self.assertEqual("o_property_pay" in self.get(f'/my/services/{query.id}').text.replace("o_property_payment", ""), online)
        self.assertFalse(settled._get_portal_money()['bills'][0]['payable'])
        self.company.property_payment_guide = False
        self.assertNotIn("o_property_payment_guide", self.get(f'/my/invoices/{owed.id}').text)

    def test_pay_follows_what_payment_says(self):
        """Both branches, whether the module is installed or not: its one method is what is asked."""
        invoice = self.make_invoice(300)
        query = self.make_query(invoice)
        move = type(invoice)
        for wanted in (True, False):
            with patch.object(move, '_has_to_be_paid', lambda _self, wanted=wanted: wanted, create=True):
                self.assertEqual(query.with_user(self.users['resident']).sudo()._get_portal_money()['bills'][0]['payable'], wanted)
                self.login('resident')
                page = self.get(f'/my/services/{query.id}').text
                self.assertEqual('btn-primary align-self-start o_property_pay"' in page, wanted)
                invoice.property_request_id = query
                invoice._compute_display_link_qr_code()
                if wanted:
                    self.assertTrue(invoice.display_link_qr_code)
                    printed = self.env['ir.actions.report']._render_qweb_html('account.account_invoices', invoice.ids)[0].decode()
                    self.assertTrue('id="qrcode_info"' in printed, "the code that leads to the page where it can be paid")
        foreign, keys = self.make_invoice(300, partner=self.neighbour), []
        get_values = PortalAccount._invoice_get_page_view_values

        def watch(controller, invoice, access_token, **kwargs):
            keys.append(access_token)
            return get_values(controller, invoice, access_token, **kwargs)

        self.startPatcher(patch.object(PortalAccount, '_invoice_get_page_view_values', watch))
        with patch.object(move, '_has_to_be_paid', lambda _self: False, create=True):
            self.get(f'/my/invoices/{invoice.id}')
            self.assertEqual(keys.pop(), None, "nothing to pay: as core has it")
        with patch.object(move, '_has_to_be_paid', lambda _self: True, create=True):
            for path in (f'/my/invoices/{invoice.id}', f'/my/invoices/{invoice.id}?payment=True'):
                self.assertEqual(self.get(path).status_code, 200)
                invoice.invalidate_recordset(['access_token'])
                self.assertTrue(invoice.access_token)
                self.assertEqual(keys.pop(), invoice.access_token, "without the key core's form cannot pay")
            self.get(f'/my/invoices/{foreign.id}')
            self.assertEqual(keys, [], "another's bill")
            self.assertFalse(
                query.with_user(self.users['accountant']).sudo()._get_portal_money()['bills'][0]['payable'], "only the payer gets the button")
            draft = self.make_invoice(100, post=False)
            self.assertFalse(draft._is_property_payable(), "a draft is not paid")

    def test_accept_and_refuse_a_price(self):
        self.make_paid_type(requires_price_acceptance=True)
        request = self.make_request('dispatched')
        self.login('resident')
        page = self.get(f'/my/services/{request.id}').text
        self.assertIn("Coming to You", page)
        self.assertIn('name="amount" value="53.0"', page)
        response = self.step(request, 'accept_price', amount='52.0')
        self.assertEqual(response.status_code, 422)
        self.assertIn("has changed", self.get_error(response))
        for amount in ('', 'x', 'nan', 'inf'):
            self.assertEqual(self.step(request, 'accept_price', amount=amount).status_code, 422)
        self.assertEqual(request.price_state, 'offered')
        self.assertEqual(self.step(request, 'refuse_price', refuse_reason="Too much").status_code, 303)
        self.assertEqual(request.price_state, 'refused')
        request.action_offer_price()
        self.assertEqual(self.step(request, 'accept_price', amount='53.0').status_code, 303)
        self.assertEqual((request.price_state, request.price_accepted_by), ('accepted', self.users['resident'].name))
        self.login('neighbour')
        self.assertEqual(self.post(f'/my/services/{request.id}/accept_price', {'amount': '53.0'}).status_code, 404)

    def test_service_menu(self):
        self.make_paid_type()
        self.type_simple.menu_level = 'basic'
        self.login('resident')
        page = self.get('/my/services/menu').text
        for text in ("Water Leak", "Coming to You", "53.00", "35.33", "Premium", "Basic", "90"):
            self.assertIn(text, page)
        form = self.get(f'/my/services/new?type_id={self.type_repair.id}').text
        self.assertIn("Coming to You", form)
        self.assertEqual(self.get('/my/services/new?type_id=zzz').status_code, 200)

    def test_receipts(self):
        Receipt = self.env['property.service.receipt']
        mine = Receipt.create({'partner_id': self.resident.id, 'amount': 100.0, 'purpose': "Property fee"})
        other = Receipt.create({'partner_id': self.neighbour.id, 'amount': 100.0, 'purpose': "Parking"})
        self.login('resident')
        page = self.get('/my/receipts').text
        self.assertIn(mine.name, page)
        self.assertNotIn(other.name, page)
        response = self.get(f'/my/receipts/{mine.id}')
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, 'application/pdf'))
        self.assertEqual(self.get(f'/my/receipts/{other.id}').status_code, 404)
        self.assertEqual(self.get('/my/receipts/99999999999').status_code, 404)

    def test_published_costs(self):
        statement = self.env['property.service.cost.statement'].create({
            'name': "Fee 2025", 'estate_id': self.estate.id, 'date_from': '2025-01-01', 'date_to': '2025-12-31', 'area': 1000.0,
            'line_ids': [fields.Command.create({'name': "Cleaning", 'amount': 750.0}), fields.Command.create({'name': "Lifts", 'amount': 250.0})]})
        self.login('resident')
        self.assertEqual(self.get(f'/my/costs/{statement.id}').status_code, 404)
        self.as_role('manager', statement).action_publish()
        self.assertIn("Fee 2025", self.get('/my/costs').text)
        page = self.get(f'/my/costs/{statement.id}').text
        for text in ("Cleaning", "750.00", "75.0", "Lifts", "per m²"):
            self.assertIn(text, page)
        self.login('former')
        self.assertEqual(self.get(f'/my/costs/{statement.id}').status_code, 404)
        self.assertNotIn("Fee 2025", self.get('/my/costs').text)
