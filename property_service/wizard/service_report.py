import base64
import logging
from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: indicators of the report, in its order
CODES = (
    'complaint_rate', 'response_on_time', 'resolution_on_time', 'satisfaction', 'complaint_escalation', 'rework_rate', 'callback_on_time',
    'corrective_on_time', 'inspection_score')
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

    @api.depends_context('lang')
    @api.depends('date_from', 'company_id')
    def _compute_page(self):
        for report in self:
            report.page = report._render_page() if report.date_from and report.company_id else False

    # ---- FIGURES ----

    def _get_dates(self):
        first = self.date_from.replace(day=1)
        return first, first + relativedelta(months=1, days=-1)

    def _get_report(self):
        """Return the figures: {'estates': [(name, {code: (numerator, denominator, figure or None, cases)})], 'total': {code: likewise},
        'before': {code: figure of the month before or None}, 'indicators': {code: record}, 'causes': [(label, count)],
        'categories': [(name, count)], 'grades': [(name, count)]}, in one query per indicator and month.
        """
        self.ensure_one()
        first, last = self._get_dates()
        indicators, estates, figures = self._get_figures(first, last)
        total = self._add_up(indicators, figures)
        _indicators, _estates, earlier = self._get_figures(first - relativedelta(months=1), first - relativedelta(days=1))
        period = self.company_id._get_assessment_period(first, last)
        return {
            'estates': [(estate.name, figures[estate.id]) for estate in estates], 'indicators': indicators, 'total': total,
            'before': {code: sums[2] for code, sums in self._add_up(indicators, earlier).items()},
            'causes': self._get_causes(period), 'categories': self._get_categories(period), 'grades': self._get_grades(last)}

    @staticmethod
    def _add_up(indicators, figures):
        total = {}
        for code, indicator in indicators.items():
            known = [sums[code] for sums in figures.values() if code in sums]
            if known:
                numerator, denominator, count = (sum(sums[index] for sums in known) for index in (0, 1, 3))
                total[code] = (numerator, denominator, indicator._get_actual(numerator, denominator, count), count)
        return total

    def _get_figures(self, first, last):
        """Return ({code: indicator}, estates, {estate id: {code: (numerator, denominator, figure or None, cases)}})."""
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
                        figures[estate_id][code] = (sums[0], sums[1], sums[3], sums[2])
        return {code: indicators[code] for code in CODES if code in indicators}, estates, figures

    def _get_causes(self, period):
        Complaint = self.env['property.service.complaint']
        labels = dict(Complaint._fields['cause']._description_selection(self.env))
        counts = Complaint._read_group(
            [('company_id', '=', period.company_id), ('kind', '=', 'complaint'), ('cause', '!=', False),
             ('sla_start_at', '>=', period.start), ('sla_start_at', '<', period.end)], ['cause'], ['__count'])
        return sorted(((labels[cause], count) for cause, count in counts), key=lambda pair: -pair[1])

    def _get_categories(self, period):
        counts = self.env['property.service.complaint']._read_group(
            [('company_id', '=', period.company_id), ('kind', '=', 'complaint'), ('sla_start_at', '>=', period.start),
             ('sla_start_at', '<', period.end)], ['category_id'], ['__count'])
        return sorted(((category.name, count) for category, count in counts), key=lambda pair: -pair[1])[:10]

    def _get_grades(self, last):
        assessments = self.env['property.service.assessment'].sudo().search([  # sudo: counts alone, of nobody in particular
            ('company_id', '=', self.company_id.id), ('state', 'in', ('published', 'closed')), ('date_to', '=', last),
            ('employee_id', '!=', False), ('has_score', '=', True)])
        if len(assessments.employee_id) < LEAST_GRADES:
            return []
        return Counter(assessment.band_id.name for assessment in assessments).most_common()

    # ---- ACTIONS ----

    def _get_title(self):
        return self.env._("Customer service in %(month)s: %(company)s", month=f"{self._get_dates()[0]:%Y-%m}", company=self.company_id.name)

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
        for lang, partners in recipients.grouped('lang').items():
            self.with_context(lang=lang or self.env.lang)._send(partners)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'message': self.env._("The report goes to: %(names)s", names=", ".join(recipients.mapped('name'))),
                'next': {'type': 'ir.actions.act_window_close'}}}

    def _send(self, partners):
        """Mail page, PDF and spreadsheet in the language of the context."""
        name = self._get_filename()
        files = [{'name': name, 'raw': self._render_xlsx()}]
        try:
            content, kind = self.env['ir.actions.report']._render_qweb_pdf('property_service.service_report_pdf', self.ids)
            files.append({'name': name.replace('.xlsx', f'.{kind}'), 'raw': content})
        except UserError as error:  # where no program makes PDFs, the figures go out all the same
            _logger.warning("The monthly report of %s goes out without its PDF: %s", self.company_id.name, error)
        attachments = self.env['ir.attachment'].create([{**file, 'res_model': 'mail.message', 'res_id': 0} for file in files])
        self.env['mail.mail'].sudo().create({  # sudo: employees do not create mails by themselves
            'subject': self._get_title(), 'body_html': self._render_mail(), 'recipient_ids': partners.ids, 'attachment_ids': attachments.ids,
            'auto_delete': True, 'email_from': self.company_id.email_formatted or self.env.user.email_formatted})

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
