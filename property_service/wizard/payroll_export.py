import base64
import io

import xlsxwriter
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import spreadsheet
from ..tools.flat_file import neutralise

#: content of a column that is a number -> its format
NUMBERS = {'score': '0.00', 'points': '0.##', 'balance': '0.##', 'amount': '#,##0.00'}


class PropertyServicePayrollExport(models.TransientModel):
    """Writes what was approved in a period into a spreadsheet for payroll; the columns are configured (R80, R88)."""

    _name = 'property.service.payroll.export'
    _description = "Payroll File"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    cycle_id = fields.Many2one(
        'property.service.assessment.cycle', domain="[('company_id', '=', company_id), ('state', 'in', ('published', 'closed')), "
        "('subject', '=', 'employee')]", help="Results and grades are those of this cycle. Empty: those of the cycle that ended last.")
    date_from = fields.Date(
        string="First Day", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(months=1))
    date_to = fields.Date(
        string="Last Day", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(days=1))
    data = fields.Binary(string="File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)
    row_count = fields.Integer(string="Employees", readonly=True)
    open_count = fields.Integer(string="Not Decided Yet", compute='_compute_open_count', help="Proposals of these days: they are not in the file.")

    @api.depends('company_id', 'date_from', 'date_to')
    def _compute_open_count(self):
        for export in self:
            export.open_count = self.env['property.service.points'].search_count(
                [('company_id', '=', export.company_id.id), ('state', '=', 'proposed'), *export._get_days()]) \
                if export.date_from and export.date_to else 0

    @api.onchange('cycle_id')
    def _onchange_cycle_id(self):
        if self.cycle_id:
            self.date_from, self.date_to = self.cycle_id.date_from, self.cycle_id.date_to

    def _get_days(self):
        return [('date', '>=', self.date_from), ('date', '<=', self.date_to)]

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
        Points = self.env['property.service.points']
        decided = [('company_id', '=', company.id), ('state', '=', 'approved')]

        def row(employee):
            if employee not in rows:
                version = employee._get_version(self.date_to)
                rows[employee] = {
                    'number': employee.barcode or '', 'name': employee.name, 'department': version.department_id.name or '',
                    'job': version.job_title or version.job_id.name or '', 'period': f"{self.date_from} – {self.date_to}", 'score': None,
                    'grade': '', 'points': 0.0, 'balance': 0.0, 'amount': 0.0, 'currency': company.currency_id.name, 'empty': ''}
            return rows[employee]

        for employee, points, amount in Points._read_group(decided + self._get_days(), ['employee_id'], ['points:sum', 'amount:sum']):
            row(employee).update(points=points, amount=amount)
        for employee, parts in self._get_assessments().grouped('employee_id').items():
            row(employee).update(self._get_result(parts))
        for employee, balance in Points._read_group(
                [*decided, ('employee_id', 'in', [employee.id for employee in rows]), ('date', '<=', self.date_to)],
                ['employee_id'], ['points:sum']):
            rows[employee]['balance'] = balance
        return sorted(rows.values(), key=lambda values: (values['department'], values['name']))

    def _get_assessments(self):
        domain = [('company_id', '=', self.company_id.id), ('state', 'in', ('published', 'closed')), ('employee_id', '!=', False),
                  ('has_score', '=', True)]
        if self.cycle_id:
            domain += [('cycle_id', '=', self.cycle_id.id)]
        else:
            domain += [('date_to', '>=', self.date_from), ('date_to', '<=', self.date_to)]
        return self.env['property.service.assessment'].search(domain, order='date_to, date_from, id')

    @api.model
    def _get_result(self, assessments):
        """Return result and grade of an employee: of the cycle that ended last (of two, the shorter one).

        Who changed department in between has an assessment for each part: the result is their mean by days, the grades stand side by side.
        """
        parts = assessments.filtered(lambda assessment: assessment.cycle_id == assessments[-1].cycle_id)
        days = [(part.date_to - part.date_from).days + 1 for part in parts]
        grades = dict.fromkeys(part.band_id.name for part in parts if part.band_id)
        return {'score': round(sum(part.score * count for part, count in zip(parts, days)) / sum(days), 2), 'grade': " / ".join(grades)}

    def _render(self, rows):
        columns = self._get_columns(self.company_id)
        if not columns:
            raise UserError(self.env._("Choose the columns of the payroll file first."))
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as workbook:
            sheet = workbook.add_worksheet(self.env._("Payroll File")[:31])
            bold = workbook.add_format({'bold': True, 'bg_color': '#E7E6E6', 'bottom': 1, 'align': 'center'})
            formats = {content: workbook.add_format({'num_format': pattern}) for content, pattern in NUMBERS.items()}
            for position, column in enumerate(columns):
                heading = neutralise(column.name)
                sheet.write_string(0, position, heading, bold)
                texts = [heading]
                for line, values in enumerate(rows, 1):
                    value = values[column.content]
                    if column.content in NUMBERS:
                        if value is not None:
                            sheet.write_number(line, position, value, formats[column.content])
                            texts.append(f"{value:,.2f}")
                    else:
                        sheet.write_string(line, position, neutralise(value))
                        texts.append(value)
                sheet.set_column(position, position, spreadsheet.width(texts))
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
        return output.getvalue()
