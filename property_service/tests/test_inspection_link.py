import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase
from .inspection_common import PHOTO, InspectionCase


@tagged('post_install', '-at_install')
class TestInspectionLink(InspectionCase, PropertyServiceCase, HttpCase):
    """The page of evaluators from outside, as a stranger's browser sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspection = cls.make_inspection(method='third_party', evaluator_partner_id=cls.firm.id)

    def get_path(self, inspection=None):
        inspection = inspection or self.inspection
        return inspection.link_url[len(inspection.get_base_url()):]

    def save(self, path, step, **params):
        response = self.url_open(
            f'{path}/save', data=json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': {'step': step, 'params': params}}),
            headers={'Content-Type': 'application/json'})
        self.assertEqual(response.status_code, 200)
        return response.json()['result']

    def test_the_whole_way_without_login(self):
        path = self.get_path()
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Lobby clean", page.text)
        self.assertNotIn(self.team.name, page.text, "the evaluator learns nothing but what is to be looked at")
        self.assertEqual(page.headers['Referrer-Policy'], 'no-referrer')
        self.assertEqual(self.inspection.state, 'planned', "opening the page begins nothing")
        lines = self.inspection.line_ids
        for line, value in zip(lines, (1, 5, 99, 4, 1)):
            receipt = self.save(path, 'answer', line_id=line.id, value=value)
        self.assertEqual((receipt['answered_count'], self.inspection.state), (5, 'in_progress'))
        self.assertIn("photo", self.save(path, 'finish')['refused'])
        self.assertEqual(self.save(path, 'add_photo', line_id=lines[0].id, key='p1', name='a.png', data=PHOTO)['photos'], ['p1'])
        image = self.url_open(path).text.partition('src="/web/image/')[2].partition('"')[0]
        self.assertEqual(self.url_open(f"/web/image/{image.replace('&amp;', '&')}").headers['Content-Type'], 'image/png')
        self.assertEqual(self.save(path, 'finish', note="Well kept\x00")['state'], 'done')
        self.assertEqual(self.save(path, 'finish')['state'], 'done', "the receipt got lost: asked again")
        self.assertEqual((self.inspection.score, self.inspection.note), (95.8, "Well kept"))
        self.assertEqual(lines.answered_by_id, self.firm)
        self.assertIn('refused', self.save(path, 'answer', line_id=lines[0].id, value=0))
        self.assertIn("closed", self.url_open(path).text)
        self.assertEqual(lines[0].value, 1)

    def test_ended_renewed_and_forged_links_open_nothing(self):
        path = self.get_path()
        forged = [path[:-6] + 'AAAAAA', path.rpartition('/')[0] + '/x', path + 'é']

        def check(void):
            for each in void:
                page = self.url_open(each)
                self.assertEqual(page.status_code, 404, each)
                self.assertIn("not valid", page.text)
                self.assertIn('refused', self.save(each, 'answer', line_id=self.inspection.line_ids[0].id, value=1))
            self.assertFalse(any(self.inspection.line_ids.mapped('is_answered')))

        check(forged)
        self.inspection.action_renew_link()
        check([path])
        path = self.get_path()
        self.assertEqual(self.url_open(path).status_code, 200)
        self.inspection.link_until = self.today - timedelta(days=1)
        check([path])
        self.assertFalse(self.inspection.link_url)
        self.inspection.link_until = self.today
        self.assertEqual(self.url_open(path).status_code, 200, "good until the end of its day")
        self.inspection.evaluator_partner_id = self.resident
        check([path])
        self.inspection.evaluator_partner_id = self.firm
        self.inspection.action_cancel(reason="Not needed")
        check([path])

    def test_a_link_opens_one_inspection_only(self):
        path, other = self.get_path(), self.make_inspection(method='third_party', evaluator_partner_id=self.firm.id)
        self.assertIn("no such item", self.save(path, 'answer', line_id=other.line_ids[0].id, value=1)['refused'])
        for step, params in (('cancel', {'reason': 'x'}), ('write', {}), ('answer', {'x': 1}), (None, {})):
            self.assertIn('refused', self.save(path, step, **params))
        self.assertFalse(other.line_ids.filtered('is_answered'))

    def test_employees_use_the_same_page_with_their_own_rights(self):
        own = self.make_inspection(evaluator_id=self.worker.id, team_id=False)
        path = f'/property/inspection/{own.id}'
        self.assertIn('/web/login', self.url_open(path).url)
        self.authenticate('ps_technician', 'ps_technician')
        self.assertIn("Lobby clean", self.url_open(path).text)
        self.assertTrue(self.save(path, 'answer', line_id=own.line_ids[0].id, value=1)['answered'])
        self.assertEqual(self.url_open(f'/property/inspection/{self.inspection.id}').status_code, 404)
        self.assertIn('refused', self.save(f'/property/inspection/{self.inspection.id}', 'answer',
                                           line_id=self.inspection.line_ids[0].id, value=1))
        self.authenticate('ps_resident', 'ps_resident')
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertIn('refused', self.save(path, 'answer', line_id=own.line_ids[1].id, value=1))
        self.assertFalse(own.line_ids[1].is_answered)

    def test_link_by_mail(self):
        inspection = self.as_role('quality', self.inspection)
        inspection.action_send_link()
        mail = self.env['mail.mail'].search([('recipient_ids', 'in', self.firm.ids)], limit=1) or self.env['mail.mail'].search(
            [('model', '=', inspection._name), ('res_id', '=', inspection.id)], limit=1)
        self.assertIn('/property/inspection/link/', mail.body_html)
        self.assertIn(self.template.name, mail.subject)
        with self.assertRaises(AccessError):
            self.as_role('technician', self.inspection).action_send_link()
        with self.assertRaisesRegex(UserError, "e-mail"):
            self.as_role('quality', self.make_inspection()).action_send_link()
        with self.assertRaises(AccessError):
            self.as_role('technician', self.make_inspection(evaluator_id=self.worker.id)).read(['link_url'])
        with self.assertRaises(ValidationError):
            inspection.link_until = self.today + timedelta(days=400)

    def test_who_planned_it_is_told_of_the_result(self):
        inspection = self.as_role('quality', 'property.service.inspection').create({
            'template_id': self.template.id, 'estate_id': self.estate.id, 'method': 'owners', 'evaluator_partner_id': self.firm.id})
        path = self.get_path(inspection)
        for line, value in zip(inspection.line_ids, (0, 5, 99, 5, 1)):
            self.save(path, 'answer', line_id=line.id, value=value)
        self.save(path, 'add_photo', line_id=inspection.line_ids[0].id, key='p1', name='a.png', data=PHOTO)
        self.assertEqual(self.save(path, 'finish')['state'], 'done')
        self.assertEqual(inspection.activity_ids.user_id, self.users['quality'])
        self.assertIn("Fair Eyes Ltd: score 66.7, findings: 1", inspection.activity_ids.summary)
        inspection.action_corrective()
        self.assertFalse(inspection.activity_ids)

    def test_in_the_evaluators_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.firm.lang = 'zh_CN'
        self.template.section_ids[0].item_ids[0].with_context(lang='zh_CN').name = "大堂整洁"
        page = self.url_open(self.get_path())
        self.assertIn("大堂整洁", page.text)

    def test_nobody_pretends_to_be_the_evaluator(self):
        own = self.make_inspection(evaluator_id=self.worker.id)
        forged = self.as_role('technician', own).with_context(property_evaluator_id=self.firm.id)
        forged.action_answer(line_id=own.line_ids[1].id, value=5)
        self.assertEqual(own.line_ids[1].answered_by_id, self.users['technician'].partner_id)

    def test_report_with_photos(self):
        inspection = self.make_done()
        html = self.env['ir.actions.report']._render_qweb_html('property_service.report_inspection', inspection.ids)[0].decode()
        for text in (inspection.name, "Lobby clean", "95.8", 'src="data:image/png;base64,', "4 of 5", "≥ 98 %"):
            self.assertIn(text, html)
