"""Indicators that a company defines without code: a model, who counts, domains, and what is added up."""
import re
from dataclasses import dataclass, field

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import OrderedSet, SQL, Query
from odoo.tools.safe_eval import safe_eval

from .base import CALLBACK, COMPLAINT, NOBODY, REQUEST, STOPPED, flag
from .conduct import POINTS
from .days import local_noon
from .inspections import INSPECTION
from .quality import CORRECTIVE_ACTION

INSPECTION_LINE = 'property.service.inspection.line'
IMPROVEMENT = 'property.service.improvement'
ANSWER = 'survey.user_input.line'

DATES = [
    ('create_date', "Created On"), ('sla_start_at', "Clock Started"), ('responded_at', "First Response"), ('planned_at', "Planned At"),
    ('resolution_deadline', "Solution Due"), ('started_at', "Begun On"), ('date', "Date"), ('deadline', "Completion Deadline"),
    ('done_at', "Solved or Done On"), ('done_on', "Done On (Day)"), ('verified_at', "Verified On"), ('closed_at', "Closed On"),
    ('end_datetime', "Answered On"),
]
#: moments that are days: they lie at noon of the company's day
_DAYS = frozenset({'date', 'deadline', 'done_on'})
VALUES = [
    ('work_hours', "Hours of Work"), ('rating_value', "Rating"), ('rework_count', "Returns"), ('chase_count', "Chases"),
    ('score', "Inspection Score"), ('finding_count', "Findings"), ('value_scale', "Answer on the Scale"), ('points', "Points"),
    ('hours', "Hours of Training"), ('test_mark', "Result of the Test"),
]


@dataclass(frozen=True)
class OwnModel:
    """What may be counted, when, for whom, and which of its numbers may be added up. ``c`` is its row."""

    label: str
    dates: tuple
    values: tuple = ()
    employee: SQL = field(default_factory=lambda: SQL("c.employee_id"))
    user: SQL = field(default_factory=lambda: SQL("c.user_id"))
    #: None: belongs to no team
    team: SQL | None = field(default_factory=lambda: SQL("c.team_id"))
    estate: SQL = field(default_factory=lambda: SQL("c.estate_id"))
    company: SQL = field(default_factory=lambda: SQL("c.company_id"))
    name: SQL = field(default_factory=lambda: SQL("c.name"))
    joins: SQL = field(default_factory=lambda: SQL(""))
    where: SQL = field(default_factory=lambda: SQL("TRUE"))
    #: columns that are not those of the row itself
    columns: dict = field(default_factory=dict)
    #: cases with a log of who had them in hands are split by it
    has_log: bool = False


_CASE_DATES = ('done_at', 'create_date', 'sla_start_at', 'responded_at', 'resolution_deadline', 'closed_at')

