from odoo.tests import HttpCase, tagged

from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestOwnAssessmentTour(CycleCase, HttpCase):
    """An employee on a phone, 375 px wide: reads the figures, opens the cases behind one, gives the own mark and hands in.

    The whole story, from the scheme to the payroll file, is played on the demo: see ``test_judgement_demo.py``.
    """

    browser_size = '375x667'
    touch_enabled = True

    def test_own_tour(self):
        cycle = self.make_cycle()
        self.start_tour(
            '/odoo/action-property_service.assessment_action_my', 'property_service_assessment_own', login='ps_technician')
        assessment = self.of(cycle, self.worker)
        line = assessment.line_ids.filtered(lambda line: line.indicator_id.code == 'self_mark')
        self.assertEqual((assessment.state, line.mark, line.marked_by_id), ('manager', 85, self.users['technician']))
