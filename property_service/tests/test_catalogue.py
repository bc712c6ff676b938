from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase


@tagged('post_install', '-at_install')
class TestCategory(PropertyServiceTransactionCase):

    def test_path_is_read_in_the_readers_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        Category = self.env['property.service.category']
        parent = Category.create({'name': "Facilities", 'code': 'facilities'})
        child = Category.create({'name': "Lifts", 'code': 'lifts', 'parent_id': parent.id})
        parent.with_context(lang='zh_CN').name = "设施"
        child.with_context(lang='zh_CN').name = "电梯"
        self.assertEqual((parent + child).mapped('display_name'), ["Facilities", "Facilities / Lifts"])
        chinese = (parent + child).with_context(lang='zh_CN')
        self.assertEqual(chinese.mapped('display_name'), ["设施", "设施 / 电梯"])
        self.assertEqual(chinese.name_search("电梯"), [(child.id, "设施 / 电梯")])
        child.parent_id = False
        self.assertEqual(chinese[1].display_name, "电梯")
        self.assertEqual(Category.new({'name': "Pumps"}).display_name, "Pumps")

    def test_names_of_many_take_as_many_queries_as_of_few(self):
        Category = self.env['property.service.category']
        parents = Category.create([{'name': f"Parent {number}", 'code': f'p{number}'} for number in range(20)])
        children = Category.create([{'name': "Child", 'code': f'c{parent.id}', 'parent_id': parent.id} for parent in parents])

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped('display_name')
            return self.env.cr.sql_log_count - before
        self.assertEqual(count(children), count(children[:2]))


@tagged('post_install', '-at_install')
class TestTeam(PropertyServiceTransactionCase):

    def test_manager_without_hr_rights_sets_up_a_team(self):
        manager = self.users['manager']
        self.assertFalse(manager.has_group('hr.group_hr_user'))
        team = self.as_role('manager', 'property.service.team').create({
            'name': "Night Watch", 'leader_id': self.leader.id, 'member_ids': [Command.set(self.worker.ids)]})
        team.member_ids = [Command.link(self.colleague.id), Command.unlink(self.worker.id)]
        self.assertEqual(team.sudo().member_ids, self.colleague)
        self.assertEqual(team.sudo(False).copy().sudo().member_ids, self.colleague)
        with Form(self.as_role('manager', 'property.service.team')) as form:
            form.name = "Gate"
            form.member_ids.add(self.worker)
        self.assertEqual(form.record.sudo().member_ids, self.worker)

    def test_nobody_else_does(self):
        for role in ('technician', 'agent', 'supervisor', 'quality', 'resident'):
            with self.assertRaises(AccessError):
                self.as_role(role, self.team).member_ids = [Command.link(self.outsider.id)]
