"""Figures from inspections."""
from odoo.tools import SQL

from .base import Source, case_rows, register

INSPECTION = 'property.service.inspection'


@register
class InspectionScore(Source):
    """The mean score of finished inspections (R82): of an employee's own work, or of the team's."""

    key = 'inspection_score'
    label = "Inspection Score"
    models = (INSPECTION,)
    aggregate = 'mean'

    def rows(self, env, period):
        return case_rows(
            'property_service_inspection', INSPECTION, period, SQL("c.done_at"), SQL("c.score"), split=False,
            where=SQL("c.state = 'done'"), user=SQL("NULL::int"))
