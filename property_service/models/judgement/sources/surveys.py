"""Figures from surveys among employees (R92)."""
from odoo.tools import SQL

from .base import NOBODY, Source, case_rows, register, union

RESULT = 'property.service.survey.result'
_TABLE = 'property_service_survey_result'


@register
class StaffSatisfaction(Source):
    """Satisfied employees of the team or estate; it counts for who led it when the survey ended.

    Rows are kept by the survey when it ends, for groups large enough only: the figure tells no answer.
    """

    key = 'staff_satisfaction'
    label = "Employee Satisfaction"
    models = (RESULT,)

    def rows(self, env, period):
        return case_rows(
            _TABLE, RESULT, period, SQL("c.at"), SQL("c.satisfied"), SQL("c.answers"), where=SQL("c.level IN ('team', 'estate')"),
            split=False, employee=SQL("c.leader_id"), user=NOBODY)


@register
class StaffSatisfactionCompany(Source):
    """Satisfied employees of the whole company; it counts for each employee, team and estate alike."""

    key = 'staff_satisfaction_company'
    label = "Employee Satisfaction of the Company"
    models = (RESULT,)

    def rows(self, env, period):
        def shared(table, **who):
            who = {'employee': NOBODY, 'team': NOBODY, 'estate': NOBODY, **who}
            return case_rows(
                _TABLE, RESULT, period, SQL("c.at"), SQL("c.satisfied"), SQL("c.answers"), where=SQL("c.level = 'company'"), split=False,
                joins=SQL("JOIN %s whose ON whose.company_id = c.company_id", SQL.identifier(table)), user=NOBODY, **who)

        return union(
            shared('hr_employee', employee=SQL("whose.id")), shared('property_service_team', team=SQL("whose.id")),
            shared('property_service_estate', estate=SQL("whose.id")))
