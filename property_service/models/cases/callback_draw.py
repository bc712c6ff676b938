from odoo import api, fields, models
from odoo.fields import Domain


class PropertyServiceCallbackDraw(models.Model):
    """One run of a callback rule: what was considered, what was drawn, under which seed."""

    _name = 'property.service.callback.draw'
    _description = "Callback Draw"
    _order = 'id desc'
    _rec_name = 'create_date'

    rule_id = fields.Many2one('property.service.callback.rule', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, default=lambda self: self.env.company)
    seed = fields.Char(required=True, readonly=True)
    date_from = fields.Datetime(readonly=True)
    date_to = fields.Datetime(readonly=True)
    population = fields.Integer(readonly=True)
    drawn = fields.Integer(readonly=True)
    share = fields.Float(string="Share (%)", compute='_compute_share')

    @api.depends('population', 'drawn')
    def _compute_share(self):
        for draw in self:
            draw.share = 100 * draw.drawn / draw.population if draw.population else 0.0

    def action_check(self):
        """Repeat the draw and tell whether it gives the same number.

        :return: a notification; cases changed since (a late rating, a reopened case) are the honest reason for a difference
        """
        self.ensure_one()
        rule = self.rule_id
        model, domain = rule._get_population_domain(self.date_from, self.date_to)
        cases = self.env[model].search(domain & Domain('company_id', '=', self.company_id.id))
        drawn = rule._draw(cases, rule._get_callbacks(cases), seed=self.seed)
        same = (len(cases), len(drawn)) == (self.population, self.drawn)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success' if same else 'warning',
                'message': self.env._("Drawn again: %(drawn)s of %(population)s.", drawn=len(drawn), population=len(cases)),
            },
        }
