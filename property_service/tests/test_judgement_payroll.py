import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged

from ..tools.spreadsheet import LEAST, MOST, width
from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestPayrollFile(CycleCase):
    """What payroll gets: one row per employee, figures right, readable as it comes (R80, R88)."""

    def export(self, role='hr', **vals):
        export = self.as_role(role, 'property.service.payroll.export').create({'date_from': '2025-03-01', 'date_to': '2025-03-31', **vals})
        export.action_write()
        return export

    def rows(self, export):
        columns = export._get_columns(self.company).mapped('content')
        rows = list(self.sheet(export).iter_rows(values_only=True))[1:]
        return {row[columns.index('name')]: dict(zip(columns, row)) for row in rows}

    @staticmethod
    def sheet(export):
        return openpyxl.load_workbook(io.BytesIO(base64.b64decode(export.data))).active

    def test_transfer_in_the_period(self):
        """Two assessments of one cycle: the result is their mean by days; the department is that of the last day."""
        cleaning = self.env['hr.department'].create({'name': "Cleaning", 'manager_id': self.head.id})
        self.scheme.department_ids += cleaning
        self.worker.version_id.date_version = '2020-01-01'
        self.worker.create_version({'date_version': '2025-03-11', 'department_id': cleaning.id})
        cycle = self.make_cycle()
        parts = cycle.sudo().assessment_ids.filtered(lambda a: a.employee_id == self.worker).sorted('date_from')
        self.assertEqual(len(parts), 2)
        step = parts._as_step()
        bands = self.scheme.band_ids.sorted('minimum')
        step[0].write({'score': 90, 'has_score': True, 'band_id': bands[2].id, 'state': 'published'})
        step[1].write({'score': 60, 'has_score': True, 'band_id': bands[1].id, 'state': 'published'})
        self.worker.create_version({'date_version': '2025-04-01', 'department_id': self.department.id})
        row = self.rows(self.export())[self.worker.name]
        self.assertEqual((row['score'], row['grade'], row['department']), (round((90 * 10 + 60 * 21) / 31, 2), "A / B", "Cleaning"))

    def test_of_one_cycle(self):
        """Two cycles end in the period: the file of a cycle has that one's results."""
        cycle = self.make_cycle()
        self.publish(cycle)
        other = self.make_cycle(is_ad_hoc=True, employee_ids=[Command.set(self.worker.ids)], date_from='2025-03-01', date_to='2025-03-31')
        self.of(other, self.worker)._as_step().write({'score': 11, 'has_score': True, 'state': 'published'})
        action = self.as_role('hr', cycle).action_open_payroll()
        with Form(self.as_role('hr', 'property.service.payroll.export').with_context(**action['context'])) as form:
            self.assertEqual((str(form.date_from), str(form.date_to)), ('2025-03-01', '2025-03-31'))
        export = form.save()
        export.action_write()
        self.assertEqual(self.rows(export)[self.worker.name]['score'], self.of(cycle, self.worker).score)
        with self.assertRaises(AccessError):
            self.as_role('supervisor', cycle).action_open_payroll()

    def test_what_is_not_decided_is_said(self):
        cycle = self.make_cycle()
        self.publish(cycle)
        export = self.export()
        self.assertEqual(export.open_count, self.env['property.service.points'].search_count(
            [('company_id', '=', self.company.id), ('state', '=', 'proposed'), ('date', '>=', '2025-03-01'), ('date', '<=', '2025-03-31')]))
        self.assertGreaterEqual(export.open_count, 2)

    def test_looks(self):
        self.publish(self.make_cycle())
        self.worker.name = "一二三四五六七八九十一二三四五六"
        sheet = self.sheet(self.export())
        headings = {cell.value: cell for cell in sheet[1]}
        names = dict(zip(self.env['property.service.payroll.export']._get_columns(self.company).mapped('content'), headings.values()))
        self.assertEqual(sheet.freeze_panes, 'A2')
        self.assertAlmostEqual(sheet.column_dimensions[names['name'].column_letter].width, 34, delta=1)
        self.assertEqual(sheet[f"{names['score'].column_letter}2"].number_format, '0.00')
        self.assertEqual(sheet[f"{names['amount'].column_letter}2"].number_format, '#,##0.00')
        self.assertEqual((sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage), ('landscape', True))

    def test_bad_input(self):
        with self.assertRaises(UserError):
            self.export(date_from='2025-04-01')
        with self.assertRaises(AccessError):
            self.export(role='supervisor')
        for name in ('', "  "):
            with self.subTest(name=name), self.assertRaises(UserError), self.env.cr.savepoint():
                self.as_role('hr', 'property.service.payroll.column').create({'content': 'name', 'name': name})
        self.env['property.service.payroll.column'].search([]).active = False
        with self.assertRaises(UserError):
            self.export()


@tagged('post_install', '-at_install')
class TestSpreadsheetWidth(TransactionCase):

    def test_width(self):
        for texts, expected in (([], LEAST), (["a"], LEAST), (["abcdefghij", "a"], 12), (["一二三四五"], 12), (["x" * 500], MOST)):
            with self.subTest(texts=texts):
                self.assertEqual(width(texts), expected)
