from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import scoring
from ..tools.plain_number import plain_number
from ..tools.scoring import HIGHER, LOWER, Band, Part, Rule

FIGURES = st.floats(-1000, 1000, allow_nan=False)
WEIGHTS = st.integers(1, 100)
SCORES = st.one_of(st.none(), st.floats(0, 120, allow_nan=False).map(scoring.rounded))
PARTS = st.lists(st.builds(Part, WEIGHTS, SCORES), min_size=1, max_size=8)


@st.composite
def rules(draw):
    """A linear rule that makes sense."""
    sign = draw(st.sampled_from((1, -1)))
    floor = draw(st.integers(-100, 100))
    target = floor + sign * draw(st.integers(1, 100))
    stretch = draw(st.one_of(st.none(), st.integers(1, 50).map(lambda more: target + sign * more)))
    return Rule(HIGHER if sign > 0 else LOWER, 'linear', floor, target, stretch, draw(st.sampled_from((100.0, 110.0, 120.0))))


@tagged('post_install', '-at_install')
class TestScoring(BaseCase):

    def test_scores(self):
        percent = Rule(floor=80, target=95)
        stretch = Rule(floor=80, target=95, stretch=100, cap=120)
        rate = Rule(LOWER, floor=5, target=1)
        steps = Rule(method='steps', steps=((95, 100), (90, 80), (80, 60)))
        down = Rule(LOWER, 'steps', steps=((0, 100), (2, 60)))
        for actual, rule, expected in (
            (None, percent, None), (80, percent, 0), (79, percent, 0), (87.5, percent, 50), (95, percent, 100), (100, percent, 100),
            (95, stretch, 100), (97.5, stretch, 110), (100, stretch, 120), (101, stretch, 120),
            (5, rate, 0), (6, rate, 0), (3, rate, 50), (1, rate, 100), (0, rate, 100),
            (96, steps, 100), (95, steps, 100), (94.99, steps, 80), (80, steps, 60), (79, steps, 0),
            (0, down, 100), (1, down, 60), (2, down, 60), (2.1, down, 0),
            (100, Rule(floor=80, target=95, stretch=100), 100),
        ):
            with self.subTest(actual=actual, rule=rule):
                self.assertEqual(scoring.score(actual, rule), expected)

    def test_rounding_is_half_up(self):
        for value, expected in ((2.675, 2.68), (2.5, 2.5), (1.005, 1.01), (-0.004, 0), (None, None)):
            self.assertEqual(scoring.rounded(value), expected)

    def test_sums_are_those_of_a_calculator(self):
        """Edges that are just reached on paper are reached: binary fractions would give the lower digit."""
        self.assertEqual(scoring.total([Part(20, 96.14), Part(20, 68.97)]), 82.56)
        self.assertEqual(scoring.total([Part(10, 83.18), Part(30, 109.82), Part(45, 31.1), Part(35, 49.7)]), 60.55)
        self.assertEqual(scoring.score(54.5286, Rule(floor=42, target=70)), 44.75)
        self.assertEqual(scoring.adjust(82.55, [0.1, 0.2, 0.005]), (82.86, 0.31, 0))

    def test_numbers_in_sentences(self):
        for value, text in ((12.0, "12"), (2.5, "2.5"), (95.83163, "95.8316"), (1234567.25, "1234567.25"), (-0.00001, "0"), (0, "0"), (100, "100")):
            self.assertEqual(plain_number(value), text)
        self.assertEqual((plain_number(2.675, 2), plain_number(1000, 0)), ("2.68", "1000"))

    def test_faults(self):
        for rule, expected in (
            (Rule(), []), (Rule(floor=100, target=100), ['order']), (Rule(LOWER), ['order']), (Rule(stretch=100), ['stretch']),
            (Rule(cap=90), ['cap']), (Rule(method='steps'), ['steps']),
            (Rule(method='steps', steps=((90, 60), (80, 80))), ['steps']),
            (Rule(method='steps', steps=((90, 60), (90, 80))), ['steps']),
            (Rule(LOWER, 'steps', steps=((0, 100), (2, 60))), []), (Rule(method='steps', steps=((90, 120),)), ['steps']),
        ):
            with self.subTest(rule=rule):
                self.assertEqual(scoring.faults(rule), expected)

    def test_steps_as_text(self):
        self.assertEqual(scoring.parse_steps("95: 100, 90=80；80：60"), ((95, 100), (90, 80), (80, 60)))
        self.assertEqual(scoring.parse_steps(""), ())
        for text in ("95", "a:b", "95:-5", "95:100:3"):
            with self.assertRaises(ValueError):
                scoring.parse_steps(text)

    def test_missing_data_is_spread(self):
        parts = [Part(50, 80.0), Part(30, None), Part(20, 100.0)]
        weights = scoring.spread(parts)
        self.assertAlmostEqual(weights[0], 71.428571, 5)
        self.assertEqual(weights[1], 0)
        self.assertEqual(scoring.total(parts), 85.71)
        self.assertIsNone(scoring.total([Part(100, None)]))
        self.assertEqual(scoring.spread([Part(100, None)]), [0.0])

    def test_bonus_deduction_veto_and_bands(self):
        self.assertEqual(scoring.adjust(90, [5, 20], [3], bonus_cap=10, maximum=100), (97, 10, 3))
        self.assertEqual(scoring.adjust(95, [8]), (103, 8, 0))
        self.assertEqual(scoring.adjust(95, [8], maximum=100), (100, 8, 0))
        self.assertEqual(scoring.adjust(2, [], [5]), (0, 0, 5))
        self.assertEqual(scoring.adjust(None, [2], [5]), (None, 2, 5))
        bands = [Band('A', 90), Band('C', 0), Band('B', 75)]
        for value, veto, expected in (
            (100, False, 'A'), (90, False, 'A'), (89.99, False, 'B'), (0, False, 'C'), (99, True, 'C'), (None, False, None),
        ):
            self.assertEqual(scoring.grade(value, bands, veto), expected)
        self.assertIsNone(scoring.grade(50, []))
        self.assertEqual(scoring.grade(10, [Band('B', 60)]), 'B', "below all bands is the lowest one")

    def test_triggers_and_ratio(self):
        self.assertTrue(scoring.triggers(3, 'ge', 3))
        self.assertFalse(scoring.triggers(2, 'ge', 3))
        self.assertTrue(scoring.triggers(2, 'le', 3))
        self.assertFalse(scoring.triggers(None, 'le', 3))
        self.assertEqual(scoring.ratio(1, 3, 100), 33.3333)
        self.assertIsNone(scoring.ratio(1, 0))

    def test_median(self):
        for values, expected in (([], None), ([3], 3), ([1, 9, 2], 2), ([1, 2, 3, 5], 2.5)):
            self.assertEqual(scoring.median(values), expected)

    @given(rules(), FIGURES, FIGURES)
    @settings(max_examples=300, deadline=None)
    def test_monotone_and_bounded(self, rule, one, other):
        low, high = sorted((one, other))
        worse, better = (low, high) if rule.direction == HIGHER else (high, low)
        self.assertLessEqual(scoring.score(worse, rule), scoring.score(better, rule))
        self.assertLessEqual(0, scoring.score(worse, rule))
        self.assertLessEqual(scoring.score(better, rule), rule.cap)
        self.assertEqual(scoring.faults(rule), [])

    @given(PARTS, st.randoms())
    @settings(max_examples=300, deadline=None)
    def test_total_is_bounded_and_independent_of_the_order(self, parts, random):
        value = scoring.total(parts)
        known = [part.score for part in parts if part.score is not None]
        if not known:
            self.assertIsNone(value)
            return
        self.assertTrue(min(known) - 0.01 <= value <= max(known) + 0.01)
        shuffled = parts[:]
        random.shuffle(shuffled)
        self.assertEqual(scoring.total(shuffled), value)
        self.assertAlmostEqual(sum(scoring.spread(parts)), 100, 6)

    @given(PARTS, st.integers(0, 7), st.floats(0, 20, allow_nan=False))
    @settings(max_examples=200, deadline=None)
    def test_a_better_line_never_lowers_the_total(self, parts, index, more):
        index %= len(parts)
        if parts[index].score is None:
            return
        better = [*parts[:index], Part(parts[index].weight, parts[index].score + more), *parts[index + 1:]]
        self.assertLessEqual(scoring.total(parts), scoring.total(better))

    @given(rules(), st.integers(1, 100))
    @settings(max_examples=200, deadline=None)
    def test_what_is_needed_reaches_it(self, rule, wanted):
        self.assertAlmostEqual(scoring.score(scoring.needed(rule, wanted), rule), wanted, 1)
