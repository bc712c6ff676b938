from odoo import api, models
from odoo.tools import SQL


class PropertyServiceRequest(models.Model):
    """What the report of service levels counts."""

    _inherit = 'property.service.request'

    @api.model
    def _get_clock_report_condition(self):
        """Merged requests count once: as the one they were merged into."""
        return SQL("r.merged_into_id IS NULL")
