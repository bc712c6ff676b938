from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import inspection_score
from ...tools.plain_number import plain_number
from ..context_defaults import without_defaults

#: Who scores less has something to put right: a "no", a number outside its limits, 1 or 2 of 5.
FINDING_BELOW = 50


class PropertyServiceInspectionLine(models.Model):
    """One item of an inspection, and what the evaluator found."""

    _name = 'property.service.inspection.line'
    _description = "Inspection Answer"
    _order = 'inspection_id desc, sequence, id'
    _rec_name = 'item_id'

    #: written by the methods that save answers, so that order, author and score cannot be forged
    _system_fields = frozenset({'item_id', 'entered_at', 'answered_by_id', 'photo_keys', 'is_answered', 'value', 'not_applicable', 'photo_ids'})

    inspection_id = fields.Many2one('property.service.inspection', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    item_id = fields.Many2one('property.service.inspection.item', required=True, index=True, ondelete='restrict')
    section_id = fields.Many2one(related='item_id.section_id', store=True, precompute=True)
    kind = fields.Selection(related='item_id.kind')
    guidance = fields.Text(related='item_id.guidance')
    limits = fields.Char(related='item_id.limits')
    weight = fields.Float(related='item_id.weight', aggregator=None)
    is_critical = fields.Boolean(related='item_id.is_critical')

    is_answered = fields.Boolean(readonly=True, copy=False)
    value = fields.Float(readonly=True, copy=False, aggregator=None, help="1 is yes and 0 is no; 1 to 5; or the number.")
    not_applicable = fields.Boolean(readonly=True, copy=False, help="Counts neither way.")
    note = fields.Text(string="Remark", copy=False)
    answer = fields.Char(compute='_compute_answer')
    score = fields.Float(compute='_compute_score', store=True, aggregator='avg', digits=(5, 1))
    is_scored = fields.Boolean(compute='_compute_score', store=True, help="It was looked at and applies.")
    is_finding = fields.Boolean(string="Finding", compute='_compute_score', store=True, help="There is something to put right.")
    photo_ids = fields.Many2many(
        'ir.attachment', 'property_service_inspection_photo_rel', string="Photos", readonly=True, copy=False, bypass_search_access=True)
    photo_keys = fields.Json(readonly=True, copy=False, help="What the phone calls each photo: one that is sent twice is kept once.")
    entered_at = fields.Datetime(readonly=True, copy=False, help="When it was entered on the phone; it may have been sent later.")
    answered_by_id = fields.Many2one('res.partner', string="Entered By", readonly=True, copy=False)

    # for comparing
    state = fields.Selection(related='inspection_id.state', store=True)
    method = fields.Selection(related='inspection_id.method', store=True)
    done_at = fields.Datetime(related='inspection_id.done_at', store=True)
    template_id = fields.Many2one(related='inspection_id.template_id', store=True)
    company_id = fields.Many2one(related='inspection_id.company_id', store=True, index=True)
    estate_id = fields.Many2one(related='inspection_id.estate_id', store=True)
    team_id = fields.Many2one(related='inspection_id.team_id', store=True)
    corrective_action_ids = fields.One2many('property.service.corrective.action', 'origin_inspection_line_id')

    _once_per_item = models.UniqueIndex('(inspection_id, item_id)', "Each item is asked once in an inspection.")

    # ---- COMPUTES ----

    @api.depends('is_answered', 'value', 'not_applicable', 'item_id')
    def _compute_score(self):
        for line in self:
            item = line.item_id
            line.is_scored = line.is_answered and not line.not_applicable
            line.score = inspection_score.score_item(
                item.kind, line.value, item.lower if item.has_lower else None, item.upper if item.has_upper else None,
            ) if line.is_scored else 0.0
            line.is_finding = line.is_scored and line.score < FINDING_BELOW

    @api.depends('is_answered', 'value', 'not_applicable', 'item_id')
    @api.depends_context('lang')
    def _compute_answer(self):
        for line in self:
            line.answer = line._get_answer_text()

    def _get_answer_text(self):
        if not self.is_answered:
            return False
        if self.not_applicable:
            return self.env._("Not applicable")
        if self.kind == 'yes_no':
            return self.env._("Yes") if self.value else self.env._("No")
        if self.kind == 'scale':
            return self.env._("%(value)s of 5", value=int(self.value))
        return " ".join(filter(None, [plain_number(self.value), self.item_id.unit]))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Lines come with the inspection, unanswered."""
        if not self._is_system():
            for vals in vals_list:
                self._refuse_forged(vals.keys() - {'item_id'})
        return super(PropertyServiceInspectionLine, without_defaults(self, self._system_fields)).create(vals_list)

    def write(self, vals):
        """Answers go through the inspection; what is finished stands as it is."""
        if not self._is_system():
            self._refuse_forged(vals)
            self.inspection_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(line.is_answered for line in self):
            raise UserError(self.env._("What was answered is not deleted: say that it does not apply."))

    @api.model
    def _refuse_forged(self, names):
        forged = self._system_fields.intersection(names)
        if forged:
            raise UserError(self.env._("Answers are given on the page of the inspection."))

    @api.model
    def _is_system(self):
        return self.env['property.service.inspection'].with_context(self.env.context)._is_system()

    def _as_system(self):
        return self.with_context(self.env['property.service.inspection']._as_system().env.context)

    def _as_kept(self):
        """Return the lines for moving them to the archived copy of their question: answers and scores stay."""
        return self._as_system()

    # ---- WHAT IS MISSING ----

    def _needs_photo(self):
        """Return whether the answer is not complete without a photo."""
        self.ensure_one()
        if self.photo_ids or self.not_applicable:
            return False
        return self.item_id.photo == 'always' or self.item_id.photo == 'failed' and self.is_finding

    def _get_missing(self):
        """Return the lines without an answer, and those without the photo that is required."""
        unanswered = self.filtered(lambda line: not line.is_answered)
        return unanswered, (self - unanswered).filtered(lambda line: line._needs_photo())

    # ---- ACTIONS ----

    def action_corrective(self):
        """Open a corrective action for the finding and show it; the one that is there already is shown again.

        :raises UserError: nothing is wrong, or the inspection is not finished
        """
        actions = self._open_corrective()
        return actions._open_form() if len(actions) == 1 else self.inspection_id.action_open_corrective()

    def _open_corrective(self):
        """Return the corrective actions of the findings, opened where there is none."""
        self.inspection_id._authorize('corrective')._check_finished()
        wrong = self.filtered(lambda line: not line.is_finding)
        if wrong:
            raise UserError(self.env._("“%(item)s” is fulfilled: there is nothing to put right.", item=wrong[0].item_id.name))
        actions = self.corrective_action_ids
        for line in self - actions.origin_inspection_line_id:
            actions |= line._make_corrective()
        return actions

    def _make_corrective(self):
        self.ensure_one()
        inspection = self.inspection_id
        action = self.env['property.service.corrective.action']._open_from(
            inspection, title=self.item_id.name, origin_inspection_line_id=self.id, employee_id=inspection.employee_id.id,
            priority='1' if self.is_critical else '0', measure='inspection', description="\n".join(filter(None, [
                self.env._("%(inspection)s, %(section)s: %(answer)s", inspection=inspection.name, section=self.section_id.name,
                           answer=" ".join(filter(None, [self.answer, f"({self.limits})" if self.limits else ""]))),
                self.note, self.guidance and self.env._("Required: %(guidance)s", guidance=self.guidance)])))
        if self.photo_ids:
            # Copies of its own: whoever carries it out may see the action but not the inspection.
            photos = self.sudo().photo_ids  # sudo: read with the line, see above
            action.photo_before_ids = photos.copy({'res_model': action._name, 'res_id': action.id}).ids
        return action
