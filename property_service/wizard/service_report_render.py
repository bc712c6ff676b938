import io

import xlsxwriter
from markupsafe import Markup

from odoo import models

from ..tools import charts as drawing
from ..tools import spreadsheet
from ..tools.flat_file import neutralise
from ..tools.plain_number import plain_number

HEADING = 'font-size: 16px; margin: 16px 0 4px'
#: columns of figures that fit beside the names of the indicators on a phone
MAIL_COLUMNS = 4
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

    def _get_headings(self, indicators):
        """Return {code: name with unit} of the columns."""
        units = dict(self.env['property.service.indicator']._fields['unit']._description_selection(self.env))
        return {code: f"{indicator.name} ({units[indicator.unit]})" for code, indicator in indicators.items()}

    def _render_page(self):
        """Return the report as HTML, with drawings."""
        report = self._get_report()
        indicators = report['indicators']
        parts = [Markup('<h2 style="font-size: 20px">%s</h2><div class="table-responsive">%s</div>') % (
            self._get_title(), self._render_table(report))]
        parts += [Markup('<div style="page-break-inside: avoid"><h3 style="%s">%s</h3>%s</div>') % (
            HEADING, indicators[code].name, Markup(drawing.bars(  # the drawing escapes what it is given
                [(name, figures[code][2]) for name, figures in report['estates'] if code in figures and figures[code][2] is not None],
                indicators[code].name)))
            for code in DRAWN if code in indicators and any(figures.get(code) for _name, figures in report['estates'])]
        return Markup('').join(parts) + self._render_lists(report)

    def _render_mail(self):
        """Return the report as the body of a mail: mail programs show neither style sheets nor drawings."""
        report = self._get_report()
        return Markup('<div><h2>%s</h2>%s%s<p style="color: #666">%s</p></div>') % (
            self._get_title(), self._render_mail_tables(report), self._render_lists(report),
            self.env._("Charts: see the attached files."))

    def _render_table(self, report):
        cell = 'padding: 4px 8px; border-bottom: 1px solid #ddd; text-align: right'
        first = 'padding: 4px 8px; border-bottom: 1px solid #ddd; text-align: left; white-space: nowrap'
        headings = self._get_headings(report['indicators'])
        rows = [(name, figures, '') for name, figures in report['estates']]
        if len(rows) > 1:
            rows.append((self.env._("All"), report['total'], 'font-weight: bold'))
        head = Markup('').join(Markup('<th style="%s; min-width: 64px">%s</th>') % (cell, heading) for heading in headings.values())
        body = Markup('').join(
            Markup('<tr style="%s"><td style="%s">%s</td>%s</tr>') % (style, first, name, Markup('').join(
                Markup('<td style="%s; white-space: nowrap">%s</td>') % (cell, self._render_figure(figures.get(code))) for code in headings))
            for name, figures, style in rows)
        before = Markup('<tr style="color: #666"><td style="%s">%s</td>%s</tr>') % (first, self.env._("Month before"), Markup('').join(
            Markup('<td style="%s">%s</td>') % (cell, self._format(report['before'].get(code))) for code in headings))
        return Markup('<table style="border-collapse: collapse; width: 100%%; font-size: 13px"><thead><tr><th style="%s">%s</th>%s</tr></thead>'
                      '<tbody>%s%s</tbody></table>') % (first, self.env._("Estate"), head, body, before)

    def _render_mail_tables(self, report):
        """Return the figures with a row per indicator, a few estates at a time: the wide table of the page would be cut off on phones."""
        columns = [(name, figures) for name, figures in report['estates']]
        if len(columns) > 1:
            columns.insert(0, (self.env._("All"), report['total']))
        columns.insert(1, (self.env._("Month before"), None))
        headings = self._get_headings(report['indicators'])
        cell = 'padding: 4px; border-bottom: 1px solid #ddd; text-align: right; vertical-align: top'
        first = 'padding: 4px 4px 4px 0; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top'
        tables = []
        for start in range(0, len(columns), MAIL_COLUMNS):
            shown = columns[start:start + MAIL_COLUMNS]
            head = Markup('').join(Markup('<th style="%s">%s</th>') % (cell, name) for name, _figures in shown)
            rows = Markup('').join(Markup('<tr><td style="%s">%s</td>%s</tr>') % (first, heading, Markup('').join(
                Markup('<td style="%s">%s</td>') % (
                    cell, self._format(report['before'].get(code)) if figures is None else self._render_figure(figures.get(code)))
                for _name, figures in shown)) for code, heading in headings.items())
            tables.append(Markup(
                '<table style="border-collapse: collapse; width: 100%%; max-width: 640px; font-size: 13px; margin-bottom: 16px">'
                '<thead><tr><th style="%s"></th>%s</tr></thead><tbody>%s</tbody></table>') % (first, head, rows))
        return Markup('').join(tables)

    def _render_lists(self, report):
        return Markup('').join(
            Markup('<h3 style="%s">%s</h3><ul>%s</ul>') % (HEADING, title, Markup('').join(Markup('<li>%s: %s</li>') % pair for pair in pairs))
            for title, pairs in self._get_texts(report) if pairs)

    def _render_figure(self, sums):
        if not sums or sums[2] is None:
            return "–"
        return Markup('%s<br/><small style="color: #666; font-weight: normal">%s/%s</small>') % (
            self._format(sums[2]), plain_number(sums[0]), plain_number(sums[1]))

    def _format(self, figure):
        return "–" if figure is None else f"{figure:.1f}"

    def _render_xlsx(self):
        """Return the bytes of the spreadsheet: a table with native charts, then the causes, categories and grades with theirs."""
        report = self._get_report()
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as workbook:
            bold = workbook.add_format({'bold': True, 'bg_color': '#E7E6E6', 'bottom': 1, 'align': 'center', 'valign': 'vcenter', 'text_wrap': True})
            self._write_estates(workbook, report, bold)
            for title, pairs in self._get_texts(report):
                if not pairs:
                    continue
                sheet = self._add_sheet(workbook, title)
                sheet.write_row(0, 0, [title, self.env._("Count")], bold)
                for row, (label, count) in enumerate(pairs, 1):
                    sheet.write_string(row, 0, neutralise(label or ''))
                    sheet.write_number(row, 1, count)
                sheet.set_column(0, 0, 28)
                self._add_chart(workbook, sheet, title, len(pairs), (1,), (len(pairs) + 2, 0))
        return output.getvalue()

    @staticmethod
    def _add_sheet(workbook, title):
        sheet = workbook.add_worksheet(title[:31])
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def _write_estates(self, workbook, report, bold):
        sheet = self._add_sheet(workbook, self.env._("Estates"))
        number, strong = workbook.add_format({'num_format': '0.0'}), workbook.add_format({'num_format': '0.0', 'bold': True})
        sheet.write_string(0, 0, self.env._("Estate"), bold)
        headings = self._get_headings(report['indicators'])
        for column, heading in enumerate(headings.values(), 1):
            sheet.write_string(0, column, neutralise(heading), bold)
        rows = [
            *((name, {code: sums[2] for code, sums in figures.items()}, number) for name, figures in report['estates']),
            (self.env._("All"), {code: sums[2] for code, sums in report['total'].items()}, strong),
            (self.env._("Month before"), report['before'], number)]
        for row, (name, figures, style) in enumerate(rows, 1):
            sheet.write_string(row, 0, neutralise(name))
            for column, code in enumerate(headings, 1):
                if figures.get(code) is not None:
                    sheet.write_number(row, column, figures[code], style)
        sheet.set_column(0, 0, spreadsheet.width([name for name, _figures, _style in rows]))
        sheet.set_column(1, len(headings), 13)
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, 1)
        # What should be high and what should be low do not fit on one scale.
        labels = dict(self.env['property.service.indicator']._fields['direction']._description_selection(self.env))
        left = 0
        for direction in ('higher', 'lower'):
            columns = [column for column, indicator in enumerate(report['indicators'].values(), 1) if indicator.direction == direction]
            if columns:
                self._add_chart(workbook, sheet, labels[direction], len(report['estates']), columns, (len(rows) + 2, left))
                left += 6

    @staticmethod
    def _add_chart(workbook, sheet, title, rows, columns, place):
        if not rows:
            return
        chart = workbook.add_chart({'type': 'column'})
        for column in columns:
            chart.add_series({
                'name': [sheet.name, 0, column], 'categories': [sheet.name, 1, 0, rows, 0], 'values': [sheet.name, 1, column, rows, column],
                'data_labels': {'value': True}})
        chart.set_title({'name': title, 'name_font': {'size': 12}})
        chart.set_y_axis({'min': 0, 'major_gridlines': {'visible': True, 'line': {'color': '#DDDDDD'}}})
        chart.set_legend({'none': True} if len(columns) == 1 else {'position': 'bottom'})
        chart.set_size({'width': 600, 'height': 340})
        sheet.insert_chart(*place, chart)
