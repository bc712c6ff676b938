from odoo import api, fields, models

_USES = [('residential', "Residential"), ('commercial', "Commercial"), ('parking', "Parking"), ('common', "Common Area")]
_ROLES = [('owner', "Owner"), ('tenant', "Tenant"), ('family', "Family"), ('occupant', "Occupant")]


class PropertyServiceSurveyStratum(models.Model):
    """A part of a campaign's audience: how many there are, how many were drawn, how many have answered. Made by the draw."""

    _name = 'property.service.survey.stratum'
    _description = "Survey Stratum"
    _order = 'estate_id, building_id, unit_use, role, id'

    campaign_id = fields.Many2one('property.service.survey.campaign', required=True, index=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one(related='campaign_id.company_id', store=True, index=True, precompute=True)
    estate_id = fields.Many2one('property.service.estate', index='btree_not_null', readonly=True, ondelete='restrict')
    building_id = fields.Many2one('property.service.building', index='btree_not_null', readonly=True, ondelete='restrict')
    team_id = fields.Many2one('property.service.team', index='btree_not_null', readonly=True, ondelete='restrict')
    unit_use = fields.Selection(_USES, readonly=True)
    role = fields.Selection(_ROLES, readonly=True)
    population = fields.Integer(readonly=True)
    drawn = fields.Integer(readonly=True)
    digest = fields.Char(readonly=True, help="SHA-256 of all who could be drawn: tells whether a repeated draw had the same choice.")
    invitation_ids = fields.One2many('property.service.survey.invitation', 'stratum_id', string="Invitations")
    answered = fields.Integer(compute='_compute_answered')
    response_rate = fields.Float(string="Response Rate (%)", compute='_compute_answered')

    @api.depends('estate_id', 'building_id', 'unit_use', 'role', 'team_id')
    def _compute_display_name(self):
        uses = dict(self._fields['unit_use']._description_selection(self.env))
        roles = dict(self._fields['role']._description_selection(self.env))
        for stratum in self:
            place = stratum.sudo()  # sudo: HR reads results, not places
            parts = (place.team_id.name, place.estate_id.name, place.building_id.name, uses.get(stratum.unit_use), roles.get(stratum.role))
            stratum.display_name = " · ".join(part for part in parts if part) or self.env._("Leaders, and employees without a team")

    @api.depends('invitation_ids.state', 'drawn')
    def _compute_answered(self):
        counts = dict(self.env['property.service.survey.invitation']._read_group(
            [('stratum_id', 'in', self.ids), ('state', '=', 'answered')], ['stratum_id'], ['__count']))
        for stratum in self:
            stratum.answered = counts.get(stratum, 0)
            stratum.response_rate = 100 * stratum.answered / stratum.drawn if stratum.drawn else 0.0
