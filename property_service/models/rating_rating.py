from odoo import api, models
from odoo.fields import Domain


class RatingRating(models.Model):
    """Ratings of cases, closed to those who are rated.

    Core lets every employee read and write every rating, and read the token by which a resident may still answer. What counts
    is kept on the case; here the answers stay to be read by whoever may read the case.
    """

    _inherit = 'rating.rating'

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get('bypass_access'):
            domain = Domain(domain) & self._get_case_rating_domain()
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        allowed = self - result[0] if result else self
        models = self._get_case_models()
        ratings = allowed.sudo().filtered(lambda rating: rating.res_model in models)  # sudo: reads the model only
        if operation == 'read':
            ratings -= ratings.sudo().filtered_domain(self._get_case_rating_domain())  # sudo: the domain holds the right
        if not ratings:
            return result
        forbidden = ratings.sudo(False)
        return (
            forbidden | result[0] if result else forbidden,
            lambda: self.env['ir.rule']._make_access_error(operation, forbidden))

    @api.model
    def _get_case_models(self):
        return self.env['property.service.case']._get_case_models()

    @api.model
    def _get_case_rating_domain(self):
        """Return the Domain of the ratings the user may read: given ones, of cases that the user may read."""
        models = self._get_case_models()
        domain = Domain('res_model', 'not in', models)
        for model in models:
            if self.env['ir.model.access'].check(model, 'read', raise_exception=False):
                cases = self.env[model].with_context(active_test=False)._search([])
                domain |= Domain('res_model', '=', model) & Domain('consumed', '=', True) & Domain('res_id', 'in', cases)
        return domain
