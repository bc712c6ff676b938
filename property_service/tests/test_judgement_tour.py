import base64
import io

import openpyxl

from odoo.tests import HttpCase, tagged

from .judgement_common import END, START
from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestOwnAssessmentTour(CycleCase, HttpCase):
    """An employee on a phone, 375 px wide: reads the figures, opens the cases behind one, gives the own mark and hands in."""

    browser_size = '375x667'
    touch_enabled = True

    def test_own_tour(self):
        cycle = self.make_cycle()
        self.start_tour(
            '/odoo/action-property_service.assessment_action_my', 'property_service_assessment_own', login='ps_technician')
        assessment = self.of(cycle, self.worker)
        line = assessment.line_ids.filtered(lambda line: line.indicator_id.code == 'self_mark')
        self.assertEqual((assessment.state, line.mark, line.marked_by_id), ('manager', 85, self.users['technician']))

@tagged('post_install', '-at_install')
class TestAssessmentStory(CycleCase, HttpCase):
    """From the scheme to the payroll file, each step by the one whose step it is."""

    def test_story(self):
        action = self.env.ref('property_service.assessment_scheme_action')
        self.start_tour(f'/odoo/action-{action.id}/{self.scheme.id}', 'property_service_assessment_hr', login='ps_hr')
        cycle = self.make_cycle()
        for employee, role in ((self.worker, 'technician'), (self.colleague, 'colleague')):
            own = self.of(cycle, employee, role)
            self.mark(own, 'self_mark', 80)
            own.action_submit_self()
        theirs = self.of(cycle, self.colleague, 'head')
        self.mark(theirs, 'manager_mark', 70)
        theirs.action_submit_manager()
        self.start_tour('/odoo/action-property_service.assessment_action_to_mark', 'property_service_assessment_manager', login='ps_head')
        assessment = self.of(cycle, self.worker)
        self.assertEqual(assessment.state, 'hr')
        cycle.assessment_ids.action_approve_hr()
        action = self.env.ref('property_service.assessment_cycle_action')
        self.start_tour(f'/odoo/action-{action.id}/{cycle.id}', 'property_service_assessment_publish', login='ps_hr')
        self.assertEqual(assessment.state, 'published')
        before = assessment.score
        self.start_tour('/odoo/action-property_service.assessment_action_my', 'property_service_assessment_appeal', login='ps_technician')
        appeal = self.env['property.service.appeal'].search([('assessment_id', '=', assessment.id)])
        self.as_role('hr', appeal).action_assign(reviewer_id=self.users['reviewer'].id)
        self.start_tour('/odoo/action-property_service.appeal_action', 'property_service_assessment_review', login='ps_reviewer')
        self.assertEqual((appeal.state, assessment.first_score), ('accepted', before))
        self.assertGreater(assessment.score, before)
        self.of(cycle, self.colleague, 'colleague').action_acknowledge()
        for employee in self.workers:
            self.of(cycle, employee, 'hr').improvement_plan = "Go on."
        cycle.action_close()
        self.env['property.service.points'].search([('assessment_id', '=', assessment.id)]).with_user(self.users['hr']).action_approve()
        export = self.env['property.service.payroll.export'].with_user(self.users['hr']).create({
            'date_from': START, 'date_to': END})
        export.action_write()
        rows = list(openpyxl.load_workbook(io.BytesIO(base64.b64decode(export.data))).active.iter_rows(values_only=True))
        self.assertIn((self.worker.name, assessment.score), [(row[1], row[4]) for row in rows])
