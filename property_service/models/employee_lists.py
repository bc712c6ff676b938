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
