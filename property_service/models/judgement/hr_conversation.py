from odoo import fields, models


class PropertyServiceHrConversation(models.AbstractModel):
    """Records that everybody may read, while what HR writes to one another about them, and so about people, is for HR."""

    _name = 'property.service.hr.conversation'
    _description = "Conversation of HR"
    _inherit = ['mail.thread']

    # Searching by messages does not ask for the right to read them.
    message_ids = fields.One2many(groups='hr.group_hr_user')

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        if message_operation == 'read':
            return dict.fromkeys(self, 'write')
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
