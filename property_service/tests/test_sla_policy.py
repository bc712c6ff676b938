from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_clock import ClockCase


@tagged('post_install', '-at_install')
class TestSlaPolicy(ClockCase):

    def _policy(self, name, **vals):
        return self.Policy.create({'name': name, 'response_hours': 8, **vals})

    def _applied(self, **vals):
        return self.make_request(**vals).sla_policy_id

    def test_most_specific_wins(self):
        deep = self.env['property.service.category'].create({'name': "Taps", 'code': 'taps', 'parent_id': self.category.id})
        tap = self.type_repair.copy({'name': "Tap", 'code': 'tap', 'category_id': deep.id})
        self.assertEqual(self._applied(), self.general)
        estate = self._policy("Estate", estate_id=self.estate.id)
        self.assertEqual(self._applied(), estate)
        category = self._policy("Category", category_id=self.category.id)
        self.assertEqual(self._applied(), category)
        both = self._policy("Category and estate", category_id=self.category.id, estate_id=self.estate.id)
        self.assertEqual(self._applied(), both)
        deeper = self._policy("Deeper", category_id=deep.id)
        self.assertEqual(self._applied(type_id=tap.id), deeper)
        by_type = self._policy("Type", type_id=tap.id)
        self.assertEqual(self._applied(type_id=tap.id), by_type)
        self.assertEqual(self._applied(type_id=tap.id, priority='2'), self.urgent)
        urgent_type = self._policy("Urgent type", type_id=tap.id, priority='2')
        self.assertEqual(self._applied(type_id=tap.id, priority='2'), urgent_type)
        urgent_type.active = False
        self.assertEqual(self._applied(type_id=tap.id, priority='2'), self.urgent)

    def test_kind_of_service(self):
        policy = self._policy("Enquiries", type_kind='enquiry')
        self._policy("Category", category_id=self.type_enquiry.category_id.id)
        self.assertEqual(self._applied(type_id=self.type_enquiry.id), policy)
        self.assertIn("Enquiry", policy.criteria)
        by_type = self._policy("Type", type_id=self.type_enquiry.id)
        self.assertEqual(self._applied(type_id=self.type_enquiry.id), by_type)
        by_type.active = False
        self.type_enquiry.kind = 'service'
        self.assertNotEqual(self._applied(type_id=self.type_enquiry.id), policy)
        with self.assertRaises(ValidationError):
            policy.applies_to = 'complaint'

    def test_ties_are_decided(self):
        second = self._policy("Second", estate_id=self.estate.id, sequence=5)
        first = self._policy("First", estate_id=self.estate.id, sequence=4)
        self.assertEqual(self._applied(), first)
        first.sequence = 6
        self.assertEqual(self._applied(), second)
        self._policy("Shared", priority='1', sequence=1, company_id=False)
        own = self._policy("Own company", priority='1', sequence=9)
        self.assertEqual(self._applied(priority='1'), own)

    def test_category_moved_in_the_tree(self):
        other = self.env['property.service.category'].create({'name': "Other", 'code': 'other'})
        policy = self._policy("Other", category_id=other.id)
        self.assertEqual(self._applied(), self.general)
        self.category.parent_id = other
        self.assertEqual(self._applied(), policy)

    def test_other_company(self):
        other = self.env['res.company'].create({'name': "Other"})
        self._policy("Theirs", estate_id=False, company_id=other.id, sequence=1)
        self.assertEqual(self._applied(), self.general)
        self.assertFalse(self._policy("Theirs too", company_id=other.id).with_user(self.users['agent'])._filtered_access('read'))

    def test_bad_policies_are_refused(self):
        for vals in (
            {'response_hours': -1, 'resolution_hours': 3}, {'risk_percent': 0}, {'risk_percent': 101}, {'resolution_hours': 1e9},
            {'response_hours': float('nan')}, {'escalation_ids': [Command.create({'moment': 'before', 'minutes': 2**31 - 1})]},
            {'escalation_ids': [Command.create({'moment': 'after', 'minutes': -1})]},
        ):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                self._policy("Bad", **vals)
        for vals in ({'response_hours': 0}, {'applies_to': 'complaint', 'type_id': self.type_repair.id}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._policy("Bad", **vals)

    def test_shipped(self):
        shipped = self.env.ref('property_service.sla_policy_request') | self.env.ref('property_service.sla_policy_request_urgent')
        shipped.active = True
        (self.general | self.urgent).active = False
        with self.at(days=5, hours=12):
            normal, urgent = self.make_request(), self.make_request(priority='2')
        self.assertEqual((normal.response_deadline, normal.resolution_deadline), (self.moment(6, 12), False))
        self.assertEqual(urgent.resolution_deadline, self.moment(5, 14))

    def test_calendar_of_team_estate_company(self):
        self.general.calendar_id = False
        self.team.calendar_id = self.calendar
        self.assertEqual(self.make_request().sla_calendar_id, self.calendar)
        self.team.calendar_id = False
        service_hours = self.calendar.copy()
        self.estate.calendar_id = service_hours
        self.assertEqual(self.make_request().sla_calendar_id, service_hours)
        self.estate.calendar_id = False
        self.assertEqual(self.make_request().sla_calendar_id, self.company.resource_calendar_id)

    def test_explanation(self):
        text = self.make_request().with_user(self.users['technician']).sla_explanation
        for part in ("4:00", "16:00", "General", "Office", "Waiting for the resident"):
            self.assertIn(part, text)
        self.assertIn("Urgent", self.make_request(priority='2').sla_explanation)
        self.Policy.search([]).active = False
        self.assertIn("no service level", self.make_request().sla_explanation)

    def test_deadline_without_a_moment_of_risk(self):
        """A deadline that came without one (an import) warns when it passes."""
        deadline = fields.Datetime.now()
        self.assertEqual(self.Policy._get_first_escalation(self.general.id, resolution=(deadline, False)), deadline)
        self.assertEqual(self.Policy._get_first_escalation(self.general.id, resolution=(deadline, None), response=False), deadline)
