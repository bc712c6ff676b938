
from odoo import api, fields, models
from odoo.exceptions import UserError

#: What is part of a case, and the ways to it: the answer itself is the resident's.
_CASE_OF = {
    'property.service.inspection.line': ('inspection_id',),
    'survey.user_input.line': ('user_input_id.property_request_id', 'user_input_id.property_complaint_id'),
}


class _UncheckedMany2one(fields.Many2one):
    """Many2one without a foreign key in the database.

    A cycle of 1,000 people stores 200,000 cases; with keys to line and company that takes twice as long. What the key would
    guarantee is kept by the two places that write: the cycle's computation, and ``assessment._discard``.
    """

    def update_db_foreign_key(self, model, column):
        """Add none."""


class PropertyServiceAssessmentEvidence(models.Model):
    """A case behind a figure, as it was counted. Written only by the cycle's computation, in SQL; frozen with the result (R90)."""

    _name = 'property.service.assessment.evidence'
    _description = "Assessment Evidence"
    _order = 'line_id, at, id'
    _log_access = False

    line_id = _UncheckedMany2one('property.service.assessment.line', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='line_id.company_id')
    res_model = fields.Char(string="Kind of Case", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Case", model_field='res_model', required=True, readonly=True)
    name = fields.Char(string="Number", readonly=True)
    at = fields.Datetime(string="Counted On", readonly=True)
    numerator = fields.Float(readonly=True, digits=(16, 6), help="What the case adds above the line.")
    denominator = fields.Float(readonly=True, digits=(16, 6), help="What the case adds below the line; less than 1 where it was shared.")
    kind = fields.Char(compute='_compute_kind')

    @api.depends('res_model')
    def _compute_kind(self):
        names = {row.res_model: self.env['ir.model']._get(row.res_model).name for row in self}
        for row in self:
            row.kind = names[row.res_model]

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse: evidence is counted, not entered."""
        raise UserError(self.env._("Evidence is counted, not entered."))

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: evidence is frozen."""
        raise UserError(self.env._("Evidence is counted, not entered."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Evidence is counted, not entered."))

    def _get_local_moment(self):
        """Return when the case was counted, naive, by the clock of the company."""
        self.ensure_one()
        return self.company_id._property_time(self.at)

    def action_open_case(self):
        """Return the act_window of the case; whether it may be read is decided there, by the case's own rules.

        :raises UserError: the case is gone
        """
        self.ensure_one()
        self.check_access('read')
        record = self.env[self.res_model].browse(self.res_id).exists()
        parts = record.sudo()  # sudo: which case it belongs to; the case is opened by its own rules
        record = next((case for case in map(parts.mapped, _CASE_OF[self.res_model]) if case), parts.browse()).with_env(
            self.env) if self.res_model in _CASE_OF else record
        if not record:
            raise UserError(self.env._("%(case)s is no longer on file.", case=self.name))
        record.check_access('read')
        return {'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'view_mode': 'form'}
