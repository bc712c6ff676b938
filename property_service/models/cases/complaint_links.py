from odoo import api, fields, models
from odoo.tools import SQL


class PropertyServiceComplaint(models.Model):
    """What a complaint leads to, and the figures of the reports."""

    _inherit = 'property.service.complaint'

    callback_count = fields.Integer(compute='_compute_callback_count', groups='property_service.group_agent,property_service.group_quality')

    reply_hours = fields.Float(
        string="Hours to First Reply", compute='_compute_hours', store=True, aggregator='avg', help="From receipt, round the clock.")
    solution_hours = fields.Float(
        string="Hours to Solution", compute='_compute_hours', store=True, aggregator='avg', help="From receipt, round the clock.")

    @api.depends('responded_at', 'done_at')
    def _compute_hours(self):
        for complaint in self:
            start = complaint.create_date
            for name, end in (('reply_hours', complaint.responded_at), ('solution_hours', complaint.done_at)):
                # Not yet answered counts as no figure, not as zero hours: zero would flatter the mean.
                complaint[name] = (end - start).total_seconds() / 3600 if start and end else False

    def _read_group_select(self, aggregate_spec, query):
        """Leave out of the means what has no figure yet: a float column knows no other nothing than zero."""
        if aggregate_spec in ('reply_hours:avg', 'solution_hours:avg'):
            return SQL("AVG(NULLIF(%s, 0))", self._field_to_sql(self._table, aggregate_spec.split(':')[0], query))
        return super()._read_group_select(aggregate_spec, query)

    def _compute_callback_count(self):
        counts = dict(self.env['property.service.callback']._read_group(
            [('origin_complaint_id', 'in', self.ids)], ['origin_complaint_id'], ['__count']))
        for complaint in self:
            complaint.callback_count = counts.get(complaint, 0)

    def action_open_callbacks(self):
        """Return the act_window of the complaint's callbacks."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.callback_action'),
            'domain': [('origin_complaint_id', '=', self.id)],
            'context': {'default_origin_complaint_id': self.id, 'default_partner_id': self.partner_id.id},
        }
