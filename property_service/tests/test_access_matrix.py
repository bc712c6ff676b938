from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import PropertyServiceTransactionCase

ROLES = 'public resident neighbour former technician agent supervisor quality hr accountant manager foreign'.split()
#: c create, r read, w write, d delete, - nothing. The records belong to the resident's flat and to the technician's team; wizards
#: belong to the supervisor. "foreign" is the manager of another company and tries to create in this one.
MATRIX = {
    #                                        public resident neighbour former technician agent super quality hr acc manager other
    'property.service.estate':               '-      r        r         -      r          r     r     r       -  -   crwd    -',
    'property.service.building':             '-      r        r         -      r          r     r     r       -  -   crwd    -',
    'property.service.unit':                 '-      r        -         -      r          rw    rw    r       -  -   crwd    -',
    'property.service.residency':            '-      r        -         -      r          crw   crw   r       -  -   crwd    -',
    'property.service.category':             '-      r        r         r      r          r     r     r       -  -   crwd    -',
    'property.service.type':                 '-      r        r         r      r          r     r     r       -  -   crwd    -',
    'property.service.type.skill':           '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.type.checklist':       '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.team':                 '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.waiting.reason':       '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.request':              '-      cr       -         -      r          crwd  crwd  r       -  -   crwd    -',
    'property.service.request.checklist':    '-      -        -         -      rw         rw    crwd  r       -  -   crwd    -',
    'property.service.state.log':            '-      -        -         -      r          r     r     r       -  -   r       -',
    'property.service.request.action':       '-      -        -         -      c          c     crwd  -       -  -   c       -',
    'property.service.request.dispatch':     '-      -        -         -      -          -     crwd  -       -  -   c       -',
    'property.service.request.dispatch.line': '-      -        -         -      -          -     crwd  -       -  -   c       -',
    'property.service.request.sign':         '-      -        -         -      c          c     crwd  -       -  -   c       -',
    'property.service.complaint':            '-      cr       -         -      -          crwd  crwd  r       -  -   crwd    -',
    'property.service.complaint.action':     '-      -        -         -      -          c     crwd  -       -  -   c       -',
    'property.service.authority':            '-      -        -         -      -          r     r     -       -  -   crwd    -',
    'property.service.callback':             '-      -        -         -      -          crw   crw   r       -  -   crwd    -',
    'property.service.callback.action':      '-      -        -         -      -          c     crwd  -       -  -   c       -',
    'property.service.callback.attempt':     '-      -        -         -      -          r     r     r       -  -   r       -',
    'property.service.callback.rule':        '-      -        -         -      -          -     r     r       -  -   crwd    -',
    'property.service.callback.draw':        '-      -        -         -      -          -     r     r       -  -   r       -',
    'property.service.visit.plan':           '-      -        -         -      -          -     r     -       -  -   crwd    -',
    'property.service.greeting':             '-      -        -         -      -          -     r     -       -  -   crwd    -',
    'property.service.sla.policy':           '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.sla.escalation':       '-      -        -         -      r          r     r     r       -  -   crwd    -',
    'property.service.sla.event':            '-      -        -         -      -          -     r     r       -  -   r       -',
    'property.service.sla.report':           '-      -        -         -      -          -     r     r       -  -   r       -',
    'property.service.sla.recompute':        '-      -        -         -      -          -     -     -       -  -   r       -',
    'property.service.resident.import':      '-      -        -         -      -          -     -     -       -  -   crwd    -',
    'property.service.resident.import.line': '-      -        -         -      -          -     -     -       -  -   crwd    -',
}
FEE_QUERY_READERS = {'technician', 'agent', 'supervisor', 'quality', 'accountant', 'manager', 'resident'}


class _Undo(Exception):
    pass


