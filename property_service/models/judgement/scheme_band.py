from odoo import fields, models


class PropertyServiceAssessmentBand(models.Model):
    """A grade of a scheme, and what follows from it: stars, points, reward or penalty (R87, R93)."""

    _name = 'property.service.assessment.band'
    _description = "Assessment Grade"
    _inherit = ['property.service.scheme.part']
    _order = 'scheme_id, minimum desc, id'

    scheme_id = fields.Many2one('property.service.assessment.scheme', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='scheme_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    name = fields.Char(string="Grade", required=True, translate=True)
    minimum = fields.Float(string="From Points", required=True)
    stars = fields.Selection(
        [('0', "None"), ('1', "Poor"), ('2', "Fair"), ('3', "Good"), ('4', "Very Good"), ('5', "Excellent")], default='0', required=True,
        help="Star employee (R93).")
    points = fields.Float(string="Service Points", help="Proposed for the points ledger when the result is published; negative: taken off.")
    amount = fields.Monetary(string="Reward", help="Proposed with the points; negative: a penalty.")
    needs_plan = fields.Boolean(string="Improvement Plan", help="A result of this grade needs an improvement plan before it is closed (R89).")

    _minimum_once = models.UniqueIndex('(scheme_id, minimum)', "Two grades of a scheme cannot begin at the same points.")
    _minimum_positive = models.Constraint('CHECK(minimum >= 0)', "A grade begins at 0 points or more.")
