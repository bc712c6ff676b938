import io

import xlsxwriter
from markupsafe import Markup

from odoo import models

from ..tools import charts as drawing
from ..tools.flat_file import neutralise
from ..tools.plain_number import plain_number

#: drawn by estate: the three figures that the management asks for first (R84)
DRAWN = ('complaint_rate', 'resolution_on_time', 'satisfaction')


class PropertyServiceServiceReport(models.TransientModel):
    """How the monthly report looks: on the page, in the PDF, in the spreadsheet."""

    _inherit = 'property.service.service.report'

    def _get_texts(self, report):
        """Return the lists below the table: [(title, [(label, count)])]."""
        return [
            (self.env._("Top Causes of Complaints"), report['causes']), (self.env._("Top Categories of Complaints"), report['categories']),
            (self.env._("Grades of the Month"), report['grades'])]

    def _render_page(self, charts=True):
        """Return the report as HTML; ``charts``: with drawings, which mail programs do not show."""
        report = self._get_report()
        indicators = report['indicators']
        head = Markup('').join(Markup('<th class="text-end">%s</th>') % indicator.name for indicator in indicators.values())
        rows = [(name, figures, '') for name, figures in report['estates']]
        if len(rows) > 1:
            rows.append((self.env._("All"), report['total'], 'fw-bold'))
        body = Markup('').join(
            Markup('<tr class="%s"><td>%s</td>%s</tr>') % (style, name, Markup('').join(
                Markup('<td class="text-end">%s</td>') % self._render_figure(figures.get(code)) for code in indicators))
            for name, figures, style in rows)
        before = Markup('<tr class="text-muted"><td>%s</td>%s</tr>') % (self.env._("Month before"), Markup('').join(
            Markup('<td class="text-end">%s</td>') % self._format(report['before'].get(code)) for code in indicators))
        parts = [Markup('<div class="table-responsive"><table class="table table-sm"><thead><tr><th>%s</th>%s</tr></thead>'
                        '<tbody>%s%s</tbody></table></div>') % (self.env._("Estate"), head, body, before)]
        if charts:
            parts += [Markup('<div style="page-break-inside: avoid"><h3>%s</h3>%s</div>') % (
                indicators[code].name, Markup(drawing.bars(  # the drawing escapes what it is given
                    [(name, figures[code][2]) for name, figures in report['estates'] if code in figures and figures[code][2] is not None],
                    indicators[code].name)))
                for code in DRAWN if code in indicators and any(figures.get(code) for _name, figures in report['estates'])]
        for title, pairs in self._get_texts(report):
            if pairs:
                parts.append(Markup('<h3>%s</h3><ul>%s</ul>') % (title, Markup('').join(
                    Markup('<li>%s: %s</li>') % (label, count) for label, count in pairs)))
        return Markup('').join(parts)

    def _render_figure(self, sums):
        if not sums or sums[2] is None:
            return "–"
        return Markup('%s <small class="text-muted">%s/%s</small>') % (self._format(sums[2]), plain_number(sums[0]), plain_number(sums[1]))

    def _format(self, figure):
        return "–" if figure is None else f"{figure:.1f}"

    def _render_xlsx(self):
        """Return the bytes of the spreadsheet: a table with a native chart, then the causes, categories and grades with theirs."""
        report = self._get_report()
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as workbook:
            bold = workbook.add_format({'bold': True})
            number, strong = workbook.add_format({'num_format': '0.0'}), workbook.add_format({'num_format': '0.0', 'bold': True})
            sheet = workbook.add_worksheet(self.env._("Estates")[:31])
            sheet.write_string(0, 0, self.env._("Estate"), bold)
            for column, indicator in enumerate(report['indicators'].values(), 1):
                sheet.write_string(0, column, neutralise(indicator.name), bold)
            rows = [
                *((name, {code: sums[2] for code, sums in figures.items()}, number) for name, figures in report['estates']),
                (self.env._("All"), {code: sums[2] for code, sums in report['total'].items()}, strong),
                (self.env._("Month before"), report['before'], number)]
            for row, (name, figures, style) in enumerate(rows, 1):
                sheet.write_string(row, 0, neutralise(name))
                for column, code in enumerate(report['indicators'], 1):
                    if figures.get(code) is not None:
                        sheet.write_number(row, column, figures[code], style)
            sheet.set_column(0, len(report['indicators']), 18)
            sheet.freeze_panes(1, 1)
            self._add_chart(workbook, sheet, len(report['estates']), range(1, len(report['indicators']) + 1), len(rows) + 2)
            for title, pairs in self._get_texts(report):
                sheet = workbook.add_worksheet(title[:31])
                sheet.write_row(0, 0, [title, self.env._("Count")], bold)
                for row, (label, count) in enumerate(pairs, 1):
                    sheet.write_string(row, 0, neutralise(label or ''))
                    sheet.write_number(row, 1, count)
                sheet.set_column(0, 0, 28)
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