#: What may be counted; the first moment of each is the one proposed.
OWN_MODELS = {
    REQUEST: OwnModel("Requests", _CASE_DATES, ('work_hours', 'rating_value', 'rework_count', 'chase_count'), has_log=True),
    COMPLAINT: OwnModel("Complaints", _CASE_DATES, ('rating_value', 'chase_count'), has_log=True),
    CALLBACK: OwnModel(
        "Callbacks", ('done_at', 'create_date', 'planned_at', 'resolution_deadline'), employee=SQL("c.worker_id"), user=SQL("c.caller_id")),
    INSPECTION: OwnModel(
        "Inspections", ('done_at', 'create_date', 'started_at'), ('score', 'finding_count'), user=SQL("evaluator.user_id"),
        joins=SQL("LEFT JOIN hr_employee evaluator ON evaluator.id = c.evaluator_id")),
    INSPECTION_LINE: OwnModel(
        "Items of Inspections", ('done_at',), ('score',), employee=SQL("inspection.employee_id"), user=SQL("evaluator.user_id"),
        name=SQL("inspection.name"), where=SQL("c.state = 'done' AND c.is_scored"), joins=SQL(
            "JOIN property_service_inspection inspection ON inspection.id = c.inspection_id"
            " LEFT JOIN hr_employee evaluator ON evaluator.id = inspection.evaluator_id")),
    CORRECTIVE_ACTION: OwnModel(
        "Corrective Actions", ('deadline', 'create_date', 'done_at', 'verified_at', 'closed_at'), ('points',),
        employee=SQL("c.responsible_id"), user=SQL("responsible.user_id"),
        joins=SQL("LEFT JOIN hr_employee responsible ON responsible.id = c.responsible_id")),
    ANSWER: OwnModel(
        "Answers to Surveys After a Service", ('end_datetime',), ('value_scale',),
        # An anonymous answer is nobody's, and what is said on a scale is all that is looked at.
        where=SQL("c.answer_type = 'scale' AND c.skipped IS NOT TRUE AND answer.state = 'done' AND answer.test_entry IS NOT TRUE"
                  " AND answer.property_anonymous IS NOT TRUE AND (request.id IS NOT NULL OR complaint.id IS NOT NULL)"),
        employee=SQL("COALESCE(request.employee_id, complaint.employee_id)"), user=SQL("COALESCE(request.user_id, complaint.user_id)"),
        team=SQL("COALESCE(request.team_id, complaint.team_id)"), estate=SQL("answer.property_estate_id"),
        company=SQL("answer.property_company_id"), name=SQL("COALESCE(request.name, complaint.name)"),
        columns={'end_datetime': SQL("answer.end_datetime")}, joins=SQL(
            "JOIN survey_user_input answer ON answer.id = c.user_input_id"
            " LEFT JOIN property_service_request request ON request.id = answer.property_request_id"
            " LEFT JOIN property_service_complaint complaint ON complaint.id = answer.property_complaint_id")),
    POINTS: OwnModel(
        "Points and Conduct", ('date',), ('points',), team=None, estate=NOBODY, name=SQL("c.reason"), where=SQL("c.state = 'approved'")),
    IMPROVEMENT: OwnModel(
        "Measures of Improvement Plans", ('deadline', 'done_on', 'create_date'), ('hours', 'test_mark'), team=None, estate=NOBODY,
        where=SQL("c.state != 'cancelled'")),
}
#: What conditions may ask of models that are not the addon's own: no names, no words, no addresses.
_FIELDS = {
    ANSWER: {'question_id', 'value_scale', 'survey_id', 'user_input_id'},
    'survey.user_input': {'property_campaign_id', 'property_channel', 'property_estate_id', 'property_request_id', 'property_complaint_id',
                          'survey_id'},
    'survey.question': {'property_factor', 'property_score', 'property_pair', 'property_is_nps', 'survey_id'},
}
#: Who a case is for is nobody's business here.
_PERSONAL_FIELDS = frozenset({'contact_name', 'contact_phone'})
_PERSONAL_MODELS = frozenset({'res.partner'})
_DAY = re.compile(r'\d+-')
_NONSENSE = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, SyntaxError, TypeError, ValueError)


def check_domain(model, text):
    """Return the Domain written in ``text``.

    :raises ValidationError: it cannot be read; it asks for what is no stored field of the cases: figures are computed for people
        who may not read the cases, so a domain must not lead away from them; or it depends on today, so that nobody could recompute it
    """
    env = model.env
    try:
        domain = Domain(safe_eval(text or '[]', {}))
        for condition in domain.iter_conditions():
            _check_condition(model, condition)
        domain.optimize_full(model)
    except UserError as error:
        raise ValidationError(error.args[0]) from error
    except _NONSENSE as error:
        raise ValidationError(env._("The condition %(condition)s cannot be used: %(reason)s",
                                    condition=text, reason=error)) from error
    return domain


