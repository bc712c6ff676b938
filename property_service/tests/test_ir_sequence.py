from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL


@tagged('post_install', '-at_install')
class TestIrSequence(TransactionCase):
    """Numbers drawn many at a time are those that core draws one by one."""

    def _make(self, **vals):
        return self.env['ir.sequence'].create({
            'name': "Test", 'code': 'property.service.test', 'prefix': 'T/%(range_year)s/', 'padding': 3, 'company_id': False,
            **vals})

    def test_many_numbers(self):
        for vals in ({'use_date_range': True}, {'prefix': 'T/'}, {'prefix': 'T/', 'implementation': 'no_gap'}):
            with self.subTest(vals=vals):
                sequence = self._make(**vals)
                one_by_one = [sequence.next_by_code('property.service.test') for _index in range(2)]
                many = self.env['ir.sequence']._next_numbers('property.service.test', 3)
                prefix = one_by_one[0][:-3]
                self.assertEqual(one_by_one + many, [f'{prefix}{number:03}' for number in range(1, 6)])
                sequence.unlink()

    def test_nothing_is_left_in_the_database(self):
        sequence = self._make(use_date_range=True)
        sequence.next_by_code('property.service.test')
        name = f'ir_sequence_{sequence.id:03d}%'
        count = SQL("SELECT count(*) FROM pg_sequences WHERE sequencename LIKE %s", name)
        self.assertEqual(self.env.execute_query(count), [(2,)])
        sequence.unlink()
        self.assertEqual(self.env.execute_query(count), [(0,)])
