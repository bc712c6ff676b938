from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase

PIXEL = b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='


@tagged('post_install', '-at_install')
class TestIntake(PropertyServiceTransactionCase):
    """Intake by an agent: R2, R11, R12."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Request = cls.as_role('agent', 'property.service.request')
        cls.resident.resident_channel = 'phone'

    def _intake_form(self, **context):
        return Form(self.Request.with_context(**context), view='property_service.request_intake_view_form')

    def _make_invoice(self, partner, amount, due, move_type='out_invoice'):
        account = self.env['account.account'].create({'code': f'PS{amount:.0f}', 'name': "Fees", 'account_type': 'income'})
        journal = self.env['account.journal'].search([('type', '=', 'sale')], limit=1) or self.env['account.journal'].create(
            {'name': "Sales", 'code': 'PSS', 'type': 'sale'})
        if not partner.property_account_receivable_id:
            partner.property_account_receivable_id = self.env['account.account'].create(
                {'code': 'PSREC', 'name': "Residents", 'account_type': 'asset_receivable', 'reconcile': True})
        invoice = self.env['account.move'].create({
            'move_type': move_type, 'partner_id': partner.id, 'journal_id': journal.id, 'invoice_date': '2026-01-01',
            'invoice_date_due': due, 'invoice_payment_term_id': False,
            'invoice_line_ids': [Command.create({
                'name': "Fee", 'price_unit': amount, 'account_id': account.id, 'tax_ids': [Command.clear()]})],
        })
        invoice.action_post()
        return invoice

    # ---- FORM ----

    def test_resident_and_unit_propose_each_other(self):
        with self._intake_form() as form:
            form.partner_id = self.resident
            self.assertEqual(form.unit_id, self.unit)
            self.assertEqual(form.contact_phone, "138 0013 8000")
            form.type_id = self.type_repair
            self.assertEqual(form.title, "Water Leak")
            form.type_id = self.type_simple
            self.assertEqual(form.title, "Parcel")
            form.title = "My own words"
            form.type_id = self.type_repair
            self.assertEqual(form.title, "My own words")
        with self._intake_form() as form:
            form.unit_id = self.unit2
            self.assertEqual(form.partner_id, self.neighbour)
            form.type_id = self.type_simple

    def test_two_residents_are_offered_not_chosen(self):
        self.env['property.service.residency'].create(
            {'unit_id': self.unit.id, 'partner_id': self.former.id, 'role': 'tenant', 'date_start': '2024-01-01'})
        form = self._intake_form()
        form.unit_id = self.unit
        self.assertFalse(form.partner_id)
        card = self.Request.get_intake_card(unit_id=self.unit.id)
        self.assertEqual({each['id'] for each in card['residents']}, {self.resident.id, self.former.id})
        self.assertEqual(card['residents'][0]['id'], self.resident.id, "the primary contact comes first")

    def test_saved_request_is_not_changed_by_onchange(self):
        request = self.make_request(unit_id=self.unit2.id)
        with Form(request.with_user(self.users['agent'])) as form:
            form.partner_id = self.neighbour
            form.partner_id = self.resident
        self.assertEqual(request.unit_id, self.unit2)

    def test_register_and_next(self):
        request = self.make_request().with_user(self.users['agent'])
        action = request.action_intake_next()
        self.assertEqual(request.state, 'registered')
        follow_up = action['params']['next']
        self.assertEqual(follow_up['context']['default_channel'], 'phone')
        self.assertIn(request.name, action['params']['message'])
        other = self.make_request().with_user(self.users['agent'])
        self.assertEqual(other.action_intake_register()['res_id'], other.id)

    def test_register_tells_what_is_missing(self):
        request = self.Request.create({'title': "Noise", 'channel': 'phone'})
        with self.assertRaisesRegex(UserError, "Missing.*Service Type.*Estate"):
            request.action_intake_register()

    # ---- ENQUIRIES ----

    def test_enquiry_answered_at_once(self):
        request = self.make_request(type_id=self.type_enquiry.id).with_user(self.users['agent'])
        with self.assertRaises(UserError):
            request.action_intake_answer()
        request.work_summary = "Open until 20:00."
        request.action_intake_answer()
        self.assertEqual(request.state, 'done')
        self.assertTrue(request.responded_at)

    def test_enquiry_gets_a_promise(self):
        self.company.property_promise_hours = 4
        request = self.make_request(type_id=self.type_enquiry.id)
        self.assertFalse(request.promised_at)
        before = fields.Datetime.now()
        request.action_register()
        self.assertAlmostEqual((request.promised_at - before).total_seconds() / 3600, 4, delta=0.1)
        chosen = fields.Datetime.add(before, hours=1)
        other = self.make_request(type_id=self.type_enquiry.id, promised_at=chosen)
        other.action_register()
        self.assertEqual(other.promised_at, chosen, "what the agent promised stays")
        service = self.make_request('registered')
        self.assertFalse(service.promised_at)

    # ---- CARD ----

    def test_card(self):
        self.resident.write({'resident_consent': True, 'resident_preferences': "Call after six"})
        leak = self.make_request('approved')
        closed = self.make_request('closed')
        lift = self.make_request('approved', unit_id=self.lobby.id, partner_id=self.neighbour.id, title="Lift stuck")
        elsewhere = self.make_request('approved', unit_id=self.unit2.id, partner_id=self.neighbour.id)
        card = self.Request.get_intake_card(partner_id=self.resident.id, unit_id=self.unit.id)
        self.assertEqual(card['partner']['preferences'], "Call after six")
        self.assertEqual(card['partner']['channel'], "Phone")
        self.assertEqual([each['id'] for each in card['units']], self.unit.ids)
        self.assertFalse(card['stranger'])
        cases = {each['id']: each for each in card['cases']}
        self.assertEqual(set(cases), {leak.id, closed.id, lift.id})
        self.assertNotIn(elsewhere.id, cases)
        self.assertTrue(cases[leak.id]['joinable'] and cases[lift.id]['joinable'])
        self.assertFalse(cases[closed.id]['joinable'])
        self.assertTrue(cases[lift.id]['other_place'])
        self.assertEqual(card['cases'][-1]['id'], closed.id, "what can be joined comes first")
        self.assertNotIn(leak.id, [each['id'] for each in self.Request.get_intake_card(
            unit_id=self.unit.id, request_id=leak.id)['cases']])

    def test_card_knows_strangers_and_former_residents(self):
        card = self.Request.get_intake_card(partner_id=self.former.id, unit_id=self.unit.id)
        self.assertTrue(card['stranger'])
        self.assertFalse(card['units'], "the residency ended")
        self.assertFalse(self.Request.get_intake_card(partner_id=self.former.id, unit_id=self.lobby.id)['stranger'])

    def test_card_without_consent_keeps_silent(self):
        card = self.Request.get_intake_card(partner_id=self.resident.id)
        self.assertEqual(card['partner']['preferences'], '')

    def test_balance_in_words(self):
        card = self.Request.get_intake_card(partner_id=self.resident.id)
        self.assertEqual(card['balance']['count'], 0)
        self._make_invoice(self.resident, 100.0, fields.Date.add(fields.Date.today(), days=30))
        balance = self.Request.get_intake_card(partner_id=self.resident.id)['balance']
        self.assertEqual((balance['count'], balance['owed'], balance['overdue']), (1, True, False))
        self.assertIn("100.00", balance['text'])
        self._make_invoice(self.resident, 50.0, '2026-02-01')
        balance = self.Request.get_intake_card(partner_id=self.resident.id)['balance']
        self.assertEqual((balance['count'], balance['overdue']), (2, True))
        self.assertIn("150.00", balance['text'])
        self._make_invoice(self.neighbour, 70.0, '2026-02-01', 'out_refund')
        balance = self.Request.get_intake_card(partner_id=self.neighbour.id)['balance']
        self.assertFalse(balance['owed'])
        self.assertIn("70.00", balance['text'])
        with self.assertRaises(AccessError):
            self.as_role('agent', 'account.move').search([]).mapped('amount_residual')

    def test_card_is_for_agents(self):
        for role in ('technician', 'quality', 'accountant', 'resident'):
            with self.assertRaises(AccessError):
                self.as_role(role, 'property.service.request').get_intake_card(partner_id=self.resident.id)
        for argument in ('1', [1], -1, 2**40, {'a': 1}):
            with self.assertRaises(UserError):
                self.Request.get_intake_card(partner_id=argument)
            with self.assertRaises(UserError):
                self.Request.get_intake_card(unit_id=argument)

    def test_card_takes_a_constant_number_of_queries(self):
        def count_queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Request.get_intake_card(partner_id=self.resident.id, unit_id=self.unit.id)
            return self.env.cr.sql_log_count - before
        self.make_request('dispatched')
        self.make_request('approved', unit_id=self.lobby.id, partner_id=self.neighbour.id)
        count_queries()  # caches of the registry
        few = count_queries()
        for _number in range(3):
            self.make_request('dispatched')
            self.make_request('approved', unit_id=self.lobby.id, partner_id=self.neighbour.id)
        self.assertEqual(count_queries(), few)
        self.assertLess(few, 40)

    # ---- JOIN ----

    def test_join(self):
        master = self.make_request('dispatched', unit_id=self.lobby.id, title="Lift stuck")
        photo = self.env['ir.attachment'].with_user(self.users['agent']).create(
            {'name': "lift.png", 'datas': PIXEL, 'res_model': 'property.service.request'})
        joining = self.Request.create({
            'title': "Lift", 'description': "Children inside!", 'partner_id': self.neighbour.id, 'unit_id': self.unit2.id,
            'attachment_ids': [Command.link(photo.id)]})
        action = joining.action_join(master_id=master.id)
        self.assertEqual(action['res_id'], master.id)
        self.assertEqual((joining.state, joining.merged_into_id), ('cancelled', master))
        self.assertEqual(joining.type_id, master.type_id)
        self.assertIn(joining, master.merged_ids)
        self.assertEqual(master.merged_count, 1)
        note = master.message_ids.filtered(lambda message: "Children inside!" in message.body)
        self.assertEqual(len(note), 1)
        self.assertIn(self.neighbour.name, note.body)
        self.assertTrue(note.subtype_id.internal, "one resident does not read about the other")
        self.assertEqual(len(master.attachment_ids), 1)
        self.assertEqual(self.as_role('technician', master.attachment_ids).name, "lift.png")

    def test_join_is_for_agents_and_open_cases(self):
        joining, closed = self.make_request(), self.make_request('closed')
        with self.assertRaises(UserError):
            joining.with_user(self.users['agent']).action_join(master_id=closed.id)
        with self.assertRaises(UserError):
            joining.with_user(self.users['agent']).action_join(master_id=joining.id)
        with self.assertRaises(AccessError):
            joining.with_user(self.users['technician']).action_join(master_id=self.make_request('approved').id)
        self.assertEqual(joining.state, 'new')

    # ---- ATTACHMENTS ----

    def test_pasted_photo_belongs_to_the_request(self):
        photo = self.env['ir.attachment'].with_user(self.users['agent']).create(
            {'name': "pasted.png", 'datas': PIXEL, 'res_model': 'property.service.request', 'res_id': 0})
        with self.assertRaises(AccessError):
            self.as_role('supervisor', photo).check_access('read')
        with self._intake_form() as form:
            form.partner_id = self.resident
            form.type_id = self.type_repair
            form.attachment_ids.add(photo)
        self.assertEqual((photo.res_model, photo.res_id), ('property.service.request', form.record.id))
        self.as_role('supervisor', photo).check_access('read')
        later = self.env['ir.attachment'].with_user(self.users['agent']).create(
            {'name': "later.png", 'datas': PIXEL, 'res_model': 'property.service.request', 'res_id': 0})
        form.record.write({'attachment_ids': [Command.link(later.id)]})
        self.assertEqual(later.res_id, form.record.id)
