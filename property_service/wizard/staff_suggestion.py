from odoo import fields, models


class PropertyServiceStaffSuggestion(models.TransientModel):
    """The employees' own form for a suggestion 合理化建议 (R76): any internal user, with no other right of the addon."""

    _name = 'property.service.staff.suggestion'
    _description = "Staff Suggestion"
    _rec_name = 'title'

    title = fields.Char(required=True)
    description = fields.Text(string="What should be done, and what for", required=True)
    attachment_ids = fields.Many2many('ir.attachment', string="Photos and Files")

    def action_send(self):
        """Hand the suggestion in.

        :return: act_window of the own suggestions
        """
        self.ensure_one()
        self.check_access('write')
        complaint = self.env['property.service.complaint']._create_by_staff(self.title, self.description, self.attachment_ids)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success', 'message': self.env._("Thank you! Your suggestion has the number %(number)s.", number=complaint.name),
                'next': {**self.env['ir.actions.act_window']._for_xml_id('property_service.staff_suggestion_action_mine'),
                         'target': 'main'},
            },
        }
