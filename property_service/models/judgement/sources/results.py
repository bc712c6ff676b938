"""Figures from other assessments: what a team or an estate reached counts for whoever leads it."""
from odoo.tools import SQL

from .base import Source, case_rows, register

ASSESSMENT = 'property.service.assessment'


class _Result(Source):
    """Published results that belong to the last moment of their period; the mean of several counts."""

    models = (ASSESSMENT,)
    aggregate = 'mean'
    #: field of the assessment
    subject = None

    def rows(self, env, period):
        return case_rows(
            'property_service_assessment', ASSESSMENT, period, SQL("c.end_at - INTERVAL '1 second'"), SQL("c.score"), split=False,
            where=SQL("c.has_score AND c.state IN ('published', 'closed') AND c.%s IS NOT NULL", SQL.identifier(f'{self.subject}_id')),
            employee=SQL("c.manager_id"), user=SQL("NULL::int"))  # who led it at the end of the period


@register
class TeamResult(_Result):
    key = 'team_result'
    label = "Result of the Team"
    subject = 'team'


@register
class EstateResult(_Result):
    key = 'estate_result'
    label = "Result of the Estate"
    subject = 'estate'
