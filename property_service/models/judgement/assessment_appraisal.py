from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

APPRAISAL = 'hr.appraisal'


class PropertyServiceAssessment(models.Model):
    """Takes results over into the employee's appraisal, where an addon with ``hr.appraisal`` is installed (R86, R88).

    Only fields that the known providers share are used: ``employee_id``, ``date_close``, ``state`` and ``note``.
    """

    _inherit = 'property.service.assessment'

    has_appraisals = fields.Boolean(compute='_compute_has_appraisals')

    def _compute_has_appraisals(self):
        self.has_appraisals = APPRAISAL in self.env

    def action_attach_appraisal(self):
        """Write result, grade and figures into the employee's open appraisal of the period.

        :raises UserError: not published, no such addon, no open appraisal, or attached already
        """
        self.check_access('read')
        if not self.env.su and not self.env.user.has_group('hr.group_hr_user'):
            raise AccessError(self.env._("You cannot do this: it takes another role."))
        if APPRAISAL not in self.env:
            raise UserError(self.env._("No addon for appraisals is installed."))
        for assessment in self:
            if assessment.state not in ('published', 'closed') or not assessment.employee_id:
                raise UserError(self.env._("%(case)s is not published yet.", case=assessment.display_name))
            appraisal = self.env[APPRAISAL].search([
                ('employee_id', '=', assessment.employee_id.id), ('state', 'in', ('1_new', '2_pending')),
                ('date_close', '>=', assessment.date_from)], order='date_close, id', limit=1)
            if not appraisal:
                raise UserError(self.env._("%(employee)s has no open appraisal.", employee=assessment.employee_id.name))
            summary = assessment._render_summary()
            if html2plaintext(summary).strip() in html2plaintext(appraisal.note or ''):
                raise UserError(self.env._("%(case)s stands in the appraisal already.", case=assessment.display_name))
            appraisal.write({'note': Markup('%s%s') % (appraisal.note or Markup(''), summary)})
        return True

    def _render_summary(self):
        """Return the result in a few lines of HTML."""
        self.ensure_one()
        lines = Markup('').join(
            Markup('<li>%s: %s (%s)</li>') % (line.name, line.formula, f"{line.score:g}")
            for line in self.line_ids if line.has_data)
        return Markup('<p><b>%s</b>: %s, %s</p><ul>%s</ul>') % (
            self.cycle_id.name, f"{self.score:g}", self.band_id.name or "–", lines)
