from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase, PropertyServiceTransactionCase


class BroadcastCase:

    @classmethod
    def make_notice(cls, **vals):
        return cls.env['property.service.broadcast'].create({
            'title': "No water", 'body': "Until six o'clock.", 'kind': 'water', 'estate_id': cls.estate.id, 'phone': "400 123", **vals})


@tagged('post_install', '-at_install')
class TestBroadcast(BroadcastCase, PropertyServiceTransactionCase):
    """Emergency notices (R74): who is told, how, and that it stays on file."""

    def test_residents_and_staff_are_told(self):
        self.team.member_ids.resource_calendar_id = False  # at work whenever not on leave
        notice = self.as_role('agent', self.make_notice())
        self.assertIn(self.team, notice.team_ids)
        self.assertIn("2 residents", notice.audience)
        notice.action_send()
        lines = notice.recipient_ids
        self.assertEqual(lines.partner_id, self.resident | self.neighbour, "not who has moved out")
        self.assertEqual(lines.employee_id, self.worker | self.colleague | self.leader)
        mails = self.env['mail.mail'].sudo().search([('subject', '=', "No water")])
        self.assertEqual(sorted(mails.mapped('recipient_ids.id')), sorted((self.resident | self.neighbour).ids))
        self.assertTrue(all(len(mail.recipient_ids) == 1 for mail in mails), "nobody sees who else was told")
        self.assertEqual(notice.activity_ids.user_id, self.users['technician'] | self.users['supervisor'])
        without_user = lines.filtered(lambda line: line.employee_id == self.colleague)
        self.assertEqual((without_user.channel, without_user.is_told), ('call', False))
        self.assertEqual((notice.told_count, notice.call_count), (4, 1))
        without_user.action_told()
        self.assertEqual((without_user.told_by_id, notice.state), (self.users['agent'], 'sent'))
        with self.assertRaises(UserError):
            without_user.action_told()
        with self.assertRaises(AccessError):
            without_user.write({'told_at': False})

    def test_one_building(self):
        other = self.env['property.service.building'].create({'name': "Building 4", 'code': '4', 'estate_id': self.estate.id})
        unit = self.env['property.service.unit'].create({'name': "4-1", 'code': '1', 'building_id': other.id})
        owner = self.env['res.partner'].create({'name': "Old Owner", 'phone': "139"})
        self.env['property.service.residency'].create({'unit_id': unit.id, 'partner_id': owner.id, 'date_start': '2020-01-01'})
        notice = self.make_notice(building_ids=[Command.set(other.ids)], tell_staff=False)
        notice.action_send()
        line = notice.recipient_ids
        self.assertEqual((line.partner_id, line.channel, line.is_told, line.phone), (owner, 'call', False, "139"))

    def test_only_who_is_at_work(self):
        calendar = self.env['resource.calendar'].create({'name': "Never now", 'tz': 'UTC', 'attendance_ids': [Command.clear(), Command.create({
            'name': "x", 'dayofweek': str((fields.Datetime.now() + timedelta(days=3)).weekday()), 'hour_from': 8, 'hour_to': 9})]})
        self.colleague.resource_calendar_id = calendar
        self.worker.resource_calendar_id = False
        notice = self.make_notice(tell_residents=False)
        self.assertEqual(notice._get_staff(), self.worker | self.leader)
        notice.on_duty_only = False
        self.assertEqual(notice._get_staff(), self.worker | self.colleague | self.leader)
        self.worker.resource_calendar_id = calendar
        notice.on_duty_only = True
        self.assertEqual(notice._get_staff(), self.worker | self.colleague | self.leader, "in an emergency never nobody")

    def test_what_was_told_stays(self):
        notice = self.as_role('agent', self.make_notice())
        notice.action_send()
        for vals in ({'body': "x"}, {'building_ids': [Command.set(self.building.ids)]}, {'state': 'draft'}, {'sent_at': False}):
            with self.assertRaises(UserError):
                notice.write(vals)
        with self.assertRaises(UserError):
            notice.action_send()
        with self.assertRaises(UserError):
            self.as_role('manager', notice).unlink()
        with self.assertRaises(UserError):
            notice.action_end()
        notice.end_note = "The water is back."
        notice.action_end()
        self.assertFalse(notice.activity_ids)
        mails = self.env['mail.mail'].sudo().search([('subject', '=', "No water"), ('body_html', 'ilike', "The water is back.")])
        self.assertEqual(len(mails), 2)
        self.assertEqual(notice.state_log_ids.mapped('to_state'), ['draft', 'sent', 'ended'])
        for role in ('technician', 'hr', 'quality'):
            with self.assertRaises(AccessError):
                self.as_role(role, self.make_notice()).action_send()

    def test_queries_do_not_grow_with_residents(self):
        def send(number):
            partners = self.env['res.partner'].create([{'name': f"P{n}"} for n in range(number)])
            self.env['property.service.residency'].create([
                {'unit_id': self.unit.id, 'partner_id': partner.id, 'role': 'family', 'date_start': '2020-01-01'} for partner in partners])
            notice = self.make_notice(tell_staff=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            notice.action_send()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        send(1)
        few, many = send(2), send(40)
        self.assertLessEqual(many, few)


@tagged('post_install', '-at_install')
class TestBroadcastPortal(BroadcastCase, PropertyServiceCase, HttpCase):
    """The notice on the portal's home, of whoever lives there and nobody else."""

    def get_home(self, role):
        self.authenticate(f'ps_{role}', f'ps_{role}')
        return self.url_open('/my').text

    def test_home(self):
        other = self.env['property.service.building'].create({'name': "Building 4", 'code': '4', 'estate_id': self.estate.id})
        here = self.make_notice(building_ids=[Command.set(self.building.ids)])
        there = self.make_notice(title="Lift stands", building_ids=[Command.set(other.ids)])
        staff = self.make_notice(title="Staff only", tell_residents=False)
        draft = self.make_notice(title="Not sent")
        for notice in (here, staff):
            notice.action_send()
        self.assertEqual(draft.state, 'draft')
        there._set_state('sent')
        page = self.get_home('resident')
        self.assertIn("Until six o&#39;clock.", page)
        self.assertIn('href="tel:400 123"', page)
        for title in ("Lift stands", "Staff only", "Not sent"):
            self.assertNotIn(title, page)
        self.assertNotIn("No water", self.get_home('former'))
        here.action_end(note="The water is back.")
        page = self.get_home('resident')
        self.assertIn("The water is back.", page)
        self.assertNotIn("Until six", page)
        here._as_system().ended_at = fields.Datetime.now() - timedelta(days=2)
        self.env.flush_all()
        self.assertNotIn("The water is back.", self.get_home('resident'))
