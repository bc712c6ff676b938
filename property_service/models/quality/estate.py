from odoo import fields, models


class PropertyServiceEstate(models.Model):
    """The estate's inspections."""

    _inherit = 'property.service.estate'

    inspection_count = fields.Integer(
        compute='_compute_inspection_count', groups='property_service.group_supervisor,property_service.group_quality')
    inspection_score = fields.Float(
        string="Mean Score", compute='_compute_inspection_count', digits=(5, 1), aggregator=None,
        groups='property_service.group_supervisor,property_service.group_quality')

    def _compute_inspection_count(self):
        groups = {estate: (count, score) for estate, count, score in self.env['property.service.inspection']._read_group(
            [('estate_id', 'in', self.ids), ('state', '=', 'done')], ['estate_id'], ['__count', 'score:avg'])}
        for estate in self:
            estate.inspection_count, estate.inspection_score = groups.get(estate, (0, 0.0))

    def action_open_inspections(self):
        """Return the act_window of the estate's inspections."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.inspection_action'),
            'domain': [('estate_id', 'in', self.ids)], 'context': {'default_estate_id': self.id if len(self) == 1 else False},
        }
