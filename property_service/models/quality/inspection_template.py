from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...tools.plain_number import plain_number
from . import inspection_states as states


class PropertyServiceInspectionTemplate(models.Model):
    """What an inspection looks at: sections of weighted items (R54, R82, R98)."""

    _name = 'property.service.inspection.template'
    _description = "Inspection Template"
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index=True, help="Empty: for all companies.")
    method = fields.Selection(states.METHODS, string="Inspection Method", required=True, default='spot_check', help="How it is usually inspected.")
    description = fields.Text(translate=True, help="What it is for and how to go about it: the evaluator reads it first.")
    pass_score = fields.Float(
        default=80.0, required=True, aggregator=None, help="From this score on the inspection is passed, unless a critical item failed.")
    section_ids = fields.One2many('property.service.inspection.section', 'template_id', copy=True)
    item_count = fields.Integer(compute='_compute_item_count')
    inspection_count = fields.Integer(compute='_compute_inspection_count')

    _pass_score_range = models.Constraint('CHECK(pass_score BETWEEN 0 AND 100)', "Scores go from 0 to 100.")

    @api.depends('section_ids.item_ids')
    def _compute_item_count(self):
        for template in self:
            template.item_count = len(template.section_ids.item_ids)

    def _compute_inspection_count(self):
        counts = dict(self.env['property.service.inspection']._read_group(
            [('template_id', 'in', self.ids)], ['template_id'], ['__count']))
        for template in self:
            template.inspection_count = counts.get(template, 0)

    def copy_data(self, default=None):
        """Return the values of copies, with names that tell them apart."""
        return [dict(vals, name=self.env._("%(name)s (copy)", name=template.name))
                for template, vals in zip(self, super().copy_data(default), strict=True)]

    def action_open_inspections(self):
        """Return the act_window of the inspections by this template."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.inspection_action'),
            'domain': [('template_id', 'in', self.ids)], 'context': {'default_template_id': self.id if len(self) == 1 else False},
        }


class PropertyServiceInspectionSection(models.Model):
    """A part of an inspection with a score of its own."""

    _name = 'property.service.inspection.section'
    _description = "Inspection Section"
    _order = 'sequence, id'

    template_id = fields.Many2one('property.service.inspection.template', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='template_id.company_id', store=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    item_ids = fields.One2many('property.service.inspection.item', 'section_id', copy=True)

    def unlink(self):
        """Sections whose items were inspected stay in the archive: reports of the past show them."""
        used = self.filtered(lambda section: section.with_context(active_test=False).item_ids._get_used())
        used.item_ids.unlink()
        used.active = False
        return super(PropertyServiceInspectionSection, self - used).unlink()


class PropertyServiceInspectionItem(models.Model):
    """A question of an inspection.

    Past inspections keep the question they answered: where a question that was inspected is changed, its old words move to an archived
    copy, to which the answers go over (:meth:`_keep_used`).
    """

    _name = 'property.service.inspection.item'
    _description = "Inspection Item"
    _order = 'sequence, id'

    #: what an answer depends on
    _content_fields = frozenset({
        'name', 'guidance', 'kind', 'weight', 'lower', 'has_lower', 'upper', 'has_upper', 'unit', 'photo', 'is_critical'})

    section_id = fields.Many2one('property.service.inspection.section', required=True, index=True, ondelete='cascade')
    template_id = fields.Many2one(related='section_id.template_id', store=True, index=True)
    company_id = fields.Many2one(related='section_id.company_id', store=True)
    name = fields.Char(string="Item", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    guidance = fields.Text(translate=True, help="What to look at and when it is fulfilled.")
    kind = fields.Selection(states.KINDS, required=True, default='yes_no', string="Kind of Answer")
    weight = fields.Float(default=1.0, required=True, aggregator=None)
    has_lower = fields.Boolean(string="At Least")
    lower = fields.Float(string="Lower Limit", aggregator=None)
    has_upper = fields.Boolean(string="At Most")
    upper = fields.Float(string="Upper Limit", aggregator=None)
    unit = fields.Char(string="Unit of the Number", translate=True, help="Unit of the number, for instance %, °C or minutes.")
    photo = fields.Selection(states.PHOTO_RULES, required=True, default='optional')
    is_critical = fields.Boolean(string="Critical Item", help="Not fulfilled: the inspection is not passed, whatever its score.")
    limits = fields.Char(compute='_compute_limits')

    _weight_positive = models.Constraint('CHECK(weight > 0)', "The weight of an item is greater than zero.")
    _limits_order = models.Constraint(
        'CHECK(NOT COALESCE(has_lower, FALSE) OR NOT COALESCE(has_upper, FALSE) OR lower <= upper)',
        "The lower limit lies below the upper one.")

    # ---- COMPUTES ----

    @api.depends('kind', 'has_lower', 'lower', 'has_upper', 'upper', 'unit')
    def _compute_limits(self):
        for item in self:
            parts = []
            if item.kind == 'number':
                if item.has_lower:
                    parts.append(f"≥ {plain_number(item.lower)}")
                if item.has_upper:
                    parts.append(f"≤ {plain_number(item.upper)}")
            item.limits = " ".join(filter(None, [" ".join(parts), item.unit if parts else ""])) or False

    @api.constrains('kind', 'has_lower', 'has_upper')
    def _check_limits(self):
        for item in self:
            if item.kind == 'number' and not item.has_lower and not item.has_upper:
                raise ValidationError(self.env._("A number needs a limit to be judged by: %(item)s.", item=item.name))

    # ---- CRUD ----

    def write(self, vals):
        """Keep the old question for the inspections that answered it."""
        if not self._content_fields.isdisjoint(vals):
            self.filtered(lambda item: any(
                item._fields[name].convert_to_write(item[name], item) != vals[name]
                for name in self._content_fields.intersection(vals)))._keep_used()
        return super().write(vals)

    def unlink(self):
        """Items that were inspected are archived instead: reports of the past show them."""
        used = self._get_used()
        used.active = False
        return super(PropertyServiceInspectionItem, self - used).unlink()

    def _get_used(self):
        """Return the items that a finished or begun inspection has answered."""
        Line = self.env['property.service.inspection.line'].sudo()  # sudo: whoever edits templates may not see all inspections
        return self.browse([item.id for item, in Line._read_group([('item_id', 'in', self.ids)], ['item_id'])])

    def _keep_used(self):
        """Move answered questions to archived copies; what is not answered yet gets the new question."""
        Line = self.env['property.service.inspection.line'].sudo()  # sudo: as above
        answered = dict(Line._read_group(
            [('item_id', 'in', self.ids), ('inspection_id.state', 'in', ('in_progress', 'done'))], ['item_id'], ['id:recordset']))
        for item, lines in answered.items():
            kept = item.sudo().copy({'active': False, 'section_id': item.section_id.id})  # sudo: as above
            lines._as_kept().write({'item_id': kept.id})

    # ---- LINES ----

    def _get_line_commands(self):
        """Return the commands that put the items into an inspection, in their order."""
        return [Command.create({'item_id': item.id, 'sequence': number}) for number, item in enumerate(self, 1)]
