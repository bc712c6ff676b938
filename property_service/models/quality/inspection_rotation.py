from odoo import api, fields, models

from ...tools import rotation


class PropertyServiceInspection(models.Model):
    """Firms that evaluate from outside take turns: after N rounds in a row at an estate a warning says so (R58)."""

    _inherit = 'property.service.inspection'

    rotation_run = fields.Integer(
        string="Rounds in a Row", compute='_compute_rotation_run', help="So many third-party evaluations of the estate by the same firm.")
    rotation_warning = fields.Boolean(compute='_compute_rotation_run')

    @api.depends('method', 'evaluator_partner_id', 'estate_id', 'planned_date', 'state')
    def _compute_rotation_run(self):
        rounds = self._get_rounds(self.estate_id)
        for inspection in self:
            firm = inspection.evaluator_partner_id.commercial_partner_id
            inspection.rotation_run = 0
            if firm and inspection.method == 'third_party' and inspection.state != 'cancelled':
                mine = (inspection.planned_date or fields.Date.today(), inspection._origin.id or float('inf'))
                before = [other for date, number, other in rounds.get(inspection.estate_id.id, ()) if (date, number) < mine]
                inspection.rotation_run = rotation.count_run(before, firm.id)
            limit = (inspection.company_id or self.env.company).property_rotation_rounds
            inspection.rotation_warning = 0 < limit < inspection.rotation_run

    @api.model
    def _get_rounds(self, estates):
        """Return {estate id: [(day, id, firm id), …]} of the third-party evaluations, the latest first, in one query."""
        rounds = {}
        found = self.sudo().search_fetch(  # sudo: the turns count whoever looks
            [('method', '=', 'third_party'), ('state', '!=', 'cancelled'), ('estate_id', 'in', estates.ids),
             ('evaluator_partner_id', '!=', False)],
            ['estate_id', 'planned_date', 'evaluator_partner_id'], order='planned_date desc, id desc')
        for inspection in found:
            rounds.setdefault(inspection.estate_id.id, []).append(
                (inspection.planned_date, inspection.id, inspection.evaluator_partner_id.commercial_partner_id.id))
        return rounds

    def _warn_of_rotation(self, user):
        """Give ``user`` an activity for each evaluation that would be one too many in a row."""
        for inspection in self.filtered('rotation_warning'):
            translated = inspection.with_context(lang=user.lang)
            inspection.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id, date_deadline=inspection.planned_date,
                summary=translated.env._(
                    "Round %(round)s in a row by %(firm)s: choose another firm", round=inspection.rotation_run,
                    firm=inspection.evaluator_partner_id.commercial_partner_id.name))
