import base64
import io

import openpyxl

from odoo.tests import HttpCase, tagged

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

    def on_a_phone(self):
        self.browser_size, self.touch_enabled = '375x667', True

    def at_a_desk(self):
        self.browser_size, self.touch_enabled = '1366x768', False

    def act(self, action, tour, login, record=None):
        """Run a tour on an action, or on one record of it."""
        target = f'{self.env.ref(f"property_service.{action}").id}/{record.id}' if record else f'property_service.{action}'
        self.start_tour(f'/odoo/action-{target}', f'property_service_assessment_{tour}', login=login)

    def test_story(self):
        self.act('assessment_scheme_action', 'hr', 'ps_hr')
        cycle = self.env['property.service.assessment.cycle'].search([], order='id desc', limit=1)
        self.assertEqual((cycle.state, cycle.scheme_id.weight_total, cycle.assessment_ids.employee_id), ('running', 100, self.workers))
        self.on_a_phone()
        self.act('assessment_action_my', 'own', 'ps_technician')
        self.at_a_desk()
        other = self.of(cycle, self.colleague, 'colleague')
        self.mark(other, 'self_mark', 80)
        other.action_submit_self()
        theirs = self.of(cycle, self.colleague, 'head')
        self.mark(theirs, 'manager_mark', 70)
        theirs.action_submit_manager()
        self.act('assessment_action_to_mark', 'manager', 'ps_head')
        assessment = self.of(cycle, self.worker)
        self.assertEqual(assessment.state, 'hr')
        self.act('assessment_action', 'approve', 'ps_hr')
        self.act('assessment_cycle_action', 'publish', 'ps_hr', cycle)
        self.assertEqual(assessment.state, 'published')
        before = assessment.score
        self.act('assessment_action_my', 'appeal', 'ps_technician')
        appeal = self.env['property.service.appeal'].search([('assessment_id', '=', assessment.id)])
        self.act('appeal_action', 'assign', 'ps_hr')
        self.act('appeal_action', 'review', 'ps_reviewer')
        self.assertEqual((appeal.state, assessment.first_score), ('accepted', before))
        self.assertGreater(assessment.score, before)
        self.of(cycle, self.colleague, 'colleague').action_acknowledge()
        self.act('assessment_cycle_action', 'close', 'ps_hr', cycle)
        self.assertEqual((cycle.state, assessment.state), ('closed', 'closed'))
        self.env['property.service.points'].search([('assessment_id', '=', assessment.id)]).with_user(self.users['hr']).action_approve()
        self.act('payroll_export_action', 'payroll', 'ps_hr')
        export = self.env['property.service.payroll.export'].search([], order='id desc', limit=1)
        rows = list(openpyxl.load_workbook(io.BytesIO(base64.b64decode(export.data))).active.iter_rows(values_only=True))
        row = next(row for row in rows if row[1] == self.worker.name)
        self.assertEqual((row[4], row[5], row[6]), (assessment.score, assessment.band_id.name, assessment.band_id.points))
