from odoo import models
from odoo.tools import SQL

#: what stands in the source of an indicator whose mark is given by HR
HR_MARKS = ('manual_hr', 'manual_training')


class PropertyServiceUnfinished(models.AbstractModel):
    """What somebody is still writing is for the writer and HR; the others read it once it is handed in.

    The condition is part of the SQL of the field, so that no domain, order, group, sum or export gets at it. Whoever reads has a cache of
    his own (``depends_context``): what HR or a step has read a moment ago in the same transaction does not reach anybody else.
    """

    _name = 'property.service.unfinished'
    _description = "Words and Marks until They Are Handed In"

    #: {name of a field with ``depends_context=('uid',)``: what it belongs to, for ``_get_unfinished``}
    _unfinished = {}

    def _reads_unfinished(self):
        """Tell whether the user reads everything at any time: steps and HR."""
        return self.env.su or self.env.user.has_group('hr.group_hr_user')

    def _get_unfinished(self, part, alias, query):
        """Return SQL that is true where the user does not read ``part`` yet: everywhere, unless a model says more."""
        return SQL("TRUE")

    def _field_to_sql(self, alias, field_expr, query=None):
        sql = super()._field_to_sql(alias, field_expr, query)
        part = self._unfinished.get(field_expr.partition('.')[0])
        if not part or self._reads_unfinished():
            return sql
        return SQL("CASE WHEN %s THEN NULL ELSE %s END", self._get_unfinished(part, alias, query), sql)

    def write(self, vals):
        """Several caches hold these fields: only the one that is written to may be stored."""
        guarded = [name for name in vals if name in self._unfinished]
        if not guarded:
            return super().write(vals)
        self.flush_recordset(guarded)
        self.invalidate_recordset(guarded, flush=False)
        result = super().write(vals)
        self.flush_recordset(guarded)
        self.invalidate_recordset(guarded, flush=False)
        return result
