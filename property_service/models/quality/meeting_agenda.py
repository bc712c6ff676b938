from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

SECTIONS = [
    ('figure', "Key Figures"), ('cause', "Causes and Problems"), ('decision', "Decisions of the Last Meeting"),
    ('corrective', "Corrective Actions"), ('risk', "Risks and Standards"), ('topic', "Other Topics"),
]
#: how many lines a section has at most
TOP = 5
OPEN_ACTIONS = 20


class PropertyServiceQualityMeetingLine(models.Model):
    """A line of the agenda: a figure with the month before, a cause, a corrective action, a topic; and what was said about it."""

    _name = 'property.service.quality.meeting.line'
    _description = "Agenda Line"
    _inherit = ['property.service.employee.lists']
    _order = 'meeting_id, sequence, id'

    meeting_id = fields.Many2one('property.service.quality.meeting', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='meeting_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=900)
    section = fields.Selection(SECTIONS, string="Part of the Agenda", required=True, default='topic')
    key = fields.Char(readonly=True, help="What a line from the figures is about: its note stays when the figures are counted again.")
    name = fields.Char(required=True)
    value = fields.Char(string="This Month", readonly=True)
    previous = fields.Char(string="Month Before", readonly=True)
    trend = fields.Selection([('better', "Better"), ('worse', "Worse"), ('same', "Same")], readonly=True)
    detail = fields.Char(readonly=True)
    note = fields.Text(string="What Was Said")

    def write(self, vals):
        """The lines of a meeting that was held stand."""
        self.meeting_id._check_open_for_lines()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are added while the meeting is planned."""
        lines = super().create(vals_list)
        lines.meeting_id._check_open_for_lines()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_while_planned(self):
        self.meeting_id._check_open_for_lines()

    def action_decide(self):
        """Open a form that enters a decision on this line."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Meeting Decision"), 'res_model': 'property.service.quality.decision',
            'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new',
            'context': {'default_meeting_id': self.meeting_id.id, 'default_line_id': self.id, 'default_name': self.name},
        }


