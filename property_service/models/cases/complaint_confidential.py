from odoo import models


class PropertyServiceComplaint(models.Model):
    """Those a complaint is about neither see it nor are they asked to take care of it, unless the supervisor opens it to them."""

    _inherit = 'property.service.complaint'

    def _get_barred_users(self):
        self.ensure_one()
        complaint = self.sudo()  # sudo: agents do not read employees' users
        if complaint.kind != 'complaint' or complaint.disclosed:
            return super()._get_barred_users()
        return complaint.about_employee_id.user_id

    def _get_clock_people(self):
        barred = self._get_barred_users()
        return {role: users - barred for role, users in super()._get_clock_people().items()}
