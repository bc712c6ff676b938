"""Figures from the employees' own files."""
from odoo.tools import SQL

from .base import Source, register

COURSE = 'hr.resume.line'


@register
class TrainingHours(Source):
    """Hours of the courses in the employee's résumé that ended in the period (R96)."""

    key = 'training_hours'
    label = "Training Hours"
    models = (COURSE,)
    aggregate = 'sum'
    empty_is_zero = True

    def rows(self, env, period):
        return SQL(
            """
            SELECT %(model)s::varchar AS res_model, c.id AS res_id, c.name ->> 'en_US' AS name, %(at)s AS at,
                   %(company)s::int AS company_id, c.employee_id AS employee_id, person.user_id AS user_id, NULL::int AS team_id,
                   NULL::int AS estate_id, FALSE AS split, NULL::timestamp AS stop_at, COALESCE(c.duration, 0)::numeric AS numerator,
                   1::numeric AS denominator
              FROM hr_resume_line c
              JOIN hr_resume_line_type type ON type.id = c.line_type_id AND type.is_course
              JOIN hr_employee person ON person.id = c.employee_id AND person.company_id = %(company)s
             WHERE %(at)s >= %(start)s AND %(at)s < %(end)s
            """,
            model=COURSE, at=SQL("(COALESCE(c.date_end, c.date_start) + TIME '12:00')"), company=period.company_id, start=period.start,
            end=period.end)
