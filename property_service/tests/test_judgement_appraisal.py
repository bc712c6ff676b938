from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .judgement_common import END, START
from .test_judgement_cycle import CycleCase


class StandIn(models.Model):
    """Stands in for ``hr.appraisal``: the fields that the known providers share."""

    _name = 'hr.appraisal'
    _description = "Appraisal"
    _module = 'property_service'

    employee_id = fields.Many2one('hr.employee', required=True)
    manager_ids = fields.Many2many('hr.employee', 'hr_appraisal_stand_in_rel')
    date_close = fields.Date()
    state = fields.Selection([('1_new', "To Confirm"), ('2_pending', "Confirmed"), ('3_done', "Done")], default='1_new')
    manager_feedback = fields.Html()
    note = fields.Html()


# It joins the registry of its test alone, not every one that is loaded from now on.
models.MetaModel._module_to_models__['property_service'].remove(StandIn)


@tagged('post_install', '-at_install')
class TestAppraisal(CycleCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle = cls.make_cycle()
        cls.publish(cls.cycle)
        cls.assessment = cls.of(cls.cycle, cls.worker, 'hr')

    def add_appraisals(self):
        """Have the model in this test's registry and database, and nowhere else."""
        self.assertNotIn('hr.appraisal', self.env, "the stand-in would take the place of an addon's model")
        from odoo.orm.model_classes import add_to_registry  # as core's tests of the registry do
        registry = self.env.registry

        def remove():
            del registry.models['hr.appraisal']
            registry._setup_models__(self.env.cr, [])
        self.addCleanup(remove)
        add_to_registry(registry, StandIn)
        registry._setup_models__(self.env.cr, [])
        registry.init_models(self.env.cr, ['hr.appraisal'], {'module': 'property_service'}, install=True)
        return self.env['hr.appraisal'].create([
            {'employee_id': employee.id, 'date_close': day, 'state': state, 'note': "<p>Before</p>", 'manager_feedback': "<p>Feedback</p>"}
            for employee, day, state in (
                (self.worker, START - timedelta(days=1), '2_pending'), (self.worker, END, '3_done'),
                (self.worker, END + timedelta(days=10), '2_pending'), (self.worker, END + timedelta(days=90), '1_new'),
                (self.colleague, END, '3_done'))])

    def test_nothing_at_all_where_it_is_absent(self):
        self.assertFalse(self.assessment.has_appraisals)
        with self.assertRaises(UserError):
            self.assessment.action_attach_appraisal()

    def test_result_reaches_the_open_appraisal_of_the_period(self):
        early, done, wanted, later, _colleague = appraisals = self.add_appraisals()
        self.env.invalidate_all()
        self.env['ir.model.access'].create({
            'name': "appraisal", 'model_id': self.env['ir.model']._get_id('hr.appraisal'), 'group_id': self.env.ref('hr.group_hr_user').id,
            'perm_read': True, 'perm_write': True})
        assessment = self.of(self.cycle, self.worker, 'hr')
        self.assertTrue(assessment.has_appraisals)
        assessment.action_attach_appraisal()
        self.assertIn("Before", wanted.note)
        self.assertIn(f"{assessment.score:g}", wanted.note)
        self.assertIn(assessment.band_id.name, wanted.note)
        self.assertIn(assessment.line_ids[0].indicator_id.name, wanted.note)
        note = wanted.note
        with self.assertRaises(UserError):
            assessment.action_attach_appraisal()
        self.assertEqual(wanted.note, note, "pressed twice it is there once")
        assessment.line_ids.filtered(lambda line: line.indicator_id.code == 'rework_rate').sudo()._correct(1)
        assessment.action_attach_appraisal()
        self.assertGreater(wanted.note.count(assessment.cycle_id.name), 1, "after an appeal the corrected result follows")
        self.assertEqual((early | done | later).mapped('note'), ["<p>Before</p>"] * 3, "only the open one of the period")
        self.assertEqual(set(appraisals.mapped('manager_feedback')), {"<p>Feedback</p>"}, "the manager's own words stay his")
        with self.assertRaises(UserError):
            self.of(self.cycle, self.colleague, 'hr').action_attach_appraisal()  # has no open one
        with self.assertRaises(AccessError):
            self.of(self.cycle, self.worker, 'technician').action_attach_appraisal()
