from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import PropertyServiceTransactionCase

STAFF = ('technician', 'agent', 'supervisor', 'manager', 'quality')
OWN_MODELS = 'property.service.'


def get_specification(arch, models, model):
    """Return the specification that the web client sends for the fields of a view."""
    specification = {}
    for node in arch.xpath('.//field[not(ancestor::field)]'):
        name = node.get('name')
        field = models[model]['fields'].get(name)
        if not field:
            continue
        if field['type'] in ('one2many', 'many2many'):
            sub = node.find('./list')
            comodel = field['relation']
            specification[name] = {'fields': get_specification(
                etree.fromstring(etree.tostring(sub)), models, comodel) if sub is not None else {}, 'limit': 40}
        elif field['type'] == 'many2one':
            specification[name] = {'fields': {'display_name': {}}}
        else:
            specification[name] = {}
    return specification


@tagged('post_install', '-at_install')
class TestViews(PropertyServiceTransactionCase):
    """Each role opens each of its screens: views load, and what they show can be read by that role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for state in ('new', 'registered', 'approved', 'in_progress', 'done', 'closed'):
            cls.make_request(state)
        cls.enquiry = cls.make_request('registered', type_id=cls.type_enquiry.id)

    def _get_actions(self, user):
        """Return the window actions behind the menus that the user sees in the application."""
        Menu = self.env['ir.ui.menu'].with_user(user)
        root = self.env.ref('property_service.menu_root')
        visible = Menu._visible_menu_ids()
        menus = Menu.sudo().search([('id', 'child_of', root.id)]).filtered(
            lambda menu: all(int(ancestor) in visible for ancestor in menu.parent_path.split('/') if ancestor))
        return self.env['ir.actions.act_window'].browse(
            menu.action.id for menu in menus if menu.action and menu.action._name == 'ir.actions.act_window')

    def _open(self, model, views, context, domain):
        """Do what the web client does when it opens the views."""
        loaded = model.with_context(**context).get_views(views, {'toolbar': True, 'load_filters': True})
        opened = []
        for view_type, view in loaded['views'].items():
            arch = etree.fromstring(view['arch'])
            if view_type in ('search', 'activity', 'calendar'):
                continue
            if view_type in ('pivot', 'graph'):
                groups = [
                    f"{node.get('name')}:{node.get('interval')}" if node.get('interval') else node.get('name')
                    for node in arch.findall('field') if node.get('type') != 'measure']
                model.formatted_read_group(domain, groups[:2], ['__count'])
                opened.append(view_type)
                continue
            specification = get_specification(arch, loaded['models'], model._name)
            self.assertTrue(specification, f"{model._name} {view_type} shows nothing")
            if view_type == 'form':
                records = model.search(domain, limit=20)
                records.web_read(specification)
                model.onchange({}, [], specification) if model.has_access('create') else None
            else:
                model.with_context(**context).web_search_read(domain, specification, limit=40, count_limit=10001)
                group = arch.get('default_group_by')
                if group:
                    model.web_read_group(domain, [group], ['__count'], auto_unfold=True, unfold_read_specification=specification)
            opened.append(view_type)
        return opened

    def test_each_role_opens_each_screen(self):
        opened = {}
        for role in STAFF:
            user = self.users[role]
            for action in self._get_actions(user):
                if not action.res_model.startswith(OWN_MODELS):
                    continue
                with self.subTest(role=role, action=action.name, model=action.res_model):
                    model = self.env[action.res_model].with_user(user)
                    values = {'uid': user.id, 'active_id': False, 'context': {}}
                    domain = safe_eval(action.domain or '[]', values)
                    context = {key: value for key, value in safe_eval(action.context or '{}', values).items()
                               if not key.startswith('search_default_')}
                    opened.setdefault(role, set()).add(action.id)
                    self.assertTrue(self._open(model, [*action.views, (action.search_view_id.id, 'search')], context, domain))
        for role in STAFF:
            self.assertTrue(opened.get(role), f"{role} sees no screen at all")
        self.assertLess(opened['technician'], opened['manager'])

    def test_menus_by_role(self):
        def actions(role):
            return self._get_actions(self.users[role])
        ref = self.env.ref
        intake, review = ref('property_service.request_intake_action'), ref('property_service.request_action_review')
        catalogue = ref('property_service.type_action')
        self.assertNotIn(intake, actions('technician'))
        self.assertIn(intake, actions('agent'))
        self.assertNotIn(review, actions('agent'))
        self.assertIn(review, actions('supervisor'))
        self.assertNotIn(catalogue, actions('supervisor'))
        self.assertIn(catalogue, actions('manager'))
        for role in ('hr', 'accountant'):
            self.assertFalse(actions(role) & (intake | review | catalogue))

    def test_buttons_by_role(self):
        """Buttons of steps that a role may not take are not in its view at all."""
        def buttons(role):
            view = self.as_role(role, 'property.service.request').get_view(
                self.env.ref('property_service.request_view_form').id, 'form')
            return {node.get('name') for node in etree.fromstring(view['arch']).xpath('//header/button')}
        self.assertLessEqual({'action_start', 'action_done', 'action_wait'}, buttons('technician'))
        self.assertFalse({'action_register', 'action_approve', 'action_dispatch', 'action_cancel'} & buttons('technician'))
        self.assertIn('action_register', buttons('agent'))
        self.assertFalse({'action_approve', 'action_dispatch', 'action_reject'} & buttons('agent'))
        self.assertLessEqual({'action_approve', 'action_dispatch', 'action_reject'}, buttons('supervisor'))

    def test_every_button_belongs_to_the_table(self):
        """A button is shown only in states from which its step may begin."""
        Request = self.env['property.service.request']
        view = Request.get_view(self.env.ref('property_service.request_view_form').id, 'form')
        states = dict(Request._fields['state']._description_selection(self.env))
        targets = {action: state for state, action in Request._state_actions.items()}
        targets.update({'return': 'in_progress', 'merge': 'cancelled'})
        for node in etree.fromstring(view['arch']).xpath("//header/button[@type='object']"):
            action = node.get('name').removeprefix('action_')
            for state in states:
                for kind in ('service', 'enquiry'):
                    hidden = safe_eval(node.get('invisible') or 'False', {
                        **dict.fromkeys(Request._fields, False), 'state': state, 'kind': kind, 'id': 1,
                        'is_closed': state in Request._closed_states})
                    if hidden:
                        continue
                    with self.subTest(button=node.get('string'), state=state, kind=kind):
                        if action == 'resume':
                            self.assertEqual(state, 'waiting')
                        elif action == 'start':
                            self.assertIn(state, Request._action_from['start'])
                        elif action in targets:
                            self.assertIn(targets[action], Request._transitions[state])

    def test_no_delete_button(self):
        for name in ('request_view_form', 'request_view_list', 'request_view_kanban', 'request_intake_view_form'):
            view = self.as_role('manager', 'property.service.request').get_view(self.env.ref(f'property_service.{name}').id)
            self.assertEqual(etree.fromstring(view['arch']).get('delete'), '0', name)

    def test_steps_ask_in_a_dialog(self):
        request = self.make_request('in_progress').with_user(self.users['supervisor'])
        for step in ('wait', 'done', 'cancel'):
            action = getattr(request, f'action_{step}')()
            model = self.env[action['res_model']].with_user(self.users['supervisor']).with_context(**action['context'])
            view = model.get_views([(False, 'form')])['views']['form']
            specification = get_specification(
                etree.fromstring(view['arch']), model.get_views([(False, 'form')])['models'], action['res_model'])
            values = model.onchange({}, [], specification)['value']
            self.assertEqual(values['action'], step)
            self.assertEqual(values['request_count'], 1)


@tagged('post_install', '-at_install')
class TestSearchFilters(PropertyServiceTransactionCase):
    """The filters find what their names say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        view = cls.env.ref('property_service.request_view_search')
        cls.arch = etree.fromstring(cls.env['property.service.request'].get_view(view.id, 'search')['arch'])

    def _find(self, name, role='supervisor'):
        domain = self.arch.xpath(f"//filter[@name='{name}']")[0].get('domain')
        user = self.users[role]
        return self.as_role(role, 'property.service.request').search(safe_eval(domain, {'uid': user.id}))

    def test_every_filter_and_group_works(self):
        self.make_request('dispatched')
        Request = self.as_role('supervisor', 'property.service.request')
        filters = groups = 0
        for node in self.arch.xpath('//filter'):
            with self.subTest(filter=node.get('name')):
                if node.get('domain'):
                    Request.web_search_read(safe_eval(node.get('domain'), {'uid': Request.env.uid}), {'name': {}}, limit=80)
                    filters += 1
                elif node.get('context'):
                    group = literal_eval(node.get('context'))['group_by']
                    self.assertTrue(Request.web_read_group([], [group], ['__count'])['groups'])
                    groups += 1
        self.assertGreaterEqual(filters, 20)
        self.assertGreaterEqual(groups, 10)

    def test_states(self):
        requests = {state: self.make_request(state) for state in
                    ('new', 'registered', 'approved', 'dispatched', 'in_progress', 'done', 'closed')}
        requests['waiting'] = self.make_request('in_progress')
        requests['waiting'].action_wait(reason_id=self.env.ref('property_service.waiting_reason_material').id)
        everything = self.env['property.service.request'].union(*requests.values())

        def found(name):
            here = self._find(name).sudo(False) & everything.with_user(self.users['supervisor'])
            return {state for state, request in requests.items() if request.id in here.ids}
        self.assertEqual(found('open'), {'new', 'registered', 'approved', 'dispatched', 'in_progress', 'waiting'})
        self.assertEqual(found('new'), {'new'})
        self.assertEqual(found('to_review'), {'registered'})
        self.assertEqual(found('to_dispatch'), {'approved'})
        self.assertEqual(found('to_schedule'), set())
        self.type_repair.requires_appointment = True
        self.assertEqual(found('to_dispatch'), set())
        self.assertEqual(found('to_schedule'), {'approved'})
        self.assertEqual(found('waiting'), {'waiting'})
        self.assertEqual(found('to_accept'), {'done'})
        self.assertEqual(found('closed'), {'closed'})
        self.assertEqual(found('unassigned'), {'new', 'registered', 'approved'})
        self.assertLessEqual({'new', 'registered'}, found('no_reply'))
        self.assertNotIn('done', found('no_reply'))

    def test_people(self):
        request = self.make_request('approved', user_id=self.users['agent'].id, priority='2')
        self.assertIn(request.id, self._find('mine', 'agent').ids)
        self.assertNotIn(request.id, self._find('mine').ids)
        self.assertIn(request.id, self._find('my_teams').ids, "the supervisor leads the team")
        self.assertIn(request.id, self._find('my_teams', 'technician').ids, "the technician is a member")
        self.assertNotIn(request.id, self._find('my_teams', 'agent').ids)
        self.assertIn(request.id, self._find('urgent').ids)
        request.action_archive()
        self.assertNotIn(request.id, self._find('mine', 'agent').ids)
        self.assertIn(request.id, self._find('archived').ids)

    def test_days_are_the_users(self):
        """Today is today in the user's time zone (Shanghai), not in UTC."""
        with freeze_time('2026-11-22 17:00:00'):
            request = self.make_request('approved')  # 01:00 of the 23rd in Shanghai
            request._as_system().write({'appointment_start': '2026-11-23 01:00:00', 'appointment_end': '2026-11-23 02:00:00'})
            self.assertIn(request.id, self._find('today').ids)
            request._as_system().write({'appointment_start': '2026-11-22 10:00:00', 'appointment_end': '2026-11-22 11:00:00'})
            self.assertNotIn(request.id, self._find('today').ids)

    def test_promised_replies(self):
        late = self.make_request('registered', type_id=self.type_enquiry.id)
        late._as_system().write({'promised_at': late.create_date})
        self.assertIn(late.id, self._find('promise_due').ids)
        late.action_done(summary="Answered")
        self.assertNotIn(late.id, self._find('promise_due').ids)


