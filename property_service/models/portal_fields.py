from odoo import api, models


class PropertyServicePortalFields(models.AbstractModel):
    """Residents read only the fields that are named here, and none of the conversations of staff.

    Record rules say which records residents see; they can call RPC, so what they see of them is a list, too.
    """

    _name = 'property.service.portal.fields'
    _description = "Fields Open to Residents"

    #: Names of the fields that residents may read: those in ``_order`` among them, because searching asks for them.
    _portal_readable = frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        # This runs for each value that is read: a stored field of the user is faster than has_group().
        return operation == 'read' and field.name in self._portal_readable or self.env.su or not self.env.user.share

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        if not self.env.su and not self.env.user._is_internal():
            return {}
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
