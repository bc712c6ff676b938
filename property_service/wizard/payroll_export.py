import base64
import io

import xlsxwriter
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.flat_file import neutralise

NUMBERS = ('score', 'points', 'balance', 'amount')


class PropertyServicePayrollExport(models.TransientModel):
    """Writes what was approved in a period into a spreadsheet for payroll; the columns are configured (R80, R88)."""

    _name = 'property.service.payroll.export'
    _description = "Payroll File"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        string="First Day", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(months=1))
    date_to = fields.Date(
        string="Last Day", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(days=1))
    data = fields.Binary(string="File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)
    row_count = fields.Integer(string="Employees", readonly=True)

    def action_write(self):
        """Write the file and show it in the dialog."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period must end after it begins."))
        rows = self._get_rows()
        self.write({
            'data': base64.b64encode(self._render(rows)), 'row_count': len(rows),
            'filename': f"payroll_{self.date_from:%Y%m%d}_{self.date_to:%Y%m%d}.xlsx"})
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Payroll File"), 'res_model': self._name, 'res_id': self.id,
            'view_mode': 'form', 'target': 'new'}

    @api.model
    def _get_columns(self, company):
        return self.env['property.service.payroll.column'].search(
            [('company_id', 'in', (company.id, False))])

    def _get_rows(self):
        """Return one dict per employee with approved points or a published result in the period, keyed by the columns' content."""
        self.ensure_one()
        company, rows = self.company_id, {}
        Points, Assessment = self.env['property.service.points'], self.env['property.service.assessment']
        decided = [('company_id', '=', company.id), ('state', '=', 'approved')]
        in_period = [('date', '>=', self.date_from), ('date', '<=', self.date_to)]

        def row(employee):
            return rows.setdefault(employee, {
                'number': employee.barcode or '', 'name': employee.name, 'department': employee.department_id.name or '',
                'job': employee.job_title or '', 'period': f"{self.date_from} – {self.date_to}", 'score': None, 'grade': '', 'points': 0.0,
                'balance': 0.0, 'amount': 0.0, 'currency': company.currency_id.name, 'empty': ''})

        for employee, points, amount in Points._read_group(decided + in_period, ['employee_id'], ['points:sum', 'amount:sum']):
            row(employee).update(points=points, amount=amount)
        for assessment in Assessment.search(
                [('company_id', '=', company.id), ('state', 'in', ('published', 'closed')), ('employee_id', '!=', False),
                 ('date_to', '>=', self.date_from), ('date_to', '<=', self.date_to)], order='date_to, id'):
            if assessment.has_score:
                row(assessment.employee_id).update(score=assessment.score, grade=assessment.band_id.name or '')
        for employee, balance in Points._read_group(
                [*decided, ('employee_id', 'in', [employee.id for employee in rows]), ('date', '<=', self.date_to)],
                ['employee_id'], ['points:sum']):
            rows[employee]['balance'] = balance
        return sorted(rows.values(), key=lambda values: (values['department'], values['name']))

    def _render(self, rows):
        columns = self._get_columns(self.company_id)
        if not columns:
            raise UserError(self.env._("Choose the columns of the payroll file first."))
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as workbook:
            sheet = workbook.add_worksheet()
            bold = workbook.add_format({'bold': True})
            for position, column in enumerate(columns):
                sheet.write_string(0, position, neutralise(column.name), bold)
                for line, values in enumerate(rows, 1):
                    value = values[column.content]
                    if column.content in NUMBERS:
                        if value is not None:
                            sheet.write_number(line, position, value)
                    else:
                        sheet.write_string(line, position, neutralise(value))
            sheet.set_column(0, len(columns) - 1, 18)
        return output.getvalue()
