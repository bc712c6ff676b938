from odoo import fields
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase
from .complaint_common import ComplaintCase


@tagged('post_install', '-at_install')
class TestComplaintReport(ComplaintCase, PropertyServiceTransactionCase):
    """The printed report against figures counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({'property_repeat_count': 3, 'property_repeat_days': 30})
        cls.closed = cls.make_complaint('closed')
        cls.answered = cls.make_complaint('answered')
        cls.open = cls.make_complaint('registered')
        cls.praise = cls.make_complaint('registered', kind='praise')
        start = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        for complaint, reply, solution in ((cls.closed, 2, 10), (cls.answered, 4, 20)):
            cls.env.cr.execute(
                "UPDATE property_service_complaint SET create_date = %s, sla_start_at = %s WHERE id = %s", [start, start, complaint.id])
            complaint.invalidate_recordset()
            complaint._as_system().write({
                'responded_at': fields.Datetime.add(start, hours=reply), 'done_at': fields.Datetime.add(start, hours=solution)})
        cls.env.flush_all()

    def make_report(self, role='quality'):
        today = fields.Date.context_today(self.env['res.users'])
        return self.as_role(role, 'property.service.complaint.report').create({
            'date_from': fields.Date.subtract(today, days=9), 'date_to': fields.Date.add(today, days=1), 'estate_ids': self.estate.ids})

    def test_figures(self):
        report = self.make_report()._get_report()
        totals = report['totals']
        self.assertEqual((totals['complaints'], totals['praise'], totals['open'], totals['repeated']), (3, 1, 2, 1))
        self.assertEqual((totals['reply'], totals['solution']), ('3.0', '15.0'), "who has not been answered yet is no zero")
        tables = dict(report['tables'])
        self.assertEqual(tables["By Category"], [("Repair", 3, "100 %", '3.0', '15.0', 0)])
        self.assertEqual([row[:2] for row in tables["By Cause"]], [("Equipment", 2), ("Not Named", 1)])
        self.assertEqual([row[1] for row in tables["By Building"]], [3])
        self.assertEqual([row[:2] for row in tables["By Team"]], [("Engineering", 3)])
        self.assertEqual(sum(row[1] for row in tables["By Month"]), 3)
        self.assertEqual(report['recurring'], [("Repair", "Equipment", 2)])
        self.assertIn(("Repair", "Team", "Engineering", 3), report['patterns'])

    def test_mean_in_the_analysis(self):
        """The pivot's mean leaves out what has no figure yet, like the report."""
        [(reply,)] = self.env['property.service.complaint']._read_group(
            [('id', 'in', (self.closed | self.answered | self.open).ids)], [], ['reply_hours:avg'])
        self.assertAlmostEqual(reply, 3.0)

    def test_coverage(self):
        rule = self.env['property.service.callback.rule'].create({
            'name': "Half", 'source': 'request', 'rate': 50, 'processed_until': fields.Datetime.subtract(fields.Datetime.now(), hours=1)})
        requests = self.env['property.service.request']
        for _number in range(12):
            requests |= self.make_request('done')
        requests._as_system().write({'done_at': fields.Datetime.subtract(fields.Datetime.now(), minutes=10)})
        rule._plan_batch(100)
        calls = self.env['property.service.callback'].search([('rule_id', '=', rule.id)])
        self.assertTrue(2 <= len(calls) <= 10, len(calls))
        calls[0].action_done(result='satisfied')
        calls[1].action_done(result='neutral')
        row = next(row for row in self.make_report()._get_report()['coverage'] if row['name'] == "Half")
        self.assertEqual((row['wanted'], row['population'], row['drawn']), ("50 %", 12, len(calls)))
        self.assertEqual((row['due'], row['done'], row['reached'], row['satisfied'], row['happy']), (len(calls), 2, 2, 1, "50 %"))

    def test_printed(self):
        report = self.make_report('supervisor')
        self.assertIn("Equipment", report.page)
        html, _kind = self.env['ir.actions.report'].with_user(self.users['supervisor'])._render_qweb_html(
            'property_service.complaint_report_document', report.ids)
        for text in ("Complaints and Callbacks", "Top Recurring Causes", "Engineering", "Callbacks Against the Rules"):
            self.assertIn(text, html.decode())
        self.assertEqual(report.action_print()['report_name'], 'property_service.complaint_report_document')
