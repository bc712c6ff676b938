import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_judgement_cycle import CycleCase


@tagged('post_install', '-at_install')
class TestWords(CycleCase):
    """What a published figure is called and said to measure stays as it was read, in every language."""

    def test_published_words_stay(self):
        self.env['res.lang']._activate_lang('zh_CN')
        indicator = self.ref('rework_rate')
        indicator.with_context(lang='zh_CN').write({'name': "返工率", 'definition': "返工的工单"})
        before = (indicator.name, indicator.definition, indicator.exclusions, indicator.numerator_text)
        published, running = self.make_cycle(), None
        self.publish(published)
        running = self.make_cycle(date_from='2025-04-01')
        as_hr = indicator.with_user(self.users['hr'])
        as_hr.write({'name': "Another name", 'definition': "Something else", 'exclusions': "Nothing", 'numerator_text': "All"})
        as_hr.update_field_translations('name', {'zh_CN': "别的"})
        self.env.flush_all()
        self.env.invalidate_all()

        def line(cycle, role):
            return self.of(cycle, self.worker, role).line_ids.filtered(lambda line: line.indicator_id == indicator)

        own = line(published, 'technician')
        self.assertEqual((own.name, own.definition, own.exclusions, own.numerator_text), before)
        self.assertEqual(own.display_name, before[0])
        self.assertEqual((own.with_context(lang='zh_CN').name, own.with_context(lang='zh_CN').definition), ("返工率", "返工的工单"))
        self.assertEqual(own.action_open_evidence()['name'], before[0])
        book = openpyxl.load_workbook(io.BytesIO(own.assessment_id._render_evidence()))
        cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
        self.assertLessEqual({before[0], before[1]}, cells)
        self.assertFalse({"Another name", "Something else"} & cells)
        self.assertIn(before[0], own.assessment_id.radar)
        waiting = line(running, 'technician')
        self.assertEqual((waiting.name, waiting.definition), ("Another name", "Something else"))
        self.assertEqual(waiting.with_context(lang='zh_CN').name, "别的")

    def test_grades_keep_their_names(self):
        """A grade of a scheme in force is not renamed, in no language."""
        self.env['res.lang']._activate_lang('zh_CN')
        self.scheme.action_activate()
        band = self.scheme.band_ids[0].with_user(self.users['hr'])
        for change in (lambda: band.write({'name': "Z"}), lambda: band.with_context(lang='zh_CN').write({'name': "优"}),
                       lambda: band.update_field_translations('name', {'zh_CN': "优"})):
            with self.assertRaises(UserError):
                change()
            self.env.invalidate_all()
