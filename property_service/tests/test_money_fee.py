import re

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .money_common import MoneyCase
from .portal_common import PropertyServicePortalCase

MANY = 30


@tagged('post_install', '-at_install')
class TestFeeQuery(MoneyCase, TransactionCase):
    """Questions about bills: who answers them, with what, and what happens to the bill meanwhile."""

    def test_accountant_answers_without_any_other_right(self):
        invoice = self.make_invoice()
        query = self.make_request(type_id=self.fee_type.id)
        query.fee_move_ids = invoice
        own = self.as_role('accountant', query)
        own.action_fee_take()
        self.assertEqual((query.state, query.fee_accountant_id), ('approved', self.users['accountant']))
        own.write({'work_summary': "Three months at 100."})
        own.action_fee_answer()
        self.assertEqual((query.state, query.fee_outcome), ('done', 'explained'))
        self.assertEqual(query.state_log_ids.sorted('id')[-1].by_id, self.users['accountant'])
        self.assertTrue(query.responded_at)
        for name, value in (('employee_id', self.worker.id), ('title', "x"), ('state', 'closed'), ('unit_id', False)):
            with self.assertRaises(AccessError), self.cr.savepoint():
                own.write({name: value})
        with self.assertRaises(AccessError):
            self.as_role('accountant', self.unit).read(['name'])

    def test_accountant_takes_no_steps_elsewhere(self):
        request = self.make_request('registered')
        for step in ('action_done', 'action_fee_answer', 'action_close', 'action_fee_take'):
            with self.assertRaises(UserError), self.cr.savepoint():
                getattr(self.as_role('accountant', request), step)()
        query = self.make_query()
        for step in ('approve', 'dispatch', 'cancel', 'merge'):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.as_role('accountant', query)._authorize(step)

    def test_resident_returns_the_answer(self):
        query = self.make_query(self.make_invoice())
        self.as_role('accountant', query).action_fee_answer(summary="It is right.", outcome='rejected')
        self.as_role('resident', query).action_return(reason="And the discount?")
        self.assertEqual((query.state, query.rework_count), ('in_progress', 1))
        self.as_role('accountant', query).action_fee_answer(summary="The discount is in line 2.", outcome='explained')
        self.assertEqual((query.state, query.work_summary), ('done', "The discount is in line 2."))
        self.as_role('resident', query).action_accept()
        self.as_role('accountant', query).action_close()
        self.assertEqual(query.state, 'closed')

    def test_outcomes_must_have_happened(self):
        query = self.as_role('accountant', self.make_query(self.make_invoice(300.0)))
        for outcome in ('credited', 'plan', 'free'):
            with self.assertRaises(UserError), self.cr.savepoint():
                query.action_fee_answer(summary="Done.", outcome=outcome)
        query.write({'instalment_ids': [
            Command.create({'date_planned': fields.Date.add(self.today, days=days), 'amount': 150.0}) for days in (10, 40)]})
        query.action_fee_answer(summary="In two parts.", outcome='plan')
        self.assertEqual(query.state, 'done')

    def test_plan_is_proposed_and_covers_what_is_owed(self):
        query = self.as_role('accountant', self.make_query(self.make_invoice(100.0)))
        for parts in (1, 37, "3", None, True):
            with self.assertRaises(UserError):
                query.action_fee_plan(parts=parts)
        for start in (fields.Date.subtract(self.today, days=2), '2020-01-01', '9999-12-31'):
            with self.assertRaises(UserError):
                query.action_fee_plan(start=str(start))
        query.action_fee_plan()
        self.assertEqual(query.instalment_ids.mapped('amount'), [33.33, 33.33, 33.34])
        self.assertEqual(query.instalment_ids[0].date_planned, fields.Date.add(fields.Date.context_today(query), months=1))
        with self.assertRaises(UserError):
            query.action_fee_plan()
        query.instalment_ids[-1].unlink()
        with self.assertRaises(UserError):
            query.action_fee_answer(summary="In parts.", outcome='plan')
        with self.assertRaises(AccessError):
            self.as_role('agent', self.make_query(self.make_invoice(100.0))).action_fee_plan()
        with self.assertRaises(UserError):
            self.as_role('accountant', self.make_query()).action_fee_plan()

    def test_a_plan_is_neither_more_nor_in_the_past(self):
        invoice = self.make_invoice(100.0)
        query = self.as_role('accountant', self.make_query(invoice))
        query.instalment_ids = [Command.create({'date_planned': fields.Date.add(self.today, days=10), 'amount': 100.01})]
        part = query.instalment_ids
        with self.assertRaises(UserError):
            query.action_fee_answer(summary="In parts.", outcome='plan')
        part.write({'amount': 100.0, 'date_planned': fields.Date.subtract(self.today, days=2)})
        with self.assertRaises(UserError):
            query.action_fee_answer(summary="In parts.", outcome='plan')
        part.date_planned = fields.Date.add(self.today, days=10)
        query.action_fee_answer(summary="In parts.", outcome='plan')
        self.assertEqual(part.state, 'planned')
        self.pay(invoice, 40.0)
        self.as_role('resident', query).action_return(reason="Smaller parts, please.")
        part.amount = 40.0
        query.instalment_ids = [
            Command.create({'date_planned': fields.Date.add(self.today, days=days), 'amount': 30.0}) for days in (20, 40)]
        query.action_fee_answer(summary="In parts.", outcome='plan')
        self.assertEqual(query.instalment_ids.sorted('date_planned').mapped('state'), ['paid', 'planned', 'planned'])

    def test_planned_payments_make_sense(self):
        query = self.as_role('accountant', self.make_query(self.make_invoice(100.0)))
        part = {'date_planned': fields.Date.add(self.today, days=10)}
        yuan = self.env['res.currency'].create({'name': 'PSY', 'symbol': '元'})
        for error, vals in (
                (UserError, {'amount': 10.0, 'currency_id': yuan.id}), (IntegrityError, {'amount': 1e12}),
                (IntegrityError, {'amount': 1e300}), (IntegrityError, {'amount': -1.0})):
            with self.assertRaises(error), self.cr.savepoint(), mute_logger('odoo.sql_db'):
                query.instalment_ids = [Command.create({**part, **vals})]
                self.env.flush_all()
            query.invalidate_recordset()
        self.assertFalse(query.instalment_ids)

    def test_only_accountants_take_over(self):
        query = self.as_role('accountant', self.make_query())
        with self.assertRaises(UserError):
            query.fee_accountant_id = self.users['agent']

    def test_no_more_is_credited_than_billed(self):
        invoice = self.make_invoice(100.0)
        query = self.as_role('accountant', self.make_query(invoice))

        def credit(amount):
            action = query.action_fee_credit()
            wizard = self.env[action['res_model']].with_user(self.users['accountant']).with_context(**action['context']).create({
                'journal_id': self.journal.id})
            move = self.env['account.move'].browse(wizard.reverse_moves()['res_id'])
            move.invoice_line_ids.price_unit = amount
            return move
        credit(60.0).action_post()
        second = credit(40.01)
        with self.assertRaises(UserError):
            second.action_post()
        second.invoice_line_ids.price_unit = 40.0
        second.action_post()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_plan_that_is_kept_holds_reminders(self):
        invoice = self.make_invoice(100.0)
        query = self.as_role('accountant', self.make_query(invoice))
        query.action_fee_take()
        query.instalment_ids = [
            Command.create({'date_planned': fields.Date.add(self.today, days=days), 'amount': 50.0}) for days in (3, 30)]
        query.action_fee_answer(summary="In two parts.", outcome='plan')
        self.assertTrue(invoice.no_followup)
        query.instalment_ids.sorted('date_planned')[0].date_planned = fields.Date.subtract(self.today, days=3)
        with self.assertRaises(UserError):
            query.sudo().write({'fee_plan_missed': True})
        cron = self.env.ref('property_service.ir_cron_watch_plans')
        self.pay(invoice, 50.0)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(query.fee_plan_missed, "paid in time")
        query.instalment_ids[-1].date_planned = fields.Date.subtract(self.today, days=2)
        self.env.flush_all()
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(query.fee_plan_missed)
        self.assertFalse(invoice.no_followup)
        activity = query.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref('property_service.mail_activity_type_plan'))
        self.assertEqual((len(activity), activity.user_id), (1, self.users['accountant']))

    def test_instalments_follow_payments(self):
        invoice = self.make_invoice(300.0)
        query = self.make_query(invoice)
        query.instalment_ids = [
            Command.create({'date_planned': fields.Date.add(self.today, days=days), 'amount': 100.0}) for days in (-5, 10, 40)]
        parts = query.instalment_ids.sorted('date_planned')
        self.assertEqual(parts.mapped('state'), ['late', 'planned', 'planned'])
        self.pay(invoice, 150.0)
        self.env.invalidate_all()
        self.assertEqual(parts.mapped('state'), ['paid', 'planned', 'planned'])
        with self.assertRaises(UserError):
            self.env['property.service.instalment'].create({
                'request_id': self.make_request().id, 'date_planned': self.today, 'amount': 1.0})

    def test_credit_note_remembers_the_query(self):
        invoice = self.make_invoice(300.0)
        query = self.as_role('accountant', self.make_query(invoice))
        action = query.action_fee_credit()
        wizard = self.env[action['res_model']].with_user(self.users['accountant']).with_context(**action['context']).create({
            'journal_id': self.journal.id, 'reason': "Too much"})
        credit = self.env['account.move'].browse(wizard.reverse_moves()['res_id'])
        self.assertEqual((credit.move_type, credit.property_request_id.id), ('out_refund', query.id))
        self.assertEqual(credit.property_unit_id, self.unit)
        query.invalidate_recordset()
        self.assertEqual(query.document_count, 1)
        with self.assertRaises(UserError):
            query.action_fee_answer(summary="Credited.", outcome='credited')
        credit.action_post()
        query.action_fee_answer(summary="Credited.", outcome='credited')
        self.assertEqual(query.state, 'done')
        with self.assertRaises(UserError):
            self.as_role('accountant', self.make_query()).action_fee_credit()

    def test_disputed_bills_get_no_reminders(self):
        invoice, other = self.make_invoice(), self.make_invoice()
        query = self.make_query(invoice)
        query.fee_hold = True
        self.assertTrue(invoice.no_followup and invoice.property_reminder_hold)
        self.assertFalse(other.no_followup)
        second = self.make_query(invoice)
        second.fee_hold = True
        self.as_role('accountant', query).action_fee_answer(summary="Right.")
        self.assertTrue(invoice.no_followup, "the second query still holds it")
        second.fee_move_ids = other
        self.assertFalse(invoice.no_followup)
        self.assertTrue(other.no_followup)
        self.as_role('accountant', second).action_fee_answer(summary="Right.")
        self.assertFalse(other.no_followup or other.property_reminder_hold)

    def test_a_mark_of_somebody_else_stays(self):
        invoice = self.make_invoice()
        invoice.no_followup = True
        query = self.make_query(invoice)
        query.fee_hold = True
        self.as_role('accountant', query).action_fee_answer(summary="Right.")
        self.assertTrue(invoice.no_followup)

    def test_open_query_filter_and_counts(self):
        invoice, other = self.make_invoice(), self.make_invoice()
        query = self.make_query(invoice)
        Move = self.as_role('accountant', 'account.move')
        both = Move.browse((invoice | other).ids)
        self.assertEqual(both.filtered_domain([('property_open_query', '=', True)]).ids, invoice.ids)
        self.assertEqual(Move.search([('property_open_query', '=', True), ('id', 'in', both.ids)]).ids, invoice.ids)
        self.assertEqual(Move.search([('property_open_query', '=', False), ('id', 'in', both.ids)]).ids, other.ids)
        self.assertEqual(both[0].property_query_count, 1)
        self.assertIn(query.id, Move.env[query._name].search(both[0].action_open_property_queries()['domain']).ids)
        query.fee_line_ids = invoice.invoice_line_ids
        self.assertTrue(self.as_role('accountant', invoice.invoice_line_ids).property_disputed)
        query.action_fee_answer(summary="Right.")
        self.env.invalidate_all()
        self.assertFalse(Move.search([('property_open_query', '=', True), ('id', 'in', both.ids)]))
        self.assertFalse(invoice.invoice_line_ids.property_disputed)

    def test_query_from_the_invoice(self):
        invoice = self.make_invoice()
        action = self.as_role('accountant', invoice).action_new_fee_query()
        query = self.env['property.service.request'].browse(action['res_id'])
        self.assertEqual((query.fee_move_ids, query.partner_id, query.unit_id, query.kind), (invoice, self.resident, self.unit, 'fee_query'))
        form = Form(self.as_role('accountant', query), 'property_service.fee_query_view_form')
        form.fee_answer_id = self.env.ref('property_service.fee_answer_explained')
        self.assertIn("Zhang San", form.work_summary)
        self.assertIn(invoice.name, form.work_summary)
        self.assertEqual(form.fee_outcome, 'explained')
        form.save()

    def test_bills_of_others_cannot_be_chosen(self):
        query = self.make_query()
        stranger = self.make_invoice(partner=self.neighbour)
        with self.assertRaises(UserError), self.cr.savepoint():
            query.fee_move_ids = stranger
        own = self.as_role('agent', query)
        with self.assertRaises(UserError):
            own.action_link_bill(move_id=stranger.id)
        mine = self.make_invoice()
        own.action_link_bill(move_id=mine.id)
        self.assertEqual(query.fee_move_ids, mine)
        own.action_link_bill(move_id=mine.id)
        self.assertFalse(query.fee_move_ids)

    def test_becomes_a_complaint(self):
        query = self.make_query(self.make_invoice())
        self.as_role('accountant', query).action_fee_complaint()
        complaint = self.env['property.service.complaint'].search([('request_id', '=', query.id)])
        self.assertEqual((len(complaint), complaint.partner_id, complaint.unit_id), (1, self.resident, self.unit))
        action = self.as_role('agent', query).action_fee_complaint()
        self.assertEqual(action['res_id'], complaint.id)

    def test_own_service_level(self):
        query = self.make_query()
        self.assertEqual(query.sla_policy_id, self.env.ref('property_service.sla_policy_fee_query'))
        self.assertTrue(query.response_deadline and query.resolution_deadline)
        own_type = self.fee_type.copy({'code': 'parking', 'category_id': self.category.id, 'company_id': self.company.id})
        self.assertEqual(self.make_request(type_id=own_type.id).sla_policy_id, query.sla_policy_id, "of any category")

    def test_constant_queries_of_the_queue(self):
        """The accountants' queue and the list of invoices: as many queries for 30 as for 3."""
        invoices = self.env['account.move'].browse()
        queries = self.env['property.service.request'].browse()
        for _number in range(MANY):
            invoices |= self.make_invoice()
            queries |= self.make_query(invoices[-1])
        unit = {'fields': {'display_name': {}}}
        for records, specification in (
                (queries, {'name': {}, 'partner_id': unit, 'unit_id': unit, 'fee_text': {}, 'fee_hold': {}, 'resolution_deadline': {},
                           'fee_outcome': {}, 'state': {}, 'fee_move_count': {}, 'document_count': {}, 'fee_history_count': {},
                           'fee_complaint_count': {}}),
                (invoices, {'name': {}, 'property_unit_id': unit, 'property_estate_id': unit, 'property_open_query': {},
                            'property_query_count': {}, 'property_case_name': {}, 'property_case_readable': {}, 'property_receipt_count': {},
                            'amount_residual': {}})):
            Model = self.as_role('accountant', records._name)

            def count(number, Model=Model, records=records, specification=specification):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                Model.web_search_read([('id', 'in', records[:number].ids)], specification)
                return self.cr.sql_log_count - before
            count(3)
            count(MANY)
            self.assertEqual(count(3), count(MANY), records._name)

    def test_accountants_screens(self):
        self.make_query(self.make_invoice())
        Request = self.as_role('accountant', 'property.service.request')
        action = self.env.ref('property_service.fee_query_action')
        views = Request.get_views([(view.view_id.id, view.view_mode) for view in action.view_ids] + [(action.search_view_id.id, 'search')])
        self.assertEqual(set(views['views']), {'list', 'kanban', 'form', 'pivot', 'search'})
        found = Request.web_search_read([('kind', '=', 'fee_query')], {
            'name': {}, 'fee_text': {}, 'unit_id': {'fields': {'display_name': {}}}, 'fee_move_ids': {'fields': {'name': {}}}})
        self.assertTrue(found['records'][0]['unit_id']['display_name'])


