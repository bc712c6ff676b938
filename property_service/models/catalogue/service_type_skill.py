from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyServiceTypeSkill(models.Model):
    """A skill, with the lowest level that will do, which a service type asks of the worker (R5)."""

    _name = 'property.service.type.skill'
    _description = "Required Skill"
    _order = 'type_id, id'
    _rec_name = 'skill_id'

    type_id = fields.Many2one('property.service.type', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='type_id.company_id', store=True)
    skill_id = fields.Many2one('hr.skill', required=True, ondelete='restrict')
    skill_type_id = fields.Many2one(related='skill_id.skill_type_id')
    skill_level_id = fields.Many2one(
        'hr.skill.level', string="Minimum Level", domain="[('skill_type_id', '=', skill_type_id)]", ondelete='restrict')

    _skill_unique = models.Constraint('unique(type_id, skill_id)', "The skill is required twice.")

    @api.constrains('skill_id', 'skill_level_id')
    def _check_skill_level(self):
        for line in self:
            if line.skill_level_id and line.skill_level_id not in line.skill_id.skill_type_id.skill_level_ids:
                raise ValidationError(self.env._(
                    "The level %(level)s does not belong to the skill %(skill)s.",
                    level=line.skill_level_id.name, skill=line.skill_id.name))
