"""Indicators that a company defines without code: a model, who counts, domains, and what is added up."""
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, Query
from odoo.tools.safe_eval import safe_eval

from .base import CALLBACK, COMPLAINT, REQUEST, case_rows, flag

#: model -> (moments that decide on the period, columns of worker and owner)
OWN_MODELS = {
    REQUEST: (('create_date', 'sla_start_at', 'responded_at', 'resolution_deadline', 'done_at', 'closed_at'), 'employee_id', 'user_id'),
    COMPLAINT: (('create_date', 'sla_start_at', 'responded_at', 'resolution_deadline', 'done_at', 'closed_at'), 'employee_id', 'user_id'),
    CALLBACK: (('create_date', 'planned_at', 'resolution_deadline', 'done_at'), 'worker_id', 'caller_id'),
}
DATES = [
    ('create_date', "Created On"), ('sla_start_at', "Clock Started"), ('responded_at', "First Response"), ('planned_at', "Planned At"),
    ('resolution_deadline', "Solution Due"), ('done_at', "Solved or Done On"), ('closed_at', "Closed On"),
]


def check_domain(model, text):
    """Return the Domain written in ``text``.

    :raises ValidationError: it cannot be read, or asks for what is no stored field of the cases: figures are computed for people
        who may not read the cases, so a domain must not lead away from them
    """
    env = model.env
    try:
        domain = Domain(safe_eval(text or '[]', {'uid': env.uid}))
        for condition in domain.iter_conditions():
            current = model
            for name in condition.field_expr.split('.'):
                field = current._fields[name] if current is not None else None
                if field is None or not field.store or field.groups:
                    raise ValueError(condition.field_expr)
                current = env[field.comodel_name] if field.relational and (
                    field.comodel_name.startswith('property.service.')) else None
            if condition.operator in ('any', 'not any', 'any!', 'not any!'):
                raise ValueError(condition.field_expr)
        domain.optimize_full(model)
    except (ValueError, KeyError, TypeError, SyntaxError, NameError) as error:
        raise ValidationError(env._("The condition %(condition)s cannot be used: %(reason)s",
                                    condition=text, reason=error)) from error
    return domain


def own_rows(indicator, period):
    """Return the SQL of ``Source.rows`` for an indicator of the company's own.

    :param indicator: property.service.indicator with source ``own``
    """
    model = indicator.env[indicator.own_model].sudo().with_context(  # sudo: HR defines figures without reading the cases
        active_test=False)
    dates, worker, owner = OWN_MODELS[indicator.own_model]
    at = indicator.own_date if indicator.own_date in dates else dates[0]

    def condition(text):
        domain = check_domain(model, text).optimize_full(model)
        query = Query(model.env, 'c', SQL.identifier(model._table))
        clause = domain._to_sql(model, 'c', query)
        if query.from_clause != Query(model.env, 'c', SQL.identifier(model._table)).from_clause:  # joins of the domain's own
            return SQL("c.id IN %s", model._search(domain).subselect())
        return SQL("(%s)", clause)

    matched = condition(indicator.own_numerator) if indicator.own_numerator else SQL("TRUE")
    value = indicator.own_value_field and SQL("c.%s", SQL.identifier(indicator.own_value_field))
    where = SQL("%s AND c.%s IS NOT NULL", condition(indicator.own_domain), SQL.identifier(at))
    if value:
        where = SQL("%s AND %s AND %s IS NOT NULL", where, matched, value)
    return case_rows(
        model._table, model._name, period, SQL("c.%s", SQL.identifier(at)), value or flag(matched), where=where,
        split=indicator.own_model != CALLBACK, employee=SQL("c.%s", SQL.identifier(worker)), user=SQL("c.%s", SQL.identifier(owner)))
