from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase

LIST = '/odoo/complaints'


class ComplaintTours:
    """The life of complaints, each person in the own browser: resident, agent, supervisor."""

    allow_inherited_tests_method = True
    resident_phone = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['property.service.category'].create({'name': "Machines", 'code': 'machines'})
        cls.env['mail.template'].search([('property_reply_letter', '=', True)]).unlink()
        cls.env['mail.template'].create({
            'name': "1 Justified", 'model_id': cls.env['ir.model']._get_id('property.service.complaint'),
            'property_reply_letter': True, 'lang': '{{ object.partner_id.lang }}',
            'body_html': '<p>We are sorry. <t t-out="object.measure"/></p>'})

    def play(self, who, path, tour):
        phone = self.resident_phone and who == 'resident'
        self.browser_size, self.touch_enabled = ('375x667', True) if phone else ('1366x768', False)
        self.start_tour(path, f'property_service_complaint_{tour}', login=f'ps_{who}')

    def find(self):
        return self.env['property.service.complaint'].search([('partner_id', '=', self.resident.id)], order='id desc', limit=1)

    def test_not_accepted_and_reopened(self):
        self.play('resident', '/my', 'file')
        complaint = self.find()
        self.assertEqual(
            (complaint.state, complaint.channel, complaint.unit_id, complaint.demand), ('new', 'portal', self.unit, "Silence at night."))
        self.play('agent', LIST, 'register')
        self.assertEqual((complaint.state, complaint.severity), ('registered', 'major'))
        self.play('supervisor', LIST, 'investigate')
        self.assertEqual((complaint.state, complaint.cause), ('resolved', 'equipment'))
        self.play('agent', LIST, 'answer')
        self.assertEqual(complaint.state, 'answered')
        self.play('resident', '/my', 'refuse')
        self.assertEqual((complaint.state, complaint.answer_response, complaint.reopen_count), ('investigating', 'not_accepted', 1))
        self.play('supervisor', LIST, 'rework')
        self.play('resident', f'/my/complaints/{complaint.id}', 'accept')
        self.assertEqual((complaint.state, complaint.answer_response), ('closed', 'accepted'))
        users = self.users
        self.assertEqual(
            [(line.to_state, line.by_id) for line in complaint.state_log_ids],
            [(state, users[who]) for state, who in (
                ('new', 'resident'), ('registered', 'agent'), ('assigned', 'supervisor'), ('investigating', 'supervisor'),
                ('resolved', 'supervisor'), ('answered', 'agent'), ('investigating', 'resident'), ('resolved', 'supervisor'),
                ('answered', 'supervisor'), ('closed', 'resident'))])

    def test_transfer(self):
        self.play('resident', '/my', 'file_transfer')
        complaint = self.find()
        self.play('agent', LIST, 'register_transfer')
        self.play('supervisor', LIST, 'transfer')
        self.assertEqual((complaint.state, complaint.transferred_to), ('transferred', "City water works"))
        self.assertIn(self.resident, complaint.message_ids.notified_partner_ids)
        self.play('resident', f'/my/complaints/{complaint.id}', 'told')


@tagged('post_install', '-at_install')
class TestComplaintTours(ComplaintTours, PropertyServiceCase, HttpCase):
    """In English, at a desk."""


@tagged('post_install', '-at_install')
class TestComplaintToursPhone(ComplaintTours, PropertyServiceCase, HttpCase):
    """In Chinese, the resident on a phone 375 pixels wide."""

    resident_phone = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        for role in ('resident', 'agent', 'supervisor'):
            cls.users[role].lang = 'zh_CN'
