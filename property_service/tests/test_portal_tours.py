from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase


class PortalTours:
    """What residents do, in the browser."""

    allow_inherited_tests_method = True

    def find(self):
        return self.env['property.service.request'].search([('partner_id', '=', self.resident.id)], order='id desc', limit=1)

    def test_report(self):
        self.start_tour('/my', 'property_service_portal_report', login='ps_resident')
        request = self.find()
        self.assertEqual((request.title, request.state, request.chase_count), ("Kitchen tap leaks", 'cancelled', 1))
        self.assertEqual(request.attachment_ids.mapped('name'), ['a.png'])
        self.assertEqual(self.env['property.service.request'].search_count([('partner_id', '=', self.resident.id)]), 1)

    def test_return(self):
        request = self.make_request('done')
        self.start_tour(f'/my/services/{request.id}', 'property_service_portal_return', login='ps_resident')
        self.assertEqual((request.state, request.return_reason, request.rework_count), ('in_progress', "It still drips.", 1))

    def test_accept_and_rate(self):
        self.type_repair.requires_signature = True
        request = self.make_request('done')
        self.start_tour(f'/my/services/{request.id}', 'property_service_portal_accept', login='ps_resident')
        self.assertEqual((request.state, request.rating_value, request.rating_comment), ('accepted', 4, "Quick and clean."))
        self.assertTrue(request.signature)


@tagged('post_install', '-at_install')
class TestPortalTours(PortalTours, PropertyServiceCase, HttpCase):
    """In English, at a desk."""


@tagged('post_install', '-at_install')
class TestPortalToursPhone(PortalTours, PropertyServiceCase, HttpCase):
    """In Chinese, on a phone 375 pixels wide."""

    browser_size = '375x667'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.users['resident'].lang = 'zh_CN'
