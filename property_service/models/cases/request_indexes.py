from odoo import fields, models


class PropertyServiceRequest(models.Model):
    """What lists, boards, searches and the intake ask for, answered from an index at a million requests.

    Single-column indexes that a longer one begins with are left out: each costs time at every write.
    """

    _inherit = 'property.service.request'

    state = fields.Selection(index=False)  # _state_order_index
    priority = fields.Selection(index=False)  # _order_index
    partner_id = fields.Many2one(index=False)  # _partner_index
    title = fields.Char(index='trigram')

    # The board counts its columns within the companies of the user: the two columns let it do so from the index alone.
    _state_order_index = models.Index('(state, priority DESC, id DESC) INCLUDE (company_id, active)')
    # Requests come in the order of time: a few kilobytes find those of a day or a month.
    _create_date_index = models.Index('USING brin (create_date)')
    _archived_index = models.Index('(id) WHERE active IS NOT TRUE')
    _dissatisfied_index = models.Index('(rating_value, id) WHERE rating_value > 0 AND rating_value <= 2')
    _rework_index = models.Index('(id) WHERE rework_count > 0')
    _chased_index = models.Index('(id) WHERE chase_count > 0')
