from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import scoring


class PropertyServiceAssessmentSchemeLine(models.Model):
    """One indicator of a scheme: its weight, and which figure gives how many points."""

    _name = 'property.service.assessment.scheme.line'
    _description = "Assessment Scheme Line"
    _inherit = ['property.service.scheme.part']
    _order = 'scheme_id, sequence, id'
    _rec_name = 'indicator_id'

    scheme_id = fields.Many2one('property.service.assessment.scheme', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='scheme_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        'property.service.indicator', required=True, index=True, ondelete='restrict', domain="[('state', '=', 'active')]")
    unit = fields.Selection(related='indicator_id.unit')
    direction = fields.Selection(related='indicator_id.direction')
    weight = fields.Float(required=True, help="Percent of the result; all lines together make 100.")
    method = fields.Selection(
        [('linear', "Straight line"), ('steps', "Step Table")], string="Scoring Method", required=True, default='linear',
        help="Straight line: 0 points at the floor, 100 at the target, in between in proportion, up to the cap at the stretch figure."
             " Steps: the points of the best step that is reached.")
    floor = fields.Float(string="0 Points At", compute='_compute_range', store=True, readonly=False, precompute=True)
    target = fields.Float(string="100 Points At", compute='_compute_range', store=True, readonly=False, precompute=True)
    with_stretch = fields.Boolean(string="More Than 100")
    stretch = fields.Float(string="Most Points At")
    cap = fields.Float(string="Most Points", default=100.0)
    steps = fields.Char(string="Step Table", help="Figure and points, for instance 95: 100, 90: 80, 80: 60")

    _weight_positive = models.Constraint('CHECK(weight > 0 AND weight <= 100)', "A weight is more than 0 and at most 100.")
    _indicator_once = models.UniqueIndex('(scheme_id, indicator_id)', "An indicator stands in a scheme once.")

    @api.depends('indicator_id')
    def _compute_range(self):
        """Propose the whole range of the unit; marks are points from 0 to 100."""
        for line in self:
            lower = line.indicator_id.direction == 'lower'
            line.floor, line.target = (20.0, 0.0) if lower else (0.0, 100.0)

    @api.constrains('method', 'floor', 'target', 'with_stretch', 'stretch', 'cap', 'steps', 'indicator_id')
    def _check_rule(self):
        words = {
            'order': self.env._("the target must be better than the floor"),
            'stretch': self.env._("the stretch figure must be better than the target"),
            'cap': self.env._("the most points are at least 100"),
            'steps': self.env._("each better step must give more points, up to the most points"),
        }
        for line in self:
            faults = scoring.faults(line._get_rule())
            if faults:
                raise ValidationError(self.env._(
                    "%(indicator)s: %(faults)s.", indicator=line.indicator_id.name, faults=", ".join(words[code] for code in faults)))

    def _get_rule(self):
        """Return the scoring.Rule of the line."""
        self.ensure_one()
        try:
            steps = scoring.parse_steps(self.steps) if self.method == 'steps' else ()
        except ValueError as error:
            raise ValidationError(self.env._("The step %(step)s cannot be read.", step=error)) from error
        return scoring.Rule(
            self.direction or 'higher', self.method, self.floor, self.target, self.stretch if self.with_stretch else None, self.cap, steps)
