from odoo import models
from odoo.fields import Command

from ..cases.request_states import FINISHED_STATES


class AccountMoveReversal(models.TransientModel):
    """Credit notes remember the request they were opened from."""

    _inherit = 'account.move.reversal'

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        request_id = self.env.context.get('property_request_id')
        if request_id:
            Request = self.env['property.service.request']
            values['property_request_id'] = Request._browse_argument(Request._name, request_id).id
        elif move.sudo().property_request_id:  # sudo: accountants read fee queries only; the refund of paid work stays with its case
            values['property_request_id'] = move.sudo().property_request_id.id  # sudo: as above
        return {**values, **self._get_place(move)}

    def _modify_default_reverse_values(self, origin_move):
        """What replaces a bill belongs to the same request and the same home."""
        return {
            **super()._modify_default_reverse_values(origin_move), **self._get_place(origin_move),
            'property_request_id': origin_move.sudo().property_request_id.id}  # sudo: as above

    def _get_place(self, move):
        return {'property_unit_id': move.sudo().property_unit_id.id, 'property_estate_id': move.sudo().property_estate_id.id}  # sudo: as above

    def reverse_moves(self, is_modify=False):
        """Let what replaces a bill bill the same work, and be seen in the questions that are open about it."""
        action = super().reverse_moves(is_modify)
        if is_modify and len(self.move_ids) == len(self.new_move_ids):
            for old, new in zip(self.move_ids.sudo(), self.new_move_ids.sudo(), strict=True):  # sudo: accountants read fee queries only
                for before, after in zip(*(
                        move.invoice_line_ids.filtered('product_id').sorted('sequence') for move in (old, new)), strict=False):
                    if before.product_id == after.product_id:
                        after.property_charge_id = before.property_charge_id
                old.property_query_ids.filtered(lambda query: query.state not in FINISHED_STATES).write(
                    {'fee_move_ids': [Command.link(new.id)]})
        return action
