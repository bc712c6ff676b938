from odoo import api, fields, models
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
        numbers = [self.next_by_code(code) or '/']
        if count == 1 or numbers == ['/']:
            return numbers * count
        sequence = self.search(
            [('code', '=', code), ('company_id', 'in', [self.env.company.id, False])], order='company_id', limit=1)
        if sequence.implementation != 'standard':
            return numbers + [sequence._next() for _index in range(count - 1)]
        source, name = sequence, f'ir_sequence_{sequence.id:03d}'
        if sequence.use_date_range:
            today = fields.Date.to_date(self.env.context.get('ir_sequence_date')) or fields.Date.today()
            source = sequence.date_range_ids.filtered(lambda r: r.date_from <= today <= r.date_to)[:1]
            sequence = sequence.with_context(ir_sequence_date_range=source.date_from)
            name = f'{name}_{source.id:03d}'
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", name, count - 1))
        return numbers + [sequence.get_next_char(number) for (number,) in rows]

    def unlink(self):
        """Drop the database's sequences of the date ranges, too: core forgets them when the rows go by cascade."""
        self.date_range_ids.unlink()
        return super().unlink()
