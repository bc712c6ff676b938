import io

import xlsxwriter

from odoo import models

from ...tools.flat_file import neutralise


class PropertyServiceAssessment(models.Model):
    """The evidence as a file, for whoever wants to check it elsewhere (R90)."""

    _inherit = 'property.service.assessment'

    def action_export_evidence(self):
        """Return the act_url of the spreadsheet with all figures and the cases behind them."""
        self.ensure_one()
        self.check_access('read')
        return {'type': 'ir.actions.act_url', 'url': f'/property_service/assessment/{self.id}/evidence.xlsx', 'target': 'download'}

    def _render_evidence(self):
        """Return the bytes of the spreadsheet: a sheet with the figures, a sheet with the cases; what the user may read, nothing else."""
        self.ensure_one()
        self.check_access('read')
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as workbook:
            bold = workbook.add_format({'bold': True})
            moment = workbook.add_format({'num_format': 'yyyy-mm-dd hh:mm'})
            labels = self.env['property.service.assessment.line'].fields_get(
                ['name', 'numerator', 'denominator', 'actual', 'weight', 'effective_weight', 'score', 'formula', 'definition', 'exclusions'],
                ['string'])
            figures = workbook.add_worksheet(self.env._("Figures")[:31])
            figures.write_string(0, 0, neutralise(self.display_name), bold)
            figures.write_string(0, 1, neutralise(self.cycle_id.name))
            names = ('name', 'numerator', 'denominator', 'actual', 'weight', 'effective_weight', 'score', 'formula', 'definition', 'exclusions')
            for column, name in enumerate(names):
                figures.write_string(2, column, labels[name]['string'], bold)
            for row, line in enumerate(self.line_ids, 3):
                for column, name in enumerate(names):
                    if name in ('name', 'formula', 'definition', 'exclusions'):
                        figures.write_string(row, column, neutralise(line[name] or ''))
                    elif line.has_data or name in ('weight', 'effective_weight'):
                        figures.write_number(row, column, line[name])
            figures.set_column(0, 0, 32)
            figures.set_column(1, 6, 14)
            figures.set_column(7, 9, 48)
            self._write_cases(workbook.add_worksheet(self.env._("Cases")[:31]), bold, moment)
        return output.getvalue()

    def _write_cases(self, sheet, bold, moment):
        labels = self.env['property.service.assessment.evidence'].fields_get(['kind', 'name', 'at', 'numerator', 'denominator'], ['string'])
        headings = [self.env['property.service.assessment.line'].fields_get(['name'], ['string'])['name']['string'],
                    *(labels[name]['string'] for name in ('kind', 'name', 'at', 'numerator', 'denominator'))]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        row = 0
        for line in self.line_ids:
            for case in line.evidence_ids:
                row += 1
                sheet.write_string(row, 0, neutralise(line.name))
                sheet.write_string(row, 1, neutralise(case.kind or ''))
                sheet.write_string(row, 2, neutralise(case.name or ''))
                if case.at:
                    sheet.write_datetime(row, 3, case._get_local_moment(), moment)
                sheet.write_number(row, 4, case.numerator)
                sheet.write_number(row, 5, case.denominator)
        sheet.set_column(0, 5, 22)
        sheet.autofilter(0, 0, max(row, 1), 5)
