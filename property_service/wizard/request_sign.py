from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceRequestSign(models.TransientModel):
    """The pad on the worker's phone: the resident signs that the work is done (R9)."""

    _name = 'property.service.request.sign'
    _description = "Signature of Acceptance"

    request_id = fields.Many2one('property.service.request', required=True, readonly=True, ondelete='cascade')
    work_summary = fields.Text(related='request_id.work_summary', related_sudo=False)
    signed_by = fields.Char(
        string="Name", compute='_compute_signed_by', compute_sudo=False, store=True, readonly=False,
        help="Who signs: the resident or whoever is at home.")
    signature = fields.Binary(attachment=False)

    @api.depends('request_id')
    def _compute_signed_by(self):
        for wizard in self:
            wizard.signed_by = wizard.request_id.contact_name

    @api.constrains('request_id')
    def _check_request_id(self):
        self.sudo(False).request_id._origin.check_access('read')  # constraints run as superuser

    def action_sign(self):
        """Accept the work with the signature.

        :raises UserError: nobody has signed
        """
        self.ensure_one()
        if not self.signature:
            raise UserError(self.env._("Ask the resident to sign first."))
        signature = self.signature.decode() if isinstance(self.signature, bytes) else self.signature
        self.request_id.action_accept(signature=signature, signed_by=self.signed_by)
        return {'type': 'ir.actions.act_window_close'}
