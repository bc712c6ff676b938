from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase

MEETING = 'property.service.quality.meeting'
REVIEW = 'property.service.process.review'


class MeetingCase(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = fields.Date.context_today(cls.company).replace(day=1)

    def make_meeting(self, **vals):
        return self.as_role('quality', MEETING).create({
            'month': self.month, 'chair_id': self.leader.id, 'participant_ids': [Command.set((self.leader | self.worker).ids)],
            'is_recurring': False, **vals}).sudo(False)

    def make_complaint(self, **vals):
        complaint = self.env['property.service.complaint'].create({
            'title': "Noise", 'description': "x", 'category_id': self.category.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id,
            **vals})
        return complaint

    def set_deadlines(self, request, minutes):
        """As if the request had come earlier, or a policy were stricter."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_service_request SET response_deadline = %s, resolution_deadline = %s WHERE id = %s",
            [fields.Datetime.now() + timedelta(minutes=minutes)] * 2 + [request.id])
        self.env.invalidate_all()

    def get_line(self, meeting, key):
        return meeting.line_ids.filtered(lambda line: line.key == key)


@tagged('post_install', '-at_install')
class TestQualityMeetingFigures(MeetingCase):
    """The agenda says what the month was like, and the month before."""

    def test_figures(self):
        self.env.invalidate_all()
        before = self.company._get_quality_figures(self.month)
        first, second = self.make_request('done'), self.make_request('done')
        self.make_complaint()
        for request, rating in ((first, 5), (second, 2)):
            request._as_system().rating_value = rating
        self.set_deadlines(self.make_request('approved'), -5)
        after = self.company._get_quality_figures(self.month)

        def gained(key):
            return tuple(now - then for now, then in zip(after[key][:2], before[key][:2], strict=True))
        self.assertEqual(gained('requests'), (3, 0))
        self.assertEqual(gained('complaints'), (1, 0))
        self.assertEqual(gained('complaint_rate'), (1, 2))
        self.assertEqual(gained('satisfaction'), (1, 2))
        self.assertEqual(gained('resolution_on_time'), (0, 1), "what is overdue and open is a miss")
        self.assertEqual(gained('rework_rate'), (0, 2))

    def test_the_same_numbers_as_the_monthly_report(self):
        """Indicators of assessments are computed elsewhere, by other SQL: both must say the same."""
        for rating in (5, 1, 4):
            self.make_request('closed')._as_system().rating_value = rating
        returned = self.make_request('done')
        returned.action_return(reason="Drips")
        returned.action_done(summary="Now it is tight.")
        self.make_complaint()
        self.make_complaint()._as_system().write({'fault': 'none'})
        for deadline in (-1, 1):
            self.set_deadlines(self.make_request('approved'), deadline)
        # those without an estate count here, and for nobody there
        callback = self.env['property.service.callback'].create({'origin_request_id': returned.id, 'origin': 'request'})
        callback._as_system().write({'state': 'done', 'result': 'satisfied', 'done_at': fields.Datetime.now()})
        self.env.flush_all()
        report = self.env['property.service.service.report'].create({'date_from': self.month, 'company_id': self.company.id})
        sums = {}
        for _name, figures in report._get_report()['estates']:
            for code, (numerator, denominator, *_rest) in figures.items():
                there = sums.get(code, (0, 0))
                sums[code] = (there[0] + numerator, there[1] + denominator)
        own = self.company._get_quality_figures(self.month)
        for code in ('complaint_rate', 'response_on_time', 'resolution_on_time', 'satisfaction', 'rework_rate'):
            with self.subTest(code=code):
                self.assertEqual(own[code][:2], tuple(int(number) for number in sums[code]))

    def test_agenda(self):
        self.make_request('done')
        for cause in ('people', 'people', 'material'):
            self.make_complaint()._as_system().write({'cause': cause})
        last = self.make_complaint()
        last._as_system().write({'sla_start_at': fields.Datetime.to_datetime(self.month) - timedelta(days=3)})
        action = self.env['property.service.corrective.action'].create({
            'title': "Washers", 'responsible_id': self.leader.id, 'deadline': self.month - timedelta(days=1)})
        private = self.env['property.service.corrective.action'].create({'title': "Rude on the phone", 'employee_id': self.worker.id})
        meeting = self.make_meeting()
        self.assertEqual(self.get_line(meeting, f'corrective:{private.id}').name, private.name, "nobody is read out")
        self.assertEqual(meeting.title, f"Quality Meeting {self.month:%Y-%m}")
        self.assertEqual(set(meeting.line_ids.mapped('section')) & {'figure', 'cause', 'corrective'}, {'figure', 'cause', 'corrective'})
        complaints = self.get_line(meeting, 'figure:complaints')
        self.assertEqual((complaints.value, complaints.previous, complaints.trend), ("3", "1", 'worse'))
        category = self.get_line(meeting, f'category_id:{self.category.id}')
        self.assertEqual((category.value, category.previous, category.trend), ("3", "1", 'worse'))
        self.assertEqual(self.get_line(meeting, 'cause:people').value, "2")
        late = self.get_line(meeting, f'corrective:{action.id}')
        self.assertIn("late", late.value)
        self.assertIn("Zhao Leader", late.detail)

    def test_in_the_company_s_language(self):
        """Whoever counts the figures, and the job too: the agenda is in the language of the house."""
        self.env['res.lang']._activate_lang('zh_CN')
        self.company.partner_id.lang = 'zh_CN'
        self.make_complaint()
        meeting = self.make_meeting()
        self.assertIn("质量", meeting.title)
        names = meeting.line_ids.mapped('name')
        self.assertTrue(any(name.startswith("投诉") for name in names), names)

    def test_counted_again_notes_stay(self):
        meeting = self.make_meeting()
        line = self.get_line(meeting, 'figure:complaints')
        line.note = "Mostly noise."
        topic = meeting.line_ids.create({'meeting_id': meeting.id, 'name': "Christmas tree"})
        before = int(line.value)
        self.make_complaint()
        meeting.action_refresh()
        self.assertEqual((int(line.value), line.note), (before + 1, "Mostly noise."))
        self.assertTrue(topic.exists())

    def test_figures_of_one_company_only(self):
        other = self.env['res.company'].create({'name': "Other Property Company"})
        self.make_request('done')
        self.assertEqual(other._get_quality_figures(self.month)['requests'], (0, 0, 0.0))
        self.assertIsNone(other._get_quality_figures(self.month)['satisfaction'][2])

    def test_one_query(self):
        self.company._get_quality_figures(self.month)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.company._get_quality_figures(self.month)


@tagged('post_install', '-at_install')
class TestQualityMeeting(MeetingCase):
    """Held, decided, written to everybody, and planned again."""

    def test_form(self):
        with Form(self.as_role('quality', MEETING)) as form:
            form.month = self.month
            form.chair_id = self.leader
            form.participant_ids.add(self.worker)
        self.assertEqual(form.record.month, self.month)
        self.assertTrue(form.record.name.startswith('QM/'))

    def test_decisions_become_corrective_actions(self):
        meeting = self.make_meeting()
        line = self.get_line(meeting, 'figure:complaints')
        line.note = "Mostly noise."
        decision = self.as_role('quality', 'property.service.quality.decision').create({
            'meeting_id': meeting.id, 'line_id': line.id, 'name': "Insulate the machine room", 'responsible_id': self.leader.id,
            'deadline': self.month + timedelta(days=40)})
        action = self.env['property.service.corrective.action'].browse(decision.action_open_corrective()['res_id'])
        self.assertEqual(
            (action.title, action.origin, action.origin_meeting_id, action.responsible_id, action.deadline),
            ("Insulate the machine room", 'meeting', meeting.sudo(), self.leader, decision.deadline))
        self.assertIn("Mostly noise.", action.description)
        self.assertEqual(decision.action_open_corrective()['res_id'], action.id, "once")
        self.assertEqual(meeting.corrective_count, 1)
        with self.assertRaises(UserError):
            decision.corrective_id = False

    def test_held_stands(self):
        meeting = self.make_meeting(chair_id=False)
        with self.assertRaisesRegex(UserError, "Chair"):
            meeting.action_done()
        meeting.chair_id = self.leader
        decision = self.as_role('quality', 'property.service.quality.decision').create({'meeting_id': meeting.id, 'name': "Paint"})
        meeting.action_done()
        for write in (lambda: meeting.write({'minutes': "<p>x</p>"}), lambda: meeting.line_ids[0].write({'note': "x"}),
                      lambda: decision.write({'name': "x"}), meeting.action_refresh, meeting.unlink,
                      lambda: meeting.line_ids.create({'meeting_id': meeting.id, 'name': "x"}), lambda: meeting.line_ids[0].unlink()):
            with self.assertRaises(UserError):
                write()
        self.assertTrue(decision.action_open_corrective()['res_id'], "also after the meeting")
        meeting.action_reopen()
        meeting.minutes = "<p>Corrected</p>"
        meeting.action_done()
        self.assertEqual(meeting.state_log_ids.mapped('to_state'), ['planned', 'done', 'planned', 'done'])

    def test_rights(self):
        meeting = self.make_meeting()
        with self.assertRaises(AccessError):
            self.as_role('supervisor', meeting).action_done()
        with self.assertRaises(AccessError):
            self.as_role('supervisor', meeting).action_send_minutes()
        with self.assertRaises(AccessError):
            self.as_role('technician', meeting).read(['title'])

    def test_minutes_by_mail(self):
        guest = self.env['res.partner'].create({'name': "Owners' Committee", 'email': 'owners@example.com'})
        meeting = self.make_meeting(guest_ids=[Command.link(guest.id)])
        meeting.action_invite()
        with self.assertRaises(UserError):
            meeting.action_send_minutes()
        meeting.action_done()
        meeting.action_send_minutes()
        self.assertTrue(meeting.sent_at)
        mails = self.env['mail.mail'].search([('model', '=', MEETING), ('res_id', '=', meeting.id)], order='id')
        self.assertEqual(len(mails), 2, "the agenda and the minutes")
        self.assertEqual(
            mails[1].recipient_ids, guest | self.users['supervisor'].partner_id | self.users['technician'].partner_id)
        self.assertEqual(len(mails[1].attachment_ids), 1, "the PDF")

    def test_nobody_to_write_to(self):
        meeting = self.make_meeting(participant_ids=[Command.set(self.outsider.ids)], chair_id=self.outsider.id)
        with self.assertRaisesRegex(UserError, "e-mail"):
            meeting.action_invite()

    def test_next_is_planned_ahead(self):
        meeting = self.make_meeting(is_recurring=True, month=self.month + relativedelta(months=120), date='2036-10-06 02:00:00')
        self.as_role('quality', 'property.service.quality.decision').create({'meeting_id': meeting.id, 'name': "Paint the gate"})
        meeting.action_done()
        following = meeting.next_ids
        self.assertEqual(
            (following.month, following.participant_ids, following.chair_id, following.state, following.previous_id),
            (meeting.month + relativedelta(months=1), meeting.participant_ids, self.leader, 'planned', meeting))
        self.assertLess(following.date.weekday(), 5)
        self.assertIn("Paint the gate", following.line_ids.filtered(lambda line: line.section == 'decision').mapped('name'))
        meeting.action_reopen()
        meeting.action_done()
        self.assertEqual(len(meeting.next_ids), 1)

    def test_cron(self):
        self.env[MEETING].search([]).is_recurring = False
        meeting = self.make_meeting(is_recurring=True, date=fields.Datetime.now() - timedelta(days=1))

        def run():
            with self.enter_registry_test_mode():
                self.env.ref('property_service.cron_meetings').method_direct_trigger()
            self.env.invalidate_all()
        run()
        run()
        self.assertEqual(len(meeting.next_ids), 1, "though nobody has closed the last one")

    def test_printed(self):
        meeting = self.make_meeting()
        self.get_line(meeting, 'figure:complaints').note = "Mostly noise."
        html, _type = self.env['ir.actions.report']._render_qweb_html('property_service.report_quality_meeting', meeting.ids)
        for text in ("Mostly noise.", "Zhao Leader", meeting.title):
            self.assertIn(text.encode(), html)


@tagged('post_install', '-at_install')
class TestProcessReview(MeetingCase):
    """A review confirms the document, changes it, or takes it out of force (R67, R70)."""

    def make_review(self, **vals):
        standard = self.env['property.service.standard'].create({
            'name': "Complaint Procedure", 'kind': 'procedure', 'body': "<p>x</p>", 'owner_id': self.leader.id})
        standard.action_approve()
        review = self.env[REVIEW].browse(self.as_role('quality', standard).action_review()['res_id'])
        review.write(vals)
        return standard, self.as_role('quality', review)

    def test_from_the_document(self):
        standard, review = self.make_review()
        self.assertEqual((review.title, review.reviewer_ids), ("Review: Complaint Procedure", self.leader))
        self.assertEqual(standard.action_review()['res_id'], review.id, "one at a time")
        with self.assertRaisesRegex(UserError, "Findings, Review Outcome"):
            review.action_done()

    def test_outcomes(self):
        for outcome in ('keep', 'change', 'retire'):
            with self.subTest(outcome=outcome):
                standard, review = self.make_review(outcome=outcome, findings="Nobody signs the form.")
                standard.review_date = self.month
                review.action_done()
                if outcome == 'keep':
                    self.assertEqual((standard.state, standard.is_review_due), ('active', False))
                elif outcome == 'change':
                    self.assertEqual((review.draft_id.version, review.draft_id.change_note), (2, "Nobody signs the form."))
                else:
                    self.assertEqual(standard.state, 'retired')
                with self.assertRaises(UserError):
                    review.findings = "Something else"
                with self.assertRaises(UserError):
                    review.unlink()

    def test_rights_and_corrective_action(self):
        _standard, review = self.make_review(outcome='keep', findings="Nobody signs the form.")
        with self.assertRaises(AccessError):
            self.as_role('supervisor', review).action_done()
        action = self.env['property.service.corrective.action'].browse(review.action_new_corrective()['res_id'])
        self.assertEqual((action.origin_review_id, action.description), (review.sudo(), "Nobody signs the form."))
        self.assertEqual(review.corrective_count, 1)