class PropertyServiceQualityMeeting(models.Model):
    """The agenda: built from the month's figures, and built again as long as the meeting has not been held (R27, R28, R64)."""

    _inherit = 'property.service.quality.meeting'

    def action_refresh(self):
        """Count the figures again; notes, topics and decisions stay."""
        self.check_access('write')
        self._check_open_for_lines()
        for meeting in self:
            meeting._build_agenda()
        return True

    def _check_open_for_lines(self):
        if self.env.su:
            return
        for meeting in self:
            if meeting.state != 'planned':
                raise UserError(self.env._("%(meeting)s is over: its minutes stand.", meeting=meeting.display_name))

    def _build_agenda(self):
        """Write the lines of the agenda: known ones with their notes, new ones, and none that says nothing any more."""
        self.ensure_one()
        meeting = self.sudo()  # sudo: figures of all cases of the company; only sums and names of problems are written
        meeting = meeting.company_id._in_language(meeting)
        wanted = {}
        for section, build in (
                ('figure', meeting._get_figure_lines), ('cause', meeting._get_cause_lines), ('decision', meeting._get_decision_lines),
                ('corrective', meeting._get_corrective_lines), ('risk', meeting._get_risk_lines)):
            for vals in build():
                wanted[vals['key']] = {'trend': False, 'detail': False, 'previous': False, **vals, 'section': section, 'sequence': len(wanted) + 1}
        lines = {line.key: line for line in meeting.line_ids if line.key}
        for key, line in lines.items():
            if key in wanted:
                line.write(wanted[key])
            elif not line.note and not line.decision_ids:
                line.unlink()
        meeting.env['property.service.quality.meeting.line'].create([
            {**vals, 'meeting_id': meeting.id} for key, vals in wanted.items() if key not in lines])
        meeting._as_system().figures_at = fields.Datetime.now()

    # ---- SECTIONS ----

    def _get_figure_lines(self):
        company = self.company_id
        figures = company._get_quality_labels()
        now, before = (company._get_quality_figures(self.month - relativedelta(months=back)) for back in (0, 1))
        for key, figure in figures.items():
            yield {
                'key': f'figure:{key}', 'name': figure.label, 'value': self._format_figure(figure, now[key]),
                'previous': self._format_figure(figure, before[key]), 'trend': self._get_trend(figure, now[key][2], before[key][2]),
                'detail': f"{now[key][0]} / {now[key][1]}" if figure.unit != 'count' and now[key][1] else False}

    @staticmethod
    def _format_figure(figure, sums):
        if sums[2] is None:
            return "–"
        return f"{sums[2]:.0f}" if figure.unit == 'count' else f"{sums[2]:.1f} %" if figure.unit == 'share' else f"{sums[2]:.1f}"

    @staticmethod
    def _get_trend(figure, now, before):
        if now is None or before is None or figure.lower_is_better is None:
            return False
        if now == before:
            return 'same'
        return 'better' if (now < before) == figure.lower_is_better else 'worse'

    def _get_cause_lines(self):
        """Yield the categories complained of most, and the causes found (fishbone), with the month before (R27, R28)."""
        Complaint = self.env['property.service.complaint']
        counts = {}
        for back in (0, 1):
            start, end = self.company_id._get_month_bounds(self.month - relativedelta(months=back))
            domain = [
                ('company_id', '=', self.company_id.id), ('kind', '=', 'complaint'), ('state', 'not in', ('transferred', 'withdrawn')),
                ('sla_start_at', '>=', start), ('sla_start_at', '<', end)]
            for name in ('category_id', 'cause'):
                counts[name, back] = dict(Complaint._read_group([*domain, (name, '!=', False)], [name], ['__count']))
        labels = dict(Complaint._fields['cause']._description_selection(self.env))
        for name, title in (('category_id', self.env._("Complaints: %s")), ('cause', self.env._("Cause: %s"))):
            top = sorted(counts[name, 0].items(), key=lambda pair: (-pair[1], str(pair[0])))[:TOP]
            for subject, count in top:
                before = counts[name, 1].get(subject, 0)
                yield {
                    'key': f'{name}:{subject.id if name == "category_id" else subject}',
                    'name': title % (subject.display_name if name == 'category_id' else labels[subject]), 'value': str(count),
                    'previous': str(before), 'trend': 'same' if count == before else 'worse' if count > before else 'better'}

    def _get_decision_lines(self):
        for decision in self.previous_id.decision_ids:
            yield {
                'key': f'decision:{decision.id}', 'name': decision.name, 'value': decision._get_status(),
                'detail': ", ".join(filter(None, (
                    decision.responsible_id.name, decision.deadline and fields.Date.to_string(decision.deadline))))}

    def _get_corrective_lines(self):
        """Yield the open corrective actions, late ones first."""
        actions = self.env['property.service.corrective.action'].search([
            ('company_id', '=', self.company_id.id), ('is_closed', '=', False)], order='deadline, id')
        labels = dict(actions._fields['state']._description_selection(self.env))
        late = self.env._("late")
        for action in actions.sorted(lambda action: not action.is_late)[:OPEN_ACTIONS]:
            yield {
                # what is about one employee is not read out to everybody
                'key': f'corrective:{action.id}', 'name': action.name if action.employee_id else action.display_name,
                'value': f"{labels[action.state]} ({late})" if action.is_late else labels[action.state],
                'detail': ", ".join(filter(None, (
                    action.responsible_id.name, action.deadline and fields.Date.to_string(action.deadline))))}

    def _get_risk_lines(self):
        """Yield risks that warn, drills that were not held, and standards whose review is due."""
        company = self.company_id
        risks = self.env['property.service.risk'].search([('company_id', '=', company.id)])
        for risk in risks.filtered('is_warning')[:TOP]:
            yield {
                'key': f'warning:{risk.id}', 'name': self.env._("Early warning: %(risk)s", risk=risk.name),
                'value': str(risk.recent_count), 'detail': self.env._("within %(days)s days", days=risk.warning_days)}
        drills = self.env['property.service.risk.drill'].search(
            [('company_id', '=', company.id), ('state', '=', 'late')], order='date', limit=TOP)
        for drill in drills:
            yield {
                'key': f'drill:{drill.id}', 'name': self.env._("Drill not held: %(risk)s", risk=drill.risk_id.name),
                'value': fields.Date.to_string(drill.date), 'detail': drill.leader_id.name}
        standards = self.env['property.service.standard'].search([
            ('company_id', 'in', (company.id, False)), ('is_review_due', '=', True)], order='review_date', limit=TOP)
        for standard in standards:
            yield {
                'key': f'standard:{standard.id}', 'name': self.env._("Review due: %(standard)s", standard=standard.display_name),
                'value': fields.Date.to_string(standard.review_date), 'detail': standard.owner_id.name}


