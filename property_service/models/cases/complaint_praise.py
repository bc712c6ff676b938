from odoo import fields, models


class PropertyServiceComplaint(models.Model):
    """Praise reaches the employee it is for; the points for it are proposed by the points rules of the assessments."""

    _inherit = 'property.service.complaint'

    praised_at = fields.Datetime(readonly=True, copy=False, help="When the employee was told of the praise.")

    @property
    def _system_fields(self):
        return super()._system_fields | {'praised_at'}

    def _tell_praised(self):
        """Tell the employees praised, once, as soon as somebody has looked at the praise."""
        praise = self.sudo().filtered(  # sudo: the employee is told whoever registers it
            lambda c: c.kind == 'praise' and not c.praised_at and c.about_employee_id.user_id.active)
        for complaint in praise:
            user = complaint.about_employee_id.user_id
            told = complaint.with_context(lang=user.lang)
            self.env['mail.thread'].sudo().message_notify(  # sudo: as above
                partner_ids=user.partner_id.ids, subject=told.env._("Praise for you: %(title)s", title=complaint.title),
                body=told.env._("A resident praises you: %(text)s", text=complaint.description or complaint.title),
                model=complaint._name, res_id=complaint.id)
        praise._as_system().praised_at = fields.Datetime.now()

    def _after_state_change(self, before):
        result = super()._after_state_change(before)
        self.filtered(lambda c: c.state in ('registered', 'answered'))._tell_praised()
        return result
