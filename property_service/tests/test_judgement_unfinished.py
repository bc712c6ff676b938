import io
from datetime import timedelta

import openpyxl

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_judgement_cycle import CycleCase

OWN, MANAGER, HR = "Own secret", "Manager's secret", "HR's secret"
MARKS = {'self_mark': 81.0, 'manager_mark': 72.0, 'hr_mark': 63.0}
WORDS = ('self_note', 'manager_note', 'hr_note', 'improvement_plan')
ASSESSMENT, LINE, REPORT = 'property.service.assessment', 'property.service.assessment.line', 'property.service.assessment.report'


class UnfinishedCase(CycleCase):
    """An assessment in which all parties write: the employee, the manager and HR."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        line = cls.scheme.line_ids.filtered(lambda line: line.indicator_id.code == 'training_hours')
        line.write({'indicator_id': cls.ref('hr_mark').id, 'floor': 0, 'target': 100, 'with_stretch': False, 'cap': 100})
        cls.cycle = cls.make_cycle()
        cls.users['head'].group_ids += cls.env.ref('base.group_allow_export')
        cls.users['technician'].group_ids += cls.env.ref('base.group_allow_export')

    def its(self, role):
        return self.of(self.cycle, self.worker, role)

    def line(self, code, role):
        return self.its(role).line_ids.filtered(lambda line: line.indicator_id.code == code)

    def own_writes(self):
        own = self.its('technician')
        self.mark(own, 'self_mark', MARKS['self_mark'], OWN)
        self.line('rework_rate', 'technician').self_comment = OWN
        own.self_note = OWN

    def manager_writes(self):
        marked = self.its('head')
        self.mark(marked, 'manager_mark', MARKS['manager_mark'], MANAGER)
        marked.write({'manager_note': MANAGER, 'improvement_plan': MANAGER})

    def hr_writes(self):
        judged = self.its('hr')
        self.mark(judged, 'hr_mark', MARKS['hr_mark'], HR)
        judged.hr_note = HR

    def get_figures(self, role):
        """Return {code: (mark, marked?, by whom, reason, figure, points, counted?)} of the marks, as the role reads them."""
        return {
            line.indicator_id.code: (line.mark, line.is_marked, line.marked_by_id.id, line.mark_reason, line.actual, line.score, line.has_data)
            for line in self.its(role).line_ids if line.indicator_id.code in MARKS}

    def assert_knows(self, role, words, codes):
        """The role gets at these words and marks and at no others, by no way, also after everything has been read by HR and by steps."""
        self.env.flush_all()
        self.env.invalidate_all()
        assessment = self.its('hr')
        for records in (assessment, assessment.sudo(), assessment.line_ids, assessment.line_ids.sudo()):
            self.assertTrue(records.read())
        self.assertTrue(assessment.sudo().result_formula and assessment.line_ids.sudo().mapped('formula'))
        user = self.users[role]
        own = assessment.with_user(user)
        shown = str(own.read()) + str(own.web_read({'line_ids': {'fields': {'mark_reason': {}, 'self_comment': {}, 'formula': {}}}})) + str(
            own.export_data([*WORDS, 'line_ids/mark_reason', 'line_ids/self_comment']))
        book = openpyxl.load_workbook(io.BytesIO(own._render_evidence()))
        shown += str([list(sheet.iter_rows(values_only=True)) for sheet in book])
        Assessment, Line, Report = (self.env[model].with_user(user) for model in (ASSESSMENT, LINE, REPORT))
        its, lines = [('id', '=', assessment.id)], [('assessment_id', '=', assessment.id)]
        for name in WORDS:
            shown += str(Assessment.formatted_read_group(its, [name], ['__count']))
        for name in ('mark_reason', 'self_comment'):
            shown += str(Line.formatted_read_group(lines, [name], ['__count']))
        for word in (OWN, MANAGER, HR):
            known = word in words
            with self.subTest(role=role, word=word):
                self.assertEqual(word in shown, known)
                found = [
                    *(bool(Assessment.search_count([*its, (name, 'ilike', word)])) for name in WORDS),
                    *(bool(Assessment.search_count([*its, (f'line_ids.{name}', 'ilike', word)])) for name in ('mark_reason', 'self_comment')),
                    bool(self.env['property.service.assessment.cycle'].with_user(user).search_count(
                        [('id', '=', self.cycle.id), ('assessment_ids.line_ids.mark_reason', 'ilike', word)]))]
                self.assertEqual(any(found), known)
        figures, everything = self.get_figures(role), self.get_figures('hr')
        for code, mark in MARKS.items():
            indicator = [('indicator_id.code', '=', code)]
            [group] = Line.formatted_read_group([*lines, *indicator], [], ['mark:max', 'score:max', 'actual:sum'])
            [row] = Report.formatted_read_group([*lines, *indicator], [], ['score:max', 'actual:max'])
            with self.subTest(role=role, code=code):
                if code in codes:
                    self.assertEqual(figures[code], everything[code])
                    self.assertEqual(group['mark:max'], everything[code][0])
                    continue
                self.assertEqual(figures[code], (0, False, False, False, 0, 0, False))
                self.assertFalse(any(group[name] for name in ('mark:max', 'score:max', 'actual:sum')), group)
                self.assertFalse(any(row[name] for name in ('score:max', 'actual:max')), row)
                self.assertFalse(Line.search_count([*lines, *indicator, ('mark', '=', mark)]))
                self.assertFalse(Line.search_count([*lines, *indicator, '|', ('is_marked', '=', True), ('has_data', '=', True)]))
                self.assertFalse(Line.search_count([*lines, *indicator, ('marked_by_id', '!=', False)]))
        self.assert_result_follows(own)

    def assert_result_follows(self, own):
        """The result holds what the reader's own lines hold, so that nothing can be worked out from it."""
        seen = own.line_ids.filtered('has_data')
        if not own.has_score:
            self.assertEqual((own.score, own.base_score, own.band_id.id, own.stars, own.veto, own.needs_plan), (0, 0, False, False, False, False))
            Assessment = self.env[ASSESSMENT].with_user(own.env.user)
            its = [('id', '=', own.id)]
            self.assertFalse(Assessment.search_count([*its, '|', ('score', '>', 0), ('band_id', '!=', False)]))
            self.assertFalse(Assessment.search_count([*its, ('band_id.name', '!=', False), ('band_id.minimum', '>=', 0)]))
            self.assertEqual([group['band_id'] for group in Assessment.formatted_read_group(its, ['band_id'], ['__count'])], [False])
            [group] = Assessment.formatted_read_group(its, [], ['score:max', 'base_score:sum'])
            self.assertFalse(group['score:max'] or group['base_score:sum'])
            self.assertFalse(own.result_formula)
            return
        self.assertAlmostEqual(own.base_score, sum(line.score * line.weight for line in seen) / sum(seen.mapped('weight')), 2)


