from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import tagged

from .race_common import RaceCase

ATTEMPTS = 16


@tagged('post_install', '-at_install')
class TestMoneyRaces(RaceCase):
    """Two people with connections of their own bill, pass on or number the same at the same moment: it happens once."""

    @classmethod
    def _make_everything(cls, env):
        company = {'company_ids': [Command.set(env.company.ids)]}
        receivable = cls._make(env, 'account.account', name="Race", code='PSRX1', account_type='asset_receivable', reconcile=True, **company)
        income = cls._make(env, 'account.account', name="Race", code='PSRX2', account_type='income', **company)
        cls._make(env, 'account.journal', name="Race", code='PSRX', type='sale', default_account_id=income.id, sequence=-20)
        partner = cls._make(env, 'res.partner', name="Race", property_account_receivable_id=receivable.id)
        product = cls._make(env, 'product.product', name="Race", type='service', list_price=10.0, taxes_id=[Command.clear()])
        category = cls._make(env, 'property.service.category', name="Race", code='money_race')
        estate = cls._make(env, 'property.service.estate', name="Race", code='MRACE', calendar_id=False)
        types = [cls._make(
            env, 'property.service.type', name="Race", code=f'money_race_{kind}', category_id=category.id, planned_hours=1, kind=kind)
            for kind in ('service', 'fee_query')]
        service, query = (env['property.service.request'].create({
            'title': "Race", 'type_id': kind.id, 'estate_id': estate.id, 'partner_id': partner.id}) for kind in types)
        cls.partner_id, cls.estate_id, cls.service_id, cls.query_id = partner.id, estate.id, service.id, query.id
        env['property.service.charge'].create({'request_id': service.id, 'product_id': product.id})
        env.flush_all()
        env.cr.execute("UPDATE property_service_request SET state = 'done' WHERE id = %s", [service.id])

    @classmethod
    def _remove_everything(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            requests = env['property.service.request'].search([('estate_id', '=', cls.estate_id)])
            requests.document_ids.unlink()
            complaints = env['property.service.complaint'].search([('request_id', 'in', requests.ids)])
            receipts = env['property.service.receipt'].search([('partner_id', '=', cls.partner_id)])
            for records in (receipts, complaints, requests):
                env['mail.message'].search([('model', '=', records._name), ('res_id', 'in', records.ids)]).unlink()
                env['mail.activity'].search([('res_model', '=', records._name), ('res_id', 'in', records.ids)]).unlink()
                if records:  # no method removes them, and rightly so
                    cr.execute(f"DELETE FROM {records._table} WHERE id IN %s", [tuple(records.ids)])
            env.invalidate_all(flush=False)
            cls._remove_made(env)

    def _count(self, model, domain):
        with self.registry.cursor() as cr:
            return api.Environment(cr, SUPERUSER_ID, {})[model].search_count(domain)

    def test_work_is_billed_once(self):
        self._race([lambda env: env['property.service.request'].browse(self.service_id).action_invoice()] * ATTEMPTS)
        self.assertEqual(self._count('account.move.line', [('property_charge_id.request_id', '=', self.service_id)]), 1)

    def test_question_becomes_one_complaint(self):
        self._race([lambda env: bool(env['property.service.request'].browse(self.query_id).action_fee_complaint())] * ATTEMPTS)
        self.assertEqual(self._count('property.service.complaint', [('request_id', '=', self.query_id)]), 1)

    def test_receipts_follow_each_other(self):
        def issue(env):
            return env['property.service.receipt'].create({'partner_id': self.partner_id, 'amount': 1.0, 'purpose': "Race"}).name

        names = self._race([issue] * ATTEMPTS)
        numbers = sorted(int(name.rsplit('/', 1)[1]) for name in names if isinstance(name, str))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + ATTEMPTS)), names)

    def test_compensation_is_credited_once(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            service = env['property.service.request'].browse(self.service_id)
            complaint_id = env['property.service.complaint'].create({
                'title': "Race", 'description': "Race", 'category_id': service.category_id.id, 'estate_id': self.estate_id,
                'partner_id': self.partner_id, 'request_id': self.service_id, 'compensation': 5.0}).id
        self._race([lambda env: env['property.service.complaint'].browse(complaint_id).action_compensate()] * ATTEMPTS)
        self.assertEqual(self._count('account.move', [('property_complaint_id', '=', complaint_id)]), 1)
