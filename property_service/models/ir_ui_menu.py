from odoo import models


class IrUiMenu(models.Model):
    _inherit = 'ir.ui.menu'

    def _load_menus_blacklist(self):
        """First Steps stand at the beginning of the menu until a manager hides them."""
        hidden = super()._load_menus_blacklist()
        if all(self.env.user.company_ids.sudo().mapped('property_steps_hidden')):  # sudo: a flag of the own companies
            menu = self.env.ref('property_service.menu_first_steps', raise_if_not_found=False)
            return [*hidden, *(menu.ids if menu else ())]
        return hidden
