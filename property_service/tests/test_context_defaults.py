from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestForgedStates(CycleCase):
    """A default sent in the context is a value like any other: nothing begins approved, in force or published."""

    def test_points(self):
        for role in ('hr', 'supervisor'):
            vals = {'employee_id': self.worker.id, 'points': 500, 'reason': "Gift", 'amount': 5000}
            if role == 'supervisor':
                vals = {'employee_id': self.worker.id, 'conduct_rule_id': self.env.ref('property_service.conduct_s02').id, 'description': "x"}
            Points = self.as_role(role, 'property.service.points').with_context(
                default_state='approved', default_approved_by_id=self.users['manager'].id)
            try:
                with self.env.cr.savepoint():
                    entry = Points.create(vals).sudo()
            except UserError:
                continue
            self.assertEqual((entry.state, entry.approved_by_id.id), ('proposed', False), role)

    def test_links_of_points(self):
        """Who enters points by hand may not approve them: they cannot pretend to come from a rule."""
        rule = self.env['property.service.points.rule'].create({
            'name': "Five stars", 'event': 'rating', 'points': 2, 'date_from': '2025-01-01'})
        vals = {'employee_id': self.worker.id, 'points': 500, 'reason': "Gift"}
        forged = {'rule_id': rule.id, 'origin_model': 'property.service.request', 'origin_id': 1}
        Points = self.as_role('hr', 'property.service.points')
        for entries, more in ((Points, forged), (Points.with_context(**{f'default_{key}': value for key, value in forged.items()}), {})):
            try:
                with self.env.cr.savepoint():
                    entry = entries.create({**vals, **more})
            except UserError:
                continue
            self.assertFalse(entry.rule_id)
            with self.assertRaises(UserError):
                entry.action_approve()

    def test_versions_cycles_and_measures(self):
        for model, state, vals in (
            ('property.service.assessment.scheme', 'active', self.get_scheme_vals(code='forged')),
            ('property.service.indicator', 'active', {'name': "X", 'code': 'forged'}),
            ('property.service.assessment.cycle', 'published', {'scheme_id': self.scheme.id, 'date_from': '2025-03-01'}),
            ('property.service.improvement', 'done', {'name': "X", 'employee_id': self.worker.id, 'deadline': '2025-05-01'}),
        ):
            Model = self.as_role('hr', model).with_context(default_state=state)
            with self.subTest(model=model):
                try:
                    with self.env.cr.savepoint():
                        record = Model.create(vals)
                except UserError:
                    continue
                self.assertIn(record.state, ('draft', 'open'))

    def test_appeals(self):
        """Nobody becomes the reviewer of the own appeal."""
        cycle = self.make_cycle()
        self.publish(cycle)
        own = self.of(cycle, self.worker, 'technician')
        line = own.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate')
        before = line.actual
        forged = {'default_state': 'reviewing', 'default_reviewer_id': self.users['technician'].id}
        own.with_context(**forged).action_appeal(reason="Let me decide", line_id=line.id)
        appeal = self.env['property.service.appeal'].search([('line_id', '=', line.id)])
        self.assertEqual((appeal.state, appeal.reviewer_id.id), ('submitted', False))
        with self.assertRaises(AccessError):
            self.as_role('technician', appeal).action_decide(accept=True, actual=0, decision="I am right")
        self.assertEqual(line.actual, before)

    def test_cases(self):
        """Neither agents nor residents begin a case at its end, or with a rating, a worker or a time of their own."""
        forged = {
            'state': 'closed', 'rating_value': 5, 'done_at': '2026-01-01 00:00:00', 'responded_at': '2026-01-01 00:00:00', 'rework_count': 7,
            'signed_at': '2026-01-01 00:00:00'}
        context = {f'default_{name}': value for name, value in forged.items()}
        vals = {'title': "Tap", 'type_id': self.type_repair.id, 'unit_id': self.unit.id}
        self.type_repair.portal_visible = True
        agent = self.as_role('agent', 'property.service.request').with_context(**context).create({**vals, 'partner_id': self.resident.id})
        resident = self.as_role('resident', 'property.service.request').with_context(
            **context, default_employee_id=self.worker.id, default_priority='2', default_promised_at='2026-01-01 00:00:00').create(vals)
        for request in (agent, resident.sudo()):
            self.assertEqual(request.state, 'new')
            self.assertFalse(request.rating_value or request.done_at or request.responded_at or request.rework_count or request.signed_at)
        self.assertFalse(resident.sudo().employee_id or resident.sudo().promised_at)
        complaint = self.as_role('agent', 'property.service.complaint').with_context(
            default_state='closed', default_reopen_count=3, default_done_at='2026-01-01 00:00:00').create({
                'title': "Noise", 'category_id': self.category.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        self.assertEqual((complaint.state, complaint.reopen_count, complaint.done_at), ('new', 0, False))
        action = self.as_role('quality', 'property.service.corrective.action').with_context(default_state='verified').create({
            'title': "Lift", 'estate_id': self.estate.id, 'deadline': '2026-12-31'})
        self.assertEqual(action.state, 'draft')

    def test_defaults_of_other_fields_stay(self):
        request = self.as_role('agent', 'property.service.request').with_context(default_priority='2').create({
            'title': "Tap", 'type_id': self.type_repair.id, 'unit_id': self.unit.id, 'partner_id': self.resident.id})
        self.assertEqual(request.priority, '2')
