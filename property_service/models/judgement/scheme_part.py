from odoo import api, models
from odoo.exceptions import UserError


class PropertyServiceSchemePart(models.AbstractModel):
    """Lines, grades and rules of a scheme: fixed once the scheme is in force, like the scheme itself."""

    _name = 'property.service.scheme.part'
    _description = "Part of an Assessment Scheme"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_draft()
        return parts

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        if 'scheme_id' in vals:
            self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._check_draft()

    def _check_draft(self):
        if self.env.context.get('install_mode') and self.env.su:
            return
        for scheme in self.scheme_id:
            if scheme.state != 'draft':
                raise UserError(self.env._("%(rule)s is in force: make a new version to change it.", rule=scheme.display_name))
