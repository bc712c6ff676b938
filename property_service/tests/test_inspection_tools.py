from datetime import date, timedelta
from random import Random

from odoo.tests import BaseCase, tagged

from ..tools import inspection_score, recurrence, rotation
from ..tools.inspection_score import Answer, add_up, is_possible, score_item


@tagged('post_install', '-at_install')
class TestInspectionScore(BaseCase):

    def test_items(self):
        for kind, value, lower, upper, expected in (
            ('yes_no', 1, None, None, 100), ('yes_no', 0, None, None, 0),
            ('scale', 1, None, None, 0), ('scale', 2, None, None, 25), ('scale', 3, None, None, 50), ('scale', 5, None, None, 100),
            ('number', 98, 98, None, 100), ('number', 97.9, 98, None, 0), ('number', 35, None, 35, 100), ('number', 35.1, None, 35, 0),
            ('number', 0, 0, 0, 100), ('number', -1, -2, 3, 100), ('number', -3, -2, 3, 0),
        ):
            self.assertEqual(score_item(kind, value, lower, upper), expected, (kind, value, lower, upper))

    def test_possible_answers(self):
        for kind, good, bad in (
            ('yes_no', (0, 1, 1.0), (2, -1, 0.5, float('nan'))), ('scale', (1, 3.0, 5), (0, 6, 2.5, float('nan'))),
            ('number', (0, -4.5, 1e9), (float('nan'), float('inf'), float('-inf'))),
        ):
            self.assertEqual([is_possible(kind, value) for value in good], [True] * len(good), kind)
            self.assertEqual([is_possible(kind, value) for value in bad], [False] * len(bad), kind)

    def test_by_hand(self):
        result = add_up([
            Answer('a', 2, 100), Answer('a', 1, 25), Answer('b', 1, 0), Answer('b', 4, None), Answer('c', 1, None, True)])
        self.assertEqual(result.sections, {'a': 75, 'b': 0, 'c': None})
        self.assertEqual(result.total, 225 / 4)
        self.assertFalse(result.failed_critical, "what does not apply fails nothing")
        self.assertEqual((result.passes(56.25), result.passes(56.3)), (True, False))
        self.assertFalse(add_up([Answer('a', 1, 99, True), Answer('a', 99, 100)]).passes(50), "critical items save nothing")
        nothing = add_up([])
        self.assertEqual((nothing.total, nothing.sections, nothing.passes(0)), (None, {}, None))

    def draw(self, rng):
        return [Answer(rng.choice('abc'), rng.choice((0.5, 1, 2, 3)), rng.choice((None, 0.0, 25.0, 50.0, 75.0, 100.0)))
                for _number in range(rng.randrange(1, 30))]

    def test_properties(self):
        rng = Random(5)
        for _turn in range(500):
            answers = self.draw(rng)
            result = add_up(answers)
            scored = [answer for answer in answers if answer.score is not None]
            # what does not apply counts neither way
            self.assertEqual(add_up(scored).total, result.total)
            # order means nothing
            shuffled = rng.sample(answers, len(answers))
            self.assertAlmostEqual(add_up(shuffled).total or 0, result.total or 0)
            # only the proportions of the weights count
            self.assertAlmostEqual(
                add_up(answer._replace(weight=answer.weight * 7) for answer in answers).total or 0, result.total or 0)
            if not scored:
                self.assertIsNone(result.total)
                continue
            known = [score for score in result.sections.values() if score is not None]
            self.assertLessEqual(min(known) - 1e-9, result.total)
            self.assertLessEqual(result.total, max(known) + 1e-9)
            self.assertTrue(0 <= result.total <= 100)
            # a better answer never lowers the score, and raises it if it was not the best already
            index = answers.index(rng.choice(scored))
            better = [answer._replace(score=100.0) if number == index else answer for number, answer in enumerate(answers)]
            if answers[index].score < 100:
                self.assertGreater(add_up(better).total, result.total)
            else:
                self.assertEqual(add_up(better).total, result.total)
            # sections together are the whole
            self.assertAlmostEqual(
                inspection_score.mean([
                    (sum(one.weight for one in scored if one.section == section), score)
                    for section, score in result.sections.items() if score is not None]), result.total)

    def test_scale_and_yes_no_agree_at_the_ends(self):
        self.assertEqual([score_item('scale', 1), score_item('scale', 5)], [score_item('yes_no', 0), score_item('yes_no', 1)])


@tagged('post_install', '-at_install')
class TestTurns(BaseCase):

    def test_run(self):
        for previous, run in (([], 1), ([7], 2), ([7, 7, 8, 7], 3), ([8, 7, 7], 1)):
            self.assertEqual(rotation.count_run(previous, 7), run, previous)

    def test_firms_take_turns_after_their_rounds(self):
        previous = []
        for _round in range(9):
            previous.insert(0, rotation.pick_next([1, 2], previous, 3))
        self.assertEqual(previous[::-1], [1, 1, 1, 2, 2, 2, 1, 1, 1])

    def test_no_choice_and_no_limit(self):
        self.assertIsNone(rotation.pick_next([], [1], 3))
        self.assertEqual(rotation.pick_next([1], [1] * 9, 3), 1)
        self.assertEqual(rotation.pick_next([1, 2], [1] * 9, 0), 1)
        self.assertEqual(rotation.pick_next([1, 2], [9, 2], 3), 2, "a firm that left does not count")

    def test_deal(self):
        self.assertEqual([rotation.deal('abc', number) for number in range(5)], list('abcab'))
        self.assertIsNone(rotation.deal([], 3))

    def test_month_ends_do_not_drift(self):
        day, days = date(2024, 1, 31), []
        for _turn in range(4):
            days.append(day)
            day = recurrence.following(date(2024, 1, 31), 1, 'month', day)
        self.assertEqual(days, [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)])

    def test_following_is_the_first_later_one(self):
        rng = Random(3)
        for _turn in range(300):
            start = date(2020, 1, 1) + timedelta(days=rng.randrange(800))
            after = start + timedelta(days=rng.randrange(-50, 900))
            number, unit = rng.randrange(1, 5), rng.choice(recurrence.UNITS)
            found = recurrence.following(start, number, unit, after)
            self.assertGreater(found, after)
            if found > start:
                self.assertLessEqual(recurrence.following(start, number, unit, after - timedelta(days=1)), found)
                # nothing lies between: from the day before it on, it is the next one
                self.assertEqual(recurrence.following(start, number, unit, found - timedelta(days=1)), found)
                self.assertEqual(recurrence.following(start, number, unit, after + (found - after) / 2), found)
            if after >= start:
                latest = recurrence.latest(start, number, unit, after)
                self.assertLessEqual(latest, after)
                self.assertEqual(recurrence.following(start, number, unit, latest), found)
