from odoo import fields, models


class PropertyServiceResidentImportLine(models.Model):
    """A row of an imported file that was not taken over, and why."""

    _name = 'property.service.resident.import.line'
    _description = "Resident Import Problem"
    _order = 'import_id, row, id'
    _rec_name = 'row'

    import_id = fields.Many2one('property.service.resident.import', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='import_id.company_id', store=True, precompute=True)
    row = fields.Integer(help="Number of the row in the file.")
    kind = fields.Selection([('error', "Wrong"), ('duplicate', "Doubled"), ('refused', "Not Taken In")], required=True,
        default='error')
    column = fields.Char(help="Heading of the column in the file.")
    value = fields.Char(help="What stands in the cell.")
    message = fields.Char(string="Problem")
    content = fields.Char(help="The row as it stands in the file.")
