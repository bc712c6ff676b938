import base64

from odoo import Command, fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import new_test_user, tagged

from .common import PropertyServiceTransactionCase
from ..models.cases.request import PORTAL_READABLE

READABLE = PORTAL_READABLE | {'amount_total', 'charge_currency_id', 'price_state', 'price_offered_at', 'price_accepted_at', 'warranty_until'}
#: What a client may send for an id, a text or a date: each is answered by a clear message.
NO_IDS = ('abc', '1', -1, 0.5, 2**40, [1], {'id': 1}, True, 999999)
ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='


class CaseProtectionCase(PropertyServiceTransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env['res.company'].create({'name': "Other Property Company"})
        cls.users['foreign'] = new_test_user(
            cls.env, 'ps_foreign', groups='property_service.group_manager',
            company_id=cls.other_company.id, company_ids=[Command.set(cls.other_company.ids)])
        cls.other_estate = cls.env['property.service.estate'].create({
            'name': "Far Away", 'code': 'FAR', 'company_id': cls.other_company.id, 'calendar_id': False})
        cls.own_vals = {'title': "Tap", 'unit_id': cls.unit.id, 'type_id': cls.type_repair.id}
        cls.staff_vals = {**cls.own_vals, 'partner_id': cls.resident.id}

    def _attach(self, user, **vals):
        return self.env['ir.attachment'].with_user(user).create({'name': 'a.png', 'datas': ONE_PIXEL, **vals})


@tagged('post_install', '-at_install')
class TestCaseProtection(CaseProtectionCase):
    """What a call from outside cannot do, whoever makes it."""

    # ---- FORGED FACTS ----

    def test_context_forges_no_default(self):
        forged = {
            'default_state': 'closed', 'default_name': 'SR/1', 'default_responded_at': '2020-01-01', 'default_rework_count': 5,
            'default_done_at': '2020-01-01', 'default_rating_value': 5, 'default_signed_by': "Me", 'default_chase_count': 3,
        }
        request = self.as_role('agent', 'property.service.request').with_context(**forged).create(dict(self.staff_vals))
        self.assertEqual(request.state, 'new')
        self.assertRegex(request.name, r'^SR/\d{4}/\d{5}$')
        for name in ('responded_at', 'rework_count', 'done_at', 'rating_value', 'signed_by', 'chase_count'):
            self.assertFalse(request[name], name)

    def test_own_default_forges_nothing(self):
        self.env['ir.default'].with_user(self.users['agent']).set('property.service.request', 'state', 'closed', user_id=True)
        request = self.as_role('agent', 'property.service.request').create(dict(self.staff_vals))
        self.assertEqual(request.state, 'new')

    def test_default_gives_no_work_away(self):
        Request = self.as_role('agent', 'property.service.request').with_context(default_employee_id=self.worker.id)
        with self.assertRaises(AccessError):
            Request.create(dict(self.staff_vals))

    def test_context_is_no_key(self):
        request = self.make_request('done', type_id=self.type_repair.id)
        self.type_repair.requires_signature = True
        for context in ({'property_service_system': True}, {'property_service_system': {}}, {'install_mode': True},
                        {'property_service_auto_accept': True}):
            with self.assertRaises(UserError):
                self.as_role('resident', request).with_context(**context).action_accept()
            with self.assertRaises(UserError):
                self.as_role('manager', request).with_context(**context).write({'done_at': '2020-01-01'})

    def test_residents_context_does_not_reach_what_is_done_for_them(self):
        context = {'default_employee_id': self.worker.id, 'default_priority': '2', 'default_user_id': self.users['agent'].id,
                   'default_partner_id': self.neighbour.id, 'default_state': 'closed', 'default_team_id': self.team.id,
                   'default_company_id': self.other_company.id, 'default_active': False, 'default_work_summary': "x"}
        request = self.as_role('resident', 'property.service.request').with_context(**context).create(dict(self.own_vals)).sudo()
        self.assertEqual(
            (request.state, request.priority, request.partner_id, request.company_id, request.active),
            ('new', '0', self.resident, self.company, True))
        self.assertFalse(request.employee_id or request.user_id or request.work_summary)

    def test_pauses_cannot_be_written(self):
        request = self.make_request('approved')
        reason = self.env.ref('property_service.waiting_reason_resident')
        for vals in ({'waiting_reason_id': reason.id}, {'waiting_until': '2030-01-01'}, {'waiting_note': "x"},
                     {'cancel_requested': True}):
            with self.assertRaises(UserError):
                self.as_role('manager', request).write(vals)

    def test_log_is_written_by_nobody(self):
        request = self.make_request('approved')
        vals = {'request_id': request.id, 'company_id': self.company.id, 'to_state': 'closed', 'at': '2026-01-01',
                'by_id': self.env.uid}
        for role in ('resident', 'technician', 'agent', 'supervisor', 'quality', 'manager'):
            with self.assertRaises(AccessError):
                self.as_role(role, 'property.service.state.log').create(vals)
            with self.assertRaises(UserError):
                self.as_role(role, request.state_log_ids).write({'by_id': self.env.uid})
            with self.assertRaises(UserError):
                self.as_role(role, request.state_log_ids).unlink()
        for command in (Command.create(vals), Command.delete(request.state_log_ids[0].id), Command.clear(),
                        Command.update(request.state_log_ids[0].id, {'reason': "x"})):
            with self.assertRaises(UserError):
                self.as_role('manager', request).write({'state_log_ids': [command]})
        self.assertEqual(len(request.state_log_ids), 3)

    def test_import_and_copy_start_at_the_beginning(self):
        Request = self.as_role('agent', 'property.service.request')
        result = Request.load(['title', 'state', 'unit_id/.id', 'type_id/.id', 'partner_id/.id'], [
            ["Imported", 'closed', str(self.unit.id), str(self.type_repair.id), str(self.resident.id)]])
        self.assertFalse(result['ids'])
        self.assertTrue(result['messages'])
        done = self.make_request('done')
        copy = self.as_role('agent', done).copy()
        self.assertEqual((copy.state, copy.done_at, copy.employee_id.id, copy.work_summary), ('new', False, False, False))
        with self.assertRaises(UserError):
            self.as_role('agent', done).copy({'state': 'done'})
        with self.assertRaises(UserError):
            self.as_role('agent', done).web_save({'state': 'closed'}, {})

    # ---- STEPS ----

    def test_going_on_is_no_reopening(self):
        """Starting the work leads to the state that reopening leads to, but without reason and without being counted."""
        for state in ('done', 'accepted', 'closed'):
            request = self.make_request(state)
            for step in (lambda request=request: self.as_role('technician', request).action_start(),
                         lambda request=request: self.as_role('technician', request).write({'state': 'in_progress'})):
                with self.assertRaises(UserError):
                    step()
            self.assertEqual((request.state, request.rework_count), (state, 0))

    def test_a_pause_ends_by_going_on(self):
        request = self.make_request('registered')
        registered_by = request.registered_by_id
        agent = self.as_role('agent', request)
        agent.action_wait(reason_id=self.env.ref('property_service.waiting_reason_resident').id, note="On holiday")
        with self.assertRaises(UserError):
            agent.action_register()
        with self.assertRaises(UserError):
            self.as_role('supervisor', request).action_approve()
        agent.action_resume()
        self.assertEqual((request.state, request.registered_by_id), ('registered', registered_by))
        self.assertFalse(request.waiting_reason_id or request.waiting_note or request.waiting_from_state)

    def test_a_pause_that_ends_by_another_step_leaves_nothing_behind(self):
        request = self.make_request('dispatched')
        request.action_wait(reason_id=self.env.ref('property_service.waiting_reason_resident').id, until='2030-01-01')
        self.assertEqual(request.waiting_until, fields.Date.to_date('2030-01-01'))
        request.action_dispatch(employee_id=self.colleague.id)
        self.assertFalse(request.waiting_reason_id or request.waiting_until or request.waiting_from_state)

    def test_others_requests_cannot_be_moved(self):
        elsewhere = self.make_request('dispatched', unit_id=self.unit2.id, partner_id=self.neighbour.id)
        elsewhere._as_system().write({'team_id': False, 'employee_id': self.outsider.id})
        for action, arguments in (
            ('start', {}), ('done', {'summary': "x"}), ('accept', {}), ('return', {'reason': "x"}),
            ('wait', {'reason_id': self.env.ref('property_service.waiting_reason_resident').id}),
            ('cancel', {'reason': "x"}), ('merge', {'master_id': 1}), ('dispatch', {'employee_id': self.worker.id}),
        ):
            for role in ('technician', 'resident', 'former', 'quality', 'accountant', 'hr', 'foreign'):
                with self.assertRaises(UserError, msg=f"{role} {action}"):
                    getattr(self.as_role(role, elsewhere), f'action_{action}')(**arguments)
        self.assertEqual(elsewhere.state, 'dispatched')

    def test_merging_stays_in_the_company(self):
        request = self.make_request()
        foreign = self.env['property.service.request'].create({
            'title': "Far", 'estate_id': self.other_estate.id, 'contact_name': "A", 'contact_phone': "1"})
        messages = set()
        for master_id in (foreign.id, 999999):
            with self.assertRaises(UserError) as error:
                self.as_role('agent', request).action_merge(master_id=master_id)
            messages.add(str(error.exception).replace(str(master_id), '#'))
        self.assertEqual(len(messages), 1)
        with self.assertRaises(UserError):
            request.action_merge(master_id=foreign.id)

    # ---- ARGUMENTS ----

    def test_wrong_ids_get_a_clear_answer(self):
        request = self.make_request('approved')
        supervisor = self.as_role('supervisor', request)
        for value in NO_IDS:
            with self.subTest(value=value):
                with self.assertRaises(UserError):
                    supervisor.action_dispatch(employee_id=value)
                with self.assertRaises(UserError):
                    supervisor.action_wait(reason_id=value)
                with self.assertRaises(UserError):
                    supervisor.action_merge(master_id=value)
                with self.assertRaises(MissingError):
                    supervisor.browse([value] if not isinstance(value, list) else value + [999999]).action_start()

    def test_wrong_texts_and_times_get_a_clear_answer(self):
        request = self.make_request('approved')
        supervisor = self.as_role('supervisor', request)
        for value in (5, ['x'], {'a': 1}, True):
            with self.subTest(value=value):
                with self.assertRaises(UserError):
                    supervisor.action_reject(reason=value)
                with self.assertRaises(UserError):
                    supervisor.action_cancel(reason=value)
                with self.assertRaises(UserError):
                    supervisor.action_done(summary=value)
        for value in ('tomorrow', 5, ['x'], {'a': 1}, '2026-13-45', True, '9' * 400):
            with self.subTest(value=value):
                with self.assertRaises(UserError):
                    supervisor.action_confirm(start=value)
                with self.assertRaises(UserError):
                    supervisor.action_wait(reason_id=self.env.ref('property_service.waiting_reason_resident').id, until=value)
        for value in ('9', 'x', 5, ['1']):
            new = self.make_request('registered')
            with self.assertRaises(UserError):
                self.as_role('supervisor', new).action_approve(priority=value)
        done = self.make_request('done')
        for value in ('no image', 5, base64.b64encode(b'text').decode(), ['x']):
            with self.assertRaises(UserError):
                self.as_role('resident', done).action_accept(signature=value)
        self.assertEqual(done.state, 'done')

    def test_times_are_understood_with_their_zone(self):
        request = self.make_request('approved')
        self.as_role('agent', request).action_confirm(start='2030-05-01T10:00:00+08:00', end='2030-05-01T04:00:00Z')
        self.assertEqual(request.appointment_start, fields.Datetime.to_datetime('2030-05-01 02:00:00'))
        self.assertEqual(request.appointment_end, fields.Datetime.to_datetime('2030-05-01 04:00:00'))

    def test_nul_does_not_break_anything(self):
        request = self.as_role('agent', 'property.service.request').create({**self.staff_vals, 'description': "a\x00b"})
        self.assertEqual(request.description, "ab")
        request.write({'title': "T\x00ap"})
        request.action_cancel(reason="by\x00e")
        self.assertEqual((request.title, request.state_log_ids[-1].reason), ("Tap", "bye"))

    # ---- FILES ----

    def test_files_of_others_cannot_be_linked(self):
        request = self.make_request('in_progress')
        secret = self._attach(self.users['manager'])
        for role in ('agent', 'technician'):
            own = self.as_role(role, request)
            for name in ('photo_after_ids', 'photo_before_ids') + (('attachment_ids',) if role == 'agent' else ()):
                with self.assertRaises(AccessError):
                    own.write({name: [Command.link(secret.id)]})
        with self.assertRaises(AccessError):
            self.as_role('agent', 'property.service.request').create(
                {**self.staff_vals, 'attachment_ids': [Command.link(secret.id)]})
        mine = self._attach(self.users['agent'])
        self.as_role('agent', request).write({'attachment_ids': [Command.link(mine.id)]})
        self.assertEqual(self.as_role('manager', request).attachment_ids.name, 'a.png')
        with self.assertRaises(AccessError):
            self.as_role('resident', 'property.service.request').create(
                {**self.own_vals, 'attachment_ids': [Command.link(secret.id)]})

    # ---- CHECKLIST ----

    def test_checklist_is_ticked_not_rewritten(self):
        step = self.make_request('in_progress').checklist_ids[0]
        own = self.as_role('technician', step)
        for vals in ({'required': False}, {'name': "Nothing"}, {'request_id': self.make_request().id}, {'sequence': 1}):
            with self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(UserError):
            own.write({'done': True, 'done_by_id': self.users['manager'].id, 'done_at': '2020-01-01'})
        own.write({'done': True})
        self.assertEqual(step.done_by_id, self.users['technician'])
        self.as_role('supervisor', step).write({'done': True})
        self.assertEqual(step.done_by_id, self.users['technician'])
        step.request_id.checklist_ids.write({'done': True})
        step.request_id.action_done(summary="Done")
        with self.assertRaises(UserError):
            own.write({'done': False})

    # ---- RATINGS ----

    def test_ratings_are_not_made_by_those_who_are_rated(self):
        request = self.make_request('done')
        rating = self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id(request._name), 'res_id': request.id, 'partner_id': self.resident.id})
        for role in ('technician', 'manager', 'foreign', 'hr'):
            own = self.as_role(role, rating)
            self.assertFalse(own.search([('res_model', '=', request._name)]), role)
            for step in (lambda own=own: own.read(['access_token']), lambda own=own: own.write({'rating': 5}),
                         lambda own=own: own.create({'res_model_id': rating.res_model_id.id, 'res_id': request.id, 'rating': 5})):
                with self.assertRaises(AccessError, msg=role):
                    step()
        rating.write({'rating': 4, 'consumed': True})
        self.assertTrue(self.as_role('technician', rating).search([('res_model', '=', request._name)]))
        self.assertEqual(self.as_role('agent', rating).rating, 4)
        self.assertFalse(self.as_role('foreign', rating).search([('res_model', '=', request._name)]))
        with self.assertRaises(AccessError):
            self.as_role('technician', rating).write({'rating': 5})
        other = self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id('res.partner'), 'res_id': self.resident.id})
        self.as_role('technician', other).write({'rating': 5})
        self.assertEqual(other.rating, 5)


