from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase
from .inspection_common import InspectionCase
from .test_quality_corrective import CorrectiveActionCase


@tagged('post_install', '-at_install')
class TestInspectionPhoneTour(InspectionCase, PropertyServiceCase, HttpCase):
    """An inspection on a phone: 375 px wide, touched, with a photo and a connection that is lost in between."""

    browser_size = '375x667'
    touch_enabled = True

    def test_employee_with_a_lost_connection(self):
        inspection = self.make_inspection(evaluator_id=self.worker.id)
        self.start_tour('/odoo/action-property_service.inspection_action_mine', 'property_service_inspection_phone', login='ps_technician')
        lobby, lift, lamps, smile, files = inspection.line_ids
        self.assertEqual((inspection.state, inspection.note), ('done', "Lamps of level B1 are out"))
        self.assertEqual([line.value for line in (lobby, lift, lamps, smile, files)], [1, 2, 97.5, 5, 1])
        self.assertEqual(lift.note, "Scratches on the panel")
        self.assertEqual(lobby.photo_ids.mapped('name'), ['lobby.png'], "sent again, kept once")
        self.assertEqual(inspection.finding_count, 2)

    def test_outside_evaluator_by_link(self):
        inspection = self.make_inspection(method='mystery_shopper', evaluator_partner_id=self.firm.id)
        path = inspection.link_url[len(inspection.get_base_url()):]
        self.start_tour(path, 'property_service_inspection_outside')
        self.assertEqual((inspection.state, inspection.finding_count), ('done', 1))
        self.assertEqual(inspection.line_ids.answered_by_id, self.firm)
        self.assertEqual(inspection.line_ids[0].photo_ids.mapped('name'), ['dust.png'])
        self.assertTrue(inspection.line_ids[2].not_applicable)


@tagged('post_install', '-at_install')
class TestFindingTour(InspectionCase, CorrectiveActionCase, PropertyServiceCase, HttpCase):

    @mute_logger('odoo.http')
    def test_finding_to_verified_corrective_action(self):
        inspection = self.make_done(answers=(0, 5, 99, 5, 1), age=3)
        self.start_tour(f'/odoo/inspections/{inspection.id}', 'property_service_finding_plan', login='ps_quality')
        action = inspection.corrective_action_ids
        self.assertEqual((action.state, action.responsible_id, action.plan), ('planned', self.worker, "Wipe twice a day"))
        self.start_tour('/odoo/action-property_service.corrective_action_action_mine', 'property_service_finding_done', login='ps_technician')
        self.assertEqual((action.state, action.cause, action.photo_after_ids.mapped('name')), ('done', 'people', ['after.png']))
        # forty days go by
        self.set_created(action, 40)
        action._as_system().write({'done_at': fields.Datetime.now() - timedelta(days=31)})
        self.make_done(45, answers=(0, 5, 99, 5, 1))
        self.make_done(10)
        inspection._as_system().write({'done_at': fields.Datetime.now() - timedelta(days=43)})
        self.start_tour(f'/odoo/corrective-actions/{action.id}', 'property_service_finding_verify', login='ps_quality')
        self.assertEqual((action.state, action.effect_verdict, action.verified_by_id), ('verified', 'improved', self.users['quality']))
        self.assertTrue(action.points)

    def test_repeated_complaint_opens_one_by_itself(self):
        first = [self.make_complaint(age=age) for age in (9, 4)]
        third = self.make_complaint('new')
        self.start_tour(f'/odoo/action-property_service.complaint_action/{third.id}', 'property_service_repeated_complaint', login='ps_supervisor')
        action = third.corrective_action_ids
        self.assertEqual(action.complaint_ids, third | first[0] | first[1])
        self.make_complaint()
        self.assertEqual(len(self.Action.search([('category_id', '=', self.category.id)])), 1, "not for every further complaint")
