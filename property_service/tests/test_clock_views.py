from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase


@tagged('post_install', '-at_install')
class TestClockViews(PropertyServiceCase, HttpCase):

    def test_remaining_time_in_list_and_form(self):
        Policy = self.env['property.service.sla.policy']
        Policy.search([]).active = False
        Policy.create({'name': "Tour level", 'response_hours': 10, 'resolution_hours': 20})
        now = fields.Datetime.now()
        self.env['property.service.request'].search([]).active = False
        for title, hours in (("Clock overdue", 30), ("Clock at risk", 9), ("Clock on track", 1)):
            with freeze_time(now - timedelta(hours=hours)):
                self.make_request('registered', title=title)
        paused = self.make_request('in_progress', title="Clock paused")
        paused._mark_responded()
        paused.action_wait(reason_id=self.env.ref('property_service.waiting_reason_resident').id)
        self.make_request('done', title="Clock met")
        self.start_tour('/odoo/action-property_service.request_action', 'property_service_clock', login='ps_manager')

    def test_targets_in_the_chart(self):
        self.users['manager'].lang = 'en_US'
        self.make_request('done')
        self.start_tour('/odoo/property-service-cycle', 'property_service_targets', login='ps_manager')

    def test_filters_find_what_they_say(self):
        self.env['property.service.sla.policy'].search([]).active = False
        self.env['property.service.sla.policy'].create({'name': "Tour level", 'response_hours': 10, 'resolution_hours': 20})
        Request = self.env['property.service.request']
        view = etree.fromstring(Request.get_view(self.env.ref('property_service.request_view_search').id, 'search')['arch'])
        now = fields.Datetime.now().replace(hour=3)
        with freeze_time(now - timedelta(hours=30)):
            overdue = self.make_request('registered')
        with freeze_time(now - timedelta(hours=9)):
            at_risk = self.make_request('registered')
        with freeze_time(now):
            paused = self.make_request('in_progress')
            paused._mark_responded()
            paused.action_wait(reason_id=self.env.ref('property_service.waiting_reason_resident').id)
            today = self.make_request('registered')
        with freeze_time(now - timedelta(hours=30)):
            late = self.make_request('in_progress')
        with freeze_time(now):
            late.checklist_ids.write({'done': True})
            late.action_done(summary="Late")
            requests = overdue | at_risk | paused | today | late
            for name, expected in (
                ('clock_overdue', overdue), ('clock_at_risk', at_risk), ('clock_due_today', at_risk | today),
                ('clock_paused', paused), ('clock_missed', late),
            ):
                domain = literal_eval(view.xpath(f"//filter[@name='{name}']")[0].get('domain'))
                self.assertEqual(Request.search(domain) & requests, expected, name)
