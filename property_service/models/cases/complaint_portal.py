from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..context_defaults import without_defaults


class PropertyServiceComplaint(models.Model):
    """What residents do: complain, suggest, praise."""

    _inherit = 'property.service.complaint'

    occurred_at = fields.Datetime(string="Happened At", help="When it happened, as told.")
    demand = fields.Text(help="What the resident wants to be done: 诉求 (R20).")

    # ---- REPORTING ----

    @api.model
    def _create_by_resident(self, vals_list):
        """Create complaints as a resident; one about a request needs a request that the resident can see.

        :raises AccessError: a field that residents may not set
        :raises UserError: place, request or category is not theirs to choose, something is missing, or a limit is reached
        """
        prepared = self._prepare_complaints(vals_list)
        self._check_flood(prepared)
        complaints = without_defaults(self).sudo().create(prepared)  # sudo: residents have no create right of their own; checked above
        return complaints.sudo(False)

    @api.model
    def _prepare_complaints(self, vals_list):
        prepared = []
        for vals, unit in self._prepare_by_resident(vals_list):
            if vals.get('kind', 'complaint') not in dict(self._fields['kind'].selection):
                raise UserError(self.env._("Choose complaint, suggestion or praise."))
            vals['occurred_at'] = self._to_datetime(vals.get('occurred_at'))
            if vals['occurred_at'] and vals['occurred_at'] > fields.Datetime.now():
                raise UserError(self.env._("It cannot have happened in the future."))
            vals['demand'] = self._clean_text(vals.get('demand'))
            if vals.get('request_id'):
                vals['request_id'] = self._browse_argument('property.service.request', vals['request_id']).id
            if vals.get('category_id'):
                category_id = self._to_id(vals['category_id'])
                vals['category_id'] = category_id in self._get_open_categories(unit.company_id).ids and category_id
                if not vals['category_id']:
                    raise UserError(self.env._("Choose what it is about from the list."))
            prepared.append(vals)
        return prepared

    @api.model
    def _get_open_categories(self, company):
        """Return the categories that residents choose from."""
        return self.env['property.service.category'].sudo().search(  # sudo: residents read their names on the form
            Domain('company_id', 'in', [False, company.id]), limit=500)

    @api.model
    def _create_anonymous(self, vals, files=()):
        """Create a complaint of somebody who does not want to be known, and return it with superuser rights.

        Nothing is kept by which the person could be found: not as author, not in the log, not the flat. What cannot be counted by
        person is counted by estate.

        :param dict vals: see :meth:`_create_by_resident`
        :param list files: [(name, content, mimetype), …], checked
        """
        [vals] = self._prepare_complaints([vals])
        unit = self.env['property.service.unit'].sudo().browse(vals['unit_id'])  # sudo: its kind decides what is kept
        if unit.use != 'common':
            vals['unit_id'] = False
        for name in ('partner_id', 'contact_name', 'contact_phone', 'request_id'):
            vals[name] = False
        system = self.with_user(SUPERUSER_ID).with_context(lang=self.env.lang)
        system._check_anonymous_flood(vals['estate_id'])
        complaint = system.create([{**vals, 'anonymous': True}])
        complaint._attach_photos(files)
        system.env.flush_all()  # what is still to be written would be signed by the user of the request
        return complaint

    @api.model
    def _check_anonymous_flood(self, estate_id):
        limit = self.env.company.property_daily_limit
        recent = self.search_count([
            ('anonymous', '=', True), ('channel', 'in', ('portal', 'app')), ('estate_id', '=', estate_id),
            ('create_date', '>', fields.Datetime.subtract(fields.Datetime.now(), days=1))])
        if limit and recent >= limit:
            raise UserError(self.env._(
                "Today no more complaints without a name can be taken here. Send it with your name, or use the suggestion box."))

    @api.model
    def _get_duplicate_error(self):
        return self.env._("You have just sent the same: see My Complaints. If it is another matter, say what is different.")

    # ---- CHASING ----

    def action_chase(self, message=None):
        """See ``property.service.case.action_chase``; staff who note the call of a resident are asked what was said."""
        if message is None and self.env.user._is_internal() and not self.env.su:
            return self._authorize('chase')._open_action_wizard('chase')
        return super().action_chase(message=message)
