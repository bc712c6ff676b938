from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.quality import inspection_states
from .common import PropertyServiceTransactionCase
from .inspection_common import PHOTO, InspectionCase

ALL_GOOD = (1, 5, 99, 5, 1)


@tagged('post_install', '-at_install')
class TestInspection(InspectionCase, PropertyServiceTransactionCase):

    # ---- LIFE ----

    def test_whole_life(self):
        with Form(self.as_role('quality', 'property.service.inspection')) as form:
            form.template_id = self.template
            form.estate_id = self.estate
            form.evaluator_id = self.inspector
        inspection = form.record
        self.assertRegex(inspection.name, r'^QI/\d{4}/\d{5}$')
        self.assertEqual(inspection.line_ids.item_id.mapped('name'), ["Lobby clean", "Lift clean", "Lamps lit", "Smile", "Files locked"])
        self.assertEqual(inspection.activity_ids.user_id, self.users['quality'])
        for line, value in zip(inspection.line_ids, (1, 3, 97, 5, 1)):
            receipt = inspection.action_answer(line_id=line.id, value=value)
        self.assertEqual((inspection.state, receipt['answered_count'], receipt['item_count']), ('in_progress', 5, 5))
        with self.assertRaisesRegex(UserError, "photo.*Lobby clean"):
            inspection.action_finish()
        self.add_photo(inspection, inspection.line_ids[0])
        inspection.action_finish(note="Lamps of level B1")
        # 2 × 100 + 50 + 0 in one section, 100 + 100 in the other
        self.assertEqual([(one['name'], one['score']) for one in inspection.section_scores], [("Place", 62.5), ("People", 100.0)])
        self.assertEqual((inspection.score, inspection.passed, inspection.finding_count), (75.0, True, 1))
        self.assertEqual((inspection.state, inspection.note), ('done', "Lamps of level B1"))
        self.assertTrue(inspection.done_at and inspection.started_at)
        self.assertFalse(inspection.activity_ids)
        self.assertEqual(inspection.state_log_ids.sorted('id').mapped('to_state'), ['planned', 'in_progress', 'done'])

    def test_every_transition_of_the_table_and_no_other(self):
        for start, targets in inspection_states.TRANSITIONS.items():
            for target in inspection_states.TRANSITIONS:
                inspection = self.make_inspection(ALL_GOOD)
                inspection.line_ids._as_system().write({'is_answered': True})
                inspection._as_system().state = start
                with self.subTest(start=start, target=target):
                    if target in targets:
                        inspection._set_state(target)
                        self.assertEqual(inspection.state, target)
                    else:
                        with self.assertRaises(UserError):
                            inspection._set_state(target)

    def test_cannot_finish_with_items_open(self):
        inspection = self.make_inspection((1, 5))
        with self.assertRaisesRegex(UserError, "3 items have no answer.*Lamps lit"):
            inspection.action_finish()
        for line in inspection.line_ids:
            inspection.action_answer(line_id=line.id, not_applicable=True)
        with self.assertRaisesRegex(UserError, "Nothing applies"):
            inspection.action_finish()

    def test_critical_item_fails_the_inspection(self):
        inspection = self.make_inspection((1, 5, 99, 5, 0))
        with self.assertRaisesRegex(UserError, "Files locked"):
            inspection.action_finish()
        self.add_photo(inspection, inspection.line_ids[4], key='def')
        inspection.action_finish()
        self.assertGreater(inspection.score, inspection.pass_score)
        self.assertFalse(inspection.passed)

    def test_what_is_finished_stands(self):
        inspection = self.make_done()
        line = inspection.line_ids[0]
        for change in (
            lambda: inspection.write({'note': "x"}), lambda: line.write({'note': "x"}), lambda: inspection.write({'team_id': False}),
            lambda: inspection.action_answer(line_id=line.id, value=0), lambda: self.add_photo(inspection, line, key='x1'),
            lambda: inspection.action_remove_photo(line_id=line.id, key='abc'), inspection.unlink, lambda: line.unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        with self.assertRaises(UserError):
            inspection.action_cancel(reason="no")
        inspection.action_reopen(reason="Wrong building")
        inspection.action_answer(line_id=line.id, value=0)
        inspection.action_finish()
        self.assertEqual((inspection.score, inspection.finding_count), (62.5, 1))
        self.assertIn("Wrong building", inspection.state_log_ids.mapped('reason'))

    def test_nobody_forges_scores(self):
        inspection = self.as_role('quality', self.make_inspection(ALL_GOOD))
        for vals in ({'score': 100}, {'passed': True}, {'done_at': fields.Datetime.now()}, {'name': "QI/1"}, {'link_version': 5}):
            with self.assertRaises(UserError):
                inspection.write(vals)
        for vals in ({'value': 1}, {'is_answered': True}, {'photo_keys': {}}, {'entered_at': fields.Datetime.now()},
                     {'item_id': inspection.line_ids[1].item_id.id}):
            with self.assertRaises(UserError):
                inspection.line_ids[0].write(vals)
        with self.assertRaises(UserError):
            self.as_role('quality', 'property.service.inspection').create({
                'template_id': self.template.id, 'estate_id': self.estate.id, 'state': 'done'})
        with self.assertRaises(UserError):
            inspection.state = 'done'
            inspection.state = 'planned'

    def test_who_inspects(self):
        with self.assertRaisesRegex(ValidationError, "own work"):
            self.make_inspection(employee_id=self.inspector.id, evaluator_id=self.inspector.id)
        with self.assertRaisesRegex(ValidationError, "Either"):
            self.make_inspection(evaluator_partner_id=self.firm.id, evaluator_id=self.inspector.id)
        request = self.make_request('done')
        with self.assertRaisesRegex(ValidationError, "own work"), self.env.cr.savepoint():
            self.make_inspection(request_id=request.id, evaluator_id=self.worker.id)
        with self.assertRaisesRegex(ValidationError, "not finished"):
            self.make_inspection(request_id=self.make_request('in_progress').id)
        inspection = self.Inspection.create({'template_id': self.template.id, 'request_id': request.id})
        self.assertEqual((inspection.unit_id, inspection.team_id, inspection.employee_id, inspection.category_id),
                         (self.unit, self.team, self.worker, self.category))
        self.assertEqual(request.inspection_count, 1)

    # ---- ANSWERS FROM A PHONE ----

    def test_sent_twice_is_kept_once(self):
        inspection = self.make_inspection()
        line = inspection.line_ids[0]
        for _again in range(2):
            inspection.action_answer(line_id=line.id, value=1, note="Clean")
            receipt = self.add_photo(inspection, line)
        self.assertEqual((receipt['answered'], receipt['value'], receipt['photos'], receipt['answered_count']), (True, 1, ['abc'], 1))
        self.assertEqual(len(line.photo_ids), 1)
        self.assertEqual(len(inspection.state_log_ids), 2)

    def test_late_and_out_of_order(self):
        inspection = self.make_inspection()
        line = inspection.line_ids[1]
        inspection.action_answer(line_id=line.id, value=4)
        receipt = inspection.action_answer(line_id=line.id, value=1, note="old", age=600)
        self.assertEqual((line.value, line.note, receipt['value']), (4, False, 4), "the older answer changes nothing")
        inspection.action_answer(line_id=line.id, value=2, age=0)
        self.assertEqual(line.value, 2)
        other = inspection.line_ids[2]
        inspection.action_answer(line_id=other.id, value=99, age=7200)
        self.assertAlmostEqual(other.entered_at, fields.Datetime.now() - timedelta(hours=2), delta=timedelta(minutes=2))
        for age in (-50, 'x', float('nan'), 1e30, None):
            inspection.action_answer(line_id=inspection.line_ids[3].id, value=5, age=age)

    def test_removed_photo_does_not_come_back(self):
        inspection = self.make_inspection()
        line = inspection.line_ids[0]
        self.add_photo(inspection, line)
        photo = line.photo_ids
        inspection.action_remove_photo(line_id=line.id, key='abc')
        self.assertFalse(photo.exists())
        self.add_photo(inspection, line)
        self.assertFalse(line.photo_ids, "sent again by a phone that had no receipt")
        inspection.action_remove_photo(line_id=line.id, key='never')
        self.add_photo(inspection, line, key='never')
        self.assertFalse(line.photo_ids, "removed before it was sent")

    def test_answer_taken_back(self):
        inspection = self.make_inspection()
        line = inspection.line_ids[0]
        inspection.action_answer(line_id=line.id, value=0)
        self.assertTrue(line.is_finding)
        inspection.action_answer(line_id=line.id, value=None)
        self.assertEqual((line.is_answered, line.is_finding, line.answer), (False, False, False))
        inspection.action_answer(line_id=line.id, not_applicable=True)
        self.assertEqual((line.is_answered, line.is_scored, line.answer), (True, False, "Not applicable"))

    def test_bad_input(self):
        inspection = self.make_inspection()
        line, scale = inspection.line_ids[:2]
        foreign = self.make_inspection().line_ids[0]
        for arguments in (
            {'line_id': line.id, 'value': 2}, {'line_id': line.id, 'value': 'yes'}, {'line_id': scale.id, 'value': 6},
            {'line_id': scale.id, 'value': 2.5}, {'line_id': inspection.line_ids[2].id, 'value': float('inf')},
            {'line_id': foreign.id, 'value': 1}, {'line_id': 'x', 'value': 1}, {'line_id': None, 'value': 1}, {'line_id': line.id, 'value': [1]},
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                inspection.action_answer(**arguments)
        for arguments in (
            {'key': 'a', 'name': 'a.png', 'data': 'no base64!'}, {'key': 'a', 'name': 'a.png', 'data': 'dGV4dA=='},
            {'key': 'a b', 'name': 'a.png', 'data': PHOTO}, {'key': '', 'name': 'a.png', 'data': PHOTO},
            {'key': 'x' * 65, 'name': 'a.png', 'data': PHOTO}, {'key': 'a', 'name': None, 'data': None},
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                inspection.action_add_photo(line_id=line.id, **arguments)
        self.assertFalse(inspection.line_ids.filtered('is_answered') | inspection.line_ids.filtered('photo_ids'))

    # ---- RIGHTS ----

    def test_technician_carries_out_the_own_inspection_only(self):
        mine = self.as_role('technician', self.make_inspection(evaluator_id=self.worker.id, team_id=False))
        other = self.as_role('technician', self.make_inspection())
        mine.action_answer(line_id=mine.line_ids[1].id, value=4)
        self.assertEqual(mine.line_ids[1].answered_by_id, self.users['technician'].partner_id)
        for call in (lambda: other.action_answer(line_id=1, value=4), other.action_start, other.action_finish):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            mine.action_cancel(reason="No time")
        done = self.as_role('technician', self.make_done())
        self.assertEqual(done.score, 95.8)
        with self.assertRaises(AccessError):
            done.action_reopen(reason="x")
        with self.assertRaises(AccessError):
            done.action_corrective()

    def test_secret_methods_are_secret_until_finished(self):
        for method in inspection_states.SECRET_METHODS:
            inspection = self.make_inspection(ALL_GOOD, method=method)
            lines = inspection.line_ids
            for role, sees in (('supervisor', False), ('technician', False), ('quality', True), ('manager', True)):
                self.assertEqual(bool(self.as_role(role, 'property.service.inspection').search([('id', '=', inspection.id)])), sees, role)
                self.assertEqual(bool(self.as_role(role, 'property.service.inspection.line').search([('id', 'in', lines.ids)])), sees, role)
            inspection.action_finish()
            self.assertTrue(self.as_role('supervisor', 'property.service.inspection').search([('id', '=', inspection.id)]))

    # ---- TEMPLATES ----

    def test_changed_question_keeps_the_old_one_for_the_past(self):
        done, planned = self.make_done(), self.make_inspection()
        item = self.template.section_ids[0].item_ids[0]
        self.as_role('quality', item).write({'name': "Lobby spotless", 'weight': 5})
        self.assertEqual((done.line_ids[0].item_id.name, done.line_ids[0].weight), ("Lobby clean", 2))
        self.assertEqual(done.line_ids[0].section_id.name, "Place")
        self.assertEqual(done.score, 95.8)
        self.assertEqual((planned.line_ids[0].item_id, planned.line_ids[0].item_id.name), (item, "Lobby spotless"))
        self.assertEqual(len(self.template.section_ids[0].item_ids), 3, "the old one is in the archive")
        item.write({'name': "Lobby spotless", 'sequence': 9})
        self.assertEqual(len(item.with_context(active_test=False).search([('section_id', '=', item.section_id.id)])), 4)

    def test_item_follows_the_standard_in_force_and_the_past_keeps_its_version(self):
        Standard = self.env['property.service.standard']
        old, new = Standard.create([{'name': "Cleaning", 'company_id': False}, {'name': "Cleaning, next", 'company_id': False}])
        item = self.template.section_ids[0].item_ids[0]
        with self.assertRaisesRegex(ValidationError, "not in force"):
            item.standard_id = old
        self.set_state(old | new, 'active')
        item.standard_id = old
        done, planned = self.make_done(), self.make_inspection()
        old._point_to(new)
        self.assertEqual((item.standard_id, planned.line_ids[0].standard_id, done.line_ids[0].standard_id), (new, new, old))
        self.assertEqual(done.line_ids[0].item_id.name, "Lobby clean")

    def set_state(self, standards, state):
        standards.flush_recordset()
        self.env.cr.execute("UPDATE property_service_standard SET state = %s WHERE id = ANY(%s)", (state, standards.ids))
        standards.invalidate_recordset()

    def test_removed_question_stays_in_the_archive(self):
        self.make_done()
        section = self.template.section_ids[1]
        unused = self.make_template(name="Unused")
        with Form(self.template) as form:
            form.section_ids.remove(1)
        self.assertTrue(section.exists())
        self.assertFalse(section.active or section.item_ids)
        self.assertEqual(self.template.item_count, 3)
        unused.section_ids[0].item_ids[0].unlink()
        self.assertEqual(unused.item_count, 4)

    def test_limits_are_checked(self):
        section = self.template.section_ids[0]
        with self.assertRaises(ValidationError):
            section.item_ids.create({'section_id': section.id, 'name': "Heat", 'kind': 'number'})
        with self.assertRaises(UserError):
            self.make_inspection(template_id=self.env['property.service.inspection.template'].create({'name': "Empty"}).id)

    def test_shipped_templates(self):
        templates = self.env['property.service.inspection.template'].search([('company_id', '=', False)]) - self.template
        self.assertEqual(set(templates.mapped('method')), {'spot_check', 'mystery_shopper', 'recording', 'owners'})
        conduct = self.env.ref('property_service.inspection_template_conduct')
        names = " ".join(conduct.section_ids.item_ids.mapped('name'))
        for word in ("smile", "Noisy", "papers"):
            self.assertIn(word, names)
        for template in templates:
            inspection = self.make_inspection(template_id=template.id)
            self.assertEqual(len(inspection.line_ids), template.item_count)
            self.assertTrue(all(inspection.line_ids.mapped('guidance')))

    # ---- FINDINGS ----

    def test_findings_become_corrective_actions_once(self):
        inspection = self.as_role('quality', self.make_done(answers=(0, 5, 90, 2, 1)))
        inspection.line_ids[0].sudo()._as_system().write({'note': "Mud"})
        with self.assertRaisesRegex(UserError, "nothing to put right"):
            inspection.line_ids[1].action_corrective()
        first = self.env['property.service.corrective.action'].browse(inspection.line_ids[0].action_corrective()['res_id'])
        self.assertEqual((first.origin, first.origin_inspection_id, first.title), ('inspection', inspection, "Lobby clean"))
        self.assertEqual((first.estate_id, first.team_id, first.measure), (self.estate, self.team, 'inspection'))
        self.assertIn("Mud", first.description)
        self.assertIn("No dust", first.description)
        self.assertEqual(len(first.photo_before_ids), 1)
        self.assertEqual(first.photo_before_ids.res_model, first._name)
        self.assertNotEqual(first.photo_before_ids, inspection.line_ids[0].photo_ids)
        action = inspection.action_corrective()
        self.assertEqual(inspection.corrective_action_count, 3, "one for each finding, none twice")
        inspection.action_corrective()
        self.assertEqual(len(self.env['property.service.corrective.action'].search(action['domain'])), 3)
        with self.assertRaisesRegex(UserError, "stands"):
            inspection.action_reopen(reason="x")
        with self.assertRaisesRegex(UserError, "no findings"):
            self.as_role('quality', self.make_done()).action_corrective()
        with self.assertRaisesRegex(UserError, "Finish"):
            self.as_role('quality', self.make_inspection((0,))).action_corrective()

    def test_score_is_the_measure_of_the_effect(self):
        action = self.env['property.service.corrective.action'].create({
            'title': "Dirty lobby", 'description': "Dust", 'estate_id': self.estate.id, 'team_id': self.team.id, 'measure': 'inspection',
            'cause': 'people'})
        action.flush_recordset()
        self.env.cr.execute("UPDATE property_service_corrective_action SET create_date = %s WHERE id = %s", (
            fields.Datetime.now() - timedelta(days=40), action.id))
        action.invalidate_recordset()
        before, after = self.make_done(45, answers=(0, 1, 90, 4, 1)), self.make_done(5)
        self.make_done(5, answers=(0, 1, 90, 4, 1), team_id=False)  # not this team's
        action.action_plan(plan="Clean", responsible_id=self.worker.id, deadline=self.today)
        action.action_start()
        action.action_done(result="Cleaned")
        action._as_system().done_at = fields.Datetime.now() - timedelta(days=31)
        self.as_role('quality', action).action_verify(note="Clean")
        self.assertEqual((before.score, after.score), (29.2, 95.8))
        self.assertEqual((action.effect_before, action.effect_after, action.effect_verdict), (29.0, 96.0, 'improved'))

    # ---- SETS ----

    def test_queries_do_not_grow_with_the_number(self):
        def count(number):
            vals_list = [{'template_id': self.template.id, 'estate_id': self.estate.id}] * number
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            inspections = self.Inspection.create(vals_list)
            self.env.flush_all()
            created = self.env.cr.sql_log_count
            self.env.invalidate_all()
            read = self.env.cr.sql_log_count
            inspections.read(['display_name', 'section_scores', 'answered_count', 'rotation_warning', 'corrective_action_count', 'link_url'])
            return created - before, self.env.cr.sql_log_count - read

        count(2)
        few, many = count(2), count(20)
        self.assertLessEqual(many[1], few[1])
        self.assertLessEqual(many[0], few[0])
