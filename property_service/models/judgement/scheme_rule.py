from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyServiceAssessmentRule(models.Model):
    """Bonus points, deductions and vetoes (一票否决) of a scheme (R87)."""

    _name = 'property.service.assessment.rule'
    _description = "Assessment Rule"
    _inherit = ['property.service.scheme.part']
    _order = 'scheme_id, kind, id'

    scheme_id = fields.Many2one('property.service.assessment.scheme', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='scheme_id.company_id', store=True, index=True)
    name = fields.Char(required=True, translate=True, help="What the people assessed read.")
    kind = fields.Selection(
        [('bonus', "Bonus"), ('deduction', "Deduction"), ('veto', "Veto")], required=True, default='bonus',
        help="A veto gives the lowest grade, whatever the points.")
    indicator_id = fields.Many2one('property.service.indicator', required=True, index=True, ondelete='restrict')
    measure = fields.Selection(
        [('actual', "Figure"), ('cases', "Numerator")], string="Measured By", required=True, default='actual',
        help="What is compared with the limit.")
    operator = fields.Selection([('ge', "At least"), ('le', "At most")], required=True, default='ge')
    threshold = fields.Float(string="Limit", required=True)
    points = fields.Float()
    per_case = fields.Boolean(help="The points are multiplied with what was measured.")

    @api.constrains('kind', 'points', 'indicator_id', 'scheme_id')
    def _check_rule(self):
        for rule in self:
            if rule.kind != 'veto' and rule.points <= 0:
                raise ValidationError(self.env._("%(rule)s: give the points as a positive number.", rule=rule.name))
            if rule.indicator_id.code not in rule.scheme_id.line_ids.indicator_id.mapped('code'):
                raise ValidationError(self.env._("%(rule)s is about an indicator that is no line of the scheme.", rule=rule.name))
