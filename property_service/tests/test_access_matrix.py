from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .access import AREAS
from .common import PropertyServiceTransactionCase

ROLES = 'public resident neighbour former technician agent supervisor quality hr accountant manager foreign'.split()
MATRIX = {model: row for area in AREAS for model, row in area.MATRIX.items()}
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
        wizards = cls.env(user=cls.users['supervisor'].id)
        return {model: example for area in AREAS for model, example in area.get_examples(cls, wizards).items()}

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
        found = self.as_role('accountant', 'property.service.request').search([])
        self.assertIn(query.id, found.ids)
        self.assertEqual(set(found.mapped('kind')), {'fee_query'})

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
