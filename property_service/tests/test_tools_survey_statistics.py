import random
import statistics

from odoo.tests import BaseCase

from ..tools import survey_statistics as stats


class TestSurveyStatistics(BaseCase):
    """Without a database. Published examples where there are any."""

    def test_wilson_published(self):
        """R. G. Newcombe: Two-sided confidence intervals for the single proportion. Statist. Med. 17 (1998), table I, method 3."""
        for successes, number, low, high in (
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718),
        ):
            found = stats.wilson(successes / number, number)
            self.assertAlmostEqual(found[0], low, 4)
            self.assertAlmostEqual(found[1], high, 4)

    def test_wilson_solves_its_equation(self):
        """Its ends are where the score test just rejects: |p - rate| = z·sqrt(p(1 - p)/n)."""
        draw = random.Random(6)
        for _round in range(200):
            number = draw.randint(1, 5000)
            rate = draw.randint(0, number) / number
            for end in stats.wilson(rate, number):
                if 0 < end < 1:
                    self.assertAlmostEqual(abs(end - rate), stats.Z_95 * (end * (1 - end) / number) ** 0.5, 9)

    def test_wilson_quantile(self):
        self.assertAlmostEqual(stats.Z_95, statistics.NormalDist().inv_cdf(0.975), 12)

    def test_wilson_narrows(self):
        widths = [high - low for low, high in (stats.wilson(0.8, number) for number in (10, 100, 1000, 10000))]
        self.assertEqual(widths, sorted(widths, reverse=True))
        self.assertIsNone(stats.wilson(0.5, 0))

    def test_difference_published(self):
        """Newcombe's companion paper (Statist. Med. 17, 1998: 873-890), table II, method 10: 56/70 and 48/80, 9/10 and 3/10."""
        for first, second, low, high in (((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090)):
            found = stats.difference(first[0] / first[1], first[1], second[0] / second[1], second[1])
            self.assertAlmostEqual(found[0], low, 4)
            self.assertAlmostEqual(found[1], high, 4)
        self.assertIsNone(stats.difference(0.5, 10, None, 0))

    def test_satisfaction_rate(self):
        self.assertEqual(stats.satisfaction_rate([1, 2, 3, 4, 5]), 0.4)
        self.assertEqual(stats.satisfaction_rate([3, 3]), 0.0)
        self.assertIsNone(stats.satisfaction_rate([]))

    def test_net_promoter_score(self):
        self.assertEqual(stats.net_promoter_score(70, 10, 100), 60)
        self.assertEqual(stats.net_promoter_score(0, 4, 4), -100)
        self.assertIsNone(stats.net_promoter_score(0, 0, 0))

    def test_gap(self):
        expectation, perception = [5, 5, 4, 5], [4, 3, 4, 4]
        self.assertAlmostEqual(
            stats.gap(statistics.mean(perception), statistics.mean(expectation)),
            statistics.mean(p - e for p, e in zip(perception, expectation, strict=True)))
        self.assertEqual(stats.gap(3.5, 4.5), -1.0)
        self.assertIsNone(stats.gap(None, 4.5))

    def test_weighted(self):
        """Worked by hand: 900 with 50 % and 100 with 90 % satisfied are 54 %, however many of each have answered."""
        strata = [stats.Stratum(900, 10, 5, 30), stats.Stratum(100, 90, 81, 405)]
        rate, mean, effective = stats.weighted(strata)
        self.assertAlmostEqual(rate, 0.54)
        self.assertAlmostEqual(mean, 0.9 * 3.0 + 0.1 * 4.5)
        weights = [900 / 10] * 10 + [100 / 90] * 90
        self.assertAlmostEqual(effective, sum(weights) ** 2 / sum(w * w for w in weights))
        self.assertAlmostEqual(stats.plain(strata)[0], 0.86)

    def test_weighted_proportional_equals_plain(self):
        strata = [stats.Stratum(200, 20, 11, 70), stats.Stratum(500, 50, 40, 210)]
        for weighted, plain in zip(stats.weighted(strata), stats.plain(strata), strict=True):
            self.assertAlmostEqual(weighted, plain)
        self.assertEqual(stats.weighted([stats.Stratum(10, 0, 0, 0)]), (None, None, 0.0))

    def test_masked(self):
        self.assertEqual(stats.masked({'a': 10, 'b': 6, 'c': 3}, 5), {'c', 'b'}, "3 alone could be found by subtraction")
        self.assertEqual(stats.masked({'a': 10, 'b': 4, 'c': 3}, 5), {'b', 'c'})
        self.assertEqual(stats.masked({'a': 10, 'b': 6}, 5), set())
        self.assertEqual(stats.masked({'a': 2}, 5), {'a'})
        self.assertEqual(stats.masked({'a': 2, 'b': 1}, 1), set())