def _check_condition(model, condition):
    env, current, found = model.env, model, None
    for name in condition.field_expr.split('.'):
        found = current._fields[name] if current is not None else None
        if found is None or not found.store or found.groups or name not in _FIELDS.get(current._name, {name}) \
                or name in _PERSONAL_FIELDS or found.comodel_name in _PERSONAL_MODELS:
            raise ValueError(condition.field_expr)
        current = env[found.comodel_name] if found.relational and (
            found.comodel_name.startswith('property.service.') or found.comodel_name in _FIELDS) else None
    if condition.operator in ('any', 'not any', 'any!', 'not any!'):
        raise ValueError(condition.field_expr)
    values = [condition.value] if isinstance(condition.value, str) else condition.value
    if found.type in ('date', 'datetime') and isinstance(values, (list, tuple, set, frozenset, OrderedSet)) and any(
            isinstance(value, str) and not _DAY.match(value) for value in values):
        raise ValidationError(env._(
            "%(field)s: enter a day. What depends on today could not be counted again; the period is that of the assessment.",
            field=found._description_string(env)))


def check_runs(indicator, period):
    """Raise ValidationError when the database cannot do what an indicator asks for, such as comparing a number with a word."""
    cr = indicator.env.cr
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL("EXPLAIN %s", own_rows(indicator, period)), log_exceptions=False)
    except (psycopg2.Error, *_NONSENSE) as error:
        raise ValidationError(indicator.env._(
            "The condition %(condition)s cannot be used: %(reason)s", condition=indicator.own_domain,
            reason=str(error).split('\n', maxsplit=1)[0])) from error


def own_rows(indicator, period):
    """Return the SQL of ``Source.rows`` for an indicator of the company's own.

    :param indicator: property.service.indicator with source ``own``
    """
    own = OWN_MODELS[indicator.own_model]
    company = indicator.env['res.company'].browse(period.company_id).sudo()  # sudo: calendars are not for everybody
    model = indicator.env[indicator.own_model].sudo().with_context(  # sudo: HR defines figures without reading the cases
        active_test=False, tz=company._property_zone().zone)  # days are the company's, whoever counts
    moment = indicator.own_date if indicator.own_date in own.dates else own.dates[0]
    at = _get_moment(company, own, moment)

    def condition(text):
        domain = check_domain(model, text).optimize_full(model)
        query = Query(model.env, 'c', SQL.identifier(model._table))
        clause = domain._to_sql(model, 'c', query)
        if query.from_clause != Query(model.env, 'c', SQL.identifier(model._table)).from_clause:  # joins of the domain's own
            return SQL("c.id IN %s", model._search(domain).subselect())
        return SQL("(%s)", clause)

    matched = condition(indicator.own_numerator) if indicator.own_numerator else SQL("TRUE")
    value = indicator.own_value_field and SQL("c.%s", SQL.identifier(indicator.own_value_field))
    where = SQL("%s AND %s AND %s IS NOT NULL", own.where, condition(indicator.own_domain), at)
    if value:
        where = SQL("%s AND %s AND %s IS NOT NULL", where, matched, value)
    return SQL(
        """
        SELECT %(model)s::varchar AS res_model, c.id AS res_id, %(name)s AS name, %(at)s AS at, %(company)s::int AS company_id,
               %(employee)s AS employee_id, %(user)s AS user_id, %(team)s AS team_id, %(estate)s AS estate_id, %(split)s AS split,
               LEAST(%(stop_at)s, %(as_of)s) AS stop_at, (%(numerator)s)::numeric AS numerator, 1::numeric AS denominator
          FROM %(table)s c %(joins)s
         WHERE %(of_company)s = %(company)s AND %(at)s >= %(start)s AND %(at)s < %(end)s AND %(at)s <= %(as_of)s AND (%(where)s)
        """,
        model=model._name, table=period.get_table(model._table, at), joins=own.joins, name=own.name, at=at, company=period.company_id,
        of_company=own.company, employee=own.employee, user=own.user, team=own.team or NOBODY, estate=own.estate, split=own.has_log,
        stop_at=STOPPED if own.has_log else SQL("NULL::timestamp"), as_of=period.as_of,
        start=period.start, end=period.end, numerator=value or flag(matched), where=where)


def _get_moment(company, own, name):
    """Return SQL of the moment, naive UTC; a day counts at the company's noon."""
    column = own.columns.get(name) or SQL("c.%s", SQL.identifier(name))
    if name not in _DAYS:
        return column
    return local_noon(company, column)

