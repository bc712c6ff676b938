from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

GROUPS = {
    'technician': 'property_service.group_technician',
    'agent': 'property_service.group_agent',
    'supervisor': 'property_service.group_supervisor',
    'manager': 'property_service.group_manager',
    'quality': 'property_service.group_quality',
    'hr': 'base.group_user,hr.group_hr_user',
    'accountant': 'base.group_user,account.group_account_invoice',
    'resident': 'base.group_portal',
    'neighbour': 'base.group_portal',
    'former': 'base.group_portal',
}


class PropertyServiceCase:
    """A small property company: one estate with a flat, a second flat and a lobby; one user per role.

    Mixed into TransactionCase and HttpCase alike. Users are ``cls.users['agent']`` and so on; their password is the login.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.company = env.company
        cls._set_shipped_catalogue(False)  # the tests have their own, with names of their own
        cls.company.resource_calendar_id.tz = 'Asia/Shanghai'
        cls.users = {
            role: new_test_user(env, f'ps_{role}', groups=groups, name=f"Test {role.capitalize()}", tz='Asia/Shanghai',
                                password=f'ps_{role}', email=f'{role}@example.com')
            for role, groups in GROUPS.items()
        }
        Employee = env['hr.employee']
        cls.worker = Employee.create({'name': "Wang Worker", 'user_id': cls.users['technician'].id})
        cls.colleague = Employee.create({'name': "Li Colleague"})
        cls.leader = Employee.create({'name': "Zhao Leader", 'user_id': cls.users['supervisor'].id})
        cls.outsider = Employee.create({'name': "Chen Outsider"})
        cls.team = env['property.service.team'].create({
            'name': "Engineering", 'leader_id': cls.leader.id,
            'member_ids': [Command.set((cls.worker | cls.colleague).ids)],
        })
        cls.category = env['property.service.category'].create({'name': "Repair", 'code': 'repair', 'team_id': cls.team.id})
        Type = env['property.service.type']
        cls.type_repair = Type.create({
            'name': "Water Leak", 'code': 'leak', 'category_id': cls.category.id, 'planned_hours': 2.0,
            'checklist_ids': [Command.create({'name': "Close the valve"}), Command.create({'name': "Test for leaks"})],
        })
        cls.type_simple = Type.create({
            'name': "Parcel", 'code': 'parcel', 'category_id': cls.category.id, 'requires_review': False})
        cls.type_enquiry = Type.create({
            'name': "Opening Hours", 'code': 'question', 'category_id': cls.category.id, 'kind': 'enquiry', 'requires_review': False})
        cls.estate = env['property.service.estate'].create({'name': "Green Garden", 'code': 'GG'})
        cls.building = env['property.service.building'].create({'name': "Building 3", 'code': '3', 'estate_id': cls.estate.id})
        Unit = env['property.service.unit']
        cls.unit = Unit.create({'name': "3-2-1201", 'code': '1201', 'building_id': cls.building.id, 'floor': 12})
        cls.unit2 = Unit.create({'name': "3-2-1202", 'code': '1202', 'building_id': cls.building.id, 'floor': 12})
        cls.lobby = Unit.create({'name': "Lobby", 'code': 'LOBBY', 'building_id': cls.building.id, 'use': 'common'})
        cls.resident = cls.users['resident'].partner_id
        cls.resident.write({'name': "Zhang San", 'phone': "138 0013 8000"})
        cls.neighbour = cls.users['neighbour'].partner_id
        cls.former = cls.users['former'].partner_id
        Residency = env['property.service.residency']
        Residency.create([
            {'unit_id': cls.unit.id, 'partner_id': cls.resident.id, 'role': 'owner', 'date_start': '2020-01-01', 'is_primary': True},
            {'unit_id': cls.unit2.id, 'partner_id': cls.neighbour.id, 'role': 'tenant', 'date_start': '2020-01-01'},
            {'unit_id': cls.unit.id, 'partner_id': cls.former.id, 'role': 'tenant', 'date_start': '2019-01-01',
             'date_end': '2020-01-01'},
        ])

    @classmethod
    def _set_shipped_catalogue(cls, active):
        """Archive what is shipped to begin with, or bring it back; questions about bills stay."""
        for model in ('property.service.type', 'property.service.category'):
            shipped = cls.env['ir.model.data'].search([('module', '=', 'property_service'), ('model', '=', model)])
            records = cls.env[model].browse(shipped.mapped('res_id')).exists()
            records -= cls.env.ref('property_service.type_fee_query' if model.endswith('type') else 'property_service.category_fee')
            records.with_context(tracking_disable=True).write({'active': active})

    @classmethod
    def as_role(cls, role, record_or_model):
        """Return the record, or the model of that name, in the environment of the role's user."""
        if isinstance(record_or_model, str):
            return cls.env[record_or_model].with_user(cls.users[role])
        return record_or_model.with_user(cls.users[role])

    @classmethod
    def make_request(cls, state='new', **vals):
        """Create a request of the resident's flat and take it to ``state`` by the usual steps."""
        request = cls.env['property.service.request'].create({
            'title': "Kitchen tap leaks", 'description': "Since this morning.", 'type_id': cls.type_repair.id,
            'unit_id': cls.unit.id, 'partner_id': cls.resident.id, 'channel': 'phone', **vals,
        })
        steps = [
            ('registered', lambda: request.action_register()),
            ('approved', lambda: request.state == 'registered' and request.action_approve()),
            ('dispatched', lambda: request.action_dispatch(employee_id=cls.worker.id)),
            ('in_progress', lambda: request.action_start()),
            ('done', lambda: (request.checklist_ids.write({'done': True}), request.action_done(summary="Washer replaced."))),
            ('accepted', lambda: request.action_accept()),
            ('closed', lambda: request.action_close()),
        ]
        if state != 'new':
            for name, step in steps:
                step()
                if name == state:
                    break
        return request


class PropertyServiceTransactionCase(PropertyServiceCase, TransactionCase):
    pass
