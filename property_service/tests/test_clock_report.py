from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_clock import MONDAY, ClockCase


@tagged('post_install', '-at_install')
class TestClockReport(ClockCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estate.calendar_id = cls.calendar
        cls.Report = cls.env['property.service.sla.report']

    def rows(self, requests):
        self.env.flush_all()
        return [('applies_to', '=', 'request'), ('res_id', 'in', requests.ids)]

    def test_open_overdue_counts_as_missed(self):
        with self.at():
            answered, late, overdue, ended, ended_late = (self.make_request('approved') for _number in range(5))
        with self.at(hours=2):
            answered._mark_responded()
            ended.action_cancel(reason="Mistake")
        with self.at(hours=7):
            late._mark_responded()
            ended_late.action_cancel(reason="To look better")
            fresh = self.make_request('approved')
            all_of_them = answered | late | overdue | ended | ended_late | fresh
            rows = self.Report.search(self.rows(all_of_them))
            results = {self.env['property.service.request'].browse(row.res_id): row.response_result for row in rows}
            self.assertEqual(results, {
                answered: 'met', late: 'missed', overdue: 'missed', ended_late: 'missed', ended: False, fresh: False})
            [(rate,)] = self.Report._read_group(self.rows(all_of_them), [], ['response_on_time:avg'])
            self.assertEqual(rate, 25.0)
        with self.at(hours=3):
            [(rate,)] = self.Report._read_group(self.rows(answered | overdue), [], ['response_on_time:avg'])
            self.assertEqual(rate, 100.0, "not overdue yet at that time")

    def test_agrees_with_the_status(self):
        with self.at():
            requests = self.make_request('in_progress') | self.make_request('in_progress')
            requests._mark_responded()
        for request, days in zip(requests, (1, 3)):
            with self.at(days=days):
                request.checklist_ids.write({'done': True})
                request.action_done(summary="Done")
        rows = self.Report.search(self.rows(requests), order='id')
        self.assertEqual(rows.mapped('resolution_result'), requests.mapped('sla_result'))

    def test_median_and_ninth_decile(self):
        requests = self.env['property.service.request']
        for hours in (1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
            with self.at():
                request = self.make_request()
            with self.at(hours=hours):
                request._mark_responded()
            requests |= request
        [(mean, median, p90)] = self.Report._read_group(
            self.rows(requests), [], ['response_hours:avg', 'response_median:avg', 'response_p90:avg'])
        self.assertAlmostEqual(mean, 146 / 11)
        self.assertAlmostEqual(median, 5)
        self.assertAlmostEqual(p90, 9)
        grouped = self.Report.formatted_read_grouping_sets(
            self.rows(requests), [['estate_id'], []], ['response_median:avg', '__count'])
        self.assertEqual([group[0]['response_median:avg'] for group in grouped], [5, 5])

    def test_discovery_is_the_time_until_it_is_taken_up(self):
        with self.at():
            quick, slow, waiting = (self.make_request() for _number in range(3))
        for request, hours in ((quick, 2), (slow, 14)):
            with self.at(hours=hours):
                request.action_register()
        [(mean,)] = self.Report._read_group(self.rows(quick | slow | waiting), [], ['discovery_hours:avg'])
        self.assertEqual(mean, 8)

    def test_targets_are_lines_of_the_reports(self):
        Report = self.as_role('supervisor', self.Report)
        self.assertEqual(Report.get_targets(), {
            'discovery_hours': 12, 'resolution_hours': 24, 'resolution_median': 24, 'resolution_p90': 24})
        self.company.write({'property_target_discovery_hours': 0, 'property_target_cycle_hours': 48})
        self.assertEqual(Report.get_targets(), {'resolution_hours': 48, 'resolution_median': 48, 'resolution_p90': 48})
        with self.assertRaises(AccessError):
            self.as_role('resident', self.Report).get_targets()

    def test_months_are_local(self):
        before, after = MONDAY.replace(day=31, hour=15, minute=59), MONDAY.replace(day=31, hour=16, minute=1)
        requests = self.env['property.service.request']
        for moment in (before, after):
            with freeze_time(moment):
                requests |= self.make_request()
        months = self.Report._read_group(self.rows(requests), ['date:month'], ['__count'])
        self.assertEqual([(month.month, count) for month, count in months], [(3, 1), (4, 1)])

    def test_merged_count_once(self):
        with self.at():
            master, duplicate = self.make_request('approved'), self.make_request('approved')
            duplicate.action_merge(master_id=master.id)
        self.assertEqual(self.Report.search(self.rows(master | duplicate)).res_id, master.id)

    def test_row_opens_the_request(self):
        request = self.make_request()
        action = self.as_role('supervisor', self.Report.search(self.rows(request))).action_open_case()
        self.assertEqual(action['res_id'], request.id)
