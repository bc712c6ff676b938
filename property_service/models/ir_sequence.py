from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = 'ir.sequence'

    @api.model
    def _next_numbers(self, code, count):
        """Draw ``count`` numbers of the sequence ``code`` in a constant number of queries.

        Core draws one number per query, which dominates the creation of many cases at once.

        :rtype: list[str]
        """
        if not count:
            return []
        rows = self._draw_numbers(code, count)
        if not rows:    # the first number of a year, a sequence without gaps, or none at all: core knows what to do
            numbers = [self.next_by_code(code) or '/']
            if numbers == ['/']:
                return numbers * count
            rows = self._draw_numbers(code, count - 1) if count > 1 else []
            return numbers + (self._format_numbers(rows) or [self.next_by_code(code) for _index in range(count - 1)])
        return self._format_numbers(rows)

    @api.model
    def _draw_numbers(self, code, count):
        """Return [(sequence id, start of the date range, number), …], or [] where a number cannot be drawn this way."""
        today = fields.Date.to_date(self.env.context.get('ir_sequence_date')) or fields.Date.today()
        self.flush_model()
        self.env['ir.sequence.date_range'].flush_model()

        def padded(column):
            return SQL("lpad(%s::text, greatest(3, length(%s::text)), '0')", column, column)

        return self.env.execute_query(SQL(
            """
            SELECT s.id, r.date_from, nextval('ir_sequence_' || %(sequence)s || CASE WHEN s.use_date_range THEN '_' || %(range)s ELSE '' END)
              FROM (SELECT id, use_date_range, implementation FROM ir_sequence
                     WHERE code = %(code)s AND active AND (company_id = %(company)s OR company_id IS NULL)
                     ORDER BY company_id IS NULL, id LIMIT 1) s
              LEFT JOIN LATERAL (SELECT id, date_from FROM ir_sequence_date_range
                     WHERE sequence_id = s.id AND date_from <= %(today)s AND date_to >= %(today)s ORDER BY id LIMIT 1) r ON s.use_date_range
              JOIN generate_series(1, %(count)s) ON TRUE
             WHERE s.implementation = 'standard' AND (NOT s.use_date_range OR r.id IS NOT NULL)
            """,
            sequence=padded(SQL("s.id")), range=padded(SQL("r.id")), code=code, company=self.env.company.id, today=today, count=count))

    @api.model
    def _format_numbers(self, rows):
        if not rows:
            return []
        sequence_id, date_from, _number = rows[0]
        sequence = self.browse(sequence_id)
        if date_from:
            sequence = sequence.with_context(ir_sequence_date_range=date_from)
        return [sequence.get_next_char(number) for _sequence_id, _date_from, number in rows]

    @api.model
    def _begin_series(self, pattern, code, company_id):
        """Create the series without gaps of a company, in the form of the shared one and going on where that one is."""
        values = {'implementation': 'no_gap', 'company_id': company_id, 'code': code}
        if not pattern:
            return self.create({**values, 'name': code, 'padding': 5})
        pattern.invalidate_recordset(['number_next', 'number_next_actual'])
        pattern.date_range_ids.invalidate_recordset(['number_next', 'number_next_actual'])  # numbers are drawn behind the cache's back
        return pattern.copy({
            **values, 'number_next_actual': pattern.number_next_actual, 'date_range_ids': [Command.create({
                'date_from': part.date_from, 'date_to': part.date_to, 'number_next_actual': part.number_next_actual,
            }) for part in pattern.date_range_ids]})

    def unlink(self):
        """Drop the database's sequences of the date ranges, too: core forgets them when the rows go by cascade."""
        self.date_range_ids.unlink()
        return super().unlink()
