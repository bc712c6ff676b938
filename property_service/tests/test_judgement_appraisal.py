from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_judgement_cycle import CycleCase


class StandIn:
    """Stands in for ``hr.appraisal``: the fields that the known providers share, and what is asked of it."""

    records = []
    searched = []

    def __init__(self, env, ids=(), prefetch=()):
        self.env, self.note = env, False

    def search(self, domain, order=None, limit=None):
        self.searched.append(domain)
        employee = next(value for name, _operator, value in domain if name == 'employee_id')
        return next((record for record in self.records if record.employee == employee), None)

    def write(self, vals):  # pylint: disable=method-required-super
        self.__dict__.update(vals)


@tagged('post_install', '-at_install')
class TestAppraisal(CycleCase):

    def test_result_reaches_the_open_appraisal(self):
        cycle = self.make_cycle()
        assessment = self.of(cycle, self.worker, 'hr')
        self.assertFalse(assessment.has_appraisals)
        with self.assertRaises(UserError):
            assessment.action_attach_appraisal()
        appraisal = StandIn(self.env)
        appraisal.employee, appraisal.note = self.worker.id, Markup("<p>Before</p>")
        with patch.dict(self.env.registry.models, {'hr.appraisal': StandIn}), patch.object(StandIn, 'records', [appraisal]), \
                patch.object(StandIn, 'searched', []):
            with self.assertRaises(UserError):
                assessment.action_attach_appraisal()  # not published
            self.publish(cycle)
            assessment.action_attach_appraisal()
            self.assertIn(('state', 'in', ('1_new', '2_pending')), StandIn.searched[0])
            self.assertTrue(appraisal.note.startswith("<p>Before</p>"))
            self.assertIn(f"{assessment.score:g}", appraisal.note)
            self.assertIn(assessment.band_id.name, appraisal.note)
            with self.assertRaises(UserError):
                self.of(cycle, self.colleague, 'hr').action_attach_appraisal()  # has none
            with self.assertRaises(AccessError):
                self.of(cycle, self.worker, 'technician').action_attach_appraisal()
