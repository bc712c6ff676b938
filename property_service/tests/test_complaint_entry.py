from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase
from .complaint_common import ComplaintCase
from .portal_common import make_photo


@tagged('post_install', '-at_install')
class TestComplaintEntry(ComplaintCase, PropertyServiceTransactionCase):
    """Letters, staff suggestions, praise, procedures, and what the dialogs propose."""

    def open_entry(self):
        action = self.env.ref('property_service.complaint_action_entry')
        return Form(self.as_role('agent', 'property.service.complaint').with_context(default_channel='letter'), view=action.view_id)

    def test_a_letter(self):
        form = self.open_entry()
        form.unit_id = self.unit2
        self.assertEqual(form.partner_id, self.neighbour, "the only resident of the flat")
        form.title, form.description, form.category_id = "Bicycles in the hall", "They block the way.", self.category
        complaint = form.save()
        photo = self.env['ir.attachment'].with_user(self.users['agent']).create({
            'name': 'letter.png', 'raw': make_photo(), 'res_model': complaint._name})
        complaint.attachment_ids = [Command.link(photo.id)]
        self.assertEqual((photo.res_model, photo.res_id), (complaint._name, complaint.id), "others can open the scan, too")
        following = complaint.action_entry_next()['params']['next']
        self.assertEqual((complaint.state, complaint.channel), ('registered', 'letter'))
        self.assertEqual(following['context']['default_channel'], 'letter')
        self.assertEqual(following['context']['default_estate_id'], self.estate.id)

    def test_without_a_name(self):
        form = self.open_entry()
        form.estate_id, form.category_id = self.estate, self.category
        form.title, form.description, form.channel, form.anonymous = "Dogs", "On the lawn.", 'suggestion_box', True
        complaint = form.save()
        complaint.action_entry_register()
        self.assertEqual((complaint.state, bool(complaint.partner_id)), ('registered', False))
        complaint = complaint.sudo()
        complaint.action_assign(employee_id=self.colleague.id)
        complaint.action_investigate()
        complaint.action_resolve(measure="A sign.", cause='people', reply="<p>A sign was put up.</p>")
        wizard = self.as_role('agent', complaint).action_answer()
        self.assertEqual(wizard['context']['default_channel'], 'notice')
        self.as_role('agent', complaint).action_answer(channel='notice', note="On the board")
        self.assertEqual((complaint.state, complaint.reply_channel), ('answered', 'notice'))
        self.as_role('agent', complaint).action_close()

    def test_assignment_proposes_a_reply(self):
        complaint = self.as_role('supervisor', self.make_complaint('registered'))
        self.assertEqual(complaint.team_id, self.team)
        action = complaint.action_assign()
        self.assertEqual(action['res_model'], 'property.service.complaint.action', "the button asks even where the team is known")
        wizard = Form(self.as_role('supervisor', action['res_model']).with_context(**action['context']))
        self.assertIn("Engineering", wizard.message)
        wizard.employee_id = self.colleague
        self.assertIn("Li Colleague", wizard.message)
        text = wizard.message
        wizard.save().action_apply()
        self.assertEqual((complaint.state, complaint.employee_id), ('assigned', self.colleague))
        message = complaint.message_ids.filtered(lambda m: text in (m.body or ''))
        self.assertEqual(message.partner_ids, self.resident)
        other = self.as_role('supervisor', self.make_complaint('registered'))
        action = other.action_assign()
        wizard = Form(self.as_role('supervisor', action['res_model']).with_context(**action['context']))
        wizard.message = False
        wizard.save().action_apply()
        self.assertEqual(other.state, 'assigned')
        told = other.message_ids.filtered(lambda m: m.message_type == 'comment' and m.partner_ids)
        self.assertFalse(told, "nothing is told when the text is emptied")

    def test_severity_beyond_the_role_is_not_undone(self):
        complaint = self.as_role('agent', self.make_complaint(impact='3', urgency='3'))
        self.assertEqual(complaint.severity, 'critical')
        for vals in ({'severity': 'minor'}, {'impact': '1'}, {'urgency': '1'}):
            with self.assertRaisesRegex(AccessError, "supervisor"):
                complaint.write(vals)
        self.as_role('supervisor', complaint).impact = '1'
        self.assertEqual(complaint.severity, 'major')
        created = self.as_role('agent', complaint).create({
            'title': "Fire", 'unit_id': self.unit.id, 'impact': '3', 'urgency': '3'})
        self.assertEqual(created.severity, 'critical', "who takes it in says how grave the facts are")

    # ---- STAFF ----

    def test_any_employee_suggests(self):
        for role in ('hr', 'accountant', 'technician'):
            form = Form(self.as_role(role, 'property.service.staff.suggestion'))
            form.title, form.description = f"Ramp by {role}", "For prams."
            action = form.save().action_send()
            mine = self.as_role(role, 'property.service.complaint').search([('suggested_by_id', '=', self.users[role].id)])
            self.assertEqual((mine.kind, mine.title, mine.state), ('suggestion', f"Ramp by {role}", 'new'))
            self.assertIn(mine.name, action['params']['message'])
            self.assertFalse(mine.has_access('write') if role != 'technician' else False)
        with self.assertRaises(AccessError):
            self.as_role('accountant', mine).read(['title'])
        with self.assertRaises(AccessError):
            self.as_role('resident', 'property.service.staff.suggestion').create({'title': "x", 'description': "y"})
        with self.assertRaises(UserError):
            self.as_role('resident', 'property.service.complaint')._create_by_staff("x", "y")
        with self.assertRaises(UserError):
            self.as_role('hr', 'property.service.complaint')._create_by_staff("x", " ")

    def test_a_suggestion_is_answered_and_brings_points(self):
        suggestion = self.as_role('technician', 'property.service.complaint')._create_by_staff("Ramp", "For prams.")
        agent = self.as_role('agent', suggestion.sudo(False))
        agent.category_id = self.category
        agent.action_register()
        suggestion.action_assign(team_id=self.team.id)
        suggestion.action_resolve(measure="Ordered.", reply="<p>We build it.</p>")
        suggestion.adoption = 'adopted'
        agent.action_answer()
        self.assertEqual(suggestion.state, 'answered')
        self.assertIn("We build it.", self.as_role('technician', suggestion).read(['portal_reply'])[0]['portal_reply'])
        mail = self.env['mail.mail'].search([('recipient_ids', 'in', self.users['technician'].partner_id.ids)])
        self.assertTrue(any("We build it." in (body or '') for body in mail.mapped('body_html')), "the employee is told like a resident")
        rule = self.env['property.service.points.rule'].create({'name': "Suggestion", 'event': 'award', 'points': 5, 'date_from': '2020-01-01'})
        rule._propose()
        rule._propose()
        points = self.env['property.service.points'].search([('rule_id', '=', rule.id)])
        self.assertEqual((points.employee_id, points.points, points.state), (self.worker, 5, 'proposed'))

    # ---- PRAISE ----

    def test_praise_reaches_the_employee_and_the_ledger(self):
        praise = self.make_complaint(kind='praise', about_employee_id=self.worker.id, title="Very friendly", description="Thank you, Mr Wang")
        technician = self.as_role('technician', praise)
        with self.assertRaises(AccessError):
            technician.read(['title'])
        praise.action_register()
        self.assertEqual(technician.read(['title'])[0]['title'], "Very friendly")
        self.assertFalse(praise.with_user(self.users['technician'])._filtered_access('write'))
        domain = [('partner_ids', 'in', self.users['technician'].partner_id.ids), ('body', 'ilike', "Thank you, Mr Wang")]
        self.assertEqual(self.env['mail.message'].search_count(domain), 1)
        praise.reply = "<p>Thank you!</p>"
        praise.action_answer()
        self.assertEqual(self.env['mail.message'].search_count(domain), 1, "told once")
        rule = self.env['property.service.points.rule'].create({'name': "Praise", 'event': 'praise', 'points': 3, 'date_from': '2020-01-01'})
        rule._propose()
        points = self.env['property.service.points'].search([('rule_id', '=', rule.id)])
        self.assertEqual((points.employee_id, points.origin_id), (self.worker, praise.id))

    # ---- PROCEDURES ----

    def test_procedures_of_the_category(self):
        sub = self.env['property.service.category'].create({'name': "Lifts", 'code': 'lifts', 'parent_id': self.category.id})
        other = self.env['property.service.category'].create({'name': "Green", 'code': 'green'})
        Procedure = self.env['property.service.procedure']
        manual = Procedure.create({'name': "Complaint procedure"})
        repair = Procedure.create({'name': "Repairs", 'category_ids': [Command.set(self.category.ids)]})
        green = Procedure.create({'name': "Lawns", 'category_ids': [Command.set(other.ids)]})
        calls = Procedure.create({'name': "Calls", 'use': 'callback'})
        complaint = self.as_role('agent', self.make_complaint(category_id=sub.id))
        self.assertLessEqual(manual | repair, complaint.procedure_ids)
        self.assertFalse(complaint.procedure_ids & (green | calls))
