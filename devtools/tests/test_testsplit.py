"""Two groups of tests: about equal, and nothing lost."""
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from devtools.testsplit import TOUR_WEIGHT, first_half, tags, weigh

SOURCE = """
class TestA(Base):
    def test_one(self):
        self.start_tour('/odoo', 'tour')
    def test_two(self):
        pass

class Base:
    def helper(self):
        pass
"""


class TestSplit(unittest.TestCase):
    def test_tours_weigh_more(self):
        self.assertEqual(weigh(SOURCE), {'TestA': 2 + TOUR_WEIGHT})

    def test_groups_are_about_equal(self):
        weights = {f'Test{number}': number % 17 + 1 for number in range(100)}
        chosen = first_half(weights)
        half = sum(weights[name] for name in chosen)
        self.assertLessEqual(abs(sum(weights.values()) - 2 * half), max(weights.values()))

    def test_the_second_group_is_all_the_rest(self):
        with TemporaryDirectory() as folder:
            path = Path(folder)
            (path / 'test_a.py').write_text(SOURCE)
            (path / 'test_b.py').write_text(SOURCE.replace('TestA', 'TestB'))
            self.assertEqual(tags('addon', path), ('/addon:TestA', '/addon,-at_install,-/addon:TestA'))
