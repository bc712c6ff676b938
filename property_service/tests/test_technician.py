import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import file_open

from .common import PropertyServiceTransactionCase

PNG = base64.b64decode(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')


@tagged('post_install', '-at_install')
class TestTechnician(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(cls.env, 'ps_second', groups='property_service.group_technician', email='second@example.com')
        cls.colleague.user_id = cls.second

    def photo(self, content=PNG, name='photo.png', role='technician', **vals):
        return self.as_role(role, 'ir.attachment').create({'name': name, 'raw': content, **vals})

    def test_writes_the_record_of_the_work_and_nothing_else(self):
        job = self.as_role('technician', self.make_request('in_progress'))
        job.write({'work_summary': "Washer replaced", 'materials_used': "1 washer",
                   'checklist_ids': [Command.update(job.checklist_ids[0].id, {'done': True})]})
        other = self.env['res.partner'].create({'name': "Somebody"})
        for vals in (
            {'partner_id': other.id}, {'unit_id': self.unit2.id}, {'type_id': self.type_simple.id}, {'priority': '2'},
            {'employee_id': self.worker.id}, {'team_id': False}, {'user_id': self.users['technician'].id}, {'title': "x"},
            {'description': "x"}, {'contact_phone': "1"}, {'appointment_start': '2030-01-01'}, {'active': False},
            {'channel': 'app'}, {'estate_id': False}, {'work_summary': "x", 'priority': '1'},
        ):
            with self.assertRaises(AccessError, msg=vals):
                job.write(vals)
        with self.assertRaises(AccessError):
            job.unlink()
        with self.assertRaises(AccessError):
            job.copy()
        self.as_role('agent', job).write({'priority': '1'})

    def test_somebody_elses_job_is_read_only(self):
        request = self.make_request('in_progress')
        mate = request.with_user(self.second)
        self.assertEqual(mate.title, "Kitchen tap leaks", "the team's jobs can be seen")
        waiting = self.env.ref('property_service.waiting_reason_resident')
        for step in (
            lambda: mate.write({'work_summary': "x"}), lambda: mate.action_done(summary="x"),
            lambda: mate.action_wait(reason_id=waiting.id), lambda: mate.checklist_ids.write({'done': True}),
            lambda: mate.action_resident_absent(summary="x"),
        ):
            with self.assertRaises(AccessError):
                step()
        self.team.leader_id = self.colleague
        mate.checklist_ids.write({'done': True})
        mate.action_done(summary="The leader of the team may")
        self.assertEqual(request.state, 'done')

    def test_record_is_closed_with_the_work(self):
        request = self.make_request('done')
        job = self.as_role('technician', request)
        for step in (
            lambda: job.write({'work_summary': "Something nicer"}),
            lambda: job.checklist_ids[0].write({'done': False}),
            lambda: job.write({'photo_after_ids': [Command.link(self.photo().id)]}),
        ):
            with self.assertRaises(UserError):
                step()

    def test_checklist_cannot_be_bent(self):
        step = self.make_request('in_progress').checklist_ids[0]
        for role in ('technician', 'agent'):
            for vals in ({'required': False}, {'name': "Nothing"}, {'request_id': self.make_request().id}):
                with self.assertRaises(AccessError):
                    self.as_role(role, step).write(vals)
        for vals in ({'done_by_id': self.users['agent'].id}, {'done_at': '2020-01-01'}):
            with self.assertRaises(UserError):
                self.as_role('manager', step).write(vals)
        with self.assertRaises(UserError):
            self.as_role('supervisor', step._name).create({
                'request_id': step.request_id.id, 'name': "x", 'done_by_id': self.users['agent'].id})
        self.as_role('technician', step).write({'done': True, 'note': "Valve stiff"})
        self.assertEqual(step.done_by_id, self.users['technician'])

    def test_photos(self):
        request = self.make_request('in_progress')
        job = self.as_role('technician', request)
        loose = self.photo()
        job.write({'photo_before_ids': [Command.link(loose.id)]})
        self.assertEqual((loose.res_model, loose.res_id), (request._name, request.id), "seen by all who see the job")
        self.assertTrue(loose.with_user(self.second).raw)
        with file_open('web/static/img/logo.png', 'rb') as image:
            job.write({'photo_after_ids': [Command.create({'name': "logo.png", 'raw': image.read()})]})
        self.assertEqual(len(request.photo_after_ids), 1)

    def test_photo_must_be_an_image(self):
        """By its content: neither its name nor the type that a client states makes a file a photo."""
        job = self.as_role('technician', self.make_request('in_progress'))
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        for content, vals in (
            (b'%PDF-1.4 not a photo', {'name': 'photo.png'}), (b'MZ\x90', {'name': 'photo.jpg', 'mimetype': 'image/jpeg'}),
            (svg, {'name': 'photo.svg'}), (b'', {'name': 'photo.png'}),
        ):
            with self.assertRaises(ValidationError, msg=vals):
                job.write({'photo_before_ids': [Command.link(self.photo(content, **vals).id)]})

    def test_photo_size(self):
        job = self.as_role('technician', self.make_request('in_progress'))
        self.company.property_upload_mb = 1
        with self.assertRaises(ValidationError) as error:
            job.write({'photo_before_ids': [Command.link(self.photo(PNG + b'\0' * (2 * 1024 * 1024), mimetype='image/x').id)]})
        self.assertIn("too large: 2.0 MB. The largest photo is 1 MB", str(error.exception))
        self.company.property_upload_mb = 3
        job.write({'photo_before_ids': [Command.link(self.photo(PNG + b'\0' * (2 * 1024 * 1024), mimetype='image/x').id)]})

    def test_photo_of_somebody_else(self):
        job = self.as_role('technician', self.make_request('in_progress'))
        foreign = self.photo(role='manager')
        with self.assertRaises(AccessError):
            job.write({'photo_before_ids': [Command.link(foreign.id)]})

    def test_worker_does_not_accept_without_the_resident(self):
        request = self.make_request('done')
        job = self.as_role('technician', request)
        action = job.action_accept()
        self.assertEqual((action['res_model'], request.state), ('property.service.request.sign', 'done'))
        with Form(job.env[action['res_model']].with_context(action['context'])) as form:
            self.assertEqual(form.signed_by, "Zhang San")
        wizard = form.record
        with self.assertRaises(UserError):
            wizard.action_sign()
        wizard.write({'signature': base64.b64encode(PNG), 'signed_by': "Mrs. Zhang"})
        wizard.action_sign()
        self.assertEqual((request.state, request.signed_by), ('accepted', "Mrs. Zhang"))
        self.assertTrue(request.signature and request.signed_at)
        self.assertEqual(request.state_log_ids[-1].by_id, self.users['technician'])

    def test_signature_must_be_an_image(self):
        job = self.as_role('technician', self.make_request('done'))
        for signature in ("not base64!", base64.b64encode(b'%PDF-1.4').decode(), base64.b64encode(b'').decode() or "=", 5):
            with self.assertRaises(UserError, msg=signature):
                job.action_accept(signature=signature)

    def test_office_accepts_where_no_signature_is_asked_for(self):
        request = self.make_request('done')
        self.assertEqual(self.as_role('agent', request).action_accept(), True)
        self.type_repair.requires_signature = True
        second = self.make_request('done')
        self.assertEqual(self.as_role('agent', second).action_accept()['res_model'], 'property.service.request.sign')
        self.assertEqual(second.state, 'done')

    def test_resident_not_at_home(self):
        self.type_repair.requires_signature = True
        request = self.make_request('in_progress')
        job = self.as_role('technician', request)
        with self.assertRaises(UserError):
            job.action_resident_absent()
        self.assertFalse(request.resident_absent)
        job.checklist_ids.write({'done': True})
        job.work_summary = "Washer replaced"
        job.action_resident_absent()
        self.assertEqual((request.state, request.resident_absent), ('done', True))
        second = self.make_request('done')
        self.as_role('technician', second).action_resident_absent()
        self.assertTrue(second.resident_absent)
        with self.assertRaises(UserError):
            self.as_role('technician', self.make_request('dispatched')).action_resident_absent(summary="x")

    def test_my_jobs(self):
        mine, other = self.make_request('dispatched'), self.make_request('approved')
        other.action_dispatch(employee_id=self.colleague.id)
        action = self.env['ir.actions.act_window'].with_user(self.users['technician'])._for_xml_id(
            'property_service.request_technician_action')
        domain = [('employee_id.user_id', '=', self.users['technician'].id)]
        self.assertIn("('employee_id.user_id', '=', uid)", action['domain'])
        self.assertEqual(self.as_role('technician', mine._name).search(domain), mine)
        self.assertEqual(self.as_role('technician', mine).job_address, "Green Garden · Building 3 · 3-2-1201 · Floor 12")

    def test_messages_and_activities_still_work(self):
        job = self.as_role('technician', self.make_request('in_progress'))
        job.message_post(body="On my way", attachment_ids=self.photo().ids)
        job.activity_schedule('mail.mail_activity_data_todo', user_id=self.users['supervisor'].id, summary="Please call")
        self.assertEqual(len(job.activity_ids), 1)
