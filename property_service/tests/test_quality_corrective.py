from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.quality import corrective_action_states
from .common import PropertyServiceTransactionCase


class CorrectiveActionCase:
    """Mixed into the cases of ``common.py``: complaints and corrective actions as the users make them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({'property_repeat_count': 3, 'property_repeat_days': 30})
        cls.Action = cls.env['property.service.corrective.action']
        cls.today = fields.Date.today()

    @classmethod
    def make_complaint(cls, state='registered', age=0, **vals):
        """Create a complaint that came in ``age`` days ago, and register it."""
        complaint = cls.env['property.service.complaint'].create({
            'title': "Tap leaks again", 'description': "The third time.", 'category_id': cls.category.id, 'unit_id': cls.unit.id,
            'partner_id': cls.resident.id, **vals})
        if age:
            cls.set_created(complaint, age)
        if state == 'registered':
            complaint.action_register()
        return complaint

    @classmethod
    def set_created(cls, record, age):
        """Make the record ``age`` days older: nothing but the database can write the date of creation."""
        record.flush_recordset()
        cls.env.cr.execute(SQL(
            "UPDATE %s SET create_date = %s WHERE id = %s", SQL.identifier(record._table),
            fields.Datetime.now() - timedelta(days=age), record.id))
        record.invalidate_recordset(['create_date'])

    @classmethod
    def make_action(cls, state='draft', **vals):
        """Create a corrective action and take it to ``state`` by its steps; the work was done when its measure needs it."""
        action = cls.Action.create({
            'title': "Taps leak again and again", 'description': "Three complaints.", 'unit_id': cls.unit.id, 'cause': 'material',
            'category_id': cls.category.id, 'team_id': cls.team.id, 'measure': False, **vals})
        steps = [
            ('planned', lambda: action.action_plan(plan="Replace", responsible_id=cls.worker.id, deadline=cls.today + timedelta(days=5))),
            ('in_progress', action.action_start),
            ('done', lambda: action.action_done(result="Replaced")),
            ('verified', lambda: action.action_verify(note="Dry")),
        ]
        if state != 'draft':
            for name, step in steps:
                step()
                if name == state:
                    break
        return action


@tagged('post_install', '-at_install')
class TestCorrectiveAction(CorrectiveActionCase, PropertyServiceTransactionCase):

    def test_whole_story(self):
        action = self.as_role('quality', self.make_action())
        self.assertRegex(action.name, r'^CA/\d{4}/\d{5}$')
        self.assertEqual(action.building_id, self.building)
        action.action_plan(plan="Replace", responsible_id=self.worker.id, deadline=self.today + timedelta(days=5))
        technician = self.users['technician']
        self.assertEqual(action.activity_ids.user_id, technician)
        self.assertEqual(action.activity_ids.date_deadline, action.deadline)
        own = action.with_user(technician)
        own.action_start()
        own.action_done(result="Replaced")
        self.assertEqual(action.activity_ids.user_id, self.users['supervisor'], "the team's leader is to verify it")
        action.action_verify(note="Dry")
        self.assertEqual((action.state, action.verified_by_id, action.verify_note), ('verified', self.users['quality'], "Dry"))
        self.assertEqual(action.state_log_ids.mapped('to_state'), ['draft', 'planned', 'in_progress', 'done', 'verified'])

    def test_every_transition_of_the_table_and_no_other(self):
        for start, targets in corrective_action_states.TRANSITIONS.items():
            for target in corrective_action_states.TRANSITIONS:
                action = self.make_action(cause='material', plan="P", responsible_id=self.worker.id, deadline=self.today, result="R")
                action._as_system().verify_note = "Seen"
                action._as_system().write({'state': start})
                with self.subTest(start=start, target=target):
                    if target in targets:
                        action._set_state(target)
                        self.assertEqual(action.state, target)
                    else:
                        with self.assertRaises(UserError):
                            action._set_state(target)

    def test_nobody_verifies_the_own_work(self):
        """Not the responsible, not who reported it done, and no way round over a direct write."""
        action = self.make_action('planned')
        self.users['technician'].group_ids += self.env.ref('property_service.group_quality')
        own = self.as_role('technician', action)
        own.action_start()
        own.action_done(result="Replaced")
        for step in (lambda: own.action_verify(note="Fine"), lambda: own.action_ineffective(reason="No"),
                     lambda: own.write({'state': 'verified'}), lambda: own.write({'responsible_id': self.colleague.id})):
            with self.assertRaises(UserError):
                step()
        self.assertEqual(action.state, 'done')
        reporter = self.as_role('quality', self.make_action('in_progress'))
        reporter.action_done(result="Reported for him")
        with self.assertRaises(AccessError):
            reporter.action_verify(note="Fine")
        self.as_role('supervisor', reporter).action_verify(note="Fine")

    def test_responsible_is_changed_back_and_forth(self):
        """Whoever takes the own name off the action after the work still reported it done."""
        action = self.make_action('in_progress', responsible_id=False)
        action = self.as_role('quality', action)
        action.action_done(result="Replaced")
        with self.assertRaises(UserError):
            action.responsible_id = self.colleague
        with self.assertRaises(AccessError):
            action.action_verify(note="Fine")

    def test_rights_per_step(self):
        action = self.make_action()
        for role in ('technician', 'agent'):
            with self.assertRaises(AccessError):
                self.as_role(role, action).action_plan(plan="P", responsible_id=self.worker.id, deadline=self.today)
        action = self.make_action('planned')
        with self.assertRaises(AccessError):
            self.as_role('agent', action).action_start()
        with self.assertRaises(AccessError):
            self.as_role('technician', action).action_cancel(reason="No time")
        other = self.make_action('planned', team_id=False)
        other._as_system().responsible_id = self.colleague
        with self.assertRaises(AccessError):
            self.as_role('technician', other).action_start()

    def test_facts_cannot_be_forged(self):
        action = self.make_action('done')
        for vals in ({'verified_by_id': self.env.uid}, {'round': 5}, {'points': 100}, {'effect_verdict': 'improved'},
                     {'pattern_key': 'x'}, {'done_by_id': False}):
            with self.subTest(vals), self.assertRaises(UserError):
                self.as_role('manager', action).write(vals)
        with self.assertRaises(UserError):
            self.as_role('quality', self.Action).create({'title': "T", 'state': 'verified'})

    def test_what_was_judged_stands(self):
        action = self.make_action('verified')
        for name in ('plan', 'title', 'result'):
            with self.assertRaises(UserError):
                self.as_role('manager', action).write({name: "Other"})
        with self.assertRaises(UserError):
            action.unlink()

    def test_steps_ask_for_what_is_missing(self):
        draft, done = self.make_action(), self.make_action('done')
        with self.assertRaises(UserError):
            draft.action_plan(plan="P")
        wizard = draft.action_plan()
        self.assertEqual(wizard['context']['default_step'], 'plan')
        for step in ('verify', 'ineffective', 'return'):
            self.assertEqual(getattr(done, f'action_{step}')()['context']['default_step'], step)
        wizard = self.as_role('quality', 'property.service.corrective.action.step').with_context(
            **done.action_return()['context']).create({'reason': "Photo missing"})
        wizard.action_apply()
        self.assertEqual((done.state, done.state_log_ids[-1].reason, done.done_at), ('in_progress', "Photo missing", False))

    def test_nonsense_from_a_client_is_told_in_words(self):
        action = self.make_action()
        for vals in ({'deadline': 'tomorrow'}, {'deadline': '0001-01-01'}, {'deadline': 5}, {'plan': 5}, {'plan': ['P']}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "is not a"):
                action.action_plan(**{'plan': "P", 'responsible_id': self.worker.id, **vals})
        with self.assertRaisesRegex(UserError, "is not a text"):
            action.action_cancel(reason=5)

    def test_ineffective_opens_the_next_round(self):
        complaint = self.make_complaint()
        action = self.make_action('done', complaint_ids=[complaint.id], measure_days=14)
        following = self.Action.browse(action.action_ineffective(reason="Still wet")['res_id'])
        self.assertEqual((action.state, action.verify_note), ('ineffective', "Still wet"))
        self.assertEqual((following.previous_id, following.round, following.state), (action, 2, 'draft'))
        self.assertEqual((following.unit_id, following.complaint_ids, following.measure_days), (self.unit, complaint, 14))
        self.assertFalse(following.plan)
        third = following
        third.action_plan(plan="Other taps", responsible_id=self.worker.id, deadline=self.today)
        third.action_start()
        third.action_done(result="Done")
        third.action_ineffective(reason="Again")
        self.assertEqual(self.Action.search(following.action_open_rounds()['domain']).sorted('round').mapped('round'), [1, 2, 3])

    def test_late(self):
        action = self.make_action('planned')
        self.assertFalse(action.is_late)
        action._as_system().deadline = self.today - timedelta(days=1)
        self.assertTrue(action.is_late)
        self.assertIn(action, self.Action.search([('is_late', '=', True)]))
        action.action_start()
        action.action_done(result="Late")
        self.assertTrue(action.is_late, "it was late")
        self.assertNotIn(action, self.Action.search([('is_late', '=', True)]), "nothing is owed any more")

    def test_open_from_any_case(self):
        request = self.make_request('approved')
        action = self.as_role('quality', self.Action)._open_from(request, title="From a request")
        self.assertEqual((action.origin, action.origin_request_id, action.unit_id, action.category_id, action.title),
                         ('request', request, self.unit, self.category, "From a request"))
        callback = self.env['property.service.callback'].create({'partner_id': self.resident.id, 'unit_id': self.unit.id})
        action = self.as_role('quality', self.Action)._open_from(callback, title="From a callback")
        self.assertEqual((action.origin, action.origin_callback_id, action.unit_id), ('callback', callback, self.unit))
        complaint = self.make_complaint(about_employee_id=self.worker.id)
        answer = self.as_role('supervisor', complaint).action_new_corrective_action()
        action = self.Action.browse(answer['res_id'])
        self.assertEqual((action.origin, action.complaint_ids, action.employee_id), ('complaint', complaint, self.worker))
        self.assertFalse(self.as_role('technician', self.Action).search([('id', '=', action.id)]), "he is what it is about")
