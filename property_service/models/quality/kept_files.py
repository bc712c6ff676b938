from odoo import models


class PropertyServiceKeptFiles(models.AbstractModel):
    """Files of a document: whoever reads the document reads them."""

    _name = 'property.service.kept.files'
    _description = "Files of a Document"

    def _keep_attachments(self):
        """Uploads of a form that was not saved yet belong to nobody's record: make them the document's, so that its readers may open them."""
        for record in self:
            waiting = record.sudo().attachment_ids.filtered(  # sudo: attachments of the record just written
                lambda attachment: attachment.res_model == self._name and not attachment.res_id)
            if waiting:
                waiting.res_id = record.id
