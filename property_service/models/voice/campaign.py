import base64
import uuid

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.qr_code import qr_png
from . import campaign_states


class PropertyServiceSurveyCampaign(models.Model):
    """A satisfaction survey 满意度调查 among residents (R42-R53) or employees (R92): who is asked, how, and what came out.

    Odoo's survey does the asking. ``campaign_audience.py`` draws the sample, ``campaign_mailing.py`` invites and reminds,
    ``invitation.py`` takes the answers, ``campaign_results.py`` counts them, ``campaign_staff.py`` says what is different among employees.
    """

    _name = 'property.service.survey.campaign'
    _description = "Survey Campaign"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'date_start desc, id desc'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    state = fields.Selection(
        campaign_states.STATES, required=True, default='draft', readonly=True, copy=False, index=True, tracking=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    survey_id = fields.Many2one(
        'survey.survey', required=True, index=True, ondelete='cascade', tracking=True,
        default=lambda self: self.env.ref('property_service.survey_yearly', raise_if_not_found=False))
    kind = fields.Selection(
        [('period', "In a Period"), ('service', "After a Service"), ('staff', "Among Employees")], required=True, default='period',
        help="In a period: a sample of residents is asked once. After a service: whoever had a service is asked, all year. "
             "Among employees: they are asked how satisfied they are with their work, always anonymously.")
    user_id = fields.Many2one('res.users', string="Responsible", default=lambda self: self.env.user, domain="[('share', '=', False)]")
    evaluator_id = fields.Many2one(
        'res.partner', string="Carried Out By", index='btree_not_null', tracking=True,
        help="Outside firm that carries out the survey. Empty: the company itself.")
    evaluator_warning = fields.Char(compute='_compute_evaluator_warning')
    date_start = fields.Date(required=True, default=lambda self: self._default_date_start(), tracking=True)
    date_end = fields.Date(
        compute='_compute_date_end', store=True, readonly=False, precompute=True, tracking=True,
        help="Last day on which answers are taken. The campaign is closed by itself on the next day.")
    is_yearly = fields.Boolean(string="Every Year", help="Next year's campaign is drafted on 1 October with these settings.")
    previous_id = fields.Many2one(
        'property.service.survey.campaign', string="Compared With", index='btree_not_null', check_company=True,
        domain="[('id', '!=', id)]")
    introduction = fields.Text(translate=True, help="Residents read it before they begin.")

    # ---- who is asked ----
    estate_ids = fields.Many2many('property.service.estate', check_company=True, help="Empty: all.")
    building_ids = fields.Many2many('property.service.building', help="Empty: all of the estates.")
    unit_use = fields.Selection(campaign_states.USES, required=True, default='any')
    role = fields.Selection(campaign_states.ROLES, string="Residents", required=True, default='any')
    months_min = fields.Integer(string="Living There at Least (Months)")
    months_max = fields.Integer(string="At Most (Months)", help="0: no limit.")
    one_per = fields.Selection(
        [('unit', "Unit"), ('resident', "Resident")], string="One Answer per", required=True, default='unit')
    sample = fields.Selection(
        [('all', "Everybody"), ('percent', "Percentage of each stratum"), ('number', "Number of each stratum")],
        required=True, default='all')
    sample_percent = fields.Float(string="Percentage", default=30.0)
    sample_number = fields.Integer(string="Number of Residents", default=50)
    stratify_by = fields.Selection(
        [('estate', "Estate"), ('building', "Building"), ('use', "Estate and Use"), ('role', "Estate and Role")],
        string="Strata", required=True, default='estate', help="The sample is drawn in each of them, and results can be weighted by them.")
    seed = fields.Char(
        required=True, copy=False, default=lambda self: uuid.uuid4().hex[:8],
        help="With the unit's code it decides who is drawn: whoever knows the seed can repeat the draw.")
    drawn_on = fields.Date(readonly=True, copy=False)
    started_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)

    # ---- how ----
    by_mail = fields.Boolean(default=True)
    by_portal = fields.Boolean(string="On the Portal", default=True)
    by_poster = fields.Boolean(string="By QR Poster", default=True)
    anonymous = fields.Boolean(
        tracking=True,
        help="When an answer is sent, its link to resident and unit is cut for good. Results and single answers are shown when the campaign is over.")
    min_group = fields.Integer(
        string="Smallest Group Shown", required=True, default=5, help="Results of an anonymous survey are not shown for smaller groups.")
    template_id = fields.Many2one(
        'mail.template', string="Invitation", domain="[('model', '=', 'property.service.survey.invitation')]",
        default=lambda self: self.env.ref('property_service.mail_template_survey_invitation', raise_if_not_found=False))
    reminder_template_id = fields.Many2one(
        'mail.template', string="Reminder", domain="[('model', '=', 'property.service.survey.invitation')]",
        default=lambda self: self.env.ref('property_service.mail_template_survey_reminder', raise_if_not_found=False))
    reminder_days = fields.Integer(string="Remind After (Days)", default=7, help="0: nobody is reminded.")
    reminder_max = fields.Integer(string="Reminders", default=2)
    poster_token = fields.Char(required=True, readonly=True, copy=False, index=True, default=lambda self: uuid.uuid4().hex)

    may_steer = fields.Boolean(compute='_compute_may_steer')

    # ---- what is aimed at ----
    target = fields.Float(string="Target (%)", default=90.0, help="Share of satisfied residents aimed at (R46).")
    benchmark = fields.Float(string="Benchmark (%)", default=72.5, help="0: none.")
    benchmark_label = fields.Char(string="Benchmark Is", translate=True)

    stratum_ids = fields.One2many('property.service.survey.stratum', 'campaign_id', string="Drawn Strata")
    invitation_ids = fields.One2many('property.service.survey.invitation', 'campaign_id', string="Invitations")
    invited_count = fields.Integer(string="Invited", compute='_compute_counts')
    answered_count = fields.Integer(string="Answered", compute='_compute_counts')
    response_rate = fields.Float(string="Response Rate (%)", compute='_compute_counts')

    _dates_in_order = models.Constraint('CHECK(date_end IS NULL OR date_end >= date_start)', "A campaign cannot end before it starts.")
    _percent_range = models.Constraint('CHECK(sample_percent > 0 AND sample_percent <= 100)', "The percentage is between 0 and 100.")
    _numbers = models.Constraint(
        'CHECK(sample_number > 0 AND reminder_days >= 0 AND reminder_max >= 0 AND months_min >= 0 AND months_max >= 0)',
        "Numbers of a campaign cannot be negative.")
    _min_group_range = models.Constraint('CHECK(min_group >= 5)', "The smallest group shown is five or more.")
    _shares_range = models.Constraint(
        'CHECK(target BETWEEN 0 AND 100 AND benchmark BETWEEN 0 AND 100)', "Target and benchmark are percentages.")

    # ---- DEFAULTS AND COMPUTES ----

    @api.model
    def _default_date_start(self):
        """Return the first day of the coming November (R42)."""
        today = fields.Date.context_today(self)
        start = today.replace(month=11, day=1)
        return start if start >= today else start + relativedelta(years=1)

    @api.depends('date_start', 'kind')
    def _compute_date_end(self):
        for campaign in self:
            if campaign.kind == 'service':
                campaign.date_end = False
            elif campaign.date_start and not campaign.date_end:
                campaign.date_end = campaign.date_start + relativedelta(months=1, days=-1)

    @api.depends('invitation_ids.state')
    def _compute_counts(self):
        counts = {}
        for campaign, state, count in self.env['property.service.survey.invitation']._read_group(
                [('campaign_id', 'in', self.ids)], ['campaign_id', 'state'], ['__count']):
            total, answered = counts.get(campaign.id, (0, 0))
            counts[campaign.id] = (total + count, answered + (count if state == 'answered' else 0))
        for campaign in self:
            campaign.invited_count, campaign.answered_count = counts.get(campaign.id, (0, 0))
            campaign.response_rate = 100 * campaign.answered_count / campaign.invited_count if campaign.invited_count else 0.0

    @api.depends('kind')
    @api.depends_context('uid')
    def _compute_may_steer(self):
        for campaign in self:
            campaign.may_steer = any(self.env.user.has_group(group) for group in campaign._get_steering_groups())

    @api.depends('evaluator_id', 'previous_id.evaluator_id')
    def _compute_evaluator_warning(self):
        for campaign in self:
            firm, before = campaign.evaluator_id, campaign.previous_id.evaluator_id
            campaign.evaluator_warning = self.env._(
                "%(firm)s carried out %(campaign)s, too. Evaluators are to take turns.",
                firm=firm.display_name, campaign=campaign.previous_id.name) if firm and firm == before else False

    # ---- CONSTRAINTS ----

    @api.constrains('kind', 'date_end')
    def _check_date_end(self):
        for campaign in self:
            if campaign.kind != 'service' and not campaign.date_end:
                raise ValidationError(self.env._("A campaign in a period needs its last day."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_system(vals.keys() - {'poster_token'})
        return super().create(vals_list)

    def write(self, vals):
        """Who is asked cannot change any more once people have been asked; workflow facts are set by the steps only."""
        self._check_system(vals)
        fixed = campaign_states.FIXED_FIELDS.intersection(vals)
        if fixed and not self.env.su:
            for campaign in self.filtered(lambda campaign: campaign.state != 'draft'):
                raise UserError(self.env._(
                    "%(campaign)s has started: who is asked, and what, cannot change any more.", campaign=campaign.name))
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [{**vals, 'name': self.env._("%(name)s (copy)", name=campaign.name)} if 'name' not in (default or {}) else vals
                for campaign, vals in zip(self, vals_list)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(campaign.state != 'draft' for campaign in self):
            raise UserError(self.env._("A campaign that has started stays on file: archive it instead."))

    @api.model
    def _check_system(self, names):
        if not self.env.su and campaign_states.SYSTEM_FIELDS.intersection(names):
            raise UserError(self.env._("The state of a campaign is set by its steps."))

    # ---- HELPERS ----

    def _get_steering_groups(self):
        """Return the groups of which one is needed to draw, start and close; among employees HR does it, too."""
        kinds = set(self.sudo().mapped('kind'))  # sudo: the kind, whoever asks
        return campaign_states.STAFF_STEERING_GROUPS if kinds == {'staff'} else campaign_states.STEERING_GROUPS

    def _get_min_group(self):
        """Return the smallest group whose results may be shown."""
        self.ensure_one()
        return self.min_group if self.anonymous else 1

    def _get_poster_url(self, estate=None):
        """Return the address behind the QR code of the poster, of one estate or of all."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/surveys/q/{self.poster_token}" + (f"/{estate.id}" if estate else "")

    def _get_poster_pages(self):
        """Return [{estate, url, qr}]: one poster for each estate of the audience."""
        self.ensure_one()
        pages = [(estate.name, self._get_poster_url(estate)) for estate in self.sudo().stratum_ids.estate_id]  # sudo: names on a poster
        return [{'estate': name, 'url': url, 'qr': base64.b64encode(qr_png(url))} for name, url in pages or [("", self._get_poster_url())]]
