from markupsafe import Markup

from odoo import models
from odoo.exceptions import AccessError, UserError

from .assessment_peer import LEAST_PEERS, STATES


class PropertyServiceAssessment(models.Model):
    """Asking the peers."""

    _inherit = 'property.service.assessment'

    def action_ask_peers(self, user_ids=None):
        """Ask colleagues for their marks; the manager or HR does it.

        :param list user_ids: ids of res.users; a wizard asks when missing
        :raises UserError: no marks are taken, or with these too few would be asked for a mean that tells on nobody
        """
        for assessment in self:
            if not (assessment._may_mark() or self.env.user.has_group('hr.group_hr_user') and not assessment.is_own or self.env.su):
                raise AccessError(self.env._("You cannot do this: it takes another role."))
            if assessment.state not in STATES or assessment.approved_by_id:
                raise UserError(self.env._("This assessment no longer takes marks."))
            if not any(line.source == 'manual_peer' for line in assessment.line_ids):
                raise UserError(self.env._("The scheme asks no peers."))
        if not user_ids:
            return self._open_wizard('ask_peers')
        users = self.env['res.users'].browse(user_ids).exists().filtered(lambda user: user._is_internal())
        for assessment in self:
            lines = assessment.line_ids.filtered(lambda line: line.source == 'manual_peer')
            step = assessment._as_step()
            known = step.env['property.service.assessment.peer'].search([('line_id', 'in', lines.ids)])
            if len((users | known.user_id) - assessment.user_id) < LEAST_PEERS:
                raise UserError(self.env._(
                    "Ask at least %(number)s colleagues: the mean of a single mark would tell whose it is.", number=LEAST_PEERS))
            step.env['property.service.assessment.peer'].create([
                {'line_id': line.id, 'user_id': user.id, 'company_id': assessment.company_id.id}
                for line in lines for user in users - assessment.user_id - known.filtered(lambda p, line=line: p.line_id == line).user_id])
            assessment._tell_peers(users - assessment.user_id - known.user_id)
        return True

    def _tell_peers(self, users):
        """Tell colleagues that a mark is asked of them; they see no more of the assessment than whose it is."""
        for lang, told in users.grouped('lang').items():
            here = self.sudo().with_context(lang=lang)  # sudo: the name only
            here.env['mail.thread'].message_notify(
                partner_ids=told.partner_id.ids, subject=here.env._("Your mark is asked for"),
                body=Markup('<p>%s</p><p><a href="%s/odoo/action-property_service.assessment_peer_action">%s</a></p>') % (
                    here.env._("Please mark the work of %(employee)s under Marks Asked of Me. Only the mean is used.",
                               employee=here.employee_id.name), here.get_base_url(), here.env._("Marks Asked of Me")))
