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

    def play_blocks(self, campaign, numbers, **scores):
        """Answer with 4 so many times in each building."""
        for block, number in numbers.items():
            for invitation in campaign.invitation_ids.filtered(lambda i, block=block: i.building_id == block)[:number]:
                self.answer(invitation, 4, **scores)

    def test_small_groups_of_anonymous_answers(self):
        campaign = self.make_running(self.first, self.second, anonymous=True)
        blocks = self.first.building_ids | self.second.building_ids
        self.play_blocks(campaign, dict(zip(blocks, (8, 6, 3, 5), strict=True)), courtesy_1=4)
        campaign.action_close()
        results = self.as_role('supervisor', campaign).get_results()
        rows = {row['id']: row for row in results['by_building']}
        self.assertEqual({key: row['n'] for key, row in rows.items()}, {blocks[0].id: 8, blocks[1].id: 6, None: 8},
                         "three alone could be found by subtraction: with the five they are eight")
        self.assertEqual([rows[key]['rate'] for key in rows], [100.0] * 3)
        self.assertEqual(len(results['heat']['rows']), 3)
        answers = self.env['survey.user_input'].search([('property_campaign_id', '=', campaign.id)])
        self.assertFalse(answers.property_building_id & (blocks[2] | blocks[3]), "not in the single answers either")
        for block in blocks[2:]:
            alone = self.as_role('supervisor', campaign).get_results(building_id=block.id)
            self.assertNotIn('rate', alone['overall'])
            self.assertFalse([f for f in alone['factors'] if 'rate' in f])
        named = self.make_running(self.second)
        self.answer(named.invitation_ids[0], 4)
        self.assertEqual(named.get_results()['overall']['rate'], 100)

    def test_anonymous_results_wait_for_the_end(self):
        campaign = self.make_running(self.first, anonymous=True)
        self.play_blocks(campaign, dict.fromkeys(self.first.building_ids, 8), courtesy_1=4)
        results = self.as_role('quality', campaign).get_results()
        self.assertTrue(results['campaign']['withheld'])
        self.assertEqual((results['overall'], results['factors'], results['by_building'], results['trend']), ({'n': 0}, [], [], []))
        self.assertAlmostEqual(results['response_rate'], 100 * 16 / 24, msg="the response is live")
        Report = self.as_role('quality', 'property.service.survey.report')
        self.assertFalse(Report.search([('campaign_id', '=', campaign.id)]))
        self.assertFalse(Report._read_group([('campaign_id', '=', campaign.id)], ['factor'], ['satisfied:avg']))
        campaign.action_close()
        self.assertEqual(campaign.get_results()['overall']['n'], 16)
        with self.assertRaises(UserError):
            campaign.action_start()

    def test_what_a_filter_leaves_out_is_a_group_too(self):
        campaign = self.make_running(self.first, self.second, anonymous=True)
        self.play_blocks(campaign, dict(zip(self.first.building_ids | self.second.building_ids, (9, 0, 3, 0), strict=True)))
        campaign.action_close()
        self.assertEqual(campaign.get_results()['overall']['n'], 12)
        self.assertNotIn('rate', campaign.get_results(estate_id=self.first.id)['overall'], "12 - 9 are the other three")

    def test_no_two_figures_give_a_small_group_away(self):
        """Whatever is asked: the difference of any two groups shown is nothing or large enough."""
        campaign = self.make_running(self.first, self.second, anonymous=True, one_per='resident')
        draw = random.Random(7)
        for invitation in campaign.invitation_ids:
            if draw.random() < (0.15 if invitation.role == 'family' else 0.5):
                self.answer(invitation, draw.randint(1, 5), **({'courtesy_1': draw.randint(1, 5)} if draw.random() < 0.3 else {}))
        campaign.action_close()
        supervisor = self.as_role('supervisor', campaign)
        shown = {}
        for filters in [{}, *({'estate_id': e.id} for e in self.first | self.second),
                        *({'building_id': b.id} for b in (self.first | self.second).building_ids), {'role': 'owner'}, {'role': 'family'}]:
            results = supervisor.get_results(**filters)
            figures = {'overall': results['overall']} | {f['key']: f for f in results['factors']}
            for key, figure in figures.items():
                if 'rate' in figure:
                    shown.setdefault(key, []).append((filters, figure['n']))
            for name in ('by_estate', 'by_building', 'by_role'):
                for row in results[name]:
                    self.assertTrue(row.get('masked') or row['n'] >= 5, (filters, name, row))
        self.assertEqual(set(shown), {'overall', 'courtesy'})
        for key, groups in shown.items():
            (_filters, total), *parts = groups
            for filters, number in parts:
                self.assertTrue(number == total or number >= 5 and total - number >= 5, (key, filters, number, total))
        for filters in ({'role': 'owner', 'estate_id': self.first.id}, {'date_from': '2026-11-02'}, {'date_to': '2026-11-02'}):
            with self.assertRaises(UserError):
                supervisor.get_results(**filters)
        with self.assertRaises(UserError):
            self.make_running(self.first).get_results(compare_id=campaign.id, date_from='2026-11-02')

    def test_weighting_does_not_give_a_small_stratum_away(self):
        """Plain and weighted rate of two strata are two equations for two unknowns."""
        campaign = self.make_running(self.first, self.second, anonymous=True)
        for estate, number, score in ((self.first, 12, 5), (self.second, 3, 1)):
            for invitation in campaign.invitation_ids.filtered(lambda i, estate=estate: i.estate_id == estate)[:number]:
                self.answer(invitation, score)
        campaign.action_close()
        self.assertAlmostEqual(campaign.get_results(weighted=True)['overall']['rate'], campaign.get_results()['overall']['rate'])

    def test_by_month(self):
        campaign = self.make_running(self.first)
        answers = [self.answer(invitation, score) for invitation, score in zip(campaign.invitation_ids, (5, 4, 1, 2, 5))]
        for answer, day in zip(answers, ('2026-01-15 12:00:00', '2026-01-31 16:30:00', '2026-02-10 00:00:00', '2026-02-11', '2026-02-12')):
            answer.end_datetime = day  # 16:30 UTC is the first of February in Shanghai
        periods = campaign.get_results()['by_period']
        self.assertEqual([(row['id'], row['n'], round(row['rate'], 6)) for row in periods], [('2026-01', 1, 100.0), ('2026-02', 4, 50.0)])
        low, high = stats.wilson(0.5, 4)
        self.assertAlmostEqual(periods[1]['low'], 100 * low)
        self.assertAlmostEqual(periods[1]['high'], 100 * high)

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
        secret.action_close()
        rows = dict(Report._read_group([('campaign_id', '=', secret.id)], ['building_id'], ['satisfied:avg']))
        self.assertEqual(rows, {self.env['property.service.building']: 0.0}, "7 and 4: neither alone, or the other follows")

    def test_pivot_and_export_of_anonymous_answers(self):
        campaign = self.make_running(self.first, anonymous=True, one_per='resident')
        by_role = {role: campaign.invitation_ids.filtered(lambda i, role=role: i.role == role) for role in ('owner', 'family')}
        for block, owners, family in zip(self.first.building_ids, (9, 8), (7, 2), strict=True):
            for role, number in (('owner', owners), ('family', family)):
                for invitation in by_role[role].filtered(lambda i, block=block: i.building_id == block)[:number]:
                    self.answer(invitation, 2)
        campaign.action_close()
        Report, own = self.as_role('quality', 'property.service.survey.report'), [('campaign_id', '=', campaign.id)]
        first, second = self.first.building_ids
        self.assertEqual({row[:2]: row[2] for row in Report._read_group(own, ['building_id', 'role'], ['score:avg'])}, {
            (first, 'owner'): 2, (first, 'family'): 2, (second, 'owner'): False, (second, 'family'): False}, "2 of 10: the other 8 hide, too")
        rows = {row['building_id'][0]: row for row in Report.formatted_read_group(own, ['building_id'], ['score:avg', 'low:avg', 'score:max'])}
        self.assertEqual(rows[second.id]['score:avg'], 2)
        [rows] = Report.formatted_read_grouping_sets(own + [('building_id', '=', second.id)], [['role']], ['score:avg', 'score:max', 'score:sum'])
        self.assertFalse([row for row in rows if row['score:avg'] or row['score:max'] or row['score:sum']])
        for domain in ([('score', '>=', 1)], [('score', '=', 2)], [('score', '!=', False)]):
            self.assertFalse(Report._read_group(own + domain, ['building_id'], ['__count']), domain)
        self.assertEqual(*(Report._read_group(own + [('score', '<=', score)], ['building_id'], ['__count']) for score in (1, 4)))
        self.assertEqual(len(Report._read_group(own, ['building_id', 'score'], ['__count'])), 2, "grouped by score: no score is told")
        self.assertFalse(Report._read_group(own, ['building_id'], ['__count'], having=[('score:avg', '<', 0)]))
        self.assertFalse(Report.search_read(own, ['score', 'building_id']))
        rows = Report.search(own)
        with self.assertRaises(UserError):
            rows.export_data(['score', 'building_id/name'])

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