class PropertyServiceQualityDecision(models.Model):
    """What a meeting decided: who does what by when; in one click it is a corrective action."""

    _name = 'property.service.quality.decision'
    _description = "Decision of a Meeting"
    _inherit = ['property.service.employee.lists']
    _order = 'meeting_id, id'
    _check_company_auto = True

    meeting_id = fields.Many2one('property.service.quality.meeting', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='meeting_id.company_id', store=True, index=True)
    line_id = fields.Many2one(
        'property.service.quality.meeting.line', string="About", index='btree_not_null', ondelete='set null',
        domain="[('meeting_id', '=', meeting_id)]")
    name = fields.Char(string="Meeting Decision", required=True)
    responsible_id = fields.Many2one('hr.employee', check_company=True, index='btree_not_null')
    deadline = fields.Date(string="Completion Deadline")
    corrective_id = fields.Many2one(
        'property.service.corrective.action', string="Corrective Action", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')
    corrective_state = fields.Selection(related='corrective_id.state', string="State")

    def write(self, vals):
        """The decisions of a meeting that was held stand."""
        if not self.env.su and 'corrective_id' in vals:
            raise UserError(self.env._("The corrective action is opened by its button."))
        self.meeting_id._check_open_for_lines()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Decisions are entered while the meeting is planned."""
        if not self.env.su and any(vals.get('corrective_id') for vals in vals_list):
            raise UserError(self.env._("The corrective action is opened by its button."))
        decisions = super().create(vals_list)
        decisions.meeting_id._check_open_for_lines()
        return decisions

    @api.ondelete(at_uninstall=False)
    def _unlink_while_planned(self):
        self.meeting_id._check_open_for_lines()

    def action_open_corrective(self):
        """Open the corrective action of each decision, once, also after the meeting; return the act_window of the last."""
        self.meeting_id.check_access('write')
        action = self.env['property.service.corrective.action']
        for decision in self:
            action = decision.corrective_id
            if not action:
                line = decision.line_id
                action = action._open_from(
                    decision.meeting_id, title=decision.name, responsible_id=decision.responsible_id.id, deadline=decision.deadline,
                    description="\n".join(filter(None, (
                        line and line.name != decision.name and line.name, line.value and f"{line.value} ({line.previous or '–'})", line.note)))
                    or decision.name)
                decision.sudo().corrective_id = action  # sudo: also of a meeting that was held
        return action._open_form() if action else True

    def action_save(self):
        """Close the dialog in which the decision was entered."""
        return {'type': 'ir.actions.act_window_close'}

    def _get_status(self):
        self.ensure_one()
        if not self.corrective_id:
            return self.env._("no corrective action")
        return dict(self.corrective_id._fields['state']._description_selection(self.env))[self.corrective_id.state]


class PropertyServiceQualityMeetingLineDecisions(models.Model):
    _inherit = 'property.service.quality.meeting.line'

    decision_ids = fields.One2many('property.service.quality.decision', 'line_id', string="Decisions")