@tagged('post_install', '-at_install')
class TestFeeCard(MoneyCase, TransactionCase):
    """What agents are told of the books."""

    def test_agent_hears_but_does_not_read(self):
        invoice = self.make_invoice(300.0, days=-20)
        self.make_invoice(200.0, days=10)
        self.pay(self.make_invoice(50.0))
        card = self.as_role('agent', 'property.service.request').get_fee_card(partner_id=self.resident.id, unit_id=self.unit.id)
        text = "\n".join(card['sentences'])
        self.assertIn("2 open invoices", text)
        self.assertIn("500.00", text)
        self.assertIn("20 days", text)
        self.assertIn("Last payment", text)
        self.assertEqual([bill['late'] for bill in card['invoices']], [True, False])
        self.assertEqual(len(card['payments']), 1)
        for record in (invoice, invoice.line_ids):
            with self.assertRaises(AccessError):
                self.as_role('agent', record).read(['name'])
        for role in ('technician', 'resident', 'quality'):
            with self.assertRaises(AccessError):
                self.as_role(role, 'property.service.request').get_fee_card(partner_id=self.resident.id)

    def test_currencies_with_one_symbol_are_told_apart(self):
        yuan, yen = self.env['res.currency'].create([
            {'name': name, 'symbol': '¤', 'rounding': rounding, 'rate_ids': [Command.create({'name': '2020-01-01', 'rate': 7.0})]}
            for name, rounding in (('PSY', 0.01), ('PSJ', 1.0))])
        self.make_invoice(300.0, days=-20, currency_id=yuan.id)
        self.make_invoice(1234.4, days=10, currency_id=yen.id)
        self.make_invoice(50.0, days=20)
        card = self.as_role('agent', 'property.service.request').get_fee_card(partner_id=self.resident.id)
        text = "\n".join(card['sentences']).replace('\xa0', ' ')
        for part in ("300.00", "PSY", "1,234", "PSJ", "50.00"):
            self.assertIn(part, text)
        self.assertNotIn("1,234.4", text)
        self.assertEqual([bill['owed'].rsplit(' ', 1)[-1] for bill in card['invoices'][:2]], ['PSY', 'PSJ'])
        self.assertNotIn(self.company.currency_id.name, text, "its symbol says enough")

    def test_nothing_owed(self):
        card = self.as_role('agent', 'property.service.request').get_fee_card(partner_id=self.neighbour.id)
        self.assertIn("owes nothing", card['sentences'][0])

    def _count(self, operation):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        operation()
        return self.cr.sql_log_count - before

    def test_constant_queries(self):
        """Balances on a list and the card of one resident: as many queries for 30 as for 3."""
        residents = self.env['res.partner'].create([{'name': f"R{number}"} for number in range(MANY)])
        units = self.env['property.service.unit'].create([
            {'code': f"M{number}", 'building_id': self.building.id} for number in range(MANY)])
        self.env['property.service.residency'].create([
            {'unit_id': unit.id, 'partner_id': resident.id, 'date_start': '2020-01-01'}
            for unit, resident in zip(units, residents, strict=True)])
        for resident in residents:
            self.make_invoice(partner=resident)
        Partner, Unit = self.as_role('agent', 'res.partner'), self.as_role('agent', 'property.service.unit')
        partner_fields = {'name': {}, 'property_open_invoice_count': {}, 'property_amount_due': {}}
        unit_fields = {'name': {}, 'open_invoice_count': {}, 'amount_due': {}}

        def read(model, records, specification, count):
            return lambda: model.web_search_read([('id', 'in', records[:count].ids)], specification)
        for model, records, specification in ((Partner, residents, partner_fields), (Unit, units, unit_fields)):
            for count in (3, MANY):  # the first times also read what is kept from then on
                self._count(read(model, records, specification, count))
            few = self._count(read(model, records, specification, 3))
            many = self._count(read(model, records, specification, MANY))
            self.assertEqual(few, many, model._name)
        rows = Unit.web_search_read([('id', 'in', units.ids)], unit_fields)['records']
        self.assertEqual({(row['open_invoice_count'], row['amount_due']) for row in rows}, {(1, 300.0)})
        for _number in range(27):
            self.make_invoice(partner=residents[0])
        Request = self.as_role('agent', 'property.service.request')
        Request.get_fee_card(partner_id=residents[0].id)
        one = self._count(lambda: Request.get_fee_card(partner_id=residents[1].id))
        many = self._count(lambda: Request.get_fee_card(partner_id=residents[0].id))
        self.assertEqual(one, many, "card")

    def test_place_on_the_invoice(self):
        invoice = self.make_invoice(post=False)
        self.assertEqual((invoice.property_unit_id, invoice.property_estate_id), (self.unit, self.estate))
        self.env['property.service.residency'].create(
            {'unit_id': self.unit2.id, 'partner_id': self.resident.id, 'date_start': '2020-01-01'})
        second = self.make_invoice(post=False)
        self.assertFalse(second.property_unit_id)
        self.assertEqual(second.property_estate_id, self.estate)
        own = self.as_role('accountant', second)
        found = self.as_role('accountant', 'property.service.unit').name_search("1202")
        self.assertEqual([unit_id for unit_id, _name in found], self.unit2.ids)
        own.property_unit_id = self.unit2.id
        self.assertEqual(second.property_unit_id, self.unit2)
        self.assertFalse(self.as_role('hr', 'property.service.unit').has_access('read'))
        with self.assertRaises(AccessError):
            self.as_role('hr', 'property.service.unit').name_search("1202")

    def test_report_by_estate_and_unit(self):
        self.make_invoice(300.0)
        self.env.flush_all()
        groups = self.as_role('accountant', 'account.invoice.report').formatted_read_group(
            [('property_estate_id', '=', self.estate.id)], ['property_estate_id', 'property_unit_id'], ['price_subtotal:sum'])
        self.assertEqual([group['price_subtotal:sum'] for group in groups], [300.0])

    def test_analytic_account_of_the_estate(self):
        plan = self.env['account.analytic.plan'].create({'name': "Estates"})
        account = self.env['account.analytic.account'].create({'name': "GG", 'plan_id': plan.id, 'company_id': self.company.id})
        self.estate.analytic_account_id = account
        invoice = self.make_invoice()
        self.assertEqual(invoice.invoice_line_ids.analytic_distribution, {str(account.id): 100.0})
        self.assertFalse((invoice.line_ids - invoice.invoice_line_ids).analytic_distribution)


