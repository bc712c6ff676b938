from odoo import api, fields, models
from odoo.fields import Domain


class PropertyServiceSlaRecompute(models.Model):
    """A round through the open cases after a policy, a calendar or a holiday changed.

    The row keeps how far the round has come: interrupted, it goes on from there.
    """

    _name = 'property.service.sla.recompute'
    _description = "Recalculation of Deadlines"
    _order = 'id'
    _rec_name = 'applies_to'

    applies_to = fields.Selection(
        lambda self: self.env['property.service.clock.mixin']._get_clock_kinds(), required=True, readonly=True)
    company_id = fields.Many2one('res.company', readonly=True, ondelete='cascade', help="Empty: all companies.")
    calendar_id = fields.Many2one('resource.calendar', readonly=True, ondelete='cascade', help="Empty: all calendars.")
    last_id = fields.Integer(string="Done Up To", readonly=True, help="Cases up to this database id are done.")
    retry_from_id = fields.Integer(
        string="Again From", readonly=True, help="The first case that somebody was changing at that moment.")
    done_count = fields.Integer(string="Cases Done", readonly=True)
    total_count = fields.Integer(string="Cases to Do", readonly=True, help="Open cases when the round began.")

    @api.model
    def _schedule(self, applies_to=None, company=None, calendars=None):
        """Note that open cases must be counted again, and wake the cron.

        :param str applies_to: kind of case, default: every kind
        :param company: only cases of this company
        :param calendars: only cases counted by these calendars
        """
        kinds = self.env['property.service.clock.mixin']._get_clock_models()
        wanted = [
            {'applies_to': kind, 'company_id': company.id if company else False, 'calendar_id': calendar_id}
            for kind in ([applies_to] if applies_to else kinds) if kind in kinds
            for calendar_id in (calendars.ids if calendars else [False])
        ]
        rounds = self.sudo()  # sudo: whoever may change a calendar or a holiday starts the round, nobody edits it
        waiting = {
            (row.applies_to, row.company_id.id, row.calendar_id.id)
            for row in rounds.search([('last_id', '=', 0)])
        }
        new = rounds.create([
            vals for vals in wanted if (vals['applies_to'], vals['company_id'], vals['calendar_id']) not in waiting])
        idle = new.filtered(lambda row: not row._get_cases(limit=1))
        idle.unlink()
        cron = self.env.ref('property_service.cron_sla_recompute', raise_if_not_found=False)
        if cron and new - idle:
            cron._trigger()

    def _get_cases(self, limit):
        """Return the next open cases this round has to count, at most ``limit``."""
        Model, domain = self._get_scope()
        return Model.search(domain, limit=limit, order='id').with_env(self.env)

    def _count_cases(self):
        """Return how many open cases this round still has to count."""
        Model, domain = self._get_scope()
        return Model.search_count(domain)

    def _get_scope(self):
        """Return (model, Domain) of the open cases this round still has to count."""
        self.ensure_one()
        model = self.env['property.service.clock.mixin']._get_clock_models()[self.applies_to]
        Model = self.env[model].with_context(active_test=False)
        domain = Model._get_clock_open_domain() & Domain('id', '>', self.last_id)
        if self.company_id:
            domain &= Domain('company_id', '=', self.company_id.id)
        if self.calendar_id:
            domain &= Domain('sla_calendar_id', '=', self.calendar_id.id)
        return Model, domain

    @api.model
    def _hours_changed(self, companies):
        """Forget which calendar counts for whom, and have the open cases of the companies counted again."""
        self.env.registry.clear_cache('stable')
        for company in companies:
            self._schedule(company=company)

    # ---- CRON ----

    @api.model
    def _cron_recompute(self, batch_size=1000):
        """Work the rounds off, in batches that are committed: what is interrupted goes on where it stopped."""
        commit = self.env['ir.cron']._commit_progress
        rounds = self.search([])  # pylint: disable=no-search-all
        if not rounds:
            return
        for row in rounds.filtered(lambda row: not row.total_count):
            row.total_count = row._count_cases()
        left = sum(max(row.total_count - row.done_count, 0) for row in rounds)
        commit(remaining=max(left, 1))
        retry = self.env['property.service.clock.mixin']._retry_batch
        for row in rounds:
            while done := retry(lambda row=row: row._recompute_batch(batch_size)):
                left -= done
                # There is always something left until the rounds are over: else Odoo would take the job for done.
                if not commit(done, remaining=max(left, 1)):
                    return
            # Deadlines may have moved into the past.
            self.env['property.service.clock.mixin']._trigger_escalation(fields.Datetime.now())
            if not commit():
                return
        commit(remaining=0)

    def _recompute_batch(self, batch_size):
        """Count the next cases of the round again; return how many they were, 0 when the round is over."""
        row = self.try_lock_for_update()
        if not row:
            return 0
        # Another process may have cached the old hours in the moment before the change was committed.
        self.env.registry.clear_cache('stable')
        cases = row._get_cases(batch_size)
        if not cases:
            row._end_round()
            return 0
        free = cases.try_lock_for_update(allow_referencing=True)
        free._recompute_clocks()
        busy = (cases - free).ids
        row.write({
            'last_id': cases[-1].id, 'done_count': row.done_count + len(cases),
            'retry_from_id': row.retry_from_id or min(busy, default=0),
        })
        return len(cases)

    def _end_round(self):
        """Forget the round, or begin anew in a minute with the first case that somebody was changing."""
        if not self.retry_from_id:
            self.unlink()
            return
        self.write({'last_id': self.retry_from_id - 1, 'retry_from_id': 0, 'total_count': 0, 'done_count': 0})
        cron = self.env.ref('property_service.cron_sla_recompute')
        cron._trigger(at=fields.Datetime.add(fields.Datetime.now(), minutes=1))
