from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from .common import PropertyServiceTransactionCase
from ..models.cases import complaint_states


@tagged('post_install', '-at_install')
class TestComplaint(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({'property_repeat_count': 3, 'property_repeat_days': 30})

    def make_complaint(self, state='new', **vals):
        complaint = self.env['property.service.complaint'].create({
            'title': "Rude on the phone", 'description': "Nobody listened.", 'category_id': self.category.id,
            'unit_id': self.unit.id, 'partner_id': self.resident.id, **vals,
        })
        steps = [
            ('registered', lambda: complaint.action_register()),
            ('assigned', lambda: complaint.action_assign(employee_id=self.colleague.id, message="Li takes care.")),
            ('investigating', lambda: complaint.action_investigate()),
            ('resolved', lambda: complaint.action_resolve(measure="Trained.", cause='people', reply="<p>We are sorry.</p>")),
            ('answered', lambda: complaint.action_answer()),
            ('closed', lambda: complaint.action_close()),
        ]
        if state != 'new':
            for name, step in steps:
                step()
                if name == state:
                    break
        return complaint

    def test_whole_story(self):
        complaint = self.make_complaint('answered')
        self.assertRegex(complaint.name, r'^CP/\d{4}/\d{5}$')
        self.as_role('resident', complaint).action_reopen(reason="Still rude")
        self.assertEqual((complaint.state, complaint.reopen_count, complaint.answer_response), ('investigating', 1, 'not_accepted'))
        complaint.action_resolve(measure="Replaced.")
        complaint.action_answer()
        self.as_role('resident', complaint).action_accept_answer()
        self.assertEqual((complaint.state, complaint.answer_response), ('closed', 'accepted'))
        self.assertEqual(complaint.state_log_ids.mapped('to_state'), [
            'new', 'registered', 'assigned', 'investigating', 'resolved', 'answered', 'investigating', 'resolved', 'answered', 'closed'])

    def test_reply_reaches_the_resident(self):
        complaint = self.make_complaint('answered')
        self.assertIn(self.resident, complaint.message_ids.filtered(lambda m: 'We are sorry' in (m.body or '')).partner_ids)
        self.assertTrue(complaint.responded_at)

    def test_not_closed_without_reply(self):
        complaint = self.make_complaint('registered')
        with self.assertRaises(UserError):
            complaint.action_close()
        complaint = self.make_complaint('investigating')
        with self.assertRaises(UserError):
            complaint.action_resolve(measure="Nothing said")

    def test_severity_follows_impact_and_urgency(self):
        complaint = self.make_complaint(impact='3', urgency='2')
        self.assertEqual((complaint.severity, complaint.priority), ('critical', '2'))
        complaint = self.make_complaint()
        self.assertEqual((complaint.severity, complaint.priority), ('minor', '0'))

    def test_authority(self):
        complaint = self.as_role('agent', self.make_complaint('registered'))
        complaint.severity = 'major'
        with self.assertRaises(AccessError):
            complaint.severity = 'critical'
        with self.assertRaises(AccessError):
            complaint.fault = 'none'
        with self.assertRaises(AccessError):
            complaint.compensation = 1
        supervisor = self.as_role('supervisor', complaint)
        supervisor.write({'fault': 'employee', 'fault_employee_id': self.worker.id, 'compensation': 500})
        self.assertEqual(complaint.fault_decided_by_id, self.users['supervisor'])
        self.assertEqual(complaint.compensation_granted_by_id, self.users['supervisor'])
        with self.assertRaises(AccessError):
            supervisor.compensation = 501
        self.as_role('manager', complaint).compensation = 5000
        with self.assertRaises(AccessError):
            self.as_role('agent', 'property.service.complaint').create({
                'title': "x", 'unit_id': self.unit.id, 'compensation': 10})

    def test_transfer_tells_the_resident(self):
        complaint = self.make_complaint('registered')
        complaint.action_transfer(to="City water works", reason="The main is theirs.")
        self.assertEqual(complaint.state, 'transferred')
        self.assertIn(self.resident, complaint.message_ids[0].partner_ids)

    def test_praise_is_answered_at_once(self):
        praise = self.make_complaint('registered', kind='praise', about_employee_id=self.worker.id)
        praise.reply = "<p>Thank you!</p>"
        praise.action_answer()
        praise.action_close()
        self.assertEqual(praise.state, 'closed')

    def test_anonymous(self):
        complaint = self.make_complaint('registered', anonymous=True)
        self.assertFalse(complaint.partner_id or complaint.contact_name)
        with self.assertRaises(MissingError):
            self.as_role('resident', complaint).read(['name'])

    def test_closed_to_the_employee_complained_about(self):
        complaint = self.make_complaint('registered', about_employee_id=self.leader.id)
        with self.assertRaises(AccessError):
            self.as_role('supervisor', complaint).read(['contact_name'])
        complaint.disclosed = True
        self.as_role('supervisor', complaint).read(['contact_name'])

    def test_not_handled_by_the_employee_it_is_about(self):
        complaint = self.make_complaint('registered', about_employee_id=self.worker.id)
        with self.assertRaises(UserError):
            complaint.action_assign(employee_id=self.worker.id)

    def test_several_complainants_are_told(self):
        complaint = self.make_complaint('assigned', complainant_ids=[(6, 0, self.neighbour.ids)])
        self.assertEqual(complaint.message_ids[0].partner_ids, self.resident, "the message names nobody else")
        copy = self.env['mail.message'].search([('res_id', '=', complaint.id), ('model', '=', complaint._name)], limit=1)
        self.assertEqual((copy.partner_ids, copy.body), (self.neighbour, complaint.message_ids[0].body))

    def test_repeats(self):
        first, second = self.make_complaint('registered'), self.make_complaint('registered')
        self.assertFalse(first.is_repeat or second.is_repeat)
        third = self.make_complaint('registered')
        self.assertTrue(third.is_repeat)
        self.assertEqual(third.activity_ids.user_id, self.users['supervisor'])
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_detect_repeats').method_direct_trigger()
        self.assertTrue(first.is_repeat and second.is_repeat)
        self.assertEqual(len(third.activity_ids), 1)

    def test_every_state_has_a_row(self):
        for state, _label in complaint_states.STATES:
            self.assertLessEqual(complaint_states.TRANSITIONS[state], set(complaint_states.TRANSITIONS))

    def test_resident_complains_over_rpc(self):
        Complaint = self.as_role('resident', 'property.service.complaint')
        vals = {'title': "Noise", 'description': "At night", 'unit_id': self.unit.id, 'category_id': self.category.id}
        complaint = Complaint.with_context(
            default_compensation=1000, default_fault='team', default_severity='critical', default_disclosed=True).create(vals)
        self.assertEqual((complaint.partner_id, complaint.channel, complaint.state), (self.resident, 'portal', 'new'))
        known = complaint.sudo()
        self.assertFalse(known.compensation or known.fault or known.disclosed)
        self.assertEqual(known.severity, 'minor')
        with self.assertRaises(AccessError):
            complaint.read(['compensation'])
        with self.assertRaises(AccessError):
            Complaint.create({**vals, 'severity': 'critical'})
        for wrong in ({'unit_id': self.unit2.id}, {'unit_id': "abc"}, {'nonsense': 1}):
            with self.assertRaises(UserError):
                Complaint.create({**vals, **wrong})
        with self.assertRaises(MissingError):
            self.as_role('neighbour', complaint).read(['title'])

    def test_record_and_reply_letter(self):
        complaint = self.make_complaint('resolved')
        Report = self.env['ir.actions.report']
        record, _kind = Report._render_qweb_html('property_service.report_complaint', complaint.ids)
        for text in (complaint.name, "Nobody listened.", "Trained.", "We are sorry.", "Under Investigation", 'fill="#714B67"'):
            self.assertIn(text, record.decode())
        letter, _kind = Report._render_qweb_html('property_service.report_complaint_reply', complaint.ids)
        self.assertIn("We are sorry.", letter.decode())
