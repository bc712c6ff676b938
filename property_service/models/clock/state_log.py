from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyServiceStateLog(models.Model):
    """Append-only history of the states of cases: the truth from which deadlines and timelines are derived (R18, R103).

    Only :meth:`property.service.case._set_state` writes it, as superuser. Nobody changes or deletes a line (R104).
    """

    _name = 'property.service.state.log'
    _description = "State Log"
    _order = 'id'
    _rec_name = 'to_state'
    _log_access = False

    request_id = fields.Many2one('property.service.request', index='btree_not_null', ondelete='cascade')
    complaint_id = fields.Many2one('property.service.complaint', index='btree_not_null', ondelete='cascade')
    callback_id = fields.Many2one('property.service.callback', index='btree_not_null', ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True)
    from_state = fields.Char()
    to_state = fields.Char(required=True)
    at = fields.Datetime(required=True)
    by_id = fields.Many2one('res.users', required=True, ondelete='restrict')
    employee_id = fields.Many2one('hr.employee', string="Worker", help="Who was responsible for the work from then on.")
    paused = fields.Boolean(help="The clock stands still from here to the next line.")
    waiting_reason_id = fields.Many2one('property.service.waiting.reason', ondelete='restrict')
    reason = fields.Text()

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: the log is append-only."""
        raise UserError(self.env._("The state log cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse: the log is append-only."""
        raise UserError(self.env._("The state log cannot be deleted."))