@tagged('post_install', '-at_install')
class TestUnfinished(UnfinishedCase):
    """What somebody is still writing is for him and HR alone."""

    def test_own_assessment(self):
        self.own_writes()
        self.assert_knows('head', [], [])
        self.assertFalse(self.its('head').has_score)
        self.assertEqual(self.line('self_mark', 'head').formula, "Not handed in yet")
        self.assert_knows('technician', [OWN], ['self_mark'])
        self.its('technician').action_submit_self()
        self.assert_knows('head', [OWN], ['self_mark'])

    def test_sent_back(self):
        """Neither the employee gets at what the manager and HR had begun, nor the manager at what HR had; nothing is lost."""
        self.own_writes()
        self.its('technician').action_submit_self()
        self.manager_writes()
        self.its('head').action_submit_manager()
        self.hr_writes()
        whole = self.its('hr').score
        self.assert_knows('head', [OWN, MANAGER], ['self_mark', 'manager_mark'])
        self.its('hr').action_return(reason="Please look again")
        self.assert_knows('head', [OWN, MANAGER], ['self_mark', 'manager_mark'])
        self.assertTrue(self.its('head').has_score)
        self.its('head').action_return(reason="Please say more")
        self.assert_knows('technician', [OWN], ['self_mark'])
        self.assertTrue(self.its('technician').has_score)
        self.assert_knows('head', [MANAGER], ['manager_mark'])
        self.its('technician').action_submit_self()
        self.assertEqual(self.line('manager_mark', 'head').mark, MARKS['manager_mark'])
        self.assert_knows('head', [OWN, MANAGER], ['self_mark', 'manager_mark'])
        self.its('head').action_submit_manager()
        self.assertEqual(self.its('hr').score, whole, "all marks are in it again")
        self.its('hr').action_approve_hr()
        self.assert_knows('head', [OWN, MANAGER, HR], MARKS)
        self.its('hr').action_publish()
        self.assert_knows('technician', [OWN, MANAGER, HR], MARKS)

    def test_who_is_called_when_it_is_sent_back(self):
        """Whose turn it is again has the to-do, and nobody else has one."""
        own = self.its('technician')
        self.mark(own, 'self_mark', 80)
        own.action_submit_self()
        self.assertEqual(self.its(None).activity_ids.user_id, self.users['head'])
        self.its('head').action_return(reason="Please say more")
        self.assertEqual([activity.user_id for activity in self.its(None).activity_ids], [self.users['technician']])
        own.action_submit_self()
        self.mark(self.its('head'), 'manager_mark', 80)
        self.its('head').action_submit_manager()
        self.assertFalse(self.its(None).activity_ids)
        self.its('hr').action_return(reason="Please look again")
        self.assertEqual([activity.user_id for activity in self.its(None).activity_ids], [self.users['head']])

    def test_values_are_written_whoever_has_read_before(self):
        """Each reader has a cache of these fields: what is stored is what was written last."""
        own = self.its('technician')
        for number in range(3):
            for role in ('hr', 'head', 'technician', None):
                self.its(role).read()
            own.self_note = f"{OWN} {number}"
            line = self.line('self_mark', 'technician')
            line.mark = 70 + number
            self.env.flush_all()
            self.assertEqual(self.its('hr').self_note, f"{OWN} {number}")
            self.assertEqual(self.line('self_mark', 'hr').mark, 70 + number)
            self.env.cr.execute("SELECT self_note FROM property_service_assessment WHERE id = %s", (own.id,))
            self.assertEqual(self.env.cr.fetchone()[0], f"{OWN} {number}")
            self.assertFalse(self.its('head').self_note)

    def test_order_tells_nothing(self):
        """Sorted by what is hidden, the order is that of the ids."""
        self.own_writes()
        Assessment = self.as_role('head', ASSESSMENT)
        both = [('cycle_id', '=', self.cycle.id)]
        for name in ('score', 'band_id', 'self_note'):
            ways = [Assessment.search(both, order=f'{name} {way}, id').ids for way in ('ASC', 'DESC')]
            self.assertEqual(*ways)

    def test_the_mail_to_a_peer_leads_to_his_marks(self):
        scheme = self.env['property.service.assessment.scheme'].create(self.get_scheme_vals(code='peers', line_ids=[
            Command.create({'indicator_id': self.ref('peer_mark').id, 'weight': 100, 'floor': 0, 'target': 100})]))
        assessment = self.of(self.make_cycle(scheme), self.worker, 'head')
        assessment.action_ask_peers(user_ids=(self.users['agent'] | self.users['colleague']).ids)
        told = self.env['mail.message'].sudo().search([('partner_ids', 'in', self.users['agent'].partner_id.ids)], limit=1)
        self.assertIn(f'{assessment.get_base_url()}/odoo/action-property_service.assessment_peer_action', told.body)
        self.assertIn(self.worker.name, told.body)


