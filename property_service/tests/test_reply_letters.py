from odoo.tests import Form, tagged

from .common import PropertyServiceTransactionCase
from .complaint_common import ComplaintCase

LETTERS = ('justified', 'explained', 'compensation', 'suggestion', 'praise')


@tagged('post_install', '-at_install')
class TestReplyLetters(ComplaintCase, PropertyServiceTransactionCase):
    """Replies begin from letters in the resident's language."""

    def test_each_shipped_letter(self):
        for name in LETTERS:
            letter = self.env.ref(f'property_service.reply_letter_{name}')
            self.assertTrue(letter.property_reply_letter)
            complaint = self.make_complaint(
                'investigating', measure="Insulated.", findings="Too loud.", about_employee_id=self.worker.id, compensation=300)
            complaint.reply_template_id = letter
            for text in (complaint.name, "Zhang San", self.company.name):
                self.assertIn(text, complaint.reply, name)
            self.assertNotIn('t-out', complaint.reply)

    def test_saved_form_has_the_letter(self):
        complaint = self.as_role('agent', self.make_complaint('registered'))
        with Form(complaint) as form:
            form.reply_template_id = self.env.ref('property_service.reply_letter_justified')
        self.assertIn("Zhang San", complaint.reply)
        with Form(complaint) as form:
            form.reply = "<p>In my own words</p>"
        self.assertIn("In my own words", complaint.reply)

    def test_language_of_the_resident(self):
        self.env['res.lang']._activate_lang('zh_CN')
        letter = self.env.ref('property_service.reply_letter_praise')
        letter.with_context(lang='zh_CN').body_html = '<p>感谢您的表扬 <t t-out="object.name"/></p>'
        self.resident.lang = 'zh_CN'
        complaint = self.make_complaint('registered', kind='praise')
        complaint.reply_template_id = letter
        self.assertIn("感谢您的表扬", complaint.reply)
        self.assertIn(complaint.name, complaint.reply)

    def test_mails_are_no_letters(self):
        offered = self.env['mail.template'].search([
            ('model', '=', 'property.service.complaint'), ('property_reply_letter', '=', True)])
        for name in ('mail_template_complaint_reply', 'mail_template_complaint_receipt'):
            self.assertNotIn(self.env.ref(f'property_service.{name}'), offered)