@tagged('post_install', '-at_install')
class TestFeePortal(MoneyCase, PropertyServicePortalCase):
    """The question on the page of the bill."""

    def ask(self, invoice, **form):
        return self.post(f'/my/invoices/{invoice.id}/ask', {'question': "What is line 2?", **form})

    def test_ask(self):
        invoice = self.make_invoice(lines=[("Property fee", 300.0), ("Lift", 20.0)])
        self.login('resident')
        page = self.get(f'/my/invoices/{invoice.id}')
        self.assertIn(f'/my/invoices/{invoice.id}/ask', page.text)
        form = self.get(f'/my/invoices/{invoice.id}/ask')
        self.assertEqual(form.status_code, 200)
        self.assertIn("Lift", form.text)
        line = invoice.invoice_line_ids[1]
        response = self.ask(invoice, line_ids=line.id, disputed='1')
        self.assertEqual(response.status_code, 303)
        query = self.env['property.service.request'].search([('fee_move_ids', 'in', invoice.ids)])
        self.assertEqual((query.kind, query.fee_line_ids, query.fee_hold, query.unit_id), ('fee_query', line, True, self.unit))
        self.assertTrue(invoice.no_followup)
        self.pay(invoice, 120.0)
        self.as_role('accountant', query).action_fee_take()
        page = self.get(f'/my/services/{query.id}').text
        self.assertIn("We look into it", page)
        query.action_fee_answer(summary="The lift of your building.", outcome='explained')
        page = self.get(f'/my/services/{query.id}').text
        self.assertIn("200.00", re.search(r'o_property_owed.*?</div>', page, re.DOTALL)[0])
        for text in ("Not Fixed", "Accept the Work", "Work is done"):
            self.assertNotIn(text, page, "nothing was repaired")
        self.assertIn("Still a Question", page)
        self.assertIn("Answered", self.get('/my/services').text)
        for text in ("The lift of your building.", invoice.name, "Explained", "Lift"):
            self.assertIn(text, page)
        self.assertIn(query.name, self.get(f'/my/invoices/{invoice.id}/ask').text)

    def test_nobody_elses_bill(self):
        invoice, draft = self.make_invoice(partner=self.neighbour), self.make_invoice(post=False)
        self.login('resident')
        for bill in (invoice, draft):
            self.assertEqual(self.get(f'/my/invoices/{bill.id}/ask').status_code, 404)
            self.assertEqual(self.ask(bill).status_code, 404)
        self.assertFalse(self.env['property.service.request'].search([('fee_move_ids', 'in', (invoice | draft).ids)]))

    def test_refused_form_comes_back(self):
        invoice = self.make_invoice()
        self.login('resident')
        response = self.ask(invoice, question="  ", disputed='1', line_ids='x')
        self.assertEqual(response.status_code, 422)
        self.assertIn("Write your question first", self.get_error(response))
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(f'/my/invoices/{invoice.id}/ask', {'question': "x"}, csrf=False).status_code, 400)
        self.assertEqual(self.get('/my/invoices/999999999999/ask').status_code, 404)
