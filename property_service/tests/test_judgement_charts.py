from lxml import etree

from odoo.tests import BaseCase, tagged

from ..tools import charts


@tagged('post_install', '-at_install')
class TestCharts(BaseCase):

    def test_radar(self):
        self.assertEqual(charts.radar(["a", "b"], [1, 2]), '')
        svg = etree.fromstring(charts.radar(["<a>", "b & c", "d"], [0, 50, 130], [None, 40, 60], 'Points "x"'))
        texts = [node.text for node in svg.iter('{*}text')]
        self.assertEqual(texts, ["<a>", "b & c", "d"])
        self.assertEqual(svg.get('aria-label'), 'Points "x"')
        *_rings, others, own = svg.findall('{*}polygon')
        self.assertEqual(own.get('points').split()[0], '200.0,150.0', "0 is the middle")
        self.assertEqual(len(others.get('points').split()), 3)
        outer = svg.findall('{*}polygon')[3].get('points').split()[2]
        self.assertEqual(own.get('points').split()[2], outer, "more than 100 is drawn as 100")

    def test_bars(self):
        self.assertEqual(charts.bars([]), '')
        svg = etree.fromstring(charts.bars([("<A>", 50), ("B", 100)], "Share"))
        self.assertEqual([node.get('width') for node in svg.iter('{*}rect')], ['125.0', '250.0'])
        self.assertEqual([node.text for node in svg.iter('{*}text')], ["<A>", "50.0", "B", "100.0"])

    def test_trend(self):
        self.assertEqual(charts.trend([]), '')
        svg = etree.fromstring(charts.trend([("2025-01", 60), ("2025-02", 130)]))
        self.assertEqual(len(svg.findall('{*}circle')), 2)
        first, second = svg.find('{*}polyline').get('points').split()
        self.assertGreater(float(first.split(',')[1]), float(second.split(',')[1]), "better is higher")
        self.assertEqual(len(etree.fromstring(charts.trend([("2025-01", 60)])).findall('{*}circle')), 1)