@tagged('post_install', '-at_install')
class TestAccessMatrix(PropertyServiceTransactionCase):
    """Who may do what with which model: the whole of it, from one table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env['res.company'].create({'name': "Other Property Company"})
        cls.users['public'] = cls.env.ref('base.public_user')
        cls.users['foreign'] = new_test_user(
            cls.env, 'ps_foreign', groups='property_service.group_manager',
            company_id=cls.other_company.id, company_ids=[Command.set(cls.other_company.ids)])
        skill_type = cls.env['hr.skill.type'].create({
            'name': "Trades", 'skill_ids': [Command.create({'name': "Plumbing"}), Command.create({'name': "Wiring"})],
            'skill_level_ids': [Command.create({'name': "Trained", 'level_progress': 50})]})
        cls.skill, cls.other_skill = skill_type.skill_ids
        company = {'company_id': cls.company.id}
        cls.own_category = cls.env['property.service.category'].create({'name': "Own", 'code': 'own', **company})
        cls.own_type = cls.env['property.service.type'].create({
            'name': "Own Leak", 'code': 'own_leak', 'category_id': cls.own_category.id, 'team_id': cls.team.id,
            'skill_ids': [Command.create({'skill_id': cls.skill.id})], 'checklist_ids': [Command.create({'name': "Look"})],
            **company})
        cls.fee_type = cls.env['property.service.type'].create({
            'name': "My Bill", 'code': 'bill', 'category_id': cls.own_category.id, 'team_id': cls.team.id, 'kind': 'fee_query',
            **company})
        cls.request = cls.make_request(type_id=cls.own_type.id)
        cls.started = cls.make_request('in_progress', type_id=cls.own_type.id)
        cls.examples = cls._get_examples()

    @classmethod
    def _get_examples(cls):
        """Return {model: (record, field to write, values to create another one)}."""
        env, company = cls.env, cls.company.id
        wizards = env(user=cls.users['supervisor'].id)
        action = {'action': 'reject', 'request_ids': [Command.set(cls.request.ids)]}
        dispatch = wizards['property.service.request.dispatch'].create({'mode': 'single', 'request_id': cls.request.id})
        line = {'wizard_id': dispatch.id, 'request_id': cls.request.id, 'employee_id': cls.worker.id}
        sign = {'request_id': cls.started.id, 'signed_by': "Zhang San"}
        residents = env['property.service.resident.import'].create({'name': 'residents.csv'})
        imported = {'import_id': residents.id, 'row': 2, 'column': "Unit", 'message': "?", 'kind': 'error'}
        policy, recompute = {'company_id': company, 'response_hours': 24}, {'applies_to': 'request', 'company_id': company}
        reason = env['property.service.waiting.reason'].create({'name': "Own Reason", 'code': 'own', 'company_id': company})
        own_policy = env['property.service.sla.policy'].create({'name': "Own", **policy})
        event = {
            'request_id': cls.request.id, 'company_id': company, 'target': 'response', 'moment': 'risk',
            'due_at': '2026-01-01', 'notify_at': '2026-01-01'}
        return {
            **cls._get_voice_examples(wizards),
            'property.service.estate': (cls.estate, 'name', {'name': "East", 'code': 'EA', 'company_id': company}),
            'property.service.building': (cls.building, 'name', {'name': "B", 'code': 'B', 'estate_id': cls.estate.id}),
            'property.service.unit': (cls.unit, 'floor', {'name': "U", 'code': 'U', 'building_id': cls.building.id}),
            'property.service.residency': (
                cls.unit.residency_ids.filtered(lambda r: r.partner_id == cls.resident), 'note',
                {'unit_id': cls.unit.id, 'partner_id': cls.leader.work_contact_id.id, 'date_start': '2024-01-01'}),
            'property.service.category': (cls.own_category, 'name', {'name': "C", 'code': 'c', 'company_id': company}),
            'property.service.type': (
                cls.own_type, 'name', {'name': "T", 'code': 't', 'category_id': cls.own_category.id, 'company_id': company}),
            'property.service.type.skill': (
                cls.own_type.skill_ids, 'skill_level_id', {'type_id': cls.own_type.id, 'skill_id': cls.other_skill.id}),
            'property.service.type.checklist': (
                cls.own_type.checklist_ids, 'name', {'type_id': cls.own_type.id, 'name': "Listen"}),
            'property.service.team': (cls.team, 'name', {'name': "T", 'company_id': company, 'calendar_id': False}),
            'property.service.waiting.reason': (reason, 'name', {'name': "R", 'code': 'r', 'company_id': company}),
            'property.service.request': (
                cls.request, 'title', {'title': "Tap", 'unit_id': cls.unit.id, 'type_id': cls.own_type.id}),
            'property.service.request.checklist': (
                cls.started.checklist_ids, 'note', {'request_id': cls.started.id, 'name': "Smell"}),
            'property.service.state.log': (cls.started.state_log_ids[-1], 'reason', {
                'request_id': cls.request.id, 'company_id': company, 'to_state': 'closed', 'at': '2026-01-01', 'by_id': env.uid}),
            'property.service.request.action': (
                wizards['property.service.request.action'].create(action), 'reason', action),
            'property.service.request.dispatch': (dispatch, 'mode', {'mode': 'single', 'request_id': cls.request.id}),
            'property.service.request.dispatch.line': (
                wizards['property.service.request.dispatch.line'].create(line), 'sequence', line),
            'property.service.request.sign': (wizards['property.service.request.sign'].create(sign), 'signed_by', sign),
            'property.service.sla.policy': (own_policy, 'name', {'name': "P", **policy}),
            'property.service.sla.escalation': (own_policy.escalation_ids[0], 'minutes', {'policy_id': own_policy.id}),
            'property.service.sla.event': (env['property.service.sla.event'].create(event), 'error', event),
            'property.service.sla.report': (env['property.service.sla.report'].browse(cls.request.id), 'request_id', {}),
            'property.service.sla.recompute': (
                env['property.service.sla.recompute'].create(recompute), 'last_id', recompute),
            'property.service.resident.import': (residents, 'name', {'name': 'b.csv', 'company_id': company}),
            'property.service.resident.import.line': (
                env['property.service.resident.import.line'].create(imported), 'message', imported),
        }

    @classmethod
    def _get_voice_examples(cls, wizards):
        env, company = cls.env, {'company_id': cls.company.id}
        complaint_vals = {'title': "Noise", 'unit_id': cls.unit.id, 'category_id': cls.own_category.id}
        complaint = env['property.service.complaint'].create({**complaint_vals, 'partner_id': cls.resident.id})
        complaint_step = {'action': 'withdraw', 'complaint_ids': [Command.set(complaint.ids)]}
        callback_vals = {'partner_id': cls.resident.id, 'unit_id': cls.unit.id, **company}
        callback = env['property.service.callback'].create(callback_vals)
        callback_step = {'action': 'done', 'callback_ids': [Command.set(callback.ids)]}
        attempt = {'callback_id': callback.id, 'at': '2026-01-01', 'user_id': env.uid, 'outcome': 'reached'}
        rule_vals = {'name': "All", **company}
        rule = env['property.service.callback.rule'].create(rule_vals)
        draw = {'rule_id': rule.id, 'seed': '1'}
        greeting = {'name': "G", 'kind': 'birthday', **company, 'template_id': env['mail.template'].create({
            'name': "G", 'model_id': env['ir.model']._get_id('res.partner')}).id}
        authority = {'role': 'agent', **company}
        plan = {'name': "P", **company}
        return {
            'property.service.complaint': (complaint, 'title', complaint_vals),
            'property.service.complaint.action': (
                wizards['property.service.complaint.action'].create(complaint_step), 'reason', complaint_step),
            'property.service.authority': (
                env['property.service.authority'].create(authority), 'max_severity', {'role': 'supervisor', **company}),
            'property.service.callback': (callback, 'comment', callback_vals),
            'property.service.callback.action': (
                wizards['property.service.callback.action'].create(callback_step), 'comment', callback_step),
            'property.service.callback.attempt': (env['property.service.callback.attempt'].create(attempt), 'note', attempt),
            'property.service.callback.rule': (rule, 'name', rule_vals),
            'property.service.callback.draw': (env['property.service.callback.draw'].create(draw), 'seed', draw),
            'property.service.visit.plan': (env['property.service.visit.plan'].create(plan), 'name', plan),
            'property.service.greeting': (env['property.service.greeting'].create(greeting), 'name', greeting),
        }

    def _may(self, operation):
        """Try ``operation`` and undo it; return whether it was allowed."""
        try:
            with self.env.cr.savepoint():
                operation()
                self.env.flush_all()
                raise _Undo
        except _Undo:
            return True
        except ValidationError:
            raise
        except UserError:  # AccessError and MissingError among them
            return False
        finally:
            self.env.invalidate_all()

    def test_every_model_is_in_the_table(self):
        models = {name for name, model in self.env.registry.items()
                  if model._original_module == 'property_service' and not model._abstract}
        self.assertEqual(set(MATRIX), models)
        self.assertEqual(set(self.examples), models)

    def test_matrix(self):
        wrong = []
        for model, row in MATRIX.items():
            record, name, vals = self.examples[model]
            value = record[name].id if record._fields[name].type == 'many2one' else record[name]
            cells = row.split()
            self.assertEqual(len(cells), len(ROLES), model)
            for role, expected in zip(ROLES, cells, strict=True):
                own = self.as_role(role, record)
                may = {
                    'c': self._may(lambda own=own, vals=vals: own.browse().create(vals)),
                    'r': self._may(lambda own=own: own.read(['display_name'])),
                    'w': self._may(lambda own=own, name=name, value=value: own.write({name: value})),
                    'd': self._may(lambda record=record, vals=vals, role=role: self.as_role(
                        role, record.create(vals) if record._auto else record).unlink()),
                }
                found = ''.join(letter for letter, allowed in may.items() if allowed) or '-'
                if found != expected:
                    wrong.append(f"{model} {role}: {found} instead of {expected}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_what_cannot_be_read_cannot_be_found(self):
        for model, row in MATRIX.items():
            record = self.examples[model][0]
            for role, expected in zip(ROLES, row.split(), strict=True):
                Model = self.as_role(role, record._name)
                found = Model.has_access('read') and record in Model.search([])
                self.assertEqual(found, 'r' in expected, f"{model} {role}")

    def test_accountants_read_fee_queries_alone(self):
        query = self.make_request('approved', type_id=self.fee_type.id)
        for role in ROLES:
            own = self.as_role(role, query)
            self.assertEqual(self._may(lambda own=own: own.read(['title'])), role in FEE_QUERY_READERS, role)
            self.assertEqual(
                self._may(lambda role=role: self.as_role(role, query.state_log_ids).read(['to_state'])),
                role in FEE_QUERY_READERS - {'resident'}, role)
        self.assertEqual(self.as_role('accountant', 'property.service.request').search([]), query)

    def test_technicians_see_own_and_their_teams_requests(self):
        Request = self.as_role('technician', 'property.service.request')
        elsewhere = self.make_request(type_id=self.own_type.id)
        elsewhere.team_id = False
        self.assertNotIn(elsewhere, Request.search([]))
        elsewhere.employee_id = self.worker
        self.assertIn(elsewhere, Request.search([]))
        elsewhere.employee_id = False
        elsewhere.team_id = self.env['property.service.team'].create({'name': "Cleaning", 'leader_id': self.worker.id})
        self.assertIn(elsewhere, Request.search([]))

    def test_two_roles_do_not_add_up_to_more(self):
        """Quality reads every request and technicians write theirs: whoever is both does not write every request."""
        self.users['technician'].group_ids += self.env.ref('property_service.group_quality')
        elsewhere = self.make_request(type_id=self.own_type.id)
        elsewhere.team_id = False
        own = self.as_role('technician', elsewhere)
        self.assertTrue(self._may(lambda: own.read(['title'])))
        self.assertFalse(self._may(lambda: own.write({'work_summary': "x"})))
        self.assertFalse(self._may(own.action_start))
