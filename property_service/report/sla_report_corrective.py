from odoo import models

from .sla_report import CLOCK_COLUMNS


class PropertyServiceSlaReport(models.Model):
    """Corrective actions in the report of service levels."""

    _inherit = 'property.service.sla.report'
    _depends = {'property.service.corrective.action': [*CLOCK_COLUMNS, 'employee_id', 'category_id']}
