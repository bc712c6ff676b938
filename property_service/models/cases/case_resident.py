from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Lengths a resident may enter: more is a flood or a mistake, not a report.
MAX_TITLE = 120
MAX_TEXT = 10000


class PropertyServiceCase(models.AbstractModel):
    """What holds for everything residents report: which cases are theirs, where they may report, how much they may write."""

    _inherit = 'property.service.case'

    # ---- DOMAIN ----

    @api.model
    def _get_own_domain(self):
        """Return the Domain of the user's own cases that may still be seen: what the rule of residents says.

        Staff who live in an estate use the portal, too, and their rules are wider.
        """
        partner = self.env.user.partner_id
        return Domain('partner_id', '=', partner.id) & (
            Domain('unit_id', '=', False) | Domain('unit_id.use', '=', 'common')
            | Domain('unit_id.residency_ids', 'any', [('partner_id', '=', partner.id), ('is_current', '=', True)]))

    # ---- REPORTING ----

    @api.model
    def _prepare_by_resident(self, vals_list):
        """Return [(values to create, unit)]: of the own current units or a common area, in the own name, with trimmed texts.

        :raises AccessError: a field that residents may not set
        :raises UserError: the place is not theirs to choose, or a text is missing or too long
        """
        partner = self.env.user.partner_id
        own_units = partner.sudo().unit_ids  # sudo: the resident's own units
        prepared = []
        for vals in vals_list:
            for name in vals:
                if name not in self._fields:
                    raise UserError(self.env._("There is no field %(name)s.", name=name))
                self._check_field_access(self._fields[name], 'write')
            unit = self.env['property.service.unit'].sudo().browse(  # sudo: checked right below
                self._to_id(vals.get('unit_id'))).exists()
            if not unit.active or unit.company_id not in self.env.companies or not (unit in own_units or unit.use == 'common'):
                raise UserError(self.env._("Choose one of your units or a common area."))
            channel = vals.get('channel') if vals.get('channel') in ('portal', 'app') else 'portal'
            prepared.append(({
                **self._clean_resident_text(vals),
                'unit_id': unit.id, 'building_id': unit.building_id.id, 'estate_id': unit.estate_id.id,
                'partner_id': partner.id, 'channel': channel, 'state': 'new', 'user_id': False,
            }, unit))
        return prepared

    @api.model
    def _to_id(self, value):
        """Return a value from outside as an id PostgreSQL can look up, or 0."""
        try:
            value = int(value or 0)
        except (TypeError, ValueError):
            return 0
        return value if 0 < value < 2 ** 31 else 0

    @api.model
    def _clean_resident_text(self, vals):
        """Return ``vals`` with trimmed texts.

        :raises UserError: the title is missing, or a text is too long
        """
        vals = dict(vals)
        for name in ('title', 'description', 'contact_name', 'contact_phone'):
            if name in vals:
                vals[name] = str(vals[name] or '').replace('\x00', '').strip()
                if not vals[name]:
                    del vals[name]
        if not vals.get('title'):
            raise UserError(self.env._("Say in a few words what the matter is."))
        limits = {'title': MAX_TITLE, 'description': MAX_TEXT, 'contact_name': MAX_TITLE, 'contact_phone': 40}
        for name, limit in limits.items():
            if len(vals.get(name, '')) > limit:
                raise UserError(self.env._(
                    "%(field)s: at most %(limit)s characters.",
                    field=self._fields[name]._description_string(self.env), limit=limit))
        return vals
