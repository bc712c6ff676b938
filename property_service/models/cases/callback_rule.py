from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import sampling
from .callback_states import OPEN_STATES
from .request_states import FINISHED_STATES as REQUEST_FINISHED

#: What has ended so lately may not have been committed yet: it waits for the next run, instead of being passed over for good.
SETTLE_MINUTES = 2


class PropertyServiceCallbackRule(models.Model):
    """Who is called back, when, and which share (R38). Each run is recorded with its seed, so that anybody can repeat the draw."""

    _name = 'property.service.callback.rule'
    _description = "Callback Rule"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', index=True, default=lambda self: self.env.company,
        help="Leave empty for all companies that have no rule of their own for the same source.")
    source = fields.Selection(
        [('request', "Finished requests"), ('complaint', "Answered complaints"), ('rating', "Low ratings"),
         ('unrated', "Requests without a rating")],
        required=True, default='request')
    use_type_rate = fields.Boolean(string="Rate of the Service Type", help="Draw with each service type's own callback rate.")
    rate = fields.Float(string="Share (%)", default=100.0)
    max_rating = fields.Integer(string="Rating up to", default=2)
    delay_hours = fields.Float(string="Call After (Hours)", help="Hours between the end of the work, or the rating, and the callback.")
    due_hours = fields.Float(string="Due Within (Hours)", default=72.0)
    priority = fields.Selection([('0', "Normal"), ('1', "High"), ('2', "Urgent")], required=True, default='0')
    estate_ids = fields.Many2many(
        'property.service.estate', help="Empty: all.", domain="[('company_id', '=', company_id)] if company_id else []")
    category_ids = fields.Many2many('property.service.category', help="Empty: all.")
    seed = fields.Char(required=True, default='1', help="With the number of a case it decides whether the case is drawn.")
    script = fields.Text(translate=True)
    processed_until = fields.Datetime(
        required=True, default=fields.Datetime.now, help="Cases that ended up to here have been considered.")
    draw_ids = fields.One2many('property.service.callback.draw', 'rule_id', string="Draws")

    _rate_percentage = models.Constraint('CHECK(rate BETWEEN 0 AND 100)', "The share is a percentage from 0 to 100.")
    _rating_range = models.Constraint('CHECK(max_rating BETWEEN 1 AND 5)', "A rating is from 1 to 5.")
    _hours_positive = models.Constraint('CHECK(due_hours > 0 AND delay_hours >= 0)', "Hours cannot be negative.")

    @api.constrains('company_id', 'estate_ids')
    def _check_estates(self):
        for rule in self.sudo():  # sudo: a general rule may name estates of several companies
            if rule.company_id and rule.estate_ids.company_id - rule.company_id:
                raise ValidationError(self.env._("The estates of the rule belong to another company."))

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        """A company's own rule goes on where the general one has come to: no case is passed over between them."""
        general = {rule.source: rule.processed_until for rule in self.sudo().search(  # sudo: rules of all companies
            [('company_id', '=', False)], order='id desc')}
        source = self.default_get(['source'])['source']
        return super().create([
            {'processed_until': general[vals.get('source', source)], **vals}
            if vals.get('company_id', True) and vals.get('source', source) in general else vals for vals in vals_list])

    def write(self, vals):
        """A rule that was switched off begins with what ends from now on, not with all that ended meanwhile."""
        if vals.get('active') and 'processed_until' not in vals:
            now = fields.Datetime.now()
            for rule in self.filtered(lambda rule: not rule.active):
                rule.processed_until = max(rule.processed_until, fields.Datetime.subtract(now, hours=rule.delay_hours))
        return super().write(vals)

    # ---- CASES ----

    def _get_company_domain(self):
        """Return the Domain of the cases of the companies the rule is for: a company's own rules take the place of the general ones."""
        self.ensure_one()
        if self.company_id:
            return Domain('company_id', '=', self.company_id.id)
        return Domain('company_id', 'not in', self._get_companies_apart().ids)

    def _is_for(self, company):
        """Tell whether the rule is for the cases of ``company``."""
        return self.company_id == company or not self.company_id and company not in self._get_companies_apart()

    def _get_companies_apart(self):
        """Return the companies that have rules of their own for the rule's source."""
        own = self.sudo().search([('source', '=', self.source), ('company_id', '!=', False)])  # sudo: as above
        return own.company_id

    def _get_population_domain(self, start, end):
        """Return (model name, Domain) of the cases that ended in [start, end) as far as this rule is concerned."""
        self.ensure_one()
        domain = self._get_company_domain() & Domain('partner_id', '!=', False)
        domain &= self._get_place_domain()
        if self.source == 'complaint':
            return 'property.service.complaint', domain & Domain('kind', '=', 'complaint') & Domain(
                'answered_at', '>=', start) & Domain('answered_at', '<', end)
        domain &= Domain('state', 'in', ('done', *REQUEST_FINISHED[:3])) & Domain('done_at', '>=', start) & Domain('done_at', '<', end)
        if self.source == 'unrated':
            domain &= Domain('rating_value', '=', 0)
        return 'property.service.request', domain

    def _get_place_domain(self):
        domain = Domain.TRUE
        if self.estate_ids:
            domain &= Domain('estate_id', 'in', self.estate_ids.ids)
        if self.category_ids:
            domain &= Domain('category_id', 'child_of', self.category_ids.ids)
        return domain

    @api.model
    def _cron_plan_callbacks(self, batch_size=1000):
        """Let every rule consider the cases that ended since its last run, in batches."""
        commit = self.env['ir.cron']._commit_progress
        for rule in self.search([('source', '!=', 'rating')]):  # low ratings do not wait: _plan_for_ratings
            if not rule.try_lock_for_update(allow_referencing=True):
                continue
            while rule._plan_batch(batch_size):
                if not commit(1):
                    return
            commit(1)

    def _plan_batch(self, batch_size):
        """Draw from the next ``batch_size`` cases in a constant number of queries; return whether there may be more."""
        self.ensure_one()
        end = fields.Datetime.subtract(fields.Datetime.now(), hours=self.delay_hours, minutes=SETTLE_MINUTES)
        start = self.processed_until
        if end <= start:
            return False
        model, domain = self._get_population_domain(start, end)
        date_field = self._get_date_field()
        Case = self.env[model].sudo()  # sudo: the cron of a company considers all its cases
        cases = Case.search(domain, order=f'{date_field}, id', limit=batch_size)
        if len(cases) == batch_size:
            # Cases of the same second stay together, so that none is passed over by the watermark.
            end = fields.Datetime.add(cases[-1][date_field], seconds=1)
            cases = Case.search(domain & Domain(date_field, '<', end), order=f'{date_field}, id')
        callbacks = self._get_callbacks(cases)
        drawn = self._draw(cases, callbacks)
        known = self._get_known(drawn, callbacks)
        self.env['property.service.callback'].sudo()._as_system().create(  # sudo: as above
            [self._prepare_callback(case, case[date_field]) for case in drawn if case.id not in known])
        drawn_of = drawn.grouped('company_id')
        self.env['property.service.callback.draw'].sudo().create([{  # sudo: draws are recorded only here
            'rule_id': self.id, 'company_id': company.id, 'seed': self.seed, 'date_from': start, 'date_to': end,
            'population': len(considered), 'drawn': len(drawn_of.get(company, ())),
        } for company, considered in cases.grouped('company_id').items()])
        self.processed_until = end
        return len(cases) >= batch_size

    def _get_date_field(self):
        return 'answered_at' if self.source == 'complaint' else 'done_at'

    def _get_rate(self, case):
        return case.type_id.callback_rate if self.use_type_rate and case._name == 'property.service.request' else self.rate

    def _get_callbacks(self, cases):
        """Return {case id: its callbacks in the order of their making}, in one query."""
        field = 'origin_complaint_id' if cases._name == 'property.service.complaint' else 'origin_request_id'
        found = self.env['property.service.callback'].sudo().search_fetch(  # sudo: as above
            Domain(field, 'in', cases.ids), [field, 'state', 'result', 'origin_ended_at'], order='id')
        return {case.id: callbacks for case, callbacks in found.grouped(field).items()}

    def _draw(self, cases, callbacks, seed=None):
        """Return the cases drawn: by seed and number, and each whose resident was dissatisfied when asked the last time.

        What a dissatisfied resident is told afterwards is worth a question whatever the rate (R39). It depends on facts that do not
        change any more, so the draw can be repeated.
        """
        date_field = self._get_date_field()

        def is_asked_again(case):
            earlier = [callback for callback in callbacks.get(case.id, ())
                       if callback.result and callback.origin_ended_at and callback.origin_ended_at < case[date_field]]
            return bool(earlier) and earlier[-1].result == 'dissatisfied'

        return cases.filtered(lambda case: sampling.is_drawn(seed or self.seed, case.name, self._get_rate(case)) or is_asked_again(case))

    def _get_known(self, cases, callbacks):
        """Return the ids of the cases that have an open callback, or one about this same end, of whatever rule."""
        date_field = self._get_date_field()
        return {case.id for case in cases if any(
            callback.state in OPEN_STATES or callback.origin_ended_at and callback.origin_ended_at >= case[date_field]
            for callback in callbacks.get(case.id, ()))}

    def _prepare_callback(self, case, ended_at):
        planned = fields.Datetime.add(ended_at, hours=self.delay_hours)
        return {
            'rule_id': self.id,
            'origin': self.source,
            'origin_complaint_id' if case._name == 'property.service.complaint' else 'origin_request_id': case.id,
            'origin_ended_at': ended_at,
            'planned_at': planned,
            'deadline': fields.Datetime.add(planned, hours=self.due_hours),
            'priority': self.priority,
        }

    def _plan_for_ratings(self, requests):
        """Plan callbacks of low ratings at once: a dissatisfied resident does not wait for the night (R38).

        Every low rating is called back, also of a request that was called back before; only a call that is still to come is
        enough.
        """
        domain = Domain('source', '=', 'rating') & Domain('company_id', 'in', (False, *requests.company_id.ids))
        for rule in self.sudo().search(domain):  # sudo: the resident's rating starts it
            low = requests.filtered_domain(rule._get_company_domain() & rule._get_place_domain()).filtered(
                lambda request, rule=rule: 0 < request.rating_value <= rule.max_rating)
            callbacks = rule._get_callbacks(low)
            waiting = [request for request in low if not any(
                callback.state in OPEN_STATES for callback in callbacks.get(request.id, ()))]
            now = fields.Datetime.now()
            self.env['property.service.callback'].sudo()._as_system().create(  # sudo: as above
                [rule._prepare_callback(request, now) for request in waiting])
