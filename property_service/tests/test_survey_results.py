import random
import statistics
from collections import defaultdict

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..tools import survey_statistics as stats
from .survey_common import PropertyServiceSurveyCase


@tagged('post_install', '-at_install')
class TestSurveyResults(PropertyServiceSurveyCase, TransactionCase):
    """Figures against a second way of computing them: from the answers given, one by one, in the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.make_estate('AA', homes=12), cls.make_estate('BB', homes=6)

    def play(self, campaign, share=0.8, seed=1, level=0.0):
        """Answer with random scores and return [(invitation, overall, {question: score})] as given."""
        draw, given = random.Random(seed), []
        for invitation in campaign.invitation_ids:
            if draw.random() < share:
                scores = {name: min(5, max(1, round(draw.gauss(3.8 + level, 1)))) for name in (
                    'reliability_1', 'reliability_2', 'courtesy_1', 'score_gate')}
                scores['recommend'] = draw.randint(0, 10)
                overall = min(5, max(1, round(draw.gauss(4 + level, 1))))
                given.append((invitation, invitation.building_id, invitation.estate_id, overall, scores))
                self.answer(invitation, overall, **scores)
        return given

    def test_figures(self):
        campaign = self.make_running(self.first, self.second)
        given = self.play(campaign)
        results = self.as_role('supervisor', campaign).get_results()
        overall = [row[3] for row in given]
        self.assertEqual(results['answers'], len(given))
        self.assertAlmostEqual(results['response_rate'], 100 * len(given) / 36)
        self.assertAlmostEqual(results['overall']['rate'], 100 * stats.satisfaction_rate(overall))
        self.assertAlmostEqual(results['overall']['mean'], statistics.mean(overall))
        low, high = stats.wilson(stats.satisfaction_rate(overall), len(overall))
        self.assertAlmostEqual(results['overall']['low'], 100 * low)
        self.assertAlmostEqual(results['overall']['high'], 100 * high)
        reliable = [row[4][name] for row in given for name in ('reliability_1', 'reliability_2')]
        factor = {f['key']: f for f in results['factors']}['reliability']
        self.assertAlmostEqual(factor['rate'], 100 * stats.satisfaction_rate(reliable))
        self.assertEqual((factor['n'], factor['answers']), (len(given), 2 * len(given)), "two answers of one are one opinion")
        low, _high = stats.wilson(stats.satisfaction_rate(reliable), len(given))
        self.assertAlmostEqual(factor['low'], 100 * low)
        gate = {s['key']: s for s in results['scores']}['gate']
        self.assertAlmostEqual(gate['mean'], statistics.mean(row[4]['score_gate'] for row in given))
        recommend = [row[4]['recommend'] for row in given]
        self.assertAlmostEqual(results['nps'], 100 * (
            sum(r >= 9 for r in recommend) - sum(r <= 6 for r in recommend)) / len(recommend))
        for key, index in (('by_building', 1), ('by_estate', 2)):
            groups = defaultdict(list)
            for row in given:
                groups[row[index].id].append(row[3])
            self.assertEqual({row['id']: (row['n'], round(row['rate'], 6)) for row in results[key]}, {
                place: (len(scores), round(100 * stats.satisfaction_rate(scores), 6)) for place, scores in groups.items()})
        heat = {row['id']: dict(zip([f['key'] for f in results['heat']['factors']], row['cells'], strict=True)) for row in results['heat']['rows']}
        block = self.first.building_ids[0]
        self.assertAlmostEqual(heat[block.id]['courtesy'], statistics.mean(row[4]['courtesy_1'] for row in given if row[1] == block))

    def test_weighted_by_stratum(self):
        campaign = self.make_running(self.first, self.second)
        given = self.play(campaign)
        rates = {}
        for estate in self.first | self.second:
            rates[estate] = stats.satisfaction_rate(row[3] for row in given if row[2] == estate)
        expected = (24 * rates[self.first] + 12 * rates[self.second]) / 36
        self.assertAlmostEqual(campaign.get_results(weighted=True)['overall']['rate'], 100 * expected)

    def test_filters(self):
        campaign = self.make_running(self.first, self.second)
        given = self.play(campaign)
        of_second = [row[3] for row in given if row[2] == self.second]
        results = campaign.get_results(estate_id=self.second.id)
        self.assertEqual((results['answers'], results['overall']['n']), (len(of_second), len(of_second)))
        self.assertEqual(campaign.get_results(role='family')['answers'], 0)
        self.assertEqual(campaign.get_results(date_from='2000-01-01', date_to='2000-02-01')['answers'], 0)
        self.assertEqual(campaign.get_results(role='nonsense', estate_id='x', date_from='')['answers'], len(given))
        with self.assertRaises(UserError):
            campaign.get_results(date_from='tomorrow')

    def test_who_reads_results(self):
        campaign = self.make_running(self.first)
        for role in ('supervisor', 'quality', 'hr', 'manager'):
            self.as_role(role, campaign).get_results()
        for role in ('agent', 'technician', 'accountant', 'resident'):
            with self.assertRaises(AccessError):
                self.as_role(role, campaign).get_results()

    def test_small_groups_of_anonymous_answers(self):
        campaign = self.make_running(self.first, self.second, anonymous=True)
        blocks = self.first.building_ids | self.second.building_ids
        for block, number in zip(blocks, (8, 6, 3, 5), strict=True):
            for invitation in campaign.invitation_ids.filtered(lambda i, block=block: i.building_id == block)[:number]:
                self.answer(invitation, 4, courtesy_1=4)
        results = self.as_role('supervisor', campaign).get_results()
        hidden = {row['id'] for row in results['by_building'] if row.get('masked')}
        self.assertEqual(hidden, {blocks[2].id, blocks[3].id}, "three alone could be found by subtraction")
        for row in results['by_building']:
            self.assertEqual('rate' in row, row['id'] not in hidden)
        for row in results['heat']['rows']:
            self.assertEqual(any(cell is not None for cell in row['cells']), row['id'] not in hidden)
        alone = self.as_role('supervisor', campaign).get_results(building_id=blocks[2].id)
        self.assertTrue(alone['overall'].get('masked'))
        self.assertFalse([f for f in alone['factors'] if 'rate' in f])
        named = self.make_running(self.second)
        self.answer(named.invitation_ids[0], 4)
        self.assertEqual(named.get_results()['overall']['rate'], 100)

    def test_what_a_filter_leaves_out_is_a_group_too(self):
        campaign = self.make_running(self.first, self.second, anonymous=True)
        for estate, number in ((self.first, 9), (self.second, 3)):
            for invitation in campaign.invitation_ids.filtered(lambda i, estate=estate: i.estate_id == estate)[:number]:
                self.answer(invitation, 4)
        self.assertEqual(campaign.get_results()['overall']['n'], 12)
        self.assertNotIn('rate', campaign.get_results(estate_id=self.first.id)['overall'], "12 - 9 are the other three")

    # ---- PIVOT AND EXPORT ----

    def test_pivot_says_the_same_and_masks(self):
        campaign = self.make_running(self.first, self.second)
        self.play(campaign)
        results = campaign.get_results()
        Report = self.as_role('quality', 'property.service.survey.report')
        [(rate, low, high, mean, people)] = Report._read_group(
            [('campaign_id', '=', campaign.id), ('single_score', '=', 'overall')], [],
            ['satisfied:avg', 'low:avg', 'high:avg', 'score:avg', 'answer_id:count_distinct'])
        figure = results['overall']
        for found, expected in ((rate, figure['rate']), (low, figure['low']), (high, figure['high']), (mean, figure['mean'])):
            self.assertAlmostEqual(found, expected, 6)
        self.assertEqual(people, figure['n'])
        secret = self.make_running(self.first, anonymous=True)
        for block, number in zip(self.first.building_ids, (7, 4), strict=True):
            for invitation in secret.invitation_ids.filtered(lambda i, block=block: i.building_id == block)[:number]:
                self.answer(invitation, 2)
        rows = dict(Report._read_group([('campaign_id', '=', secret.id)], ['building_id'], ['satisfied:avg']))
        self.assertEqual(rows, {self.first.building_ids[0]: 0.0, self.first.building_ids[1]: False})
        rows = Report.formatted_read_group([('campaign_id', '=', secret.id)], ['building_id'], ['score:avg', 'gap:avg', 'low:avg'])
        self.assertFalse(rows[1]['score:avg'])
        self.assertEqual(rows[0]['score:avg'], 2)

    def test_gap(self):
        """Expectation and perception of the same people, worked by hand."""
        survey = self.env.ref('property_service.survey_servqual')
        campaign = self.make_running(self.first, survey_id=survey.id)
        pairs = [(5, 3), (4, 4), (5, 4), (5, 2), (4, 5), (5, 3)]
        for invitation, (expected, found) in zip(campaign.invitation_ids, pairs):
            answer = invitation._start_answer('portal')
            answer._save_lines(self.env.ref('property_service.survey_servqual_expectation_access'), str(expected))
            answer._save_lines(self.env.ref('property_service.survey_servqual_perception_access'), str(found))
            answer._mark_done()
        [factor] = campaign.get_results()['factors']
        self.assertEqual((factor['key'], factor['n']), ('access', 6))
        self.assertAlmostEqual(factor['gap'], 21 / 6 - 28 / 6)
        self.assertAlmostEqual(factor['rate'], 50.0, msg="expectations are not satisfaction")
        [(gap,)] = self.env['property.service.survey.report']._read_group([('campaign_id', '=', campaign.id)], [], ['gap:avg'])
        self.assertAlmostEqual(gap, -7 / 6)

    # ---- OVER TIME ----

    def test_comparison_and_trend(self):
        before = self.make_running(self.first, date_start='2025-11-01')
        self.play(before, share=1, level=-1)
        after = self.make_running(self.first, date_start='2026-11-01', previous_id=before.id)
        self.play(after, share=1, level=1)
        results = self.as_role('quality', after).get_results(compare_id=before.id)
        old = before.get_results()['overall']
        change = results['overall']['before']
        self.assertAlmostEqual(change['change'], results['overall']['rate'] - old['rate'])
        low, high = stats.difference(results['overall']['rate'] / 100, 24, old['rate'] / 100, 24)
        self.assertAlmostEqual(change['low'], 100 * low)
        self.assertEqual(change['certain'], low > 0 or high < 0)
        self.assertEqual([(point['id'], round(point['rate'], 6)) for point in results['trend']], [
            (before.id, round(old['rate'], 6)), (after.id, round(results['overall']['rate'], 6))])

    def test_low_factor_becomes_a_corrective_action_and_gets_its_figure_after(self):
        before = self.make_running(self.first, date_start='2025-11-01')
        for invitation in before.invitation_ids[:10]:
            self.answer(invitation, 4, courtesy_1=2, reliability_1=5)
        self.as_role('quality', before).action_close()
        action = self.env['property.service.corrective.action'].search([('origin_campaign_id', '=', before.id)])
        self.assertEqual((action.survey_measure, action.survey_rate_before, action.survey_answers_before, action.origin), (
            'courtesy', 0.0, 10, 'survey'))
        self.assertEqual(before.action_open_corrective(measure='courtesy')['res_id'], action.id, "one open action for the same")
        after = self.make_running(self.first, date_start='2026-11-01')
        for number, invitation in enumerate(after.invitation_ids[:10]):
            self.answer(invitation, 4, courtesy_1=5 if number < 8 else 3)
        after.action_close()
        self.assertEqual((action.survey_after_campaign_id, action.survey_answers_after), (after, 10))
        self.assertAlmostEqual(action.survey_rate_after, 80)
        with self.assertRaises(UserError):
            after.action_open_corrective(measure='access')
        with self.assertRaises(AccessError):
            self.as_role('agent', after).action_open_corrective(measure='courtesy')

    def test_results_of_many_take_as_many_queries_as_of_few(self):
        def count(number):
            campaign = self.make_running(self.first)
            for invitation in campaign.invitation_ids[:number]:
                self.answer(invitation, 4, courtesy_1=4)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign.get_results()
            return self.env.cr.sql_log_count - before
        count(1)
        self.assertEqual(count(20), count(2))

    def test_open_answers_are_searchable(self):
        campaign = self.make_running(self.first)
        self.answer(campaign.invitation_ids[0], why="The lift is slow.")
        self.answer(campaign.invitation_ids[1], why="电梯太慢")
        Line = self.as_role('quality', 'survey.user_input.line')
        self.assertEqual(Line.search([('property_campaign_id', '=', campaign.id), ('property_text', 'ilike', "电梯")]).property_text, "电梯太慢")