@tagged('post_install', '-at_install')
class TestUnfinishedRpc(UnfinishedCase, HttpCase):

    def test_json2(self):
        self.own_writes()
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        key = self.env['res.users.apikeys'].with_user(self.users['head']).sudo()._generate('rpc', 'app', tomorrow)
        assessment = self.its('head')
        its, lines = [['id', '=', assessment.id]], [['assessment_id', '=', assessment.id]]
        for model, method, body in (
                (ASSESSMENT, 'read', {'ids': assessment.ids}),
                (ASSESSMENT, 'search_read', {'domain': its}), (ASSESSMENT, 'search_count', {'domain': [*its, ['self_note', 'ilike', OWN]]}),
                (ASSESSMENT, 'export_data', {'ids': assessment.ids, 'fields_to_export': ['self_note', 'line_ids/self_comment']}),
                (LINE, 'search_read', {'domain': lines}), (LINE, 'search_count', {'domain': [*lines, ['mark', '>', 0]]}),
                (LINE, 'formatted_read_group', {'domain': lines, 'groupby': ['mark_reason'], 'aggregates': ['mark:max']}),
                (REPORT, 'search_read', {'domain': lines})):
            answer = self.url_open(f'/json/2/{model}/{method}', json=body, headers={'Authorization': f'Bearer {key}'})
            with self.subTest(model=model, method=method):
                self.assertEqual(answer.status_code, 200, answer.text[:300])
                self.assertNotIn(OWN, answer.text)
                if method == 'search_count':
                    self.assertEqual(answer.json(), 0)
        answer = self.url_open(f'/property_service/assessment/{assessment.id}/evidence.xlsx', headers={'Authorization': f'Bearer {key}'})
        self.assertNotIn(OWN.encode(), answer.content)
