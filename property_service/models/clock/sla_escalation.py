from odoo import api, fields, models

#: When a level fires, relative to the deadline of its target.
MOMENTS = [
    ('risk', "When at risk"), ('before', "Before the deadline"), ('deadline', "At the deadline"), ('after', "After the deadline")]
TARGETS = [('response', "Answer"), ('resolution', "Solution")]
ROLES = [
    ('worker', "Worker"), ('owner', "Case owner"), ('leader', "Team leader"), ('estate_manager', "Estate manager")]


class PropertyServiceSlaEscalation(models.Model):
    """A level of escalation: what happens so long before or after a deadline (R22).

    Each fires once per case and target. What it does beyond the ticked actions is up to automation rules on the
    escalations themselves (model ``property.service.sla.event``): the shipped ones warn, and can be edited.
    """

    _name = 'property.service.sla.escalation'
    _description = "Escalation Level"
    _order = 'policy_id, target, sequence, id'

    policy_id = fields.Many2one('property.service.sla.policy', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='policy_id.company_id', store=True)
    sequence = fields.Integer(default=10)
    target = fields.Selection(TARGETS, required=True, default='response')
    moment = fields.Selection(MOMENTS, required=True, default='deadline')
    minutes = fields.Integer(help="Minutes before or after the deadline, by the wall clock.")
    notify_role = fields.Selection(
        ROLES, string="Activity For", help="Who gets an activity. Empty: nobody, or whom automation rules tell.")
    send_mail = fields.Boolean(string="E-mail", help="The one with the activity gets a message, too.")
    raise_priority = fields.Boolean(help="The priority goes up by one; the service level for it then applies.")
    reassign_leader = fields.Boolean(string="To Team Leader", help="The team leader becomes the case owner.")

    _minutes_in_range = models.Constraint(
        'CHECK(minutes IS NULL OR minutes BETWEEN 0 AND 525600)',
        "A level fires at most 525,600 minutes (a year) before or after the deadline.")

    @api.depends('target', 'moment', 'minutes')
    def _compute_display_name(self):
        targets = dict(self._fields['target']._description_selection(self.env))
        moments = dict(self._fields['moment']._description_selection(self.env))
        for level in self:
            minutes = level.minutes if level.moment in ('before', 'after') else 0
            parts = [targets.get(level.target), moments.get(level.moment)]
            if minutes:
                parts.append(self.env._("%(minutes)s min", minutes=minutes))
            level.display_name = " · ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.policy_id._policies_changed()
        return levels

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({'policy_id', 'target', 'moment', 'minutes'}):
            self.policy_id._policies_changed()
        return result
