from odoo import api, fields, models

_READERS = 'property_service.group_technician,property_service.group_quality'


class PropertyServiceUnit(models.Model):
    """The house health file 房屋健康档案: every request on the unit (R105)."""

    _inherit = 'property.service.unit'

    request_ids = fields.One2many(
        'property.service.request', 'unit_id', string="Requests", groups=_READERS)
    request_count = fields.Integer(
        compute='_compute_request_count', groups=_READERS)
    open_request_count = fields.Integer(
        compute='_compute_request_count', groups=_READERS)

    @api.depends_context('short_unit')
    def _compute_display_name(self):
        """With ``short_unit`` in the context, as people say it: a list that shows the estate beside it has no room for more."""
        if not self.env.context.get('short_unit'):
            super()._compute_display_name()
            return
        for unit in self:
            unit.display_name = unit.name

    def _compute_request_count(self):
        for unit, (total, unfinished) in self.env['property.service.request']._count_by('unit_id', self).items():
            unit.request_count = total
            unit.open_request_count = unfinished

    def action_open_requests(self):
        """Return the act_window of the unit's requests, by category."""
        self.ensure_one()
        return self.env['property.service.request']._get_requests_action(
            [('unit_id', '=', self.id)], default_unit_id=self.id, search_default_group_category=1)

    def action_new_request(self):
        """Return the act_window of the intake form for this unit."""
        self.ensure_one()
        return {**self.env['property.service.request']._get_intake_action(default_unit_id=self.id), 'target': 'current'}
