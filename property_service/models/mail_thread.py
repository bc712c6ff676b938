import logging

from odoo import api, models

_logger = logging.getLogger(__name__)

#: Headers of answering machines besides the one of RFC 3834.
_AUTO_REPLY_HEADERS = ('X-Autoreply', 'X-Autorespond', 'X-Auto-Reply')


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Let no answering machine speak for a resident: it would wake staff, and count as an answer."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if not self._is_auto_reply(message):
            return routes
        kept = [route for route in routes if not self._hears_residents(route[0])]
        if len(kept) < len(routes):
            _logger.info("Automatic reply %s ignored", message_dict.get('message_id'))
        return kept

    @api.model
    def _is_auto_reply(self, message):
        submitted = str(message.get('Auto-Submitted') or '').strip().lower()
        precedence = str(message.get('Precedence') or '').strip().lower()
        return submitted.startswith('auto-replied') or precedence == 'auto_reply' or any(
            str(message.get(name) or '').strip().lower() not in ('', 'no') for name in _AUTO_REPLY_HEADERS)

    @api.model
    def _hears_residents(self, model):
        return model == 'property.service.callback' or isinstance(self.env.get(model), self.pool['property.service.case'])
