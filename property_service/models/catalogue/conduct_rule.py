from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: More than that is a slip of the hand.
MOST_POINTS, MOST_AMOUNT = 10_000, 10_000_000

AREAS = [
    ('manner', "Manner and Appearance"), ('discipline', "Discipline at Work"), ('safety', "Safety"), ('privacy', "Privacy"),
    ('integrity', "Integrity"), ('merit', "Merit"), ('community', "Living Together"),
]


class PropertyServiceConductRule(models.Model):
    """A rule of conduct 行为规范, public for everybody: what staff do and do not do, with its points; what residents are asked for (R99)."""

    _name = 'property.service.conduct.rule'
    _description = "Rule of Conduct"
    _order = 'audience desc, sequence, code, id'
    _rec_names_search = ['name', 'code']
    _check_company_auto = True

    name = fields.Char(string="Rule", required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one('res.company', index=True, help="Leave empty to share the rule among companies.")
    audience = fields.Selection(
        [('staff', "Staff"), ('resident', "Residents")], string="Is For", required=True, default='staff', index=True)
    area = fields.Selection(AREAS, required=True, default='discipline')
    severity = fields.Selection(
        [('minor', "Minor"), ('major', "Major"), ('grave', "Grave")], required=True, default='minor')
    description = fields.Text(string="In Words", translate=True, help="What is expected, with examples, so that nobody has to guess.")
    points = fields.Float(aggregator=None, help="Negative: taken off. What one case brings once it is approved.")
    amount = fields.Monetary(string="Reward", aggregator=None, help="Negative: a penalty.")
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')

    _code_unique = models.UniqueIndex('(COALESCE(company_id, 0), code)', "Another rule of conduct has this code.")

    @api.depends('company_id')
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends('code', 'name')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = " ".join(filter(None, (rule.code, rule.name)))

    @api.constrains('audience', 'points', 'amount')
    def _check_points(self):
        for rule in self:
            if rule.audience == 'resident' and (rule.points or rule.amount):
                raise ValidationError(self.env._("Residents are asked, not fined: %(rule)s brings no points.", rule=rule.name))
            if rule.audience == 'staff' and not rule.points and not rule.amount:
                raise ValidationError(self.env._("%(rule)s brings nothing: enter points or a reward.", rule=rule.name))
            if not (abs(rule.points) <= MOST_POINTS and abs(rule.amount) <= MOST_AMOUNT):  # so that "not a number" fails, too
                raise ValidationError(self.env._(
                    "At most %(points)s points and a reward of %(amount)s at once.", points=MOST_POINTS, amount=MOST_AMOUNT))
