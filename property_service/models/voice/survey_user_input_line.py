from odoo import fields, models


class SurveyUserInputLine(models.Model):
    _inherit = 'survey.user_input.line'

    property_campaign_id = fields.Many2one(related='user_input_id.property_campaign_id', string="Campaign")
    property_estate_id = fields.Many2one(related='user_input_id.property_estate_id', string="Estate")
    property_building_id = fields.Many2one(related='user_input_id.property_building_id', string="Building")
    property_text = fields.Text(string="Open Answer", compute='_compute_property_text', search='_search_property_text')

    def _compute_property_text(self):
        for line in self:
            line.property_text = line.value_text_box or line.value_char_box

    def _search_property_text(self, operator, value):
        if operator not in ('ilike', 'like', '=ilike'):
            return NotImplemented
        return ['|', ('value_text_box', operator, value), ('value_char_box', operator, value)]
