import base64
import io
from collections import Counter

import xlsxwriter
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.flat_file import neutralise

#: indicators of the report, in its order
CODES = (
    'complaint_rate', 'response_on_time', 'resolution_on_time', 'satisfaction', 'complaint_escalation', 'rework_rate', 'callback_on_time',
    'corrective_on_time')
#: From so many people on a distribution of grades tells of nobody in particular.
LEAST_GRADES = 5


class PropertyServiceServiceReport(models.TransientModel):
    """The month of customer service by estate, for the management: as a page, a spreadsheet with charts, and by mail (R84).

    The figures are those of the assessments' indicators, with the estates instead of employees as subjects.
    """

    _name = 'property.service.service.report'
    _description = "Monthly Customer-Service Report"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        string="Month", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(months=1))
    page = fields.Html(compute='_compute_page', sanitize=False)
    data = fields.Binary(string="File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends('date_from', 'company_id')
    def _compute_page(self):
        for report in self:
            report.page = report._render_page() if report.date_from and report.company_id else False

    # ---- FIGURES ----

    def _get_dates(self):
        first = self.date_from.replace(day=1)
        return first, first + relativedelta(months=1, days=-1)

    def _get_report(self):
        """Return the figures: {'estates': [(name, {code: (numerator, denominator, figure or None)})], 'indicators': {code: record},
        'causes': [(label, count)], 'grades': [(name, count)]}, in one query per indicator.
        """
        self.ensure_one()
        first, last = self._get_dates()
        period = self.company_id._get_assessment_period(first, last)
        estates = self.env['property.service.estate'].search([('company_id', '=', self.company_id.id)])
        Indicator = self.env['property.service.indicator']
        found = Indicator.search([('code', 'in', CODES), ('state', '=', 'active'), ('company_id', 'in', (self.company_id.id, False))])
        indicators = {}
        for indicator in found._in_force(last):
            indicators.setdefault(indicator.code, indicator)
        figures = {estate.id: {} for estate in estates}
        if estates:
            subjects = SQL(
                "SELECT id AS subject_id, id AS holder_id, %s AS start_at, %s AS end_at FROM property_service_estate WHERE id IN %s",
                period.start, period.end, tuple(estates.ids))
            for code in CODES:
                if code in indicators and indicators[code]._is_computable():
                    for estate_id, sums in indicators[code]._get_figures(period, subjects, 'estate').items():
                        figures[estate_id][code] = (sums[0], sums[1], sums[3])
        return {
            'estates': [(estate.name, figures[estate.id]) for estate in estates],
            'indicators': {code: indicators[code] for code in CODES if code in indicators},
            'causes': self._get_causes(period), 'grades': self._get_grades(last)}

    def _get_causes(self, period):
        Complaint = self.env['property.service.complaint']
        labels = dict(Complaint._fields['cause']._description_selection(self.env))
        counts = Complaint._read_group(
            [('company_id', '=', period.company_id), ('kind', '=', 'complaint'), ('cause', '!=', False),
             ('sla_start_at', '>=', period.start), ('sla_start_at', '<', period.end)], ['cause'], ['__count'])
        return sorted(((labels[cause], count) for cause, count in counts), key=lambda pair: -pair[1])

    def _get_grades(self, last):
        assessments = self.env['property.service.assessment'].sudo().search([  # sudo: counts alone, of nobody in particular
            ('company_id', '=', self.company_id.id), ('state', 'in', ('published', 'closed')), ('date_to', '=', last),
            ('employee_id', '!=', False), ('has_score', '=', True)])
        if len(assessments.employee_id) < LEAST_GRADES:
            return []
        return Counter(assessment.band_id.name for assessment in assessments).most_common()

    # ---- RENDERING ----

    def _render_page(self):
        report = self._get_report()
        head = Markup('').join(
            Markup('<th class="text-end">%s</th>') % indicator.display_name for indicator in report['indicators'].values())
        body = Markup('').join(
            Markup('<tr><td>%s</td>%s</tr>') % (name, Markup('').join(
                Markup('<td class="text-end">%s</td>') % self._format(figures.get(code)) for code in report['indicators']))
            for name, figures in report['estates'])
        parts = [Markup('<div class="table-responsive"><table class="table table-sm"><thead><tr><th>%s</th>%s</tr></thead>'
                        '<tbody>%s</tbody></table></div>') % (self.env._("Estate"), head, body)]
        for title, pairs in ((self.env._("Top Causes"), report['causes']), (self.env._("Grades"), report['grades'])):
            if pairs:
                parts.append(Markup('<h3>%s</h3><ul>%s</ul>') % (title, Markup('').join(
                    Markup('<li>%s: %s</li>') % (label, count) for label, count in pairs)))
        return Markup('').join(parts)

    def _format(self, sums):
        return "–" if not sums or sums[2] is None else f"{sums[2]:.1f}"

    def _render_xlsx(self):
        """Return the bytes of the spreadsheet: a table with a native chart, the causes, the grades."""
        report = self._get_report()
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as workbook:
            bold = workbook.add_format({'bold': True})
            sheet = workbook.add_worksheet(self.env._("Estates")[:31])
            sheet.write_string(0, 0, self.env._("Estate"), bold)
            for column, indicator in enumerate(report['indicators'].values(), 1):
                sheet.write_string(0, column, neutralise(indicator.display_name), bold)
            for row, (name, figures) in enumerate(report['estates'], 1):
                sheet.write_string(row, 0, neutralise(name))
                for column, code in enumerate(report['indicators'], 1):
                    sums = figures.get(code)
                    if sums and sums[2] is not None:
                        sheet.write_number(row, column, sums[2])
            sheet.set_column(0, len(report['indicators']), 18)
            self._add_chart(workbook, sheet, len(report['estates']), range(1, len(report['indicators']) + 1), len(report['estates']) + 2)
            for title, pairs in ((self.env._("Top Causes"), report['causes']), (self.env._("Grades"), report['grades'])):
                sheet = workbook.add_worksheet(title[:31])
                sheet.write_row(0, 0, [title, self.env._("Count")], bold)
                for row, (label, count) in enumerate(pairs, 1):
                    sheet.write_string(row, 0, neutralise(label or ''))
                    sheet.write_number(row, 1, count)
                self._add_chart(workbook, sheet, len(pairs), (1,), len(pairs) + 2)
        return output.getvalue()

    @staticmethod
    def _add_chart(workbook, sheet, rows, columns, below):
        if not rows:
            return
        chart = workbook.add_chart({'type': 'column'})
        for column in columns:
            chart.add_series({
                'name': [sheet.name, 0, column], 'categories': [sheet.name, 1, 0, rows, 0], 'values': [sheet.name, 1, column, rows, column]})
        sheet.insert_chart(below, 0, chart, {'x_scale': 1.6})

    # ---- ACTIONS ----

    def _get_filename(self):
        return f"customer_service_{self._get_dates()[0]:%Y_%m}.xlsx"

    def action_write(self):
        """Write the spreadsheet and show it in the dialog."""
        self.ensure_one()
        self.write({'data': base64.b64encode(self._render_xlsx()), 'filename': self._get_filename()})
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Monthly Report"), 'res_model': self._name, 'res_id': self.id,
            'view_mode': 'form', 'target': 'new'}

    def action_print(self):
        """Return the report action of the PDF."""
        self.ensure_one()
        return self.env.ref('property_service.service_report_pdf').report_action(self)

    def action_send(self):
        """Mail the report with its spreadsheet to the management now.

        :raises UserError: nobody of the management has an address
        """
        self.ensure_one()
        recipients = self._get_recipients()
        if not recipients:
            raise UserError(self.env._("Nobody of the management has an e-mail address."))
        first = self._get_dates()[0]
        attachment = self.env['ir.attachment'].create({'name': self._get_filename(), 'raw': self._render_xlsx()})
        self.env['mail.mail'].sudo().create({  # sudo: employees do not create mails by themselves
            'subject': self.env._("Customer service in %(month)s: %(company)s", month=f"{first:%Y-%m}", company=self.company_id.name),
            'body_html': self._render_page(), 'recipient_ids': recipients.ids, 'attachment_ids': attachment.ids, 'auto_delete': True})
        return {'type': 'ir.actions.act_window_close'}

    def _get_recipients(self):
        """Return the partners of the managers of the company, and of its estates."""
        managers = self.env.ref('property_service.group_manager').sudo().all_user_ids.filtered(  # sudo: who is a manager
            lambda user: self.company_id in user.company_ids)
        estates = self.env['property.service.estate'].search([('company_id', '=', self.company_id.id)])
        users = managers | estates.manager_id.sudo().user_id  # sudo: employees' users
        return users.partner_id.filtered('email_normalized')

    @api.model
    def _cron_send(self):
        """Mail last month's report of each company that has estates."""
        for company, in self.env['property.service.estate']._read_group([], ['company_id']):
            report = self.with_company(company).create({'company_id': company.id})
            if report._get_recipients():
                report.action_send()