@tagged('post_install', '-at_install')
class TestResidentProtection(CaseProtectionCase):
    """What residents cannot find out or do over RPC."""

    def _search(self, role, domain, **kwargs):
        return self.as_role(role, 'property.service.request').search(domain, **kwargs)

    def test_only_the_listed_fields_are_read(self):
        request = self.make_request('in_progress')
        own = self.as_role('resident', request)
        readable = {name for name, field in own._fields.items() if own._has_field_access(field, 'read')}
        self.assertLessEqual(readable, READABLE)
        self.assertLessEqual(set(own.fields_get()), READABLE)
        for name in ('employee_id', 'state_log_ids', 'message_ids', 'access_token', 'related_ids', 'user_id', 'attachment_ids',
                     'activity_ids', 'signature', 'merged_into_id', 'message_follower_ids', 'registered_by_id', 'checklist_ids'):
            with self.assertRaises(AccessError, msg=name):
                own.read([name])
            with self.assertRaises(UserError, msg=name):
                own.export_data([name])
            with self.assertRaises(AccessError, msg=name):
                own.web_read({name: {}})
        self.assertEqual(own.read(['title'])[0]['title'], request.title)
        self.assertLessEqual(set(own.read()[0]), READABLE)

    def test_hidden_fields_answer_no_question(self):
        request = self.make_request('in_progress')
        request.message_subscribe(self.users['agent'].partner_id.ids)
        for domain in (
            [('employee_id.name', 'ilike', 'wang')], [('employee_id', 'any', [('name', 'ilike', 'wang')])],
            [('employee_id', '=', self.worker.id)], [('access_token', '=', 'x')], [('state_log_ids.reason', 'ilike', 'x')],
            [('message_ids.body', 'ilike', 'x')], [('message_partner_ids', 'in', self.users['agent'].partner_id.ids)],
            [('message_follower_ids.partner_id', '=', 1)], [('activity_user_id', '=', 1)],
            [('activity_ids.summary', 'ilike', 'x')],
            [('user_id.login', 'ilike', 'a')], [('related_ids', '!=', False)], [('message_has_error', '=', True)],
            [('type_id.callback_rate', '>', 10)], [('type_id.team_id.name', 'ilike', 'e')],
            [('unit_id.decoration', 'ilike', 'x')],
            [('unit_id.request_ids.title', 'ilike', 'x')], [('estate_id.manager_id', '!=', False)],
            [('unit_id.qr_token', 'like', 'a')],
        ):
            with self.assertRaises(AccessError, msg=domain):
                self._search('resident', domain)
            with self.assertRaises(AccessError, msg=domain):
                self.as_role('resident', 'property.service.request').search_count(domain)
        for name in ('employee_id', 'user_id', 'access_token', 'registered_by_id'):
            Request = self.as_role('resident', 'property.service.request')
            with self.assertRaises(AccessError, msg=name):
                Request.search([], order=name)
            with self.assertRaises(AccessError, msg=name):
                Request.formatted_read_group([], [name], ['__count'])
            with self.assertRaises(AccessError, msg=name):
                Request.formatted_read_group([], [], [f'{name}:count_distinct'])
            with self.assertRaises(AccessError, msg=name):
                Request.web_read_group([], [name])
        domain = [('is_closed', '=', False), ('title', 'ilike', 'tap')]
        self.assertEqual(self._search('resident', domain, order='create_date'), request)

    def test_foreign_and_absent_are_the_same(self):
        foreign = self.make_request(unit_id=self.unit2.id, partner_id=self.neighbour.id)
        Request = self.as_role('resident', 'property.service.request')
        for call in (lambda r: r.read(['title']), lambda r: r.action_cancel(reason="x"), lambda r: r.action_accept(),
                     lambda r: r.action_chase(), lambda r: r.action_return(reason="x"), lambda r: r.web_read({'title': {}})):
            answers = set()
            for id_ in (foreign.id, 999999):
                with self.assertRaises(MissingError) as error:
                    call(Request.browse(id_))
                answers.add(str(error.exception).replace(str(id_), '#'))
            self.assertEqual(len(answers), 1, answers)

    def test_residents_write_and_delete_nothing(self):
        request = self.make_request()
        own = self.as_role('resident', request)
        for vals in ({'title': "x"}, {'state': 'closed'}, {'partner_id': self.neighbour.id}, {'priority': '2'}):
            with self.assertRaises(UserError):
                own.write(vals)
            with self.assertRaises(UserError):
                own.web_save(vals, {})
        with self.assertRaises(UserError):
            own.unlink()
        with self.assertRaises(UserError):
            own.copy()
        with self.assertRaises(AccessError):
            own.copy({'employee_id': self.worker.id})
        for action in ('register', 'approve', 'reject', 'confirm', 'dispatch', 'start', 'wait', 'resume', 'done', 'close',
                       'merge'):
            with self.assertRaises(AccessError, msg=action):
                getattr(own, f'action_{action}')()
        self.assertEqual(request.state, 'new')

    def test_residents_report_only_what_is_theirs(self):
        Request = self.as_role('resident', 'property.service.request')
        foreign_type = self.env['property.service.type'].create({
            'name': "Far", 'code': 'far', 'category_id': self.category.id, 'company_id': self.other_company.id})
        hidden_type = self.type_repair.copy({'code': 'h', 'portal_visible': False})
        archived_type = self.type_repair.copy({'code': 'a', 'active': False})
        far_building = self.env['property.service.building'].create({'name': "F", 'code': 'F', 'estate_id': self.other_estate.id})
        far_unit = self.env['property.service.unit'].create({'name': "F", 'code': 'F', 'building_id': far_building.id})
        for vals in (
            {'unit_id': self.unit2.id}, {'unit_id': far_unit.id}, {'unit_id': False}, {'unit_id': 'abc'}, {'unit_id': [1]},
            {'unit_id': -5}, {'type_id': foreign_type.id}, {'type_id': hidden_type.id}, {'type_id': archived_type.id}, {'type_id': {}},
            {'title': False}, {'partner_id': self.neighbour.id}, {'state': 'closed'}, {'employee_id': self.worker.id}, {'priority': '2'},
            {'no_field': 1}, {'checklist_ids': [Command.create({'name': "x"})]}, {'message_ids': [Command.create({'body': "x"})]},
            {'team_id': self.team.id}, {'user_id': self.users['agent'].id}, {'access_token': 'x'}, {'company_id': self.other_company.id},
        ):
            with self.assertRaises(UserError, msg=vals):
                Request.create({**self.own_vals, **vals})
        request = Request.create({
            **self.own_vals, 'estate_id': self.other_estate.id, 'building_id': far_building.id, 'channel': 'phone'})
        self.assertEqual((request.estate_id, request.building_id, request.channel), (self.estate, self.building, 'portal'))
        loaded = Request.load(['title', 'unit_id/.id', 'type_id/.id'], [["x", str(self.unit2.id), str(self.type_repair.id)]])
        self.assertFalse(loaded['ids'])
        self.assertTrue(loaded['messages'])

    def test_access_ends_on_the_day_of_moving_out(self):
        request = self.make_request('in_progress')
        request.message_post(body="We come tomorrow", subtype_xmlid='mail.mt_comment', message_type='comment',
                             partner_ids=self.resident.ids)
        own = self.as_role('resident', request)
        own.message_post(body="Please ring twice")
        Message = self.as_role('resident', 'mail.message')
        domain = [('model', '=', request._name), ('res_id', '=', request.id)]
        messages = Message.search(domain)
        self.assertGreaterEqual(len(messages), 2)
        self.unit.residency_ids.filtered(lambda r: r.partner_id == self.resident).date_end = fields.Date.today()
        self.env.invalidate_all()
        self.assertFalse(self._search('resident', []))
        with self.assertRaises(MissingError):
            own.read(['title'])
        self.assertFalse(Message.search(domain))
        with self.assertRaises(AccessError):
            messages.read(['body'])
        with self.assertRaises(MissingError):
            own.message_post(body="Still there?")
        with self.assertRaises(UserError):
            self.as_role('resident', 'property.service.request').create(dict(self.own_vals))
        self.unit.residency_ids.filtered(lambda r: r.partner_id == self.resident).date_end = False
        self.env.invalidate_all()
        self.assertEqual(Message.search(domain), messages)

    def test_notes_of_staff_are_not_read(self):
        request = self.make_request('in_progress')
        request.with_user(self.users['agent']).message_post(body="Difficult customer", subtype_xmlid='mail.mt_note')
        request.with_user(self.users['agent']).message_post(
            body="We are on it", subtype_xmlid='mail.mt_comment', message_type='comment')
        file = self._attach(self.users['agent'], res_model=request._name, res_id=request.id)
        note = request.message_ids.filtered(lambda message: "Difficult" in message.body)
        Message = self.as_role('resident', 'mail.message')
        bodies = Message.search([('model', '=', request._name), ('res_id', '=', request.id)]).mapped('body')
        self.assertIn("We are on it", "".join(bodies))
        self.assertNotIn("Difficult", "".join(bodies))
        with self.assertRaises(AccessError):
            note.with_user(self.users['resident']).read(['body'])
        for role in ('resident', 'neighbour', 'former'):
            with self.assertRaises(AccessError):
                self.as_role(role, file).read(['name'])
            with self.assertRaises(AccessError):
                self.as_role(role, 'ir.attachment').search([('res_model', '=', request._name)])
            with self.assertRaises(AccessError):
                self.as_role(role, 'rating.rating').search([])
        for role in ('neighbour', 'former'):
            self.assertFalse(self.as_role(role, 'mail.message').search([('model', '=', request._name)]))
            with self.assertRaises(AccessError):
                self.as_role(role, request.message_ids).read(['body'])

    def test_conversations_about_the_place_are_staffs(self):
        for record in (self.unit, self.estate, self.type_repair):
            record.message_post(body="Has not paid", subtype_xmlid='mail.mt_comment', message_type='comment')
            Message = self.as_role('resident', 'mail.message')
            self.assertFalse(Message.search([('model', '=', record._name), ('res_id', '=', record.id)]))
            with self.assertRaises(AccessError):
                self.as_role('resident', record.message_ids).read(['body'])
            with self.assertRaises(AccessError):
                self.as_role('resident', record).message_post(body="Hello")

    def test_the_place_shows_residents_its_address_and_no_more(self):
        for record, hidden in (
            (self.unit, ('decoration', 'equipment', 'qr_token', 'residency_ids', 'request_count', 'document_count')),
            (self.estate, ('manager_id', 'resident_count', 'team_ids', 'unit_ids', 'partner_id')),
            (self.building, ('unit_ids', 'unit_count')),
            (self.unit.residency_ids.filtered(lambda r: r.partner_id == self.resident), ('note',)),
            (self.type_repair, ('team_id', 'callback_rate', 'skill_ids', 'checklist_ids', 'product_id')),
            (self.category, ('team_id', 'department_id', 'type_ids')),
        ):
            own = self.as_role('resident', record)
            self.assertTrue(own.read(['display_name'])[0]['display_name'])
            for name in hidden:
                with self.assertRaises(AccessError, msg=name):
                    own.read([name])

    def test_staff_of_another_company_learns_nothing_from_wizards(self):
        request = self.make_request('in_progress')
        for model, values in (
            ('property.service.request.sign', {'request_id': request.id}),
            ('property.service.request.dispatch', {'mode': 'single', 'request_id': request.id}),
            ('property.service.request', {'partner_id': self.resident.id, 'unit_id': self.unit.id}),
        ):
            Model = self.as_role('foreign', model)
            spec = {name: {} for name in ('signed_by', 'work_summary', 'appointment_start', 'estate_id', 'building_id') if name in Model._fields}
            self.env.invalidate_all()
            try:
                answer = Model.onchange({**values}, list(values), spec)
            except AccessError:
                continue
            self.assertFalse({name: value for name, value in answer['value'].items() if value}, model)