@tagged('post_install', '-at_install')
class TestLinks(PropertyServiceTransactionCase):
    """Smart buttons of unit, estate and resident: right counts, in one query for any number of records."""

    def test_counts(self):
        self.make_request('approved')
        self.make_request('closed')
        self.make_request('approved', unit_id=self.unit2.id, partner_id=self.neighbour.id)
        self.assertEqual(self.as_role('agent', self.estate).open_request_count, 2)
        for record, total, unfinished in ((self.unit, 2, 1), (self.unit2, 1, 1), (self.lobby, 0, 0)):
            record = self.as_role('agent', record)
            self.assertEqual((record.request_count, record.open_request_count), (total, unfinished), record.display_name)
        resident = self.as_role('agent', self.resident)
        self.assertEqual((resident.property_request_count, resident.property_open_request_count), (2, 1))
        action = self.as_role('agent', self.unit).action_open_requests()
        self.assertEqual(self.env['property.service.request'].search_count(action['domain']), 2)

    def test_counts_take_one_query(self):
        units = self.env['property.service.unit'].create([
            {'name': f"U{number}", 'code': f"U{number}", 'building_id': self.building.id} for number in range(10)])
        self.make_request(unit_id=units[0].id)
        units = self.as_role('agent', units)
        partners = self.as_role('agent', self.resident | self.neighbour | self.former)
        units.mapped('request_count'), partners.mapped('property_request_count')
        self.env.flush_all()
        for records, name in ((units, 'request_count'), (partners, 'property_request_count')):
            records.invalidate_recordset([name])
            with self.assertQueryCount(1):
                records.mapped(name)

    def test_new_request_from_unit_and_resident(self):
        action = self.as_role('agent', self.unit).action_new_request()
        self.assertEqual(action['context']['default_unit_id'], self.unit.id)
        action = self.as_role('agent', self.resident).action_new_property_request()
        self.assertEqual(action['context']['default_partner_id'], self.resident.id)

    def test_history_in_words(self):
        request = self.make_request('in_progress')
        request.action_wait(reason_id=self.env.ref('property_service.waiting_reason_material').id, note="Cartridge")
        lines = self.as_role('agent', request).state_log_ids
        self.assertEqual(lines[0].to_label, "Submitted")
        self.assertFalse(lines[0].from_label)
        self.assertEqual((lines[-1].from_label, lines[-1].to_label), ("In Progress", "Waiting"))
        self.assertEqual(lines[-1].comment, "Waiting for material: Cartridge")
