from odoo import fields, models


class MailTemplate(models.Model):
    _inherit = 'mail.template'

    property_reply_letter = fields.Boolean(
        string="Reply Letter", help="Offered as the beginning of a reply to a complaint. It is not sent by itself.")
