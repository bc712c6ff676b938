from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = ('self', 'manager', 'hr')
#: the mean of fewer would be somebody's mark
LEAST_PEERS = 2


class PropertyServiceAssessmentPeer(models.Model):
    """A colleague's mark. Only the mean, of two at least, reaches the manager and, after publication, the person assessed."""

    _name = 'property.service.assessment.peer'
    _description = "Mark by a Peer"
    _order = 'given_at, id desc'
    _rec_name = 'employee_name'

    line_id = fields.Many2one(
        'property.service.assessment.line', required=True, readonly=True, index=True, ondelete='cascade', groups='hr.group_hr_user')
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    user_id = fields.Many2one('res.users', string="Asked", required=True, readonly=True, index=True, ondelete='restrict')
    employee_name = fields.Char(string="Colleague", compute='_compute_about', compute_sudo=True)
    period = fields.Char(compute='_compute_about', compute_sudo=True)
    value = fields.Float(string="Mark", digits=(5, 1), aggregator=None, help="From 0 to 100.")
    comment = fields.Text()
    given_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex('(line_id, user_id)', "This colleague has been asked already.")

    @api.depends('line_id')
    def _compute_about(self):
        for peer in self:
            assessment = peer.line_id.assessment_id
            peer.employee_name = assessment.employee_id.name
            peer.period = assessment.cycle_id.name

    def write(self, vals):
        """Colleagues give their mark, as long as the assessment is not with HR's approval."""
        if not self.env['property.service.assessment']._is_step():
            if vals.keys() - {'value', 'comment'}:
                raise UserError(self.env._("Only the mark and the comment can be given."))
            for peer in self:
                assessment = peer.sudo().line_id.assessment_id  # sudo: the state only
                if peer.user_id != self.env.user and not self.env.su:
                    raise AccessError(self.env._("This mark is another colleague's to give."))
                if assessment.state not in STATES or assessment.approved_by_id:
                    raise UserError(self.env._("This assessment no longer takes marks."))
            if not 0 <= vals.get('value', 0) <= 100:
                raise UserError(self.env._("A mark is a number from 0 to 100."))
            result = super().write({**vals, **({'given_at': fields.Datetime.now()} if 'value' in vals else {})})
            self.sudo().line_id.assessment_id._score()  # sudo: the mean counts for the colleague
            return result
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Peers are asked through :meth:`property.service.assessment.action_ask_peers`."""
        if not self.env['property.service.assessment']._is_step():
            raise UserError(self.env._("Colleagues are asked from the assessment."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env['property.service.assessment']._is_step():
            raise UserError(self.env._("A mark that was asked for stays on file."))
