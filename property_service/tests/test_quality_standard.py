from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase, PropertyServiceTransactionCase
from .portal_common import PropertyServicePortalCase

STANDARD = 'property.service.standard'
TEXT = "<p>Close the valve first.</p>"


class StandardCase(PropertyServiceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.company._property_today()
        cls.leader.company_id = cls.worker.company_id = cls.company

    @classmethod
    def make_standard(cls, active=True, **vals):
        standard = cls.env[STANDARD].create({'name': "Repair in the Home", 'body': TEXT, 'owner_id': cls.leader.id, **vals})
        if active:
            standard.action_approve()
        return standard

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('property_service.cron_standards').method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def make_next(cls, standard, **vals):
        draft = standard.browse(standard.action_new_version()['res_id'])
        draft.write({'change_note': "Shoe covers.", **vals})
        return draft.with_env(cls.env)


@tagged('post_install', '-at_install')
class TestStandardVersions(StandardCase, PropertyServiceTransactionCase):
    """Drafted, approved, in force, replaced, retired: and what points to it follows, what is past does not."""

    def test_first_version(self):
        standard = self.as_role('quality', STANDARD).create({'name': "Lift", 'body': TEXT, 'owner_id': self.leader.id})
        self.assertTrue(standard.code.startswith('ST-'))
        self.assertEqual((standard.state, standard.version), ('draft', 1))
        standard.action_approve()
        self.assertEqual((standard.state, standard.effective_date), ('active', self.today))
        self.assertEqual(standard.approved_by_id, self.users['quality'])
        self.assertEqual(standard.review_date, fields.Date.add(self.today, months=12))

    def test_what_is_missing_is_named(self):
        standard = self.env[STANDARD].create({'name': "Empty", 'body': '<p><br></p>', 'owner_id': self.leader.id})
        with self.assertRaisesRegex(UserError, "Missing: text or attachment"):
            standard.action_approve()
        with self.assertRaisesRegex(UserError, "Missing: owner"):
            self.make_standard(owner_id=False)
        draft = self.make_next(self.make_standard())
        draft.change_note = False
        with self.assertRaisesRegex(UserError, "what has changed"):
            draft.action_approve()

    def test_only_quality_and_managers_approve(self):
        standard = self.make_standard(active=False)
        own = self.as_role('supervisor', standard)
        own.body = "<p>The owner writes the draft.</p>"
        for step in ('approve', 'activate', 'invite', 'take_back', 'retire', 'new_version', 'confirm_review', 'remind_readers'):
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(own, f'action_{step}')()
        self.as_role('manager', standard).action_approve()
        self.assertEqual(standard.state, 'active')

    def test_who_may_not_write_gets_no_form_to_write_in(self):
        draft, active = self.make_standard(active=False), self.make_standard(code='LIFT')
        self.assertEqual([self.as_role('quality', standard).may_edit for standard in (draft, active)], [True, True])
        self.assertEqual([self.as_role('supervisor', standard).may_edit for standard in (draft, active)], [True, False], "the owner")
        self.assertFalse(self.as_role('technician', active).may_edit)
        with Form(self.as_role('quality', STANDARD)) as form:
            form.name, form.owner_id = "Fire", self.leader
            self.assertTrue(form.may_edit)

    def test_what_is_in_force_or_approved_stands(self):
        standard = self.make_standard()
        for vals in ({'body': "<p>x</p>"}, {'name': "x"}, {'attachment_ids': [Command.create({'name': "x"})]}, {'state': 'draft'},
                     {'approved_by_id': self.env.uid}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                standard.write(vals)
        standard.write({'review_months': 6, 'reader_team_ids': [Command.link(self.team.id)]})
        later = self.make_next(standard, effective_date=self.today + timedelta(days=10))
        later.action_approve()
        self.assertTrue(later.is_approved)
        self.assertIn(later, standard.search([('is_approved', '=', True)]))
        with self.assertRaisesRegex(UserError, "take the approval back"):
            later.body = "<p>x</p>"
        later.action_take_back()
        later.body = "<p>y</p>"
        with self.assertRaises(UserError):
            standard.unlink()
        with self.assertRaisesRegex(UserError, "cannot be entered"):
            self.env[STANDARD].create({'name': "Forged", 'approved_at': '2020-01-01'})
        with self.assertRaises(UserError):
            self.env[STANDARD].create({'name': "Forged", 'state': 'active'})

    def test_next_version_takes_its_place(self):
        standard = self.make_standard()
        self.type_repair.standard_id = standard
        draft = self.make_next(standard)
        self.assertEqual(standard.action_new_version()['res_id'], draft.id, "one draft at a time")
        self.assertEqual((draft.version, draft.body, draft.name, draft.code), (2, standard.body, standard.name, standard.code))
        self.assertEqual(self.type_repair.standard_id, standard, "a draft changes nothing")
        draft.action_approve()
        self.assertEqual((standard.state, standard.retired_on, draft.state), ('retired', self.today, 'active'))
        self.assertEqual(self.type_repair.standard_id, draft)
        self.assertEqual(standard.action_open_versions()['domain'][0], ('code', '=', standard.code))
        self.assertEqual(draft.version_count, 2)
        draft.action_retire()
        self.assertFalse(self.type_repair.standard_id)

    def test_comes_into_force_on_its_day(self):
        standard = self.make_standard()
        draft = self.make_next(standard)
        day = self.today + timedelta(days=5)
        draft.action_approve(effective_date=fields.Date.to_string(day))
        self.assertEqual((draft.state, standard.state), ('draft', 'active'))
        self.run_cron()
        self.assertEqual(draft.state, 'draft')
        with freeze_time(f'{day} 03:00:00'):
            self.run_cron()
        self.assertEqual((draft.state, standard.state, draft.effective_date), ('active', 'retired', day))

    def test_a_poison_version_stops_no_other(self):
        first, second = self.make_standard(), self.make_standard(name="Cleaning")
        day = self.today + timedelta(days=1)
        drafts = [self.make_next(standard, effective_date=day) for standard in (first, second)]
        for draft in drafts:
            draft.action_approve()
        real = type(first)._point_to

        def poison(standard, successor):
            if standard == first:
                raise ValueError("poison")
            return real(standard, successor)
        with freeze_time(f'{day} 03:00:00'), patch.object(type(first), '_point_to', poison), \
                mute_logger('odoo.addons.property_service.models.quality.standard_approval'):
            self.run_cron()
        self.assertEqual([draft.state for draft in drafts], ['draft', 'active'])
        self.assertEqual(first.state, 'active')

    def test_types_point_to_what_is_in_force(self):
        draft = self.make_standard(active=False)
        with self.assertRaises(ValidationError):
            self.type_repair.standard_id = draft

    def test_a_case_keeps_the_version_of_its_day(self):
        standard = self.make_standard()
        self.type_repair.standard_id = standard
        planned, done = self.make_request('approved'), self.make_request('done')
        self.assertEqual((planned.standard_id, done.standard_id), (standard, standard))
        draft = self.make_next(standard)
        draft.action_approve()
        planned.action_dispatch(employee_id=self.worker.id)
        self.assertEqual(planned.standard_id, draft, "what is dispatched today is done by today's version")
        self.assertEqual(done.standard_id, standard)
        done.action_return(reason="Drips")
        done.action_close() if done.state == 'accepted' else None
        self.assertEqual(done.standard_id, standard)
        with self.assertRaises(UserError):
            self.as_role('technician', planned).standard_id = standard
        self.assertEqual(self.as_role('technician', planned).standard_id.display_name, "Repair in the Home v2")

    def test_review(self):
        standard = self.make_standard()
        type_xmlid = 'property_service.mail_activity_type_standard_review'
        reviews = lambda: standard.activity_ids.filtered(lambda a: a.activity_type_id == self.env.ref(type_xmlid))
        self.run_cron()
        self.assertFalse(reviews())
        with freeze_time(standard.review_date - timedelta(days=20)):
            self.run_cron()
            self.run_cron()
            self.assertEqual(reviews().user_id, self.users['supervisor'], "the owner")
            self.assertEqual(len(reviews()), 1, "once")
        with freeze_time(standard.review_date + timedelta(days=1)):
            self.assertTrue(standard.is_review_due)
            self.assertIn(standard, standard.search([('is_review_due', '=', True)]))
            standard.action_confirm_review()
            self.assertFalse(reviews())
            self.assertFalse(standard.is_review_due)
            self.assertEqual(standard.review_date, fields.Date.add(fields.Date.today(), months=12))

    def test_attachments_of_a_new_form_are_readable(self):
        attachment = self.env['ir.attachment'].with_user(self.users['quality']).create({
            'name': "plan.pdf", 'raw': b'%PDF-1.4', 'res_model': STANDARD, 'res_id': 0})
        standard = self.as_role('quality', STANDARD).create({
            'name': "Plan", 'owner_id': self.leader.id, 'attachment_ids': [Command.link(attachment.id)]})
        standard.action_approve()
        self.assertEqual(attachment.res_id, standard.id)
        self.env.invalidate_all()
        self.assertEqual(self.as_role('technician', attachment).raw, b'%PDF-1.4')

    def test_copy_is_another_document(self):
        standard = self.make_standard()
        copy = standard.copy()
        self.assertNotEqual(copy.code, standard.code)
        self.assertEqual((copy.state, copy.version), ('draft', 1))

    def test_form(self):
        with Form(self.as_role('quality', STANDARD)) as form:
            form.name = "Reception Manual"
            form.kind = 'manual'
            form.owner_id = self.leader
        self.assertEqual(form.record.kind, 'manual')

    def test_documents_of_a_complaint(self):
        manual = self.make_standard(name="Complaint Procedure", kind='procedure', category_ids=[Command.link(self.category.id)])
        below = self.env['property.service.category'].create({'name': "Taps", 'code': 'taps', 'parent_id': self.category.id})
        complaint = self.env['property.service.complaint'].create({
            'title': "Noise", 'description': "x", 'category_id': below.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        action = self.as_role('agent', complaint).action_open_standards()
        self.assertIn(manual, self.env[STANDARD].search(action['domain']))

    def test_printed(self):
        html, _type = self.env['ir.actions.report']._render_qweb_html('property_service.report_standard', self.make_standard().ids)
        self.assertIn(b"Close the valve first.", html)
        self.assertIn(b"Zhao Leader", html)


@tagged('post_install', '-at_install')
class TestStandardReaders(StandardCase, PropertyServiceTransactionCase):
    """Who has to read it, who has, and who has not."""

    def test_readers(self):
        department = self.env['hr.department'].create({'name': "Front Desk"})
        below = self.env['hr.department'].create({'name': "Night", 'parent_id': department.id})
        self.outsider.department_id = below
        standard = self.make_standard(
            active=False, reader_team_ids=[Command.link(self.team.id)], reader_department_ids=[Command.link(department.id)])
        self.assertFalse(standard.reading_ids)
        standard.action_approve()
        self.assertEqual(standard.reading_ids.employee_id, self.worker | self.colleague | self.leader | self.outsider)
        self.assertEqual((standard.reader_count, standard.unread_count), (4, 4))
        own = self.as_role('technician', standard)
        self.assertEqual(own.my_reading, 'to_read')
        self.assertIn(own, own.search([('my_reading', '=', 'to_read')]))
        activity = standard.activity_ids.filtered(lambda a: a.user_id == self.users['technician'])
        self.assertEqual(activity.date_deadline, self.today + timedelta(days=14))
        own.action_confirm_read()
        self.assertEqual(own.my_reading, 'read')
        self.assertNotIn(own, own.search([('my_reading', '=', 'to_read')]))
        self.assertIn(own, own.search([('my_reading', '=', 'read')]))
        self.assertFalse(activity.exists())
        self.env.invalidate_all()
        self.assertEqual((standard.reader_count, standard.unread_count), (4, 3))
        late = self.env['property.service.standard.reading'].search([('standard_id', '=', standard.id), ('is_read', '=', False)])
        self.assertEqual(len(late), 3)
        with freeze_time(self.today + timedelta(days=15)):
            self.env.invalidate_all()
            self.assertEqual(
                self.env['property.service.standard.reading'].search([('standard_id', '=', standard.id), ('is_late', '=', True)]), late)

    def test_new_members_and_leavers(self):
        standard = self.make_standard(reader_team_ids=[Command.link(self.team.id)])
        self.as_role('technician', standard).action_confirm_read()
        self.team.member_ids = [Command.set(self.outsider.ids)]
        self.env.flush_all()
        self.run_cron()
        self.assertEqual(
            standard.reading_ids.employee_id, self.worker | self.leader | self.outsider,
            "who has read it stays on file, who has left without is not asked any more")
        standard.reader_employee_ids = self.colleague
        self.assertIn(self.colleague, standard.reading_ids.employee_id)

    def test_a_next_version_is_read_anew(self):
        standard = self.make_standard(reader_team_ids=[Command.link(self.team.id)])
        standard.reader_employee_ids = self.outsider
        self.as_role('technician', standard).action_confirm_read()
        draft = self.as_role('quality', self.make_next(self.as_role('quality', standard)))
        draft.action_approve()
        self.assertEqual(standard.reading_ids.employee_id, self.worker)
        self.assertEqual(draft.unread_count, 4)
        self.assertFalse(standard.activity_ids.filtered(lambda a: a.user_id == self.users['technician']))
        with self.assertRaises(UserError):
            self.as_role('technician', standard).action_confirm_read()

    def test_nobody_reads_for_others(self):
        standard = self.make_standard(reader_employee_ids=[Command.link(self.worker.id)])
        for role in ('agent', 'quality'):
            with self.assertRaisesRegex(UserError, "not on the list"):
                self.as_role(role, standard).action_confirm_read()
        for role in ('technician', 'quality', 'manager'):
            with self.assertRaises(AccessError):
                self.as_role(role, standard.reading_ids).write({'read_at': fields.Datetime.now()})
        with self.assertRaises(AccessError):
            self.as_role('resident', standard).action_confirm_read()

    def test_remind(self):
        standard = self.make_standard(reader_team_ids=[Command.link(self.team.id)])
        standard.activity_ids.unlink()
        standard.action_remind_readers()
        self.assertEqual(standard.activity_ids.user_id, self.users['technician'] | self.users['supervisor'])

    def test_queries_do_not_grow_with_readers(self):
        def count(number):
            employees = self.env['hr.employee'].create([{'name': f"E{number}-{index}"} for index in range(number)])
            standard = self.make_standard(active=False, reader_employee_ids=[Command.set(employees.ids)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            standard._plan_readings()
            self.env.flush_all()
            self.assertEqual(len(standard.reading_ids), number)
            return self.env.cr.sql_log_count - before
        count(1)
        self.assertLessEqual(count(30), count(3) + 2)


@tagged('post_install', '-at_install')
class TestStandardComments(StandardCase, PropertyServicePortalCase):
    """Owners' representatives in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls.make_standard(
            active=False, comment_partner_ids=[Command.set((cls.resident | cls.former).ids)], comment_until=cls.today + timedelta(days=7))

    def send(self, text):
        return self.post(f'/my/standards/{self.draft.id}/comment', {'comment': text})

    def test_before_the_invitation_there_is_nothing(self):
        self.login('resident')
        self.assertEqual(self.url_open(f'/my/standards/{self.draft.id}').status_code, 404)
        with self.assertRaises(AccessError):
            self.as_role('resident', self.draft).action_comment(body="Too early")

    def test_invitation(self):
        with self.assertRaises(UserError):
            self.draft.copy({'comment_partner_ids': [Command.clear()]}).action_invite()
        stranger = self.env['res.partner'].create({'name': "No Login"})
        self.draft.comment_partner_ids |= stranger
        with self.assertRaisesRegex(UserError, "No Login"):
            self.draft.action_invite()
        self.draft.comment_partner_ids -= stranger
        self.draft.action_invite()
        mails = self.env['mail.mail'].search([('model', '=', STANDARD), ('res_id', '=', self.draft.id)])
        self.assertEqual(mails.recipient_ids, self.resident | self.former)
        self.assertIn(f'/my/standards/{self.draft.id}', mails[0].body_html)

    def test_page_and_comment(self):
        self.draft.action_invite()
        self.login('resident')
        page = self.url_open(f'/my/standards/{self.draft.id}')
        self.assertIn("Close the valve first.", page.text)
        self.assertIn(f'/my/standards/{self.draft.id}', self.url_open('/my/standards').text)
        self.assertEqual(self.send("  ").status_code, 422)
        self.assertEqual(self.send("x" * 4001).status_code, 422)
        self.assertEqual(self.send("Please wear shoe covers.\x00").status_code, 303)
        comment = self.draft.comment_ids
        self.assertEqual((comment.partner_id, comment.body), (self.resident, "Please wear shoe covers."))
        activity = self.draft.activity_ids
        self.assertEqual(activity.user_id, self.users['supervisor'], "the owner is told")
        self.assertEqual(self.url_open(f'/my/standards/{self.draft.id}/comment').status_code, 405)

    def test_who_was_not_invited_or_has_moved_out(self):
        self.draft.action_invite()
        for role in ('neighbour', 'former'):
            with self.subTest(role=role):
                self.login(role)
                self.assertEqual(self.url_open(f'/my/standards/{self.draft.id}').status_code, 404)
                self.assertEqual(self.send("Me too").status_code, 404)
                self.assertFalse(self.as_role(role, STANDARD).search([]))
        self.assertEqual(self.url_open('/my/standards/99999999999999').status_code, 404)

    def test_representatives_do_not_read_one_another(self):
        self.draft.comment_partner_ids |= self.neighbour
        self.draft.action_invite()
        self.as_role('resident', self.draft).action_comment(body="Between us")
        self.login('neighbour')
        self.assertNotIn("Between us", self.url_open(f'/my/standards/{self.draft.id}').text)
        self.assertFalse(self.as_role('neighbour', 'property.service.standard.comment').search([]))

    def test_over_rpc_only_what_is_for_them(self):
        self.draft.action_invite()
        own = self.as_role('resident', self.draft)
        self.assertEqual(own.read(['name', 'body'])[0]['name'], "Repair in the Home")
        for name in ('owner_id', 'comment_partner_ids', 'reading_ids', 'message_ids', 'approved_by_id'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.read([name])
        for step in ('approve', 'invite', 'confirm_read', 'retire'):
            with self.subTest(step=step), self.assertRaises(UserError):
                getattr(own, f'action_{step}')()

    def test_until_a_date(self):
        self.draft.action_invite()
        self.as_role('resident', self.draft).action_comment(body="In time")
        with freeze_time(self.draft.comment_until + timedelta(days=2)):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "is over"):
                self.as_role('resident', self.draft).action_comment(body="Too late")
            with self.assertRaisesRegex(UserError, "Answer the comments"):
                self.draft.action_approve()

    def test_approval_waits_for_the_answers(self):
        self.draft.action_invite()
        self.as_role('resident', self.draft).action_comment(body="Shoe covers, please")
        with self.assertRaisesRegex(UserError, "may comment"):
            self.draft.action_approve()
        self.draft.comment_until = self.today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "Answer the comments"):
            self.draft.action_approve()
        comment = self.as_role('supervisor', self.draft.comment_ids)
        with self.assertRaises(UserError):
            comment.body = "Something else"
        comment.write({'verdict': 'accepted', 'answer': "They are on the checklist now."})
        self.assertEqual(comment.answered_by_id, self.users['supervisor'])
        self.draft.action_approve()
        self.assertEqual(self.draft.state, 'active')
        self.login('resident')
        page = self.url_open(f'/my/standards/{self.draft.id}').text
        self.assertIn("They are on the checklist now.", page)
        self.assertNotIn('o_property_standard_send', page)
        with self.assertRaises(UserError):
            comment.answer = "Changed afterwards"


@tagged('post_install', '-at_install')
class TestStandardFromAction(StandardCase, PropertyServiceTransactionCase):
    """A measure that has helped becomes the standard (R69)."""

    def make_action(self, state='verified'):
        action = self.env['property.service.corrective.action'].create({
            'title': "Washers wear out", 'description': "Leaks again & again", 'plan': "Replace all washers", 'cause': 'material',
            'responsible_id': self.leader.id, 'deadline': self.today, 'category_id': self.category.id, 'measure': False})
        action.action_plan()
        action.action_start()
        action.action_done(result="Replaced")
        if state == 'verified':
            action.action_verify(note="Dry")
        return action

    def test_next_version(self):
        standard = self.make_standard()
        self.type_repair.standard_id = standard
        action = self.make_action()
        wizard = Form(self.as_role('quality', 'property.service.standard.promote').with_context(default_action_id=action.id))
        self.assertEqual((wizard.target, wizard.standard_id), ('version', standard))
        draft = self.env[STANDARD].browse(wizard.save().action_apply()['res_id'])
        self.assertEqual((draft.state, draft.version, draft.origin_action_id), ('draft', 2, action))
        self.assertIn("Leaks again &amp; again", draft.body)
        self.assertIn("Replace all washers", draft.body)
        self.assertIn(action.name, draft.change_note)
        self.assertEqual(action.standard_count, 1)
        self.assertEqual(standard.body, TEXT, "what is in force stays as it is")

    def test_new_document(self):
        action = self.make_action()
        answer = self.as_role('manager', action).action_make_standard(standard_id=0)
        draft = self.env[STANDARD].browse(answer['res_id'])
        self.assertEqual((draft.name, draft.owner_id, draft.category_ids), ("Washers wear out", self.leader, self.category))

    def test_refused(self):
        action = self.make_action('done')
        with self.assertRaises(UserError):
            action.action_make_standard()
        action.action_verify(note="Dry")
        with self.assertRaises(AccessError):
            self.as_role('supervisor', action).action_make_standard()
        with self.assertRaises(UserError):
            action.action_make_standard(standard_id=self.make_standard(active=False).id)
        self.assertEqual(action.action_make_standard()['res_model'], 'property.service.standard.promote')
