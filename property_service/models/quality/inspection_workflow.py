from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

#: So many items are named when something is missing.
_NAMED = 5


class PropertyServiceInspection(models.Model):
    """The steps of an inspection's life, each callable from a button and over JSON-2."""

    _inherit = 'property.service.inspection'

    def action_start(self):
        """Begin; the first answer begins by itself."""
        self._authorize('start')._begin()
        return True

    def _begin(self):
        self._set_state('in_progress', started_at=fields.Datetime.now())

    def action_finish(self, note=None):
        """Finish: from now on the score stands (R54).

        :param str note: what the evaluator says of the whole
        :raises UserError: an item has no answer, or a photo is missing
        """
        inspections = self._authorize('finish')
        inspections.filtered(lambda inspection: inspection.state == 'planned')._begin()
        note = self._to_text(note)
        inspections._set_state('done', **({'note': note} if note else {}), done_at=fields.Datetime.now())
        return True

    def action_reopen(self, reason=None):
        """Take a finished inspection up again, because something was entered wrongly.

        :param str reason: asked by a wizard when missing
        :raises UserError: a corrective action hangs on its findings
        """
        for inspection in self._authorize('reopen'):
            if inspection.corrective_action_count:
                raise UserError(self.env._(
                    "Corrective actions were opened from %(inspection)s: it stands.", inspection=inspection.name))
        return self._step_with_reason('reopen', 'in_progress', reason, done_at=False)

    def action_cancel(self, reason=None):
        """Give it up, with the reason.

        :param str reason: asked by a wizard when missing
        """
        return self._step_with_reason('cancel', 'cancelled', reason)

    def action_corrective(self):
        """Open a corrective action for each finding that has none, in one click, and show them.

        :raises UserError: there is no finding
        """
        self._authorize('corrective')._check_finished()
        findings = self.line_ids.filtered('is_finding')
        if not findings:
            raise UserError(self.env._("The inspection has no findings."))
        actions = findings._open_corrective()
        self.activity_unlink(['property_service.mail_activity_type_inspection'])
        return actions._open_form() if len(actions) == 1 else self.action_open_corrective()

    # ---- REQUIREMENTS ----

    def _check_before_done(self):
        for inspection in self:
            unanswered, unproven = inspection.line_ids._get_missing()
            if unanswered:
                raise UserError(self.env._(
                    "%(count)s items have no answer yet: %(items)s", count=len(unanswered), items=self._name_items(unanswered)))
            if unproven:
                raise UserError(self.env._(
                    "%(count)s items need a photo: %(items)s", count=len(unproven), items=self._name_items(unproven)))
            if not any(inspection.line_ids.mapped('is_scored')):
                raise UserError(self.env._("Nothing applies: cancel the inspection instead."))

    def _name_items(self, lines):
        names = lines[:_NAMED].item_id.mapped('name')
        return "; ".join(names) + (" …" if len(lines) > _NAMED else "")

    # ---- STATE HOOKS ----

    def _after_state_change(self, before):
        super()._after_state_change(before)
        closed = self.filtered('is_closed')
        closed.activity_unlink(['property_service.mail_activity_type_inspection'])
        (self - closed).filtered(lambda inspection: before.get(inspection.id) == 'done')._tell_evaluators()
        self.filtered(lambda inspection: inspection.state == 'done' and inspection.evaluator_partner_id)._tell_result()

    def _tell_result(self):
        """Tell whoever has planned it what an evaluator from outside has found: nobody of the house was there."""
        for inspection in self:
            user = inspection.sudo().plan_id.user_id or inspection.create_uid  # sudo: whoever finishes does not read plans
            if user.active and user._is_internal() and user.id != SUPERUSER_ID:
                translated = inspection.with_context(lang=user.lang)
                inspection.activity_schedule(
                    'property_service.mail_activity_type_inspection', user_id=user.id, summary=translated.env._(
                        "Finished by %(evaluator)s: score %(score)s, findings: %(findings)s", findings=inspection.finding_count,
                        evaluator=inspection.evaluator_partner_id.display_name, score=f'{inspection.score:g}'))
