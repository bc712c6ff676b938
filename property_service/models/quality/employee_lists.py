from odoo import models
from odoo.fields import Command


class PropertyServiceEmployeeLists(models.AbstractModel):
    """Lists of employees kept by people who are not HR officers: core lets them write such a list, and forgets it in copies."""

    _name = 'property.service.employee.lists'
    _description = "Lists of Employees"
    _inherit = ['hr.mixin']

    def copy_data(self, default=None):
        """Copy the lists of employees too: core leaves out whom the user may not read as hr.employee."""
        names = [name for name, field in self._fields.items()
                 if field.type == 'many2many' and field.comodel_name == 'hr.employee' and field.copy and name not in (default or {})]
        return [
            {**vals, **{name: [Command.set(record.sudo()[name].ids)] for name in names}}  # sudo: ids of a list that the user sees
            for record, vals in zip(self, super().copy_data(default), strict=True)]


class PropertyServiceKeptFiles(models.AbstractModel):
    """Files of a document: whoever reads the document reads them."""

    _name = 'property.service.kept.files'
    _description = "Files of a Document"

    def _keep_attachments(self):
        """Uploads of a form that was not saved yet belong to nobody's record: make them the document's, so that its readers may open them."""
        for record in self:
            waiting = record.sudo().attachment_ids.filtered(  # sudo: attachments of the record just written
                lambda attachment: attachment.res_model == self._name and not attachment.res_id)
            if waiting:
                waiting.res_id = record.id
