from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase
from .test_quality_corrective import CorrectiveActionCase
from .test_quality_standard import StandardCase

DESKTOP, PHONE = ('1366x768', False), ('375x667', True)


class QualityTours:
    """Standards, risks and meetings, each person in the own browser: quality at the desk, owner and technician on the phone."""

    allow_inherited_tests_method = True

    def play(self, who, path, tour, size=DESKTOP):
        self.browser_size, self.touch_enabled = size
        self.start_tour(path, f'property_service_{tour}', login=f'ps_{who}')

    def test_a_new_version_of_a_standard(self):
        standard = self.make_standard(
            reader_team_ids=[Command.link(self.team.id)], comment_partner_ids=[Command.clear()])
        self.type_repair.standard_id = standard
        draft = standard.browse(standard.action_new_version()['res_id'])
        draft.write({'comment_until': self.today + timedelta(days=3)})
        path = f'/odoo/service-standards/{standard.id}'
        self.play('quality', path, 'standard_draft')
        self.assertEqual((draft.change_note, draft.comment_partner_ids), ("Shoe covers are worn.", self.resident))
        self.assertTrue(draft.is_commentable)
        self.play('resident', '/my', 'standard_comment', PHONE)
        self.assertEqual((draft.comment_ids.partner_id, draft.comment_ids.body), (self.resident, "And a mat for the tools, please."))
        draft.comment_until = self.today - timedelta(days=1)
        self.play('quality', f'/odoo/service-standards/{draft.id}', 'standard_approve')
        self.assertEqual((draft.state, standard.state, draft.comment_ids.verdict), ('active', 'retired', 'accepted'))
        self.assertEqual(draft.comment_ids.answer, "It is on the list now.")
        self.assertEqual(self.type_repair.standard_id, draft)
        self.play('technician', '/odoo/my-standards', 'standard_read', PHONE)
        reading = draft.reading_ids.filtered(lambda reading: reading.employee_id == self.worker)
        self.assertTrue(reading.read_at)
        self.assertEqual(draft.unread_count, 2)

    def test_risk_matrix(self):
        Risk = self.env['property.service.risk']
        Risk.search([]).action_archive()
        Risk.create([
            {'name': "Caught in a lift", 'kind': 'equipment', 'likelihood': '4', 'impact': '4', 'residual_likelihood': '2',
             'residual_impact': '4', 'estate_id': self.estate.id},
            {'name': "Ice on the stairs", 'kind': 'environment', 'likelihood': '3', 'impact': '2'}])
        for size in (DESKTOP, PHONE):
            self.play('quality', '/odoo/service-risk-matrix', 'risk_matrix', size)

    def test_meeting(self):
        meeting = self.env['property.service.quality.meeting'].create({
            'month': fields.Date.today().replace(day=1), 'chair_id': self.leader.id, 'participant_ids': [Command.set(self.worker.ids)]})
        self.play('quality', f'/odoo/quality-meetings/{meeting.id}', 'quality_meeting')
        self.assertEqual(meeting.state, 'done')
        self.assertTrue(meeting.sent_at)
        self.assertEqual(meeting.corrective_ids.title, "Insulate the machine room")
        self.assertEqual(meeting.decision_ids.corrective_id, meeting.corrective_ids)


@tagged('post_install', '-at_install')
class TestQualityTours(QualityTours, StandardCase, HttpCase):
    """In English."""


@tagged('post_install', '-at_install')
class TestQualityToursChinese(QualityTours, StandardCase, HttpCase):
    """In Chinese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        for role in ('quality', 'resident', 'technician'):
            cls.users[role].lang = 'zh_CN'


@tagged('post_install', '-at_install')
class TestPhotosTour(CorrectiveActionCase, PropertyServiceCase, HttpCase):

    def test_photo_added_while_the_form_reloads(self):
        action = self.make_action('planned')
        self.start_tour(f'/odoo/corrective-actions/{action.id}', 'property_service_photo_while_reloading', login='ps_technician')
        self.assertEqual(action.photo_after_ids.mapped('name'), ['meanwhile.png'])
