"""Loads the generated demo into the database."""
import logging
import time
from collections import defaultdict
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .generator import generate
from .loader_complaints import load_complaints
from .loader_judgement import JudgementLoader
from .loader_money import MoneyLoader
from .loader_quality import load_quality
from .loader_requests import RequestLoader
from .loader_standard import load_risks_and_meetings, load_standards
from .loader_voice_survey import load_surveys

_logger = logging.getLogger(__name__)


class DemoLoader(RequestLoader, JudgementLoader):

    def load(self):
        """Load everything, in the order in which it builds on each other."""
        self.company.property_steps_hidden = True
        self.load_staff()
        self.load_catalogue()
        self.load_places()
        self.load_residents()
        self.load_invoices()
        load_standards(self)
        self.load_requests()
        load_complaints(self)
        load_surveys(self)
        load_quality(self)
        load_risks_and_meetings(self)
        MoneyLoader(self).load()
        self.load_judgement()

    def load_invoices(self):
        """Bill the property fee where the company has a sales journal; set ``self.invoices``."""
        journal = self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', self.company.id)], limit=1)
        bank = self.env['account.journal'].search([('type', '=', 'bank'), ('company_id', '=', self.company.id)], limit=1)
        self.invoices = self.env['account.move']
        if not journal or not bank:
            return
        currency = self.env.ref('base.CNY')
        currency.active = True
        values = []
        for resident, unit, quarters, amount, _paid in self.data.invoices:
            date = self.data.to_date(-20 - 91 * quarters)
            values.append({
                'move_type': 'out_invoice', 'journal_id': journal.id, 'partner_id': self.residents[resident.key].id,
                'invoice_date': date, 'invoice_date_due': date + timedelta(days=15), 'currency_id': currency.id,
                'invoice_line_ids': [Command.create({
                    'name': self.pick((f"Property fee {date.year} Q{(date.month + 2) // 3}, {unit.name}, {unit.area} m²",
                                       f"物业服务费 {date.year}年第{(date.month + 2) // 3}季度 {unit.name} {unit.area}㎡")),
                    'quantity': 3, 'price_unit': round(amount / 3, 2), 'tax_ids': [Command.clear()],
                })],
            })
        self.invoices = self.env['account.move'].create(values)
        self.invoices.action_post()
        shares = defaultdict(self.invoices.browse)
        for invoice, (_resident, _unit, _quarters, _amount, paid) in zip(self.invoices, self.data.invoices, strict=True):
            if paid:
                shares[invoice.invoice_date, paid, paid < 1 and invoice] |= invoice
        for (date, paid, part), invoices in shares.items():
            self.env['account.payment.register'].with_context(active_model='account.move', active_ids=invoices.ids).create({
                'payment_date': date + timedelta(days=9), 'journal_id': bank.id, 'group_payment': False,
                **({'amount': round(part.amount_total * paid, 2)} if part else {}),
            })._create_payments()


def _forget_ranks(env):
    """Take back what invoices left to be done after the commit: Odoo installs without the demo then, and its partners are gone.

    Core keeps the ranks of customers for after the commit, and a savepoint that is rolled back does not take them out.
    """
    for field in ('customer_rank', 'supplier_rank'):
        env.cr.postcommit.data.get(f'account.res.partner.increase_rank.{field}', {}).clear()


def load(env, company=None, scale=1.0, prefix=''):
    """Load the demo; what happened ends a minute ago.

    :param company: company that gets it, default: the current one
    :param float scale: size, for quick tests
    :param str prefix: of logins and addresses, to load it a second time
    :return: the DemoLoader, which knows all records
    """
    started = time.monotonic()
    data = generate(fields.Datetime.now() - timedelta(minutes=1), scale)
    loader = DemoLoader(env, company or env.company, data, prefix)
    try:
        loader.load()
    except Exception:
        _forget_ranks(env)
        raise
    _logger.info("Demo of Property Service: %s requests in %.1f s", len(loader.requests), time.monotonic() - started)
    return loader
