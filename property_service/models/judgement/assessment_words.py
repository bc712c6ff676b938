from odoo import api, fields, models
from odoo.tools import SQL

#: the words of an indicator that a scorecard shows
WORDS = ('name', 'definition', 'numerator_text', 'denominator_text', 'exclusions')


class PropertyServiceAssessmentLine(models.Model):
    """The words by which a figure was published: kept with it in all languages, so that a later correction of words changes no result (R90).

    Only the arithmetic of an indicator in force is fixed. Its words may still be corrected, by hand, by a translation, or by an update.
    """

    _inherit = 'property.service.assessment.line'

    name = fields.Char(string="What Is Measured", compute='_compute_words')
    definition = fields.Text(compute='_compute_words')
    numerator_text = fields.Char(string="Above the Line", compute='_compute_words')
    denominator_text = fields.Char(string="Below the Line", compute='_compute_words')
    exclusions = fields.Text(compute='_compute_words')
    kept_name = fields.Char(translate=True, readonly=True, copy=False, export_string_translation=False)
    kept_definition = fields.Text(translate=True, readonly=True, copy=False, export_string_translation=False)
    kept_numerator_text = fields.Char(translate=True, readonly=True, copy=False, export_string_translation=False)
    kept_denominator_text = fields.Char(translate=True, readonly=True, copy=False, export_string_translation=False)
    kept_exclusions = fields.Text(translate=True, readonly=True, copy=False, export_string_translation=False)

    @api.depends_context('lang')
    @api.depends(*(f'indicator_id.{name}' for name in WORDS), *(f'kept_{name}' for name in WORDS))
    def _compute_words(self):
        for line in self:
            indicator = line.indicator_id.sudo()  # sudo: whoever reads a figure may read what it measures
            for name in WORDS:
                line[name] = line[f'kept_{name}'] if line.kept_name else indicator[name]

    @api.depends_context('lang')
    @api.depends('name', 'indicator_id.version')
    def _compute_display_name(self):
        for line in self:
            version = line.indicator_id.sudo().version  # sudo: as above
            line.display_name = f"{line.name} v{version}" if version > 1 else line.name


class PropertyServiceAssessment(models.Model):
    """Publication keeps the words along with the figures."""

    _inherit = 'property.service.assessment'

    def _publish(self):
        result = super()._publish()
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "UPDATE property_service_assessment_line l SET %s FROM property_service_indicator i"
            " WHERE i.id = l.indicator_id AND l.assessment_id = ANY(%s)",
            SQL(", ").join(SQL("%s = i.%s", SQL.identifier(f'kept_{name}'), SQL.identifier(name)) for name in WORDS), list(self._ids)))
        self.env.invalidate_all(flush=False)
        return result
