"""The empty spreadsheet for those who have no list yet."""
import io

import xlsxwriter

from odoo import api, models
from odoo.tools import LazyTranslate

from ...tools.flat_file_residents import COLUMNS
from ...tools.spreadsheet import width

_lt = LazyTranslate(__name__)

#: column of the reader -> heading; each must be one that the reader knows, in every language
HEADINGS = {
    'estate': _lt("Estate"), 'building': _lt("Building"), 'entrance': _lt("Stairwell"), 'unit': _lt("Unit No"), 'floor': _lt("Floor"),
    'area': _lt("Floor Area"), 'use': _lt("Unit Type"), 'name': _lt("Resident Name"), 'phone': _lt("Mobile Phone"),
    'email': _lt("Email Address"), 'role': _lt("Resident Type"), 'since': _lt("Move In Date"), 'until': _lt("Move Out Date"),
    'note': _lt("Note"),
}
EXAMPLES = (
    {'estate': _lt("Green Dragon Garden"), 'building': "1", 'entrance': "2", 'unit': "1201", 'floor': "12", 'area': "89.5",
     'use': _lt("Residential"), 'name': _lt("Zhang San"), 'phone': "138 0000 0001", 'email': "zhangsan@example.com", 'role': _lt("Owner"),
     'since': "2022-03-01"},
    {'estate': _lt("Green Dragon Garden"), 'building': "1", 'entrance': "2", 'unit': "1201", 'name': _lt("Li Si"),
     'phone': "138 0000 0002", 'role': _lt("Family"), 'since': "2022-03-01", 'note': _lt("One row for each person")},
    {'estate': _lt("Green Dragon Garden"), 'building': "1", 'entrance': "2", 'unit': "1202", 'floor': "12", 'area': "120",
     'use': _lt("Residential"), 'note': _lt("Vacant: no name")},
    {'estate': _lt("Green Dragon Garden"), 'building': "1", 'unit': _lt("Lobby"), 'floor': "1", 'use': _lt("Common"),
     'note': _lt("Where anyone reports what is broken")},
)
USES = (_lt("Residential"), _lt("Commercial"), _lt("Parking"), _lt("Common"))
ROLES = (_lt("Owner"), _lt("Tenant"), _lt("Family"), _lt("Occupant"))
LAST_ROW = 5000


class PropertyServiceResidentImport(models.Model):
    _inherit = 'property.service.resident.import'

    def action_download_template(self):
        """Download the empty spreadsheet."""
        return {'type': 'ir.actions.act_url', 'url': '/property_service/residents.xlsx', 'target': 'download'}

    @api.model
    def _render_template(self):
        """Return an XLSX file: the first sheet to be filled in, which is what the import reads, the second with examples."""
        texts = {column: self._get_text(heading) for column, heading in HEADINGS.items()}
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'in_memory': True}) as workbook:
            bold, text = workbook.add_format({'bold': True, 'bg_color': '#DDEBF7'}), workbook.add_format({'num_format': '@'})
            for name, examples in ((self.env._("Residents"), ()), (self.env._("Examples"), EXAMPLES)):
                sheet = workbook.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                for position, column in enumerate(COLUMNS):
                    cells = [self._get_text(example.get(column, '')) for example in examples]
                    sheet.set_column(position, position, width([texts[column], *cells, "0" * 12]), text)
                    sheet.write_string(0, position, texts[column], bold)
                    for row, cell in enumerate(cells, 1):
                        sheet.write_string(row, position, cell, text)
                    if column in ('use', 'role'):
                        words = [self._get_text(word) for word in (USES if column == 'use' else ROLES)]
                        sheet.data_validation(1, position, LAST_ROW, position, {'validate': 'list', 'source': words})
        return output.getvalue()

    @api.model
    def _get_text(self, text):
        return text if isinstance(text, str) else text._translate(self.env.lang or 'en_US')
