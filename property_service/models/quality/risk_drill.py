from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

OUTCOMES = [('passed', "Passed"), ('weak', "Passed with Weak Points"), ('failed', "Failed")]


class PropertyServiceRiskDrill(models.Model):
    """A drill 演练 of what is done when a risk becomes real: planned, held, and what came out of it (R73)."""

    _name = 'property.service.risk.drill'
    _description = "Drill"
    _inherit = ['property.service.employee.lists', 'property.service.kept.files']
    _order = 'date desc, id desc'
    _rec_name = 'risk_id'
    _check_company_auto = True

    risk_id = fields.Many2one('property.service.risk', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='risk_id.company_id', store=True, index=True)
    kind = fields.Selection(related='risk_id.kind', store=True)
    date = fields.Date(string="Planned On", required=True, index=True)
    date_done = fields.Date(string="Held On")
    state = fields.Selection(
        [('planned', "Planned"), ('late', "Late"), ('done', "Held")], compute='_compute_state', search='_search_state')
    leader_id = fields.Many2one('hr.employee', string="Led By", check_company=True, index='btree_not_null')
    participant_ids = fields.Many2many('hr.employee', 'property_service_drill_employee_rel', string="Participants", check_company=True)
    plan_id = fields.Many2one(
        'property.service.standard', string="Emergency Plan", domain="[('kind', '=', 'plan'), ('state', '!=', 'draft')]", check_company=True,
        ondelete='restrict', index='btree_not_null', help="The version that was practised.")
    scenario = fields.Text(help="What is practised.")
    outcome = fields.Selection(OUTCOMES, string="Drill Outcome")
    result = fields.Text(help="What went well, what did not, how long it took.")
    attachment_ids = fields.Many2many(
        'ir.attachment', 'property_service_drill_attachment_rel', string="Photos", bypass_search_access=True)

    _result_of_held = models.Constraint(
        "CHECK((date_done IS NULL) = (outcome IS NULL))", "A drill that was held has a day and an outcome, one that was not has neither.")

    # ---- COMPUTES ----

    @api.depends('risk_id', 'date')
    def _compute_display_name(self):
        for drill in self:
            drill.display_name = " ".join(filter(None, (drill.risk_id.name, fields.Date.to_string(drill.date))))

    @api.depends('date', 'date_done')
    def _compute_state(self):
        today = self.env.company._property_today()
        for drill in self:
            drill.state = 'done' if drill.date_done else 'late' if drill.date and drill.date < today else 'planned'

    def _search_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = self.env.company._property_today()
        parts = {
            'done': Domain('date_done', '!=', False),
            'late': Domain('date_done', '=', False) & Domain('date', '<', today),
            'planned': Domain('date_done', '=', False) & Domain('date', '>=', today),
        }
        return Domain.OR(parts[item] for item in value if item in parts)

    @api.constrains('date_done')
    def _check_date_done(self):
        today = self.env.company._property_today()
        for drill in self:
            if drill.date_done and drill.date_done > today:
                raise ValidationError(self.env._("%(drill)s cannot have been held yet.", drill=drill.display_name))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """Plan the next drill where one was entered as held."""
        drills = super().create(vals_list)
        drills._keep_attachments()
        drills.filtered('date_done')._after_held()
        return drills

    def write(self, vals):
        """What was held stands; the next one is planned ahead."""
        held = self.filtered('date_done')
        if held and vals.keys() & {'date', 'date_done', 'outcome', 'risk_id', 'plan_id'} and not self.env.su:
            raise UserError(self.env._("%(drill)s was held: its day and outcome stand.", drill=held[0].display_name))
        result = super().write(vals)
        if 'attachment_ids' in vals:
            self._keep_attachments()
        if vals.get('date_done'):
            (self - held)._after_held()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if any(drill.date_done for drill in self):
            raise UserError(self.env._("A drill that was held stays on file."))

    def _after_held(self):
        for drill in self:
            risk = drill.risk_id
            if risk.drill_months and not risk.drill_ids.filtered(lambda other: not other.date_done):
                drill.copy({
                    'date': drill.date_done + relativedelta(months=risk.drill_months), 'date_done': False, 'outcome': False, 'result': False,
                    'attachment_ids': False, 'plan_id': False})

    # ---- ACTIONS ----

    def action_new_corrective(self):
        """Open a corrective action for what went wrong and show it."""
        self.ensure_one()
        self.check_access('write')
        return self.env['property.service.corrective.action']._open_from(
            self.risk_id, title=self.env._("Drill: %(risk)s", risk=self.risk_id.name), description=self.result,
            responsible_id=(self.leader_id or self.risk_id.owner_id).id)._open_form()


class PropertyServiceRisk(models.Model):
    """What is practised against the risk, and when."""

    _inherit = 'property.service.risk'

    drill_ids = fields.One2many('property.service.risk.drill', 'risk_id', string="Drills")
    drill_months = fields.Integer(string="Drill Every (Months)", default=0, help="The next drill is planned when one was held. 0: by hand.")
    last_drill_date = fields.Date(string="Last Drill", compute='_compute_drill_dates')
    next_drill_date = fields.Date(string="Next Drill", compute='_compute_drill_dates')

    _drill_months_range = models.Constraint('CHECK(drill_months BETWEEN 0 AND 120)', "Drills are held every 0 to 120 months.")

    @api.depends('drill_ids.date', 'drill_ids.date_done')
    def _compute_drill_dates(self):
        Drill = self.env['property.service.risk.drill']
        last = dict(Drill._read_group(
            [('risk_id', 'in', self.ids), ('date_done', '!=', False)], ['risk_id'], ['date_done:max']))
        coming = dict(Drill._read_group([('risk_id', 'in', self.ids), ('date_done', '=', False)], ['risk_id'], ['date:min']))
        for risk in self:
            risk.last_drill_date, risk.next_drill_date = last.get(risk), coming.get(risk)

    def action_open_drills(self):
        """Return the act_window of the risk's drills."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('property_service.risk_drill_action'),
            'domain': [('risk_id', '=', self.id)], 'context': {'default_risk_id': self.id},
        }
