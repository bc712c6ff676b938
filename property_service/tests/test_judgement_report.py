import base64
import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .judgement_common import START, JudgementCase


@tagged('post_install', '-at_install')
class TestServiceReport(JudgementCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_work()
        cls.users['reader'] = new_test_user(cls.env, 'ps_reader', groups='base.group_user')
        cls.report = cls.as_role('manager', 'property.service.service.report').create({'date_from': START})

    def test_figures_are_those_of_the_cases(self):
        report = self.report._get_report()
        figures = dict(report['estates'])[self.estate.name]
        done = [r for r in self.work['request'] if r.state == 'closed' and self.period.start <= r.done_at < self.period.end]
        self.assertEqual(figures['rework_rate'][:2], (sum(r.rework_count > 0 for r in done), len(done)))
        rated = [r for r in done if r.rating_value]
        self.assertGreaterEqual(figures['satisfaction'][1], len(rated))
        self.assertEqual(list(report['indicators'])[:8], [
            'complaint_rate', 'response_on_time', 'resolution_on_time', 'satisfaction', 'complaint_escalation', 'rework_rate',
            'callback_on_time', 'corrective_on_time'])

    def test_spreadsheet(self):
        self.estate.name = "=Green"
        self.report.action_write()
        content = base64.b64decode(self.report.data)
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        row = next(row for row in rows if row[0] and "Green" in str(row[0]))
        self.assertFalse(row[0].startswith('='))
        figures = dict(self.report._get_report()['estates'])[self.estate.name]
        self.assertEqual(row[6], figures['rework_rate'][2])
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        self.assertIn('xl/charts/chart1.xml', names, "a native chart")
        charts = book.worksheets[0]._charts
        self.assertEqual(len(charts), 2, "what should be high, and what should be low: two scales")
        self.assertEqual(sum(len(chart.series) for chart in charts), len(self.report._get_report()['indicators']))
        self.assertEqual(
            [sheet.max_row > 1 for sheet in book.worksheets], [True] * len(book.worksheets), "no empty sheets")
        self.assertIn("(%)", next(iter(rows))[2], "the unit is said")

    def test_mail(self):
        before = self.env['mail.mail'].search([])
        self.company.email = 'office@example.com'
        self.report.action_send()
        mail = self.env['mail.mail'].search([]) - before
        self.assertIn(self.users['manager'].partner_id, mail.recipient_ids)
        self.assertIn("2025-03", mail.subject)
        book, document = mail.attachment_ids.sorted(lambda attachment: not attachment.name.endswith('.xlsx'))
        self.assertTrue(book.name.endswith('.xlsx'))
        self.assertEqual(document.name, 'customer_service_2025_03.html', "in tests Odoo makes no PDF unless it is told to")
        self.assertIn(self.estate.name, mail.body_html)
        self.assertNotIn('<svg', mail.body_html)
        self.assertEqual(mail.email_from, self.company.email_formatted, "from the company, to which one can answer, not from a robot")
        self.assertLessEqual(max(row.count('<td') for row in mail.body_html.split('</tr>')), 5, "no row is too wide for a phone")
        figures = self.report._get_report()['indicators']
        self.assertTrue(figures and all(indicator.name in mail.body_html for indicator in figures.values()))

    def test_mail_in_the_language_of_each(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.estate.manager_id = self.env['hr.employee'].create({'name': "Boss", 'user_id': self.users['reader'].id})
        self.users['reader'].partner_id.write({'lang': 'zh_CN', 'email': 'boss@example.com'})
        before = self.env['mail.mail'].search([])
        self.report.action_send()
        mails = self.env['mail.mail'].search([]) - before
        self.assertEqual(len(mails), 2)
        chinese = mails.filtered(lambda mail: self.users['reader'].partner_id in mail.recipient_ids)
        self.assertRegex(chinese.body_html, '[\u4e00-\u9fff]')
        for mail, before, estate in ((chinese, "上月", "项目"), (mails - chinese, "Month before", "Estate")):
            files = {attachment.name[-4:]: attachment.raw for attachment in mail.attachment_ids}
            self.assertIn(before, mail.body_html)
            self.assertIn(before, files['html'].decode(), "the document is in the reader's language, too")
            self.assertEqual(openpyxl.load_workbook(io.BytesIO(files['xlsx'])).worksheets[0]['A1'].value, estate)

    def test_files_go_with_the_mail(self):
        before = self.env['mail.mail'].search([])
        self.report.action_send()
        mail = self.env['mail.mail'].search([]) - before
        files = mail.attachment_ids
        self.assertTrue(files)
        mail.sudo().unlink()
        self.assertFalse(files.exists(), "nothing is left of what has been sent")

    @mute_logger('odoo.addons.base.models.ir_actions_report')  # what the program that makes PDFs has to say
    def test_pdf(self):
        content, kind = self.env['ir.actions.report'].with_context(force_report_rendering=True)._render_qweb_pdf(
            'property_service.service_report_pdf', self.report.ids)
        self.assertEqual((kind, content[:5]), ('pdf', b'%PDF-'))

    def test_total_and_month_before(self):
        report = self.report._get_report()
        sums = [figures['rework_rate'] for _name, figures in report['estates'] if 'rework_rate' in figures]
        self.assertEqual(report['total']['rework_rate'][:2], (sum(s[0] for s in sums), sum(s[1] for s in sums)))
        following = self.as_role('manager', 'property.service.service.report').create({'date_from': '2025-04-01'})._get_report()
        self.assertEqual(following['before']['rework_rate'], report['total']['rework_rate'][2])
        count = len([c for c in self.work['complaint'] if c.kind == 'complaint' and self.period.start <= c.sla_start_at < self.period.end])
        self.assertEqual(sum(number for _name, number in report['categories']), count)

    def test_page_and_rights(self):
        self.assertIn(self.estate.name, self.report.page)
        html = self.env['ir.actions.report']._render_qweb_html('property_service.service_report_document', self.report.ids)[0]
        self.assertIn(self.estate.name.encode(), html)
        with self.assertRaises(AccessError):
            self.as_role('technician', 'property.service.service.report').create({})

    def test_every_month(self):
        before = self.env['mail.mail'].search_count([])
        self.env['property.service.service.report']._cron_send()
        self.assertGreater(self.env['mail.mail'].search_count([]), before)
