from odoo import api, fields, models
from odoo.fields import Domain

from .request_states import FINISHED_STATES


class PropertyServiceRequest(models.Model):
    """From the request to the records around it, and back from them to their requests."""

    _inherit = 'property.service.request'

    requires_appointment = fields.Boolean(related='type_id.requires_appointment')
    merged_count = fields.Integer(string="Duplicate Count", compute='_compute_merged_count')
    related_count = fields.Integer(compute='_compute_related_count')

    @api.depends('merged_ids')
    def _compute_merged_count(self):
        for request in self:
            request.merged_count = len(request.merged_ids)

    @api.depends('related_ids')
    def _compute_related_count(self):
        for request in self:
            request.related_count = len(request.related_ids)

    @api.model
    def _count_by(self, field, records, open_only=False):
        """Count the requests of many records with one query.

        :param str field: Many2one of the request
        :param records: records of its model
        :param bool open_only: leave out finished work, of which an estate has hundreds of thousands
        :return: {record: (all requests, those whose work is not over)}
        """
        counts = dict.fromkeys(records, (0, 0))
        by_id = {record._origin.id: record for record in records}
        domain = Domain(field, 'in', list(by_id))
        if open_only:
            domain &= self._get_open_domain()
        groups = self._read_group(domain, [field, 'state'], ['__count']) if any(by_id) else []
        for found, state, count in groups:
            record = by_id[found.id]
            total, unfinished = counts[record]
            counts[record] = (total + count, unfinished + (state not in FINISHED_STATES) * count)
        return counts

    @api.model
    def _get_requests_action(self, domain, **context):
        """Return the act_window of the requests in ``domain``; ``context`` holds defaults and search defaults."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.request_action'),
            'domain': domain,
            'context': context,
        }

    # ---- ACTIONS ----

    def action_open_unit(self):
        """Return the act_window of the unit: its house health file."""
        self.ensure_one()
        return self._get_record_action(self.unit_id)

    def action_open_resident(self):
        """Return the act_window of the resident."""
        self.ensure_one()
        return self._get_record_action(self.partner_id)

    def action_open_merged_into(self):
        """Return the act_window of the request that goes on for this one."""
        self.ensure_one()
        return self._get_record_action(self.merged_into_id)

    def action_open_merged(self):
        """Return the act_window of the duplicates that this request took in."""
        self.ensure_one()
        return self._get_requests_action([('merged_into_id', '=', self.id)], create=False)

    def action_open_related(self):
        """Return the act_window of the other open and recent requests on the unit."""
        self.ensure_one()
        return self._get_requests_action(list(self._get_related_domain()), create=False)

    @api.model
    def _get_record_action(self, record):
        return {'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'views': [(False, 'form')]}
